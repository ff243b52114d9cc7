//! Outside packages that belong in certain rooms only. Tests are free: what they use never ships.

use super::{Finding, is_one_of, room};
use crate::workspace::{Kind, Package};

struct Kept {
    packages: &'static [&'static str],
    rooms: &'static [&'static str],
    why: &'static str,
}

const KEPT: &[Kept] = &[
    Kept {
        packages: &[
            "rusqlite",
            "libsqlite3-sys",
            "sqlx*",
            "postgres*",
            "tokio-postgres",
            "diesel*",
            "sea-query*",
        ],
        rooms: &["store-*"],
        why: "SQL is spoken in store-* only; everybody else asks the ports in store",
    },
    Kept {
        packages: &["axum*", "hyper*", "tower*", "http", "aide"],
        rooms: &["http", "api", "web", "cli", "testkit"],
        why: "HTTP ends at http, api and web; below them nobody knows who asked, or how",
    },
    Kept {
        packages: &["reqwest", "ureq", "isahc"],
        rooms: &["connect*", "cli", "testkit"],
        why: "the outside world is called through connect only",
    },
    Kept { packages: &["askama*", "fluent*"], rooms: &["web"], why: "pages and their texts are made in web" },
    Kept {
        packages: &["lettre", "async-imap"],
        rooms: &["connect-email"],
        why: "mail servers are spoken to in connect-email only; everybody else hands a mail to the port in messages",
    },
    Kept {
        packages: &["minijinja*", "mail-parser"],
        rooms: &["messages"],
        why: "templates are filled in and mail is read in messages only",
    },
    Kept {
        packages: &["icalendar"],
        rooms: &["messages", "connect"],
        why: "messages writes calendar files and reads answers to them, connect reads other systems' calendars",
    },
    Kept {
        packages: &["rand*", "getrandom", "fastrand", "argon2"],
        rooms: &["app", "cli", "testkit"],
        why: "chance and passwords are the application's; below it the same input gives the same output",
    },
    Kept {
        packages: &["async-trait"],
        rooms: &["messages", "store*", "connect-*", "app", "sample", "http", "api", "web", "cli", "testkit"],
        why: "ports may wait; domain and the readers in connect are plain functions",
    },
    Kept {
        packages: &["tokio*", "futures*"],
        rooms: &["store*", "connect-*", "app", "sample", "http", "api", "web", "cli", "testkit"],
        why: "domain, messages and the readers in connect are plain functions: no async",
    },
    Kept {
        packages: &["cel", "serde-saphyr", "granit-parser"],
        rooms: &["domain"],
        why: "a playbook is read and its rules are run in domain only",
    },
    Kept {
        packages: &["krilla*", "rustybuzz", "unicode-linebreak"],
        rooms: &["print"],
        why: "paper is set in print only; everybody else says what stands on it",
    },
    Kept { packages: &["clap*"], rooms: &["cli"], why: "the command line is read in cli" },
];

pub fn look(packages: &[Package]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for package in packages {
        for wanted in package.dependencies.iter().filter(|wanted| wanted.kind != Kind::Dev) {
            let kept = KEPT.iter().find(|kept| is_one_of(&wanted.name, kept.packages));
            let Some(kept) = kept.filter(|kept| !is_one_of(room(&package.name), kept.rooms)) else {
                continue;
            };
            findings.push(Finding {
                place: format!("{}/Cargo.toml", package.folder),
                found: format!("{} asks for {}", package.name, wanted.name),
                rule: kept.why.to_owned(),
            });
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::Dependency;

    fn found(room: &str, wanted: &str, kind: Kind) -> Option<String> {
        let package = Package {
            name: format!("throughline-{room}"),
            folder: format!("crates/{room}"),
            dependencies: vec![Dependency { name: wanted.to_owned(), kind }],
        };
        look(&[package]).first().map(ToString::to_string)
    }

    #[test]
    fn an_sql_driver_outside_the_stores_is_found() {
        assert_eq!(
            found("app", "rusqlite", Kind::Normal).unwrap(),
            "crates/app/Cargo.toml: throughline-app asks for rusqlite\n    \
             SQL is spoken in store-* only; everybody else asks the ports in store"
        );
        assert!(found("store", "sqlx-core", Kind::Normal).is_some(), "the ports themselves know no SQL");
        assert_eq!(found("store-sqlite", "rusqlite", Kind::Normal), None);
    }

    #[test]
    fn frameworks_stay_at_their_border() {
        assert!(found("app", "axum", Kind::Normal).is_some());
        assert!(found("api", "askama", Kind::Normal).is_some());
        assert!(found("domain", "tokio", Kind::Normal).is_some());
        assert!(found("connect", "tokio", Kind::Build).is_some());
        assert_eq!(found("web", "axum", Kind::Normal), None);
        assert_eq!(found("web", "askama", Kind::Normal), None);
    }

    #[test]
    fn tests_are_free_to_use_what_they_need() {
        assert_eq!(found("domain", "tokio", Kind::Dev), None);
    }
}
