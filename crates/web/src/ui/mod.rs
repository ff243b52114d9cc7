//! What the component macros of `templates/components` are given: small values, ready to be shown.
//!
//! A page turns domain values into these once, in Rust, where a `match` must name every case; templates then only
//! place them. Absent on purpose: HTML. It is in the templates, where a designer finds it.

mod controls;
mod field;
mod forms;
mod lists;
mod people;
mod states;

use crate::i18n::{Key, Plain};

pub use controls::{Control, Draft};
pub use field::{Choice, Field};
pub use forms::Conflict;
pub use lists::{Crumb, Evidence, Gap, Meter, Pager, Position, Step, Tab, Track, track_says};
pub use people::Person;
pub use states::{GateMark, PromiseLife, Reading, ScoreMark, Stage};

/// The colour family of a state. Never the only sign of it: a state has an icon and words, too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Tone {
    /// As it should be.
    Good,
    /// Wrong, or shut.
    Bad,
    /// Needs somebody.
    Warn,
    /// Under way.
    Info,
    /// Nothing to do.
    Calm,
    /// The product's own colour.
    Brand,
}

impl Tone {
    /// The CSS class.
    pub fn class(self) -> &'static str {
        match self {
            Self::Good => "tone-good",
            Self::Bad => "tone-bad",
            Self::Warn => "tone-warn",
            Self::Info => "tone-info",
            Self::Calm => "tone-calm",
            Self::Brand => "tone-brand",
        }
    }

    /// The icon of a notice in this tone.
    pub fn icon(self) -> &'static str {
        match self {
            Self::Good => "circle-check",
            Self::Bad => "octagon-x",
            Self::Warn => "triangle-alert",
            Self::Info | Self::Calm | Self::Brand => "info",
        }
    }
}

/// A state that shows as a pill: colour, icon and words. Implemented once for each enum a page shows.
pub trait Shown {
    /// Its colour family.
    fn tone(&self) -> Tone;
    /// Its icon, a name from the sprite.
    fn icon(&self) -> &'static str;
    /// Its words.
    fn key(&self) -> Key;
}

impl<S: Shown + ?Sized> Shown for &S {
    fn tone(&self) -> Tone {
        (**self).tone()
    }
    fn icon(&self) -> &'static str {
        (**self).icon()
    }
    fn key(&self) -> Key {
        (**self).key()
    }
}

/// A rating of 1 to 5 as five cells, filled or not.
pub fn rating_cells(score: impl Plain<u64>) -> [bool; 5] {
    [1, 2, 3, 4, 5].map(|cell| cell <= score.plain())
}
