//! Windows: between which instants a step is neither early nor late.

use jiff::Timestamp;

use super::{Anchor, Reading};
use crate::{
    calendar::{Calendar, Calendars, Direction, Span, Unit},
    handoff::Handoff,
    playbook::{Due, Playbook, Step},
    view::View,
};

/// A window with its ends worked out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// When it begins; before it, done is early.
    pub opens_at: Option<Timestamp>,
    /// When it ends; after it, done is late.
    pub due_at: Timestamp,
    /// After this instant done is missed; only windows before a moment that has come have one.
    pub shuts_at: Option<Timestamp>,
}

impl Window {
    pub(super) fn done(&self, at: Timestamp) -> Reading {
        if self.opens_at.is_some_and(|opens| at < opens) {
            Reading::Early
        } else if at <= self.due_at {
            Reading::Met
        } else if self.shuts_at.is_some_and(|shut| at > shut) {
            Reading::Missed
        } else {
            Reading::Late
        }
    }

    pub(super) fn open(&self, now: Timestamp) -> Reading {
        if self.shuts_at.is_some_and(|shut| shut < now) {
            Reading::Missed
        } else if self.opens_at.is_some_and(|opens| now < opens) {
            Reading::Waiting
        } else if now <= self.due_at {
            Reading::Running
        } else {
            Reading::Overdue
        }
    }
}

/// The window of a step; none where it has no due rule, while its anchor is not known, or where the arithmetic
/// leaves the calendar.
pub fn window(
    handoff: &Handoff,
    playbook: &Playbook,
    calendars: &Calendars,
    now: Timestamp,
    step: &Step,
) -> Option<Window> {
    let view = View::new(handoff, playbook, calendars, now);
    view.window(&step.due.as_ref()?.value, view.calendar_of(step))
}

impl View<'_> {
    pub(super) fn window(&self, due: &Due, calendar: &Calendar) -> Option<Window> {
        let anchor = self.moment(due.anchor)?;
        if let Some(within) = due.within {
            let due_at = anchor.closes(calendar, within, Direction::After).ok()?;
            let opens_at = match due.opens {
                Some(opens) => anchor.opens(calendar, opens, Direction::After).ok()?,
                None => anchor.start(calendar).ok()?,
            };
            let due_at = if due.roll { rolled(anchor, within, due_at, calendar) } else { due_at };
            return Some(Window { opens_at: Some(opens_at), due_at, shuts_at: None });
        }
        let opens_at = due.from.and_then(|from| anchor.opens(calendar, from, Direction::Before).ok());
        let due_at = match due.to {
            Some(to) => anchor.closes(calendar, to, Direction::Before).ok()?,
            None => anchor.end(calendar).ok()?,
        };
        Some(Window { opens_at, due_at, shuts_at: self.behind(due.anchor, calendar) })
    }
}

/// Elapsed time that ends outside working hours is due at the next opening (R0.12); business time never
/// ends there, and a whole day only when it is a day off.
fn rolled(anchor: Anchor, span: Span, due_at: Timestamp, calendar: &Calendar) -> Timestamp {
    let to_worked_day =
        |at| calendar.due(at, Span::new(0, Unit::BusinessDays).unwrap_or(span), Direction::After);
    match (anchor, span.unit()) {
        (_, Unit::BusinessHours | Unit::BusinessDays) => due_at,
        (Anchor::On(_), Unit::Days) => {
            let day = anchor.opens(calendar, span, Direction::After).and_then(to_worked_day);
            day.and_then(|at| calendar.end_of_day(calendar.local_date(at))).unwrap_or(due_at)
        }
        _ => calendar.next_opening(due_at).unwrap_or(due_at),
    }
}
