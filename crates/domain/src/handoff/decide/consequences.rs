//! What follows from facts, whatever command led to them: completeness, the one move of ownership, the end of a
//! reopening, paid waivers.

use super::*;
use crate::{
    gate::judge::{blocks, reopened_categories, untouched},
    playbook::{StepKind, TransferOn},
};

/// Adds what follows from facts, until nothing more does.
pub(super) fn complete(handoff: Option<&Handoff>, context: &Context<'_>, mut facts: Vec<Fact>) -> Outcome {
    if facts.is_empty() {
        return Outcome::AlreadySo;
    }
    let mut state = fold(handoff.cloned(), context, &facts);
    // Every consequence ends a wait that was open before: completeness, reopening, ownership, one per waiver.
    let most = 6 + state.as_ref().map_or(0, |state| state.waivers.len());
    for _ in 0..most {
        let (Some(now), Some(playbook)) = (&state, context.playbook) else { break };
        let accepted = facts.iter().any(|fact| matches!(fact, Fact::Accepted { .. }));
        let Some(next) = consequence(now, playbook, context, accepted) else { break };
        state = fold(state, context, std::slice::from_ref(&next));
        facts.push(next);
    }
    Outcome::Happened(facts)
}

fn consequence(
    handoff: &Handoff,
    playbook: &Playbook,
    context: &Context<'_>,
    accepted: bool,
) -> Option<Fact> {
    if !handoff.life.takes_reports() {
        return None;
    }
    let view = View::new(handoff, playbook, context.calendars, context.now);
    let mut gaps = Vec::new();
    view.record(&mut gaps);
    match (gaps.is_empty(), handoff.complete_since) {
        (true, None) => return Some(Fact::RecordCompleted),
        (false, Some(_)) => return Some(Fact::RecordIncomplete),
        _ => {}
    }
    due_move(&view, accepted)
        .or_else(|| reopening_is_over(handoff, playbook).then_some(Fact::ReopeningClosed))
        .or_else(|| paid_waiver(&view))
}

/// Ownership moves at the playbook's moment, or at a later one that came first (R0.4). Where the moment came
/// before a CSM had accepted, it moves with the acceptance.
fn due_move(view: &View<'_>, accepted: bool) -> Option<Fact> {
    let Stage::Assigned { to, .. } = view.handoff.stage else { return None };
    // None: this deal's process has no such step, so nothing would ever wait for it.
    let came = |kind| {
        let step = view.playbook.step_of(kind).filter(|step| view.applies(step));
        step.map(|step| view.counts(step))
    };
    let kicked_off = came(StepKind::Kickoff);
    let (moved_by, bypassed) = match view.playbook.transfer_on {
        TransferOn::Acceptance => (Move::Acceptance, false),
        TransferOn::WarmIntro => match came(StepKind::WarmIntro) {
            Some(true) => (Move::WarmIntro, false),
            None => (Move::Acceptance, false),
            Some(false) if kicked_off == Some(true) => (Move::Kickoff, true),
            Some(false) => return None,
        },
        TransferOn::Kickoff => match kicked_off {
            Some(true) => (Move::Kickoff, false),
            None => (Move::Acceptance, false),
            Some(false) => return None,
        },
    };
    let moved_by = if accepted { Move::Acceptance } else { moved_by };
    Some(Fact::OwnershipMoved { to, at: view.now, moved_by, bypassed, reason: None })
}

/// Everything reopened is changed, and reviewed again where it had been (R0.11).
fn reopening_is_over(handoff: &Handoff, playbook: &Playbook) -> bool {
    let reviewed = |category: &crate::playbook::Category| {
        let marked = handoff.marks.get(&category.id.value);
        marked.is_none_or(|marked| !marked.stale && !blocks(category, marked))
    };
    handoff.reopened.is_some()
        && handoff.complete_since.is_some()
        && untouched(handoff, playbook).is_empty()
        && reopened_categories(handoff, playbook).all(reviewed)
}

/// A used waiver is paid once nothing it covers is missing any more.
fn paid_waiver(view: &View<'_>) -> Option<Fact> {
    let owed = |waiver: &&Waiver| {
        let debt = matches!(waiver.state, WaiverState::Granted { expires_at: Some(_), .. });
        debt && waiver.used_at.is_some() && waiver.paid_at.is_none()
    };
    let paid = view.handoff.waivers.values().filter(owed).find(|waiver| view.unpaid(waiver).is_empty())?;
    Some(Fact::WaiverPaid { waiver: paid.id })
}
