//! What the reader of an import must know besides its rows: everything that was skipped, assumed or decided.

use serde::Serialize;

use crate::{
    cell::{date::DayOrder, number::DecimalMark},
    text::decode::Encoding,
};

/// Why a choice was made where the cells alone did not tell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "by", rename_all = "snake_case")]
pub enum Because {
    /// The person said so.
    Option,
    /// Another column of the file proves it.
    OtherColumn {
        /// The column.
        column: String,
    },
    /// Times are written with AM and PM.
    HalvesOfDay,
    /// The file's other numbers and delimiter are those of a country that writes it so.
    Manner,
    /// Nothing tells; it is the commoner.
    Habit,
}

impl std::fmt::Display for Because {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Because::Option => f.write_str("as you said"),
            Because::OtherColumn { column } => write!(f, "as the column {column} proves"),
            Because::HalvesOfDay => f.write_str("because the file writes AM and PM"),
            Because::Manner => {
                f.write_str("because of the way the file writes delimiters, dates and numbers")
            }
            Because::Habit => f.write_str("because nothing in the file tells otherwise"),
        }
    }
}

/// One thing to know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "note", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Note {
    /// Nothing in the file proves its encoding.
    EncodingGuessed {
        /// What it was read as.
        encoding: Encoding,
    },
    /// A first line that only says the delimiter.
    SeparatorLine,
    /// The file is our own rejects file, come back.
    Mended,
    /// Rows before the header.
    PreambleSkipped {
        /// The first of them.
        rows: Vec<String>,
        /// How many.
        count: u64,
    },
    /// Rows after the last deal that are none.
    FooterSkipped {
        /// The line the first is on.
        line: u64,
        /// The first of them.
        rows: Vec<String>,
        /// How many.
        count: u64,
    },
    /// Sums and counts between the rows.
    TotalsSkipped {
        /// How many rows.
        count: u64,
        /// The line the first is on.
        line: u64,
    },
    /// The header row stands again between the rows.
    HeaderRepeated {
        /// How often.
        count: u64,
    },
    /// Rows without anything.
    BlankRows {
        /// How many.
        count: u64,
    },
    /// No row holds a deal.
    NoRows,
    /// Columns without a name that hold nothing.
    NamelessColumns {
        /// How many.
        count: usize,
    },
    /// A name stands over several columns; the first is used.
    DuplicateHeader {
        /// The name.
        name: String,
        /// How many columns have it.
        count: usize,
    },
    /// Rows that end before the last column; what is missing is read as blank.
    ShortRows {
        /// How many.
        count: u64,
        /// The line the first is on.
        line: u64,
    },
    /// Dates of a column whose day and month may change places.
    AmbiguousDates {
        /// The column.
        column: String,
        /// How many such dates.
        count: u64,
        /// One of them.
        example: String,
        /// How they are read.
        order: DayOrder,
        /// Why.
        because: Because,
    },
    /// Dates in both orders in one column: those that may be read twice are refused.
    MixedDates {
        /// The column.
        column: String,
        /// How many dates may be read twice.
        count: u64,
    },
    /// Numbers of a column whose mark may be for thousands or decimals.
    AmbiguousNumbers {
        /// The column.
        column: String,
        /// How many such numbers.
        count: u64,
        /// One of them.
        example: String,
        /// How they are read.
        mark: DecimalMark,
        /// Why.
        because: Because,
    },
    /// Numbers in both manners in one column: those that may be read twice are refused.
    MixedNumbers {
        /// The column.
        column: String,
        /// How many numbers may be read twice.
        count: u64,
    },
    /// Amounts with more decimals than their currency has; they are rounded.
    RoundedAmounts {
        /// The column.
        column: String,
        /// How many.
        count: u64,
    },
    /// Neither file nor options name a currency.
    NoCurrency,
    /// Times without a zone.
    TimesWithoutZone {
        /// The columns.
        columns: Vec<String>,
        /// The zone they are read in.
        zone: String,
    },
    /// The probability column counts to one.
    ProbabilityOfOne {
        /// The column.
        column: String,
    },
    /// Won and lost are told by the stage's name.
    OutcomeInferred {
        /// Stages taken as won.
        won: Vec<String>,
        /// Stages taken as lost.
        lost: Vec<String>,
    },
    /// Stages that are an end, nobody knows which: taken as open.
    OutcomeUnclear {
        /// The stages.
        stages: Vec<String>,
    },
    /// Flags and stage name say different things; the flags count.
    OutcomeContradicted {
        /// How many rows.
        count: u64,
        /// The line the first is on.
        line: u64,
    },
    /// Short ids were completed to the form the API writes.
    IdsCompleted {
        /// How many deals.
        count: u64,
    },
    /// References made for the export stand in for ids.
    ReferencesAsIds,
    /// Several rows have one id; one of each is read.
    DuplicateIds {
        /// How many ids stand on several rows.
        ids: u64,
        /// How many rows are skipped.
        skipped: u64,
        /// Some of the ids.
        examples: Vec<String>,
        /// Whether modification dates decide, else the last row.
        by_date: bool,
    },
    /// More unmapped columns than are kept.
    ExtrasDropped {
        /// How many are left out.
        count: usize,
    },
    /// Long texts of unmapped columns that are kept in part.
    ExtrasShortened {
        /// How many cells.
        count: u64,
    },
}

impl std::fmt::Display for Note {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let list = |names: &[String]| names.join(", ");
        match self {
            Note::EncodingGuessed { encoding } => write!(
                f,
                "Nothing says how the file is encoded; it is read as {}. If letters look wrong, save it as UTF-8.",
                encoding.name()
            ),
            Note::SeparatorLine => f.write_str("The first line only says the delimiter."),
            Note::Mended => f.write_str("This is a rejects file; its reject_ columns are left out."),
            Note::PreambleSkipped { rows, count } => {
                write!(f, "{count} row(s) before the column names are skipped: {}.", list(rows))
            }
            Note::FooterSkipped { line, rows, count } => {
                write!(f, "{count} row(s) from line {line} on are no deals and are skipped: {}.", list(rows))
            }
            Note::TotalsSkipped { count, line } => {
                write!(f, "{count} row(s) of totals are skipped, the first on line {line}.")
            }
            Note::HeaderRepeated { count } => {
                write!(f, "The column names stand {count} more time(s) between the rows.")
            }
            Note::BlankRows { count } => write!(f, "{count} blank row(s) are skipped."),
            Note::NoRows => f.write_str("There are column names, but no deals below them."),
            Note::NamelessColumns { count } => write!(f, "{count} column(s) have no name."),
            Note::DuplicateHeader { name, count } => {
                write!(
                    f,
                    "{count} columns are called {name}; the first is used, the others are kept beside it."
                )
            }
            Note::ShortRows { count, line } => write!(
                f,
                "{count} row(s), the first on line {line}, end before the last column; the rest is read as blank."
            ),
            Note::AmbiguousDates { column, count, example, order, because } => {
                write!(f, "{column}: {count} date(s) such as {example} are read as {order}, {because}.")
            }
            Note::MixedDates { column, count } => write!(
                f,
                "{column} holds dates of both orders; {count} that may be read either way are refused."
            ),
            Note::AmbiguousNumbers { column, count, example, mark, because } => {
                write!(f, "{column}: {count} number(s) such as {example} are read like {mark}, {because}.")
            }
            Note::MixedNumbers { column, count } => write!(
                f,
                "{column} holds numbers of both manners; {count} that may be read either way are refused."
            ),
            Note::RoundedAmounts { column, count } => {
                write!(f, "{column}: {count} amount(s) have more decimals than the currency and are rounded.")
            }
            Note::NoCurrency => f.write_str("The file names no currency; the amounts have none."),
            Note::TimesWithoutZone { columns, zone } => {
                write!(f, "Times in {} have no zone; they are read as {zone}.", list(columns))
            }
            Note::ProbabilityOfOne { column } => write!(f, "{column} counts to one: 0.9 is read as 90 %."),
            Note::OutcomeInferred { won, lost } => {
                f.write_str("Won and lost are told by the name of the stage.")?;
                if !won.is_empty() {
                    write!(f, " Won: {}.", list(won))?;
                }
                if !lost.is_empty() {
                    write!(f, " Lost: {}.", list(lost))?;
                }
                Ok(())
            }
            Note::OutcomeUnclear { stages } => {
                write!(f, "Closed, but won or lost is not told, so taken as open: {}.", list(stages))
            }
            Note::OutcomeContradicted { count, line } => write!(
                f,
                "In {count} row(s), the first on line {line}, flags and stage name disagree; the flags count."
            ),
            Note::IdsCompleted { count } => write!(f, "{count} id(s) of 15 characters are completed to 18."),
            Note::ReferencesAsIds => {
                f.write_str("The records have no ids; the references made for this export stand in for them.")
            }
            Note::DuplicateIds { ids, skipped, examples, by_date } => write!(
                f,
                "{ids} id(s) stand on several rows ({}); {skipped} row(s) are skipped, the {} of each is read.",
                list(examples),
                if *by_date { "newest" } else { "last" }
            ),
            Note::ExtrasDropped { count } => write!(f, "{count} further column(s) are not kept."),
            Note::ExtrasShortened { count } => {
                write!(f, "{count} long text(s) in further columns are kept in part.")
            }
        }
    }
}
