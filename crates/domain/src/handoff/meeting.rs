//! The meetings of a handoff that calendars are told of: the early introduction, the internal call, the bridge call and
//! the kickoff (R3.3, R3.4, R3.5, R3.7).
//!
//! The first three are planned here. The kickoff's date is booked with the customer, which is a report; what takes place
//! is only the confirmed kickoff, since that is what the gate opens (R0.1). Absent on purpose: addresses, agendas in
//! words, and anything a calendar asks for beside the time.

use jiff::{SignedDuration, Timestamp};

use super::state::*;
use crate::{
    ids::Key,
    people::Role,
    personal::Personal,
    playbook::{Playbook, Step, StepKind},
    record::{Body, Stakeholder, StakeholderRole},
};

/// How long a meeting takes when nobody says.
const MINUTES: u16 = 30;
/// How long a kickoff takes when nobody says (R3.7).
const KICKOFF_MINUTES: u16 = 50;

/// A meeting that takes place, as far as is known now.
#[derive(Debug, Clone)]
pub struct Meeting<'a> {
    /// Of which step.
    pub step: &'a Step,
    /// When it begins.
    pub starts_at: Timestamp,
    /// When it ends.
    pub ends_at: Timestamp,
    /// Where.
    pub place: Option<&'a Personal>,
}

/// Whether a step of this kind is a meeting that calendars are told of.
pub fn is_meeting(kind: StepKind) -> bool {
    is_planned(kind) || kind == StepKind::Kickoff
}

/// Whether a step of this kind is a meeting whose time people plan among themselves.
pub fn is_planned(kind: StepKind) -> bool {
    matches!(kind, StepKind::EarlyIntro | StepKind::InternalCall | StepKind::WarmIntro)
}

/// For when the kickoff is booked: the last booking made stands.
pub fn booked(handoff: &Handoff, playbook: &Playbook) -> Option<Timestamp> {
    let step = playbook.step_of(StepKind::KickoffBooked)?;
    handoff.step(&step.id.value)?.undisputed().last()?.booked_for
}

/// The meeting of a step, whether or not it goes ahead: none when no time is known, or it was called off.
pub fn meeting<'a>(handoff: &'a Handoff, playbook: &'a Playbook, step: &Key) -> Option<Meeting<'a>> {
    let step = playbook.step(step).filter(|step| is_meeting(step.kind))?;
    let planned = handoff.meetings.get(&step.id.value);
    let starts_at = if step.kind == StepKind::Kickoff {
        booked(handoff, playbook)?
    } else {
        planned.filter(|planned| planned.called_off.is_none())?.starts_at
    };
    let usual = if step.kind == StepKind::Kickoff { KICKOFF_MINUTES } else { MINUTES };
    let minutes = planned.and_then(|planned| planned.minutes).or(step.minutes).unwrap_or(usual);
    let ends_at = starts_at.checked_add(SignedDuration::from_mins(minutes.into())).unwrap_or(Timestamp::MAX);
    let place = planned.and_then(|planned| planned.place.as_ref());
    Some(Meeting { step, starts_at, ends_at, place })
}

/// The meetings that go ahead as things stand: people are invited to these and to no others.
pub fn going_ahead<'a>(handoff: &'a Handoff, playbook: &'a Playbook) -> Vec<Meeting<'a>> {
    if !handoff.life.takes_reports() {
        return Vec::new();
    }
    let confirmed = |step: &&Step| step.kind != StepKind::Kickoff || handoff.kickoff_confirmed_at.is_some();
    let steps = playbook.steps.iter().filter(confirmed);
    steps.filter_map(|step| meeting(handoff, playbook, &step.id.value)).collect()
}

/// The roles of our side that take part: those the playbook names, and always both who sold and who takes over (R3.7).
pub fn our_side(step: &Step) -> Vec<Role> {
    let mut roles = vec![Role::Ae, Role::Csm];
    for role in std::iter::once(step.owner).chain(step.with.iter().copied()) {
        if !roles.contains(&role) {
            roles.push(role);
        }
    }
    roles
}

/// The people of the customer who take part, with whether they may also stay away: nobody in the internal call.
pub fn their_side<'a>(handoff: &'a Handoff, step: &Step) -> Vec<(&'a Stakeholder, bool)> {
    use StakeholderRole::*;
    let (wanted, welcome): (&[StakeholderRole], &[StakeholderRole]) = match step.kind {
        StepKind::EarlyIntro => (&[Champion], &[]),
        StepKind::WarmIntro => (&[ExecutiveSponsor, EconomicBuyer, Champion], &[]),
        StepKind::Kickoff => (&[Champion, ExecutiveSponsor, EconomicBuyer], &[Admin, Operator, ItOwner]),
        _ => (&[], &[]),
    };
    let people = handoff.record.items.values().filter_map(|item| match &item.body {
        Body::Stakeholder(person) => Some(person),
        _ => None,
    });
    let part =
        |person: &&Stakeholder, of: &[StakeholderRole]| person.parts.iter().any(|part| of.contains(part));
    let (first, rest): (Vec<_>, Vec<_>) = people.partition(|person| part(person, wanted));
    let rest = rest.into_iter().filter(|person| part(person, welcome));
    first.into_iter().map(|person| (person, false)).chain(rest.map(|person| (person, true))).collect()
}
