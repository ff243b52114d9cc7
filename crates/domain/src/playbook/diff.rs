//! What changed between two versions of a playbook, told as differences of the process, not of the text.
//!
//! Each version is told as parts with properties in words; the parts are then laid side by side by name. A part
//! that moves within a list whose order means something (routes, tiers, steps) shows as a change of that order.

mod parts;

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use super::Playbook;
use parts::{Part, parts};

/// What became of something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ChangeKind {
    /// Only the newer version has it.
    Added,
    /// Only the older version has it.
    Removed,
    /// Both have it, differently.
    Changed,
}

/// One difference.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Change {
    /// What became of it.
    pub kind: ChangeKind,
    /// Where: `asks.champion.required`.
    pub path: String,
    /// What it is, as a person would call it: `ask champion: required`.
    pub what: String,
    /// How it was.
    pub before: Option<String>,
    /// How it is now.
    pub after: Option<String>,
}

impl std::fmt::Display for Change {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let text = |side: &Option<String>| side.clone().unwrap_or_default();
        match self.kind {
            ChangeKind::Added => write!(f, "{} added: {}", self.what, text(&self.after)),
            ChangeKind::Removed => write!(f, "{} removed: {}", self.what, text(&self.before)),
            ChangeKind::Changed => {
                write!(f, "{} changed from {} to {}", self.what, text(&self.before), text(&self.after))
            }
        }
    }
}

/// The differences from one version to another, in the order of the document; empty when they mean the same.
pub fn diff(old: &Playbook, new: &Playbook) -> Vec<Change> {
    let (old, new) = (parts(old), parts(new));
    let before: BTreeMap<&str, &Part> = old.iter().map(|part| (part.path.as_str(), part)).collect();
    let after: BTreeMap<&str, &Part> = new.iter().map(|part| (part.path.as_str(), part)).collect();
    let mut changes = Vec::new();
    for part in &new {
        match before.get(part.path.as_str()) {
            Some(was) => changes.extend(properties(was, part)),
            None => changes.push(whole(ChangeKind::Added, part)),
        }
    }
    changes.extend(
        old.iter()
            .filter(|part| !after.contains_key(part.path.as_str()))
            .map(|part| whole(ChangeKind::Removed, part)),
    );
    changes
}

fn whole(kind: ChangeKind, part: &Part) -> Change {
    let text = Some(part.title.clone());
    let (before, after) = if kind == ChangeKind::Added { (None, text) } else { (text, None) };
    Change { kind, path: part.path.clone(), what: part.what.clone(), before, after }
}

fn properties(was: &Part, is: &Part) -> Vec<Change> {
    let changed = |name: &str, before: String, after: String| Change {
        kind: ChangeKind::Changed,
        path: format!("{}.{}", is.path, name.replace(' ', "_")),
        what: format!("{}: {name}", is.what),
        before: Some(before),
        after: Some(after),
    };
    let values =
        is.properties.iter().zip(&was.properties).filter(|((_, after), (_, before))| after != before);
    let mut changes: Vec<Change> =
        values.map(|((name, after), (_, before))| changed(name, before.clone(), after.clone())).collect();
    for ((of, after), (_, before)) in is.orders.iter().zip(&was.orders) {
        let stayed = |names: &[String], others: &[String]| -> Vec<String> {
            names.iter().filter(|name| others.contains(name)).cloned().collect()
        };
        let (before, after) = (stayed(before, after), stayed(after, before));
        if before != after {
            changes.push(changed(&format!("order of {of}"), before.join(", "), after.join(", ")));
        }
    }
    changes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::playbook::{load, load::read, shipped};

    fn told(edit: impl Fn(&str) -> String) -> Vec<String> {
        let source = shipped::source("default").unwrap();
        let edited = edit(source);
        assert_ne!(source, edited, "the edit does not fit the file any more");
        diff(&load(source).unwrap(), &read(&edited).unwrap()).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn the_same_playbook_has_no_differences_and_its_comments_do_not_count() {
        assert!(told(|source| format!("# another comment\n{source}")).is_empty());
    }

    #[test]
    fn a_changed_clock_role_or_text_is_told_with_before_and_after() {
        assert_eq!(
            told(|source| source
                .replace("due: { anchor: closed, within: 10 bd }", "due: { anchor: closed, within: 8 bd }")),
            ["step kickoff_booked: due changed from within 10 bd after closed to within 8 bd after closed"]
        );
        assert_eq!(
            told(|source| source.replace("transfer_on: warm_intro", "transfer_on: kickoff")),
            ["playbook: transfer on changed from warm_intro to kickoff"]
        );
    }

    #[test]
    fn parts_come_and_go_by_name() {
        let two = told(|source| source.replace("- id: trigger_holds", "- id: trigger_stands"));
        assert_eq!(two.len(), 2, "{two:?}");
        assert!(two[0].starts_with("ask trigger_stands added: "), "{two:?}");
        assert!(two[1].starts_with("ask trigger_holds removed: "), "{two:?}");
        let demand = told(|source| source.replacen("- step: first_contact\n", "- review\n", 1));
        assert_eq!(
            demand,
            [
                "gate kickoff: demand review added: review",
                "gate kickoff: demand step first_contact removed: step first_contact"
            ]
        );
    }

    #[test]
    fn a_part_that_moves_is_told_as_an_order() {
        let moved = told(|source| {
            let (before, tail) = source.split_once("    - { tell: manager, after: 1 bd }\n").unwrap();
            format!("{before}{tail}")
        });
        assert_eq!(
            moved,
            ["escalation: ladder changed from owner after 0 bd, manager after 1 bd, rev_ops after 2 bd to \
              owner after 0 bd, rev_ops after 2 bd"]
        );
        let fair = "    - { id: fair, title: Fair, complete: true, clear_marks: 2, kickoff_rating: 3 }\n";
        let weak = "    - { id: weak, title: Weak }\n";
        assert_eq!(
            told(|source| source.replace(&format!("{fair}{weak}"), &format!("{weak}{fair}"))),
            ["measurement: order of tiers changed from strong, fair, weak to strong, weak, fair"]
        );
    }

    #[test]
    fn everything_of_one_playbook_differs_from_nothing_of_another_by_accident() {
        let (default, four) = (shipped::source("default").unwrap(), shipped::source("four-domains").unwrap());
        let (default, four) = (load(default).unwrap(), load(four).unwrap());
        let (there, back) = (diff(&default, &four), diff(&four, &default));
        assert_eq!(there.len(), back.len());
        let mirrored = |change: &Change| {
            back.iter().any(|other| {
                other.path == change.path && other.before == change.after && other.after == change.before
            })
        };
        assert!(there.iter().all(mirrored));
    }
}
