use proptest::prelude::*;

use super::*;
use crate::playbook::{load, shipped};

fn way(text: &str) -> Way {
    text.parse().unwrap()
}

fn set(at: &str, value: Value) -> Change {
    Change::Set { way: way(at), value, after: vec!["id".to_owned(), "ask".to_owned()] }
}

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

fn word(text: &str) -> Value {
    Value::Word(text.to_owned())
}

const SMALL: &str = "\
# Top.
title: Small # the title
about: >
  Some words
  over two lines.
sections:
  # The first.
  - id: one # R1
    title: One
    asks:
      # Why it is asked.
      - id: a
        ask: What?
        used_by: [csm, ae] # both
        required: true

      - id: b
        ask: >
          Which of
          them?
        used_by: [csm]
  - id: two
    asks: []
plan: { from: 1 d, steps: [x, y] }
";

fn changed(made: &Change) -> String {
    change(SMALL, made).unwrap_or_else(|why| panic!("{made:?}: {why}"))
}

/// The lines that differ, with their signs.
fn told(change: &Change) -> Vec<String> {
    let new = changed(change);
    let (old, new): (Vec<&str>, Vec<&str>) = (SMALL.lines().collect(), new.lines().collect());
    let same = old.iter().zip(&new).take_while(|(old, new)| old == new).count();
    let end =
        old[same..].iter().rev().zip(new[same..].iter().rev()).take_while(|(old, new)| old == new).count();
    let minus = old[same..old.len() - end].iter().map(|line| format!("-{line}"));
    minus.chain(new[same..new.len() - end].iter().map(|line| format!("+{line}"))).collect()
}

#[test]
fn a_value_takes_the_place_of_another_and_its_comment_stays() {
    assert_eq!(
        told(&set("title", text("Other"))),
        ["-title: Small # the title", "+title: Other # the title"]
    );
    assert_eq!(
        told(&set("sections.0.asks.0.used_by", Value::Row(vec![word("csm")]))),
        ["-        used_by: [csm, ae] # both", "+        used_by: [csm] # both"]
    );
    assert_eq!(
        told(&set("plan.from", word("2 bd"))),
        ["-plan: { from: 1 d, steps: [x, y] }", "+plan: { from: 2 bd, steps: [x, y] }"]
    );
    assert_eq!(
        told(&set("plan.steps.1", text("a, b"))),
        ["-plan: { from: 1 d, steps: [x, y] }", "+plan: { from: 1 d, steps: [x, \"a, b\"] }"]
    );
}

#[test]
fn a_text_over_several_lines_is_replaced_whole() {
    assert_eq!(
        told(&set("about", text("Short."))),
        ["-about: >", "-  Some words", "-  over two lines.", "+about: Short."]
    );
    assert_eq!(
        told(&set("sections.0.asks.1.ask", text("Who: you?"))),
        ["-        ask: >", "-          Which of", "-          them?", "+        ask: \"Who: you?\""]
    );
}

#[test]
fn a_long_text_is_folded_and_one_with_lines_keeps_them() {
    let long = "word ".repeat(40).trim().to_owned();
    let new = changed(&set("sections.0.asks.0.help", text(&long)));
    assert!(new.contains("        help: >-\n          word word"), "{new}");
    assert!(new.lines().all(|line| line.len() < 115));
    let new = changed(&set("title", text("One.\nTwo.")));
    assert!(new.contains("title: |- # the title\n  One.\n  Two.\nabout"), "{new}");
    let new = changed(&set("about", text("One.\nTwo.")));
    assert!(new.contains("about: |-\n  One.\n  Two.\nsections:"), "{new}");
}

#[test]
fn a_key_is_added_behind_those_it_follows_and_taken_out_with_its_lines() {
    assert_eq!(told(&set("sections.0.asks.0.help", text("Say why."))), ["+        help: Say why."]);
    assert!(
        changed(&set("sections.0.asks.0.help", text("x")))
            .contains("ask: What?\n        help: x\n        used_by")
    );
    assert_eq!(told(&Change::Remove { way: way("sections.0.asks.0.required") }), ["-        required: true"]);
    assert_eq!(
        told(&Change::Remove { way: way("plan.from") }),
        ["-plan: { from: 1 d, steps: [x, y] }", "+plan: { steps: [x, y] }"]
    );
    assert_eq!(changed(&Change::Remove { way: way("sections.0.asks.0.nothing") }), SMALL);
    assert_eq!(
        told(&Change::Remove { way: way("sections.0.asks.0.id") }),
        ["-      - id: a", "-        ask: What?", "+      - ask: What?"]
    );
}

#[test]
fn items_come_go_and_change_places_with_their_comments() {
    let new = changed(&Change::Swap { list: way("sections.0.asks"), first: 0 });
    assert!(new.contains("used_by: [csm]\n\n      # Why it is asked.\n      - id: a\n"), "{new}");
    let new = changed(&Change::Remove { way: way("sections.0.asks.0") });
    assert!(!new.contains("Why it is asked") && new.contains("asks:\n\n      - id: b"), "{new}");
    let ask = Value::Map(vec![("id".to_owned(), word("c")), ("ask".to_owned(), text("Who?"))]);
    let new = changed(&Change::Insert { list: way("sections.0.asks"), at: 2, value: ask.clone() });
    assert!(new.contains("used_by: [csm]\n      - id: c\n        ask: Who?\n  - id: two"), "{new}");
    let new = changed(&Change::Insert { list: way("sections.1.asks"), at: 0, value: ask });
    assert!(new.contains("  - id: two\n    asks:\n      - id: c\n        ask: Who?\nplan"), "{new}");
    let new = changed(&Change::Swap { list: way("plan.steps"), first: 0 });
    assert!(new.contains("steps: [y, x]"), "{new}");
}

#[test]
fn the_last_item_leaves_an_empty_list() {
    let one = changed(&Change::Remove { way: way("sections.0.asks.1") });
    let none = change(&one, &Change::Remove { way: way("sections.0.asks.0") }).unwrap();
    assert!(none.contains("    title: One\n    asks: []\n"), "{none}");
}

#[test]
fn a_list_brought_to_other_items_keeps_those_that_stay() {
    let source = "a:\n  - x # first\n  - step: y # second\n  - z # third\n";
    let items = vec![text("z"), text("new"), Value::Map(vec![("step".to_owned(), word("y"))])];
    let new = change(source, &Change::Items { list: way("a"), items, after: vec![] }).unwrap();
    assert_eq!(new, "a:\n  - z # third\n  - new\n  - step: y # second\n");
    let source = "a:\n  - { id: x, label: One } # first\n  - { id: y, label: Two }\n";
    let choice = |id: &str, label: &str| {
        Value::Inline(vec![("id".to_owned(), word(id)), ("label".to_owned(), text(label))])
    };
    let items = vec![choice("x", "Uno"), choice("w", "Three")];
    let new = change(source, &Change::Items { list: way("a"), items, after: vec![] }).unwrap();
    assert_eq!(new, "a:\n  - { id: x, label: Uno } # first\n  - { id: w, label: Three }\n");
}

#[test]
fn a_place_of_the_text_leads_to_its_part() {
    let document = Document::read(SMALL).unwrap();
    assert_eq!(document.way_at(2, 1).to_string(), "title");
    assert_eq!(document.way_at(14, 24).to_string(), "sections.0.asks.0.used_by.1");
    assert_eq!(document.lines(&way("sections.0.asks.1")), Some((17, 21)));
}

#[test]
fn what_cannot_be_read_or_is_not_there_is_said_and_nothing_is_changed() {
    let unreadable = change("a: [1\nb: 2\n", &set("a", text("x"))).unwrap_err();
    assert!(matches!(&unreadable, NotChanged::Unreadable(finding) if finding.line >= 1), "{unreadable:?}");
    for nowhere in ["sections.7.title", "title.x", "sections.0.asks.9", "nothing.x"] {
        assert_eq!(
            change(SMALL, &set(nowhere, text("x"))),
            Err(NotChanged::NotThere(way(nowhere))),
            "{nowhere}"
        );
    }
    assert!(matches!(Document::read("a: &x 1\nb: *x\n"), Err(NotChanged::Unreadable(_))));
    assert!(matches!(Document::read(&"[".repeat(100)), Err(NotChanged::Unreadable(_))));
}

/// Every way in a document.
fn ways(node: &Node, at: &Way, all: &mut Vec<Way>) {
    match &node.body {
        Body::Map { entries, .. } => entries.iter().for_each(|entry| {
            all.push(at.key(&entry.key));
            ways(&entry.value, &at.key(&entry.key), all);
        }),
        Body::List { items, .. } => items.iter().enumerate().for_each(|(index, item)| {
            all.push(at.nth(index));
            ways(item, &at.nth(index), all);
        }),
        Body::Scalar(_) => {}
    }
}

fn comments(source: &str) -> Vec<String> {
    source
        .lines()
        .filter(|line| line.trim_start().starts_with('#'))
        .map(|line| line.trim().to_owned())
        .collect()
}

#[test]
fn every_text_of_every_shipped_playbook_can_be_set_and_no_other_line_changes() {
    for (name, source) in shipped::shipped() {
        let document = Document::read(source).unwrap();
        let mut all = Vec::new();
        ways(&document.root, &Way::default(), &mut all);
        for at in all {
            let Some(held) = document.get(&at).and_then(Node::text) else { continue };
            let same =
                change(source, &Change::Set { way: at.clone(), value: text(held.trim_end()), after: vec![] });
            let same = same.unwrap_or_else(|why| panic!("{name}: {at}: {why}"));
            assert_eq!(comments(&same), comments(source), "{name}: {at}");
            let (from, to) = document.lines(&at).unwrap();
            let kept = |text: &str, last: usize| -> Vec<String> {
                let lines: Vec<String> = text.lines().map(str::to_owned).collect();
                let end = lines.len() - last;
                lines[..from as usize - 1].iter().chain(&lines[end..]).cloned().collect()
            };
            let last = source.lines().count() - to as usize;
            // A text in its key's own lines begins a line above.
            if kept(&same, last) != kept(source, last) {
                let begins = source.lines().nth(from as usize - 2).unwrap();
                assert!(begins.trim_end().ends_with(':'), "{name}: {at}\n{same}");
            }
        }
    }
}

#[test]
fn every_list_of_every_shipped_playbook_can_be_put_in_another_order() {
    for (name, source) in shipped::shipped() {
        let document = Document::read(source).unwrap();
        let mut all = Vec::new();
        ways(&document.root, &Way::default(), &mut all);
        for list in all {
            let items = document.get(&list).map_or(0, |node| node.items().len());
            for first in 0..items.saturating_sub(1) {
                let swap = Change::Swap { list: list.clone(), first };
                let there = change(source, &swap).unwrap_or_else(|why| panic!("{name}: {list}: {why}"));
                let mut kept = (comments(&there), comments(source));
                kept.0.sort();
                kept.1.sort();
                assert_eq!(kept.0, kept.1, "{name}: {list}");
                let back = change(&there, &swap).unwrap();
                assert_eq!(back, *source, "{name}: {list} {first}");
            }
        }
    }
    assert!(load(shipped::source("default").unwrap()).is_ok());
}

proptest! {
    #[test]
    fn whatever_is_typed_is_read_back_as_it_was_typed(
        typed in prop_oneof!["\\PC{0,60}", "[ a-z:#'\"\\[\\]{},|>&*!%@`0-9\n-]{0,160}", Just("null".to_owned()), Just("~".to_owned()), Just("1e5".to_owned()), Just(" - x".to_owned())],
        at in prop::sample::select(vec!["title", "about", "sections.0.asks.0.ask", "sections.0.asks.0.help", "sections.0.asks.1.ask", "sections.0.asks.0.used_by.1", "plan.from", "plan.steps.0", "plan.more"]),
    ) {
        let new = change(SMALL, &set(at, text(&typed)));
        let new = new.map_err(|why| TestCaseError::fail(format!("{typed:?} at {at}: {why}")))?;
        let document = Document::read(&new).unwrap();
        prop_assert_eq!(document.get(&way(at)).and_then(Node::text), Some(typed.as_str()));
        #[derive(serde::Deserialize)]
        struct Head { title: String, about: String }
        let head: Head = serde_saphyr::from_str(&new).map_err(|why| TestCaseError::fail(format!("{new}\n{why}")))?;
        if at == "title" {
            prop_assert_eq!(head.title, typed);
        } else if at == "about" {
            prop_assert_eq!(head.about, typed);
        }
    }

    #[test]
    fn no_text_makes_the_reader_fail_otherwise_than_with_a_place(source in "[ a-z:#'\"\\[\\]{},|>&*!\n-]{0,80}", line in 0..9_u64, column in 0..30_u64) {
        match Document::read(&source) {
            Ok(document) => { document.way_at(line, column); }
            Err(NotChanged::Unreadable(finding)) => prop_assert!(finding.line >= 1 && finding.column >= 1),
            Err(other) => return Err(TestCaseError::fail(other.to_string())),
        }
    }
}
