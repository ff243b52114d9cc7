//! The playbook `four-domains`, held against its document.

use throughline_domain::{
    Role,
    playbook::{CompleteBefore, Gate, MarkedWhen, StepKind, TransferOn, asks::Need},
    record::{PromiseKind, StakeholderRole},
};

use crate::{ask, demands, due, minutes, playbook};

#[test]
fn four_domains_keeps_every_number_of_its_document() {
    let playbook = playbook("four-domains");
    for (kind, clock) in [
        (StepKind::Record, "from 5 bd, to 3 bd, of signature"),
        (StepKind::EarlyIntro, "from 14 d, of signature"),
        (StepKind::InternalCall, "from 7 d, to 5 d, of kickoff"),
        (StepKind::KickoffBooked, "within 10 bd, of closed"),
        (StepKind::PlanConfirmed, "within 48 h, of kickoff_end"),
        (StepKind::FirstValue, "within 30 d, of closed"),
    ] {
        assert_eq!(due(&playbook, kind), clock, "{kind:?}");
    }
    assert_eq!(minutes(&playbook, StepKind::EarlyIntro), 20);
    let touchpoints = playbook.step_of(StepKind::EarlyIntro).unwrap().times.unwrap();
    assert_eq!((touchpoints.at_least, touchpoints.at_most), (1, 2));
    assert_eq!(minutes(&playbook, StepKind::InternalCall), 30);
    assert_eq!(playbook.step_of(StepKind::InternalCall).unwrap().agenda.len(), 5);
    assert_eq!(playbook.agenda.iter().map(|part| part.minutes).collect::<Vec<_>>(), [15, 20, 15]);
    assert_eq!(playbook.measurement.first_value_within.to_string(), "30 d");
    assert_eq!(playbook.sections.len(), 4);
}

#[test]
fn what_four_domains_leaves_open_takes_the_time_everybody_takes() {
    let playbook = playbook("four-domains");
    for (kind, clock) in [
        (StepKind::Nomination, "to 14 d, of signature"),
        (StepKind::Review, "within 1 bd, of record_complete"),
        (StepKind::OfferAnswer, "within 1 bd, of offered"),
        (StepKind::ReturnAnswer, "within 2 bd, of returned"),
        (StepKind::Rating, "within 24 h, of kickoff_end"),
        (StepKind::Kickoff, "none"),
    ] {
        assert_eq!(due(&playbook, kind), clock, "{kind:?}");
    }
    assert_eq!(minutes(&playbook, StepKind::Kickoff), 50);
    assert_eq!(playbook.plan.milestones.iter().map(|one| one.due.to_string()).collect::<Vec<_>>(), ["30 d"]);
}

#[test]
fn four_domains_asks_what_its_document_asks_and_requires_all_of_it() {
    let playbook = playbook("four-domains");
    let sections: Vec<_> = playbook.sections.iter().map(|section| section.id.value.as_str()).collect();
    assert_eq!(sections, ["success_criteria", "relationship_context", "commitments", "technical_context"]);
    let always: Vec<&str> =
        playbook.asks().filter(|ask| ask.required).map(|ask| ask.id.value.as_str()).collect();
    assert_eq!(
        always,
        [
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
        ]
    );
    assert_eq!(usize::from(playbook.required_at_most), always.len());
    let champion = ask(&playbook, "champion");
    assert_eq!(champion.role, Some(StakeholderRole::Champion));
    assert_eq!(champion.needs, [Need::Title, Need::Contact, Need::Influence, Need::Stance]);
    assert_eq!(ask(&playbook, "executive_sponsor").needs, [Need::Said]);
    assert_eq!(ask(&playbook, "data_moves").needs, [Need::From, Need::Format]);
    let commitments = ask(&playbook, "commitments");
    assert!(commitments.allow_none);
    assert_eq!(
        commitments.kinds,
        [
            PromiseKind::FeatureDate,
            PromiseKind::Implementation,
            PromiseKind::Price,
            PromiseKind::Terms,
            PromiseKind::NamedResource,
            PromiseKind::Sla,
            PromiseKind::Refund,
        ]
    );
    let constraints: Vec<_> =
        ask(&playbook, "constraints").options.iter().map(|one| one.id.as_str()).collect();
    assert_eq!(constraints, ["security", "sso", "data_residency", "nothing"]);
}

#[test]
fn four_domains_assigns_on_a_complete_and_reviewed_document_and_moves_ownership_at_the_kickoff() {
    let playbook = playbook("four-domains");
    assert_eq!(playbook.transfer_on, TransferOn::Kickoff);
    assert_eq!(demands(&playbook, Gate::CsmAssignment), ["record", "review"]);
    assert_eq!(demands(&playbook, Gate::Kickoff), ["record", "step internal_call", "acceptance"]);
    assert_eq!(
        demands(&playbook, Gate::Done),
        ["ownership", "step kickoff", "plan_confirmed", "rating kickoff"]
    );
    assert_eq!(playbook.measurement.complete_before, CompleteBefore::Kickoff);
    assert!(playbook.step_of(StepKind::Kickoff).unwrap().with.contains(&Role::Ae));
    for silent in [StepKind::WarmIntro, StepKind::FirstContact, StepKind::Availability] {
        assert!(playbook.step_of(silent).is_none(), "the document does not speak of {silent:?}");
    }
    assert_eq!(playbook.ratings.len(), 1);
    assert!(playbook.scorecard.categories.iter().all(|category| category.when == MarkedWhen::Review));
}
