//! What a CSM must know at least: why, what success is, who matters, what was promised, what could go wrong. A notice
//! to a CSM is never name, value and tier only (R3.5).

use serde::Serialize;
use throughline_domain::{
    handoff::Handoff,
    record::{Body, Stakeholder, StakeholderRole},
};

/// Most lines of each part: a mail is read on a telephone.
const LINES: usize = 6;

/// The brief of a handoff, as a template sees it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Brief {
    /// Success, in the customer's words.
    pub criteria: Vec<String>,
    /// Who matters.
    pub people: Vec<Known>,
    /// What was promised.
    pub promises: Vec<String>,
    /// What could derail it.
    pub risks: Vec<String>,
}

/// Somebody at the customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Known {
    /// Their name.
    pub name: String,
    /// Their parts, such as `economic buyer`.
    pub parts: Vec<String>,
}

impl Brief {
    /// Reads it from the record.
    pub fn of(handoff: &Handoff) -> Self {
        let mut brief = Self::default();
        for item in handoff.record.items.values() {
            match &item.body {
                Body::Criterion(criterion) => keep(&mut brief.criteria, criterion.words.to_string()),
                Body::Stakeholder(person) => keep(&mut brief.people, Known::of(person)),
                Body::Promise(promise) => keep(&mut brief.promises, promise.what.to_string()),
                Body::Risk(risk) => keep(&mut brief.risks, risk.what.to_string()),
                Body::Integration(_) | Body::DataMove(_) => {}
            }
        }
        brief
    }
}

fn keep<T>(lines: &mut Vec<T>, line: T) {
    if lines.len() < LINES {
        lines.push(line);
    }
}

impl Known {
    fn of(person: &Stakeholder) -> Self {
        let parts = person.parts.iter().map(|part| part.name().replace('_', " ")).collect();
        Self { name: person.name.to_string(), parts }
    }
}

/// Whom the warm introduction greets, and who is in copy: the executive by name, the champion beside (R3.5).
pub(crate) fn addressees(handoff: &Handoff) -> (Option<String>, Option<String>) {
    let in_part = |part: StakeholderRole| {
        handoff.record.items.values().find_map(|item| match &item.body {
            Body::Stakeholder(person) if person.parts.contains(&part) => Some(person.name.to_string()),
            _ => None,
        })
    };
    let executive =
        in_part(StakeholderRole::ExecutiveSponsor).or_else(|| in_part(StakeholderRole::EconomicBuyer));
    let champion = in_part(StakeholderRole::Champion);
    let copied = champion.clone().filter(|champion| executive.as_ref().is_some_and(|name| name != champion));
    (executive.or(champion), copied)
}
