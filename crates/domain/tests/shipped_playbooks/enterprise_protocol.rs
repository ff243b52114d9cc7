//! The playbook `enterprise-protocol`, held against its document.

use throughline_domain::{
    Role,
    playbook::{CompleteBefore, Gate, Moment, StepKind, TransferOn, asks::Need},
};

use crate::{always, ask, clocks, demands, forms, minutes, parts, playbook, step, told};

#[test]
fn it_keeps_every_number_of_its_document_and_the_times_it_adds() {
    let playbook = playbook("enterprise-protocol");
    assert_eq!(
        clocks(&playbook),
        told(&[
            ("nomination", "within 1 bd, of closed"),
            ("record", "within 1 bd, of closed"),
            ("offer_answer", "within 1 bd, of offered"),
            ("return_answer", "within 2 bd, of returned"),
            ("internal_call", "to 0 d, of kickoff"),
            ("warm_intro", "within 2 bd, of closed"),
            ("first_contact", "within 24 h, of warm_intro"),
            ("kickoff_booked", "within 10 bd, of closed"),
            ("kickoff", "none"),
            ("first_value", "within 30 d, of closed"),
            ("availability", "within 60 d, of closed"),
            ("rate_day60", "opens 60 d, within 67 d, of closed"),
        ])
    );
    assert_eq!(minutes(&playbook, StepKind::InternalCall), 30);
    assert_eq!(minutes(&playbook, StepKind::Kickoff), 60);
    assert_eq!(parts(&playbook), [20, 20, 20]);
}

#[test]
fn its_form_has_six_items_and_every_field_is_required() {
    let playbook = playbook("enterprise-protocol");
    assert_eq!(
        always(&playbook),
        [
            ("executives", vec!["executive_sponsor", "influencers"]),
            ("use_case", vec!["use_case"]),
            ("commitments", vec!["commitments"]),
            ("concerns", vec!["concerns"]),
            ("competition", vec!["alternatives", "why_us"]),
            ("contract", vec!["term", "arr", "plan", "expansion"]),
        ]
    );
    assert!(playbook.asks().all(|ask| ask.required));
    for people in ["executive_sponsor", "influencers"] {
        assert_eq!(ask(&playbook, people).needs, [Need::Contact, Need::Goals], "{people}");
    }
    assert!(!ask(&playbook, "executive_sponsor").allow_none, "the introduction goes to them by name");
    assert!(ask(&playbook, "commitments").kinds.is_empty(), "any custom commitment");
}

#[test]
fn five_components_come_before_the_kickoff_and_cs_operations_hold_the_gates() {
    let playbook = playbook("enterprise-protocol");
    let before = ["record", "step internal_call", "step warm_intro", "step first_contact"];
    let kickoff: Vec<_> = before.into_iter().chain(["acceptance"]).collect();
    let done: Vec<_> = ["ownership"].into_iter().chain(before).chain(["step kickoff"]).collect();
    for (gate, wanted) in [
        (Gate::Handoff, &["record"][..]),
        (Gate::CsmAssignment, &["record"]),
        (Gate::CsAccess, &["record", "acceptance"]),
        (Gate::Kickoff, &kickoff),
        (Gate::Credit, &["record"]),
        (Gate::Done, &done),
    ] {
        assert_eq!(demands(&playbook, gate), wanted, "{gate:?}");
        assert_eq!(playbook.gate(gate).unwrap().waived_by, [Role::CsLeader], "{gate:?}");
    }
    for id in ["internal_call", "warm_intro", "first_contact"] {
        assert_eq!(step(&playbook, id).until, Some(Moment::Kickoff), "{id}");
    }
    assert_eq!(playbook.transfer_on, TransferOn::WarmIntro);
    assert_eq!(playbook.measurement.complete_before, CompleteBefore::Kickoff);
    let asked = playbook.agenda.iter().flat_map(|part| &part.from).count();
    assert_eq!(asked, 10, "the agenda is made from the form, all of it but the worth");
}

#[test]
fn the_call_has_the_se_beside_it_and_the_introduction_is_a_mail() {
    let playbook = playbook("enterprise-protocol");
    assert_eq!(step(&playbook, "internal_call").with, [Role::Csm, Role::Se]);
    assert_eq!(forms(step(&playbook, "warm_intro")), ["mail"]);
    for silent in [StepKind::EarlyIntro, StepKind::Review, StepKind::PlanConfirmed] {
        assert!(playbook.step_of(silent).is_none(), "the document does not speak of {silent:?}");
    }
    assert!(playbook.promises.routing.is_empty() && playbook.scorecard.categories.is_empty());
}
