//! Every refusal can be satisfied (R2.12): each kind of gap is brought about, named with its owner and the commands
//! that close it, closed with one of those, and found on the page it leads to.

mod kinds;
mod others;

use std::collections::BTreeSet;

use self::kinds::{KINDS, Kind};
use crate::story::*;

/// `no_record` has no handoff yet: it stands apart.
const APART: &str = "no_record";

fn company() -> Company {
    let company = Company::with("default");
    company.at("2026-03-20 10:00");
    company
}

/// The gaps a kind shows among.
#[track_caller]
fn gaps(kind: &Kind, case: &Case<'_>) -> Vec<Gap> {
    match kind.gate {
        Some(gate) => case.gate(gate).gaps(),
        None => case.view().0["follow_ups"].as_array().unwrap().iter().cloned().map(Gap).collect(),
    }
}

#[track_caller]
fn brought_about<'c>(kind: &Kind, company: &'c Company) -> (Case<'c>, Gap) {
    let case = (kind.arrange)(company);
    let found = gaps(kind, &case);
    let gap = found.iter().find(|gap| gap.problem() == kind.problem);
    let gap = gap.unwrap_or_else(|| panic!("{} is not among {found:#?}", kind.problem)).clone();
    (case, gap)
}

#[test]
fn every_kind_of_gap_is_here() {
    let document = throughline_api::openapi();
    let schemas = document["components"]["schemas"].as_object().unwrap().values();
    let variants = schemas.filter_map(|schema| schema["oneOf"].as_array()).flatten();
    let names: BTreeSet<&str> =
        variants.filter_map(|variant| variant["properties"]["problem"]["const"].as_str()).collect();
    let here: BTreeSet<&str> = KINDS.iter().map(|kind| kind.problem).chain([APART]).collect();
    assert_eq!(here, names, "the kinds of gaps the API documents, and those brought about here");
    assert_eq!(here.len(), KINDS.len() + 1, "one is here twice");
}

#[test]
fn every_gap_names_its_owner_and_is_closed_by_one_of_its_commands() {
    let document = throughline_api::openapi();
    for kind in KINDS {
        let company = company();
        let (case, gap) = brought_about(kind, &company);
        let shown = format!("{}: {:#}", kind.problem, gap.0);
        assert!(!gap.owed_by().is_empty() && !gap.0["title"].as_str().unwrap().is_empty(), "{shown}");
        assert!(
            !gap.0["message"].as_str().unwrap().is_empty() && !gap.0["reason"].as_str().unwrap().is_empty(),
            "{shown}"
        );
        let commands = gap.0["closed_by"].as_array().unwrap_or_else(|| panic!("{shown}"));
        assert!(!commands.is_empty(), "{shown}");
        for command in commands {
            let path = match command.as_str().unwrap() {
                // Only the CRM can say so.
                "take-news" => "/api/v1/deals/{source}/{external_id}".to_owned(),
                command => format!("/api/v1/handoffs/{{id}}/{command}"),
            };
            assert!(!document["paths"][&path].is_null(), "{}: {path}", kind.problem);
        }
        let before = case.facts().len();
        (kind.close)(&case, &gap);
        let left: Vec<_> = gaps(kind, &case).into_iter().filter(|left| left.about() == gap.about()).collect();
        assert!(
            left.iter().all(|left| left.problem() != kind.problem),
            "{} is still there: {left:#?}",
            kind.problem
        );
        assert!(case.facts().len() > before);
    }
}

/// Where the pages do what a command does: beginnings of the addresses a form posts to or a link leads to.
fn on_the_page(command: &str, handoff: &str) -> Vec<String> {
    let place = match command {
        "answer" => "/answers/",
        "declare-none" => "/answers/",
        "add-item" => "/items/new",
        "change-item" | "remove-item" => "/items/",
        "decide-promise" | "correct-promise" => "/promises/",
        "mark" => "/marks/",
        "report-step" | "confirm-step" | "correct-step" => "/steps/",
        "answer-return" => "/answer-return",
        "accept" => "/accept",
        "offer" => "/offer",
        "take-over" => "/take-over",
        "open-plan" => "/plan/open",
        "confirm-plan" => "/plan/confirm",
        "set-milestone" => "/plan/milestones",
        "rate" => "/ratings/",
        "acknowledge-amendments" => "/acknowledge",
        "ask-waiver" => "/gates/",
        // Only the CRM can say that a deal lives again.
        "take-news" => return Vec::new(),
        other => panic!("`{other}` closes a gap, and no page is known to do it"),
    };
    let asked = matches!(place, "/answers/" | "/items/").then(|| format!("/handoffs/{handoff}#ask-"));
    [format!("/handoffs/{handoff}{place}")].into_iter().chain(asked).collect()
}

#[test]
fn every_gap_leads_to_a_page_that_has_its_place_and_a_way_to_close_it() {
    let mut lost = Vec::new();
    for kind in KINDS {
        let company = company();
        let (case, gap) = brought_about(kind, &company);
        let (path, anchor) = gap.place();
        let who = case.who_owes(&gap);
        let page = company.by(who).get(&path);
        let there = page.text.contains(&format!("id=\"{anchor}\""));
        let ways: Vec<String> = gap.commands().iter().flat_map(|way| on_the_page(way, &case.id)).collect();
        let led =
            |way: &String| ["action", "href"].iter().any(|to| page.text.contains(&format!("{to}=\"{way}")));
        let closable = ways.is_empty() || ways.iter().any(led);
        if page.status != 200 || !there || !closable {
            lost.push(format!(
                "{}: {path}#{anchor} for {} is {}, place found: {there}, a way to close it: {closable} of {ways:?}",
                kind.problem, who.name, page.status
            ));
        }
    }
    assert!(lost.is_empty(), "{}", lost.join("\n"));
}

#[test]
fn a_deal_nobody_opened_leads_to_the_page_that_opens_it() {
    let company = company();
    let check = company.crm_asks("handoff", "hubspot", "unheard-of", "attempt");
    assert_eq!((check.verdict(), check.missing()), ("refused".into(), vec![APART.to_owned()]));
    let gap = check.gaps().remove(0);
    assert_eq!((gap.problem().as_str(), gap.owner().as_str()), (APART, RITA.name));
    let (path, _) = gap.place();
    let page = company.by(RITA).get(&path);
    assert_eq!(page.status, 200, "{page}");
    let typed = [
        ("source", "hubspot"),
        ("external_id", "unheard-of"),
        ("name", "Platform"),
        ("account", "Unheard Ltd"),
    ];
    let opened = company.by(RITA).post_form("/deals/open", &typed);
    assert_eq!(opened.status, 303, "{opened}");
    let case = company.case("hubspot", "unheard-of");
    assert!(opened.header("location").unwrap().starts_with(&format!("/handoffs/{}", case.id)), "{opened:?}");
    assert_eq!(
        company.crm_asks("handoff", "hubspot", "unheard-of", "preview").gaps()[0].about(),
        "ask:buying_trigger"
    );
}
