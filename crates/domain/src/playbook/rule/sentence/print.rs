//! A sentence written as a rule.

use super::{Condition, Field, Group, Join, Like, Part, Sentence, Test};

pub(super) fn sentence(sentence: &Sentence) -> String {
    match sentence {
        Sentence::Always => "true".to_owned(),
        Sentence::Never => "false".to_owned(),
        Sentence::Says(group) => whole(group),
    }
}

fn whole(group: &Group) -> String {
    let sign = if group.join.is_and() { " && " } else { " || " };
    let parts: Vec<String> = group.parts.iter().map(|part| inside(group.join, part)).collect();
    let joined = parts.join(sign);
    match group.join {
        Join::All | Join::Any => joined,
        Join::NotAll | Join::NoneOf => format!("!({joined})"),
    }
}

/// A part as it stands within a group: in brackets where it joins otherwise.
fn inside(around: Join, part: &Part) -> String {
    match part {
        Part::Is(one) if one.known && !around.is_and() => format!("({})", condition(one)),
        Part::Is(one) => condition(one),
        Part::Group(group) => match group.join {
            Join::All | Join::Any => format!("({})", whole(group)),
            Join::NotAll | Join::NoneOf => whole(group),
        },
    }
}

fn condition(condition: &Condition) -> String {
    let field = path(&condition.field);
    let test = match &condition.test {
        Test::Known => known(&condition.field),
        Test::Unknown => match condition.field {
            Field::Extra(_) => format!("!({})", known(&condition.field)),
            _ => format!("!{}", known(&condition.field)),
        },
        Test::Yes => field,
        Test::No => format!("!{field}"),
        Test::Number(relation, number) => format!("{field} {} {number}", relation.sign()),
        Test::Text { any_case, is } => {
            let field = if *any_case { format!("{field}.lowerAscii()") } else { field };
            like(&field, is)
        }
    };
    if condition.known { format!("{} && {test}", known(&condition.field)) } else { test }
}

fn like(field: &str, is: &Like) -> String {
    match is {
        Like::Equal(text) => format!("{field} == {}", quoted(text)),
        Like::NotEqual(text) => format!("{field} != {}", quoted(text)),
        Like::OneOf(texts) => format!("{field} in {}", list(texts)),
        Like::NoneOf(texts) => format!("!({field} in {})", list(texts)),
        Like::Contains(text) => format!("{field}.contains({})", quoted(text)),
        Like::ContainsNot(text) => format!("!{field}.contains({})", quoted(text)),
        Like::Starts(text) => format!("{field}.startsWith({})", quoted(text)),
        Like::StartsNot(text) => format!("!{field}.startsWith({})", quoted(text)),
        Like::Ends(text) => format!("{field}.endsWith({})", quoted(text)),
        Like::EndsNot(text) => format!("!{field}.endsWith({})", quoted(text)),
    }
}

fn path(field: &Field) -> String {
    match field {
        Field::Deal(name) => format!("deal.{name}"),
        Field::Promise(name) => format!("promise.{name}"),
        Field::Variant => "variant".to_owned(),
        Field::Extra(column) => format!("deal.extra[{}]", quoted(column)),
    }
}

fn known(field: &Field) -> String {
    match field {
        Field::Extra(column) => format!("{} in deal.extra", quoted(column)),
        _ => format!("has({})", path(field)),
    }
}

fn list(texts: &[String]) -> String {
    let all: Vec<String> = texts.iter().map(|text| quoted(text)).collect();
    format!("[{}]", all.join(", "))
}

/// A text in single quotes, as the shipped playbooks write them: in YAML they need no quotes of their own.
fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('\'');
    for c in text.chars() {
        match c {
            '\\' => quoted.push_str("\\\\"),
            '\'' => quoted.push_str("\\'"),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            '\r' => quoted.push_str("\\r"),
            c if c.is_control() => quoted.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => quoted.push(c),
        }
    }
    quoted.push('\'');
    quoted
}
