use std::collections::BTreeSet;

use jiff::tz::TimeZone;
use throughline_domain::playbook::{
    edit::{self, Change, Document, Way},
    load, shipped,
};

use super::{
    changes::changes,
    controls::controls,
    items::{blank, renamed},
    *,
};
use crate::i18n::{Locale, Text};

fn t() -> Text {
    Text::new(Locale::En, TimeZone::UTC)
}

/// Every way to a part that has a form.
fn forms(node: &Node, way: &Way, found: &mut Vec<Way>) {
    if matches!(node.body, Body::Map { .. }) && Part::at(way).is_some() {
        found.push(way.clone());
    }
    match &node.body {
        Body::Map { entries, .. } => {
            entries.iter().for_each(|entry| forms(&entry.value, &way.key(&entry.key), found));
        }
        Body::List { items, .. } => {
            items.iter().enumerate().for_each(|(index, item)| forms(item, &way.nth(index), found));
        }
        Body::Scalar(_) => {}
    }
}

#[test]
fn a_form_that_is_posted_as_it_was_shown_changes_nothing_in_any_shipped_playbook() {
    let mut seen = 0;
    for (name, source) in shipped::shipped() {
        let document = Document::read(source).unwrap();
        let mut ways = Vec::new();
        forms(&document.root, &Way::default(), &mut ways);
        for way in ways {
            let part = Part::at(&way).unwrap();
            let posted = filled(part, document.get(&way));
            let made = changes(&t(), part, &way, &document, &posted);
            assert_eq!(made, Ok(Vec::new()), "{name}: {way}");
            assert!(!controls(&t(), part, &document, &posted, &Errors::new()).is_empty());
            seen += 1;
        }
    }
    assert!(seen > 300, "{seen}");
}

fn edited(source: &str, at: &str, edit: impl Fn(&mut Vec<(String, String)>)) -> String {
    let document = Document::read(source).unwrap();
    let way: Way = at.parse().unwrap();
    let part = Part::at(&way).unwrap();
    let mut posted = filled(part, document.get(&way));
    edit(&mut posted.fields);
    let made = changes(&t(), part, &way, &document, &posted).unwrap();
    edit::change_all(source, &made).unwrap()
}

fn put(fields: &mut Vec<(String, String)>, name: &str, value: &str) {
    fields.retain(|(field, _)| field != name);
    if !value.is_empty() {
        fields.push((name.to_owned(), value.to_owned()));
    }
}

/// The lines of the default playbook that differ after an edit; it must be sound still.
fn lines(at: &str, edit: impl Fn(&mut Vec<(String, String)>)) -> Vec<String> {
    let source = shipped::source("default").unwrap();
    let new = edited(source, at, edit);
    if let Err(findings) = load(&new) {
        panic!("{:?}\n{new}", findings.first().map(ToString::to_string));
    }
    let gone =
        source.lines().filter(|line| !new.lines().any(|other| other == *line)).map(|line| format!("-{line}"));
    let come =
        new.lines().filter(|line| !source.lines().any(|other| other == *line)).map(|line| format!("+{line}"));
    gone.chain(come).collect()
}

#[test]
fn each_kind_of_field_changes_its_own_line() {
    assert_eq!(
        lines("sections.0.asks.1", |fields| put(fields, "ask", "Is that so: today?")),
        ["-        ask: Does that reason still hold today?", "+        ask: \"Is that so: today?\""]
    );
    assert_eq!(
        lines("steps.8", |fields| put(fields, "due.within.n", "8")),
        ["-    due: { anchor: closed, within: 10 bd }", "+    due: { anchor: closed, within: 8 bd }"]
    );
    assert_eq!(
        lines("gates.1", |fields| put(fields, "waiver_lasts.unit", "d")).last().unwrap(),
        "+    waiver_lasts: 10 d"
    );
    assert_eq!(
        lines("gates.3", |fields| fields.push(("demands".to_owned(), "step:early_intro".to_owned()))),
        ["+      - step: early_intro"]
    );
    assert_eq!(
        lines("routes.3", |fields| put(fields, "when.0.value", "20000")),
        ["-    when: has(deal.arr) && deal.arr < 10000", "+    when: has(deal.arr) && deal.arr < 20000"]
    );
    assert_eq!(
        lines("ratings.0", |fields| put(fields, "reasons.6.label", "Too many people")),
        ["+      - { id: too_many_people, label: Too many people }"]
    );
}

#[test]
fn always_when_and_never_required_are_two_keys_in_the_file() {
    let source = shipped::source("default").unwrap();
    let always = edited(source, "sections.0.asks.2", |fields| put(fields, "required.mode", "always"));
    let holds =
        |text: &str, key: &str| text.lines().filter(|line| line.trim_start().starts_with(key)).count();
    assert_eq!(holds(&always, "required_when:") + 1, holds(source, "required_when:"));
    assert_eq!(holds(&always, "required: true"), holds(source, "required: true") + 1);
    let never = lines("sections.0.asks.1", |fields| put(fields, "required.mode", "none"));
    assert!(never.is_empty(), "the same words stand elsewhere: {never:?}");
    let never = edited(source, "sections.0.asks.1", |fields| put(fields, "required.mode", "none"));
    assert_eq!(source.lines().count() - 1, never.lines().count());
}

#[test]
fn what_names_a_part_follows_its_new_name() {
    let source = shipped::source("default").unwrap();
    let document = Document::read(source).unwrap();
    for (part, old) in [
        (Part::Ask, "champion"),
        (Part::Step, "internal_call"),
        (Part::Rating, "kickoff"),
        (Part::Category, "customer_intent"),
    ] {
        let changes = renamed(part, &document, old, "something_else");
        assert!(changes.len() >= 2, "{old}: {changes:?}");
        let new = edit::change_all(source, &changes).unwrap();
        assert_eq!(new.matches("something_else").count(), changes.len(), "{old}");
    }
}

#[test]
fn a_new_item_of_every_list_reads_as_a_playbook() {
    let source = shipped::source("default").unwrap();
    let document = Document::read(source).unwrap();
    for list in [
        "sections",
        "sections.0.asks",
        "steps",
        "steps.6.forms",
        "routes",
        "promises.routing",
        "scorecard.categories",
        "ratings",
        "agenda",
        "plan.milestones",
        "escalation.ladder",
        "measurement.tiers",
    ] {
        let list: Way = list.parse().unwrap();
        let value = blank(&t(), Part::in_list(&list).unwrap(), &document).unwrap();
        let put = Change::Insert { list: list.clone(), at: 0, value };
        let new = edit::change(source, &put).unwrap_or_else(|why| panic!("{list}: {why}"));
        // What may be wrong with it is its meaning; a fault of its shape would be told alone, with these words.
        for finding in load(&new).err().unwrap_or_default() {
            for shape in ["missing", "wanted here", "no key"] {
                assert!(!finding.reason.contains(shape), "{list}: {finding}");
            }
        }
    }
    assert_eq!(blank(&t(), Part::Gate, &document), None, "it has every gate");
}

/// A field that playbooks get is to be edited, too: one that is missing here fails.
#[test]
fn every_field_of_every_part_has_a_control() {
    let schema = throughline_domain::playbook::schema::json_schema();
    let of = |name: &str| -> BTreeSet<String> {
        let part = if name.is_empty() { &schema } else { &schema["$defs"][name] };
        part["properties"].as_object().unwrap().keys().cloned().collect()
    };
    // With what has a form of its own or is one control with another field.
    let parts: [(Part, &str, &[&str]); 20] = [
        (
            Part::Head,
            "",
            &[
                "playbook",
                "sections",
                "gates",
                "steps",
                "promises",
                "offer",
                "scorecard",
                "agenda",
                "plan",
                "ratings",
                "routes",
                "escalation",
                "measurement",
            ],
        ),
        (Part::Promises, "PromiseRules", &["routing"]),
        (Part::Offer, "OfferRules", &[]),
        (Part::Scorecard, "Scorecard", &["categories"]),
        (Part::Plan, "PlanTemplate", &["milestones"]),
        (Part::Escalation, "Escalation", &["ladder"]),
        (Part::Measurement, "Measurement", &["tiers"]),
        (Part::Section, "Section", &["asks"]),
        (Part::Ask, "Ask", &["required_when"]),
        (Part::Gate, "GateRule", &[]),
        (Part::Step, "Step", &["forms"]),
        (Part::Form, "FormRule", &[]),
        (Part::Route, "Route", &[]),
        (Part::PromiseRoute, "PromiseRoute", &[]),
        (Part::Category, "Category", &[]),
        (Part::Rating, "Rating", &[]),
        (Part::Agenda, "AgendaPart", &[]),
        (Part::Milestone, "MilestoneTemplate", &[]),
        (Part::Rung, "Rung", &[]),
        (Part::Tier, "Tier", &[]),
    ];
    for (part, name, elsewhere) in parts {
        let edited = part.fields().iter().map(|spec| spec.key).chain(elsewhere.iter().copied());
        let edited: BTreeSet<String> = edited.map(str::to_owned).collect();
        assert_eq!(edited, of(name), "{part:?}");
    }
}
