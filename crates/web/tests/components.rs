//! The component macros, rendered: what they must say to who cannot see them, and that strangers' text stays text.

use askama::Template;
use jiff::tz::TimeZone;
use throughline_domain::Role;
use throughline_web::chrome::{self, Chrome, Place, Reader, Theme};
use throughline_web::i18n::{Locale, Text};
use throughline_web::ui::{self, Conflict, Evidence, Field, Gap, GateMark, Meter, Person};

const HOSTILE: &str = "<img src=x onerror=alert(1)>\"'&";

#[derive(Template)]
#[template(
    ext = "html",
    source = r#"{% import "components/form.html" as form %}{{ form::text(t, field) }}{{ form::area(t, field) }}"#
)]
struct Fields {
    t: Text,
    field: Field,
}

#[derive(Template)]
#[template(
    ext = "html",
    source = r#"{% import "components/handoff.html" as handoff %}{% import "components/form.html" as form %}{% import "components/person.html" as person %}
{{ handoff::gate(t, "g", name, mark, name, gaps) }}{{ handoff::evidence(t, evidence) }}{{ form::conflict(t, conflict) }}{{ person::card(evidence.speaker) }}{{ handoff::meter(t, meter) }}"#
)]
struct Everything {
    t: Text,
    name: String,
    mark: GateMark,
    gaps: Vec<Gap>,
    evidence: Evidence,
    conflict: Conflict,
    meter: Meter,
}

#[derive(Template)]
#[template(
    ext = "html",
    source = r#"{% extends "layout/base.html" %}{% block title %}{{ chrome.t.get("nav-queue") }}{% endblock %}{% block main %}<p>{{ chrome.path }}</p>{% endblock %}"#
)]
struct Page {
    chrome: Chrome,
}

fn english() -> Text {
    Text::new(Locale::En, TimeZone::UTC)
}

fn page(places: &[Place], here: Option<Place>, theme: Theme, name: &str) -> String {
    let reader = Reader { person: Person::named(name), roles: vec![Role::Csm] };
    let chrome = Chrome::bare(english(), theme).signed_in(reader, "Nordwind", places, here).at(HOSTILE);
    Page { chrome }.render().unwrap_or_else(|why| why.to_string())
}

#[test]
fn label_hint_and_error_are_tied_to_their_control() {
    let field = Field::new("arr", "ARR").hint("Per year").error(Some("Not an amount")).value("ten");
    let html = Fields { t: english(), field }.render().unwrap();
    for wanted in [
        r#"for="f-arr""#,
        r#"id="f-arr""#,
        r#"aria-describedby="f-arr-hint f-arr-error""#,
        r#"aria-invalid="true""#,
        r#"id="f-arr-hint""#,
        r#"id="f-arr-error""#,
        r#"value="ten""#,
    ] {
        assert!(html.contains(wanted), "{wanted} is not in {html}");
    }
    let plain = Fields { t: english(), field: Field::new("arr", "ARR") }.render().unwrap();
    assert!(!plain.contains("aria-"), "{plain}");
}

#[test]
fn strangers_text_stays_text_wherever_it_is_shown() {
    let said = || HOSTILE.to_owned();
    let person = || Person::named(HOSTILE).as_a(HOSTILE);
    let html = Everything {
        t: english(),
        name: said(),
        mark: GateMark::Refused,
        gaps: vec![Gap { what: said(), why: said(), owes: person(), href: said() }],
        evidence: Evidence {
            quote: said(),
            speaker: person(),
            when: said(),
            source: said(),
            href: Some(said()),
        },
        conflict: Conflict {
            label: said(),
            mine: said(),
            theirs: said(),
            by: said(),
            version: 2,
            href: said(),
        },
        meter: Meter { done: 1, all: 2, next: Some((said(), said())) },
    }
    .render()
    .unwrap();
    let field = Field::new("x", HOSTILE)
        .value(HOSTILE)
        .hint(HOSTILE)
        .error(Some(HOSTILE))
        .filled_from(HOSTILE)
        .need(HOSTILE);
    let fields = Fields { t: english(), field }.render().unwrap();
    let page = page(&Place::ALL, None, Theme::System, HOSTILE);
    for html in [html, fields, page] {
        assert!(!html.contains("<img"), "{html}");
        assert!(!html.contains(r#">"'"#), "an attribute was left open: {html}");
    }
}

#[test]
fn a_gate_says_its_verdict_and_every_gap_with_its_owner_and_its_way_out() {
    let gap = Gap {
        what: "Economic buyer".to_owned(),
        why: "Required from €50,000".to_owned(),
        owes: Person::named("Jonas Weber").as_a("AE"),
        href: "/handoffs/1#buyer".to_owned(),
    };
    let words = || "x".to_owned();
    let html = Everything {
        t: english(),
        name: "Handoff gate".to_owned(),
        mark: GateMark::Refused,
        gaps: vec![gap],
        evidence: Evidence {
            quote: words(),
            speaker: Person::named("K"),
            when: words(),
            source: words(),
            href: None,
        },
        conflict: Conflict {
            label: words(),
            mine: words(),
            theirs: words(),
            by: words(),
            version: 2,
            href: words(),
        },
        meter: Meter { done: 9, all: 12, next: None },
    }
    .render()
    .unwrap();
    for wanted in [
        "Refused",
        "Economic buyer",
        "Required from €50,000",
        "Jonas Weber",
        "AE",
        r#"href="/handoffs/1#buyer""#,
    ] {
        assert!(html.contains(wanted), "{wanted} is not in {html}");
    }
    assert!(html.contains(
        r#"role="meter" aria-label="Completeness" aria-valuemin="0" aria-valuemax="12" aria-valuenow="9""#
    ));
    assert_eq!(html.matches("<i class=\"on\">").count(), 9);
}

#[test]
fn the_frame_shows_only_the_places_it_is_given_and_marks_the_current_one() {
    let html = page(&[Place::Queue, Place::Deals], Some(Place::Deals), Theme::Dark, "Maya Lindqvist");
    assert!(html.contains(r#"data-theme="throughline-dark""#));
    assert!(!html.contains(r#"href="/people"#));
    // Once in the side navigation, once in the folded one of a narrow screen.
    assert_eq!(html.matches(r#"aria-current="page""#).count(), 2);
    assert!(!page(&[], None, Theme::System, "Maya").contains("data-theme=\""));
}

#[test]
fn the_stretched_language_reaches_every_word_of_the_frame() {
    let t = Text::new(Locale::Pseudo, TimeZone::UTC);
    let chrome = Chrome::bare(t, Theme::System)
        .signed_in(Reader { person: Person::named("7"), roles: vec![Role::Csm] }, "7", &Place::ALL, None)
        .demo(true);
    let html = Page { chrome }.render().unwrap();
    let body = &html[html.find("<body>").unwrap()..];
    let words: Vec<&str> = body
        .split('>')
        .filter_map(|piece| piece.split('<').next())
        .flat_map(|text| text.split(|c: char| !c.is_alphabetic()))
        .filter(|word| word.len() > 1 && word.is_ascii() && *word != "Throughline")
        .collect();
    assert_eq!(words, Vec::<&str>::new(), "these words are in no catalogue");
}
