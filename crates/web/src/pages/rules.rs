//! A playbook's rule in words a seller reads: `deal.arr >= 50000` is "ARR from 50,000".
//!
//! Only conditions of well-known shapes are put into words; anything else is shown as the rule is written, so that
//! nothing is ever said that the rule does not say.

use crate::{
    i18n::{Key, Text},
    key,
};

/// The rule in words, or as written.
pub fn in_words(t: &Text, rule: &str) -> String {
    let flat = rule.split_whitespace().collect::<Vec<_>>().join(" ");
    said(t, &flat).filter(|said| !said.is_empty()).unwrap_or(flat)
}

fn said(t: &Text, rule: &str) -> Option<String> {
    let mut parts = Vec::new();
    for part in split(rule, " && ") {
        let part = part.trim();
        // A guard before the condition it guards, and "in the full process", add nothing for a reader.
        if part.starts_with("has(") && part.ends_with(')') && !part.contains(' ') {
            let field = part.trim_start_matches("has(").trim_end_matches(')');
            let told = split(rule, " && ").iter().any(|other| *other != part && other.contains(field));
            if told {
                continue;
            }
            parts.push(t.with(key!("rule-known"), ("field", t.get(field_key(field)?))).into_owned());
            continue;
        }
        if let Some(ways) = part.strip_prefix("!(variant in [").and_then(|rest| rest.strip_suffix("])")) {
            // Beside another condition it only says that small deals are spared.
            if rule.trim() != part {
                continue;
            }
            let ways: Vec<&str> = ways.split(',').map(|way| way.trim().trim_matches('\'')).collect();
            parts.push(
                t.with(key!("rule-not-way"), ("ways", ways.join(&t.get(key!("rule-or"))))).into_owned(),
            );
            continue;
        }
        if let Some(inside) =
            part.strip_prefix('(').and_then(|part| part.strip_suffix(')')).filter(|part| balanced(part))
        {
            let either: Option<Vec<String>> = split(inside, " || ")
                .into_iter()
                .map(|side| {
                    let side = side.trim();
                    let bare = side
                        .strip_prefix('(')
                        .and_then(|side| side.strip_suffix(')'))
                        .filter(|side| balanced(side));
                    said(t, bare.unwrap_or(side))
                })
                .collect();
            parts.push(either?.join(&t.get(key!("rule-or"))));
            continue;
        }
        parts.push(condition(t, part)?);
    }
    Some(parts.join(&t.get(key!("rule-and"))))
}

fn condition(t: &Text, part: &str) -> Option<String> {
    for (sign, key) in [
        (" >= ", key!("rule-from")),
        (" < ", key!("rule-below")),
        (" > ", key!("rule-above")),
        (" <= ", key!("rule-up-to")),
    ] {
        if let Some((field, number)) = part.split_once(sign) {
            let number: f64 = number.trim().parse().ok()?;
            return Some(
                t.with(key, (("field", t.get(field_key(field.trim())?)), ("number", number))).into_owned(),
            );
        }
    }
    Some(t.with(key!("rule-is-so"), ("field", t.get(field_key(part)?))).into_owned())
}

fn field_key(field: &str) -> Option<Key> {
    Some(match field {
        "deal.arr" => key!("rule-field-arr"),
        "deal.amount" => key!("rule-field-amount"),
        "deal.discount_percent" => key!("rule-field-discount"),
        "deal.term_months" => key!("rule-field-term"),
        "deal.se_involved" => key!("rule-field-se"),
        "deal.competitor" => key!("rule-field-competitor"),
        "deal.partner" => key!("rule-field-partner"),
        "deal.existing_account" => key!("rule-field-existing"),
        _ => return None,
    })
}

/// Splits at the outermost level only.
fn split<'a>(text: &'a str, at: &str) -> Vec<&'a str> {
    let mut parts = Vec::new();
    let (mut depth, mut from) = (0_i32, 0);
    for (place, sign) in text.char_indices() {
        match sign {
            '(' | '[' => depth += 1,
            ')' | ']' => depth -= 1,
            _ if depth == 0 && text[place..].starts_with(at) && place >= from => {
                parts.push(&text[from..place]);
                from = place + at.len();
            }
            _ => {}
        }
    }
    parts.push(&text[from..]);
    parts
}

/// Whether brackets close in order: `a) || (b` is not what stood inside one pair.
fn balanced(text: &str) -> bool {
    let mut depth = 0_i32;
    for sign in text.chars() {
        depth += match sign {
            '(' => 1,
            ')' => -1,
            _ => 0,
        };
        if depth < 0 {
            return false;
        }
    }
    depth == 0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::Locale;
    use jiff::tz::TimeZone;

    fn words(rule: &str) -> String {
        in_words(&Text::new(Locale::En, TimeZone::UTC), rule)
    }

    #[test]
    fn well_known_conditions_read_as_words() {
        assert_eq!(
            words("!(variant in ['light', 'short']) && has(deal.arr) && deal.arr >= 50000"),
            "ARR from 50,000"
        );
        assert_eq!(words("!(variant in ['light', 'short'])"), "its way is not light or short");
        assert_eq!(words("has(deal.competitor) && !(variant in ['light'])"), "competitor known");
        assert_eq!(
            words("((has(deal.se_involved) && deal.se_involved) || (has(deal.arr) && deal.arr >= 50000))"),
            "SE involved or ARR from 50,000"
        );
    }

    #[test]
    fn anything_else_is_shown_as_it_is_written() {
        for rule in
            ["deal.type.lowerAscii().contains('renew')", "!deal.won", "deal.arr >= deal.amount", "(a) || (b)"]
        {
            assert_eq!(words(rule), rule);
        }
    }
}
