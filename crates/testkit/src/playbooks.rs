//! Playbooks to play by.

use std::sync::{Arc, LazyLock};

use throughline_domain::playbook::{Playbook, load, shipped};

/// Reads a playbook, telling every finding where it is none.
pub fn playbook_from(source: &str) -> Arc<Playbook> {
    match load(source) {
        Ok(playbook) => Arc::new(playbook),
        Err(findings) => {
            let told: Vec<String> = findings.iter().map(ToString::to_string).collect();
            panic!("no playbook:\n{}", told.join("\n"))
        }
    }
}

fn shipped_as(name: &str) -> Arc<Playbook> {
    let (_, source) = shipped::shipped().iter().find(|(known, _)| *known == name).expect("shipped");
    playbook_from(source)
}

/// The shipped `default`.
pub fn default_playbook() -> Arc<Playbook> {
    static DEFAULT: LazyLock<Arc<Playbook>> = LazyLock::new(|| shipped_as("default"));
    Arc::clone(&DEFAULT)
}

/// The shipped `four-domains`.
pub fn four_domains() -> Arc<Playbook> {
    static FOUR_DOMAINS: LazyLock<Arc<Playbook>> = LazyLock::new(|| shipped_as("four-domains"));
    Arc::clone(&FOUR_DOMAINS)
}
