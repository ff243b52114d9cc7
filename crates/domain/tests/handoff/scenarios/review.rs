//! The scorecard (R6.7) and ratings (R3.12, R6.6).

use throughline_domain::{
    Role,
    clock::Reading,
    gate::{Problem, follow_ups},
    handoff::{Mark, Refusal, Stage, command::*},
};
use throughline_testkit::{Play, given, people::*};

use super::*;
use crate::compact;

fn offered() -> Play {
    let mut play = by_default();
    play.at("2026-03-18 10:00").record_filled().offered();
    play
}

#[test]
fn assignment_waits_for_a_complete_and_reviewed_record() {
    let mut play = offered();
    let gaps = play.as_(MAYA).shut(Accept {});
    assert_eq!(gaps.len(), 4);
    assert!(gaps.iter().all(|gap| gap.problem == Problem::NotMarked && gap.person == Some(MAYA)));
    assert_eq!(play.handoff().stage.assigned_at(), None);
    play.reviewed().accepted();
    assert!(matches!(play.handoff().stage, Stage::Assigned { .. }));
}

#[test]
fn the_receiving_team_marks_and_sales_never_does() {
    let mut play = offered();
    let mark = || MarkCategory { category: key("customer_intent"), mark: Mark::Clear, note: None };
    for sales in [DANA, MONA, SAM, SOL, DEE, RAVI] {
        assert!(matches!(play.as_(sales).refused(mark()), Refusal::NotYours(_)));
    }
    let both = [Role::Ae, Role::Csm].into();
    play.as_with(DANA, &both).refused(mark());
    for receiver in [NOAH, IAN, LEE] {
        let mut play = play.clone();
        play.as_(receiver).does(mark());
    }
}

#[test]
fn a_mark_that_is_not_clear_says_what_is_missing() {
    let mut play = offered();
    play.as_(MAYA).refused(MarkCategory {
        category: key("customer_intent"),
        mark: Mark::Partial,
        note: None,
    });
    play.refused(MarkCategory { category: key("customer_intent"), mark: Mark::Unclear, note: None });
}

#[test]
fn an_unclear_mark_returns_the_offered_record_with_its_reason() {
    let mut play = offered();
    play.reviewed().marks("customer_intent", Mark::Unclear);
    assert_eq!(play.last_kinds()[..2], ["marked", "returned"]);
    assert_eq!(play.handoff().stage, Stage::Preparing);
    let back = play.handoff().open_return().unwrap();
    assert_eq!((back.code.as_str(), back.reason.as_str()), ("unclear", "The timeline is only implied"));
    assert_eq!(play.due("return_answer"), "Fri 2026-03-20 10:00");
}

#[test]
fn an_unclear_mark_before_the_offer_keeps_the_gate_shut_until_it_is_cleared_up() {
    let mut play = by_default();
    play.at("2026-03-10 10:00").record_filled().marks("implementation_risk", Mark::Unclear);
    assert_eq!(play.handoff().stage, Stage::Preparing);
    let gap = play
        .judged(Gate::CsmAssignment)
        .gaps
        .into_iter()
        .find(|gap| gap.problem == Problem::MarkedUnclear)
        .unwrap();
    assert_eq!((gap.owed_by, gap.person), (Role::Ae, Some(DANA)));
    play.as_(DANA).fills("highest_risk");
    assert!(play.handoff().marks[&key("implementation_risk")].stale, "the CSM looks again");
}

#[test]
fn a_partial_mark_passes_with_a_follow_up_owed_by_the_ae() {
    let mut play = offered();
    play.reviewed().marks("customer_intent", Mark::Partial).accepted();
    let owed = follow_ups(play.handoff(), &play.playbook, &play.calendars, play.now());
    assert_eq!(owed.len(), 1);
    assert_eq!((&owed[0].problem, owed[0].owed_by), (&Problem::MarkedPartial, Role::Ae));
    play.marks("customer_intent", Mark::Clear);
    assert!(follow_ups(play.handoff(), &play.playbook, &play.calendars, play.now()).is_empty());
}

#[test]
fn what_a_mark_does_is_the_playbooks_to_say() {
    let mut play = given(compact()).opened();
    play.at("2026-03-13 10:00").record_filled().reports(MAYA, "early_intro").offered();
    play.marks("people", Mark::Unclear);
    assert!(matches!(play.handoff().stage, Stage::Offered { .. }), "here it is only noted");
    play.marks("intent", Mark::Partial);
    assert_eq!(play.handoff().stage, Stage::Preparing, "here a partial mark returns");
}

#[test]
fn transition_quality_is_marked_after_the_introduction() {
    let mut play = assigned();
    let mark = MarkCategory { category: key("transition_quality"), mark: Mark::Clear, note: None };
    play.as_(MAYA).refused(mark.clone());
    play.at("2026-03-30 09:00").introduced().as_(MAYA).does(mark);
}

#[test]
fn the_review_is_due_a_business_day_after_the_offer() {
    let mut play = offered();
    assert_eq!(play.due("review"), "Thu 2026-03-19 10:00");
    play.at("2026-03-19 10:01");
    assert_eq!(play.reading("review"), Reading::Overdue);
    play.reviewed();
    assert_eq!(play.reading("review"), Reading::Late);
}

#[test]
fn a_low_rating_asks_for_a_coded_reason() {
    let mut play = kicked_off();
    let rate = |score, reason: Option<&str>| Rate {
        rating: key("kickoff"),
        score,
        reason: reason.map(key),
        comment: None,
    };
    play.as_(MAYA).refused(rate(2, None));
    play.refused(rate(2, Some("boredom")));
    play.refused(rate(0, None));
    play.refused(rate(6, None));
    play.does(rate(2, Some("cold_start"))).repeats(rate(2, Some("cold_start"))).does(rate(3, None));
}

#[test]
fn a_rating_waits_for_the_end_of_the_kickoff() {
    let mut play = owned();
    let rate = Rate { rating: key("kickoff"), score: 5, reason: None, comment: None };
    assert!(matches!(play.as_(MAYA).refused(rate.clone()), Refusal::OutOfTurn { .. }));
    play.at("2026-04-20 09:00").reports(MAYA, "kickoff").as_(MAYA).does(rate);
}

#[test]
fn a_kickoff_that_was_waived_does_not_keep_the_rating_waiting_for_ever() {
    let mut play = owned();
    play.waived(Gate::Done, step("kickoff"), Some("2026-04-02 10:00"));
    play.rated("kickoff", 3).planned().as_(MAYA).does(Finish {});
}
