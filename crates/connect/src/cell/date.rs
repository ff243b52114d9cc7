//! Dates and moments in the many writings of exports.
//!
//! `02/03/2024` has two readings; a cell of that kind stays open until its column has been looked at. Absent on
//! purpose: the clock. A date in the future is a date.

use jiff::{
    Timestamp,
    civil::{Date, DateTime, Time},
    tz::{Offset, TimeZone},
};
use serde::{Deserialize, Serialize, Serializer};

use crate::fault::Reason;

mod lex;

pub(crate) use lex::lex;

/// What comes first in a date such as `02/03/2024`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DayOrder {
    /// Most of the world.
    DayFirst,
    /// The United States.
    MonthFirst,
}

impl std::fmt::Display for DayOrder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            DayOrder::DayFirst => "day/month/year",
            DayOrder::MonthFirst => "month/day/year",
        })
    }
}

/// A point in time as exactly as the file says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// A day, in the organisation's zone.
    Day(Date),
    /// An instant.
    Instant(Timestamp),
}

impl Moment {
    /// The instant; for a day its first one in `zone`.
    pub fn start(self, zone: &TimeZone) -> Option<Timestamp> {
        match self {
            Moment::Day(date) => date.to_zoned(zone.clone()).ok().map(|start| start.timestamp()),
            Moment::Instant(timestamp) => Some(timestamp),
        }
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self {
            Moment::Day(date) => date.serialize(to),
            Moment::Instant(timestamp) => timestamp.serialize(to),
        }
    }
}

/// A date taken apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Lexed {
    pub day: Day,
    pub time: Option<Time>,
    zone: Option<Offset>,
    /// Whether AM or PM is written.
    pub halves: bool,
}

/// The part of a date that may be open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Day {
    Known(Date),
    /// Two numbers whose order is not said by the cell alone.
    Open {
        first: i8,
        second: i8,
        year: i16,
    },
}

impl Day {
    /// The order that the numbers themselves prove; the same number twice is the same date either way.
    pub fn proves(self) -> Option<DayOrder> {
        match self {
            Day::Open { first: 13.., second: ..=12, .. } => Some(DayOrder::DayFirst),
            Day::Open { first: ..=12, second: 13.., .. } => Some(DayOrder::MonthFirst),
            _ => None,
        }
    }

    /// Whether the cell alone leaves two readings.
    pub fn is_ambiguous(self) -> bool {
        matches!(self, Day::Open { first: 1..=12, second: 1..=12, .. })
            && !matches!(self, Day::Open { first, second, .. } if first == second)
    }

    fn decide(self, order: Option<DayOrder>) -> Result<Date, Reason> {
        let (first, second, year) = match self {
            Day::Known(date) => return Ok(date),
            Day::Open { first, second, year } => (first, second, year),
        };
        let order = match self.proves() {
            Some(proved) => proved,
            None if first == second => DayOrder::DayFirst,
            None => order.ok_or(Reason::AmbiguousDate)?,
        };
        let (day, month) = match order {
            DayOrder::DayFirst => (first, second),
            DayOrder::MonthFirst => (second, first),
        };
        Date::new(year, month, day).map_err(|_| Reason::NoSuchDate)
    }
}

impl Lexed {
    /// Whether a time is written without saying where.
    pub fn lacks_zone(&self) -> bool {
        self.time.is_some() && self.zone.is_none()
    }

    /// The moment, times without a zone being of `zone`.
    pub fn moment(self, order: Option<DayOrder>, zone: &TimeZone) -> Result<Moment, Reason> {
        let date = self.day.decide(order)?;
        let Some(time) = self.time else { return Ok(Moment::Day(date)) };
        let at = DateTime::from_parts(date, time);
        let instant = match self.zone {
            Some(offset) => offset.to_timestamp(at),
            None => zone.to_timestamp(at),
        };
        instant.map(Moment::Instant).map_err(|_| Reason::NoSuchDate)
    }

    /// The day in `zone`. What machines write as midnight UTC is a plain date in disguise, and with an offset other
    /// than UTC's the writer's own day stands there already.
    pub fn date(self, order: Option<DayOrder>, zone: &TimeZone) -> Result<Date, Reason> {
        let date = self.day.decide(order)?;
        match (self.time, self.zone) {
            (Some(time), Some(offset)) if offset == Offset::UTC && time != Time::midnight() => {
                let instant = offset.to_timestamp(DateTime::from_parts(date, time));
                Ok(zone.to_datetime(instant.map_err(|_| Reason::NoSuchDate)?).date())
            }
            _ => Ok(date),
        }
    }
}

#[cfg(test)]
mod tests;
