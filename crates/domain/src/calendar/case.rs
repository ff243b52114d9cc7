//! Worked cases: a question with its answer, one JSON object a line, to hold this arithmetic against.
//!
//! The answers come from elsewhere, which is the point. Keys that say nothing about the question (`id`, `tags`,
//! `due` in local time) may be there and are not read, except `id`, which is repeated where a case fails.

use std::fmt;

use jiff::civil::DateTime;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value};

use super::due::elapsed;
use super::error::{CalendarError, Excerpt};
use super::{Calendar, CalendarData, Direction, Span, WindowData};

/// The longest line that is read, in bytes.
const LONGEST_LINE: usize = 1 << 20;

/// A case that came out otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The line of the case, from 1.
    pub line: usize,
    /// The case's own `id`, where it has one.
    pub id: Option<String>,
    /// What the case says.
    pub expected: Timestamp,
    /// What [`Calendar::due`] says.
    pub found: Timestamp,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}", self.line)?;
        if let Some(id) = &self.id {
            write!(f, " (id {id})")?;
        }
        write!(f, ": due {}, expected {}", self.found, self.expected)
    }
}

/// A line that is not a case, or a case that has no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, {field}: {reason}")]
pub struct CaseError {
    /// The line, from 1.
    pub line: usize,
    /// The field, as `window.start`; `case` where it is the line as a whole.
    pub field: String,
    /// What is wrong there.
    pub reason: CaseFault,
}

/// What can be wrong with a field of a case.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CaseFault {
    /// Not JSON.
    #[error("not JSON at column {column}")]
    NotJson {
        /// Where reading stopped, from 1.
        column: usize,
    },
    /// Longer than any sensible case.
    #[error("longer than {LONGEST_LINE} bytes")]
    TooLong,
    /// The field is not there.
    #[error("missing")]
    Missing,
    /// The field holds something else.
    #[error("{found} is not {wanted}")]
    Not {
        /// What stands there, cut short.
        found: Excerpt,
        /// What should.
        wanted: &'static str,
    },
    /// It and `anchor` were both given, and mean different instants.
    #[error("not the instant that anchor gives")]
    AnchorsDisagree,
    /// The calendar cannot be, or cannot answer.
    #[error(transparent)]
    Calendar(CalendarError),
}

/// Works one case and compares.
///
/// Answers `None` where the due time is the one expected. Lines are numbered from 1 by the caller.
///
/// # Errors
/// [`CaseError`] for a line that is no case, and for a case whose question is impossible.
pub fn check_line(line: usize, text: &str) -> Result<Option<Difference>, CaseError> {
    check(text)
        .map(|outcome| {
            (outcome.expected != outcome.found).then_some(Difference {
                line,
                id: outcome.id,
                expected: outcome.expected,
                found: outcome.found,
            })
        })
        .map_err(|(field, reason)| CaseError { line, field, reason })
}

struct Outcome {
    id: Option<String>,
    expected: Timestamp,
    found: Timestamp,
}

type At<T> = Result<T, (String, CaseFault)>;

fn check(text: &str) -> At<Outcome> {
    let case = Case::parse(text)?;
    let calendar = case.calendar()?;
    let anchor = case.anchor(&calendar)?;
    let direction = case.choice("direction", "`after` or `before`", |name| match name {
        "after" => Some(Direction::After),
        "before" => Some(Direction::Before),
        _ => None,
    })?;
    let op = case.op()?;
    let due = match op {
        Op::Hours => elapsed(anchor, case.hours()?, direction),
        Op::CalendarDays => calendar.due_in_days(anchor, case.days()?, direction),
        Op::BusinessDays => calendar.due_in_business_days(anchor, case.days()?, direction),
        Op::BusinessHours => calendar.due_in_working_time(anchor, case.hours()?, direction),
    };
    let found = due.map_err(|error| {
        let field = if error == CalendarError::NoHours { "window" } else { "n" };
        (field.to_owned(), CaseFault::Calendar(error))
    })?;
    let expected = case.instant("due_utc")?;
    Ok(Outcome { id: case.id(), expected, found })
}

#[derive(Clone, Copy)]
enum Op {
    Hours,
    CalendarDays,
    BusinessDays,
    BusinessHours,
}

struct Case(Map<String, Value>);

impl Case {
    fn parse(text: &str) -> At<Self> {
        let whole = |reason| ("case".to_owned(), reason);
        if text.len() > LONGEST_LINE {
            return Err(whole(CaseFault::TooLong));
        }
        match serde_json::from_str(text) {
            Ok(Value::Object(fields)) => Ok(Self(fields)),
            Ok(other) => Err(whole(not(&other, "a JSON object"))),
            Err(error) => Err(whole(CaseFault::NotJson { column: error.column() })),
        }
    }

    fn id(&self) -> Option<String> {
        match self.given("id")? {
            Value::String(id) => Some(Excerpt::of(id).to_string()),
            Value::Number(id) => Some(id.to_string()),
            _ => None,
        }
    }

    /// A weekend or holidays left out are none.
    fn calendar(&self) -> At<Calendar> {
        let data = CalendarData {
            zone: self.text("zone")?.to_owned(),
            weekend: self.list("weekend", "a whole number", Value::as_i64)?,
            holidays: self.list("holidays", "a date", |day| day.as_str().map(str::to_owned))?,
            hours: self.window()?,
        };
        data.try_into().map_err(|error: super::Located| {
            (error.field.replacen("hours", "window", 1), CaseFault::Calendar(error.reason))
        })
    }

    fn window(&self) -> At<Option<WindowData>> {
        let Some(window) = self.given("window") else { return Ok(None) };
        let Some(ends) = window.as_object() else { return fault("window", not(window, "an object")) };
        let end = |name: &str| match ends.get(name) {
            Some(Value::String(time)) => Ok(time.clone()),
            Some(other) => fault(format!("window.{name}"), not(other, "a time of day")),
            None => fault(format!("window.{name}"), CaseFault::Missing),
        };
        Ok(Some(WindowData { start: end("start")?, end: end("end")? }))
    }

    /// The anchor with its offset; without one it is not an instant, and `anchor_utc` has to say which it is.
    fn anchor(&self, calendar: &Calendar) -> At<Timestamp> {
        let text = self.text("anchor")?;
        let utc = self.given("anchor_utc").map(|_| self.instant("anchor_utc")).transpose()?;
        let agreed =
            |same: bool, at| if same { Ok(at) } else { fault("anchor_utc", CaseFault::AnchorsDisagree) };
        match (text.parse::<Timestamp>(), text.parse::<DateTime>(), utc) {
            (Ok(anchor), _, Some(utc)) => agreed(anchor == utc, anchor),
            (Ok(anchor), _, None) => Ok(anchor),
            (Err(_), Ok(local), Some(utc)) => agreed(local == calendar.local(utc), utc),
            (Err(_), _, _) => self.instant("anchor"),
        }
    }

    fn op(&self) -> At<Op> {
        let wanted = "`hours`, `calendar_days`, `business_days` or `business_hours`";
        self.choice("op", wanted, |name| match name {
            "hours" => Some(Op::Hours),
            "calendar_days" => Some(Op::CalendarDays),
            "business_days" => Some(Op::BusinessDays),
            "business_hours" => Some(Op::BusinessHours),
            _ => None,
        })
    }

    fn days(&self) -> At<u32> {
        let n = self.n("a whole number from 0 to 1000000")?;
        if n.fract() == 0.0 {
            // In range and whole, so the conversion loses nothing.
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "checked just above"
            )]
            return Ok(n as u32);
        }
        self.not_n("a whole number from 0 to 1000000")
    }

    /// Hours may be broken, to the microsecond.
    fn hours(&self) -> At<SignedDuration> {
        let n = self.n("a number from 0 to 1000000")?;
        #[expect(clippy::cast_possible_truncation, reason = "at most 3.6e15, well within 64 bits")]
        let micros = (n * 3.6e9).round() as i64;
        Ok(SignedDuration::from_micros(micros))
    }

    fn n(&self, wanted: &'static str) -> At<f64> {
        match self.get("n")?.as_f64() {
            Some(n) if (0.0..=f64::from(Span::MOST)).contains(&n) => Ok(n),
            _ => self.not_n(wanted),
        }
    }

    fn not_n<T>(&self, wanted: &'static str) -> At<T> {
        fault("n", not(self.get("n")?, wanted))
    }

    fn instant(&self, field: &'static str) -> At<Timestamp> {
        let text = self.text(field)?;
        text.parse().or_else(|_| {
            let wanted = "an instant such as 2026-03-29T01:30:00+01:00";
            fault(field, CaseFault::Not { found: Excerpt::of(text), wanted })
        })
    }

    fn choice<T>(&self, field: &'static str, wanted: &'static str, known: fn(&str) -> Option<T>) -> At<T> {
        let text = self.text(field)?;
        known(text).map_or_else(|| fault(field, CaseFault::Not { found: Excerpt::of(text), wanted }), Ok)
    }

    fn list<T>(
        &self,
        field: &'static str,
        wanted: &'static str,
        read: fn(&Value) -> Option<T>,
    ) -> At<Vec<T>> {
        let Some(list) = self.given(field) else { return Ok(Vec::new()) };
        let Some(items) = list.as_array() else { return fault(field, not(list, "a list")) };
        let item = |(index, item): (usize, &Value)| {
            read(item).map_or_else(|| fault(format!("{field}[{index}]"), not(item, wanted)), Ok)
        };
        items.iter().enumerate().map(item).collect()
    }

    fn text(&self, field: &'static str) -> At<&str> {
        let value = self.get(field)?;
        value.as_str().map_or_else(|| fault(field, not(value, "a text")), Ok)
    }

    fn get(&self, field: &'static str) -> At<&Value> {
        self.given(field).map_or_else(|| fault(field, CaseFault::Missing), Ok)
    }

    /// The field, if it is there and says something.
    fn given(&self, field: &str) -> Option<&Value> {
        self.0.get(field).filter(|value| !value.is_null())
    }
}

fn not(found: &Value, wanted: &'static str) -> CaseFault {
    CaseFault::Not { found: Excerpt::of(&found.to_string()), wanted }
}

fn fault<T>(field: impl Into<String>, reason: CaseFault) -> At<T> {
    Err((field.into(), reason))
}
