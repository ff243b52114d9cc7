//! Reopening, re-review and amendments (R0.11, R1.12).

use throughline_domain::{
    gate::{Problem, Verdict, follow_ups},
    handoff::{Mark, Refusal, command::*},
    record::{Answer, List},
};
use throughline_testkit::{Play, body_for, people::*, text};

use super::*;

fn reopen(asks: &[&str]) -> Reopen {
    Reopen {
        asks: asks.iter().map(|ask| key(ask)).collect(),
        reason: text("The final negotiation changed it"),
    }
}

fn answered(words: &str, reason: Option<&str>) -> GiveAnswer {
    GiveAnswer {
        ask: key("highest_risk"),
        answer: Answer::Text { text: text(words) },
        reason: reason.map(text),
    }
}

/// Offered and reviewed, not yet accepted.
fn reviewed() -> Play {
    let mut play = by_default();
    play.at("2026-03-18 10:00").record_filled();
    play.as_(DANA).does(answered("Nobody owns it", None));
    play.offered().reviewed();
    play
}

#[test]
fn a_record_that_is_open_anyway_is_not_reopened() {
    let mut play = by_default();
    assert!(matches!(play.as_(DANA).refused(reopen(&["promises"])), Refusal::OutOfTurn { .. }));
    let mut play = reviewed();
    play.as_(DANA).refused(reopen(&[]));
    play.refused(reopen(&["no_such_ask"]));
}

#[test]
fn a_change_after_the_offer_needs_a_reason_and_is_a_reopening() {
    let mut play = reviewed();
    assert!(matches!(play.as_(DANA).refused(answered("Two own it", None)), Refusal::NeedsReopening(_)));
    play.does(answered("Two own it", Some("We met the second one")));
    assert_eq!(play.last_kinds(), ["reopened", "answered", "change_noticed"]);
}

#[test]
fn it_shuts_the_gates_not_yet_passed_until_only_what_changed_is_reviewed_again() {
    let mut play = reviewed();
    play.as_(DANA).does(reopen(&["highest_risk"]));
    let misses = play.misses(Gate::CsmAssignment);
    assert_eq!(misses[0], "reopened parts of the record: reopened and not yet changed");
    assert_eq!(play.verdict(Gate::Handoff), Verdict::Pass, "what was passed stays passed");
    play.does(answered("Two own it", None));
    assert_eq!(
        play.misses(Gate::CsmAssignment),
        ["the review of `implementation_risk`: changed since it was reviewed"]
    );
    play.marks("implementation_risk", Mark::Clear);
    assert_eq!(play.last_kinds(), ["marked", "reopening_closed"]);
    play.accepted();
}

#[test]
fn after_the_assignment_it_shuts_the_kickoff_until_it_is_reviewed_again() {
    let mut play = assigned();
    play.at("2026-03-20 10:00").as_(DANA).does(answered("Nobody owns it", Some("New")));
    let about = "the review of `implementation_risk`: changed since it was reviewed";
    assert!(play.misses(Gate::Kickoff).contains(&about.to_owned()), "{:?}", play.misses(Gate::Kickoff));
    assert_eq!(play.verdict(Gate::CsmAssignment), Verdict::Pass);
    play.marks("implementation_risk", Mark::Unclear);
    assert!(play.judged(Gate::Kickoff).gaps.iter().any(|gap| gap.problem == Problem::MarkedUnclear));
    play.as_(DANA).does(answered("Jon owns it", Some("Clearer")));
    play.marks("implementation_risk", Mark::Clear);
    assert_eq!(play.handoff().reopened, None);
    assert!(!play.misses(Gate::Kickoff).iter().any(|gap| gap.contains("review")));
}

#[test]
fn what_turns_out_to_be_right_as_it_was_is_said_again_and_needs_no_other_words() {
    let mut play = reviewed();
    play.as_(DANA).does(reopen(&["highest_risk", "risks", "skeptics"]));
    play.does(answered("Nobody owns it", None));
    assert_eq!(play.last_kinds(), ["change_noticed"]);
    let (item, held) = {
        let record = &play.handoff().record;
        let risk = record.list(List::Risks).next().unwrap();
        (risk.id, risk.clone())
    };
    play.does(ChangeItem { item, body: held.body, evidence: held.evidence, reason: None });
    let skeptic = play.handoff().record.list(List::Stakeholders).last().unwrap().clone();
    play.does(ChangeItem { item: skeptic.id, body: skeptic.body, evidence: skeptic.evidence, reason: None });
    assert!(play.handoff().reopened.as_ref().is_none_or(|open| open.untouched.len() <= 1));
}

#[test]
fn several_reopenings_add_up() {
    let mut play = reviewed();
    play.as_(DANA).does(reopen(&["highest_risk"])).does(reopen(&["promises"]));
    let open = play.handoff().reopened.clone().unwrap();
    assert_eq!((open.asks.len(), open.untouched.len()), (2, 2));
}

#[test]
fn a_way_without_a_reopened_ask_does_not_wait_for_it() {
    let mut play = reviewed();
    play.as_(DANA).does(reopen(&["highest_risk"]));
    let mut other = (*play.playbook).clone();
    for section in &mut other.sections {
        section.asks.retain(|ask| ask.id.value != key("highest_risk"));
    }
    play.playbook = other.into();
    assert!(!play.misses(Gate::CsmAssignment).iter().any(|gap| gap.contains("reopened and")));
}

#[test]
fn after_the_transfer_changes_are_amendments_the_csm_acknowledges() {
    let mut play = owned();
    play.as_(DANA).refused(reopen(&["highest_risk"]));
    play.does(answered("Jon owns it", None));
    assert_eq!(play.last_kinds(), ["answered", "amended"]);
    let owed = follow_ups(play.handoff(), &play.playbook, &play.calendars, play.now());
    assert_eq!(owed[0].problem, Problem::NotAcknowledged);
    play.as_(MAYA).does(AcknowledgeAmendments {}).repeats(AcknowledgeAmendments {});
    assert!(follow_ups(play.handoff(), &play.playbook, &play.calendars, play.now()).is_empty());
    // What the CSM writes themselves is no amendment to acknowledge.
    play.does(answered("Jon and Ines own it", None));
    assert_eq!(play.last_kinds(), ["answered"]);
}

#[test]
fn what_is_open_when_ownership_moves_can_still_be_closed() {
    let mut play = assigned();
    play.at("2026-03-20 10:00").as_(DANA).does(reopen(&["risks"]));
    play.at("2026-03-30 09:00").introduced();
    assert!(
        play.misses(Gate::Kickoff)
            .contains(&"reopened parts of the record: reopened and not yet changed".to_owned())
    );
    play.as_(DANA).does(AddItem {
        body: body_for(List::Risks, "A freeze"),
        evidence: evidence(),
        reason: None,
    });
    play.marks("implementation_risk", Mark::Clear);
    assert_eq!(play.handoff().reopened, None);
}

#[test]
fn a_mark_on_what_changed_before_the_offer_is_looked_at_again() {
    let mut play = by_default();
    play.record_filled().marks("implementation_risk", Mark::Clear);
    play.as_(DANA).does(answered("Nobody owns it", None));
    assert_eq!(play.last_kinds(), ["answered", "change_noticed"]);
    assert!(play.handoff().marks[&key("implementation_risk")].stale);
}
