//! Asks held against the record: whether each is required here, and what is wrong with its answer.

use schemars::JsonSchema;
use serde::Serialize;

use super::{Gap, Problem, Why};
use crate::{
    handoff::Covers,
    playbook::{Ask, AskKind},
    record::{Answer, Body, Item, List},
    view::View,
};

/// How an ask stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct AskState {
    /// Why it is required; none: it is not.
    pub required: Option<Why>,
    /// What is wrong with its answer, whether or not it is required.
    pub problems: Vec<Problem>,
}

impl View<'_> {
    pub(crate) fn ask_state(&self, ask: &Ask) -> AskState {
        AskState { required: self.required(ask), problems: self.problems(ask) }
    }

    /// A required ask that is not answered well enough.
    pub(super) fn ask_gap(&self, ask: &Ask, state: &AskState) -> Option<Gap> {
        let why = state.required.clone()?;
        let problem = state.problems.first()?.clone();
        let about = Covers::Ask { ask: ask.id.value.clone() };
        Some(Gap { why, waivable: true, ..self.gap(about, &ask.ask, problem, ask.filled_by) })
    }

    fn required(&self, ask: &Ask) -> Option<Why> {
        if ask.required {
            return Some(Why::Always);
        }
        self.why(&ask.required_when.as_ref()?.value)
    }

    fn problems(&self, ask: &Ask) -> Vec<Problem> {
        let record = &self.handoff.record;
        let Some(list) = List::of(ask.kind) else {
            let answered = record.answers.get(&ask.id.value).map(|answered| &answered.answer);
            // An answer given under another playbook may be none to this one.
            return match answered.filter(|answer| answers(ask, answer).is_ok()) {
                None => vec![Problem::Missing],
                Some(Answer::Words { evidence, .. }) if !evidence.is_given() => vec![Problem::NoEvidence],
                Some(_) => Vec::new(),
            };
        };
        let items: Vec<&Item> = record.list(list).filter(|item| looks_at(ask, item)).collect();
        if items.is_empty() {
            let none_said = ask.allow_none && record.none.contains_key(&ask.id.value);
            return if none_said {
                vec![]
            } else {
                vec![Problem::NothingListed { none_counts: ask.allow_none }]
            };
        }
        let mut problems = Vec::new();
        let have = u8::try_from(items.len()).unwrap_or(u8::MAX);
        if have < ask.min {
            problems.push(Problem::TooFew { have, want: ask.min });
        }
        problems.extend(items.iter().filter_map(|item| {
            let needs = item.lacks(&ask.needs);
            (!needs.is_empty()).then_some(Problem::ItemLacks { item: item.id, needs })
        }));
        problems
    }
}

/// Whether an ask looks at an item: a view over a list.
pub fn looks_at(ask: &Ask, item: &Item) -> bool {
    match (&item.body, ask.kind) {
        (Body::Stakeholder(person), AskKind::Stakeholders) => {
            ask.role.is_none_or(|role| person.parts.contains(&role))
        }
        (Body::Promise(promise), AskKind::Promises) => {
            ask.kinds.is_empty() || ask.kinds.contains(&promise.kind)
        }
        (body, kind) => List::of(kind) == Some(body.list()),
    }
}

/// Whether an answer is one to this ask.
///
/// # Errors
/// A sentence that says what is wanted instead.
pub fn answers(ask: &Ask, answer: &Answer) -> Result<(), String> {
    if answer.kind() != ask.kind {
        return Err(format!("this asks for {}", wanted(ask.kind)));
    }
    match answer {
        Answer::Choice { chosen } => {
            if chosen.is_empty() || (chosen.len() > 1 && !ask.many) {
                return Err(if ask.many { "choose at least one" } else { "choose exactly one" }.to_owned());
            }
            match chosen.iter().find(|one| !ask.options.iter().any(|option| option.id == **one)) {
                Some(odd) => Err(format!("`{odd}` is not among the options")),
                None => Ok(()),
            }
        }
        Answer::Number { number } if !number.is_finite() => Err("is not a number".to_owned()),
        _ => Ok(()),
    }
}

fn wanted(kind: AskKind) -> &'static str {
    match kind {
        AskKind::Text => "a text",
        AskKind::Words => "the customer's words",
        AskKind::Choice => "a choice among its options",
        AskKind::Date => "a date",
        AskKind::Money => "an amount",
        AskKind::Number => "a number",
        AskKind::YesNo => "yes or no",
        AskKind::Person => "a person",
        AskKind::Promises
        | AskKind::Criteria
        | AskKind::Stakeholders
        | AskKind::Risks
        | AskKind::Integrations
        | AskKind::DataMoves => "items of a list; add them one by one",
    }
}
