//! The borders between the crates, executed: ARCHITECTURE.md draws the arrows, this fails on any other.
//!
//! Three looks: which crate uses which ([`arrows`]), which outside package is kept in which crate ([`outside`]),
//! and a few words that give away that code stands in the wrong room ([`words`]). Absent on purpose: what the
//! compiler or clippy already refuses.

mod arrows;
mod outside;
mod papers;
mod rust_text;
mod words;

use std::fmt;

use crate::{Failure, workspace::Workspace};

/// Something that stands in the wrong room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The file, with the line where there is one.
    pub place: String,
    /// What is there.
    pub found: String,
    /// Which rule that breaks, and what to do instead.
    pub rule: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}\n    {}", self.place, self.found, self.rule)
    }
}

/// Looks at the whole workspace; the error lists every finding.
pub fn run() -> Result<(), Failure> {
    let workspace = Workspace::read()?;
    let findings = look(&workspace)?;
    if findings.is_empty() {
        println!("rooms: {} packages, every border holds", workspace.packages.len());
        return Ok(());
    }
    for finding in &findings {
        println!("{finding}");
    }
    Err(format!("rooms: {} in the wrong room; the rules are in xtask/src/rooms", findings.len()))
}

fn look(workspace: &Workspace) -> Result<Vec<Finding>, Failure> {
    let mut findings = arrows::look(&workspace.packages);
    findings.extend(outside::look(&workspace.packages));
    findings.extend(words::look(workspace)?);
    findings.extend(papers::look(workspace)?);
    Ok(findings)
}

/// A package's room: its name without the prefix all of ours share.
fn room(package: &str) -> &str {
    package.strip_prefix("throughline-").unwrap_or(package)
}

/// Whether a room is one of those named; a name ending in `*` stands for every room that begins so.
fn is_one_of(room: &str, names: &[&str]) -> bool {
    names.iter().any(|name| match name.strip_suffix('*') {
        Some(start) => room.starts_with(start),
        None => room == *name,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_very_workspace_keeps_its_borders() {
        let findings = look(&Workspace::read().unwrap()).unwrap();
        let shown: Vec<String> = findings.iter().map(ToString::to_string).collect();
        assert!(shown.is_empty(), "{}", shown.join("\n"));
    }

    #[test]
    fn a_star_stands_for_every_room_that_begins_so() {
        assert!(is_one_of("store-sqlite", &["store-*"]));
        assert!(!is_one_of("store", &["store-*"]));
        assert!(is_one_of("store", &["app", "store"]));
    }
}
