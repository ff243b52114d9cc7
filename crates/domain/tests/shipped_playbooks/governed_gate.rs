//! The playbook `governed-gate`, held against its document.

use cel::Value;
use throughline_domain::{
    Role,
    playbook::{CompleteBefore, Gate, StepKind, TransferOn, asks::Need, rule::text},
    record::StakeholderRole,
};

use crate::{always, ask, clocks, deal, demands, forms, outcomes, playbook, step, told};

#[test]
fn it_keeps_every_number_of_its_document_and_the_times_it_adds() {
    let playbook = playbook("governed-gate");
    assert_eq!(
        clocks(&playbook),
        told(&[
            ("nomination", "to 0 d, of signature"),
            ("record", "to 0 d, of signature"),
            ("offer_answer", "within 1 bd, of offered"),
            ("return_answer", "within 2 bd, of returned"),
            ("internal_call", "within 2 bd, of closed"),
            ("warm_intro", "within 5 bd, of closed"),
            ("first_value", "within 30 d, of closed"),
            ("rate_handoff", "within 5 bd, of warm_intro"),
            ("health_30", "opens 30 d, within 37 d, of closed"),
            ("health_60", "opens 60 d, within 67 d, of closed"),
            ("health_90", "opens 90 d, within 97 d, of closed"),
            ("feedback", "opens 30 d, within 37 d, of closed"),
            ("availability", "within 90 d, of closed"),
        ])
    );
    for day in ["health_30", "health_60", "health_90"] {
        assert_eq!(outcomes(step(&playbook, day)), ["healthy", "at_risk", "contracted"]);
    }
}

#[test]
fn it_asks_the_five_parts_of_being_ready_promises_and_criteria_first() {
    let playbook = playbook("governed-gate");
    assert_eq!(
        always(&playbook),
        [
            ("promises", vec!["promises"]),
            ("success_criteria", vec!["success_criteria"]),
            ("stakeholder_map", vec!["champion", "economic_buyer", "key_users", "politics", "known_risks"]),
            ("use_case", vec!["use_case"]),
            ("commercial_context", vec!["term", "discount", "renews_on", "unusual_conditions"]),
        ]
    );
    assert!(playbook.asks().all(|ask| ask.required), "all at minimum");
    assert!(ask(&playbook, "promises").kinds.is_empty(), "anything the AE committed to");
    assert_eq!(ask(&playbook, "success_criteria").needs, [Need::Measure]);
    assert_eq!(ask(&playbook, "key_users").role, Some(StakeholderRole::Operator));
}

#[test]
fn one_gate_stands_before_credit_and_a_live_walk_before_onboarding() {
    let playbook = playbook("governed-gate");
    for (gate, wanted) in [
        (Gate::Handoff, &["record", "commitments"][..]),
        (Gate::CsmAssignment, &["record"]),
        (Gate::CsAccess, &["record", "step internal_call", "acceptance"]),
        (Gate::Credit, &["record"]),
        (
            Gate::Done,
            &["ownership", "step internal_call", "step warm_intro", "corrections", "rating handoff"],
        ),
    ] {
        assert_eq!(demands(&playbook, gate), wanted, "{gate:?}");
    }
    assert_eq!(playbook.transfer_on, TransferOn::WarmIntro);
    assert_eq!(playbook.measurement.complete_before, CompleteBefore::Handoff);
    assert_eq!(
        playbook.gate(Gate::Credit).unwrap().waived_by,
        [Role::RevOps],
        "sales does not waive its own credit"
    );
    for silent in [StepKind::EarlyIntro, StepKind::Review, StepKind::FirstContact, StepKind::Kickoff] {
        assert!(playbook.step_of(silent).is_none(), "the document does not speak of {silent:?}");
    }
    assert!(playbook.scorecard.categories.is_empty() && playbook.agenda.is_empty());
}

#[test]
fn it_walks_live_and_introduces_in_a_joint_call_and_in_no_other_form() {
    let playbook = playbook("governed-gate");
    for (id, form) in [("internal_call", "live"), ("warm_intro", "bridge_call")] {
        let step = step(&playbook, id);
        assert_eq!(forms(step), [form]);
        assert!(step.confirmed_by_receiver && step.with == [Role::Csm]);
    }
    assert_eq!(step(&playbook, "feedback").with, [Role::Enablement, Role::DealDesk]);
}

#[test]
fn every_commitment_goes_through_the_deal_desk() {
    let playbook = playbook("governed-gate");
    let routing = &playbook.promises.routing;
    assert_eq!(routing.len(), 1);
    assert!(routing[0].when.is_none(), "whatever it is");
    assert_eq!(routing[0].to, Role::DealDesk);
}

#[test]
fn the_ae_stays_in_touch_with_strategic_accounts_only() {
    let playbook = playbook("governed-gate");
    let rule = &step(&playbook, "availability").when.as_ref().unwrap().value;
    let stays = |fields: Vec<(&str, Value)>| rule.holds(&deal(fields, "")).unwrap();
    assert!(stays(vec![("segment", text("Strategic accounts"))]));
    assert!(!stays(vec![("segment", text("Mid-market"))]));
    assert!(!stays(vec![]));
}
