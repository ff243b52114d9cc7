//! Handoffs: listed, shown, and everything that can be done with one.

mod accounts;
mod ask_by_mail;
mod board;
mod commitments;
mod contributors;
mod erasures;
mod handover;
mod introduction;
mod journal;
mod list;
mod meetings;
mod portal_people;
mod show;
mod timeline;
mod verbs;
mod view;

use schemars::JsonSchema;
use serde::Deserialize;
use throughline_domain::HandoffId;

use crate::spec::Verbs;

/// Which handoff.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct HandoffPath {
    /// Which handoff.
    pub id: HandoffId,
}

/// The verbs of handoffs.
pub fn add(verbs: &mut Verbs) {
    list::add(verbs);
    board::add(verbs);
    ask_by_mail::add(verbs);
    show::add(verbs);
    verbs::add(verbs);
    timeline::add(verbs);
    journal::add(verbs);
    erasures::add(verbs);
    introduction::add(verbs);
    meetings::add(verbs);
    contributors::add(verbs);
    handover::add(verbs);
    commitments::add(verbs);
    accounts::add(verbs);
    portal_people::add(verbs);
}
