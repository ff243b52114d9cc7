//! Waivers (R2.8): asked for by one, granted by another, for once, with an end, and never complete.

use serde_json::{Value, json};

use crate::story::*;

fn company() -> Company {
    let company = Company::with("default");
    company.at("2026-03-20 10:00");
    company
}

/// A handoff that misses one answer.
fn short_of<'c>(company: &'c Company, external_id: &str, ask: &str) -> Case<'c> {
    let case = company.deal(external_id).case();
    case.fills_all_but(ask);
    case
}

fn ask_for(gate: &str, covers: Value) -> Value {
    json!({ "gate": gate, "covers": covers, "reason": "They sign on Monday, and their CFO is away." })
}

/// Asks for a waiver: its id.
#[track_caller]
fn asked(case: &Case<'_>, who: Who, gate: &str, covers: Value) -> String {
    let view = case.does(who, "ask-waiver", ask_for(gate, covers));
    let waivers = view.0["waivers"].as_object().unwrap();
    let open = waivers.iter().find(|(_, waiver)| waiver["state"]["state"] == "asked");
    open.unwrap_or_else(|| panic!("{waivers:#?}")).0.clone()
}

fn until(case: &Case<'_>, waiver: &str, at: &str) -> Value {
    json!({ "waiver": waiver, "expires_at": case.company.instant(at) })
}

fn the_ask(ask: &str) -> Value {
    json!([{ "of": "ask", "ask": ask }])
}

#[test]
fn a_waiver_is_asked_for_by_one_and_granted_by_another_the_playbook_names() {
    let company = company();
    let case = short_of(&company, "waived", "risks");
    let not_missing = case.refused(AVA, "ask-waiver", ask_for("handoff", the_ask("champion")));
    assert_eq!((not_missing.status, not_missing.kind.as_str()), (422, "invalid"));
    let review = case.refused(
        AVA,
        "ask-waiver",
        ask_for("csm_assignment", json!([{ "of": "category", "category": "customer_intent" }])),
    );
    assert_eq!(review.status, 422, "a review nobody made is made, not waived: {}", review.detail);
    let waiver = asked(&case, AVA, "handoff", the_ask("risks"));

    let grant = until(&case, &waiver, "2026-03-27 10:00");
    assert_eq!(case.refused(AVA, "grant-waiver", grant.clone()).status, 403);
    let wrong = case.refused(LEO, "grant-waiver", grant.clone());
    assert_eq!((wrong.status, wrong.kind.as_str()), (403, "waiver-authority"));
    assert_eq!(wrong.body["roles"], json!(["ae_manager", "cs_leader"]));
    let program = company.token("rev_ops", &[]);
    let path = format!("/api/v1/handoffs/{}/grant-waiver", case.id);
    assert_eq!(company.by_token(&program).refused("POST", &path, grant.clone()).kind, "not-yours");
    for (when, why) in [("2026-03-20 10:00", "past"), ("2026-04-07 10:01", "longer than ten business days")] {
        assert_eq!(case.refused(ARNE, "grant-waiver", until(&case, &waiver, when)).status, 422, "{why}");
    }
    assert_eq!(case.refused(ARNE, "grant-waiver", json!({ "waiver": waiver })).status, 422, "no end");

    case.does(ARNE, "grant-waiver", grant);
    let check = case.gate("handoff");
    assert_eq!((check.verdict(), check.waived()), ("waived".into(), vec!["ask:risks".into()]));
    let view = case.offers(AVA, MAYA);
    assert_eq!((view.stage(), view.gate("handoff").verdict()), ("offered".into(), "waived".into()));
    assert_eq!(view.missing(), ["ask:risks"], "it never looks like completion");
    assert!(view.0["record"]["complete_since"].is_null());
}

#[test]
fn somebody_who_may_grant_does_not_grant_their_own() {
    let company = company();
    let case = short_of(&company, "own", "risks");
    let waiver = asked(&case, CLARA, "handoff", the_ask("risks"));
    let own = case.refused(CLARA, "grant-waiver", until(&case, &waiver, "2026-03-27 10:00"));
    assert_eq!((own.status, own.kind.as_str()), (403, "not-yours"));
    case.does(ARNE, "grant-waiver", until(&case, &waiver, "2026-03-27 10:00"));
}

#[test]
fn a_denied_waiver_covers_nothing_and_is_asked_for_anew() {
    let company = company();
    let case = short_of(&company, "denied", "risks");
    let waiver = asked(&case, AVA, "handoff", the_ask("risks"));
    case.does(ARNE, "deny-waiver", json!({ "waiver": waiver, "reason": "Ask them." }));
    assert_eq!(case.gate("handoff").verdict(), "refused");
    assert_eq!(case.refused(ARNE, "grant-waiver", until(&case, &waiver, "2026-03-27 10:00")).status, 409);
    asked(&case, AVA, "handoff", the_ask("risks"));
}

#[test]
fn an_unused_waiver_ends_with_its_time() {
    let company = company();
    let case = short_of(&company, "unused", "risks");
    let waiver = asked(&case, AVA, "handoff", the_ask("risks"));
    case.does(ARNE, "grant-waiver", until(&case, &waiver, "2026-03-27 10:00"));
    company.at("2026-03-27 09:59");
    assert_eq!(case.gate("handoff").verdict(), "waived");
    company.at("2026-03-27 10:00");
    assert_eq!(case.gate("handoff").verdict(), "refused");
}

#[test]
fn another_gate_needs_its_own_waiver_and_an_expired_debt_shuts_later_gates_until_it_is_paid() {
    let company = company();
    let case = short_of(&company, "debt", "risks");
    let waiver = asked(&case, AVA, "handoff", the_ask("risks"));
    case.does(ARNE, "grant-waiver", until(&case, &waiver, "2026-03-27 10:00"));
    case.offers(AVA, MAYA);
    case.reviews(MAYA);
    // The assignment asks for the same answer again.
    assert_eq!(case.shut(MAYA, "accept", json!({})).missing(), ["ask:risks"]);
    let second = asked(&case, MAYA, "csm_assignment", the_ask("risks"));
    assert_eq!(
        case.refused(ARNE, "grant-waiver", until(&case, &second, "2026-03-25 10:00")).kind,
        "waiver-authority"
    );
    case.does(CLARA, "grant-waiver", until(&case, &second, "2026-04-02 10:00"));
    let view = case.does(MAYA, "accept", json!({}));
    assert_eq!((view.stage(), view.gate("csm_assignment").verdict()), ("assigned".into(), "waived".into()));

    // Until it expires it is debt with an owner and an end; then it shuts what comes later.
    let debts = view.0["debts"].as_array().unwrap().clone();
    assert_eq!(debts.len(), 2);
    assert!(
        debts.iter().all(|debt| debt["reading"] == "running" && debt["debtor"] == company.id(AVA)),
        "{debts:#?}"
    );
    let missing = |at: &str| {
        company.at(at);
        case.gate("credit").missing()
    };
    assert_eq!(missing("2026-03-27 09:59"), ["ask:risks"]);
    assert_eq!(missing("2026-03-27 10:00"), ["ask:risks".to_owned(), format!("debt:{waiver}")]);
    assert_eq!(missing("2026-04-02 10:00").len(), 3);
    assert_eq!(
        case.view().0["debts"].as_array().unwrap().iter().filter(|debt| debt["reading"] == "overdue").count(),
        2
    );

    // Answered, it is paid, and stays waived where it was.
    let (verb, mut body) = answer_to(&company.playbook, "risks");
    body["reason"] = json!("The CFO is back.");
    let view = case.does(AVA, verb, body);
    assert!(
        view.0["debts"].as_array().unwrap().iter().all(|debt| debt["reading"] == "late"),
        "{:#}",
        view.0["debts"]
    );
    case.marks(MAYA, "implementation_risk", "clear");
    assert_eq!(case.gate("credit").verdict(), "pass");
    assert_eq!(
        (case.gate("handoff").verdict(), case.gate("csm_assignment").verdict()),
        ("waived".into(), "waived".into())
    );
}

#[test]
fn what_can_no_longer_happen_is_closed_as_lost_without_an_end_and_asked_for_no_more() {
    let company = company();
    let case = company.deal("no call").won_at("2026-03-20 09:00").case();
    case.is_assigned(MAYA);
    case.reports(AVA, "warm_intro", "2026-03-20 09:30", json!({ "form": "mail" }));
    case.reports(MAYA, "first_contact", "2026-03-20 09:45", json!({}));
    case.reports(
        MAYA,
        "kickoff_booked",
        "2026-03-20 09:50",
        json!({ "booked_for": company.instant("2026-03-31 10:00") }),
    );
    company.at("2026-03-31 11:00");
    // Booked and not held: the call can still happen, so its waiver has an end.
    let gap = case.gate("kickoff").gaps().remove(0);
    assert_eq!((gap.about(), gap.problem()), ("step:internal_call".into(), "not_happened".into()));
    // Held without it: it can no longer happen.
    case.reports(MAYA, "kickoff", "2026-03-31 10:00", json!({}));
    assert!(case.view().gate("kickoff").bypassed());
    let gap = case.gate("kickoff").gaps().remove(0);
    assert_eq!(
        (gap.about(), gap.problem(), gap.0["lost"].clone()),
        ("step:internal_call".into(), "missed".into(), json!(true))
    );
    let waiver = asked(&case, MAYA, "kickoff", json!([{ "of": "step", "step": "internal_call" }]));
    let ended = case.refused(CLARA, "grant-waiver", until(&case, &waiver, "2026-04-02 10:00"));
    assert_eq!((ended.status, ended.kind.as_str()), (422, "invalid"));
    case.does(CLARA, "grant-waiver", json!({ "waiver": waiver }));
    assert_eq!(case.gate("kickoff").verdict(), "waived");
    assert_eq!(case.view().0["debts"], json!([]), "no debt");
}

#[test]
fn an_unclear_mark_can_be_waived_at_the_assignment() {
    let company = company();
    let case = company.deal("unclear").case();
    case.fills_the_record();
    case.does(CLARA, "nominate", json!({ "csm": company.id(MAYA) }));
    case.reviews(MAYA);
    case.marks(MAYA, "stakeholder_map", "unclear");
    case.offers(AVA, MAYA);
    assert_eq!(case.shut(MAYA, "accept", json!({})).gaps()[0].problem(), "marked_unclear");
    let waiver =
        asked(&case, AVA, "csm_assignment", json!([{ "of": "category", "category": "stakeholder_map" }]));
    case.does(CLARA, "grant-waiver", until(&case, &waiver, "2026-03-27 10:00"));
    assert_eq!(case.does(MAYA, "accept", json!({})).gate("csm_assignment").verdict(), "waived");
}
