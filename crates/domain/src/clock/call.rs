//! Who is to be told of an open clock, and when: reminders before its due time, the ladder after it (R3.13).
//!
//! Like readings, calls are worked out from the state; only that somebody *was* told is a fact, so that it happens
//! once, however many nodes look. A due time that slips begins anew: what was told of the old one says nothing of
//! the new. Nobody is escalated before being reminded once.
//!
//! Absent on purpose: the telling. [`crate::handoff::strike`] makes facts of calls that are due, and
//! [`crate::handoff::react()`] says who hears of them.

use jiff::{SignedDuration, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Reading, StepReading, promise_readings, waiver_readings};
use crate::{
    calendar::{Calendar, Calendars, Direction, Span, Unit},
    handoff::{Handoff, Notice},
    ids::{ItemId, Key, WaiverId},
    people::Role,
    playbook::{Playbook, StepKind, Told},
    view::View,
};

/// What a clock runs on.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "matter", rename_all = "snake_case")]
pub enum Matter {
    /// A step of the sequence.
    Step {
        /// Which.
        step: Key,
    },
    /// A promise that waits for a decision (R2.6).
    Promise {
        /// Which.
        item: ItemId,
    },
    /// A waiver whose debt is not paid (R2.8).
    Waiver {
        /// Which.
        waiver: WaiverId,
    },
}

/// Whom a rung of the ladder tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "whom", rename_all = "snake_case")]
pub enum Whom {
    /// Who owes it.
    Owner,
    /// Their manager.
    Manager,
    /// The process owner.
    ProcessOwner,
    /// Everybody who holds a role.
    Role {
        /// Which.
        role: Role,
    },
}

impl From<Told> for Whom {
    fn from(told: Told) -> Self {
        match told {
            Told::Owner => Whom::Owner,
            Told::Manager => Whom::Manager,
            Told::RevOps => Whom::ProcessOwner,
            Told::CsLeader => Whom::Role { role: Role::CsLeader },
        }
    }
}

/// One time at which somebody is told of an open clock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// Which clock.
    pub matter: Matter,
    /// When it is due.
    pub due_at: Timestamp,
    /// When they are told.
    pub at: Timestamp,
    /// Whether this reminds or escalates.
    pub tells: Tells,
}

/// What a call does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tells {
    /// Reminds whoever owes it: the `nth` time, from 1, in the order of time.
    Reminder {
        /// Which of the playbook's reminders.
        nth: u32,
    },
    /// Tells the next one up.
    Rung {
        /// Whom.
        whom: Whom,
    },
}

/// Calls still to be made, earliest first; those that are due by `now` lie behind it. None when nothing is open.
pub fn calls(handoff: &Handoff, playbook: &Playbook, calendars: &Calendars, now: Timestamp) -> Vec<Call> {
    let view = View::new(handoff, playbook, calendars, now);
    view.calls(&view.readings())
}

/// A clock that runs or has run out, and whom its playbook wants told besides the ladder.
struct Open<'a> {
    matter: Matter,
    calendar: &'a Calendar,
    opens_at: Option<Timestamp>,
    due_at: Timestamp,
    escalates_to: Option<Role>,
}

impl<'a> View<'a> {
    /// Calls still to be made, as [`calls`] tells, from readings already taken.
    pub(crate) fn calls(&self, readings: &[StepReading]) -> Vec<Call> {
        let open = self.open_matters(readings);
        let mut calls: Vec<Call> = open.iter().flat_map(|open| self.calls_of(open)).collect();
        calls.sort_by(|a, b| (a.at, a.due_at, &a.matter, a.tells).cmp(&(b.at, b.due_at, &b.matter, b.tells)));
        calls
    }

    fn open_matters(&self, readings: &[StepReading]) -> Vec<Open<'a>> {
        let steps = readings.iter().filter_map(|reading| {
            // A period is nobody's task.
            if reading.kind == StepKind::Availability || !reading.reading.is_open() {
                return None;
            }
            Some(Open {
                calendar: self.calendars.of(reading.person),
                matter: Matter::Step { step: reading.step.clone() },
                opens_at: reading.opens_at,
                due_at: reading.due_at?,
                escalates_to: match reading.kind {
                    StepKind::OfferAnswer => Some(self.playbook.offer.escalate_to),
                    StepKind::Review => Some(self.playbook.scorecard.escalate_to),
                    _ => None,
                },
            })
        });
        let promises = promise_readings(self.handoff, self.playbook, self.calendars, self.now)
            .into_iter()
            .filter(|reading| reading.reading.is_open())
            .map(|reading| Open {
                calendar: self.calendars.house(),
                matter: Matter::Promise { item: reading.item },
                opens_at: Some(reading.opens_at),
                due_at: reading.due_at,
                escalates_to: Some(reading.escalates_to),
            });
        let waivers = waiver_readings(self.handoff, self.now)
            .into_iter()
            .filter(|reading| matches!(reading.reading, Reading::Running | Reading::Overdue))
            .map(|reading| Open {
                calendar: self.calendars.of(Some(reading.debtor)),
                matter: Matter::Waiver { waiver: reading.waiver },
                opens_at: self.handoff.waivers.get(&reading.waiver).and_then(|waiver| waiver.used_at),
                due_at: reading.due_at,
                escalates_to: None,
            });
        steps.chain(promises).chain(waivers).collect()
    }

    fn calls_of(&self, open: &Open<'_>) -> Vec<Call> {
        let told = self.handoff.notice(&open.matter).filter(|told| told.due_at == open.due_at);
        let made = told.map_or(0, |told| told.reminders);
        let call = |at, tells| Call { matter: open.matter.clone(), due_at: open.due_at, at, tells };

        let mut calls: Vec<Call> = (1..)
            .zip(self.reminders(open))
            .filter(|(nth, _)| *nth > made)
            .map(|(nth, at)| call(at, Tells::Reminder { nth }))
            .collect();
        // After a time in which nobody looked, one reminder stands for all that were missed.
        let missed = calls.iter().filter(|call| call.at <= self.now).count();
        calls.drain(..missed.saturating_sub(1));

        if let Some(told) = told {
            let rungs = self.rungs(open, told).into_iter().filter(|(_, whom)| !told.escalated.contains(whom));
            calls.extend(rungs.map(|(at, whom)| call(at, Tells::Rung { whom })));
        }
        calls
    }

    /// When the owner is reminded, in order. Where the time to remind comes before the clock even runs, half of its
    /// time is left: what opens and reminds at once reminds of nothing.
    fn reminders(&self, open: &Open<'_>) -> Vec<Timestamp> {
        let at = |before: &Span| {
            let at = open.before_due(*before)?;
            let at = match open.opens_at {
                Some(opens) if at <= opens => halfway(opens, open.due_at),
                _ => at,
            };
            open.calendar.next_opening(at).ok()
        };
        let mut times: Vec<Timestamp> =
            self.playbook.escalation.remind_before.iter().filter_map(at).collect();
        times.sort();
        times
    }

    /// When each rung of the ladder is told. Who was reminded too late has as long as a reminder gives, before
    /// anybody else hears of it.
    fn rungs(&self, open: &Open<'_>, told: &Notice) -> Vec<(Timestamp, Whom)> {
        let calendar = open.calendar;
        let not_before = (told.reminded_at >= open.due_at)
            .then(|| {
                let grace = self.playbook.escalation.remind_before.iter();
                grace.filter_map(|span| calendar.due(told.reminded_at, *span, Direction::After).ok()).min()
            })
            .flatten();
        let at = |after: Span| {
            // At once is at the next opening, not at the same time of the next day that counts.
            let at = match after.n() {
                0 => open.due_at,
                _ => calendar.due(open.due_at, after, Direction::After).ok()?,
            };
            calendar.next_opening(not_before.map_or(at, |not_before| at.max(not_before))).ok()
        };
        let ladder = self.playbook.escalation.ladder.iter();
        let mut rungs: Vec<(Timestamp, Whom)> =
            ladder.filter_map(|rung| Some((at(rung.after)?, Whom::from(rung.tell)))).collect();
        // What the playbook names for this clock alone goes there when it is due, whoever the ladder names later.
        if let (Some(role), Ok(due)) = (open.escalates_to, calendar.next_opening(open.due_at)) {
            let whom = Whom::Role { role };
            rungs.retain(|(_, other)| *other != whom);
            rungs.push((not_before.map_or(due, |not_before| due.max(not_before)), whom));
        }
        rungs
    }
}

impl Open<'_> {
    /// So long before it is due. The end of a day belongs to that day: counted from the midnight after it, a day off
    /// that begins there would cost a working day.
    fn before_due(&self, before: Span) -> Option<Timestamp> {
        let calendar = self.calendar;
        let by_the_day = matches!(before.unit(), Unit::Days | Unit::BusinessDays);
        let starts_day = || calendar.start_of_day(calendar.local_date(self.due_at));
        let midnight = by_the_day && starts_day().ok()? == self.due_at;
        let within = SignedDuration::from_secs(i64::from(midnight));
        let last = self.due_at.checked_sub(within).ok()?;
        calendar.due(last, before, Direction::Before).ok()?.checked_add(within).ok()
    }
}

fn halfway(from: Timestamp, to: Timestamp) -> Timestamp {
    let half = to.duration_since(from).checked_div(2).unwrap_or(SignedDuration::ZERO);
    from.checked_add(half).unwrap_or(to)
}
