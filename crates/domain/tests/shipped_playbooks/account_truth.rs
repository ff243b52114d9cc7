//! The playbook `account-truth`, held against its document.

use throughline_domain::{
    Role,
    playbook::{AskKind, CompleteBefore, Gate, MarkEffect, MarkedWhen, StepKind, TransferOn, asks::Need},
};

use crate::{always, ask, clocks, demands, forms, minutes, outcomes, parts, playbook, step, told};

#[test]
fn it_keeps_its_thirty_days_and_the_times_it_adds() {
    let playbook = playbook("account-truth");
    assert_eq!(
        clocks(&playbook),
        told(&[
            ("nomination", "to 0 d, of signature"),
            ("record", "within 1 bd, of closed"),
            ("review", "within 1 bd, of offered"),
            ("offer_answer", "within 1 bd, of offered"),
            ("return_answer", "within 2 bd, of returned"),
            ("warm_intro", "within 2 bd, of closed"),
            ("kickoff_booked", "within 10 bd, of closed"),
            ("kickoff", "none"),
            ("rate_kickoff", "within 24 h, of kickoff_end"),
            ("first_value", "within 30 d, of closed"),
            ("first_thirty_days", "opens 30 d, within 37 d, of closed"),
        ])
    );
    assert_eq!(minutes(&playbook, StepKind::Kickoff), 40);
    assert_eq!(parts(&playbook), [15, 15, 10]);
    assert_eq!(playbook.plan.milestones.iter().map(|one| one.due.to_string()).collect::<Vec<_>>(), ["30 d"]);
}

#[test]
fn it_makes_five_things_obvious_and_demands_ten_answers() {
    let playbook = playbook("account-truth");
    assert_eq!(
        always(&playbook),
        [
            ("why_now", vec!["buying_trigger", "urgency_holds"]),
            ("success", vec!["success_criteria"]),
            ("people", vec!["economic_buyer", "champion", "pushed_by", "skeptics", "needs_a_win"]),
            ("promises", vec!["promises"]),
            ("derailers", vec!["risks"]),
        ]
    );
    let triggers: Vec<_> =
        ask(&playbook, "buying_trigger").options.iter().map(|one| one.id.as_str()).collect();
    assert_eq!(
        triggers,
        [
            "leadership_change",
            "budget_window",
            "broken_process",
            "renewal",
            "hiring_plan",
            "revenue_goal",
            "board_expectation",
            "other",
        ]
    );
    assert_eq!(ask(&playbook, "success_criteria").needs, [Need::Evidence], "in their words");
    let promises = ask(&playbook, "promises");
    assert_eq!(promises.needs, [Need::Strength, Need::InContract]);
    assert!(promises.allow_none && promises.kinds.is_empty());
    for person in ["pushed_by", "needs_a_win"] {
        assert_eq!(ask(&playbook, person).kind, AskKind::Person);
    }
    // Its chapter on account truth, asked and not demanded.
    for more in [
        "resonant_pain",
        "competitor",
        "first_use_case",
        "quick_win",
        "admins",
        "evaluators",
        "operators",
        "tension",
        "customer_work",
    ] {
        let ask = ask(&playbook, more);
        assert!(!ask.required && ask.required_when.is_none(), "{more}");
    }
}

#[test]
fn five_categories_are_marked_four_before_the_account_lands() {
    let playbook = playbook("account-truth");
    let marked: Vec<_> = playbook
        .scorecard
        .categories
        .iter()
        .map(|one| (one.id.value.as_str(), one.when, one.unclear, one.partial))
        .collect();
    let (review, returns, note) = (MarkedWhen::Review, MarkEffect::Returns, MarkEffect::Note);
    assert_eq!(
        marked,
        [
            ("customer_intent", review, returns, note),
            ("stakeholder_map", review, returns, note),
            ("scope_expectations", review, returns, note),
            ("implementation_risk", review, returns, note),
            ("transition_quality", MarkedWhen::AfterIntro, MarkEffect::FollowUp, note),
        ]
    );
}

#[test]
fn the_live_transition_comes_before_the_kickoff_with_five_outcomes_and_a_mail_beside_it() {
    let playbook = playbook("account-truth");
    let transition = step(&playbook, "warm_intro");
    assert_eq!(forms(transition), ["bridge_call when true", "mail when true"]);
    assert_eq!(
        outcomes(transition),
        ["main_goal", "stakeholders", "next_steps", "first_milestone", "nothing_lost"]
    );
    assert_eq!((transition.owner, &transition.with[..]), (Role::Ae, &[Role::Csm][..]));
    for (gate, wanted) in [
        (Gate::Handoff, &["record"][..]),
        (Gate::CsmAssignment, &["record", "review"]),
        (Gate::CsAccess, &["record", "review", "acceptance"]),
        (Gate::Kickoff, &["record", "step warm_intro", "acceptance"]),
        (Gate::Credit, &["record"]),
        (Gate::Done, &["ownership", "step kickoff", "rating kickoff"]),
    ] {
        assert_eq!(demands(&playbook, gate), wanted, "{gate:?}");
    }
    assert_eq!(playbook.transfer_on, TransferOn::WarmIntro);
    assert_eq!(playbook.measurement.complete_before, CompleteBefore::Kickoff);
    for silent in
        [StepKind::EarlyIntro, StepKind::InternalCall, StepKind::FirstContact, StepKind::Availability]
    {
        assert!(playbook.step_of(silent).is_none(), "the document does not speak of {silent:?}");
    }
}

#[test]
fn seven_good_signs_and_six_warnings_are_looked_for_after_thirty_days() {
    let playbook = playbook("account-truth");
    let signs = &step(&playbook, "first_thirty_days").outcomes;
    let starting = |with: &str| signs.iter().filter(|sign| sign.label.starts_with(with)).count();
    assert_eq!((starting("Good: "), starting("Warning: "), signs.len()), (7, 6, 13));
}
