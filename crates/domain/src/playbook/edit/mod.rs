//! A playbook's text changed in one place: what stands around, its order and its comments stay as they are.
//!
//! Whoever edits in a form changes values; the file is somebody's text. So a change finds the bytes of what it changes
//! and writes those alone. Each is then read back: where the new text would say anything else than the change asked
//! for, nothing is changed and the reader is sent to the text itself. Absent on purpose: what a playbook is; this
//! knows lists, groups and texts, and works as well on one with faults.

mod apply;
mod chunk;
mod data;
mod list;
mod print;
#[cfg(test)]
mod tests;
mod tree;
mod way;

pub use self::{
    data::Data,
    print::Value,
    tree::{Body, Document, Entry, Node},
    way::{Turn, Way},
};
use super::Finding;

/// One change of the text.
#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    /// Puts a value in the place of what stands there. A key that the group lacks is added behind the last of `after`
    /// that it has, else at its end.
    Set {
        /// The way to it.
        way: Way,
        /// What stands there then.
        value: Value,
        /// Keys that usually stand before it.
        after: Vec<String>,
    },
    /// Takes a key out of its group, or an item out of its list. Nothing, where it is not there.
    Remove {
        /// The way to it.
        way: Way,
    },
    /// Puts an item into a list.
    Insert {
        /// The way to the list.
        list: Way,
        /// Before which item, from 0; the number of items: at the end.
        at: usize,
        /// The item.
        value: Value,
    },
    /// Exchanges an item with the one behind it.
    Swap {
        /// The way to the list.
        list: Way,
        /// The first of the two, from 0.
        first: usize,
    },
    /// Makes a list hold these items, and leaves those that stay as they are.
    Items {
        /// The way to the list.
        list: Way,
        /// What it holds then.
        items: Vec<Value>,
        /// Keys that usually stand before it, should it be new.
        after: Vec<String>,
    },
}

/// Why a text was not changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotChanged {
    /// The text cannot be read.
    #[error("the text cannot be read: {0}")]
    Unreadable(Finding),
    /// The way leads nowhere.
    #[error("there is no {0} in it")]
    NotThere(Way),
    /// It is written in a way that could not be changed without touching what stands around.
    #[error("{0} is written so that only the text itself can change it")]
    OnlyByHand(Way),
}

/// The text with a change made.
///
/// # Errors
/// [`NotChanged`]; the text stays as it is then.
pub fn change(source: &str, change: &Change) -> Result<String, NotChanged> {
    apply::apply(source, change)
}

/// The text with all changes made, one after the other.
///
/// # Errors
/// The first change that could not be made.
pub fn change_all<'c>(
    source: &str,
    changes: impl IntoIterator<Item = &'c Change>,
) -> Result<String, NotChanged> {
    changes.into_iter().try_fold(source.to_owned(), |source, one| change(&source, one))
}
