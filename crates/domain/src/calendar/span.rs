//! How long something may take, in the unit its source uses: `24 h`, `14 d`, `5 bd` (R0.12).

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

use super::error::Excerpt;

/// A unit of waiting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Unit {
    /// `h`: elapsed hours, nights and weekends included.
    Hours,
    /// `d`: days by the calendar, at the same local time.
    Days,
    /// `bh`: hours within working hours.
    BusinessHours,
    /// `bd`: business days, at the same local time.
    BusinessDays,
}

impl Unit {
    const ALL: [Self; 4] = [Self::Hours, Self::Days, Self::BusinessHours, Self::BusinessDays];

    /// The unit as playbooks write it.
    #[must_use]
    pub const fn symbol(self) -> &'static str {
        match self {
            Self::Hours => "h",
            Self::Days => "d",
            Self::BusinessHours => "bh",
            Self::BusinessDays => "bd",
        }
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.symbol())
    }
}

/// Which way to count from the anchor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// Towards the future: due so long after.
    After,
    /// Towards the past: due so long before.
    Before,
}

/// A number of units, written `5 bd`; the blank may be left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Span {
    n: u32,
    unit: Unit,
}

impl Span {
    /// The largest number of units: over a century of hours, and no walk that would keep anybody waiting.
    pub const MOST: u32 = 1_000_000;

    /// So many of these.
    ///
    /// # Errors
    /// [`SpanError`] beyond [`Span::MOST`].
    pub fn new(n: u32, unit: Unit) -> Result<Self, SpanError> {
        if n <= Self::MOST {
            Ok(Self { n, unit })
        } else {
            Err(SpanError::of(&format!("{n} {unit}"), 1, SpanFault::TooLong))
        }
    }

    /// How many.
    #[must_use]
    pub const fn n(self) -> u32 {
        self.n
    }

    /// Of what.
    #[must_use]
    pub const fn unit(self) -> Unit {
        self.unit
    }
}

impl FromStr for Span {
    type Err = SpanError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        let (number, rest) = text.split_at(digits);
        let fault = |column, fault| Err(SpanError::of(text, column, fault));
        if number.is_empty() {
            return fault(1, SpanFault::NoNumber);
        }
        let symbol = rest.strip_prefix(' ').unwrap_or(rest);
        let Some(unit) = Unit::ALL.into_iter().find(|unit| unit.symbol() == symbol) else {
            return fault(text.len() - symbol.len() + 1, SpanFault::NoUnit);
        };
        match number.parse() {
            Ok(n) if n <= Self::MOST => Ok(Self { n, unit }),
            _ => fault(1, SpanFault::TooLong),
        }
    }
}

impl TryFrom<String> for Span {
    type Error = SpanError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Span> for String {
    fn from(span: Span) -> Self {
        span.to_string()
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.n, self.unit)
    }
}

impl JsonSchema for Span {
    fn schema_name() -> Cow<'static, str> {
        "Span".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "description": "A number of elapsed hours (h), calendar days (d), business hours (bh) or business days (bd)",
            "pattern": "^[0-9]+ ?(h|d|bh|bd)$",
            "examples": ["24 h", "14 d", "8 bh", "5 bd"],
        })
    }
}

/// Where a text stops being a span, and why.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text} is not a time span: {fault} at column {column}")]
pub struct SpanError {
    /// The text, cut short.
    pub text: Excerpt,
    /// Where in the text, from 1.
    pub column: usize,
    /// What is wrong there.
    pub fault: SpanFault,
}

impl SpanError {
    fn of(text: &str, column: usize, fault: SpanFault) -> Self {
        Self { text: Excerpt::of(text), column, fault }
    }
}

/// What a span can lack.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SpanFault {
    /// It does not start with digits; so a negative number is none either.
    #[error("a whole number such as 5 is wanted")]
    NoNumber,
    /// The number is not followed by a unit, and by the unit alone.
    #[error("one of h, d, bh, bd is wanted")]
    NoUnit,
    /// More than [`Span::MOST`].
    #[error("a number up to {} is wanted", Span::MOST)]
    TooLong,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_reads_with_or_without_the_blank_and_writes_with_it() {
        for (text, n, unit) in [
            ("24 h", 24, Unit::Hours),
            ("14d", 14, Unit::Days),
            ("8 bh", 8, Unit::BusinessHours),
            ("005bd", 5, Unit::BusinessDays),
            ("0 bd", 0, Unit::BusinessDays),
            ("1000000 d", 1_000_000, Unit::Days),
        ] {
            let span: Span = text.parse().unwrap();
            assert_eq!((span.n(), span.unit()), (n, unit));
            assert_eq!(span.to_string(), format!("{n} {}", unit.symbol()));
            assert_eq!(serde_json::from_value::<Span>(serde_json::to_value(span).unwrap()).unwrap(), span);
        }
    }

    #[test]
    fn a_text_that_is_no_span_is_refused_at_its_column() {
        for (text, column, fault) in [
            ("", 1, SpanFault::NoNumber),
            ("bd", 1, SpanFault::NoNumber),
            ("-5 bd", 1, SpanFault::NoNumber),
            (" 5 bd", 1, SpanFault::NoNumber),
            ("٥ bd", 1, SpanFault::NoNumber),
            ("5", 2, SpanFault::NoUnit),
            ("5 ", 3, SpanFault::NoUnit),
            ("5  bd", 3, SpanFault::NoUnit),
            ("5 bd ", 3, SpanFault::NoUnit),
            ("5 weeks", 3, SpanFault::NoUnit),
            ("5H", 2, SpanFault::NoUnit),
            ("6.5 bh", 2, SpanFault::NoUnit),
            ("1000001 h", 1, SpanFault::TooLong),
            ("99999999999999999999 h", 1, SpanFault::TooLong),
        ] {
            let error = text.parse::<Span>().unwrap_err();
            assert_eq!((error.column, error.fault), (column, fault), "{error}");
        }
        assert!(Span::new(Span::MOST + 1, Unit::Hours).is_err());
        assert!(Span::new(Span::MOST, Unit::Hours).is_ok());
    }
}
