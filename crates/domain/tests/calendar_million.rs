//! The arithmetic against a walk over every minute, case after case: two thousand each time, a million in the long run
//! (reliability Q7).
//!
//! What the clock on the wall shows is asked once for each minute of some years in six zones; from then on the walk only
//! looks things up there, and counts. It shares nothing with the arithmetic but the names of the zones. Half of the
//! anchors lie near a change of the clocks, a quarter on the ends of working hours.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::{collections::BTreeSet, fmt, ops::Range, thread};

use jiff::civil::{Date, date};
use jiff::{SignedDuration, Timestamp, ToSpan};
use throughline_domain::calendar::{Calendar, CalendarData, Direction, Span, Unit, WindowData, Zone};

const ZONES: [&str; 6] = [
    "America/New_York",
    "Europe/Berlin",
    "Australia/Lord_Howe",
    "Asia/Kolkata",
    "Africa/Casablanca",
    "America/Sao_Paulo",
];
const UNITS: [Unit; 4] = [Unit::Hours, Unit::Days, Unit::BusinessHours, Unit::BusinessDays];
const DAY: i64 = 1_440;
/// Days before and after the anchors that the walls show besides: no answer lies further off.
const RIM: i64 = 130;
const EPOCH: Date = date(1970, 1, 1);

/// What the clock on the wall shows at each minute, in minutes since the local start of 1970.
struct Wall {
    zone: &'static str,
    first: Timestamp,
    shown: Vec<i32>,
    /// Minutes after which it does not show the next one.
    changes: Vec<usize>,
}

impl Wall {
    fn of(zone: &'static str, years: &Range<i16>) -> Self {
        let time_zone = zone.parse::<Zone>().unwrap().time_zone().clone();
        let utc = |date: Date| date.to_zoned(jiff::tz::TimeZone::UTC).unwrap().timestamp();
        let first = utc(date(years.start, 1, 1) - RIM.days());
        let last = utc(date(years.end, 1, 1) + RIM.days());
        let minutes = i32::try_from(last.duration_since(first).as_mins()).unwrap();
        let shown: Vec<i32> = (0..minutes)
            .map(|minute| {
                let local = time_zone.to_datetime(first + SignedDuration::from_mins(1) * minute);
                i32::try_from(EPOCH.at(0, 0, 0, 0).duration_until(local).as_mins()).unwrap()
            })
            .collect();
        let changes = (1..shown.len()).filter(|next| shown[*next] != shown[next - 1] + 1).collect();
        Self { zone, first, shown, changes }
    }

    fn at(&self, minute: usize) -> Timestamp {
        self.first + SignedDuration::from_mins(1) * i32::try_from(minute).unwrap()
    }

    fn time(&self, minute: usize) -> i64 {
        i64::from(self.shown[minute])
    }

    /// The first minute at which it shows this time, or would if the clocks had gone on as before.
    fn minute_of(&self, time: i64) -> usize {
        // No clock here is ever half a day off where it began.
        let near = usize::try_from((time - self.time(0) - DAY / 2).max(0)).unwrap();
        let about = near..(near + usize::try_from(DAY).unwrap()).min(self.shown.len());
        if let Some(minute) = about.clone().find(|minute| self.time(*minute) == time) {
            return minute;
        }
        let after = about.into_iter().find(|minute| self.time(*minute) > time).unwrap();
        after + usize::try_from(time - self.time(after - 1) - 1).unwrap()
    }
}

/// SplitMix64.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn within(&mut self, from: i64, until: i64) -> i64 {
        from + i64::try_from(self.next() % u64::try_from(until - from).unwrap()).unwrap()
    }

    fn roll(&mut self, sides: usize) -> usize {
        usize::try_from(self.next() % sides as u64).unwrap()
    }
}

/// One case.
struct Case<'w> {
    wall: &'w Wall,
    /// The minute of the wall it is counted from.
    anchor: usize,
    weekend: BTreeSet<i64>,
    /// Days off, in days since 1970.
    holidays: BTreeSet<i64>,
    opens: i64,
    closes: i64,
    n: i64,
    unit: Unit,
    direction: Direction,
}

impl fmt::Display for Case<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { wall, weekend, opens, closes, n, unit, direction, .. } = self;
        let (anchor, holidays) = (wall.at(self.anchor), self.dates());
        let zone = wall.zone;
        write!(
            f,
            "{n} {unit} {direction:?} {anchor} in {zone}, off {weekend:?} {holidays:?}, {opens} to {closes}"
        )
    }
}

impl<'w> Case<'w> {
    fn number(number: u64, walls: &'w [Wall]) -> Self {
        let mut dice = Dice(number);
        let wall = &walls[dice.roll(walls.len())];
        let rim = RIM * DAY;
        let inside = rim..i64::try_from(wall.shown.len()).unwrap() - rim;
        let (opens, closes) = match dice.roll(8) {
            0 => (0, DAY),
            1..5 => [(540, 1_020), (60, 540), (120, 150), (150, 195)][dice.roll(4)],
            _ => {
                let (one, other) = (dice.within(0, DAY), dice.within(0, DAY));
                (one.min(other), one.max(other) + 1)
            }
        };
        let somewhen = dice.within(inside.start, inside.end);
        let near = match wall.changes.get(dice.roll(wall.changes.len().max(1))) {
            Some(change) if dice.roll(2) == 0 => i64::try_from(*change).unwrap() + dice.within(-4_320, 4_320),
            _ => somewhen,
        };
        let near = usize::try_from(near.clamp(inside.start, inside.end - 1)).unwrap();
        let today = wall.time(near).div_euclid(DAY);
        let anchor = match dice.roll(8) {
            0 => wall.minute_of(today * DAY + opens),
            1 => wall.minute_of(today * DAY + closes),
            _ => near,
        };
        let weekend = match dice.roll(4) {
            0 => BTreeSet::from([5, 6]),
            1 => (0..dice.roll(6)).map(|_| dice.within(1, 8)).collect(),
            _ => BTreeSet::from([6, 7]),
        };
        let holidays = (0..dice.roll(10)).map(|_| today + dice.within(-20, 20)).collect();
        let unit = UNITS[dice.roll(4)];
        let most = match unit {
            Unit::Hours => 500,
            Unit::Days => 60,
            Unit::BusinessDays => 12,
            // At most eight days' work, so that the walk stays on the wall.
            Unit::BusinessHours => (closes - opens) * 8 / 60,
        };
        let n = dice.within(0, most + 1);
        let direction = if dice.roll(2) == 0 { Direction::After } else { Direction::Before };
        Self { wall, anchor, weekend, holidays, opens, closes, n, unit, direction }
    }

    fn dates(&self) -> Vec<String> {
        self.holidays.iter().map(|day| (EPOCH + day.days()).to_string()).collect()
    }

    /// The answer of the arithmetic.
    fn due(&self) -> Timestamp {
        let clock = |minutes: i64| format!("{:02}:{:02}", minutes / 60, minutes % 60);
        let data = CalendarData {
            zone: self.wall.zone.to_owned(),
            weekend: self.weekend.iter().copied().collect(),
            holidays: self.dates(),
            hours: Some(WindowData { start: clock(self.opens), end: clock(self.closes) }),
        };
        let calendar: Calendar = data.try_into().unwrap();
        let span = Span::new(u32::try_from(self.n).unwrap(), self.unit).unwrap();
        calendar.due(self.wall.at(self.anchor), span, self.direction).unwrap()
    }

    fn is_worked(&self, day: i64) -> bool {
        // 1970 began on a Thursday.
        !self.weekend.contains(&((day + 3).rem_euclid(7) + 1)) && !self.holidays.contains(&day)
    }

    /// The answer of the walk.
    fn walked(&self) -> Timestamp {
        let step = if self.direction == Direction::After { 1 } else { -1 };
        match self.unit {
            Unit::Hours => {
                let minute = i64::try_from(self.anchor).unwrap() + step * self.n * 60;
                self.wall.at(usize::try_from(minute).unwrap())
            }
            Unit::Days => self.days(step, &|_| true),
            Unit::BusinessDays => self.days(step, &|day| self.is_worked(day)),
            Unit::BusinessHours => self.hours(),
        }
    }

    fn days(&self, step: i64, counts: &dyn Fn(i64) -> bool) -> Timestamp {
        let here = self.wall.time(self.anchor);
        let mut day = here.div_euclid(DAY);
        while !counts(day) {
            day += step;
        }
        if self.n == 0 && day == here.div_euclid(DAY) {
            return self.wall.at(self.anchor);
        }
        for _ in 0..self.n {
            day += step;
            while !counts(day) {
                day += step;
            }
        }
        self.wall.at(self.wall.minute_of(day * DAY + here.rem_euclid(DAY)))
    }

    /// The working hours of a day, as minutes of the wall.
    fn hours_of(&self, day: i64) -> Option<Range<usize>> {
        let minutes =
            || self.wall.minute_of(day * DAY + self.opens)..self.wall.minute_of(day * DAY + self.closes);
        self.is_worked(day).then(minutes).filter(|hours| !hours.is_empty())
    }

    fn hours(&self) -> Timestamp {
        let ahead = self.direction == Direction::After;
        let (mut today, mut hours) = (i64::MIN, Vec::new());
        // Where clocks change at midnight, hours reach over the ends of their day.
        let mut near = |minute: usize| {
            let day = self.wall.time(minute).div_euclid(DAY);
            if day != today {
                (today, hours) = (day, (day - 1..=day + 1).filter_map(|day| self.hours_of(day)).collect());
            }
            hours.clone()
        };
        let ends = |hours: &Range<usize>| (hours.start..=hours.end).contains(&self.anchor);
        if self.n == 0 && near(self.anchor).iter().any(ends) {
            return self.wall.at(self.anchor);
        }
        let (mut left, mut minute) = (self.n * 60, self.anchor);
        loop {
            // The minute that is walked over, and where the walk is then.
            let (over, then) = if ahead { (minute, minute + 1) } else { (minute - 1, minute - 1) };
            if near(over).iter().any(|hours| hours.contains(&over)) {
                if left == 0 {
                    return self.wall.at(minute);
                }
                left -= 1;
                if left == 0 {
                    return self.wall.at(then);
                }
            }
            minute = then;
        }
    }
}

/// Every difference among these cases, each told with its number.
fn differences(cases: Range<u64>, years: &Range<i16>) -> Vec<String> {
    let walls: Vec<Wall> = thread::scope(|scope| {
        let made: Vec<_> = ZONES.iter().map(|zone| scope.spawn(|| Wall::of(zone, years))).collect();
        made.into_iter().map(|wall| wall.join().unwrap()).collect()
    });
    let threads = thread::available_parallelism().map_or(1, |threads| threads.get() as u64);
    let look = |first: u64| {
        let mine = (cases.start + first..cases.end).step_by(usize::try_from(threads).unwrap());
        let told = mine.filter_map(|number| {
            let case = Case::number(number, &walls);
            let (due, walked) = (case.due(), case.walked());
            (due != walked).then(|| format!("case {number}: {case}: {due}, by walking {walked}"))
        });
        told.take(20).collect::<Vec<_>>()
    };
    thread::scope(|scope| {
        let look = &look;
        let looking: Vec<_> = (0..threads).map(|first| scope.spawn(move || look(first))).collect();
        looking.into_iter().flat_map(|told| told.join().unwrap()).collect()
    })
}

#[test]
fn two_thousand_due_times_are_those_of_the_minutes_walked() {
    assert_eq!(differences(0..2_000, &(2018..2019)), [] as [String; 0]);
}

#[test]
#[ignore = "minutes; cargo xtask long runs it"]
fn a_million_due_times_are_those_of_the_minutes_walked() {
    let cases = std::env::var("CALENDAR_CASES").map_or(1_000_000, |cases| cases.parse().unwrap());
    assert_eq!(differences(0..cases, &(2012..2030)), [] as [String; 0]);
}
