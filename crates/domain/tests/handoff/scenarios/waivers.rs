//! Waivers (R2.8): asked for by one, granted by another, once, at one gate; debt until paid; or lost.

use throughline_domain::{
    clock::{Reading, waiver_readings},
    gate::{Problem, Verdict, debt},
    handoff::{Mark, Refusal, WaiverState, command::*},
    playbook::Moment,
};
use throughline_testkit::{Play, given, instant, people::*, text};

use super::*;
use crate::compact;

/// Everything filled but one ask.
fn all_but_one() -> Play {
    let mut play = by_default();
    play.at("2026-03-18 10:00").record_filled();
    play.as_(DANA).does(Clear { ask: key("first_use_case"), reason: None });
    play
}

fn waived_once() -> Play {
    let mut play = all_but_one();
    play.waived(Gate::Handoff, ask("first_use_case"), Some("2026-03-25 10:00")).offered();
    play
}

#[test]
fn a_waiver_lets_through_and_is_never_a_pass_nor_complete() {
    let mut play = all_but_one();
    play.waived(Gate::Handoff, ask("first_use_case"), Some("2026-03-25 10:00"));
    assert_eq!(play.verdict(Gate::Handoff), Verdict::Waived);
    assert_eq!(play.judged(Gate::Handoff).waived.len(), 1);
    play.offered();
    assert_eq!(play.verdict(Gate::Handoff), Verdict::Waived);
    assert_eq!(play.handoff().complete_since, None);
    assert_eq!(play.handoff().passed(Gate::Handoff).unwrap().waivers, [waiver_of(&play)]);
}

#[test]
fn it_is_asked_for_by_one_person_and_granted_by_another_whose_role_the_playbook_names() {
    let mut play = all_but_one();
    play.as_(LEE).does(asked(Gate::Handoff, [ask("first_use_case")]));
    let waiver = waiver_of(&play);
    let grant = GrantWaiver { waiver, expires_at: Some(instant("2026-03-25 10:00")) };
    assert!(matches!(play.as_(LEE).refused(grant.clone()), Refusal::NotYours(_)));
    assert!(matches!(play.as_(SOL).refused(grant.clone()), Refusal::WaiverAuthority { .. }));
    play.as_(MONA).does(grant.clone()).repeats(grant);
    assert!(matches!(play.handoff().waivers[&waiver].state, WaiverState::Granted { .. }));
}

#[test]
fn a_denied_waiver_covers_nothing_and_is_asked_for_anew() {
    let mut play = all_but_one();
    play.as_(DANA).does(asked(Gate::Handoff, [ask("first_use_case")]));
    let deny = DenyWaiver { waiver: waiver_of(&play), reason: text("One call and you know") };
    play.as_(MONA).does(deny.clone()).repeats(deny);
    assert_eq!(play.verdict(Gate::Handoff), Verdict::Refused);
    let grant = GrantWaiver { waiver: waiver_of(&play), expires_at: Some(play.later(24)) };
    play.refused(grant);
    play.as_(DANA).does(asked(Gate::Handoff, [ask("first_use_case")]));
    assert_eq!(play.handoff().waivers.len(), 2);
}

#[test]
fn who_alone_may_grant_asks_in_vain_and_somebody_else_may_ask_for_the_same() {
    let mut play = all_but_one();
    let ask = asked(Gate::Handoff, [ask("first_use_case")]);
    play.as_(MONA).does(ask.clone()).repeats(ask.clone());
    let vain = waiver_of(&play);
    play.as_(DANA).does(ask.clone()).repeats(ask);
    let waiver = waiver_of(&play);
    assert_ne!(waiver, vain);
    let expires_at = Some(play.later(24));
    play.as_(MONA).does(GrantWaiver { waiver, expires_at });
    assert_eq!(play.verdict(Gate::Handoff), Verdict::Waived);
    let waits = |state: &WaiverState| *state == WaiverState::Asked;
    assert!(!play.handoff().waivers.values().any(|waiver| waits(&waiver.state)), "one decision answers both");
}

#[test]
fn it_has_an_expiry_no_later_than_the_playbook_lets_it_stand() {
    let mut play = all_but_one();
    play.as_(DANA).does(asked(Gate::Handoff, [ask("first_use_case")]));
    let waiver = waiver_of(&play);
    play.as_(MONA);
    // Ten business days from Wednesday the 18th at ten.
    for (until, fits) in [
        (None, false),
        (Some("2026-03-18 10:00"), false),
        (Some("2026-04-01 10:01"), false),
        (Some("2026-04-01 10:00"), true),
    ] {
        let grant = GrantWaiver { waiver, expires_at: until.map(instant) };
        assert_eq!(play.tries(grant).is_ok(), fits, "{until:?}");
    }
}

#[test]
fn only_what_is_missing_now_and_can_be_waived_is_covered() {
    let mut play = by_default();
    play.as_(DANA);
    assert!(matches!(play.refused(asked(Gate::Handoff, [])), Refusal::Invalid { .. }));
    assert!(matches!(play.refused(asked(Gate::Handoff, [step("warm_intro")])), Refusal::Invalid { .. }));
    let not = |play: &mut Play, gate, about: Covers| {
        assert_eq!(play.as_(DANA).refused(asked(gate, [about.clone()])), Refusal::NotWaivable(about));
    };
    let item = promised(&mut play, "A connector");
    not(&mut play, Gate::Handoff, Covers::Commitment { item });
    not(&mut play, Gate::CsAccess, Covers::Acceptance);
    not(&mut play, Gate::Done, Covers::Ownership);
    not(&mut play, Gate::Done, Covers::Plan);
    not(&mut play, Gate::Done, Covers::Rating { rating: key("kickoff") });
    not(&mut play, Gate::CsmAssignment, Covers::Category { category: key("customer_intent") });
}

#[test]
fn an_unclear_mark_can_be_waived_and_a_missing_review_cannot() {
    let mut play = by_default();
    play.at("2026-03-18 10:00").record_filled().offered().reviewed().marks("customer_intent", Mark::Unclear);
    assert!(play.handoff().open_return().is_some());
    play.as_(DANA).does(AnswerReturn { text: text("They mean the Berlin office") });
    play.offered();
    assert_eq!(play.judged(Gate::CsmAssignment).gaps[0].problem, Problem::MarkStale, "looked at again first");
    let about = Covers::Category { category: key("customer_intent") };
    play.as_(DANA).refused(asked(Gate::CsmAssignment, [about.clone()]));
    play.as_(LEE).does(WithdrawOffer { reason: text("Wait") }).as_(MAYA);
    play.marks("customer_intent", Mark::Unclear);
    play.waived(Gate::CsmAssignment, about, Some("2026-03-25 10:00")).offered().accepted();
    assert_eq!(play.verdict(Gate::CsmAssignment), Verdict::Waived);
}

#[test]
fn another_gate_that_demands_the_same_needs_its_own() {
    let mut play = waived_once();
    play.reviewed();
    assert_eq!(play.misses(Gate::CsmAssignment), ["the ask `first_use_case`: not answered"]);
    play.waived(Gate::CsmAssignment, ask("first_use_case"), Some("2026-03-25 10:00")).accepted();
    assert_eq!(play.verdict(Gate::CsmAssignment), Verdict::Waived);
}

#[test]
fn until_it_expires_it_is_debt_with_an_owner_and_a_due_date() {
    let play = waived_once();
    let waiver = &play.handoff().waivers[&waiver_of(&play)];
    assert_eq!(waiver.debtor, DANA);
    let owed = debt(play.handoff(), &play.playbook, &play.calendars, play.now(), waiver);
    assert_eq!(owed.len(), 1);
    let reading = waiver_readings(play.handoff(), play.now()).remove(0);
    assert_eq!((reading.reading, reading.due_at), (Reading::Running, instant("2026-03-25 10:00")));
    let mut late = play;
    late.at("2026-03-25 10:01");
    assert_eq!(waiver_readings(late.handoff(), late.now())[0].reading, Reading::Overdue);
}

#[test]
fn after_it_open_debt_shuts_later_gates_until_it_is_paid() {
    let mut play = waived_once();
    play.reviewed().at("2026-03-26 10:00");
    let gaps = play.judged(Gate::CsmAssignment).gaps;
    let debt = gaps.iter().find(|gap| gap.problem == Problem::DebtExpired).unwrap();
    assert_eq!((debt.person, debt.waivable, debt.lost), (Some(DANA), true, false));
    assert!(debt.title.starts_with("Waived before: Which use case"), "{}", debt.title);
    assert_eq!(play.verdict(Gate::Handoff), Verdict::Waived, "the gate it was waived at stays passed");
    play.as_(DANA).fills("first_use_case");
    assert!(play.last_kinds().contains(&"waiver_paid".to_owned()));
    play.marks("scope_expectations", Mark::Clear).accepted();
    assert_eq!(play.verdict(Gate::CsmAssignment), Verdict::Pass);
}

#[test]
fn or_until_it_is_waived_anew_which_pays_nothing() {
    let mut play = waived_once();
    play.reviewed().at("2026-03-26 10:00");
    let first = waiver_of(&play);
    let about = Covers::Debt { waiver: first };
    let ask_too = asked(Gate::CsmAssignment, [about.clone(), ask("first_use_case")]);
    play.as_(DANA).does(ask_too);
    let waiver = waiver_of(&play);
    play.as_(LEE).does(GrantWaiver { waiver, expires_at: Some(instant("2026-03-30 10:00")) });
    play.accepted();
    assert_eq!(play.verdict(Gate::CsmAssignment), Verdict::Waived);
    assert!(play.handoff().waivers.values().all(|waiver| waiver.paid_at.is_none()));
    // A later gate meets the debt again; answered, all of it is paid at once.
    assert!(play.judged(Gate::CsAccess).gaps.iter().any(|gap| gap.about == about));
    play.as_(DANA).fills("first_use_case");
    assert!(play.handoff().waivers.values().all(|waiver| waiver.paid_at.is_some()));
}

#[test]
fn an_unused_waiver_ends_with_its_time() {
    let mut play = all_but_one();
    play.waived(Gate::Handoff, ask("first_use_case"), Some("2026-03-19 10:00"));
    play.at("2026-03-19 10:00");
    assert_eq!(play.verdict(Gate::Handoff), Verdict::Refused);
    assert!(
        play.judged(Gate::CsmAssignment).gaps.iter().all(|gap| gap.problem != Problem::DebtExpired),
        "nothing was used"
    );
}

#[test]
fn it_is_used_once() {
    let mut play = waived_once();
    play.as_(MAYA).does(SendBack { code: key("incomplete"), reason: text("Which use case?") });
    play.as_(DANA).does(AnswerReturn { text: text("Still waiting for them") });
    // The pass stays, and what it was granted for does not stand in the way of another offer.
    play.offered();
    assert_eq!(play.handoff().offers.len(), 2);
    // Another ask that is open now does.
    play.as_(LEE).does(WithdrawOffer { reason: text("Wait") });
    play.as_(DANA).does(Clear { ask: key("expected_timeline"), reason: None });
    let gaps = play.as_(LEE).shut(Offer { to: MAYA });
    assert_eq!(gaps.len(), 1);
}

#[test]
fn what_can_no_longer_happen_is_closed_as_lost_without_expiry_and_debt_and_asked_for_no_more() {
    let mut play = given(compact()).opened();
    play.at("2026-03-18 10:00").record_filled().at("2026-03-27 15:00").won().at("2026-03-27 15:01");
    let gap = play.judged(Gate::Handoff).gaps.remove(0);
    assert_eq!((&gap.problem, gap.lost, &gap.about), (&Problem::Missed, true, &step("early_intro")));
    play.as_(DANA).does(asked(Gate::Handoff, [step("early_intro")]));
    let waiver = waiver_of(&play);
    let with_end = GrantWaiver { waiver, expires_at: Some(play.later(24)) };
    play.as_(LEE).refused(with_end);
    play.does(GrantWaiver { waiver, expires_at: None });
    play.offered();
    assert_eq!(play.verdict(Gate::Handoff), Verdict::Waived);
    assert!(waiver_readings(play.handoff(), play.now()).is_empty(), "no debt");
    assert!(
        play.judged(Gate::Done).gaps.iter().all(|gap| gap.about != step("early_intro")),
        "no later gate asks"
    );
}

#[test]
fn what_is_lost_is_waived_apart_from_what_is_not() {
    let mut play = given(compact()).opened();
    play.at("2026-03-27 15:00").won().at("2026-03-27 15:01").as_(DANA);
    play.refused(asked(Gate::Handoff, [step("early_intro"), ask("trigger")]));
    play.does(asked(Gate::Handoff, [ask("trigger")])).does(asked(Gate::Handoff, [step("early_intro")]));
}

#[test]
fn what_became_lost_between_asking_and_granting_is_not_closed_along_with_the_rest() {
    let mut play = given(compact()).opened();
    play.at("2026-03-20 10:00").as_(DANA).does(asked(Gate::Handoff, [step("early_intro"), ask("trigger")]));
    let waiver = waiver_of(&play);
    play.at("2026-03-27 15:00").won().at("2026-03-27 15:01").as_(LEE);
    play.refused(GrantWaiver { waiver, expires_at: None });
    play.refused(GrantWaiver { waiver, expires_at: Some(play.later(24)) });
    play.as_(DANA).fills("trigger").as_(LEE).does(GrantWaiver { waiver, expires_at: None });
}

#[test]
fn what_was_closed_as_lost_and_can_happen_after_all_is_covered_no_more() {
    let mut play = given(compact()).opened();
    play.at("2026-03-18 10:00").record_filled().at("2026-03-27 15:00").won().at("2026-03-27 15:01");
    play.waived(Gate::Handoff, step("early_intro"), None);
    assert_eq!(play.verdict(Gate::Handoff), Verdict::Waived);
    play.at("2026-03-28 10:00").hears(|deal| {
        deal.standing = throughline_domain::deal::Standing::Open;
        deal.closed_at = None;
        deal.close_on = Some(throughline_testkit::date("2026-04-30"));
    });
    assert_eq!(play.moment(Moment::Closed), None);
    assert_eq!(play.misses(Gate::Handoff), ["the step `early_intro`: has not happened"]);
}

#[test]
fn a_debt_for_what_can_no_longer_happen_can_only_be_closed_as_lost() {
    let mut play = assigned();
    play.at("2026-03-27 15:00").won().at("2026-03-30 09:00").introduced().reports(MAYA, "first_contact");
    play.booked("2026-04-20 09:00").waived(Gate::Kickoff, step("internal_call"), Some("2026-04-10 10:00"));
    play.as_(MAYA).does(ConfirmKickoff {});
    play.at("2026-04-20 10:00").reports_at(MAYA, "kickoff", "2026-04-20 09:00").planned().rated("kickoff", 4);
    let gaps = play.judged(Gate::Done).gaps;
    assert_eq!((gaps.len(), &gaps[0].problem, gaps[0].lost), (1, &Problem::DebtExpired, true));
    play.waived(Gate::Done, gaps[0].about.clone(), None).as_(MAYA).does(Finish {});
    assert_eq!(play.verdict(Gate::Done), Verdict::Waived);
    assert_eq!(play.verdict(Gate::Credit), Verdict::Pass, "asked for no more there either");
}

#[test]
fn a_step_that_happened_in_time_and_was_told_late_is_not_lost() {
    let mut play = given(compact()).opened();
    play.at("2026-03-18 10:00").record_filled().at("2026-03-27 15:00").won().at("2026-03-30 10:00");
    assert!(play.judged(Gate::Handoff).gaps[0].lost);
    play.reports_at(MAYA, "early_intro", "2026-03-16 14:00");
    assert_eq!(play.verdict(Gate::Handoff), Verdict::Pass);
    assert_eq!(play.reading("early_intro"), Reading::Met);
}

#[test]
fn a_gap_that_was_filled_meanwhile_needs_no_waiver_any_more() {
    let mut play = all_but_one();
    play.as_(DANA).does(asked(Gate::Handoff, [ask("first_use_case")]));
    let waiver = waiver_of(&play);
    play.fills("first_use_case");
    let grant = GrantWaiver { waiver, expires_at: Some(play.later(24)) };
    play.as_(MONA).refused(grant);
}
