//! The map and the ground: every crate stands in ARCHITECTURE.md's code map and follows the workspace's lints.

use std::fs;

use super::Finding;
use crate::{Failure, workspace::Workspace};

const MAP: &str = "ARCHITECTURE.md";

pub fn look(workspace: &Workspace) -> Result<Vec<Finding>, Failure> {
    let read =
        |file: &str| fs::read_to_string(workspace.root.join(file)).map_err(|why| format!("{file}: {why}"));
    let map = read(MAP)?;
    let mut findings = Vec::new();
    for package in &workspace.packages {
        findings.extend(unmapped(&package.folder, &map));
        let manifest = format!("{}/Cargo.toml", package.folder);
        let text = read(&manifest)?;
        findings.extend(without_lints(&manifest, &text));
    }
    Ok(findings)
}

fn unmapped(folder: &str, map: &str) -> Option<Finding> {
    let named = map.contains(&format!("`{folder}`")) || map.contains(&format!("`{folder}/`"));
    (!named).then(|| Finding {
        place: MAP.to_owned(),
        found: format!("`{folder}` is not on the code map"),
        rule: "say there what it is for, and what is absent from it".to_owned(),
    })
}

fn without_lints(manifest: &str, text: &str) -> Option<Finding> {
    let mut lines = text.lines().map(str::trim).skip_while(|line| *line != "[lints]").skip(1);
    let follows = lines.by_ref().take_while(|line| !line.starts_with('[')).any(|line| {
        line.split_once('=').is_some_and(|(key, value)| key.trim() == "workspace" && value.trim() == "true")
    });
    (!follows).then(|| Finding {
        place: manifest.to_owned(),
        found: "does not follow the workspace's lints".to_owned(),
        rule: "add `[lints]` with `workspace = true`".to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crate_missing_from_the_map_is_found_though_its_neighbour_is_there() {
        let map = "- `crates/store-sqlite`: the embedded store";
        assert_eq!(unmapped("crates/store-sqlite", map), None);
        assert_eq!(unmapped("crates/store", map).unwrap().found, "`crates/store` is not on the code map");
    }

    #[test]
    fn a_manifest_without_the_common_lints_is_found() {
        assert_eq!(without_lints("Cargo.toml", "[lints]\nworkspace = true\n[dependencies]"), None);
        assert!(without_lints("Cargo.toml", "[lints]\n[dependencies]\nworkspace = true").is_some());
        assert!(without_lints("Cargo.toml", "[dependencies]").is_some());
    }
}
