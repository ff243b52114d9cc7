//! What a meeting is about, point by point, from the playbook and the record.
//!
//! What the customer reads holds nothing but what is theirs: the parts of the kickoff, their own criteria in their own
//! words, and the plan that is made with them. Risks, promises and questions stand in the internal call alone, where
//! nobody of the customer is invited.

use throughline_domain::{
    handoff::Handoff,
    playbook::{Playbook, Step, StepKind},
    record::{Body, List},
};
use throughline_messages::Brief;

/// Most points of a kind: an invitation is read on a telephone.
const POINTS: usize = 8;

/// The points of a meeting.
pub(crate) fn points(handoff: &Handoff, playbook: &Playbook, step: &Step) -> Vec<String> {
    match step.kind {
        StepKind::Kickoff => kickoff(handoff, playbook, step),
        StepKind::InternalCall => internal(handoff, step),
        _ if step.agenda.is_empty() => step.outcomes.iter().map(|one| one.label.clone()).collect(),
        _ => step.agenda.clone(),
    }
}

/// The parts with their minutes (R3.7), the customer's criteria under the part that starts from them, the milestones at
/// the end.
fn kickoff(handoff: &Handoff, playbook: &Playbook, step: &Step) -> Vec<String> {
    let mut points = Vec::new();
    for part in &playbook.agenda {
        points.push(format!("{} min: {}", part.minutes, part.title));
        let of_criteria = part.from.iter().filter_map(|ask| playbook.ask(&ask.value));
        if of_criteria.into_iter().any(|ask| List::of(ask.kind) == Some(List::Criteria)) {
            let said = handoff.record.items.values().filter_map(|item| match &item.body {
                Body::Criterion(criterion) => Some(format!("“{}”", criterion.words)),
                _ => None,
            });
            points.extend(said.take(POINTS));
        }
    }
    if points.is_empty() {
        points.extend(step.agenda.iter().cloned());
    }
    if let Some(plan) = &handoff.plan {
        points.extend(plan.milestones.values().take(POINTS).map(|one| format!("Milestone: {}", one.title)));
    }
    points
}

/// What does not survive writing (R3.4), and what the record leaves to talk about.
fn internal(handoff: &Handoff, step: &Step) -> Vec<String> {
    let mut points = step.agenda.clone();
    let open = handoff.questions.values().filter(|asked| asked.answer.is_none());
    points.extend(open.take(POINTS).map(|asked| format!("Open question: {}", asked.text)));
    let brief = Brief::of(handoff);
    points.extend(brief.risks.into_iter().map(|risk| format!("Risk: {risk}")));
    points.extend(brief.promises.into_iter().map(|promise| format!("Promise: {promise}")));
    points
}
