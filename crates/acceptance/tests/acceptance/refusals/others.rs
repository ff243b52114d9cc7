//! Refusals that are no gaps.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use throughline_domain::handoff::Refusal;

use super::{company, kinds::assigned};
use crate::story::*;

/// Names every refusal by the problem it becomes, so that a new one without a way out does not compile.
macro_rules! refusals {
    ($($variant:ident => $problem:literal),* $(,)?) => {
        const PROBLEMS: &[&str] = &[$($problem),*];
        const _: fn(&Refusal) -> &'static str = |refusal| match refusal {
            $(Refusal::$variant { .. } => $problem),*
        };
    };
}

refusals! {
    GateShut => "gate-shut",
    OutOfTurn => "out-of-turn",
    NotYours => "not-yours",
    Unknown => "invalid",
    Invalid => "invalid",
    NeedsReopening => "needs-reopening",
    NotWaivable => "invalid",
    WaiverAuthority => "waiver-authority",
}

/// What was wrong, and the same person or the right one doing it right.
#[test]
fn every_other_refusal_says_what_would_do_and_then_it_does() {
    let company = company();
    let seen = std::cell::RefCell::new(BTreeSet::new());
    let kind = |problem: &Problem| {
        seen.borrow_mut().insert(problem.kind.clone());
        (problem.status, problem.kind.clone())
    };

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
    seen.borrow_mut().insert("gate-shut".to_owned());

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
    let every: BTreeSet<String> = PROBLEMS.iter().map(|problem| (*problem).to_owned()).collect();
    assert_eq!(seen.into_inner(), every, "the refusals there are, and those met here");
}
