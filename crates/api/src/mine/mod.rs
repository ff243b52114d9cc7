//! The caller's own: who they are here, where they are signed in, what was sent to them, the views
//! they saved.

mod letters;
mod me;
mod sessions;
mod views;
mod wishes;

use crate::spec::Verbs;

/// The verbs of one's own affairs.
pub fn add(verbs: &mut Verbs) {
    me::add(verbs);
    sessions::add(verbs);
    letters::add(verbs);
    views::add(verbs);
    wishes::add(verbs);
}
