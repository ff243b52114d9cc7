//! Why a use case did not do what was asked.

use throughline_domain::{access::Action, handoff::Refusal};
use throughline_store::{CommitError, StoreError, ports::ApplyError};

/// Why a use case did not do what was asked. Front ends translate it in one place.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// Nobody is signed in, or the token is not known.
    #[error("sign in first")]
    NotSignedIn,
    /// Not there, or not the asker's to see: the same answer (reliability Q20).
    #[error("there is no such {0}")]
    NotFound(&'static str),
    /// The asker's roles do not allow it.
    #[error("your role does not allow this: {}", .0.name())]
    Forbidden(Action),
    /// The domain refused.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// Somebody else was faster.
    #[error("it has changed meanwhile: it is at version {current}")]
    Stale {
        /// Its version now.
        current: u64,
    },
    /// An input does not fit.
    #[error("{field}: {reason}")]
    Invalid {
        /// Which.
        field: String,
        /// Why.
        reason: String,
    },
    /// Something unique is taken, or a link is used up.
    #[error("{0}")]
    Conflict(String),
    /// The idempotency key was used for another request.
    #[error("the Idempotency-Key was used for another request")]
    KeyReused,
    /// Too many tries.
    #[error("too many tries; wait {seconds} seconds")]
    TooMany {
        /// How long to wait.
        seconds: u64,
    },
    /// The store cannot answer now.
    #[error("the service cannot answer now; try again")]
    Unavailable(String),
    /// Something is broken on our side. The detail is logged, not shown.
    #[error("something went wrong on our side")]
    Broken(String),
}

impl AppError {
    /// An input does not fit.
    pub fn invalid(field: impl Into<String>, reason: impl Into<String>) -> Self {
        Self::Invalid { field: field.into(), reason: reason.into() }
    }

    /// Something is broken on our side.
    pub fn broken(why: impl std::fmt::Display) -> Self {
        Self::Broken(why.to_string())
    }
}

impl From<StoreError> for AppError {
    fn from(why: StoreError) -> Self {
        match why {
            StoreError::Unavailable(why) => Self::Unavailable(why),
            StoreError::Unreadable(why) => Self::Broken(why),
        }
    }
}

impl From<ApplyError> for AppError {
    fn from(why: ApplyError) -> Self {
        match why {
            ApplyError::Conflict(what) => Self::Conflict(what),
            ApplyError::Stale { current } => Self::Stale { current },
            ApplyError::Store(why) => why.into(),
        }
    }
}

impl From<CommitError> for AppError {
    fn from(why: CommitError) -> Self {
        match why {
            CommitError::Stale { current } => Self::Stale { current },
            CommitError::DealTaken(id) => Self::Conflict(format!("the deal has handoff {id} already")),
            CommitError::KeyUsed => Self::KeyReused,
            CommitError::Store(why) => why.into(),
        }
    }
}
