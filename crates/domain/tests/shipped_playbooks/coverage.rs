//! The table of what is covered names only what is there, and leaves no demand out.

use std::{collections::BTreeSet, fs, path::PathBuf};

use throughline_domain::playbook::{Gate, Playbook};

use crate::{ALL, playbook};

/// How the table abbreviates the playbooks, in the order of `ALL`.
const LETTERS: [&str; 6] = ["D", "G", "C", "F", "T", "E"];

/// How many demands each chapter has, as far as the table goes.
const DEMANDS: [(u8, usize); 6] = [(1, 12), (2, 12), (3, 14), (4, 5), (6, 7), (7, 5)];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The cells of every row that names a demand.
fn rows(table: &str) -> Vec<[&str; 3]> {
    table
        .lines()
        .filter(|line| line.starts_with("| R"))
        .map(|line| {
            let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
            <[&str; 3]>::try_from(cells).unwrap_or_else(|cells| panic!("three cells, not {cells:?}"))
        })
        .collect()
}

/// Every name a playbook gives something, and the keys it has.
fn names(playbook: &Playbook, source: &str) -> BTreeSet<String> {
    let mut names: BTreeSet<String> = source
        .lines()
        .filter_map(|line| line.split_once(':').map(|(key, _)| key))
        .filter(|key| key.starts_with(|c: char| c.is_ascii_lowercase()))
        .map(str::to_owned)
        .collect();
    names.extend(playbook.asks().map(|one| one.id.value.to_string()));
    names.extend(playbook.steps.iter().map(|one| one.id.value.to_string()));
    names.extend(
        Gate::ALL.iter().filter(|gate| playbook.gate(**gate).is_some()).map(|gate| gate.name().to_owned()),
    );
    names
}

#[test]
fn the_table_names_what_the_playbooks_have() {
    let table = fs::read_to_string(root().join("docs/coverage.md")).unwrap();
    let known =
        ALL.map(|name| names(&playbook(name), throughline_domain::playbook::shipped::source(name).unwrap()));
    let mut checked = 0;
    for [demand, cell, _] in rows(&table) {
        let mut of: Vec<usize> = Vec::new();
        for word in cell.split_whitespace() {
            if word == "All" {
                of = (0..ALL.len()).collect();
            } else if let Some(one) = LETTERS.iter().position(|letter| *letter == word) {
                of = vec![one];
            } else if let Some(name) = word.strip_prefix('`').and_then(|word| word.strip_suffix('`')) {
                assert!(!of.is_empty(), "{demand}: `{name}` of which playbook?");
                for one in &of {
                    assert!(known[*one].contains(name), "{demand}: {} has no `{name}`", ALL[*one]);
                    checked += 1;
                }
            }
        }
    }
    assert!(checked > 150, "{checked} names were read");
}

#[test]
fn the_table_has_every_demand_once_and_in_order() {
    let table = fs::read_to_string(root().join("docs/coverage.md")).unwrap();
    let ids: Vec<String> =
        rows(&table).iter().map(|[demand, ..]| demand.split(' ').next().unwrap().to_owned()).collect();
    let wanted: Vec<String> = DEMANDS
        .iter()
        .flat_map(|(chapter, count)| (1..=*count).map(move |n| format!("R{chapter}.{n}")))
        .collect();
    assert_eq!(ids, wanted);
}

#[test]
fn the_table_points_to_files_that_are_there() {
    let table = fs::read_to_string(root().join("docs/coverage.md")).unwrap();
    let mut found = 0;
    for path in table.split('`').filter(|text| text.starts_with("crates/")) {
        assert!(root().join(path).exists(), "{path}");
        found += 1;
    }
    assert!(found > 10, "{found} paths were read");
}
