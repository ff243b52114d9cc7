//! The arithmetic against a slow walk that shares nothing with it but the clock on the wall.
//!
//! The oracle only ever asks what local time an instant has, minute by minute, and never the way back: which
//! times are skipped, and which come twice, it sees as it walks.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::collections::BTreeSet;

use jiff::civil::{Date, DateTime, date};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan};
use proptest::prelude::*;
use throughline_domain::calendar::{Calendar, CalendarData, Direction, Span, Unit, WindowData, Zone};

const ZONES: [&str; 14] = [
    "America/New_York",
    "Europe/Berlin",
    "Australia/Lord_Howe",
    "Asia/Kolkata",
    "Africa/Casablanca",
    "America/Sao_Paulo",
    "Pacific/Apia",
    "Pacific/Kwajalein",
    "America/Havana",
    "America/St_Johns",
    "Atlantic/Azores",
    "Asia/Tehran",
    "Africa/Cairo",
    "America/Nuuk",
];
const EPOCH: Date = date(1970, 1, 1);
const MINUTE: SignedDuration = SignedDuration::from_mins(1);

/// A question with small numbers: what is asked, before the calendar is made.
#[derive(Debug, Clone)]
struct Question {
    zone: &'static str,
    anchor: Timestamp,
    weekend: BTreeSet<i64>,
    holidays: BTreeSet<Date>,
    opens: i64,
    closes: i64,
    n: u32,
    direction: Direction,
}

impl Question {
    fn time_zone(&self) -> TimeZone {
        self.zone.parse::<Zone>().unwrap().time_zone().clone()
    }

    fn calendar(&self) -> Calendar {
        let clock = |minutes: i64| format!("{:02}:{:02}", minutes / 60, minutes % 60);
        let data = CalendarData {
            zone: self.zone.to_owned(),
            weekend: self.weekend.iter().copied().collect(),
            holidays: self.holidays.iter().map(Date::to_string).collect(),
            hours: Some(WindowData { start: clock(self.opens), end: clock(self.closes) }),
        };
        data.try_into().unwrap()
    }

    fn due(&self, unit: Unit) -> Timestamp {
        self.calendar().due(self.anchor, Span::new(self.n, unit).unwrap(), self.direction).unwrap()
    }

    fn is_worked(&self, date: Date) -> bool {
        let weekday = i64::from(date.weekday().to_monday_one_offset());
        !self.weekend.contains(&weekday) && !self.holidays.contains(&date)
    }
}

/// Anchors crowd around changes of clocks, and on the ends of working hours.
fn any_question() -> impl Strategy<Value = Question> {
    let windows = prop_oneof![
        Just((0, 1440)),
        Just((540, 1020)),
        Just((60, 540)),
        Just((600, 720)),
        Just((120, 150)),
        Just((150, 195)),
        (0_i64..1440, 0_i64..1440).prop_map(|(a, b)| (a.min(b), a.max(b) + 1)),
    ];
    let weekends = prop_oneof![
        Just(BTreeSet::from([6, 7])),
        Just(BTreeSet::from([5, 6])),
        prop::collection::btree_set(1_i64..=7, 0..=5),
    ];
    let parts = (
        prop::sample::select(ZONES.as_slice()),
        631_152_000_i64..2_145_916_800, // 1990 to 2038
        prop_oneof![Just(None), (-4320_i64..4320).prop_map(Some), (-90_i64..90).prop_map(Some)],
        prop::sample::select(vec![None, None, Some(true), Some(false)]),
        weekends,
        prop::collection::vec(-20_i32..20, 0..10),
        windows,
        any::<prop::sample::Index>(),
        prop::bool::ANY,
    );
    parts.prop_map(|(zone, second, near, on_end, weekend, off, (opens, closes), n, after)| {
        let time_zone = zone.parse::<Zone>().unwrap().time_zone().clone();
        let somewhen = Timestamp::from_second(second - second.rem_euclid(60)).unwrap();
        let change = time_zone.following(somewhen).next().map_or(somewhen, |change| change.timestamp());
        let about = near.map_or(somewhen, |minutes| change + SignedDuration::from_mins(minutes));
        let today = time_zone.to_datetime(about).date();
        let anchor = on_end.map_or(about, |start| {
            let minutes = SignedDuration::from_mins(if start { opens } else { closes });
            time_zone.to_timestamp(today.at(0, 0, 0, 0) + minutes).unwrap()
        });
        Question {
            zone,
            anchor,
            weekend,
            holidays: off.into_iter().map(|days| today + days.days()).collect(),
            opens,
            closes,
            // At most eight days' work, so that the walk stays short.
            n: u32::try_from(n.index(usize::try_from((closes - opens) * 8 / 60).unwrap() + 1)).unwrap(),
            direction: if after { Direction::After } else { Direction::Before },
        }
    })
}

/// Every minute of some days, and what the wall shows then: minutes since the local start of 1970.
struct Wall {
    first: Timestamp,
    shown: Vec<i64>,
}

impl Wall {
    fn around(zone: &TimeZone, at: Timestamp, days_before: i64, days_after: i64) -> Self {
        let first = at - SignedDuration::from_hours(24 * days_before);
        let minutes = i32::try_from((days_before + days_after) * 1440).unwrap();
        Self {
            first,
            shown: (0..minutes)
                .map(|minute| wall_minutes(zone.to_datetime(first + MINUTE * minute)))
                .collect(),
        }
    }

    fn at(&self, minute: usize) -> Timestamp {
        self.first + MINUTE * i32::try_from(minute).unwrap()
    }

    /// The first minute at which the wall shows this time, or would if the clocks had gone on as before.
    fn minute_of(&self, time: i64) -> usize {
        // No clock is ever more than two days off another, so nothing earlier can be it.
        let near = usize::try_from((time - self.shown[0] - 2880).max(0)).unwrap();
        if let Some(minute) = self.shown.iter().skip(near).take(5760).position(|shown| *shown == time) {
            return near + minute;
        }
        let after = near + self.shown.iter().skip(near).position(|shown| *shown > time).unwrap();
        let missed = time - self.shown[after - 1] - 1;
        assert!(missed >= 0, "{time} is not skipped");
        after + usize::try_from(missed).unwrap()
    }

    /// Which minutes are worked, and the working hours they come from.
    fn worked(&self, question: &Question) -> (Vec<bool>, Vec<(usize, usize)>) {
        let dates: BTreeSet<i64> = self.shown.iter().map(|time| time.div_euclid(1440)).collect();
        let mut worked = vec![false; self.shown.len()];
        let mut hours = Vec::new();
        // Only dates that the wall shows; those at the rims may be cut, and the walk never gets there.
        for day in dates.iter().skip(1).take(dates.len() - 4) {
            if !question.is_worked(EPOCH + day.days()) {
                continue;
            }
            let from = self.minute_of(day * 1440 + question.opens);
            let to = self.minute_of(day * 1440 + question.closes);
            if from < to {
                worked[from..to].fill(true);
                hours.push((from, to));
            }
        }
        (worked, hours)
    }
}

fn wall_minutes(time: DateTime) -> i64 {
    EPOCH.at(0, 0, 0, 0).duration_until(time).as_mins()
}

fn business_hours_by_walking(question: &Question) -> Timestamp {
    // Eight days' work, two worked days a week, ten holidays: nine weeks hold it, and a few days skipped.
    let (before, after) = if question.direction == Direction::After { (5, 70) } else { (70, 5) };
    let wall = Wall::around(&question.time_zone(), question.anchor, before, after);
    let (worked, hours) = wall.worked(question);
    let start = usize::try_from(before * 1440).unwrap();
    if question.n == 0 && hours.iter().any(|(from, to)| (*from..=*to).contains(&start)) {
        return question.anchor;
    }
    let minutes: Vec<usize> = match question.direction {
        Direction::After => (start..worked.len()).collect(),
        Direction::Before => (0..start).rev().collect(),
    };
    let mut left = question.n * 60;
    for minute in minutes.into_iter().filter(|minute| worked[*minute]) {
        let (near, far) = match question.direction {
            Direction::After => (minute, minute + 1),
            Direction::Before => (minute + 1, minute),
        };
        if left == 0 {
            return wall.at(near);
        }
        left -= 1;
        if left == 0 {
            return wall.at(far);
        }
    }
    unreachable!("the walk is long enough")
}

fn days_by_walking(question: &Question, counts: impl Fn(Date) -> bool) -> Timestamp {
    let zone = question.time_zone();
    let here = zone.to_datetime(question.anchor);
    let step = if question.direction == Direction::After { 1.day() } else { -1.days() };
    let mut date = here.date();
    while !counts(date) {
        date += step;
    }
    if question.n == 0 && date == here.date() {
        return question.anchor;
    }
    for _ in 0..question.n {
        date += step;
        while !counts(date) {
            date += step;
        }
    }
    let days = SignedDuration::from_hours(24 * i64::from(date.since(here.date()).unwrap().get_days()));
    let wall = Wall::around(&zone, question.anchor + days, 3, 3);
    wall.at(wall.minute_of(wall_minutes(date.to_datetime(here.time()))))
}

proptest! {
    #[test]
    fn business_hours_are_the_worked_minutes_walked(question in any_question()) {
        prop_assert_eq!(question.due(Unit::BusinessHours), business_hours_by_walking(&question));
    }

    #[test]
    fn business_days_are_the_worked_dates_walked(question in any_question()) {
        prop_assert_eq!(question.due(Unit::BusinessDays), days_by_walking(&question, |day| question.is_worked(day)));
    }

    #[test]
    fn days_are_the_dates_walked(question in any_question()) {
        prop_assert_eq!(question.due(Unit::Days), days_by_walking(&question, |_| true));
    }

    #[test]
    fn the_business_days_passed_are_the_last_ones_not_past(question in any_question(), minutes in -9000_i64..90_000) {
        let calendar = question.calendar();
        let to = question.anchor + SignedDuration::from_mins(minutes);
        let passed = calendar.business_days_between(question.anchor, to).unwrap();
        let due = |n| calendar.due(question.anchor, Span::new(n, Unit::BusinessDays).unwrap(), Direction::After).unwrap();
        prop_assert!(passed == 0 || due(passed) <= to);
        prop_assert!(due(passed + 1) > to);
    }

    #[test]
    fn the_next_opening_is_open_and_not_in_the_past(question in any_question()) {
        let calendar = question.calendar();
        let opening = calendar.next_opening(question.anchor).unwrap();
        prop_assert!(opening >= question.anchor);
        prop_assert_eq!(calendar.next_opening(opening), Ok(opening));
        let now = Question { n: 0, direction: Direction::After, ..question };
        prop_assert_eq!(opening, business_hours_by_walking(&now));
    }

    #[test]
    fn whatever_is_asked_of_any_instant_is_answered_or_refused(
        question in any_question(),
        anchor in Timestamp::MIN.as_second()..=Timestamp::MAX.as_second(),
        n in 0..=Span::MOST,
    ) {
        let calendar = question.calendar();
        let anchor = Timestamp::from_second(anchor).unwrap();
        for unit in [Unit::Hours, Unit::Days, Unit::BusinessDays] {
            match calendar.due(anchor, Span::new(n, unit).unwrap(), question.direction) {
                Ok(due) if question.direction == Direction::After => prop_assert!(due >= anchor),
                Ok(due) => prop_assert!(due <= anchor || n == 0),
                Err(error) => prop_assert!(error.to_string().contains("out of range")),
            }
        }
    }
}
