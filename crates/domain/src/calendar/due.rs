//! When something is due: one rule per unit.

use jiff::{SignedDuration, Timestamp};

use super::{Calendar, CalendarError, Direction, Span, Unit};

/// How many days a search for working time looks at: some 270 years.
pub const MOST_DAYS_WALKED: usize = 100_000;

impl Calendar {
    /// The instant that lies `span` after or before `anchor` (R0.12).
    ///
    /// # Errors
    /// [`CalendarError::NoHours`] for business hours where the calendar has none, [`CalendarError::TooFar`] where
    /// working time is so rare that the answer is centuries away, [`CalendarError::OutOfRange`] past the last year.
    pub fn due(
        &self,
        anchor: Timestamp,
        span: Span,
        direction: Direction,
    ) -> Result<Timestamp, CalendarError> {
        match span.unit() {
            Unit::Hours => elapsed(anchor, hours(span), direction),
            Unit::Days => self.due_in_days(anchor, span.n(), direction),
            Unit::BusinessDays => self.due_in_business_days(anchor, span.n(), direction),
            Unit::BusinessHours => self.due_in_working_time(anchor, hours(span), direction),
        }
    }

    /// The same time of day, so many dates on.
    pub(super) fn due_in_days(
        &self,
        anchor: Timestamp,
        n: u32,
        direction: Direction,
    ) -> Result<Timestamp, CalendarError> {
        if n == 0 {
            return Ok(anchor);
        }
        let local = self.local(anchor);
        self.instant(shift(local.date(), n, direction)?.to_datetime(local.time()))
    }

    /// The same time of day, so many business days on from the first one.
    pub(super) fn due_in_business_days(
        &self,
        anchor: Timestamp,
        n: u32,
        direction: Direction,
    ) -> Result<Timestamp, CalendarError> {
        let local = self.local(anchor);
        let first = self.roll(local.date(), direction)?;
        if n == 0 && first == local.date() {
            // Going through the local time would turn the second of two equal times into the first.
            return Ok(anchor);
        }
        self.instant(self.count_on(first, n, direction)?.to_datetime(local.time()))
    }
}

/// Time on the clock that never changes.
pub(super) fn elapsed(
    anchor: Timestamp,
    length: SignedDuration,
    direction: Direction,
) -> Result<Timestamp, CalendarError> {
    let moved = match direction {
        Direction::After => anchor.checked_add(length),
        Direction::Before => anchor.checked_sub(length),
    };
    moved.map_err(|_| CalendarError::OutOfRange)
}

/// So many dates on or back.
pub(super) fn shift(
    date: jiff::civil::Date,
    days: u32,
    direction: Direction,
) -> Result<jiff::civil::Date, CalendarError> {
    let length = jiff::Span::new().try_days(days).map_err(|_| CalendarError::OutOfRange)?;
    let moved = match direction {
        Direction::After => date.checked_add(length),
        Direction::Before => date.checked_sub(length),
    };
    moved.map_err(|_| CalendarError::OutOfRange)
}

fn hours(span: Span) -> SignedDuration {
    SignedDuration::from_secs(i64::from(span.n()) * 3600)
}
