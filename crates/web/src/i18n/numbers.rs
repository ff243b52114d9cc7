//! Numbers and amounts as the reader writes them.

use throughline_domain::Money;

use super::{Plain, Text};

/// Digits in threes: `1,234,567.5`. A fraction shows at most two places.
pub(super) fn grouped(number: f64) -> String {
    let plain = format!("{:.2}", number.abs());
    let (whole, part) = plain.split_once('.').unwrap_or((&plain, ""));
    let part = part.trim_end_matches('0');
    let sign = if number < 0.0 { "−" } else { "" };
    let dot = if part.is_empty() { "" } else { "." };
    format!("{sign}{}{dot}{part}", in_threes(whole))
}

fn in_threes(digits: &str) -> String {
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// Signs that mean one currency only in an English text; others are written by their code.
fn sign(code: &str) -> Option<&'static str> {
    Some(match code {
        "EUR" => "€",
        "USD" => "$",
        "GBP" => "£",
        "JPY" => "¥",
        "INR" => "₹",
        _ => return None,
    })
}

impl Text {
    /// A number: `1,234,567`.
    pub fn number(&self, number: impl Plain<u64>) -> String {
        in_threes(&number.plain().to_string())
    }

    /// A share in whole percent, `83%`; a dash where there is nothing to take a share of.
    pub fn percent(&self, part: impl Plain<u64>, whole: impl Plain<u64>) -> String {
        let (part, whole) = (u128::from(part.plain()), u128::from(whole.plain()));
        match (part * 200 + whole).checked_div(whole * 2) {
            Some(percent) => format!("{percent}%"),
            None => "–".to_owned(),
        }
    }

    /// An amount: `€48,000`, `CHF 1,250.50`. Minor units show only where there are any.
    pub fn money(&self, amount: impl Plain<Money>) -> String {
        let amount = amount.plain();
        let digits = amount.currency.digits();
        let unit = 10_u64.pow(digits);
        let (whole, part) = (amount.minor.unsigned_abs() / unit, amount.minor.unsigned_abs() % unit);
        let minus = if amount.minor < 0 { "−" } else { "" };
        let whole = in_threes(&whole.to_string());
        let part =
            if part == 0 { String::new() } else { format!(".{part:0width$}", width = digits as usize) };
        match sign(amount.currency.code()) {
            Some(sign) => format!("{minus}{sign}{whole}{part}"),
            None => format!("{minus}{}\u{a0}{whole}{part}", amount.currency.code()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::Locale;
    use jiff::tz::TimeZone;

    fn money(minor: i64, currency: &str) -> String {
        let text = Text::new(Locale::En, TimeZone::UTC);
        text.money(Money { minor, currency: currency.parse().unwrap() })
    }

    #[test]
    fn numbers_are_grouped_and_fractions_kept_short() {
        let shown = [0.0, 999.0, 1_000.0, -1_234_567.0, 12.5, 0.333_3].map(grouped);
        assert_eq!(shown, ["0", "999", "1,000", "−1,234,567", "12.5", "0.33"]);
    }

    #[test]
    fn amounts_show_sign_or_code_and_minor_units_only_where_there_are_any() {
        assert_eq!(money(4_800_000, "EUR"), "€48,000");
        assert_eq!(money(-125_005, "USD"), "−$1,250.05");
        assert_eq!(money(98_000, "JPY"), "¥98,000");
        assert_eq!(money(1_500, "KWD"), "KWD\u{a0}1.500");
        assert_eq!(money(i64::MIN, "CHF"), "−CHF\u{a0}92,233,720,368,547,758.08");
    }

    #[test]
    fn a_share_is_rounded_and_a_share_of_nothing_is_a_dash() {
        let text = Text::new(Locale::En, TimeZone::UTC);
        assert_eq!(
            [text.percent(5_u64, 6_u64), text.percent(0_u8, 7_usize), text.percent(0_u64, 0_u64)],
            ["83%", "0%", "–"]
        );
        assert_eq!(text.percent(u64::MAX, u64::MAX), "100%");
    }
}
