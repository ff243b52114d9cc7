//! The way of a handoff with its gates, and how far it is.

use throughline_app::read::HandoffView;
use throughline_domain::{
    gate::Verdict,
    handoff::{GateHistory, Life, Stage},
    playbook::{Gate, TransferOn},
};

use crate::{
    i18n::Text,
    key,
    pages::words,
    ui::{GateMark, Position, Track},
};

/// What is known of a gate.
pub fn mark(verdict: Option<Verdict>, history: Option<&GateHistory>) -> GateMark {
    if let Some(bypassed) = history.and_then(|history| history.bypassed.as_ref()) {
        return if bypassed.would_have_been_refused { GateMark::WouldRefuse } else { GateMark::Bypassed };
    }
    match history.and_then(|history| history.passed.as_ref()) {
        Some(passed) if passed.waivers.is_empty() => return GateMark::Pass,
        Some(_) => return GateMark::Waived,
        None => {}
    }
    match verdict {
        None | Some(Verdict::NotRequired) => GateMark::NotRequired,
        Some(Verdict::Refused) if history.is_some_and(|history| history.refusals > 0) => GateMark::Refused,
        Some(_) => GateMark::Ahead,
    }
}

/// The way, stop by stop and gate by gate; nothing where there is none.
pub fn track(t: &Text, view: &HandoffView) -> Vec<Track> {
    let handoff = &view.loaded.handoff;
    let Some(playbook) = &view.loaded.playbook else { return Vec::new() };
    if matches!(handoff.life, Life::History | Life::OutOfScope) {
        return Vec::new();
    }
    let done = matches!(handoff.life, Life::Done { .. });
    let here = match (&handoff.stage, done) {
        (_, true) => 4,
        (Stage::Preparing, _) => 0,
        (Stage::Offered { .. }, _) => 1,
        (Stage::Assigned { .. }, _) => 2,
        (Stage::Owned { .. }, _) => 3,
    };
    let day = |at: jiff::Timestamp| t.day(t.local_date(at));
    let notes = [
        Some(day(handoff.opened_at)),
        handoff.offers.last().filter(|_| here > 0).map(|offer| day(offer.at)),
        handoff.stage.assigned_at().map(day),
        match handoff.stage {
            Stage::Owned { since, .. } => Some(day(since)),
            _ => None,
        },
        match handoff.life {
            Life::Done { at } => Some(day(at)),
            _ => None,
        },
    ];
    let names = [
        key!("stage-preparing"),
        key!("stage-offered"),
        key!("stage-assigned"),
        key!("stage-owned"),
        key!("stage-done"),
    ];
    let stop = |place: usize| Track::Stop {
        name: t.get(names[place]).into_owned(),
        note: notes[place].clone(),
        position: match place.cmp(&here) {
            std::cmp::Ordering::Less => Position::Past,
            std::cmp::Ordering::Equal => Position::Now,
            std::cmp::Ordering::Greater => Position::Ahead,
        },
    };
    let gate = |gate: Gate| {
        let verdict = view.gate(gate).map(|answer| answer.verdict);
        let name = words::word(t, gate);
        Track::Gate { name, mark: mark(verdict, handoff.gates.get(&gate)) }
    };
    let mut track = vec![stop(0), gate(Gate::Handoff), stop(1), gate(Gate::CsmAssignment), stop(2)];
    // Some ways know no kickoff.
    let kickoff = playbook.gate(Gate::Kickoff).map(|_| gate(Gate::Kickoff));
    if playbook.transfer_on == TransferOn::Kickoff {
        track.extend(kickoff.into_iter().chain([stop(3)]));
    } else {
        track.extend([stop(3)].into_iter().chain(kickoff));
    }
    track.extend([gate(Gate::Done), stop(4)]);
    track
}
