//! Playbooks to play by.

use std::{
    collections::BTreeMap,
    sync::{Arc, LazyLock},
};

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

/// A shipped playbook, read once.
pub fn shipped_playbook(name: &str) -> Arc<Playbook> {
    static SHIPPED: LazyLock<BTreeMap<&str, Arc<Playbook>>> = LazyLock::new(|| {
        shipped::shipped().iter().map(|(name, source)| (*name, playbook_from(source))).collect()
    });
    SHIPPED.get(name).map_or_else(|| panic!("no playbook `{name}` ships"), Arc::clone)
}

/// The shipped `default`.
pub fn default_playbook() -> Arc<Playbook> {
    shipped_playbook("default")
}

/// The shipped `four-domains`.
pub fn four_domains() -> Arc<Playbook> {
    shipped_playbook("four-domains")
}
