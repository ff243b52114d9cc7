//! Modes (R0.14), bypasses (R2.11), and that a person is needed where a person must decide.

use throughline_domain::{
    Role,
    deal::{Deal, Standing},
    gate::{Mode, Verdict},
    handoff::{Message, Recipient, command::*},
    record::DecisionVerdict,
};
use throughline_testkit::{Play, default_playbook, given, people::*, text};

use super::*;

fn won_under(mode: Mode) -> Play {
    let mut play = given(default_playbook()).mode(mode).opened();
    play.at("2026-03-27 15:00").won();
    play
}

#[test]
fn observe_enforces_nothing_block_ownership_all_but_the_signing_block_close_everything() {
    let enforced = |mode: Mode| Gate::ALL.map(|gate| mode.enforces(gate));
    assert_eq!(enforced(Mode::Observe), [false; 6]);
    assert_eq!(enforced(Mode::BlockOwnership), [false, true, true, true, true, true]);
    assert_eq!(enforced(Mode::BlockClose), [true; 6]);
    assert_eq!(Mode::default(), Mode::BlockOwnership);
}

#[test]
fn a_win_under_block_ownership_is_no_bypass() {
    let play = won_under(Mode::BlockOwnership);
    assert!(!play.handoff().gates.contains_key(&Gate::Handoff));
}

#[test]
fn a_win_under_block_close_without_a_pass_is_bypassed_and_told() {
    let play = won_under(Mode::BlockClose);
    let bypassed = play.handoff().bypassed(Gate::Handoff).unwrap();
    assert_eq!(bypassed.found, "closed-won before a record was complete");
    let told = |to: Recipient| {
        play.told
            .iter()
            .any(|intent| intent.to == to && intent.message == Message::Bypassed { gate: Gate::Handoff })
    };
    assert!(told(Recipient::Person { id: DANA }) && told(Recipient::Role { role: Role::RevOps }));
}

#[test]
fn under_observe_it_is_only_marked_would_have_been_refused() {
    let mut play = won_under(Mode::Observe);
    assert_eq!(play.handoff().bypassed(Gate::Handoff), None);
    assert!(play.handoff().gates[&Gate::Handoff].bypassed.as_ref().unwrap().would_have_been_refused);
    assert!(play.told.iter().all(|intent| !matches!(intent.message, Message::Bypassed { .. })));
    // What is only marked can still pass.
    play.at("2026-03-30 09:00").record_filled().offered();
    assert_eq!(play.verdict(Gate::Handoff), Verdict::Pass);
}

#[test]
fn a_win_that_the_gate_would_have_let_through_is_a_pass_in_every_mode_that_looks() {
    for mode in [Mode::Observe, Mode::BlockClose] {
        let mut play = given(default_playbook()).mode(mode).opened();
        play.at("2026-03-20 10:00").record_filled().at("2026-03-27 15:00").won();
        assert_eq!(play.verdict(Gate::Handoff), Verdict::Pass, "{mode:?}");
        assert!(play.handoff().passed(Gate::Handoff).is_some());
    }
}

#[test]
fn the_record_of_a_bypassed_deal_is_still_owed_and_later_gates_open_when_it_is_filled() {
    let mut play = won_under(Mode::BlockClose);
    assert_eq!(play.verdict(Gate::Handoff), Verdict::Refused);
    play.as_(LEE).shut(Offer { to: MAYA });
    play.at("2026-03-30 09:00").record_filled();
    assert_eq!(play.verdict(Gate::Handoff), Verdict::NotRequired, "never counted as passed there");
    play.offered().reviewed().accepted();
    assert_eq!(play.verdict(Gate::CsmAssignment), Verdict::Pass);
    assert!(play.handoff().passed(Gate::Handoff).is_none());
    assert_eq!(play.verdict(Gate::Handoff), Verdict::NotRequired);
}

#[test]
fn a_csm_set_in_the_crm_without_a_pass_is_bypassed_at_the_assignment() {
    let mut play = by_default();
    let deal = Deal { source_time: play.later(1), stage: "Signed".to_owned(), ..play.handoff().deal.clone() };
    play.as_system().does(TakeNews { deal: deal.clone(), seller: None, csm: Some(MAYA) });
    assert_eq!(play.handoff().bypassed(Gate::CsmAssignment).unwrap().found, "a CSM was set in the CRM");
    // Told again, it is one bypass.
    let again = Deal { source_time: play.later(2), ..deal };
    play.does(TakeNews { deal: again, seller: None, csm: Some(MAYA) });
    assert_eq!(play.last_kinds(), ["deal_read"]);
    // The way in stays open: filled, offered, reviewed, accepted.
    play.record_filled().offered().reviewed().accepted();
    assert_eq!(play.verdict(Gate::CsmAssignment), Verdict::NotRequired);
}

#[test]
fn a_deal_that_comes_with_a_csm_set_is_bypassed_from_the_start() {
    let play = given(default_playbook()).deal(|deal| deal.csm.clone_from(&deal.owner)).opened();
    assert!(play.handoff().bypassed(Gate::CsmAssignment).is_some());
    let assigned = {
        let mut play = assigned();
        let deal =
            Deal { source_time: play.later(1), stage: "Won".to_owned(), ..play.handoff().deal.clone() };
        play.as_system().does(TakeNews { deal, seller: None, csm: Some(MAYA) });
        play
    };
    assert_eq!(
        assigned.handoff().bypassed(Gate::CsmAssignment),
        None,
        "whom we assigned may stand in the CRM"
    );
}

#[test]
fn every_mode_decides_the_same_only_what_is_found_differs() {
    for mode in [Mode::Observe, Mode::BlockOwnership, Mode::BlockClose] {
        let mut play = given(default_playbook()).mode(mode).opened();
        play.as_(LEE).shut(Offer { to: MAYA });
        assert_eq!(play.verdict(Gate::Credit), Verdict::Refused);
    }
}

#[test]
fn a_program_reviews_decides_and_waives_nothing() {
    let mut play = by_default();
    let item = promised(&mut play, "A connector by June");
    play.as_token(&Role::ALL);
    play.refused(DecidePromise { item, verdict: DecisionVerdict::Approved, reason: text("Fine") });
    play.refused(MarkCategory {
        category: key("customer_intent"),
        mark: throughline_domain::handoff::Mark::Clear,
        note: None,
    });
    play.refused(asked(Gate::Handoff, [ask("champion")]));
    play.as_(DANA).does(asked(Gate::Handoff, [ask("champion")]));
    let waiver = waiver_of(&play);
    play.as_token(&Role::ALL).refused(GrantWaiver { waiver, expires_at: None });
    play.refused(DenyWaiver { waiver, reason: text("No") });
    play.refused(Accept {});
    // It may ask, and report what it saw.
    play.shut(AttemptGate { gate: Gate::Credit });
    let report = ReportStep {
        known_by: throughline_domain::handoff::KnownBy::Calendar,
        ..play.report_of("early_intro")
    };
    play.does(report);
}

#[test]
fn news_of_a_lost_deal_are_told_to_both_sides() {
    let mut play = assigned();
    play.at("2026-03-20 10:00").hears(|deal| deal.standing = Standing::Lost);
    let told: Vec<_> = play
        .told
        .iter()
        .filter(|intent| intent.message == Message::Stopped)
        .map(|intent| intent.to)
        .collect();
    assert_eq!(told, [Recipient::Person { id: DANA }, Recipient::Person { id: MAYA }]);
}
