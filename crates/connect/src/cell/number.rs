//! Numbers as people and exports write them, read without ever passing through floating point.
//!
//! `1,124` is eleven hundred or one and a bit. What a cell alone cannot tell is said to be ambiguous, and the column
//! decides.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::is_nothing;
use crate::fault::Reason;

/// The sign before the decimals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DecimalMark {
    /// `1,124.50`
    Point,
    /// `1.124,50`
    Comma,
}

impl fmt::Display for DecimalMark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            DecimalMark::Point => "1,234.50",
            DecimalMark::Comma => "1.234,50",
        })
    }
}

/// A number taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Lexed<'a> {
    negative: bool,
    body: String,
    /// What the cell alone says of its decimal mark.
    pub mark: Mark,
    /// Words or signs before and after the digits: a currency, perhaps.
    pub unit: Option<&'a str>,
    pub percent: bool,
}

/// What a number alone says of its decimal mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mark {
    /// No mark in it, or none that matters.
    None,
    /// It can only be this.
    Certain(DecimalMark),
    /// One mark before three digits: thousands or decimals.
    Either,
}

/// An exact decimal number: `digits` divided by ten to the power of `scale`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Decimal {
    digits: i128,
    pub scale: u32,
}

impl Decimal {
    /// Whether it has decimals, zeros at the end aside, that so many digits cannot hold.
    pub fn has_more_than(self, digits: u32) -> bool {
        let Some(surplus) = self.scale.checked_sub(digits) else { return false };
        10_i128.checked_pow(surplus).is_some_and(|power| self.digits % power != 0)
    }

    /// The number in units of a power of ten, rounded half to even; none where it does not fit.
    pub fn in_units(self, digits: u32) -> Option<i64> {
        if self.scale <= digits {
            let factor = 10_i128.checked_pow(digits - self.scale)?;
            return i64::try_from(self.digits.checked_mul(factor)?).ok();
        }
        let divisor = 10_i128.checked_pow(self.scale - digits)?;
        let (whole, rest) = (self.digits.div_euclid(divisor), self.digits.rem_euclid(divisor));
        let up = match (rest * 2).cmp(&divisor) {
            std::cmp::Ordering::Less => 0,
            std::cmp::Ordering::Equal => whole & 1,
            std::cmp::Ordering::Greater => 1,
        };
        i64::try_from(whole + up).ok()
    }
}

/// Takes a number apart; none where the cell is blank.
pub(crate) fn lex(cell: &str) -> Result<Option<Lexed<'_>>, Reason> {
    if is_nothing(cell) {
        return Ok(None);
    }
    let text = cell.trim();
    if text.len() > 64 {
        return Err(Reason::NotANumber);
    }
    let digit = |sign: char| sign.is_ascii_digit();
    let (Some(mut start), Some(last)) = (text.find(digit), text.rfind(digit)) else {
        return Err(Reason::NotANumber);
    };
    let end = last + 1;
    // A mark right before the first digit belongs to the number (`.5`), unless it ends an abbreviation (`Rs.500`).
    let before = &text[..start];
    if before.ends_with(['.', ',']) && !before[..before.len() - 1].ends_with(char::is_alphabetic) {
        start -= 1;
    }
    let middle = &text[start..end];
    if is_scientific(middle) {
        return Err(Reason::ShortenedNumber);
    }
    let (left, right) = (&text[..start], &text[end..]);
    let bracketed = left.contains('(') && right.contains(')');
    if left.contains('(') != right.contains(')') {
        return Err(Reason::NotANumber);
    }
    let minus = |part: &str| part.contains(['-', '−', '–']);
    let negative = bracketed || minus(left) || minus(right);
    let percent = left.contains('%') || right.contains('%');
    let strip = |part: &'_ str| -> (usize, usize) {
        let skip = |sign: char| sign.is_whitespace() || "()+-−–%.".contains(sign);
        let from = part.len() - part.trim_start_matches(skip).len();
        (from, part.trim_end_matches(skip).len().max(from))
    };
    let unit = |part: &'_ str| {
        let (from, to) = strip(part);
        (from, to, from < to)
    };
    let (from, to, some) = unit(left);
    let left_unit = some.then(|| &left[from..to]);
    let (from, to, some) = unit(right);
    let right_unit = some.then(|| &right[from..to]);
    if let Some(word) = right_unit
        && ["k", "m", "mm", "mn", "mio", "mrd", "bn", "b", "tsd", "million", "thousand"]
            .iter()
            .any(|short| word.eq_ignore_ascii_case(short))
    {
        return Err(Reason::AbbreviatedNumber);
    }
    let unit = match (left_unit, right_unit) {
        (Some(one), None) | (None, Some(one)) => Some(one),
        // `US$ 5 USD`: said twice.
        (Some(one), Some(other)) if one.contains(other) || other.contains(one) || one.ends_with('$') => {
            Some(other)
        }
        (None, None) => None,
        _ => return Err(Reason::NotANumber),
    };
    let (body, mark) = body(middle)?;
    Ok(Some(Lexed { negative, body, mark, unit, percent }))
}

pub(crate) fn is_scientific(middle: &str) -> bool {
    let Some(at) = middle.find(['e', 'E']) else { return false };
    let (mantissa, exponent) = (&middle[..at], middle[at + 1..].trim_start_matches(['+', '-']));
    mantissa.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b','))
        && !mantissa.is_empty()
        && !exponent.is_empty()
        && exponent.bytes().all(|byte| byte.is_ascii_digit())
}

/// Digits with their marks, grouping by blanks and apostrophes taken out, and what the marks tell.
fn body(middle: &str) -> Result<(String, Mark), Reason> {
    const GROUPING: [char; 8] = [' ', '\u{A0}', '\u{202F}', '\u{2009}', '\u{2007}', '\'', '’', '_'];
    let whole = middle.find(['.', ',']).map_or(middle, |at| &middle[..at]);
    if whole.contains(GROUPING) {
        // Blanks group only in threes; otherwise two numbers stand in the cell.
        let groups: Vec<&str> = middle.split(GROUPING).collect();
        let (first, rest) = (groups[0], &groups[1..]);
        let digits = |group: &str| group.find(['.', ',']).unwrap_or(group.len());
        if first.is_empty() || first.len() > 3 || rest.iter().any(|group| digits(group) != 3) {
            return Err(Reason::NotANumber);
        }
    } else if middle.contains(GROUPING) {
        return Err(Reason::NotANumber);
    }
    let grouped = middle.contains(GROUPING);
    let body: String = middle.chars().filter(|sign| !GROUPING.contains(sign)).collect();
    if !body.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b',')) {
        return Err(Reason::NotANumber);
    }
    let mark = match (body.matches('.').count(), body.matches(',').count()) {
        (0, 0) => Mark::None,
        (1, 1..) if body.rfind('.') > body.rfind(',') => Mark::Certain(DecimalMark::Point),
        (1.., 1) if body.rfind(',') > body.rfind('.') => Mark::Certain(DecimalMark::Comma),
        (0, 2..) => Mark::Certain(DecimalMark::Point),
        (2.., 0) => Mark::Certain(DecimalMark::Comma),
        (points, 1) | (1, points) if points == 0 => {
            let at = body.find(['.', ',']).unwrap_or(0);
            let (before, after) = (&body[..at], &body[at + 1..]);
            let either =
                after.len() == 3 && (1..=3).contains(&before.len()) && !before.starts_with('0') && !grouped;
            let comma = body.as_bytes()[at] == b',';
            match (either, comma) {
                (true, _) => Mark::Either,
                (false, true) => Mark::Certain(DecimalMark::Comma),
                (false, false) => Mark::Certain(DecimalMark::Point),
            }
        }
        _ => return Err(Reason::NotANumber),
    };
    Ok((body, mark))
}

impl Lexed<'_> {
    /// The value, `either` deciding what the cell alone does not.
    pub fn value(&self, either: Option<DecimalMark>) -> Result<Decimal, Reason> {
        let mark = match self.mark {
            Mark::None => DecimalMark::Point,
            Mark::Certain(mark) => mark,
            Mark::Either => either.ok_or(Reason::AmbiguousNumber)?,
        };
        let (decimal, group) = match mark {
            DecimalMark::Point => ('.', ','),
            DecimalMark::Comma => (',', '.'),
        };
        let (whole, fraction) = self.body.split_once(decimal).unwrap_or((&self.body, ""));
        if fraction.contains(group) || fraction.contains(decimal) || !groups_well(whole, group) {
            return Err(Reason::NotANumber);
        }
        let digits: String = whole.chars().filter(|sign| *sign != group).chain(fraction.chars()).collect();
        let digits: i128 = digits.parse().map_err(|_| Reason::NumberTooLarge)?;
        let scale = u32::try_from(fraction.len()).map_err(|_| Reason::NotANumber)?;
        if scale > 18 {
            return Err(Reason::NotANumber);
        }
        Ok(Decimal { digits: if self.negative { -digits } else { digits }, scale })
    }
}

/// Groups of three; after the first group of an Indian number, groups of two.
fn groups_well(whole: &str, group: char) -> bool {
    let mut groups: Vec<usize> = whole.split(group).map(str::len).collect();
    if groups.len() == 1 {
        return true;
    }
    let last = groups.pop();
    let first = groups.first().copied().unwrap_or(0);
    let middle = groups.get(1..).unwrap_or(&[]);
    last == Some(3)
        && (1..=3).contains(&first)
        && (middle.iter().all(|length| *length == 3) || first < 3 && middle.iter().all(|length| *length == 2))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(cell: &str, either: Option<DecimalMark>) -> Result<i64, Reason> {
        let lexed = lex(cell)?.ok_or(Reason::NotANumber)?;
        lexed.value(either)?.in_units(2).ok_or(Reason::NumberTooLarge)
    }

    #[test]
    fn numbers_of_many_countries_are_read_exactly() {
        for (cell, cents) in [
            ("1,124,741.15", 112_474_115),
            ("1.124.741,15", 112_474_115),
            ("1 124 741,15", 112_474_115),
            ("1\u{202F}124\u{A0}741,15", 112_474_115),
            ("1'124'741.15", 112_474_115),
            ("12,34,567.00", 123_456_700),
            ("1124741.15", 112_474_115),
            ("1124,5", 112_450),
            ("$ 220,000.00", 22_000_000),
            ("EUR 1 000", 100_000),
            ("Rs. 1,00,000.50", 10_000_050),
            ("(1,000.00)", -100_000),
            ("-$5.00", -500),
            ("$-5.00", -500),
            ("5.00-", -500),
            ("−5", -500),
            (".5", 50),
            ("0.125", 12),
            ("0.135", 14),
            ("-0.125", -12),
            ("1,500.", 150_000),
            ("90%", 9_000),
            ("0", 0),
        ] {
            assert_eq!(read(cell, Some(DecimalMark::Point)), Ok(cents), "{cell}");
        }
    }

    #[test]
    fn one_mark_before_three_digits_is_decided_by_the_column() {
        assert_eq!(read("1,124", Some(DecimalMark::Point)), Ok(112_400));
        assert_eq!(read("1,124", Some(DecimalMark::Comma)), Ok(112));
        assert_eq!(read("1.124", Some(DecimalMark::Comma)), Ok(112_400));
        assert_eq!(read("1.124", None), Err(Reason::AmbiguousNumber));
        assert_eq!(read("1124.500", None), Ok(112_450));
    }

    #[test]
    fn what_is_no_plain_number_is_refused_with_its_own_reason() {
        for (cell, reason) in [
            ("1e5", Reason::ShortenedNumber),
            ("1.12474E+06", Reason::ShortenedNumber),
            ("10k", Reason::AbbreviatedNumber),
            ("1.5 Mio", Reason::AbbreviatedNumber),
            ("12 to 15", Reason::NotANumber),
            ("12 50", Reason::NotANumber),
            ("1,12,4", Reason::NotANumber),
            ("1.2.3", Reason::NotANumber),
            ("(5", Reason::NotANumber),
            ("TBD", Reason::NotANumber),
            ("99999999999999999999", Reason::NumberTooLarge),
        ] {
            assert_eq!(read(cell, Some(DecimalMark::Point)), Err(reason), "{cell}");
        }
    }

    #[test]
    fn what_stands_beside_the_digits_is_kept_apart() {
        let unit = |cell| lex(cell).unwrap().unwrap().unit.map(str::to_owned);
        assert_eq!(unit("$ 220,000").as_deref(), Some("$"));
        assert_eq!(unit("1.000,00 €").as_deref(), Some("€"));
        assert_eq!(unit("USD 5"), Some("USD".to_owned()));
        assert_eq!(unit("(EUR 5)"), Some("EUR".to_owned()));
        assert_eq!(unit("5"), None);
    }
}
