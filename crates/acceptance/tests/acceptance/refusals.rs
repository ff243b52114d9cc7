//! Every refusal can be satisfied (R2.12): each kind of gap is brought about, named with its owner and the commands
//! that close it, closed with one of those, and found on the page it leads to.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::story::*;

/// A kind of gap: where it shows, how it comes about, how it is closed.
struct Kind {
    problem: &'static str,
    /// The gate that names it; none: a follow-up no gate asks for.
    gate: Option<&'static str>,
    arrange: for<'c> fn(&'c Company) -> Case<'c>,
    close: fn(&Case<'_>, &Gap),
}

const KINDS: &[Kind] = &[
    Kind {
        problem: "missing",
        gate: Some("handoff"),
        arrange: |company| company.deal("missing").case(),
        close: |case, gap| case.closes(gap),
    },
    Kind {
        problem: "nothing_listed",
        gate: Some("handoff"),
        arrange: |company| {
            let case = company.deal("nothing listed").case();
            case.fills_all_but("risks");
            case
        },
        close: |case, _| {
            case.does(AVA, "declare-none", json!({ "ask": "risks", "note": "We asked all four of them." }));
        },
    },
    Kind {
        problem: "too_few",
        gate: Some("handoff"),
        arrange: one_criterion_of_two,
        close: |case, gap| case.closes(gap),
    },
    Kind {
        problem: "item_lacks",
        gate: Some("handoff"),
        arrange: |company| {
            let case = company.deal("item lacks").case();
            let bare = json!({ "list": "criterion", "words": "Faster" });
            case.does(AVA, "add-item", json!({ "body": bare, "evidence": evidence() }));
            case
        },
        close: |case, gap| {
            let (_, mut body) = answer_to(&case.company.playbook, "success_criteria");
            body["item"] = gap.0["problem"]["item"].clone();
            case.does(AVA, "change-item", body);
        },
    },
    Kind {
        problem: "no_evidence",
        gate: Some("handoff"),
        arrange: |company| {
            let case = company.deal("no evidence").case();
            let bare = json!({ "type": "words", "said": "The ledger first" });
            case.does(AVA, "answer", json!({ "ask": "first_use_case", "answer": bare }));
            case
        },
        close: |case, gap| case.closes(gap),
    },
    Kind {
        problem: "undecided",
        gate: Some("handoff"),
        arrange: |company| {
            let case = company.deal("undecided").case();
            case.promises(AVA, &promise("price", false, true));
            case
        },
        close: |case, gap| case.closes(gap),
    },
    Kind {
        problem: "not_corrected",
        gate: Some("credit"),
        arrange: |company| {
            let case = company.deal("not corrected").case();
            let item = case.promises(AVA, &promise("price", false, true));
            case.decides(DORA, &item, "declined");
            case
        },
        close: |case, gap| case.closes(gap),
    },
    Kind {
        problem: "not_marked",
        gate: Some("csm_assignment"),
        arrange: offered,
        close: |case, gap| case.closes(gap),
    },
    Kind {
        problem: "mark_stale",
        gate: Some("csm_assignment"),
        arrange: |company| {
            let case = offered(company);
            case.reviews(MAYA);
            case.has_doubts(AVA);
            case
        },
        close: |case, gap| case.closes(gap),
    },
    Kind {
        problem: "marked_unclear",
        gate: Some("csm_assignment"),
        arrange: |company| {
            let case = company.deal("marked unclear").case();
            case.fills_the_record();
            case.does(CLARA, "nominate", json!({ "csm": company.id(MAYA) }));
            case.marks(MAYA, "customer_intent", "unclear");
            case
        },
        close: |case, gap| {
            case.has_doubts(AVA);
            case.closes(&Gap(json!({ "about": gap.0["about"], "owed_by": "csm" })));
        },
    },
    Kind {
        problem: "marked_partial",
        gate: None,
        arrange: |company| {
            let case = offered(company);
            case.marks(MAYA, "customer_intent", "partial");
            case
        },
        close: |case, _| {
            case.marks(MAYA, "customer_intent", "clear");
        },
    },
    Kind {
        problem: "not_happened",
        gate: Some("kickoff"),
        arrange: assigned,
        close: |case, _| {
            case.reports(MAYA, "internal_call", "2026-03-20 09:30", json!({ "form": "live" }));
        },
    },
    Kind {
        problem: "not_confirmed",
        gate: Some("kickoff"),
        arrange: |company| {
            let case = assigned(company);
            case.reports(AVA, "warm_intro", "2026-03-20 09:30", json!({ "form": "mail" }));
            case
        },
        close: |case, _| {
            case.does(MAYA, "confirm-step", json!({ "step": "warm_intro", "number": 0 }));
        },
    },
    Kind {
        problem: "not_in_form",
        gate: Some("kickoff"),
        arrange: |company| {
            let case = company.deal("not in form").worth(60_000).won_at("2026-03-20 09:00").case();
            case.is_assigned(MAYA);
            case.reports(MAYA, "warm_intro", "2026-03-20 09:30", json!({ "form": "mail" }));
            case
        },
        close: |case, _| {
            case.reports(MAYA, "warm_intro", "2026-03-20 09:40", json!({ "form": "bridge_call" }));
        },
    },
    Kind {
        problem: "disputed",
        gate: Some("kickoff"),
        arrange: |company| {
            let case = assigned(company);
            case.reports(AVA, "warm_intro", "2026-03-20 09:30", json!({ "form": "mail" }));
            let dispute = json!({ "step": "warm_intro", "number": 0, "reason": "Nobody got that mail." });
            case.does(MAYA, "dispute-step", dispute);
            case
        },
        close: |case, _| {
            let again = case.report("warm_intro", "2026-03-20 09:50", json!({ "form": "mail" }));
            case.does(AVA, "report-step", again);
            case.does(MAYA, "confirm-step", json!({ "step": "warm_intro", "number": 1 }));
        },
    },
    Kind {
        problem: "missed",
        gate: Some("kickoff"),
        arrange: |company| {
            let case = assigned(company);
            case.reports(MAYA, "kickoff", "2026-03-20 09:30", json!({}));
            case
        },
        close: |case, gap| {
            let body = json!({ "gate": "kickoff", "covers": [gap.0["about"]], "reason": "It is too late for the call." });
            let view = case.does(MAYA, "ask-waiver", body);
            let waiver = view.0["waivers"].as_object().unwrap().keys().next().unwrap().clone();
            case.does(CLARA, "grant-waiver", json!({ "waiver": waiver }));
        },
    },
    Kind {
        problem: "return_unanswered",
        gate: Some("csm_assignment"),
        arrange: |company| {
            let case = offered(company);
            case.does(MAYA, "return", json!({ "code": "incomplete", "reason": "The measure is missing." }));
            case
        },
        close: |case, gap| case.closes(gap),
    },
    Kind {
        problem: "reopened_untouched",
        gate: Some("csm_assignment"),
        arrange: |company| {
            let case = offered(company);
            case.does(
                AVA,
                "reopen",
                json!({ "asks": ["trigger_holds"], "reason": "Their board meets again." }),
            );
            case
        },
        close: |case, _| {
            case.has_doubts(AVA);
        },
    },
    Kind {
        problem: "not_accepted",
        gate: Some("cs_access"),
        arrange: offered,
        close: |case, _| {
            case.reviews(MAYA);
            case.does(MAYA, "accept", json!({}));
        },
    },
    Kind {
        problem: "not_owned",
        gate: Some("done"),
        arrange: assigned,
        close: |case, _| {
            case.reports(AVA, "warm_intro", "2026-03-20 09:30", json!({ "form": "mail" }));
            case.does(MAYA, "confirm-step", json!({ "step": "warm_intro", "number": 0 }));
        },
    },
    Kind {
        problem: "plan_not_opened",
        gate: Some("done"),
        arrange: assigned,
        close: |case, _| {
            case.does(MAYA, "open-plan", json!({}));
        },
    },
    Kind {
        problem: "plan_not_confirmed",
        gate: Some("done"),
        arrange: |company| {
            let case = assigned(company);
            case.does(MAYA, "open-plan", json!({}));
            case
        },
        close: |case, _| {
            let body = json!({ "form": "signed", "at": case.company.now(), "evidence": evidence() });
            case.does(MAYA, "confirm-plan", body);
        },
    },
    Kind {
        problem: "not_rated",
        gate: Some("done"),
        arrange: |company| {
            let case = assigned(company);
            let held = json!({ "ended_at": company.instant("2026-03-20 09:50") });
            case.reports(MAYA, "kickoff", "2026-03-20 09:10", held);
            case
        },
        close: |case, _| {
            case.does(MAYA, "rate", json!({ "rating": "kickoff", "score": 1, "reason": "too_late" }));
        },
    },
    Kind {
        problem: "not_acknowledged",
        gate: None,
        arrange: |company| {
            let case = assigned(company);
            case.reports(MAYA, "warm_intro", "2026-03-20 09:30", json!({ "form": "mail" }));
            case.has_doubts(AVA);
            case
        },
        close: |case, _| {
            case.does(MAYA, "acknowledge-amendments", json!({}));
        },
    },
    Kind {
        problem: "debt_expired",
        gate: Some("credit"),
        arrange: |company| {
            let case = company.deal("debt expired").case();
            case.fills_all_but("trigger_holds");
            let covers = json!([{ "of": "ask", "ask": "trigger_holds" }]);
            let body = json!({ "gate": "handoff", "covers": covers, "reason": "They sign today." });
            let view = case.does(AVA, "ask-waiver", body);
            let waiver = view.0["waivers"].as_object().unwrap().keys().next().unwrap().clone();
            let end = company.instant("2026-03-20 11:00");
            case.does(CLARA, "grant-waiver", json!({ "waiver": waiver, "expires_at": end }));
            case.offers(AVA, MAYA);
            company.at("2026-03-20 11:00");
            case
        },
        close: |case, _| {
            let (verb, mut body) = answer_to(&case.company.playbook, "trigger_holds");
            body["reason"] = json!("I asked them.");
            case.does(AVA, verb, body);
        },
    },
    Kind {
        problem: "not_live",
        gate: Some("handoff"),
        arrange: |company| {
            let case = company.deal("not live").case();
            company.minutes_pass(1);
            case.news().with("standing", json!("lost")).told();
            case
        },
        close: |case, _| {
            case.company.minutes_pass(1);
            case.news().told();
        },
    },
];

/// `no_record` has no handoff yet: it stands apart.
const APART: &str = "no_record";

fn offered(company: &Company) -> Case<'_> {
    let case = company.deal("offered").case();
    case.fills_the_record();
    case.offers(AVA, MAYA);
    case
}

fn assigned(company: &Company) -> Case<'_> {
    let case = company.deal("assigned").won_at("2026-03-20 09:00").case();
    case.is_assigned(MAYA);
    case
}

/// No shipped playbook wants two of anything; one that does is published here.
fn one_criterion_of_two(company: &Company) -> Case<'_> {
    let source = throughline_domain::playbook::shipped::source("default").unwrap();
    let wanted = "type: criteria\n";
    let source = source
        .replace("playbook: default", "playbook: two-criteria")
        .replace(wanted, &format!("{wanted}        min: 2\n"));
    company.by(RITA).post("/api/v1/playbooks", json!({ "source": source })).expect(201);
    company.settles(json!({ "playbook": "two-criteria" }));
    let case = company.deal("too few").case();
    case.answers(AVA, "success_criteria");
    case
}

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

#[test]
fn every_gap_leads_to_a_page_that_has_its_place() {
    let mut lost = Vec::new();
    for kind in KINDS {
        let company = company();
        let (case, gap) = brought_about(kind, &company);
        let (path, anchor) = gap.place();
        let who = case.who_owes(&gap);
        let page = company.by(who).get(&path);
        let there = page.text.contains(&format!("id=\"{anchor}\""));
        if page.status != 200 || !there {
            lost.push(format!(
                "{}: {path}#{anchor} for {} is {}, place found: {there}",
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

/// Refusals that are no gaps: what was wrong, and the same person or the right one doing it right.
#[test]
fn every_other_refusal_says_what_would_do_and_then_it_does() {
    let company = company();
    let kind = |problem: &Problem| (problem.status, problem.kind.clone());

    // Out of turn: a kickoff nobody booked.
    let case = assigned(&company);
    let early = case.refused(MAYA, "confirm-kickoff", json!({}));
    assert_eq!(kind(&early), (409, "out-of-turn".into()));
    assert!(early.detail.contains("book a date"), "{}", early.detail);
    case.reports(
        MAYA,
        "kickoff_booked",
        "2026-03-20 10:00",
        json!({ "booked_for": company.instant("2026-03-30 10:00") }),
    );
    case.shut(MAYA, "confirm-kickoff", json!({}));

    // Not yours, unknown, invalid, not waivable, not for you to waive.
    let case = company.deal("refused").case();
    let unknown =
        case.refused(AVA, "answer", json!({ "ask": "budget", "answer": { "type": "yes_no", "yes": true } }));
    assert_eq!((kind(&unknown), unknown.body["field"].clone()), ((422, "invalid".into()), json!("ask")));
    let invalid = case.refused(
        AVA,
        "answer",
        json!({ "ask": "trigger_holds", "answer": { "type": "number", "number": 1 } }),
    );
    assert_eq!((kind(&invalid), invalid.body["field"].clone()), ((422, "invalid".into()), json!("answer")));
    case.fills_all_but("trigger_holds");
    let covers = json!([{ "of": "ask", "ask": "trigger_holds" }]);
    let ask = |covers: &Value| json!({ "gate": "handoff", "covers": covers, "reason": "They sign today." });
    let view = case.does(AVA, "ask-waiver", ask(&covers));
    let waiver = view.0["waivers"].as_object().unwrap().keys().next().unwrap().clone();
    let grant = json!({ "waiver": waiver, "expires_at": company.instant("2026-03-23 10:00") });
    assert_eq!(kind(&case.refused(LEO, "grant-waiver", grant.clone())), (403, "waiver-authority".into()));
    case.does(CLARA, "grant-waiver", grant);
    case.answers(AVA, "trigger_holds");
    case.offers(AVA, MAYA);
    assert_eq!(kind(&case.refused(CLARA, "accept", json!({}))), (403, "not-yours".into()));
    let review = json!({ "gate": "csm_assignment", "covers": [{ "of": "category", "category": "customer_intent" }], "reason": "No time." });
    assert_eq!(kind(&case.refused(AVA, "ask-waiver", review)), (422, "invalid".into()));

    // Reopen first: with a reason, it does.
    let (verb, mut body) = answer_to(&company.playbook, "trigger_holds");
    body["answer"]["yes"] = json!(false);
    assert_eq!(kind(&case.refused(AVA, verb, body.clone())), (409, "needs-reopening".into()));
    body["reason"] = json!("Their board meets again.");
    case.does(AVA, verb, body);
    case.reviews(MAYA);
    assert_eq!(case.does(MAYA, "accept", json!({})).stage(), "assigned");
}
