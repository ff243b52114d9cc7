//! The moment ownership moves is playbook data; exactly one person answers at every instant (R0.3, R0.4, R0.7).

use throughline_domain::{
    Role,
    gate::{Problem, Verdict, follow_ups},
    handoff::{Message, Move, Recipient, Stage, command::*},
};
use throughline_testkit::{Play, four_domains, given, instant, people::*, text};

use super::*;
use crate::compact;

fn moves(play: &Play) -> Vec<(Move, bool)> {
    play.handoff().tenures.iter().map(|tenure| (tenure.moved_by, tenure.bypassed)).collect()
}

#[test]
fn by_default_the_warm_introduction_moves_ownership() {
    let mut play = assigned();
    assert_eq!(play.handoff().answerable(), DANA, "assigned is not owning");
    play.at("2026-03-30 09:00").introduced();
    assert_eq!(play.handoff().answerable(), MAYA);
    assert_eq!(moves(&play), [(Move::Opened, false), (Move::WarmIntro, false)]);
    assert_eq!(play.handoff().answerable_at(instant("2026-03-30 08:59")), Some(DANA));
}

#[test]
fn one_fact_moves_both_the_owner_and_the_name_the_customer_sees() {
    let play = owned();
    let moved = play
        .journal
        .iter()
        .filter(|recorded| throughline_testkit::kind_of(&recorded.fact) == "ownership_moved");
    assert_eq!(moved.count(), 1);
    assert!(matches!(play.handoff().stage, Stage::Owned { by, .. } if by == play.handoff().answerable()));
}

#[test]
fn four_domains_moves_ownership_at_the_kickoff_and_at_nothing_before() {
    let mut play = by_four_domains();
    play.at("2026-03-18 10:00").assigned();
    play.at("2026-03-27 15:00").won().booked("2026-04-10 09:00").at("2026-04-03 10:00").called();
    assert_eq!(play.handoff().answerable(), DANA);
    play.at("2026-04-10 10:00").reports_at(MAYA, "kickoff", "2026-04-10 09:00");
    assert_eq!(moves(&play), [(Move::Opened, false), (Move::Kickoff, false)]);
}

#[test]
fn a_playbook_may_move_ownership_at_acceptance() {
    let mut play = given(compact()).opened();
    play.at("2026-03-13 10:00").record_filled().reports(MAYA, "early_intro").offered().reviewed().accepted();
    assert_eq!(play.last_kinds(), ["gate_passed", "accepted", "ownership_moved"]);
    assert_eq!(moves(&play).last(), Some(&(Move::Acceptance, false)));
}

#[test]
fn a_kickoff_reported_before_the_introduction_is_the_moment_marked_bypassed() {
    let mut play = assigned();
    play.at("2026-04-20 10:00").reports_at(MAYA, "kickoff", "2026-04-20 09:00");
    assert_eq!(moves(&play).last(), Some(&(Move::Kickoff, true)));
    assert!(play.handoff().bypassed(Gate::Kickoff).is_some());
    play.at("2026-04-21 10:00").introduced();
    assert_eq!(moves(&play).len(), 2, "the introduction that comes later moves nothing any more");
}

#[test]
fn before_a_csm_has_accepted_nothing_moves_and_then_it_moves_with_the_acceptance() {
    let mut play = by_default();
    play.at("2026-03-18 10:00").record_filled().offered().reviewed();
    play.at("2026-03-18 11:00").reports(DANA, "warm_intro").confirms("warm_intro", 0);
    assert_eq!(play.handoff().answerable(), DANA);
    play.at("2026-03-19 09:00").accepted();
    assert_eq!(play.last_kinds(), ["gate_passed", "accepted", "ownership_moved"]);
    assert_eq!(moves(&play).last(), Some(&(Move::Acceptance, false)));
    assert_eq!(play.handoff().tenures.last().unwrap().since, instant("2026-03-19 09:00"));
}

#[test]
fn accepting_after_only_the_kickoff_was_reported_moves_it_marked_bypassed() {
    let mut play = by_default();
    play.at("2026-03-18 10:00").record_filled().offered().reviewed().reports(MAYA, "kickoff");
    assert_eq!(play.handoff().answerable(), DANA);
    play.at("2026-03-19 09:00").accepted();
    assert_eq!(moves(&play).last(), Some(&(Move::Acceptance, true)));
}

#[test]
fn above_a_size_the_mail_alone_does_not_move_ownership_the_call_goes_with_it() {
    let mut play = given(default_playbook()).arr(80_000).opened();
    play.at("2026-03-18 10:00").assigned();
    play.at("2026-03-30 09:00").reports(DANA, "warm_intro").confirms("warm_intro", 0);
    assert_eq!(play.handoff().answerable(), DANA);
    let gap = play.judged(Gate::Kickoff).gaps.remove(1);
    assert!(matches!(gap.problem, Problem::NotInForm { .. }), "{gap:?}");
    assert!(
        format!("{:?}", gap.why).contains("deal.arr >= 50000"),
        "it says why the call is wanted: {:?}",
        gap.why
    );
    let call = ReportStep {
        form: Some(key("bridge_call")),
        ended_at: Some(instant("2026-03-31 11:20")),
        happened_at: instant("2026-03-31 11:00"),
        ..play.report_of("warm_intro")
    };
    play.at("2026-03-31 12:00").as_(DANA).does(call).confirms("warm_intro", 1);
    assert_eq!(play.handoff().answerable(), MAYA);
    // 24 h run from the introduction sent or the call ended; here the call completes it.
    assert_eq!(play.due("first_contact"), "Wed 2026-04-01 11:20");
}

#[test]
fn the_cs_leader_may_take_over_with_a_reason() {
    let mut play = by_default();
    play.at("2026-03-20 10:00").as_(LEE).does(TakeOver { by: LEE, reason: text("The AE has left") });
    assert_eq!(play.handoff().answerable(), LEE);
    assert_eq!(moves(&play).last(), Some(&(Move::TakeOver, true)));
    assert!(play.handoff().bypassed(Gate::CsmAssignment).is_some());
    assert_ne!(play.verdict(Gate::CsmAssignment), Verdict::Pass);
    // The record is still owed.
    assert_eq!(play.verdict(Gate::CsAccess), Verdict::Refused);
    play.as_(LEE).refused(TakeOver { by: MAYA, reason: text("Again") });
}

#[test]
fn a_take_over_where_the_gate_would_have_let_through_is_a_pass() {
    let mut play = by_default();
    play.at("2026-03-18 10:00").record_filled().offered().reviewed();
    play.as_(LEE).does(TakeOver { by: LEE, reason: text("Maya is ill") });
    assert_eq!(play.verdict(Gate::CsmAssignment), Verdict::Pass);
    assert!(play.handoff().offers[0].answered_at.is_some(), "nobody waits for the answer any more");
}

#[test]
fn a_seller_nobody_mapped_is_answered_for_by_the_process_owner_until_somebody_is() {
    let mut play = given(four_domains()).unmapped_seller().opened();
    assert_eq!(play.handoff().answerable(), RAVI);
    let gap = play.judged(Gate::Handoff).gaps.remove(0);
    assert_eq!((gap.owed_by, gap.person, gap.instead_of), (Role::Ae, Some(RAVI), Some(OWEN)));
    let seat = SetSeat { role: Role::Ae, person: EMIL, contributors: BTreeSet::new(), reason: None };
    play.at("2026-03-04 10:00").as_(RAVI).does(seat);
    assert_eq!(play.handoff().answerable(), EMIL);
    assert_eq!(play.handoff().answerable_at(instant("2026-03-04 09:59")), Some(RAVI));
    assert_eq!(moves(&play).last(), Some(&(Move::Reassigned, false)));
}

#[test]
fn another_ae_is_a_fact_with_a_reason_and_answers_from_then_on() {
    let mut play = by_default();
    let seat = |reason| SetSeat { role: Role::Ae, person: EMIL, contributors: [DANA].into(), reason };
    play.as_(MONA).refused(seat(None));
    play.at("2026-03-10 09:00").does(seat(Some(text("Dana moves to another team"))));
    assert_eq!(play.handoff().answerable(), EMIL);
    assert_eq!(play.handoff().answerable_at(instant("2026-03-10 08:59")), Some(DANA));
    let mut moved = owned();
    moved.as_(MONA).does(seat(Some(text("Dana moves to another team"))));
    assert_eq!(moved.handoff().answerable(), MAYA, "after the transfer the AE's seat moves nothing");
}

#[test]
fn contributors_come_and_go_without_a_reason() {
    let mut play = by_default();
    let seat = SetSeat { role: Role::Ae, person: DANA, contributors: [EMIL].into(), reason: None };
    play.as_(MONA).does(seat.clone()).repeats(seat);
    assert_eq!(play.handoff().answerable(), DANA);
}

#[test]
fn another_csm_accepts_before_they_own_and_the_customer_is_introduced_again() {
    let mut play = owned();
    play.reports(MAYA, "first_contact").booked("2026-04-20 09:00").at("2026-04-14 10:00").called();
    assert_eq!(play.verdict(Gate::Kickoff), Verdict::Pass);
    play.at("2026-04-15 09:00").as_(LEE).does(Reassign { to: NOAH, reason: text("Maya goes on leave") });
    assert_eq!(play.handoff().answerable(), MAYA, "named is not accepted");
    play.as_(IAN).refused(Accept {});
    play.at("2026-04-15 14:00").as_(NOAH).does(Accept {});
    assert_eq!(play.handoff().answerable(), NOAH);
    assert_eq!(play.handoff().answerable_at(instant("2026-04-15 13:59")), Some(MAYA));
    assert_eq!(moves(&play).last(), Some(&(Move::Reassigned, false)));
    assert!(
        matches!(play.handoff().stage, Stage::Owned { since, .. } if since == instant("2026-03-30 09:00"))
    );
    // Whom the customer knows introduces whoever comes, before the kickoff is confirmed.
    assert_eq!(play.misses(Gate::Kickoff), ["the step `warm_intro`: has not happened"]);
    let owed = follow_ups(play.handoff(), &play.playbook, &play.calendars, play.now());
    assert_eq!((owed[0].owed_by, owed[0].person), (Role::Csm, Some(MAYA)));
    play.reports(MAYA, "warm_intro");
    assert_eq!(play.verdict(Gate::Kickoff), Verdict::Pass);
    assert_eq!(moves(&play).len(), 3, "the second introduction moves nothing");
    assert_eq!(play.due("first_contact"), "Tue 2026-03-31 09:00", "the first one keeps its clock");
}

#[test]
fn a_csm_who_changes_before_the_introduction_keeps_the_assignment_and_the_ae_introduces_the_new_one() {
    let mut play = assigned();
    play.at("2026-03-26 09:00").reports(DANA, "warm_intro");
    play.at("2026-03-26 10:00").as_(LEE).does(Reassign { to: NOAH, reason: text("Another region") });
    play.at("2026-03-26 11:00").as_(NOAH).does(Accept {});
    assert!(
        matches!(play.handoff().stage, Stage::Assigned { to, at } if to == NOAH && at == instant("2026-03-18 10:00"))
    );
    // The mail that named Maya moves nothing to Noah.
    play.as_(NOAH).does(ConfirmStep { step: key("warm_intro"), number: 0 });
    assert_eq!(play.handoff().answerable(), DANA);
    play.at("2026-03-27 09:00").reports(DANA, "warm_intro").as_(NOAH);
    play.does(ConfirmStep { step: key("warm_intro"), number: 1 });
    assert_eq!(play.handoff().answerable(), NOAH);
}

#[test]
fn nobody_is_reassigned_before_somebody_is_assigned() {
    let mut play = by_default();
    play.as_(LEE).refused(Reassign { to: NOAH, reason: text("x") });
    let mut play = assigned();
    play.as_(LEE).refused(Reassign { to: MAYA, reason: text("x") });
    play.refused(SetSeat {
        role: Role::Csm,
        person: NOAH,
        contributors: BTreeSet::new(),
        reason: Some(text("x")),
    });
}

#[test]
fn both_sides_hear_that_ownership_moved() {
    let play = owned();
    let told = |id| {
        play.told.iter().any(|intent| {
            intent.to == (Recipient::Person { id }) && intent.message == Message::OwnershipMoved
        })
    };
    assert!(told(MAYA) && told(DANA));
}

#[test]
fn a_nominated_csm_marks_and_asks_but_has_no_plan_and_no_clock() {
    let mut play = by_default();
    play.as_(LEE).does(Nominate { csm: MAYA });
    play.marks("customer_intent", throughline_domain::handoff::Mark::Clear);
    play.as_(MAYA).does(AskQuestion { text: text("Who signs?") });
    assert_eq!(play.handoff().answerable(), DANA);
    assert_eq!(play.clock_of("offer_answer").due_at, None);
    play.shut(OpenPlan {});
    assert_eq!(play.handoff().stage.assigned_at(), None);
}

#[test]
fn an_offer_nominates_and_the_assignment_starts_the_sla_clock() {
    let mut play = by_default();
    play.at("2026-03-18 10:00").record_filled().offered();
    assert!(play.last_kinds().starts_with(&["gate_passed".into(), "nominated".into(), "offered".into()]));
    play.reviewed().at("2026-03-19 16:00").accepted();
    assert_eq!(play.moment(throughline_domain::playbook::Moment::Assigned).unwrap(), "2026-03-19 16:00");
}
