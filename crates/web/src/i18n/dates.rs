//! Dates and times in the reader's language and zone.

use jiff::Timestamp;
use jiff::civil::Date;

use super::{Key, Plain, Text};
use crate::key;

const MONTHS: [Key; 12] = [
    key!("month-1"),
    key!("month-2"),
    key!("month-3"),
    key!("month-4"),
    key!("month-5"),
    key!("month-6"),
    key!("month-7"),
    key!("month-8"),
    key!("month-9"),
    key!("month-10"),
    key!("month-11"),
    key!("month-12"),
];

const WEEKDAYS: [Key; 7] = [
    key!("weekday-1"),
    key!("weekday-2"),
    key!("weekday-3"),
    key!("weekday-4"),
    key!("weekday-5"),
    key!("weekday-6"),
    key!("weekday-7"),
];

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

impl Text {
    /// A date: `24 Nov 2026`.
    pub fn date(&self, date: impl Plain<Date>) -> String {
        let date = date.plain();
        self.with(
            "date",
            (("day", date.day().to_string()), ("month", self.month(date)), ("year", year(date))),
        )
        .into()
    }

    /// A date near enough to go without its year: `Tue 24 Nov`.
    pub fn day(&self, date: impl Plain<Date>) -> String {
        let date = date.plain();
        let weekday = self.get(WEEKDAYS[(date.weekday().to_monday_zero_offset()) as usize]);
        let args = (("weekday", weekday), ("day", date.day().to_string()), ("month", self.month(date)));
        self.with("date-near", args).into()
    }

    /// The reader's time of day at an instant: `14:03`.
    pub fn time(&self, at: impl Plain<Timestamp>) -> String {
        let local = at.plain().to_zoned(self.zone.clone());
        format!("{:02}:{:02}", local.hour(), local.minute())
    }

    /// The reader's time of day where seconds count: `14:03:07`.
    pub fn time_to_the_second(&self, at: impl Plain<Timestamp>) -> String {
        let at = at.plain();
        format!("{}:{:02}", self.time(at), at.to_zoned(self.zone.clone()).second())
    }

    /// The reader's date at an instant.
    pub fn local_date(&self, at: impl Plain<Timestamp>) -> Date {
        at.plain().to_zoned(self.zone.clone()).date()
    }

    /// An instant near enough to go without its year: `Tue 24 Nov, 14:03`.
    pub fn moment(&self, at: impl Plain<Timestamp>) -> String {
        let at = at.plain();
        let args = (("date", self.day(self.local_date(at))), ("time", self.time(at)));
        self.with("moment", args).into()
    }

    /// When something ends: `Tue 24 Nov, 14:03`. What ends with a day of the reader names that day, not the midnight
    /// after it.
    pub fn due(&self, at: impl Plain<Timestamp>) -> String {
        let at = at.plain();
        let local = at.to_zoned(self.zone.clone());
        let before = local.start_of_day().is_ok_and(|start| start.timestamp() == at);
        match local.date().yesterday() {
            Ok(day) if before => self.day(day),
            _ => self.moment(at),
        }
    }

    /// An instant with nothing left out, for titles and print: `24 Nov 2026, 14:03 CET`.
    pub fn moment_full(&self, at: impl Plain<Timestamp>) -> String {
        let at = at.plain();
        let zone = at.to_zoned(self.zone.clone()).strftime("%Z").to_string();
        let date = self.date(self.local_date(at));
        self.with("moment-full", (("date", date), ("time", self.time(at)), ("zone", zone))).into()
    }

    /// How far an instant is from `now`, in the largest unit that says something: `in 3 days`, `2 h ago`, `just now`.
    pub fn relative(&self, at: impl Plain<Timestamp>, now: impl Plain<Timestamp>) -> String {
        let seconds = at.plain().as_second().saturating_sub(now.plain().as_second());
        let apart = seconds.saturating_abs();
        let (n, ahead, past) = match apart {
            0..MINUTE => return self.get("time-now").into_owned(),
            MINUTE..HOUR => (apart / MINUTE, key!("time-in-minutes"), key!("time-minutes-ago")),
            HOUR..172_800 => (apart / HOUR, key!("time-in-hours"), key!("time-hours-ago")),
            _ => (apart / DAY, key!("time-in-days"), key!("time-days-ago")),
        };
        self.with(if seconds > 0 { ahead } else { past }, ("n", n)).into()
    }

    /// How long something took, in its two largest units: `2 d 4 h`, `3 d`, `5 h 10 min`. What ends before it begins
    /// took no time.
    pub fn span(&self, from: impl Plain<Timestamp>, to: impl Plain<Timestamp>) -> String {
        let seconds = to.plain().as_second().saturating_sub(from.plain().as_second()).max(0);
        let (large, small) = match seconds {
            0..MINUTE => return self.get("span-moment").into_owned(),
            MINUTE..HOUR => ((key!("span-minutes"), seconds / MINUTE), None),
            HOUR..DAY => {
                ((key!("span-hours"), seconds / HOUR), Some((key!("span-minutes"), seconds % HOUR / MINUTE)))
            }
            _ => ((key!("span-days"), seconds / DAY), Some((key!("span-hours"), seconds % DAY / HOUR))),
        };
        let said = |(key, n): (Key, i64)| self.with(key, ("n", n)).into_owned();
        match small.filter(|(_, n)| *n > 0) {
            None => said(large),
            Some(small) => self.with("span-two", (("large", said(large)), ("small", said(small)))).into(),
        }
    }

    /// The name of the month a date is in, short: `Nov`.
    pub fn month(&self, date: Date) -> String {
        self.get(MONTHS[(date.month() - 1) as usize]).into_owned()
    }
}

/// Years are no quantities: they take no separator.
fn year(date: Date) -> String {
    date.year().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::Locale;
    use jiff::tz::TimeZone;

    fn in_zone(zone: &str) -> Text {
        Text::new(Locale::En, TimeZone::get(zone).unwrap())
    }

    #[test]
    fn the_same_instant_reads_by_the_clock_on_the_readers_wall() {
        let at: Timestamp = "2026-11-24T22:30:00Z".parse().unwrap();
        assert_eq!(in_zone("Europe/Berlin").moment(at), "Tue 24 Nov, 23:30");
        assert_eq!(in_zone("Asia/Kolkata").moment(at), "Wed 25 Nov, 04:00");
        assert_eq!(in_zone("America/New_York").moment_full(at), "24 Nov 2026, 17:30 EST");
    }

    #[test]
    fn what_ends_with_a_day_names_that_day() {
        let at: Timestamp = "2026-11-24T23:00:00Z".parse().unwrap();
        assert_eq!(in_zone("Europe/Berlin").due(at), "Tue 24 Nov");
        assert_eq!(in_zone("UTC").due(at), "Tue 24 Nov, 23:00");
    }

    #[test]
    fn every_month_and_weekday_has_its_own_name() {
        let text = in_zone("UTC");
        let names = |keys: &[Key]| {
            keys.iter().map(|key| text.get(key)).collect::<std::collections::BTreeSet<_>>().len()
        };
        assert_eq!((names(&MONTHS), names(&WEEKDAYS)), (12, 7));
        assert_eq!(text.date(jiff::civil::date(2027, 1, 1)), "1 Jan 2027");
        assert_eq!(text.day(jiff::civil::date(2027, 1, 3)), "Sun 3 Jan");
    }

    #[test]
    fn a_span_is_told_in_its_two_largest_units() {
        let start: Timestamp = "2026-11-24T12:00:00Z".parse().unwrap();
        let took =
            |seconds: i64| in_zone("UTC").span(start, start + jiff::SignedDuration::from_secs(seconds));
        assert_eq!([took(-5), took(59)], ["less than a minute", "less than a minute"]);
        assert_eq!([took(60), took(3599)], ["1 min", "59 min"]);
        assert_eq!([took(3600), took(HOUR * 5 + MINUTE * 10)], ["1 h", "5 h 10 min"]);
        assert_eq!([took(DAY * 3 + MINUTE), took(DAY * 2 + HOUR * 4)], ["3 d", "2 d 4 h"]);
    }

    #[test]
    fn distances_use_the_largest_unit_that_says_something() {
        let now: Timestamp = "2026-11-24T12:00:00Z".parse().unwrap();
        let says =
            |seconds: i64| in_zone("UTC").relative(now + jiff::SignedDuration::from_secs(seconds), now);
        assert_eq!([says(0), says(-59)], ["just now", "just now"]);
        assert_eq!([says(60), says(-3599)], ["in 1 min", "59 min ago"]);
        assert_eq!([says(3600), says(-172_799)], ["in 1 h", "47 h ago"]);
        assert_eq!([says(172_800), says(-400 * DAY)], ["in 2 days", "400 days ago"]);
        assert_eq!(in_zone("UTC").relative(Timestamp::MAX, Timestamp::MIN).split(' ').next(), Some("in"));
    }
}
