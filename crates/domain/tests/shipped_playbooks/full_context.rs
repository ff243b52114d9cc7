//! The playbook `full-context`, held against its document.

use cel::Value;
use throughline_domain::{
    Role,
    playbook::{CompleteBefore, Gate, StepKind, TransferOn, asks::Need},
};

use crate::{always, ask, clocks, deal, demands, forms, minutes, outcomes, parts, playbook, step, told};

#[test]
fn its_document_gives_no_number_so_these_times_are_ours() {
    let playbook = playbook("full-context");
    assert_eq!(
        clocks(&playbook),
        told(&[
            ("nomination", "to 0 d, of signature"),
            ("record", "to 0 d, of signature"),
            ("internal_call", "within 2 bd, of closed"),
            ("offer_answer", "within 1 bd, of offered"),
            ("return_answer", "within 2 bd, of returned"),
            ("warm_intro", "within 2 bd, of closed"),
            ("kickoff_booked", "within 10 bd, of closed"),
            ("kickoff", "none"),
            ("first_value", "within 30 d, of closed"),
            ("feedback", "opens 30 d, within 37 d, of closed"),
            ("fate", "opens 90 d, within 97 d, of closed"),
        ])
    );
    assert_eq!(minutes(&playbook, StepKind::Kickoff), 45);
    assert_eq!(parts(&playbook), [10, 20, 15]);
}

#[test]
fn it_captures_four_things_at_their_source() {
    let playbook = playbook("full-context");
    assert_eq!(
        always(&playbook),
        [
            ("promised_and_sold", vec!["scope_sold", "promises"]),
            ("goals", vec!["why_they_bought", "success_criteria"]),
            ("stakeholders", vec!["champion", "economic_buyer", "users"]),
            ("risks_and_terms", vec!["risks", "special_terms"]),
        ]
    );
    assert_eq!(ask(&playbook, "success_criteria").needs, [Need::Evidence]);
    assert!(ask(&playbook, "promises").kinds.is_empty(), "commitments and expectations alike");
    assert_eq!(playbook.measurement.complete_before, CompleteBefore::Handoff);
}

#[test]
fn briefing_and_introduction_are_steps_that_gates_demand_and_the_kickoff_moves_ownership() {
    let playbook = playbook("full-context");
    for (gate, wanted) in [
        (Gate::Handoff, &["record"][..]),
        (Gate::CsmAssignment, &["record", "step internal_call"]),
        (Gate::CsAccess, &["record", "acceptance"]),
        (Gate::Kickoff, &["record", "step internal_call", "step warm_intro", "acceptance"]),
        (Gate::Credit, &["record", "step internal_call"]),
        (Gate::Done, &["ownership", "step internal_call", "step warm_intro", "step kickoff"]),
    ] {
        assert_eq!(demands(&playbook, gate), wanted, "{gate:?}");
    }
    assert_eq!(playbook.transfer_on, TransferOn::Kickoff);
    assert_eq!(step(&playbook, "kickoff").with, [Role::Ae], "sales and CS are both there");
    assert_eq!(step(&playbook, "internal_call").agenda.len(), 6);
    assert_eq!(forms(step(&playbook, "warm_intro")), ["bridge_call", "mail"]);
    for silent in [StepKind::EarlyIntro, StepKind::Review, StepKind::FirstContact, StepKind::PlanConfirmed] {
        assert!(playbook.step_of(silent).is_none(), "the document does not speak of {silent:?}");
    }
    assert!(playbook.promises.routing.is_empty() && playbook.scorecard.categories.is_empty());
}

#[test]
fn simpler_deals_may_be_briefed_in_writing() {
    let playbook = playbook("full-context");
    let forms = &step(&playbook, "internal_call").forms;
    let in_writing = forms.iter().find(|form| form.form.value.as_str() == "async").unwrap();
    let rule = &in_writing.when.as_ref().unwrap().value;
    let allowed = |fields: Vec<(&str, Value)>| rule.holds(&deal(fields, "")).unwrap();
    let arr = |amount| ("arr", Value::Float(amount));
    assert!(allowed(vec![arr(24_999.0)]) && !allowed(vec![arr(25_000.0)]));
    assert!(!allowed(vec![arr(9_000.0), ("se_involved", Value::Bool(true))]));
    assert!(!allowed(vec![]), "an unknown size is no simple deal");
}

#[test]
fn sales_hears_how_it_sold_and_what_became_of_the_account() {
    let playbook = playbook("full-context");
    assert_eq!(outcomes(step(&playbook, "feedback")), ["as_sold", "realistic"]);
    assert_eq!(outcomes(step(&playbook, "fate")), ["retained", "churned", "expanded"]);
    for id in ["feedback", "fate"] {
        assert_eq!(step(&playbook, id).with, [Role::Ae, Role::AeManager, Role::Enablement]);
    }
}
