//! Days off, as others publish them: a calendar file (RFC 5545), or a country's national holidays.
//!
//! Both give dates with names to look over; nothing is kept here. Absent on purpose: the network and the present
//! time, regional holidays (a file brings them), and anything that is not a whole day off.

mod country;
mod file;
mod repeat;

use jiff::civil::Date;
use serde::Serialize;

pub use country::{Country, NoSuchCountry, YearsOutOfRange, countries, of_country};
pub use file::{LARGEST_FILE, MOST_EVENTS, read_file};

/// A day off with its name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Holiday {
    /// The day.
    pub on: Date,
    /// What it is called; empty where nobody says.
    pub name: String,
}

/// An entry of a file that gives no day off.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Skipped {
    /// Its place among the file's entries, from 1.
    pub entry: usize,
    /// What it is called.
    pub name: String,
    /// Why it gives none.
    pub why: &'static str,
}

/// What a file holds.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Found {
    /// Days off, by date.
    pub days: Vec<Holiday>,
    /// Entries that give none.
    pub skipped: Vec<Skipped>,
    /// How many days lie outside the time asked for.
    pub outside: usize,
}

/// Why a calendar file is refused, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FileFault {
    /// Too large to be looked at.
    #[error("the file is larger than {} kB", LARGEST_FILE / 1024)]
    TooLarge,
    /// Not the text such files are made of.
    #[error("the file is not UTF-8 text")]
    NotText,
    /// A line that is none of such a file.
    #[error("line {line}: {why}")]
    Line {
        /// Which line of the file, from 1.
        line: usize,
        /// What is wrong.
        why: String,
    },
    /// An entry that cannot be understood.
    #[error("entry {entry} (line {line}{}), {field}: {why}", quoted(.name))]
    Entry {
        /// Which entry, from 1.
        entry: usize,
        /// The line it begins on.
        line: usize,
        /// What it is called.
        name: String,
        /// Which of its fields.
        field: &'static str,
        /// What is wrong.
        why: String,
    },
    /// More than any company has days off.
    #[error("the file has more than {} entries", MOST_EVENTS)]
    TooMany,
}

fn quoted(name: &str) -> String {
    if name.is_empty() { String::new() } else { format!(", “{name}”") }
}

/// The time that is asked for, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    /// The first day.
    pub from: Date,
    /// The last day.
    pub to: Date,
}

impl Period {
    /// Whole years.
    ///
    /// # Errors
    /// Years that no calendar here reaches.
    pub fn years(from: i16, count: u8) -> Result<Self, YearsOutOfRange> {
        let last = from.checked_add(i16::from(count).saturating_sub(1));
        match (count, last) {
            (1..=50, Some(last)) if (1900..=2150).contains(&from) && last <= 2200 => {
                Ok(Self { from: Date::constant(from, 1, 1), to: Date::constant(last, 12, 31) })
            }
            _ => Err(YearsOutOfRange),
        }
    }

    fn holds(&self, date: Date) -> bool {
        self.from <= date && date <= self.to
    }
}
