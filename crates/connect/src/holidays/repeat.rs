//! Entries that come again every year: the one way of repeating that days off have.

use jiff::civil::{Date, Weekday};

use super::Period;

/// The same day of the year, or the same weekday of a month, every so many years.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Yearly {
    every: i16,
    until: Option<Date>,
    count: Option<u32>,
    day: Day,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Day {
    OfStart,
    Weekday { nth: i8, weekday: Weekday },
}

impl Yearly {
    /// Reads a rule that begins on a day.
    ///
    /// # Errors
    /// A sentence: rules that repeat otherwise than yearly are refused, never guessed at.
    pub fn read(rule: &str, start: Date) -> Result<Self, String> {
        let mut yearly = Self { every: 1, until: None, count: None, day: Day::OfStart };
        let (mut is_yearly, mut names_month) = (false, false);
        for part in rule.split(';').filter(|part| !part.is_empty()) {
            let (key, value) =
                part.split_once('=').ok_or_else(|| format!("`{}` says nothing", shown(part)))?;
            let odd = || format!("`{}` is not understood", shown(part));
            match key.to_ascii_uppercase().as_str() {
                "FREQ" if value.eq_ignore_ascii_case("YEARLY") => is_yearly = true,
                "FREQ" => return Err(format!("repeats {}; only yearly days are read", shown(value))),
                "INTERVAL" => yearly.every = value.parse().ok().filter(|years| *years > 0).ok_or_else(odd)?,
                "COUNT" => {
                    yearly.count = Some(value.parse().ok().filter(|count| *count > 0).ok_or_else(odd)?)
                }
                "UNTIL" => yearly.until = Some(value.get(..8).and_then(date).ok_or_else(odd)?),
                "WKST" => {}
                "BYMONTH" if value.parse() == Ok(start.month()) => names_month = true,
                "BYMONTHDAY" if value.parse() == Ok(start.day()) => {}
                "BYDAY" => yearly.day = weekday(value).ok_or_else(odd)?,
                _ => return Err(odd()),
            }
        }
        if !is_yearly {
            return Err("does not say how often it repeats".to_owned());
        }
        if let Day::Weekday { nth, weekday } = yearly.day {
            if !names_month {
                return Err("names a weekday without its month".to_owned());
            }
            let first = start.nth_weekday_of_month(nth, weekday);
            if first.ok() != Some(start) {
                return Err("begins on a day that its own rule does not give".to_owned());
            }
        }
        Ok(yearly)
    }

    /// The days it falls on, up to the end of a period.
    pub fn days(self, start: Date, period: Period) -> impl Iterator<Item = Date> {
        let last = self.until.map_or(period.to, |until| until.min(period.to));
        let years = (start.year()..=period.to.year()).step_by(usize::from(self.every.unsigned_abs()).max(1));
        // A 29 February that a year has not is left out, and does not count.
        let of_year = move |year: i16| match self.day {
            Day::OfStart => Date::new(year, start.month(), start.day()).ok(),
            Day::Weekday { nth, weekday } => {
                Date::new(year, start.month(), 1).ok()?.nth_weekday_of_month(nth, weekday).ok()
            }
        };
        let most = self.count.map_or(usize::MAX, |count| usize::try_from(count).unwrap_or(usize::MAX));
        years.filter_map(of_year).take(most).take_while(move |day| *day <= last)
    }
}

/// `4TH`, `-1MO`.
fn weekday(value: &str) -> Option<Day> {
    let (nth, name) = value.split_at_checked(value.len().checked_sub(2)?)?;
    let weekday = match name.to_ascii_uppercase().as_str() {
        "MO" => Weekday::Monday,
        "TU" => Weekday::Tuesday,
        "WE" => Weekday::Wednesday,
        "TH" => Weekday::Thursday,
        "FR" => Weekday::Friday,
        "SA" => Weekday::Saturday,
        "SU" => Weekday::Sunday,
        _ => return None,
    };
    let nth = nth.parse().ok().filter(|nth| (-5..=5).contains(nth) && *nth != 0)?;
    Some(Day::Weekday { nth, weekday })
}

/// `20261225`.
pub fn date(text: &str) -> Option<Date> {
    if text.len() != 8 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    Date::new(text.get(..4)?.parse().ok()?, text.get(4..6)?.parse().ok()?, text.get(6..)?.parse().ok()?).ok()
}

/// A stretch of the file, short enough for a message.
pub fn shown(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(60).collect()
}
