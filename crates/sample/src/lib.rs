//! A made-up company: its people, its customers, and how each of its deals came to where it is.
//!
//! Played by the product's own use cases, under a clock that starts weeks ago and ends now: nothing is written past the
//! application, so what is seen here a company can have. The demo plays all of it, with sign-ins and mail; an
//! organisation that tries the product out gets the shorter play in a company of its own, which can be removed whole.
//! Names, times and texts are the same every time, counted from today; ids are not.
//! Absent on purpose: sign-ins, files, what is printed, and anything a real company would need.

mod brief;
mod cast;
mod clock;
mod customers;
mod given;
mod script;
mod stage;
mod story;
pub mod walk;

use throughline_app::AppError;

/// The deal the tour begins with.
pub const STORY_DEAL: &str = "D-1041";

pub use self::{
    cast::{COMPANY, Cast, PARTS, Part, email_of},
    clock::StagedClock,
    given::give,
    script::{Script, ZONE},
    stage::{SOURCE, Stage},
    story::{play, play_short},
};

/// Why a play came to an end before its end.
#[derive(Debug, thiserror::Error)]
pub enum PlayError {
    /// The application would not have it.
    #[error(transparent)]
    App(#[from] AppError),
    /// The script does not fit the product.
    #[error("the made-up company: {0}")]
    Script(String),
}

impl PlayError {
    /// A script that does not fit the product.
    pub fn script(why: impl Into<String>) -> Self {
        Self::Script(why.into())
    }
}

impl From<PlayError> for AppError {
    fn from(why: PlayError) -> Self {
        match why {
            PlayError::App(why) => why,
            PlayError::Script(why) => AppError::broken(why),
        }
    }
}
