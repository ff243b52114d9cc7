//! What was found out about a file, and why one is refused.

use serde::Serialize;

use crate::{
    field::Field,
    mapping::NoSuchColumn,
    note::Note,
    outcome::StageReading,
    recognise::Recognised,
    text::{
        decode::{DecodeError, Encoding},
        scan::Unclosed,
        sheet::{Column, Format, SheetError},
        tree::TreeError,
    },
    vocabulary::Object,
};

/// A column and what it was taken for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MappedColumn {
    /// The column.
    #[serde(flatten)]
    pub column: Column,
    /// The field; none keeps the column under its own name.
    pub field: Option<Field>,
}

/// A stage of the file, so that a person may say what it means.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Stage {
    /// As the file writes it.
    pub name: String,
    /// On how many rows.
    pub count: u64,
    /// What the name alone tells.
    pub reads: StageReading,
}

/// Everything found out about a file before its rows are read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Where it comes from and what its rows are.
    pub recognised: Recognised,
    /// What kind of file it is.
    #[serde(flatten)]
    pub format: Format,
    /// How its bytes were read.
    pub encoding: Encoding,
    /// Whether it begins with a byte order mark.
    pub had_bom: bool,
    /// Line of the column names.
    pub header_line: u64,
    /// Its columns, in order.
    pub columns: Vec<MappedColumn>,
    /// Rows that hold a deal, or whatever the file lists.
    pub data_rows: u64,
    /// Rows that hold nothing.
    pub blank_rows: u64,
    /// The stages met, at most 200.
    pub stages: Vec<Stage>,
    /// Everything that was skipped, assumed or decided.
    pub notes: Vec<Note>,
    /// Why its rows cannot be imported as deals; none where they can.
    pub refusal: Option<Refusal>,
}

/// Why a readable file is not imported.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize)]
#[serde(tag = "refusal", rename_all = "snake_case")]
pub enum Refusal {
    /// Its rows are something else.
    #[error("this is a list of {}, not of deals", object.title())]
    NotDeals {
        /// What they are.
        object: Object,
        /// How to export deals instead.
        hint: &'static str,
    },
    /// Nothing tells what its rows are.
    #[error("nothing in this file's column names tells that its rows are deals")]
    Unrecognised {
        /// How to export deals instead.
        hint: &'static str,
    },
    /// Deals without ids: imported twice, each would be two.
    #[error("there is no column with the deals' ids")]
    NoIdColumn {
        /// How to export deals instead.
        hint: &'static str,
    },
    /// Deals without names.
    #[error("there is no column with the deals' names")]
    NoNameColumn {
        /// How to export deals instead.
        hint: &'static str,
    },
}

impl Refusal {
    /// What to do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            Refusal::NotDeals { hint, .. }
            | Refusal::Unrecognised { hint }
            | Refusal::NoIdColumn { hint }
            | Refusal::NoNameColumn { hint } => hint,
        }
    }
}

/// Why nothing of a file can be read as deals.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// The file cannot be read at all.
    #[error(transparent)]
    Sheet(#[from] SheetError),
    /// The mapping asked for does not fit the file.
    #[error(transparent)]
    Mapping(#[from] NoSuchColumn),
    /// The file can be read, but holds no deals that can be imported.
    #[error("{refusal}")]
    Refused {
        /// Why.
        refusal: Refusal,
        /// What was found out about the file.
        summary: Box<Summary>,
    },
}

impl From<DecodeError> for ReadError {
    fn from(error: DecodeError) -> Self {
        ReadError::Sheet(error.into())
    }
}

impl From<TreeError> for ReadError {
    fn from(error: TreeError) -> Self {
        ReadError::Sheet(error.into())
    }
}

impl From<Unclosed> for ReadError {
    fn from(error: Unclosed) -> Self {
        ReadError::Sheet(error.into())
    }
}

impl ReadError {
    /// What to do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            ReadError::Sheet(error) => error.hint(),
            ReadError::Mapping(_) => "Name a column as the file's header writes it.",
            ReadError::Refused { refusal, .. } => refusal.hint(),
        }
    }

    /// The line it is about, counted from 1.
    pub fn line(&self) -> Option<u64> {
        match self {
            ReadError::Sheet(error) => error.line(),
            ReadError::Mapping(_) | ReadError::Refused { .. } => None,
        }
    }
}
