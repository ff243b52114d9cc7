//! Clocks of things that are not steps: promises that wait for a decision (R2.6), waivers that run out (R2.8).

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

use super::Reading;
use crate::{
    calendar::{Calendars, Direction},
    handoff::{Handoff, Waiver, WaiverState},
    ids::{ItemId, PersonId, WaiverId},
    people::Role,
    playbook::{Gate, Playbook},
};

/// The clock of one routed promise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PromiseReading {
    /// Which promise.
    pub item: ItemId,
    /// Who decides.
    pub owner: Role,
    /// Who is told when it is overdue.
    pub escalates_to: Role,
    /// How it stands.
    pub reading: Reading,
    /// When it was routed.
    pub opens_at: Timestamp,
    /// When it is due.
    pub due_at: Timestamp,
    /// When it was decided.
    pub done_at: Option<Timestamp>,
}

/// Reads the clock of every promise that was sent for a decision. A handoff that no longer lives has none.
///
/// A whole role decides, not one person: the organisation's calendar counts.
pub fn promise_readings(
    handoff: &Handoff,
    playbook: &Playbook,
    calendars: &Calendars,
    now: Timestamp,
) -> Vec<PromiseReading> {
    if !handoff.life.takes_reports() {
        return Vec::new();
    }
    let read = |(item, promise): (&crate::record::Item, &crate::record::Promise)| {
        let routed = promise.life.routed.as_ref()?;
        let due_at =
            calendars.house().due(routed.at, playbook.promises.decide_within, Direction::After).ok()?;
        let decided = promise.life.decision.as_ref().map(|made| made.at);
        // A promise that ended undecided waits for nobody any more.
        if decided.is_none() && promise.life.settled.is_some() {
            return None;
        }
        Some(PromiseReading {
            item: item.id,
            owner: routed.to,
            escalates_to: playbook.promises.escalate_to,
            reading: stand(decided, due_at, now),
            opens_at: routed.at,
            due_at,
            done_at: decided,
        })
    };
    handoff.record.promises().filter_map(read).collect()
}

/// The clock of one waiver: until it expires, what it covers is owed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct WaiverReading {
    /// Which waiver.
    pub waiver: WaiverId,
    /// At which gate it was granted.
    pub gate: Gate,
    /// Who owes the answer.
    pub debtor: PersonId,
    /// How it stands: running is debt, overdue shuts later gates.
    pub reading: Reading,
    /// When it expires.
    pub due_at: Timestamp,
    /// When it was paid.
    pub done_at: Option<Timestamp>,
}

/// The latest a waiver granted now may stand: the playbook's time, in the calendar of whoever owes the answer.
/// None where the arithmetic leaves the calendar.
pub fn waiver_ends(
    waiver: &Waiver,
    playbook: &Playbook,
    calendars: &Calendars,
    now: Timestamp,
) -> Option<Timestamp> {
    let lasts = playbook.gate(waiver.gate)?.waiver_lasts;
    calendars.of(Some(waiver.debtor)).due(now, lasts, Direction::After).ok()
}

/// Reads the clock of every waiver that was used and has an end. What is closed as lost has none.
pub fn waiver_readings(handoff: &Handoff, now: Timestamp) -> Vec<WaiverReading> {
    let read = |waiver: &Waiver| {
        let WaiverState::Granted { expires_at: Some(due_at), .. } = waiver.state else { return None };
        waiver.used_at?;
        Some(WaiverReading {
            waiver: waiver.id,
            gate: waiver.gate,
            debtor: waiver.debtor,
            // At the instant it expires a waiver is over: the gates are shut then.
            reading: match waiver.paid_at {
                Some(paid) if paid < due_at => Reading::Met,
                Some(_) => Reading::Late,
                None if now < due_at => Reading::Running,
                None => Reading::Overdue,
            },
            due_at,
            done_at: waiver.paid_at,
        })
    };
    if handoff.life.takes_reports() {
        handoff.waivers.values().filter_map(read).collect()
    } else {
        Vec::new()
    }
}

fn stand(done: Option<Timestamp>, due: Timestamp, now: Timestamp) -> Reading {
    match done {
        Some(done) if done <= due => Reading::Met,
        Some(_) => Reading::Late,
        None if now <= due => Reading::Running,
        None => Reading::Overdue,
    }
}
