//! Working time: the stretches in which people are at work, and how to walk along them.

use jiff::civil::{Date, Time};
use jiff::{SignedDuration, Timestamp};

use super::due::{MOST_DAYS_WALKED, shift};
use super::{Calendar, CalendarError, Direction, Window};

/// The walk begins this many dates on the far side of the anchor's, for clock changes push hours past midnight.
const MARGIN_DAYS: u32 = 2;

impl Calendar {
    /// The instant itself within working time, else the start of the next working time.
    ///
    /// With working hours set, their end counts as within, as it does for [`Calendar::due`]: what is due at the
    /// close of a day stays there. Without them all of a business day does.
    ///
    /// # Errors
    /// [`CalendarError::OutOfRange`] or [`CalendarError::TooFar`] where nobody works any more.
    pub fn next_opening(&self, at: Timestamp) -> Result<Timestamp, CalendarError> {
        if self.hours.is_some() {
            return self.due_in_working_time(at, SignedDuration::ZERO, Direction::After);
        }
        let today = self.local_date(at);
        if self.is_business_day(today) {
            return Ok(at);
        }
        let mut day = self.roll(today, Direction::After)?;
        while self.never_came(day) {
            day = self.roll(shift(day, 1, Direction::After)?, Direction::After)?;
        }
        self.start_of_day(day)
    }

    /// The instant with so much working time between it and the anchor.
    ///
    /// Stretches that a clock change makes overlap count once, since `reached` only ever moves one way.
    pub(super) fn due_in_working_time(
        &self,
        anchor: Timestamp,
        length: SignedDuration,
        direction: Direction,
    ) -> Result<Timestamp, CalendarError> {
        let hours = self.hours.ok_or(CalendarError::NoHours)?;
        let mut left = length;
        let mut reached = anchor;
        let mut date = shift(self.local_date(anchor), MARGIN_DAYS, opposite(direction))?;
        for _ in 0..MOST_DAYS_WALKED {
            if let Some(work) = self.worked_on(date, hours)? {
                let (from, to) = match direction {
                    Direction::After => (work.opens.max(reached), work.closes),
                    Direction::Before => (work.opens, work.closes.min(reached)),
                };
                let time = from.duration_until(to);
                if time >= left && !time.is_negative() {
                    let due = match direction {
                        Direction::After => from.checked_add(left),
                        Direction::Before => to.checked_sub(left),
                    };
                    return due.map_err(|_| CalendarError::OutOfRange);
                }
                if time.is_positive() {
                    left -= time;
                    reached = if direction == Direction::After { to } else { from };
                }
            }
            date = shift(date, 1, direction)?;
        }
        Err(CalendarError::TooFar)
    }

    /// The working time of a date; none on days off, and none where a clock change swallows the hours.
    fn worked_on(&self, date: Date, hours: Window) -> Result<Option<Stretch>, CalendarError> {
        if !self.is_business_day(date) || self.never_came(date) {
            return Ok(None);
        }
        let clock = |time: Option<Time>| match time {
            Some(time) => self.instant(date.to_datetime(time)),
            None => self.instant(shift(date, 1, Direction::After)?.to_datetime(Time::midnight())),
        };
        let opens = clock(hours.start().on_the_clock())?;
        let closes = clock(hours.end().on_the_clock())?;
        Ok((opens < closes).then_some(Stretch { opens, closes }))
    }
}

/// From one instant to a later one.
struct Stretch {
    opens: Timestamp,
    closes: Timestamp,
}

fn opposite(direction: Direction) -> Direction {
    match direction {
        Direction::After => Direction::Before,
        Direction::Before => Direction::After,
    }
}
