//! Which crate may use which. A room may use every room it reaches along the arrows, and no other.

use std::collections::BTreeSet;

use super::{Finding, room};
use crate::workspace::{Dependency, Kind, Package};

/// The arrows of ARCHITECTURE.md: a room, and the rooms right below it.
const ARROWS: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("store", &["domain"]),
    ("store-sqlite", &["store"]),
    ("store-postgres", &["store"]),
    ("connect", &["domain"]),
    ("messages", &["domain"]),
    ("connect-email", &["messages"]),
    ("app", &["store", "connect", "messages"]),
    ("http", &["app"]),
    ("sample", &["app"]),
    ("api", &["http", "sample"]),
    ("assets", &[]),
    ("print", &["assets"]),
    ("web", &["http", "sample", "print"]),
    ("cli", &["api", "web", "store-sqlite", "store-postgres", "connect-email"]),
    ("acceptance", &["api", "web", "store-sqlite", "store-postgres"]),
    ("simulation", &["app"]),
    ("testkit", &["http", "store-sqlite"]),
    ("xtask", &[]),
];

/// The room that only tests may use.
const TESTS_ONLY: &str = "testkit";

pub fn look(packages: &[Package]) -> Vec<Finding> {
    let ours: BTreeSet<&str> = packages.iter().map(|package| room(&package.name)).collect();
    let mut findings = Vec::new();
    for package in packages {
        let here = room(&package.name);
        if !ARROWS.iter().any(|(name, _)| *name == here) {
            findings.push(Finding {
                place: manifest(package),
                found: format!("`{}` is a room without arrows", package.name),
                rule: "draw its arrows in ARCHITECTURE.md and in xtask/src/rooms/arrows.rs".to_owned(),
            });
            continue;
        }
        let inside = package.dependencies.iter().filter(|wanted| ours.contains(room(&wanted.name)));
        findings.extend(inside.filter_map(|wanted| judge(package, here, wanted)));
    }
    findings
}

fn judge(package: &Package, here: &str, wanted: &Dependency) -> Option<Finding> {
    let there = room(&wanted.name);
    let reached = reach(here);
    let rule = match wanted.kind {
        Kind::Normal | Kind::Build if reached.contains(there) => return None,
        Kind::Normal | Kind::Build if there == TESTS_ONLY => {
            format!("{TESTS_ONLY} is for tests: put it under [dev-dependencies]")
        }
        // A test may use what the tests' own room stands on; it must not pull pages or the binary in.
        Kind::Dev if reached.contains(there) || there == TESTS_ONLY || reach(TESTS_ONLY).contains(there) => {
            return None;
        }
        Kind::Normal | Kind::Build => format!("{here} may use {}", names(&reached)),
        Kind::Dev => format!("tests of {here} may use {TESTS_ONLY} and what it stands on, nothing above"),
    };
    let table = match wanted.kind {
        Kind::Normal => "dependencies",
        Kind::Build => "build-dependencies",
        Kind::Dev => "dev-dependencies",
    };
    Some(Finding { place: manifest(package), found: format!("[{table}] names {}", wanted.name), rule })
}

fn manifest(package: &Package) -> String {
    format!("{}/Cargo.toml", package.folder)
}

/// Every room reached along the arrows. The table has no rings: the rings would have to be in Cargo's too.
fn reach(from: &str) -> BTreeSet<&'static str> {
    let below = ARROWS.iter().find(|(name, _)| *name == from).map_or(&[][..], |(_, below)| below);
    below.iter().flat_map(|room| reach(room).into_iter().chain([*room])).collect()
}

fn names(rooms: &BTreeSet<&str>) -> String {
    if rooms.is_empty() {
        "no other room".to_owned()
    } else {
        format!("only {}", rooms.iter().copied().collect::<Vec<_>>().join(", "))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::workspace::Workspace;

    /// A package asked for, and in which table; none is the plain one.
    type Wanted = (&'static str, Option<&'static str>);

    /// A workspace as Cargo would describe it: each package with what it asks for, in which table.
    fn packages(described: &[(&str, &[Wanted])]) -> Vec<Package> {
        let packages: Vec<_> = described
            .iter()
            .map(|(name, wanted)| {
                let wanted: Vec<_> =
                    wanted.iter().map(|(name, kind)| json!({ "name": name, "kind": kind })).collect();
                let manifest = format!("/here/crates/{}/Cargo.toml", room(name));
                json!({ "name": name, "manifest_path": manifest, "dependencies": wanted })
            })
            .collect();
        let metadata =
            json!({ "workspace_root": "/here", "target_directory": "/here/target", "packages": packages });
        Workspace::from_metadata(&metadata).unwrap().packages
    }

    const APP: &str = "throughline-app";
    const DOMAIN: &str = "throughline-domain";
    const SQLITE: &str = "throughline-store-sqlite";
    const TESTKIT: &str = "throughline-testkit";
    const WEB: &str = "throughline-web";

    #[test]
    fn a_room_may_use_what_it_reaches_along_the_arrows() {
        let packages =
            packages(&[(DOMAIN, &[]), (APP, &[(DOMAIN, None)]), (WEB, &[(APP, None), (DOMAIN, None)])]);
        assert_eq!(look(&packages), []);
    }

    #[test]
    fn an_arrow_turned_round_is_found_with_file_and_rule() {
        let findings = look(&packages(&[(DOMAIN, &[(APP, None)]), (APP, &[])]));
        assert_eq!(
            findings.iter().map(ToString::to_string).collect::<Vec<_>>(),
            [
                "crates/domain/Cargo.toml: [dependencies] names throughline-app\n    domain may use no other room"
            ]
        );
    }

    #[test]
    fn the_application_never_sees_which_store_is_below_it() {
        let findings = look(&packages(&[(SQLITE, &[]), (APP, &[(SQLITE, None)])]));
        assert_eq!(findings.len(), 1);
        assert_eq!(findings[0].rule, "app may use only connect, domain, messages, store");
    }

    #[test]
    fn tests_may_use_the_tests_room_and_what_it_stands_on() {
        let dev = Some("dev");
        let packages = packages(&[
            (DOMAIN, &[(TESTKIT, dev)]),
            (APP, &[(TESTKIT, dev), (SQLITE, dev)]),
            (SQLITE, &[]),
            (TESTKIT, &[(DOMAIN, None)]),
        ]);
        assert_eq!(look(&packages), []);
    }

    #[test]
    fn the_tests_room_is_never_part_of_the_product() {
        for kind in [None, Some("build")] {
            let findings = look(&packages(&[(TESTKIT, &[]), (APP, &[(TESTKIT, kind)])]));
            assert_eq!(findings.len(), 1, "{kind:?}");
            assert!(findings[0].rule.contains("[dev-dependencies]"), "{}", findings[0]);
        }
    }

    #[test]
    fn tests_of_a_lower_room_do_not_pull_pages_in() {
        let findings = look(&packages(&[(DOMAIN, &[(WEB, Some("dev"))]), (WEB, &[])]));
        assert_eq!(findings.len(), 1);
        assert_eq!(findings[0].found, "[dev-dependencies] names throughline-web");
    }

    #[test]
    fn a_new_room_needs_arrows_first() {
        let findings = look(&packages(&[("throughline-attic", &[])]));
        assert_eq!(findings[0].found, "`throughline-attic` is a room without arrows");
    }

    #[test]
    fn an_outside_package_is_no_room() {
        assert_eq!(look(&packages(&[(DOMAIN, &[("app", None), ("serde", None)])])), []);
    }
}
