//! What an admin keeps in order: tokens, settings, the audit log.

mod audit;
mod holidays;
mod sample;
mod settings;
mod templates;
mod tokens;

use crate::spec::Verbs;

/// The verbs of the organisation's own affairs.
pub fn add(verbs: &mut Verbs) {
    tokens::add(verbs);
    settings::add(verbs);
    holidays::add(verbs);
    sample::add(verbs);
    templates::add(verbs);
    audit::add(verbs);
}
