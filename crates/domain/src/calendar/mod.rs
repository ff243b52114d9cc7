//! Calendars: when something is due, in the time of the people who owe it.
//!
//! A deadline such as `5 bd` means nothing until somebody says where, which days are worked and which clock on
//! the wall counts (R0.12). A [`Calendar`] says that, and [`Calendar::due`] answers with one instant, the same on
//! every machine: time zones come from the database built into the binary, never from the host.
//!
//! The conventions, where sensible people differ:
//!
//! - `h` is elapsed time, whatever the clocks do. `d` keeps the local time of day.
//! - A local time that the clocks skip is moved on by as much as was skipped, also when counting backwards; one
//!   that happens twice means the first time.
//! - `bd` counts days outside weekend and holidays and keeps the time of day. An anchor on a day off first rolls
//!   (`after`: on, `before`: back) and is counted from there: one business day after Saturday is Tuesday.
//! - Nothing to add is the anchor itself, to the instant, unless it has to roll.
//! - `bh` counts elapsed time within working hours on business days. A due time that meets the end of the hours
//!   stays there (backwards: the start).
//! - `d` and `bd` count dates as the calendar on the wall has them, so a date that a zone left out entirely still
//!   counts and is then moved on like any skipped time. Nobody works on such a date: `bh` has no hours there.
//!
//! Absent on purpose: the present time, vacations of single people, half days, and recurring-holiday rules.
//! Holidays are dates that somebody entered.

mod calendars;
pub mod case;
mod data;
mod days;
mod due;
mod error;
mod span;
mod weekend;
mod window;
mod working_time;
mod zone;

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use calendars::{Calendars, OwnCalendars};
pub use data::{CalendarData, WindowData};
pub use due::MOST_DAYS_WALKED;
pub use error::{CalendarError, Excerpt, Located};
pub use span::{Direction, Span, SpanError, SpanFault, Unit};
pub use weekend::Weekend;
pub use window::{TimeOfDay, Window};
pub use zone::Zone;

/// The most holidays one calendar holds: decades of them, and still no burden.
pub const MOST_HOLIDAYS: usize = 20_000;

/// Whose days and hours count: a zone, the weekly days off, single days off, and the hours worked (R0.12, R3.13).
///
/// Stored and sent as [`CalendarData`]; a value of this type has been checked and has a business day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "CalendarData", into = "CalendarData")]
#[schemars(with = "CalendarData")]
pub struct Calendar {
    zone: Zone,
    weekend: Weekend,
    holidays: BTreeSet<Date>,
    hours: Option<Window>,
}

impl Calendar {
    /// A calendar of checked parts.
    ///
    /// Without `hours` every minute of a business day is worked, but nothing can be due in `bh`.
    ///
    /// # Errors
    /// [`CalendarError::TooManyHolidays`] beyond [`MOST_HOLIDAYS`].
    pub fn new(
        zone: Zone,
        weekend: Weekend,
        holidays: BTreeSet<Date>,
        hours: Option<Window>,
    ) -> Result<Self, CalendarError> {
        if holidays.len() > MOST_HOLIDAYS {
            return Err(CalendarError::TooManyHolidays { found: holidays.len() });
        }
        Ok(Self { zone, weekend, holidays, hours })
    }

    /// The zone whose clocks count.
    #[must_use]
    pub fn zone(&self) -> &Zone {
        &self.zone
    }

    /// The days off of every week.
    #[must_use]
    pub fn weekend(&self) -> Weekend {
        self.weekend
    }

    /// The single days off; those that fall on a weekend change nothing.
    #[must_use]
    pub fn holidays(&self) -> &BTreeSet<Date> {
        &self.holidays
    }

    /// The hours worked on a business day, where anybody said so.
    #[must_use]
    pub fn hours(&self) -> Option<Window> {
        self.hours
    }

    /// What the clock on the wall shows.
    fn local(&self, at: Timestamp) -> DateTime {
        self.zone.time_zone().to_datetime(at)
    }

    /// When the clock on the wall shows `local`: skipped times move on by what was skipped, of two the first.
    fn instant(&self, local: DateTime) -> Result<Timestamp, CalendarError> {
        self.zone
            .time_zone()
            .to_ambiguous_timestamp(local)
            .compatible()
            .map_err(|_| CalendarError::OutOfRange)
    }
}
