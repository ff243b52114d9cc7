//! The playbook `four-domains`, from the CRM export to done: one document, one call, and a kickoff that moves
//! ownership.

use serde_json::json;

use crate::story::*;

const EXPORT: &str = include_str!("fixtures/pipeline.csv");
const DEAL: &str = "006bm00000LKJNNAA5";

/// The four domains, every item always.
const ASKED: [&str; 14] = [
    "success_criteria",
    "first_use_case",
    "expected_timeline",
    "champion",
    "economic_buyer",
    "executive_sponsor",
    "skeptics",
    "purchase_reach",
    "commitments",
    "integrations",
    "data_moves",
    "it_owner",
    "it_engaged",
    "constraints",
];

#[test]
fn a_deal_goes_from_the_crm_export_to_done() {
    let company = Company::with("four-domains");
    company.at("2026-03-09 09:00");
    let counts = company.imports(EXPORT, false).counts;
    assert_eq!((counts.opened, counts.kept, counts.history, counts.refused), (2, 1, 1, 1), "{counts:?}");
    let case = company.case("salesforce", DEAL);
    the_document_is_mandatory(&case);
    the_csm_meets_the_customer_before_the_signature(&case);
    the_document_is_complete_and_reviewed(&case);
    the_deal_is_won_and_nobody_is_owner_yet(&case);
    the_kickoff_waits_for_the_call(&case);
    the_kickoff_moves_ownership(&case);
    the_plan_is_confirmed_and_it_is_done(&case);
}

fn the_document_is_mandatory(case: &Case<'_>) {
    let company = case.company;
    let view = case.view();
    assert_eq!((&view.0["route"]["rule"], view.answerable()), (&json!("every_deal"), AVA.name.into()));
    let asked: Vec<_> = ASKED.iter().map(|ask| format!("ask:{ask}")).collect();
    let check = company.crm_asks("handoff", "salesforce", DEAL, "preview");
    assert_eq!((check.verdict().as_str(), check.missing()), ("refused", asked.clone()));
    assert_eq!(case.shut(AVA, "offer", json!({ "to": company.id(MAYA) })).missing(), asked);
    // Commitments are written down here, not routed.
    let view =
        case.does(AVA, "add-item", json!({ "body": promise("price", false, false), "evidence": evidence() }));
    assert_eq!(view.0["promises"].as_object().unwrap().values().next().unwrap(), "captured");
    case.fills_all_but("purchase_reach");
}

fn the_csm_meets_the_customer_before_the_signature(case: &Case<'_>) {
    let company = case.company.at("2026-03-26 17:00");
    case.does(CLARA, "nominate", json!({ "csm": company.id(MAYA) }));
    assert_eq!(case.reading("nomination"), "met");
    company.at("2026-03-27 16:30");
    for at in ["2026-03-27 11:00", "2026-03-27 16:00"] {
        case.reports(MAYA, "early_intro", at, json!({}));
    }
    assert_eq!(case.reading("early_intro"), "met");
    assert_eq!(
        case.view().step("early_intro")["reports"].as_array().unwrap().len(),
        2,
        "touchpoints are counted"
    );
}

fn the_document_is_complete_and_reviewed(case: &Case<'_>) {
    let company = case.company.at("2026-04-01 15:00");
    case.answers(AVA, "purchase_reach");
    assert_eq!(case.reading("record"), "met");
    // One business day for the review, from the document's completion; the offer has its own.
    assert_eq!(case.due("review"), company.instant("2026-04-02 15:00"));
    case.offers(AVA, MAYA);
    let missing: Vec<_> = case.reviewed().iter().map(|one| format!("category:{one}")).collect();
    assert_eq!(case.shut(MAYA, "accept", json!({})).missing(), missing);
    let code = case.refused(
        MAYA,
        "return",
        json!({ "code": "wrong_fit", "reason": "Not a code of this playbook." }),
    );
    assert_eq!((code.status, code.kind.as_str()), (422, "invalid"));
    let view = case.does(
        MAYA,
        "return",
        json!({ "code": "product_language", "reason": "Nobody says “sync” there." }),
    );
    assert_eq!((view.stage(), view.answerable()), ("preparing".into(), AVA.name.into()));
    case.does(AVA, "answer-return", json!({ "text": "Their words now." }));
    case.offers(AVA, MAYA);
    case.reviews(MAYA);
    assert_eq!(case.reading("review"), "met");
    company.at("2026-04-02 10:00");
    let view = case.does(MAYA, "accept", json!({}));
    assert_eq!((view.stage(), view.answerable()), ("assigned".into(), AVA.name.into()));
    assert_eq!(
        view.0["stage"]["at"],
        company.instant("2026-04-02 10:00").to_string(),
        "the SLA clock starts"
    );
}

fn the_deal_is_won_and_nobody_is_owner_yet(case: &Case<'_>) {
    let company = case.company.at("2026-04-09 14:05");
    assert_eq!(case.news().worth(60_000).won_at("2026-04-09 14:00").told(), "changed");
    assert_eq!(case.view().answerable(), AVA.name);
    assert_eq!(case.due("kickoff_booked"), company.instant("2026-04-23 14:00"));
    assert_eq!(case.due("first_value"), company.instant("2026-05-09 14:00"), "thirty days, to the letter");
}

fn the_kickoff_waits_for_the_call(case: &Case<'_>) {
    let company = case.company.at("2026-04-13 12:00");
    let booked = json!({ "booked_for": company.instant("2026-04-21 10:00") });
    case.reports(MAYA, "kickoff_booked", "2026-04-13 12:00", booked);
    assert_eq!(case.reading("kickoff_booked"), "met");
    let shut = case.shut(MAYA, "confirm-kickoff", json!({}));
    assert_eq!(shut.missing(), ["step:internal_call"]);
    assert_eq!(shut.gaps()[0].owner(), AVA.name);
    company.at("2026-04-15 10:30");
    case.reports(AVA, "internal_call", "2026-04-15 10:00", json!({}));
    assert_eq!(case.shut(MAYA, "confirm-kickoff", json!({})).gaps()[0].problem(), "not_confirmed");
    case.does(MAYA, "confirm-step", json!({ "step": "internal_call", "number": 0 }));
    assert_eq!(case.reading("internal_call"), "met");
    case.does(MAYA, "confirm-kickoff", json!({}));
    assert_eq!(case.view().stage(), "assigned");
}

fn the_kickoff_moves_ownership(case: &Case<'_>) {
    let company = case.company.at("2026-04-21 11:00");
    assert_eq!(case.view().answerable(), AVA.name);
    let held = json!({ "ended_at": company.instant("2026-04-21 10:50") });
    let view = case.reports(MAYA, "kickoff", "2026-04-21 10:00", held);
    assert_eq!((view.stage(), view.answerable()), ("owned".into(), MAYA.name.into()));
    let moved = &view.0["tenures"].as_array().unwrap()[1];
    assert_eq!((&moved["moved_by"], &moved["bypassed"]), (&json!("kickoff"), &json!(false)));
    assert!(!view.gate("kickoff").bypassed());
    case.does(MAYA, "rate", json!({ "rating": "kickoff", "score": 2, "reason": "commitments" }));
    assert_eq!(case.reading("rate_kickoff"), "met");
}

fn the_plan_is_confirmed_and_it_is_done(case: &Case<'_>) {
    let company = case.company;
    assert_eq!(case.due("plan_confirmed"), company.instant("2026-04-23 10:50"), "48 hours, to the letter");
    case.does(MAYA, "open-plan", json!({}));
    assert_eq!(case.shut(MAYA, "finish", json!({})).missing(), ["plan"]);
    company.at("2026-04-23 10:50");
    case.does(MAYA, "confirm-plan", json!({ "form": "signed", "at": company.now(), "evidence": evidence() }));
    assert_eq!(case.reading("plan_confirmed"), "met");
    assert_eq!(case.does(MAYA, "finish", json!({})).life(), "done");
    case.reads("first_value", "2026-05-09 14:00", "running");
    case.reads("first_value", "2026-05-09 14:01", "overdue");
    company.at("2026-05-11 09:00");
    case.reports(MAYA, "first_value", "2026-05-09 14:00", json!({}));
    assert_eq!(case.reading("first_value"), "met");
}
