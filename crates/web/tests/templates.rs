//! Reads every template and source of this crate and compares them with what they name: texts, their variables,
//! icons, assets; and looks for what the pages' security policy would refuse.

#![expect(clippy::unwrap_used, reason = "a test that cannot read its files has nothing to say")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::{env, fs};

use throughline_web::i18n;

struct Source {
    path: String,
    text: String,
}

/// All files below `folders` of the crate with one of the endings.
fn sources(folders: &[&str], endings: &[&str]) -> Vec<Source> {
    // The variable of the running test, not of its build: a moved checkout reads its own files.
    let root = PathBuf::from(
        env::var("CARGO_MANIFEST_DIR").unwrap_or_else(|_| env!("CARGO_MANIFEST_DIR").to_owned()),
    );
    let mut found = Vec::new();
    let mut open: Vec<PathBuf> = folders.iter().map(|folder| root.join(folder)).collect();
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if endings.iter().any(|ending| path.extension().is_some_and(|it| it == *ending)) {
                found.push(Source { path: shown(&root, &path), text: fs::read_to_string(&path).unwrap() });
            }
        }
    }
    assert!(!found.is_empty(), "nothing found below {folders:?}");
    found
}

fn shown(root: &Path, path: &Path) -> String {
    path.strip_prefix(root).unwrap_or(path).display().to_string()
}

fn pages() -> Vec<Source> {
    sources(&["templates", "src"], &["html", "rs"])
}

/// Text → the variables it takes.
fn catalogue() -> BTreeMap<String, BTreeSet<String>> {
    let mut texts = BTreeMap::new();
    for (_, content) in i18n::catalogues() {
        let mut current = None;
        for line in content.lines().filter(|line| !line.starts_with('#')) {
            if let Some((key, _)) = line.split_once(" =").filter(|(key, _)| is_key(key)) {
                current = Some(key.to_owned());
                texts.insert(key.to_owned(), BTreeSet::new());
            }
            let names = line
                .split('$')
                .skip(1)
                .map(|rest| rest.chars().take_while(|c| is_word(*c)).collect::<String>());
            if let Some(variables) = current.as_ref().and_then(|key| texts.get_mut(key)) {
                variables.extend(names);
            }
        }
    }
    texts
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_' || c == '-'
}

fn is_key(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
}

/// Every place where `opening` stands as a whole word, with what follows it.
fn after<'a>(text: &'a str, opening: &str) -> Vec<&'a str> {
    let whole = |at: usize| !text[..at].ends_with(|c: char| is_word(c));
    text.match_indices(opening)
        .filter(|(at, _)| whole(*at))
        .map(|(at, _)| &text[at + opening.len()..])
        .collect()
}

fn literal(rest: &str) -> Option<&str> {
    rest.split_once('"').map(|(literal, _)| literal)
}

/// The names in the arguments of `with("key", …)`, without those of texts nested in them.
fn argument_names(rest: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let (mut depth, mut nested) = (1_usize, Vec::new());
    let mut from = rest.find(',').unwrap_or(0);
    while let Some(step) = rest[from..].find(['(', ')']) {
        let at = from + step;
        from = at + 1;
        if rest[at..].starts_with(')') {
            depth -= 1;
            nested.pop_if(|start| *start >= depth);
            if depth == 0 {
                break;
            }
            continue;
        }
        if rest[..at].ends_with(".with") {
            nested.push(depth);
        } else if nested.is_empty()
            && let Some(name) = rest[from..].strip_prefix('"').and_then(literal)
            && rest[from + name.len() + 2..].starts_with(',')
        {
            names.insert(name.to_owned());
        }
        depth += 1;
    }
    names
}

/// How a text is asked for: plainly, with these variables, or by a name (or arguments) made elsewhere.
enum Use {
    Plain,
    With(BTreeSet<String>),
    Named,
}

/// The text without the blanks that a formatter puts before a dot and after a bracket.
fn unbroken(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for piece in text.split_inclusive(|c: char| !c.is_whitespace()) {
        let blank = piece.trim_start();
        let joins = blank.starts_with('.') || out.ends_with('(');
        out.push_str(if joins { blank } else { piece });
    }
    out
}

fn uses(source: &Source) -> Vec<(String, Use)> {
    let text = unbroken(&source.text);
    // Inside the module of texts the receiver is `self`; everywhere else it is a `Text` called `t`.
    let receivers: &[&str] = if source.path.contains("i18n") { &["self"] } else { &["t"] };
    let mut found = Vec::new();
    for receiver in receivers {
        let plain = after(&text, &format!("{receiver}.get(\""));
        found.extend(plain.into_iter().filter_map(literal).map(|key| (key.to_owned(), Use::Plain)));
        for rest in after(&text, &format!("{receiver}.with(\"")) {
            let key = literal(rest).unwrap();
            let args = rest[key.len() + 1..].trim_start_matches([',', ' ', '\n']);
            let usage = if args.starts_with(['(', '[']) {
                Use::With(argument_names(&rest[key.len() + 1..]))
            } else {
                Use::Named
            };
            found.push((key.to_owned(), usage));
        }
    }
    let named = after(&text, "key!(\"").into_iter().filter_map(literal);
    found.extend(named.filter(|key| is_key(key)).map(|key| (key.to_owned(), Use::Named)));
    found
}

#[test]
fn every_text_a_page_names_exists_and_is_given_its_variables() {
    let texts = catalogue();
    let mut wrong = Vec::new();
    for source in pages() {
        for (key, usage) in uses(&source) {
            match (texts.get(&key), usage) {
                (None, _) => wrong.push(format!("{}: there is no text `{key}`", source.path)),
                (Some(variables), Use::Plain) if !variables.is_empty() => {
                    wrong.push(format!("{}: `{key}` needs {variables:?}: use t.with", source.path));
                }
                (Some(variables), Use::With(given)) if *variables != given => {
                    wrong
                        .push(format!("{}: `{key}` needs {variables:?} and is given {given:?}", source.path));
                }
                _ => {}
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn every_text_of_the_catalogues_is_used() {
    let used: BTreeSet<String> = pages().iter().flat_map(uses).map(|(key, _)| key).collect();
    let unused: Vec<String> = catalogue().into_keys().filter(|key| !used.contains(key)).collect();
    assert_eq!(unused, Vec::<String>::new(), "take these texts out, or name them with t.get, t.with or key!");
}

#[test]
fn the_scan_itself_sees_texts_variables_and_nesting() {
    let text = r#"{{ t.get("a-b") }} {{ chrome.t.with("c", (("x", n), ("y", t.with("d", ("z", 1))))) }} chart.get("no") key!("e")
            t
                .with(
                    "f", [("n", 2)])"#;
    let found = uses(&Source { path: "x.html".to_owned(), text: text.to_owned() });
    let shown: Vec<String> = found
        .into_iter()
        .map(|(key, usage)| match usage {
            Use::Plain => key,
            Use::Named => format!("{key}!"),
            Use::With(names) => format!("{key} {names:?}"),
        })
        .collect();
    assert_eq!(shown, ["a-b", r#"c {"x", "y"}"#, r#"d {"z"}"#, r#"f {"n"}"#, "e!"]);
}

#[test]
fn every_icon_a_template_names_is_in_the_sprite_and_every_one_in_the_sprite_is_used() {
    let listed: BTreeSet<&str> = throughline_assets::icons().collect();
    let everywhere = sources(&["templates", "src", "examples"], &["html", "rs"]);
    let macros = ["icon::of(\"", "icon::marked(\"", "pill::chip(\"", "page::empty(\""];
    for source in everywhere.iter().filter(|source| source.path.ends_with("html")) {
        for name in macros.iter().flat_map(|opening| after(&source.text, opening)).filter_map(literal) {
            assert!(listed.contains(name), "{}: `{name}` is not in icons.txt of the assets", source.path);
        }
    }
    let unused: Vec<_> = listed
        .iter()
        .filter(|icon| !everywhere.iter().any(|source| source.text.contains(&format!("\"{icon}\""))))
        .collect();
    assert_eq!(unused, Vec::<&&str>::new(), "take these out of icons.txt of the assets");
}

#[test]
fn every_asset_a_template_names_exists() {
    let names: BTreeSet<&str> = throughline_assets::all().map(|(name, _)| name).collect();
    for source in pages() {
        for name in after(&source.text, "url(\"").into_iter().filter_map(literal) {
            assert!(names.contains(name), "{}: there is no asset `{name}`", source.path);
        }
    }
}

/// Styles, scripts and handlers in the markup are dead under the policy; unescaped values and evaluated attributes
/// are how strangers' text would become markup.
/// A macro's parameters hide a page's variables of the same name from what the caller puts into it.
#[test]
fn what_a_caller_says_means_the_pages_own_variables() {
    let mut callers = 0;
    for source in sources(&["templates"], &["html"]) {
        for found in source.text.split("{%- macro ").skip(1) {
            let body = found.split("endmacro").next().unwrap();
            if !body.contains("caller()") {
                continue;
            }
            callers += 1;
            let head = body.split_once(") -%}").unwrap().0;
            for name in head.split_once('(').unwrap().1.split(',').map(str::trim) {
                assert!(name == "t" || name.starts_with("its_"), "{}: `{name}` in `{head}`", source.path);
            }
        }
    }
    assert!(callers > 5, "only {callers} macros with callers were found");
}

#[test]
fn no_template_has_what_the_security_policy_refuses() {
    for source in sources(&["templates"], &["html"]) {
        let lower = source.text.to_lowercase();
        let refused = [
            " style=",
            "<style",
            "javascript:",
            "hx-on",
            "|safe",
            "hx-vals=\"js",
            "hx-headers=\"js",
            "http://",
            "https://",
        ];
        for word in refused {
            assert!(!lower.contains(word), "{} has `{word}`", source.path);
        }
        for handler in lower.match_indices(" on").map(|(at, _)| &lower[at + 3..]) {
            let name: String = handler.chars().take_while(char::is_ascii_lowercase).collect();
            assert!(
                name.is_empty() || !handler[name.len()..].starts_with('='),
                "{} has on{name}=",
                source.path
            );
        }
        for script in lower.split("<script").skip(1) {
            assert!(
                script.split('>').next().is_some_and(|tag| tag.contains("src=")),
                "{} has a script in it",
                source.path
            );
        }
    }
}
