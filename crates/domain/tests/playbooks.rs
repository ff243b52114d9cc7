//! Playbooks as files: what is refused and where, what ships, and that no input hurts.

#![expect(clippy::unwrap_used, reason = "a test stops where it stands")]

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use proptest::prelude::*;
use throughline_domain::playbook::{Rule, load, rule::Scope, schema, shipped};

fn fixtures() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/playbooks")
}

/// Compares with what is checked in; with UPDATE=1 in the environment it is written instead.
fn golden(path: &Path, found: &str) {
    if std::env::var_os("UPDATE").is_some() {
        fs::write(path, found).unwrap();
    }
    let held = fs::read_to_string(path).unwrap_or_default();
    assert_eq!(found, held, "{} is not up to date; UPDATE=1 writes it", path.display());
}

fn key(line: &str) -> Option<&str> {
    line.split_once(':').map(|(key, _)| key).filter(|key| key.starts_with(|c: char| c.is_ascii_lowercase()))
}

/// What a broken file lacks is taken from the sound one, below.
fn completed(broken: &str, sound: &str) -> String {
    let has: BTreeSet<&str> = broken.lines().filter_map(key).collect();
    let mut text = broken.to_owned();
    let mut wanted = false;
    for line in sound.lines() {
        if let Some(key) = key(line) {
            wanted = !has.contains(key);
        }
        if wanted {
            text.push_str(line);
            text.push('\n');
        }
    }
    text
}

#[test]
fn every_broken_playbook_is_refused_where_it_is_broken() {
    let sound = fs::read_to_string(fixtures().join("sound.yaml")).unwrap();
    let mut files: Vec<PathBuf> =
        fs::read_dir(fixtures().join("broken")).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let mut told = String::new();
    for file in files {
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        let broken = fs::read_to_string(&file).unwrap();
        let whole = if name.starts_with("yaml_") { broken.clone() } else { completed(&broken, &sound) };
        let findings = load(&whole).map(drop).expect_err(&name);
        let lines = broken.lines().count().max(1) as u64;
        for finding in findings {
            // What lies in the completed part has no line of its own here.
            let text = finding.to_string();
            let below = text.splitn(3, ':').nth(2).map_or_else(String::new, |rest| format!("below:{rest}"));
            told.push_str(&format!("{name}:{}\n", if finding.line <= lines { text } else { below }));
        }
        told.push('\n');
    }
    golden(&fixtures().join("findings.txt"), &told);
}

#[test]
fn the_playbook_the_broken_ones_come_from_is_sound() {
    let sound = fs::read_to_string(fixtures().join("sound.yaml")).unwrap();
    if let Err(findings) = load(&sound) {
        panic!("{findings:?}");
    }
}

#[test]
fn the_schema_for_editors_is_up_to_date() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../playbooks/schema.json");
    let schema = serde_json::to_string_pretty(&schema::json_schema()).unwrap() + "\n";
    golden(&path, &schema);
}

#[test]
fn a_file_too_large_or_with_too_many_findings_is_refused_shortly() {
    let large = load(&"# comment\n".repeat(60_000)).map(drop).unwrap_err();
    assert_eq!(large.len(), 1);
    assert!(large[0].reason.contains("at most 524288"), "{large:?}");
    let sound = fs::read_to_string(fixtures().join("sound.yaml")).unwrap();
    let twins = "    - { title: '', side: us, due: 0 d }\n".repeat(400);
    let many = sound.replace(
        "  milestones: [{ title: Live, side: us, due: 30 d }]\n",
        &format!("  milestones:\n{twins}"),
    );
    let findings = load(&many).map(drop).unwrap_err();
    assert_eq!(findings.len(), 101);
    assert_eq!(findings[100].reason, "and 700 more below");
}

#[test]
fn hostile_files_are_refused_without_harm() {
    let deep = |open: &str, close: &str, times: usize| {
        format!("sections: {}{}\n", open.repeat(times), close.repeat(times))
    };
    let stairs: String = (0..600).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect();
    let lists: String = format!("sections:\n{}\n", "- ".repeat(100_000));
    let bomb: String =
        (0..40).map(|n| format!("a{n}: &a{n} [{}]\n", format!("*a{},", n - 1).repeat(9))).collect();
    for hostile in [
        deep("[", "]", 100_000),
        deep("{a: ", "}", 60_000),
        deep("[", "", 300_000),
        deep("{", "", 300_000),
        deep("? ", "", 100_000),
        stairs,
        lists,
        bomb,
        "&a ".repeat(100_000),
        "!a ".repeat(100_000),
        "- ? : ".repeat(50_000),
        "---\n".repeat(100_000),
        "%A b\n".repeat(50_000),
        format!("title: {}\n", "x".repeat(500_000)),
        format!("{}: x\n", "k".repeat(500_000)),
        format!("title: \"{}\"\n", "\\u0041".repeat(80_000)),
        format!("title: |\n{}", " x\n".repeat(150_000)),
        format!("opens_when: {}\n", "(".repeat(400_000)),
        format!("opens_when: {}true\n", "!".repeat(900)),
        format!("{}\n", "a: 1\n".repeat(90_000)),
        "\u{2028}\u{85}\u{feff}".repeat(50_000),
        "'".repeat(400_000),
        "[[[{{{:::---???".repeat(30_000),
        "# ".repeat(250_000),
        "\t".repeat(500_000),
        "\r".repeat(500_000),
    ] {
        let findings = load(&hostile).map(drop).unwrap_err();
        assert!(!findings.is_empty());
        for finding in findings {
            assert!(
                finding.to_string().len() < 1_000,
                "a finding repeats the file: {}",
                finding.reason.len()
            );
        }
    }
}

/// What somebody may do to a file by accident or on purpose.
fn mangled() -> impl Strategy<Value = String> {
    let scraps = prop_oneof![
        Just("- ".to_owned()),
        Just(": ".to_owned()),
        Just("\n  ".to_owned()),
        Just("'".to_owned()),
        Just("\"".to_owned()),
        Just("{".to_owned()),
        Just("]".to_owned()),
        Just("|\n".to_owned()),
        Just("&a *a ".to_owned()),
        Just("\t".to_owned()),
        Just("---\n".to_owned()),
        Just("(".to_owned()),
        Just(" && deal.arr".to_owned()),
        any::<char>().prop_map(|c| c.to_string()),
        "[a-z_]{1,12}",
    ];
    let edit = (any::<prop::sample::Index>(), 0usize..40, scraps);
    let which = 0..shipped::shipped().len();
    (which, prop::collection::vec(edit, 1..6)).prop_map(|(which, edits)| {
        let mut text: Vec<char> = shipped::shipped()[which].1.chars().collect();
        for (at, cut, scrap) in edits {
            let at = at.index(text.len());
            let end = (at + cut).min(text.len());
            text.splice(at..end, scrap.chars());
        }
        text.into_iter().collect()
    })
}

/// Rules somebody might type with a cat on the keyboard.
fn rule() -> impl Strategy<Value = String> {
    let token = prop_oneof![
        Just("deal.arr"),
        Just("has"),
        Just("("),
        Just(")"),
        Just("["),
        Just("{"),
        Just("'a'"),
        Just("'"),
        Just("&&"),
        Just("!"),
        Just("-"),
        Just("?"),
        Just(":"),
        Just("1.5"),
        Just("99999999999999999999"),
        Just("in"),
        Just(">="),
        Just(".map"),
        Just("x,"),
        Just("\\"),
        Just("ü"),
        Just("\n"),
        Just("`"),
    ];
    (prop::collection::vec(token, 0..25), prop_oneof![Just(""), Just(" ")])
        .prop_map(|(parts, gap)| parts.join(gap))
}

fn is_told_well(text: &str) {
    if let Err(findings) = load(text) {
        assert!(!findings.is_empty());
        let lines = text.lines().count() as u64 + 1;
        for finding in findings {
            assert!((1..=lines).contains(&finding.line) && finding.column >= 1, "{finding}");
            assert!(!finding.reason.is_empty() && !finding.reason.contains('\n'), "{finding}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: ProptestConfig::default().cases.max(500), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_text_at_all_is_too_much_for_the_reader(text in "\\PC{0,200}|[-\\[\\]{}:,?&*!|>'\"%@ \\n\\ta-c]{0,300}") {
        is_told_well(&text);
    }

    #[test]
    fn no_bytes_at_all_are_too_much_for_the_reader(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        is_told_well(&String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn no_rule_at_all_is_too_much_for_its_parser_and_its_check(source in rule()) {
        match Rule::parse(&source) {
            Err(refused) => prop_assert!(refused.at.is_none_or(|at| source.is_char_boundary(at)), "{refused:?}"),
            Ok(rule) => {
                for scope in [Scope::Deal, Scope::Promise] {
                    if let Err(refused) = rule.check(scope) {
                        prop_assert!(refused.at.is_none_or(|at| source.is_char_boundary(at)), "{refused:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn a_mangled_playbook_is_sound_or_refused_in_its_own_lines(text in mangled()) {
        is_told_well(&text);
    }
}
