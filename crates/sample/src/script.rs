//! When things happen, counted from today: business days back for what was, days ahead for what is to come.

use jiff::{
    SignedDuration, Timestamp, ToSpan as _,
    civil::{Date, Time, Weekday},
    tz::TimeZone,
};

use crate::PlayError;

/// The company's zone, where nobody says otherwise.
pub const ZONE: &str = "Europe/Berlin";

/// The calendar of scenes.
#[derive(Debug, Clone)]
pub struct Script {
    now: Timestamp,
    today: Date,
    zone: TimeZone,
}

impl Script {
    /// Scenes that end now, by the days and hours of a zone.
    ///
    /// # Errors
    /// [`PlayError::Script`] when there is no such zone.
    pub fn new(now: Timestamp, zone: &str) -> Result<Self, PlayError> {
        let zone = TimeZone::get(zone).map_err(|why| PlayError::script(why.to_string()))?;
        // Nobody's day is told in fractions of a second.
        let now = Timestamp::from_second(now.as_second()).unwrap_or(now);
        let today = now.to_zoned(zone.clone()).date();
        Ok(Self { now, today, zone })
    }

    /// When the company was made.
    pub fn founded(&self) -> Timestamp {
        self.back(70, 8, 0)
    }

    /// So many business days back, at a time of day. Never later than now.
    pub fn back(&self, business_days: u32, hour: i8, minute: i8) -> Timestamp {
        let mut date = self.today;
        let mut left = business_days;
        while left > 0 {
            date = date.yesterday().unwrap_or(date);
            left -= u32::from(works(date));
        }
        self.at(date, hour, minute).min(self.now)
    }

    /// The first full hour at or after an instant: not before the company was made, and not after now.
    pub fn hour_after(&self, at: Timestamp) -> Timestamp {
        let hour = at.as_second().div_euclid(3_600) + i64::from(at.as_second().rem_euclid(3_600) > 0);
        Timestamp::from_second(hour * 3_600).unwrap_or(at).max(self.founded()).min(self.now)
    }

    /// So many minutes ago.
    pub fn minutes_ago(&self, minutes: i64) -> Timestamp {
        self.now - SignedDuration::from_mins(minutes)
    }

    /// The first business day so many days ahead.
    pub fn ahead(&self, days: i64) -> Date {
        let mut date = self.today.saturating_add(days.days());
        while !works(date) {
            date = date.tomorrow().unwrap_or(date);
        }
        date
    }

    /// The same, at a time of day.
    pub fn ahead_at(&self, days: i64, hour: i8, minute: i8) -> Timestamp {
        self.at(self.ahead(days), hour, minute)
    }

    /// The date of an instant.
    pub fn date(&self, at: Timestamp) -> Date {
        at.to_zoned(self.zone.clone()).date()
    }

    fn at(&self, date: Date, hour: i8, minute: i8) -> Timestamp {
        let time = Time::new(hour, minute, 0, 0).unwrap_or(Time::midnight());
        date.to_datetime(time).to_zoned(self.zone.clone()).map_or(self.now, |at| at.timestamp())
    }
}

fn works(date: Date) -> bool {
    !matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scenes_fall_on_business_days_and_never_after_now() {
        let sunday: Timestamp = "2026-11-22T06:30:00Z".parse().unwrap();
        let script = Script::new(sunday, ZONE).unwrap();
        assert_eq!(script.back(1, 10, 0).to_string(), "2026-11-20T09:00:00Z");
        assert_eq!(script.back(6, 10, 0).to_string(), "2026-11-13T09:00:00Z");
        assert_eq!(script.back(0, 23, 0), sunday);
        assert_eq!(script.hour_after(script.back(1, 10, 1)).to_string(), "2026-11-20T10:00:00Z");
        assert_eq!(script.hour_after(script.back(200, 9, 0)), script.founded());
        assert_eq!(script.hour_after(sunday), sunday);
        assert_eq!(script.ahead(6).to_string(), "2026-11-30");
        assert_eq!(script.ahead(9).to_string(), "2026-12-01");
    }
}
