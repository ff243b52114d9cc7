//! What can be wrong with a calendar, or with a question to it.

use std::fmt;

use super::MOST_HOLIDAYS;
use super::due::MOST_DAYS_WALKED;

/// Why there is no calendar, or no due time.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CalendarError {
    /// The time zone database does not have the name.
    #[error("no time zone is called {name}; names look like Europe/Berlin")]
    UnknownZone {
        /// The name as given, cut short.
        name: Excerpt,
    },
    /// Weekdays are numbered 1 (Monday) to 7 (Sunday).
    #[error("{found} is not a weekday; Monday is 1 and Sunday is 7")]
    WeekdayOutOfRange {
        /// The number as given.
        found: i64,
    },
    /// All seven days are off, so nothing would ever be due.
    #[error("all seven days are off, which leaves no business day")]
    NoBusinessDay,
    /// Not a date that any calendar has.
    #[error("{found} is not a date; dates look like 2026-12-25")]
    NoSuchDate {
        /// The text as given, cut short.
        found: Excerpt,
    },
    /// More single days off than [`MOST_HOLIDAYS`].
    #[error("{found} holidays are more than the {MOST_HOLIDAYS} that a calendar holds")]
    TooManyHolidays {
        /// How many were given.
        found: usize,
    },
    /// Not a time of day.
    #[error("{found} is not a time of day; times run from 00:00 to 24:00")]
    NoSuchTime {
        /// The text as given, cut short.
        found: Excerpt,
    },
    /// The working hours end where they start, or before.
    #[error(
        "working hours from {start} to {end} have no length; the end comes after the start on the same day"
    )]
    EmptyWindow {
        /// `HH:MM`
        start: String,
        /// `HH:MM`
        end: String,
    },
    /// Business hours were asked of a calendar without working hours.
    #[error("business hours need working hours, and this calendar has none")]
    NoHours,
    /// The due time lies so far away that looking for it is not worth it.
    #[error("no due time within {MOST_DAYS_WALKED} days of the anchor")]
    TooFar,
    /// Beyond the years that dates can have.
    #[error("the date is out of range; years run from -9999 to 9999")]
    OutOfRange,
}

/// An error and the field it is in, as `weekend[2]` or `hours.start`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {reason}")]
pub struct Located {
    /// The path to the field, from the calendar down.
    pub field: String,
    /// What is wrong there.
    pub reason: CalendarError,
}

impl Located {
    pub(super) fn at(field: impl Into<String>) -> impl FnOnce(CalendarError) -> Self {
        move |reason| Self { field: field.into(), reason }
    }
}

/// Text from outside as an error may repeat it: quoted, escaped and of bounded length.
#[derive(Clone, PartialEq, Eq)]
pub struct Excerpt(String);

impl Excerpt {
    const MOST_CHARACTERS: usize = 40;

    pub(super) fn of(text: &str) -> Self {
        let cut = text.char_indices().nth(Self::MOST_CHARACTERS).map(|(at, _)| at);
        Self(match cut {
            Some(at) => format!("{}…", text.get(..at).unwrap_or_default()),
            None => text.to_owned(),
        })
    }
}

impl fmt::Display for Excerpt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.0)
    }
}

impl fmt::Debug for Excerpt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_excerpt_is_short_and_escaped_however_long_and_odd_the_text_is() {
        assert_eq!(Excerpt::of("a\nb").to_string(), r#""a\nb""#);
        let long = Excerpt::of(&"ä".repeat(10_000)).to_string();
        assert_eq!(long.chars().count(), Excerpt::MOST_CHARACTERS + 3, "{long}");
        assert!(long.ends_with("…\""));
    }
}
