//! Time in tests: written down, never read.

use std::cell::Cell;

use jiff::{Timestamp, civil};
use throughline_domain::calendar::{Calendar, CalendarData, WindowData};

/// A clock that stands still until somebody sets it.
#[derive(Debug, Clone)]
pub struct ManualClock(Cell<Timestamp>);

impl ManualClock {
    /// A clock that shows `at`.
    pub fn new(at: Timestamp) -> Self {
        Self(Cell::new(at))
    }

    /// What it shows.
    pub fn now(&self) -> Timestamp {
        self.0.get()
    }

    /// Sets it, also back.
    pub fn set(&self, at: Timestamp) {
        self.0.set(at);
    }
}

/// The calendar of every test that names no other: Berlin, Monday to Friday, 9 to 17.
pub fn berlin() -> Calendar {
    Calendar::try_from(CalendarData {
        zone: "Europe/Berlin".to_owned(),
        weekend: vec![6, 7],
        holidays: Vec::new(),
        hours: Some(WindowData { start: "09:00".to_owned(), end: "17:00".to_owned() }),
    })
    .expect("a sound calendar")
}

/// An instant: `2026-03-02T08:00:00Z`, or what the clock on a Berlin wall shows, `2026-03-02 09:00`.
pub fn instant(text: &str) -> Timestamp {
    if let Ok(at) = text.parse() {
        return at;
    }
    let wall: civil::DateTime = text.parse().unwrap_or_else(|why| panic!("`{text}` is no time: {why}"));
    wall.in_tz("Europe/Berlin").expect("a time there is").timestamp()
}

/// A date: `2026-03-02`.
pub fn date(text: &str) -> civil::Date {
    text.parse().unwrap_or_else(|why| panic!("`{text}` is no date: {why}"))
}
