//! Judging a gate: what is missing, why it is asked here, who owes it. The one place that decides.
//!
//! A shut gate always names its gaps, and every gap names somebody. Absent on purpose: whether the caller may
//! know (access), addresses of pages, and any remembering; a verdict is worked out from the state at hand.

mod asks;
mod follow_ups;
mod gap;
pub(crate) mod judge;
mod remedies;
mod trial;

use std::collections::BTreeSet;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use asks::{AskState, answers, looks_at};
pub use gap::{Gap, Problem, Why};
pub use remedies::remedies;
pub use trial::{GateTrial, Trial, trial};

pub use crate::facts::{deal_facts, deal_facts_of};
use crate::{
    calendar::Calendars,
    clock::StepReading,
    handoff::{Covers, Handoff, Life, Waiver},
    ids::{Key, PersonId, WaiverId},
    people::Role,
    playbook::{Ask, Gate, Playbook, Step, StepKind},
    view::View,
};

/// A gate's answer (R0.13).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Everything demanded is there.
    Pass,
    /// Something is missing.
    Refused,
    /// Passed with waivers: never complete.
    Waived,
    /// The gate does not apply: never counted as pass.
    NotRequired,
}

impl Verdict {
    /// The name used in data.
    pub fn name(self) -> &'static str {
        match self {
            Verdict::Pass => "pass",
            Verdict::Refused => "refused",
            Verdict::Waived => "waived",
            Verdict::NotRequired => "not_required",
        }
    }
}

/// How far an organisation enforces (R0.14).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// Nothing is blocked; what would have been is marked.
    Observe,
    /// Signing is never blocked; assignment, CS artefacts, kickoff, credit and done are.
    #[default]
    BlockOwnership,
    /// Closing is blocked too.
    BlockClose,
}

impl Mode {
    /// Whether a caller should block on a refusal at this gate.
    pub fn enforces(self, gate: Gate) -> bool {
        match self {
            Mode::Observe => false,
            Mode::BlockOwnership => gate != Gate::Handoff,
            Mode::BlockClose => true,
        }
    }
    /// The name used in data.
    pub fn name(self) -> &'static str {
        match self {
            Mode::Observe => "observe",
            Mode::BlockOwnership => "block_ownership",
            Mode::BlockClose => "block_close",
        }
    }
}

/// A gate, judged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Judgement {
    /// Which gate.
    pub gate: Gate,
    /// The answer.
    pub verdict: Verdict,
    /// What is missing; empty unless refused.
    pub gaps: Vec<Gap>,
    /// What a waiver covers.
    pub waived: Vec<WaivedGap>,
}

/// A gap a waiver covers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct WaivedGap {
    /// The gap.
    pub gap: Gap,
    /// The waiver.
    pub waiver: WaiverId,
}

/// Judges one gate.
///
/// A gate that was bypassed is never a pass again: with nothing missing it is no longer required (R2.11).
pub fn judge(
    handoff: &Handoff,
    playbook: &Playbook,
    calendars: &Calendars,
    now: Timestamp,
    gate: Gate,
) -> Judgement {
    let answer = |verdict| Judgement { gate, verdict, gaps: Vec::new(), waived: Vec::new() };
    match &handoff.life {
        Life::History | Life::OutOfScope => return answer(Verdict::NotRequired),
        Life::Withdrawn { .. } | Life::Cancelled { .. } => {
            return Judgement { gaps: vec![not_live(handoff)], ..answer(Verdict::Refused) };
        }
        Life::Live | Life::Done { .. } => {}
    }
    let Some(rule) = playbook.gate(gate) else { return answer(Verdict::NotRequired) };
    if let Some(passed) = handoff.passed(gate) {
        return answer(if passed.waivers.is_empty() { Verdict::Pass } else { Verdict::Waived });
    }
    let view = View::new(handoff, playbook, calendars, now);
    let mut found = Vec::new();
    for demand in &rule.demands {
        view.demand(&demand.value, &mut found);
    }
    view.debts(gate, &mut found);
    let (mut gaps, mut waived, mut seen) = (Vec::new(), Vec::new(), BTreeSet::new());
    for gap in found {
        // Two demands can miss the same thing; it is told once.
        if !seen.insert(gap.about.clone()) {
            continue;
        }
        match view.waiver_for(gate, &gap) {
            Some(waiver) => waived.push(WaivedGap { gap, waiver }),
            None => gaps.push(gap),
        }
    }
    let verdict = match (gaps.is_empty(), waived.is_empty()) {
        (false, _) => Verdict::Refused,
        (true, false) => Verdict::Waived,
        (true, true) if handoff.bypassed(gate).is_some() => Verdict::NotRequired,
        (true, true) => Verdict::Pass,
    };
    Judgement { gate, verdict, gaps, waived }
}

/// The gaps of the record alone: what the meter on the page counts.
pub fn record_gaps(
    handoff: &Handoff,
    playbook: &Playbook,
    calendars: &Calendars,
    now: Timestamp,
) -> Vec<Gap> {
    let mut gaps = Vec::new();
    View::new(handoff, playbook, calendars, now).record(&mut gaps);
    gaps
}

/// What is owed although no gate asks for it: shown beside the gaps, counted nowhere as incomplete.
pub fn follow_ups(handoff: &Handoff, playbook: &Playbook, calendars: &Calendars, now: Timestamp) -> Vec<Gap> {
    if !handoff.life.takes_reports() {
        return Vec::new();
    }
    View::new(handoff, playbook, calendars, now).follow_ups()
}

/// What keeps a step that somebody reports from counting, whether or not a gate asks for it; none: it counts.
pub fn step_state(
    handoff: &Handoff,
    playbook: &Playbook,
    calendars: &Calendars,
    now: Timestamp,
    step: &Key,
) -> Option<Gap> {
    let step = playbook.step(step).filter(|step| step.kind.is_reported())?;
    View::new(handoff, playbook, calendars, now).step_gap(step)
}

/// What a waiver covers that is still missing: the debt it stands for. Empty once it is paid.
pub fn debt(
    handoff: &Handoff,
    playbook: &Playbook,
    calendars: &Calendars,
    now: Timestamp,
    waiver: &Waiver,
) -> Vec<Gap> {
    View::new(handoff, playbook, calendars, now).unpaid(waiver)
}

/// How each ask stands, in the playbook's order.
pub fn asks<'p>(
    handoff: &'p Handoff,
    playbook: &'p Playbook,
    calendars: &'p Calendars,
    now: Timestamp,
) -> Vec<(&'p Ask, AskState)> {
    View::new(handoff, playbook, calendars, now).into_asks()
}

/// A handoff looked at once: what [`asks()`], [`record_gaps`] and [`crate::clock::readings`] tell, at the cost of one.
#[derive(Debug, Clone, Default)]
pub struct Survey<'p> {
    /// How each ask stands, in the playbook's order.
    pub asks: Vec<(&'p Ask, AskState)>,
    /// What the record misses.
    pub gaps: Vec<Gap>,
    /// Every clock; none of a handoff that no longer lives.
    pub readings: Vec<StepReading>,
    /// When somebody is to be told of an open clock next; the past when that is overdue.
    pub next_call: Option<Timestamp>,
}

/// Looks at all of a handoff.
pub fn survey<'p>(
    handoff: &'p Handoff,
    playbook: &'p Playbook,
    calendars: &'p Calendars,
    now: Timestamp,
) -> Survey<'p> {
    let view = View::new(handoff, playbook, calendars, now);
    let mut gaps = Vec::new();
    view.record(&mut gaps);
    let readings = view.readings();
    let next_call = view.calls(&readings).first().map(|call| call.at);
    Survey { readings, next_call, gaps, asks: view.into_asks() }
}

/// The answer for a deal nobody has opened a record for (R0.13).
pub fn no_record(gate: Gate, owed_by: Role, person: Option<PersonId>) -> Judgement {
    let gap = Gap {
        about: Covers::NoRecord,
        title: "Handoff record".to_owned(),
        problem: Problem::NoRecord,
        why: Why::Always,
        owed_by,
        person,
        instead_of: None,
        waivable: false,
        lost: false,
    };
    Judgement { gate, verdict: Verdict::Refused, gaps: vec![gap], waived: Vec::new() }
}

fn not_live(handoff: &Handoff) -> Gap {
    Gap {
        about: Covers::NotLive,
        title: "Handoff".to_owned(),
        problem: Problem::NotLive { life: handoff.life.name().to_owned() },
        why: Why::Process,
        owed_by: Role::Ae,
        person: Some(handoff.seller()),
        instead_of: handoff.absent(Role::Ae),
        waivable: false,
        lost: false,
    }
}

/// Steps this playbook has of a kind (shared with pages that list what can be reported).
pub fn reportable(playbook: &Playbook) -> impl Iterator<Item = &Step> {
    playbook.steps.iter().filter(|step| step.kind.is_reported() && step.kind != StepKind::Availability)
}
