//! What the tests share: the fixture files and an organisation's options.

use std::{fs, path::PathBuf};

use jiff::tz::TimeZone;
use throughline_connect::Options;

fn root() -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "tests", "fixtures", "crm"].iter().collect()
}

/// One fixture, by its path below `fixtures/crm`.
pub fn fixture(name: &str) -> Vec<u8> {
    fs::read(root().join(name)).unwrap()
}

/// All fixtures in a steady order.
pub fn every_fixture() -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    let mut folders: Vec<String> = ["hubspot", "other", "own", "salesforce"].map(str::to_owned).to_vec();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(root().join(&folder)).unwrap() {
            let entry = entry.unwrap();
            let name = format!("{folder}/{}", entry.file_name().to_string_lossy());
            if entry.file_type().unwrap().is_dir() {
                folders.push(name);
            } else {
                found.push((name.clone(), fixture(&name)));
            }
        }
    }
    found.sort();
    found
}

/// The options of an organisation in Berlin that has not said anything else.
pub fn options() -> Options {
    Options { zone: TimeZone::get("Europe/Berlin").unwrap(), ..Options::default() }
}
