//! What is wrong with a row: which cell, why, and what to do, so that a person can mend it without asking anybody.

use serde::Serialize;

use crate::{
    cell::money::Currency,
    limits::{CELL_BYTES, TEXT_BYTES, shown},
    vocabulary::Object,
};

/// Why a cell or a row cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Reason {
    /// A deal without an id.
    #[error("the deal has no id")]
    NoId,
    /// A deal without a name.
    #[error("the deal has no name")]
    NoName,
    /// An id that begins like another object's.
    #[error("this id belongs to {}, not to deals", .0.title())]
    ForeignId(Object),
    /// More filled cells than columns.
    #[error("the row has {found} values, the header names {expected} columns")]
    TooManyValues {
        /// Values in the row.
        found: usize,
        /// Columns in the header.
        expected: usize,
    },
    /// Text follows a closing quote.
    #[error("a quote inside a quoted value is not written twice, so the value's end is unsure")]
    LooseQuote,
    /// Far more text than any CRM keeps in a field.
    #[error("the value is longer than {} kB", CELL_BYTES / 1024)]
    CellTooLong,
    /// More text than an id, a name or a label has.
    #[error("the value is longer than {} kB", TEXT_BYTES / 1024)]
    TextTooLong,
    /// Not a date in any known writing.
    #[error("this is no date")]
    NotADate,
    /// A date that no calendar has.
    #[error("there is no such date")]
    NoSuchDate,
    /// Day and month may change places, and neither the column nor anything else tells.
    #[error("this date may be day/month or month/day, and its column holds both kinds")]
    AmbiguousDate,
    /// A month or quarter.
    #[error("this names a month, a quarter or a year, not a day")]
    NotADay,
    /// A date as a count of days.
    #[error("this is a date as a spreadsheet counts it (days since 1900)")]
    SerialDate,
    /// A count of seconds.
    #[error("this looks like seconds since 1970")]
    EpochSeconds,
    /// A year that no deal is from.
    #[error("the year {0} is out of range")]
    YearOutOfRange(i64),
    /// No time of day.
    #[error("the time of day cannot be read")]
    NotATime,
    /// A time zone nobody knows.
    #[error("the time zone cannot be read")]
    NotAZone,
    /// Not a number.
    #[error("this is no number")]
    NotANumber,
    /// A number in powers of ten, whose last digits are lost.
    #[error("a spreadsheet has shortened this number")]
    ShortenedNumber,
    /// `10k`
    #[error("this number is abbreviated")]
    AbbreviatedNumber,
    /// A number whose mark may be for thousands or decimals, in a column that holds both kinds.
    #[error(
        "the mark in this number may stand for thousands or for decimals, and its column holds both kinds"
    )]
    AmbiguousNumber,
    /// More than can be kept.
    #[error("the number is too large")]
    NumberTooLarge,
    /// Outside 0 to 100 %.
    #[error("a probability lies between 0 and 100 %")]
    NotAProbability,
    /// No currency code.
    #[error("this is no currency of ISO 4217")]
    NotACurrency,
    /// The cell says one currency, its row another.
    #[error("the amount is written in {cell}, the row's currency is {row}")]
    CurrencyContradicts {
        /// What the cell says.
        cell: Currency,
        /// What the row says.
        row: Currency,
    },
    /// Neither yes nor no.
    #[error("this is neither yes nor no")]
    NotAFlag,
    /// No mail address.
    #[error("this is no mail address")]
    NotAnEmail,
    /// Refused by whoever takes the deals, in their words.
    #[error("{0}")]
    NotTaken(String),
}

impl Reason {
    /// A name that stays, for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Reason::NoId => "no-id",
            Reason::NoName => "no-name",
            Reason::ForeignId(_) => "foreign-id",
            Reason::TooManyValues { .. } => "too-many-values",
            Reason::LooseQuote => "loose-quote",
            Reason::CellTooLong => "cell-too-long",
            Reason::TextTooLong => "text-too-long",
            Reason::NotADate => "not-a-date",
            Reason::NoSuchDate => "no-such-date",
            Reason::AmbiguousDate => "ambiguous-date",
            Reason::NotADay => "not-a-day",
            Reason::SerialDate => "serial-date",
            Reason::EpochSeconds => "epoch-seconds",
            Reason::YearOutOfRange(_) => "year-out-of-range",
            Reason::NotATime => "not-a-time",
            Reason::NotAZone => "not-a-zone",
            Reason::NotANumber => "not-a-number",
            Reason::ShortenedNumber => "shortened-number",
            Reason::AbbreviatedNumber => "abbreviated-number",
            Reason::AmbiguousNumber => "ambiguous-number",
            Reason::NumberTooLarge => "number-too-large",
            Reason::NotAProbability => "not-a-probability",
            Reason::NotACurrency => "not-a-currency",
            Reason::CurrencyContradicts { .. } => "currency-contradicts",
            Reason::NotAFlag => "not-a-flag",
            Reason::NotAnEmail => "not-an-email",
            Reason::NotTaken(_) => "not-taken",
        }
    }

    /// What to do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            Reason::NoId => "Give the id the CRM has for this deal, or delete the row if it is no deal.",
            Reason::NoName => "Give the deal a name.",
            Reason::ForeignId(_) => "Export deals only, with the deal's own id.",
            Reason::TooManyValues { .. } => {
                "Put quotes around a value that holds the delimiter or a line end, or delete the values too many."
            }
            Reason::LooseQuote => "Inside a quoted value write each quote twice: \"The \"\"Best\"\" Inc\".",
            Reason::CellTooLong | Reason::TextTooLong => "Shorten it, or leave the column out of the export.",
            Reason::NotADate => "Write it as 2024-01-31, or leave it blank.",
            Reason::NoSuchDate => "Look at day and month; write it as 2024-01-31.",
            Reason::AmbiguousDate => "Write it as 2024-01-31, or say which order the file uses.",
            Reason::NotADay => "Give a day: 2024-01-31.",
            Reason::SerialDate => {
                "Format the column as a date in the spreadsheet and save again, or write 2024-01-31."
            }
            Reason::EpochSeconds => "Write it as 2024-01-31T10:00:00Z.",
            Reason::YearOutOfRange(_) => "Write the year with four digits, between 1900 and 4000.",
            Reason::NotATime => "Write it as 2024-01-31 10:00, or leave the time out.",
            Reason::NotAZone => "Write the zone as Z or +01:00.",
            Reason::NotANumber => "Write it as 1234.50, or leave it blank.",
            Reason::ShortenedNumber => {
                "Export again and do not save the file from a spreadsheet: digits are lost. Or write the number out."
            }
            Reason::AbbreviatedNumber => "Write the number out: 10000.",
            Reason::AmbiguousNumber => {
                "Write it without marks for thousands: 1124 or 1.124 with all its decimals."
            }
            Reason::NumberTooLarge => "Look whether a mark or a digit is wrong.",
            Reason::NotAProbability => "Write 90 or 90% for ninety percent, or leave it blank.",
            Reason::NotACurrency => "Write the three-letter code, such as EUR.",
            Reason::CurrencyContradicts { .. } => "Make the two agree, or leave the sign out of the amount.",
            Reason::NotAFlag => "Write true or false, or leave it blank.",
            Reason::NotAnEmail => "Write it as name@company.com, or leave it blank.",
            Reason::NotTaken(_) => "Mend the value in the CRM or here, and import the row again.",
        }
    }
}

impl Serialize for Reason {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.code())
    }
}

/// One thing wrong with a row, and where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// Line on which the row begins, counted from 1.
    pub line: u64,
    /// The column's name; none where the whole row is meant.
    pub column: Option<String>,
    /// The cell, shortened, control characters shown.
    pub value: String,
    /// Why.
    pub reason: Reason,
}

impl Fault {
    /// A fault at a place.
    pub fn new(line: u64, column: Option<&str>, value: &str, reason: Reason) -> Self {
        Self { line, column: column.map(str::to_owned), value: shown(value), reason }
    }

    /// What to do about it.
    pub fn hint(&self) -> &'static str {
        self.reason.hint()
    }
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "line {}", self.line)?;
        if let Some(column) = &self.column {
            write!(f, ", {column}")?;
        }
        if !self.value.is_empty() {
            write!(f, ", `{}`", self.value)?;
        }
        write!(f, ": {}", self.reason)
    }
}

/// A row that cannot be imported: the row as it stands in the file and everything wrong with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reject {
    /// Line on which the row begins, counted from 1.
    pub line: u64,
    /// At least one.
    pub faults: Vec<Fault>,
    /// The row's cells, in the file's order.
    pub cells: Vec<String>,
}

impl std::fmt::Display for Reject {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (at, fault) in self.faults.iter().enumerate() {
            if at > 0 {
                f.write_str("; ")?;
            }
            write!(f, "{fault}")?;
        }
        Ok(())
    }
}
