//! What the engine's errors mean to whoever asked.

use rusqlite::ErrorCode;
use throughline_store::StoreError;

/// Why a file was not opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The file is a database of something else.
    #[error("the file is not a Throughline database")]
    Foreign,
    /// A newer program wrote it.
    #[error("the file has schema version {found}; this program knows up to {known}: use the newer program")]
    Newer {
        /// The file's.
        found: u32,
        /// The newest this program knows.
        known: u32,
    },
    /// The engine would answer before the disk has it.
    #[error("refusing to start: {0}, so an answered change could be lost")]
    NotDurable(String),
    /// The engine failed.
    #[error("cannot open the database: {0}")]
    Engine(#[from] rusqlite::Error),
    /// The system would not give the path or a thread.
    #[error("cannot open the database: {0}")]
    System(#[from] std::io::Error),
}

throughline_store::fault!(rusqlite::Error, store_error);

pub(crate) fn store_error(error: &rusqlite::Error) -> StoreError {
    use rusqlite::Error as E;
    let damaged = match error {
        E::SqliteFailure(cause, _) => {
            matches!(cause.code, ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase)
        }
        E::FromSqlConversionFailure(..)
        | E::IntegralValueOutOfRange(..)
        | E::InvalidColumnType(..)
        | E::Utf8Error(..) => true,
        _ => false,
    };
    let text = error.to_string();
    if damaged { StoreError::Unreadable(text) } else { StoreError::Unavailable(text) }
}

/// Whether something unique was taken.
pub(crate) fn is_taken(error: &rusqlite::Error) -> bool {
    error.sqlite_error_code() == Some(ErrorCode::ConstraintViolation)
}
