//! How far an organisation enforces (R0.14), and what is found past a gate (R2.11).

use serde_json::{Value, json};

use crate::story::*;

fn company(mode: &str) -> Company {
    let company = Company::with("default");
    company.settles(json!({ "mode": mode }));
    company.at("2026-03-20 10:00");
    company
}

/// What is known of somebody going past a gate: whether it was enforced, or only would have been refused.
fn bypass(view: &View, gate: &str) -> Option<bool> {
    let bypassed = &view.gate(gate).0["history"]["bypassed"];
    (!bypassed.is_null()).then(|| bypassed["would_have_been_refused"] == json!(false))
}

#[test]
fn a_caller_is_told_whether_to_block() {
    for (mode, handoff, others) in
        [("observe", false, false), ("block_ownership", false, true), ("block_close", true, true)]
    {
        let company = company(mode);
        let case = company.deal("asked").case();
        let enforced = |gate: &str| {
            let check = case.asks_gate(gate, "attempt");
            assert_eq!(check.verdict(), "refused", "{mode}, {gate}");
            check.enforced()
        };
        assert_eq!(enforced("handoff"), handoff, "{mode}");
        for gate in ["csm_assignment", "cs_access", "kickoff", "credit", "done"] {
            assert_eq!(enforced(gate), others, "{mode}, {gate}");
        }
    }
}

#[test]
fn a_win_past_the_gate_is_a_bypass_only_where_closing_is_blocked() {
    for (mode, marked) in [("observe", Some(false)), ("block_ownership", None), ("block_close", Some(true))] {
        let company = company(mode);
        // Won while its record is open, and won at first sight.
        let known = company.deal("known").case();
        known.news().won_at("2026-03-20 09:00").told();
        let unknown = company.deal("unknown").won_at("2026-03-20 09:00").case();
        for case in [known, unknown] {
            assert_eq!(bypass(&case.view(), "handoff"), marked, "{mode}, {}", case.external_id);
            assert_eq!(case.view().gate("handoff").verdict(), "refused", "{mode}: the record is still owed");
            // Later gates open once it is filled; the one gone past never becomes a pass where it was enforced.
            case.fills_the_record();
            let after = if marked == Some(true) { "not_required" } else { "pass" };
            assert_eq!(case.gate("handoff").verdict(), after, "{mode}");
            case.offers(AVA, MAYA);
            case.reviews(MAYA);
            assert_eq!(case.does(MAYA, "accept", json!({})).stage(), "assigned", "{mode}");
            assert_eq!(bypass(&case.view(), "handoff"), marked, "{mode}");
        }
    }
}

#[test]
fn a_win_with_a_complete_record_is_a_pass_in_every_mode() {
    for (mode, verdict) in [("observe", "pass"), ("block_ownership", "pass"), ("block_close", "pass")] {
        let company = company(mode);
        let case = company.deal("complete").case();
        case.fills_the_record();
        case.news().won_at("2026-03-20 09:00").told();
        assert_eq!(
            (bypass(&case.view(), "handoff"), case.gate("handoff").verdict()),
            (None, verdict.to_owned())
        );
    }
}

#[test]
fn a_csm_set_in_the_crm_is_found_past_the_assignment() {
    for (mode, marked) in
        [("observe", Some(false)), ("block_ownership", Some(true)), ("block_close", Some(true))]
    {
        let company = company(mode);
        let csm = json!({ "email": MAYA.email });
        let later = company.deal("later").case();
        later.news().with("csm", csm.clone()).told();
        let at_once = company.deal("at once").with("csm", csm).case();
        for case in [later, at_once] {
            let view = case.view();
            assert_eq!(bypass(&view, "csm_assignment"), marked, "{mode}, {}", case.external_id);
            assert_eq!((view.stage(), view.answerable()), ("preparing".into(), AVA.name.into()), "{mode}");
        }
    }
}

#[test]
fn a_csm_who_accepted_is_no_bypass_when_the_crm_shows_them() {
    let company = company("block_close");
    let case = company.deal("regular").case();
    case.is_assigned(MAYA);
    company.minutes_pass(1);
    case.news().with("csm", json!({ "email": MAYA.email })).told();
    assert_eq!(bypass(&case.view(), "csm_assignment"), None);
}

#[test]
fn a_kickoff_held_past_its_gate_is_a_bypass_and_moves_ownership_with_a_mark() {
    for (mode, marked) in
        [("observe", Some(false)), ("block_ownership", Some(true)), ("block_close", Some(true))]
    {
        let company = company(mode);
        let case = company.deal("hurried").won_at("2026-03-20 09:00").case();
        case.is_assigned(MAYA);
        let view = case.reports(MAYA, "kickoff", "2026-03-20 09:30", json!({}));
        assert_eq!(bypass(&view, "kickoff"), marked, "{mode}");
        assert_eq!((view.stage(), view.answerable()), ("owned".into(), MAYA.name.into()));
        let moved = view.0["tenures"].as_array().unwrap().last().unwrap().clone();
        assert_eq!((&moved["moved_by"], &moved["bypassed"]), (&json!("kickoff"), &json!(true)), "{mode}");
    }
}

#[test]
fn the_cs_leader_takes_over_with_a_reason() {
    let company = company("block_ownership");
    let case = company.deal("orphan").won_at("2026-03-20 09:00").case();
    let body = json!({ "by": company.id(NILS), "reason": "Ava is ill, and the customer waits." });
    assert_eq!(case.refused(RITA, "take-over", body.clone()).status, 403);
    let view = case.does(CLARA, "take-over", body);
    assert_eq!((view.stage(), view.answerable()), ("owned".into(), NILS.name.into()));
    assert_eq!(bypass(&view, "csm_assignment"), Some(true));
}

#[test]
fn a_deal_closed_before_the_go_live_date_is_history() {
    let company = company("block_close");
    let old = company.deal("old").won_at("2026-02-27 17:00").case();
    let view = old.view();
    assert_eq!(view.life(), "history");
    assert_eq!(view.0["steps"], json!([]), "no clocks");
    assert_eq!(
        (old.gate("handoff").verdict(), bypass_of(&old, "handoff")),
        ("not_required".into(), Value::Null)
    );
    let new = company.deal("new").won_at("2026-03-01 00:00").case();
    assert_eq!((new.view().life(), bypass(&new.view(), "handoff")), ("live".into(), Some(true)));
    // The importer's date, not the day of the import, decides.
    let problem = old.refused(AVA, "offer", json!({ "to": company.id(MAYA) }));
    assert_eq!((problem.status, problem.kind.as_str()), (409, "out-of-turn"));
}

fn bypass_of(case: &Case<'_>, gate: &str) -> Value {
    case.view().gate(gate).0["history"]["bypassed"].clone()
}
