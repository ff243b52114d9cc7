//! Events of other systems: taken from whoever signs them, listed, and who may send them.

mod list;
mod receive;
mod sources;

use crate::spec::Verbs;

/// The verbs of events.
pub fn add(verbs: &mut Verbs) {
    receive::add(verbs);
    list::add(verbs);
    sources::add(verbs);
}
