//! Which days count, and how many lie between.

use std::ops::Bound;

use jiff::Timestamp;
use jiff::civil::{Date, Time};
use jiff::tz::AmbiguousOffset;

use super::due::shift;
use super::{Calendar, CalendarError, Direction};

impl Calendar {
    /// Whether people work on this date: it is neither in the weekend nor a holiday.
    #[must_use]
    pub fn is_business_day(&self, date: Date) -> bool {
        !self.weekend.contains(date.weekday()) && !self.holidays.contains(&date)
    }

    /// The date on the wall.
    #[must_use]
    pub fn local_date(&self, at: Timestamp) -> Date {
        self.local(at).date()
    }

    /// The first instant of a date; where the zone left the date out, the first one after it.
    ///
    /// # Errors
    /// [`CalendarError::OutOfRange`] at the ends of time.
    pub fn start_of_day(&self, date: Date) -> Result<Timestamp, CalendarError> {
        let zone = self.zone.time_zone();
        let midnight = zone.to_ambiguous_timestamp(date.to_datetime(Time::midnight()));
        let skipped = matches!(midnight.offset(), AmbiguousOffset::Gap { .. });
        let at = midnight.compatible().map_err(|_| CalendarError::OutOfRange)?;
        if !skipped {
            return Ok(at);
        }
        // Moved on by the whole gap, `at` may be well into the day; the day begins when the clocks change.
        let just_after =
            at.checked_add(jiff::SignedDuration::from_nanos(1)).map_err(|_| CalendarError::OutOfRange)?;
        Ok(zone.preceding(just_after).next().map_or(at, |change| change.timestamp()))
    }

    /// The instant at which a date is over, and no longer part of it: that of "by the end of the day".
    ///
    /// # Errors
    /// [`CalendarError::OutOfRange`] at the ends of time.
    pub fn end_of_day(&self, date: Date) -> Result<Timestamp, CalendarError> {
        self.start_of_day(shift(date, 1, Direction::After)?)
    }

    /// How many business days have passed from `from` to `to`: the largest `n` for which `n bd` after `from` is not
    /// later than `to`.
    ///
    /// So from Monday 10:00 to Tuesday 09:59 it is 0 and a minute later 1. It is 0 too where `to` is the earlier.
    ///
    /// # Errors
    /// [`CalendarError::OutOfRange`] at the ends of time.
    pub fn business_days_between(&self, from: Timestamp, to: Timestamp) -> Result<u32, CalendarError> {
        let first = self.roll(self.local_date(from), Direction::After)?;
        // A day more than the dates say: where clocks are put back past midnight, the date steps back with them.
        let last = shift(self.local_date(to), 1, Direction::After)?;
        let mut passed = self.business_days_within(first, last)?;
        while passed > 0 && self.due_in_business_days(from, passed, Direction::After)? > to {
            passed -= 1;
        }
        Ok(passed)
    }

    /// The date itself if it is a business day, else the next one on the way.
    pub(super) fn roll(&self, date: Date, direction: Direction) -> Result<Date, CalendarError> {
        let mut day = date;
        while !self.is_business_day(day) {
            day = shift(day, 1, direction)?;
        }
        Ok(day)
    }

    /// The `n`-th business day on from the business day `first`.
    ///
    /// Whole weeks are leapt over, so the work grows with the holidays on the way and not with `n`.
    pub(super) fn count_on(&self, first: Date, n: u32, direction: Direction) -> Result<Date, CalendarError> {
        let mut day = first;
        let mut left = n;
        while left >= self.weekend.worked_days() {
            let weeks = left / self.weekend.worked_days();
            let landed = shift(day, weeks.saturating_mul(7), direction)?;
            let (before, upto) = match direction {
                Direction::After => (Bound::Excluded(day), Bound::Included(landed)),
                Direction::Before => (Bound::Included(landed), Bound::Excluded(day)),
            };
            left = left - weeks * self.weekend.worked_days() + self.workdays_off(before, upto);
            day = landed;
        }
        while left > 0 {
            day = shift(day, 1, direction)?;
            left -= u32::from(self.is_business_day(day));
        }
        Ok(day)
    }

    /// Whether the zone went straight from the day before to the day after, as Samoa did in 2011.
    pub(super) fn never_came(&self, date: Date) -> bool {
        let offset_at = |time| self.zone.time_zone().to_ambiguous_timestamp(date.to_datetime(time)).offset();
        let midnight = offset_at(Time::midnight());
        matches!(midnight, AmbiguousOffset::Gap { .. }) && offset_at(Time::MAX) == midnight
    }

    /// The business days after `first`, up to and including `last`.
    fn business_days_within(&self, first: Date, last: Date) -> Result<u32, CalendarError> {
        let days = first.duration_until(last).as_hours() / 24;
        let Ok(days) = u32::try_from(days) else { return Ok(0) };
        let weeks = days / 7;
        let mut day = last;
        let mut rest = 0;
        for _ in 0..days % 7 {
            rest += u32::from(!self.weekend.contains(day.weekday()));
            day = shift(day, 1, Direction::Before)?;
        }
        let off = self.workdays_off(Bound::Excluded(first), Bound::Included(last));
        Ok(weeks * self.weekend.worked_days() + rest - off)
    }

    /// The holidays in a stretch of dates that fall on a day otherwise worked.
    fn workdays_off(&self, from: Bound<Date>, to: Bound<Date>) -> u32 {
        let off = self.holidays.range((from, to)).filter(|day| !self.weekend.contains(day.weekday())).count();
        u32::try_from(off).unwrap_or(u32::MAX)
    }
}
