//! What the server's errors mean to whoever asked.

use throughline_store::StoreError;

use crate::driver::Error;

/// Why a database was not opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The address cannot be read.
    #[error("the database address is not understood: {0}")]
    Address(String),
    /// The database belongs to something else.
    #[error("the database is not a Throughline database, and not empty")]
    Foreign,
    /// A newer program wrote it.
    #[error(
        "the database has schema version {found}; this program knows up to {known}: use the newer program"
    )]
    Newer {
        /// The database's.
        found: u32,
        /// The newest this program knows.
        known: u32,
    },
    /// The server would answer before the disk has it.
    #[error("refusing to start: {0}, so an answered change could be lost")]
    NotDurable(String),
    /// It keeps text in another encoding.
    #[error("the database keeps text as {0}; make one with `ENCODING 'UTF8'`")]
    Encoding(String),
    /// It cannot be reached or refuses us.
    #[error("cannot open the database: {0}")]
    Server(String),
}

impl From<Fault> for OpenError {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Engine(error) => Self::Server(said(&error)),
            Fault::Store(StoreError::Unavailable(why) | StoreError::Unreadable(why)) => Self::Server(why),
        }
    }
}

throughline_store::fault!(Error, store_error);

impl Fault {
    /// What to do about it.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Engine(error) => Kind::of(error),
            Self::Store(StoreError::Unavailable(_)) => Kind::Unavailable,
            Self::Store(StoreError::Unreadable(_)) => Kind::Unreadable,
        }
    }

    /// What stood in the way, where it has a name.
    pub fn constraint(&self) -> Option<&str> {
        match self {
            Self::Engine(Error::Database(said)) => said.constraint(),
            _ => None,
        }
    }
}

/// What an error asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The connection is gone or no good: another one may do.
    Lost,
    /// Others were in the way and the server gave up: nothing was written, the same may be tried again.
    Again,
    /// Something unique is taken.
    Taken,
    /// The server cannot do it now.
    Unavailable,
    /// What is there cannot be read, or cannot be written by this program.
    Unreadable,
}

impl Kind {
    pub fn of(error: &Error) -> Self {
        match error {
            Error::Io(_) | Error::Tls(_) | Error::Protocol(_) | Error::BeginFailed => Self::Lost,
            Error::Database(said) => {
                Self::of_code(said.code().as_deref().unwrap_or_default(), said.message())
            }
            Error::Encode(_)
            | Error::Decode(_)
            | Error::ColumnDecode { .. }
            | Error::ColumnNotFound(_)
            | Error::ColumnIndexOutOfBounds { .. }
            | Error::TypeNotFound { .. }
            | Error::RowNotFound => Self::Unreadable,
            _ => Self::Unavailable,
        }
    }

    /// By the server's five letters; the first two name a class.
    fn of_code(code: &str, message: &str) -> Self {
        match code {
            // Shut down, crashed, starting; the standing transaction was ended; a standby since a fail-over; a
            // pooler in between gave our statements to somebody else; too many connections just now.
            "57P01" | "57P02" | "57P03" | "25P03" | "25006" | "26000" | "53300" => Self::Lost,
            // A newer release changed a table under a statement prepared before.
            "0A000" if message.contains("cached plan") => Self::Lost,
            "40001" | "40P01" => Self::Again,
            "23505" | "23514" => Self::Taken,
            _ => match code.get(..2) {
                Some("08") => Self::Lost,
                Some("22" | "23" | "42" | "XX") => Self::Unreadable,
                _ => Self::Unavailable,
            },
        }
    }
}

/// The error as the ports tell it.
pub(crate) fn store_error(error: &Error) -> StoreError {
    match Kind::of(error) {
        Kind::Unreadable | Kind::Taken => StoreError::Unreadable(said(error)),
        Kind::Lost | Kind::Again | Kind::Unavailable => StoreError::Unavailable(said(error)),
    }
}

/// An error in words. The server's message names tables and limits, never values: those are in its details.
fn said(error: &Error) -> String {
    match error {
        Error::Database(said) => match said.code() {
            Some(code) => format!("{} ({code})", said.message()),
            None => said.message().to_owned(),
        },
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_servers_words_tell_what_to_do() {
        for (code, kind) in [
            ("57P01", Kind::Lost),
            ("08006", Kind::Lost),
            ("25006", Kind::Lost),
            ("40P01", Kind::Again),
            ("23505", Kind::Taken),
            ("53100", Kind::Unavailable),
            ("57014", Kind::Unavailable),
            ("55P03", Kind::Unavailable),
            ("42P01", Kind::Unreadable),
            ("XX001", Kind::Unreadable),
            ("22021", Kind::Unreadable),
            ("", Kind::Unavailable),
        ] {
            assert_eq!(Kind::of_code(code, ""), kind, "{code}");
        }
        assert_eq!(Kind::of_code("0A000", "cached plan must not change result type"), Kind::Lost);
        assert_eq!(Kind::of_code("0A000", "not supported"), Kind::Unavailable);
    }
}
