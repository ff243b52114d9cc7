//! A rule in the reader's words, and what is wrong with its text.

use throughline_domain::playbook::{
    Rule,
    load::place::Place,
    rule::{
        Scope,
        sentence::{Condition, Group, Join, Number, Part, Sentence, Test},
    },
};

use super::{super::names, Row};
use crate::{i18n::Text, key};

/// Where a rule is wrong, within its own text, and what about it.
pub fn fault(t: &Text, rule: &str, promise: bool) -> Option<String> {
    let scope = if promise { Scope::Promise } else { Scope::Deal };
    let why = Rule::parse(rule).and_then(|rule| rule.check(scope)).err()?;
    let hint = why.hint.map(|hint| format!(" ({hint})")).unwrap_or_default();
    let said = format!("{}{hint}", why.reason);
    Some(match why.at {
        Some(at) => {
            let place = Place::of(rule, at);
            let place = (("line", place.line), ("column", place.column), ("said", said));
            t.with(key!("editor-rule-fault"), place).into_owned()
        }
        None => said,
    })
}

/// A rule in words; as it is written, where no sentence says it.
pub fn in_words(t: &Text, rule: &str) -> String {
    match Rule::parse(rule).ok().and_then(|rule| Sentence::of(&rule)) {
        Some(Sentence::Always) => t.get(key!("playbook-always")).into_owned(),
        Some(Sentence::Never) => t.get(key!("editor-never")).into_owned(),
        Some(Sentence::Says(group)) => told(t, &group),
        None => rule.split_whitespace().collect::<Vec<_>>().join(" "),
    }
}

pub(super) fn told(t: &Text, group: &Group) -> String {
    let parts = group.parts().iter().map(|part| match part {
        Part::Is(condition) => said(t, condition),
        Part::Group(inner) => match inner.join() {
            Join::All | Join::Any => format!("({})", told(t, inner)),
            Join::NotAll | Join::NoneOf => told(t, inner),
        },
    });
    let parts: Vec<String> = parts.collect();
    match group.join() {
        Join::All => parts.join(&t.get(key!("rule-and"))),
        Join::Any => parts.join(&t.get(key!("rule-or"))),
        Join::NotAll => {
            t.with(key!("editor-told-not"), ("rule", parts.join(&t.get(key!("rule-and"))))).into_owned()
        }
        Join::NoneOf => {
            t.with(key!("editor-told-not"), ("rule", parts.join(&t.get(key!("rule-or"))))).into_owned()
        }
    }
}

fn said(t: &Text, condition: &Condition) -> String {
    let field = names::field(t, &condition.field);
    let Some(row) = Row::of(condition) else { return field };
    let op = names::COMPARISONS.iter().find(|(name, _)| *name == row.op).map(|(_, key)| t.get(*key));
    let value = match &condition.test {
        Test::Number(_, Number::Whole(n)) => match u64::try_from(*n) {
            Ok(n) => t.number(n),
            Err(_) => row.value,
        },
        Test::Text { .. } => format!("“{}”", row.value),
        _ => row.value,
    };
    [field, op.unwrap_or_default().into_owned(), value]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}
