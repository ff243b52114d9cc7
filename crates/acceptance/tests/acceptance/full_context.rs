//! The playbook `full-context`, from the CRM export to done: context captured while selling, a briefing before the
//! assignment, and a kickoff with both teams that moves ownership.

use serde_json::json;

use crate::story::*;

const EXPORT: &str = include_str!("fixtures/pipeline.csv");
const DEAL: &str = "006bm00000LKJNNAA5";

/// The four things CS starts informed by, every item always.
const ASKED: [&str; 9] = [
    "scope_sold",
    "promises",
    "why_they_bought",
    "success_criteria",
    "champion",
    "economic_buyer",
    "users",
    "risks",
    "special_terms",
];

#[test]
fn a_deal_goes_from_the_crm_export_to_done() {
    let company = Company::with("full-context");
    company.at("2026-03-09 09:00");
    let counts = company.imports(EXPORT, false).counts;
    assert_eq!((counts.opened, counts.kept, counts.history, counts.refused), (2, 1, 1, 1), "{counts:?}");
    let case = company.case("salesforce", DEAL);
    the_context_is_captured_during_the_sale(&case);
    no_csm_before_they_are_briefed(&case);
    the_ae_introduces_in_person(&case);
    the_kickoff_with_both_teams_moves_ownership(&case);
    it_is_done_and_sales_hears_of_it(&case);
    case.pages(MAYA);
}

fn the_context_is_captured_during_the_sale(case: &Case<'_>) {
    let company = case.company;
    let asked: Vec<_> = ASKED.iter().map(|ask| format!("ask:{ask}")).collect();
    let check = company.crm_asks("handoff", "salesforce", DEAL, "preview");
    assert_eq!((check.verdict().as_str(), check.missing()), ("refused", asked.clone()));
    assert_eq!(case.shut(AVA, "offer", json!({ "to": company.id(MAYA) })).missing(), asked);
    // Commitments are captured here, not routed.
    let item = case.promises(AVA, &promise("price", false, false));
    assert_eq!(case.view().promise(&item), "captured");
    case.fills_all_but("special_terms");
    company.at("2026-04-08 17:00");
    case.does(CLARA, "nominate", json!({ "csm": company.id(MAYA) }));
    assert_eq!(case.reading("nomination"), "met");
    company.at("2026-04-09 10:00");
    case.answers(AVA, "special_terms");
    company.at("2026-04-09 14:05");
    assert_eq!(case.news().worth(60_000).won_at("2026-04-09 14:00").told(), "changed");
    assert_eq!(case.reading("record"), "met");
}

fn no_csm_before_they_are_briefed(case: &Case<'_>) {
    let company = case.company;
    case.offers(AVA, MAYA);
    let shut = case.shut(MAYA, "accept", json!({}));
    assert_eq!(shut.missing(), ["step:internal_call"]);
    assert_eq!(shut.gaps()[0].owner(), AVA.name);
    assert_eq!(
        case.gate("credit").missing(),
        ["step:internal_call"],
        "a step of the close, and so of the pay"
    );
    assert_eq!(case.due("internal_call"), company.instant("2026-04-13 14:00"));

    company.at("2026-04-10 10:30");
    case.reports(AVA, "internal_call", "2026-04-10 09:30", json!({ "form": "async" }));
    let gap = case.gate("csm_assignment").gaps().remove(0);
    assert_eq!(gap.problem(), "not_in_form", "this deal is not simple enough for writing");
    case.reports(AVA, "internal_call", "2026-04-10 10:00", json!({ "form": "live" }));
    assert_eq!(case.gate("csm_assignment").gaps()[0].problem(), "not_confirmed");
    case.does(MAYA, "confirm-step", json!({ "step": "internal_call", "number": 1 }));
    assert_eq!(case.reading("internal_call"), "met");
    assert_eq!(case.gate("credit").verdict(), "pass");
    let view = case.does(MAYA, "accept", json!({}));
    assert_eq!((view.stage(), view.answerable()), ("assigned".into(), AVA.name.into()));
    assert_eq!(view.reading("offer_answer"), "met");
}

fn the_ae_introduces_in_person(case: &Case<'_>) {
    let company = case.company.at("2026-04-13 11:00");
    assert_eq!(case.due("warm_intro"), company.instant("2026-04-13 14:00"));
    let view = case.reports(AVA, "warm_intro", "2026-04-13 10:30", json!({ "form": "bridge_call" }));
    assert_eq!(view.reading("warm_intro"), "met");

    company.at("2026-04-15 09:00");
    assert_eq!(case.due("kickoff_booked"), company.instant("2026-04-23 14:00"));
    let booked = json!({ "booked_for": company.instant("2026-04-22 10:00") });
    case.reports(MAYA, "kickoff_booked", "2026-04-15 09:00", booked);
    assert_eq!(case.reading("kickoff_booked"), "met");
    let shut = case.shut(MAYA, "confirm-kickoff", json!({}));
    assert_eq!(shut.missing(), ["step:warm_intro"]);
    assert_eq!(
        (shut.gaps()[0].problem(), shut.gaps()[0].owner()),
        ("not_confirmed".into(), MAYA.name.into())
    );
    let view = case.does(MAYA, "confirm-step", json!({ "step": "warm_intro", "number": 0 }));
    assert_eq!((view.stage(), view.answerable()), ("assigned".into(), AVA.name.into()), "not yet");
    case.does(MAYA, "confirm-kickoff", json!({}));
}

fn the_kickoff_with_both_teams_moves_ownership(case: &Case<'_>) {
    let company = case.company;
    let agenda = case.view().0["agenda"].clone();
    let minutes: Vec<_> =
        agenda.as_array().unwrap().iter().map(|part| part["minutes"].as_u64().unwrap()).collect();
    assert_eq!(minutes, [10, 20, 15]);
    assert!(agenda.as_array().unwrap().iter().all(|part| part["missing"] == json!([])), "{agenda:#}");
    assert_eq!(case.shut(MAYA, "finish", json!({})).missing(), ["ownership", "step:kickoff"]);
    company.at("2026-04-22 11:00");
    let held = json!({ "ended_at": company.instant("2026-04-22 10:45") });
    let view = case.reports(MAYA, "kickoff", "2026-04-22 10:00", held);
    assert_eq!((view.stage(), view.answerable()), ("owned".into(), MAYA.name.into()));
    let moved = &view.0["tenures"].as_array().unwrap()[1];
    assert_eq!((&moved["moved_by"], &moved["bypassed"]), (&json!("kickoff"), &json!(false)));
    assert!(!view.gate("kickoff").bypassed());
}

fn it_is_done_and_sales_hears_of_it(case: &Case<'_>) {
    let company = case.company;
    let score = case.refused(MAYA, "rate", json!({ "rating": "kickoff", "score": 5 }));
    assert_eq!(
        (score.status, score.kind.as_str()),
        (422, "invalid"),
        "this way asks for words, not for a score"
    );
    assert_eq!(case.does(MAYA, "finish", json!({})).life(), "done");
    assert_eq!(case.due("first_value"), company.instant("2026-05-09 14:00"));
    for (step, opens, due) in [("feedback", "2026-05-09", "2026-05-16"), ("fate", "2026-07-08", "2026-07-15")]
    {
        case.reads(step, &format!("{opens} 13:59"), "waiting");
        case.reads(step, &format!("{opens} 14:00"), "running");
        case.reads(step, &format!("{due} 14:00"), "running");
        case.reads(step, &format!("{due} 14:01"), "overdue");
    }
    let heard = json!({ "outcomes": ["as_sold"], "note": "They expected the import to be ours." });
    assert_eq!(case.reports(MAYA, "feedback", "2026-05-11 10:00", heard).reading("feedback"), "met");
    let grown = json!({ "outcomes": ["retained", "expanded"] });
    assert_eq!(case.reports(MAYA, "fate", "2026-07-10 10:00", grown).reading("fate"), "met");
    let seen = case.seen_by(AVA);
    assert_eq!(
        seen.step("fate")["reports"][0]["outcomes"],
        json!(["expanded", "retained"]),
        "the AE sees it"
    );
}

#[test]
fn what_is_written_after_the_signature_is_no_capture() {
    let company = Company::with("full-context");
    let case = company.deal("late").case();
    case.fills_all_but("scope_sold");
    case.reads("record", "2026-04-09 23:59", "running");
    case.reads("record", "2026-04-10 00:01", "overdue");
    case.news().won_at("2026-04-10 09:00").told();
    company.at("2026-04-10 10:00");
    case.answers(AVA, "scope_sold");
    assert_eq!(case.reading("record"), "missed");
    assert_eq!(case.gate("handoff").verdict(), "pass");
}

#[test]
fn simpler_deals_are_briefed_in_writing() {
    let company = Company::with("full-context");
    company.at("2026-04-09 14:00");
    for (id, euros, se, enough) in [
        ("small", 24_999, false, true),
        ("middling", 25_000, false, false),
        ("small with se", 9_000, true, false),
    ] {
        let deal = company.deal(id).worth(euros).with("se_involved", json!(se));
        let case = deal.won_at("2026-04-09 14:00").case();
        case.fills_the_record();
        case.offers(AVA, MAYA);
        case.reports(AVA, "internal_call", "2026-04-09 14:00", json!({ "form": "async" }));
        case.does(MAYA, "confirm-step", json!({ "step": "internal_call", "number": 0 }));
        assert_eq!(case.gate("csm_assignment").missing().is_empty(), enough, "{id}");
    }
}

#[test]
fn briefing_and_introduction_have_two_business_days_and_the_booking_ten() {
    let company = Company::with("full-context");
    company.at("2026-04-09 14:00");
    let case = company.deal("open").won_at("2026-04-09 14:00").case();
    for (step, due) in
        [("internal_call", "2026-04-13"), ("warm_intro", "2026-04-13"), ("kickoff_booked", "2026-04-23")]
    {
        case.reads(step, &format!("{due} 14:00"), "running");
        case.reads(step, &format!("{due} 14:01"), "overdue");
    }
    case.reports(AVA, "warm_intro", "2026-04-13 14:01", json!({ "form": "mail" }));
    assert_eq!(case.reading("warm_intro"), "late");
}
