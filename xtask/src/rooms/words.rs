//! Words that give away that code stands in the wrong room: a clock read below the application, a vendor's field
//! name outside the crate that knows that vendor, a file opened in the domain.

use std::fs;
use std::path::{Path, PathBuf};

use super::{Finding, is_one_of, room, rust_text::RustText};
use crate::{Failure, workspace::Workspace};

struct Rule {
    words: &'static [&'static str],
    rooms: Rooms,
    /// Whether a word between quotes counts: a field name does, a mention of a function does not.
    in_strings: bool,
    why: &'static str,
}

enum Rooms {
    /// The words may stand in these only.
    Only(&'static [&'static str]),
    /// The words may stand anywhere but in these.
    Never(&'static [&'static str]),
}

/// A leading or trailing `*` stands for the rest of a name.
const RULES: &[Rule] = &[
    Rule {
        words: &["Timestamp::now", "Zoned::now", "SystemTime::now"],
        rooms: Rooms::Only(&["app", "cli"]),
        in_strings: false,
        why: "only app and cli read the clock; take the time as an argument",
    },
    Rule {
        words: &["now_v7", "new_v4", "std::fs", "std::net", "std::env", "std::process", "std::thread"],
        rooms: Rooms::Never(&["domain", "connect", "messages"]),
        in_strings: false,
        why: "domain, connect and messages are functions of their arguments: ids, bytes and settings are passed in",
    },
    Rule {
        words: &[
            "StageName",
            "CurrencyIsoCode",
            "SystemModstamp",
            "LastModifiedDate",
            "*__c",
            "dealname",
            "dealstage",
            "closedate",
            "CloseDate",
            "IsWon",
            "IsClosed",
            "amount_in_home_currency",
            "hs_*",
            "hubspot_owner_id",
        ],
        rooms: Rooms::Only(&["connect*", "testkit"]),
        in_strings: true,
        why: "a vendor's field names are known to connect only; use the neutral ones it translates to",
    },
];

/// What people see may not speak a vendor's language either.
const TEXT_FILES: &[&str] = &["html", "ftl", "txt"];

pub fn look(workspace: &Workspace) -> Result<Vec<Finding>, Failure> {
    let mut findings = Vec::new();
    for package in workspace.packages.iter().filter(|package| package.folder.starts_with("crates/")) {
        let folder = workspace.root.join(&package.folder);
        for file in ["src", "templates", "locales"].iter().map(|part| files(&folder.join(part))) {
            for file in file? {
                let source = fs::read(&file).map_err(|why| format!("{}: {why}", file.display()))?;
                let shown = file.strip_prefix(&workspace.root).unwrap_or(&file);
                let shown = shown.to_string_lossy().replace('\\', "/");
                findings.extend(judge(room(&package.name), &shown, &String::from_utf8_lossy(&source)));
            }
        }
    }
    Ok(findings)
}

fn judge(room: &str, file: &str, source: &str) -> Vec<Finding> {
    let rust = file.ends_with(".rs");
    let of_tests = file.ends_with("/tests.rs") || file.contains("/tests/");
    if (rust && of_tests) || (!rust && !TEXT_FILES.iter().any(|kind| file.ends_with(kind))) {
        return Vec::new();
    }
    let text = RustText::read(if rust { source } else { "" });
    let mut findings = Vec::new();
    for rule in RULES.iter().filter(|rule| rule.forbids(room)) {
        let text = match (rust, rule.in_strings) {
            (true, false) => &text.code,
            (true, true) => &text.with_strings,
            (false, true) => source,
            (false, false) => continue,
        };
        for (number, line) in text.lines().enumerate() {
            for word in rule.words.iter().filter_map(|word| find(line, word)) {
                findings.push(Finding {
                    place: format!("{file}:{}", number + 1),
                    found: format!("`{word}` in {room}"),
                    rule: rule.why.to_owned(),
                });
            }
        }
    }
    findings
}

impl Rule {
    fn forbids(&self, room: &str) -> bool {
        match self.rooms {
            Rooms::Only(rooms) => !is_one_of(room, rooms),
            Rooms::Never(rooms) => is_one_of(room, rooms),
        }
    }
}

/// The first whole word of a line that matches.
fn find<'l>(line: &'l str, wanted: &str) -> Option<&'l str> {
    let (core, open_start, open_end) = match (wanted.strip_prefix('*'), wanted.strip_suffix('*')) {
        (Some(core), _) => (core, true, false),
        (None, Some(core)) => (core, false, true),
        (None, None) => (wanted, false, false),
    };
    let in_word = |letter: char| letter.is_alphanumeric() || letter == '_';
    line.match_indices(core).find_map(|(at, _)| {
        let before =
            line[..at].chars().rev().take_while(|letter| in_word(*letter)).map(char::len_utf8).sum::<usize>();
        let end = at + core.len();
        let after =
            line[end..].chars().take_while(|letter| in_word(*letter)).map(char::len_utf8).sum::<usize>();
        let fits = (open_start == (before > 0)) && (open_end == (after > 0));
        fits.then(|| &line[at - before..end + after])
    })
}

fn files(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).map_err(|why| format!("{}: {why}", folder.display()))? {
        let path = entry.map_err(|why| format!("{}: {why}", folder.display()))?.path();
        if path.is_dir() {
            found.extend(files(&path)?);
        } else {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(room: &str, file: &str, source: &str) -> Vec<String> {
        judge(room, file, source).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_clock_read_below_the_application_is_found_with_its_line() {
        let source = "// Timestamp::now is fine here\nlet at = jiff::Timestamp::now();\n";
        assert_eq!(
            found("store", "crates/store/src/lib.rs", source),
            ["crates/store/src/lib.rs:2: `Timestamp::now` in store\n    \
              only app and cli read the clock; take the time as an argument"]
        );
        assert!(found("app", "crates/app/src/clock.rs", source).is_empty());
    }

    #[test]
    fn tests_may_read_the_clock_and_name_fields() {
        let inside = "#[cfg(test)]\nmod tests { fn f() { Timestamp::now(); \"StageName\" } }";
        assert!(found("store", "crates/store/src/lib.rs", inside).is_empty());
        assert!(found("store", "crates/store/src/views/tests.rs", "Timestamp::now()").is_empty());
    }

    #[test]
    fn a_vendors_field_name_is_found_in_code_texts_and_pages() {
        assert_eq!(found("app", "crates/app/src/import.rs", "row.get(\"StageName\")").len(), 1);
        assert_eq!(found("app", "crates/app/src/import.rs", "row.get(\"hs_object_id\")").len(), 1);
        assert_eq!(found("app", "crates/app/src/import.rs", "row.get(\"Handoff_Status__c\")").len(), 1);
        assert_eq!(found("web", "crates/web/templates/deal.html", "<dt>dealstage</dt>").len(), 1);
        assert!(found("connect", "crates/connect/src/salesforce.rs", "\"StageName\"").is_empty());
        assert!(found("connect-hubspot", "crates/connect-hubspot/src/lib.rs", "\"dealname\"").is_empty());
    }

    #[test]
    fn a_word_counts_only_whole() {
        for innocent in ["a_dealname_", "paths_of", "hs_", "SomeStageNames", "__c"] {
            let source = format!("let {innocent} = 1;");
            assert!(found("app", "crates/app/src/lib.rs", &source).is_empty(), "{innocent}");
        }
    }

    #[test]
    fn the_domain_opens_no_file_and_makes_no_id() {
        assert_eq!(found("domain", "crates/domain/src/lib.rs", "std::fs::read(x); Uuid::now_v7()").len(), 2);
        assert!(found("store-sqlite", "crates/store-sqlite/src/lib.rs", "std::fs::read(x)").is_empty());
    }
}
