//! The handoff held against its rules: properties over random plays, golden tables, and scenarios whose names are
//! the rules themselves.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a helper of tests fails the test that uses it")]

mod any;
mod finish;
mod golden;
mod let_in;
mod open_asks;
mod properties;
mod remedies;
mod scenarios;

use std::sync::{Arc, LazyLock};

use throughline_domain::playbook::Playbook;
use throughline_testkit::playbook_from;

/// A small playbook with one of everything that the shipped ones leave out.
fn compact() -> Arc<Playbook> {
    static COMPACT: LazyLock<Arc<Playbook>> =
        LazyLock::new(|| playbook_from(include_str!("../fixtures/playbooks/compact.yaml")));
    Arc::clone(&COMPACT)
}
