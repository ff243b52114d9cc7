//! At which addresses pages are routed, read from their source: a router does not tell.

use std::{fs, path::Path};

/// An address with the methods it takes.
pub struct Route {
    pub path: String,
    pub methods: Vec<&'static str>,
}

impl Route {
    pub fn is_about_one(&self) -> bool {
        self.path.starts_with("/handoffs/{id}") || self.path.contains("{handoff}")
    }
}

/// Every one there is.
pub fn routes() -> Vec<Route> {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join("web/src/pages");
    let mut found = Vec::new();
    read(&source, &mut found);
    found.sort_by(|one, other| one.path.cmp(&other.path));
    assert!(found.len() > 100, "the pages are routed in another way now: {} found", found.len());
    found
}

fn read(folder: &Path, found: &mut Vec<Route>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            read(&path, found);
        } else if path.extension().is_some_and(|end| end == "rs") {
            found.extend(routed(&fs::read_to_string(&path).unwrap()));
        }
    }
}

/// What a source routes.
fn routed(source: &str) -> Vec<Route> {
    source
        .split(".route(")
        .skip(1)
        .map(|rest| {
            let inner = inside(rest);
            let path = inner.trim_start().strip_prefix('"').and_then(|rest| rest.split('"').next());
            let path = path.unwrap_or_else(|| panic!("an address that is not written out: {inner}"));
            let known = [("get(", "get"), ("post(", "post")];
            let called = |word: &str| {
                inner.match_indices(word).any(|(at, _)| {
                    !inner[..at].ends_with(|before: char| before.is_alphanumeric() || before == '_')
                })
            };
            let methods: Vec<_> =
                known.into_iter().filter(|(word, _)| called(word)).map(|(_, method)| method).collect();
            assert!(!methods.is_empty(), "{path} takes methods that are not known here: {inner}");
            Route { path: path.to_owned(), methods }
        })
        .collect()
}

/// Up to the bracket that closes what is open.
fn inside(rest: &str) -> &str {
    let mut open = 1;
    for (at, letter) in rest.char_indices() {
        match letter {
            '(' => open += 1,
            ')' => open -= 1,
            _ => {}
        }
        if open == 0 {
            return &rest[..at];
        }
    }
    rest
}

#[test]
fn addresses_and_methods_are_read_as_they_are_written() {
    let source =
        "Router::new().route(\"/a\", get(show).post(save)).route(\n  \"/b/{id}\",\n  post(go(1)),\n)";
    let read: Vec<_> = routed(source).into_iter().map(|route| (route.path, route.methods)).collect();
    assert_eq!(read, [("/a".to_owned(), vec!["get", "post"]), ("/b/{id}".to_owned(), vec!["post"])]);
}
