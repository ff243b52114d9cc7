//! Offer, acceptance, return (R2.10), questions (R3.11).

use throughline_domain::{
    Role,
    clock::Reading,
    handoff::{Message, Recipient, Refusal, Stage, command::*},
};
use throughline_testkit::{Play, people::*, text};

use super::*;

fn offered() -> Play {
    let mut play = by_default();
    play.at("2026-03-18 10:00").record_filled().offered();
    play
}

fn sent_back(play: &mut Play) {
    play.as_(MAYA).does(SendBack { code: key("incomplete"), reason: text("Who signs?") });
}

#[test]
fn only_a_complete_record_is_offered() {
    let mut play = by_default();
    let gaps = play.as_(LEE).shut(Offer { to: MAYA });
    assert_eq!(gaps.len(), play.open_asks().len());
    assert_eq!(play.handoff().stage, Stage::Preparing);
}

#[test]
fn an_offer_is_accepted_by_the_one_it_was_made_to() {
    let mut play = offered();
    play.reviewed();
    for other in [NOAH, LEE, DANA] {
        assert!(matches!(play.as_(other).refused(Accept {}), Refusal::NotYours(_)));
    }
    play.accepted();
}

#[test]
fn an_unanswered_offer_is_overdue_after_one_business_day() {
    let mut play = offered();
    assert_eq!(play.due("offer_answer"), "Thu 2026-03-19 10:00");
    assert_eq!(play.at("2026-03-19 10:00").reading("offer_answer"), Reading::Running);
    assert_eq!(play.at("2026-03-19 10:01").reading("offer_answer"), Reading::Overdue);
    assert_eq!(play.playbook.offer.escalate_to, Role::CsLeader);
}

#[test]
fn a_refusal_has_a_code_of_the_playbook_and_is_due_back_in_two_business_days() {
    let mut play = offered();
    play.as_(MAYA).refused(SendBack { code: key("mood"), reason: text("No") });
    play.as_(NOAH).refused(SendBack { code: key("incomplete"), reason: text("No") });
    play.at("2026-03-19 16:00");
    sent_back(&mut play);
    assert_eq!(play.handoff().stage, Stage::Preparing);
    assert_eq!(play.due("return_answer"), "Mon 2026-03-23 16:00");
    play.at("2026-03-23 16:01");
    assert_eq!(play.reading("return_answer"), Reading::Overdue);
}

#[test]
fn a_returned_record_is_answered_before_it_is_offered_again() {
    let mut play = offered();
    sent_back(&mut play);
    assert_eq!(play.handoff().complete_since, None);
    let gaps = play.as_(LEE).shut(Offer { to: MAYA });
    assert_eq!(gaps[0].about, Covers::Return);
    play.as_(DANA).does(AnswerReturn { text: text("Ines Vega, this Friday") });
    play.refused(AnswerReturn { text: text("Again") });
    play.at("2026-03-20 10:00").offered();
    assert_eq!(play.due("offer_answer"), "Mon 2026-03-23 10:00", "another offer, another day to answer");
}

#[test]
fn a_second_return_brings_in_both_managers() {
    let mut play = offered();
    sent_back(&mut play);
    let managers = |play: &Play| {
        let to = [Recipient::ManagerOf { id: DANA }, Recipient::Role { role: Role::CsLeader }];
        to.map(|to| {
            play.told
                .iter()
                .any(|intent| intent.to == to && matches!(intent.message, Message::Returned { .. }))
        })
    };
    assert_eq!(managers(&play), [false, false]);
    play.as_(DANA).does(AnswerReturn { text: text("Ines Vega") });
    play.offered();
    sent_back(&mut play);
    assert_eq!(managers(&play), [true, true]);
}

#[test]
fn the_cs_leader_may_send_back_for_a_csm_who_does_not_answer() {
    let mut play = offered();
    play.as_(LEE).does(SendBack { code: key("no_capacity"), reason: text("Maya is ill") });
    assert_eq!(play.handoff().stage, Stage::Preparing);
}

#[test]
fn an_offer_taken_back_frees_the_record_for_another_csm() {
    let mut play = offered();
    play.as_(LEE).refused(Offer { to: NOAH });
    play.refused(Nominate { csm: NOAH });
    play.does(WithdrawOffer { reason: text("Noah knows them") }).does(Offer { to: NOAH });
    assert_eq!(play.handoff().csm(), Some(NOAH));
    assert_eq!(play.handoff().offers.len(), 2);
    assert!(play.handoff().offers[0].answered_at.is_some());
}

#[test]
fn another_nomination_before_the_offer_takes_the_place_of_the_first() {
    let mut play = by_default();
    play.as_(LEE).does(Nominate { csm: MAYA }).does(Nominate { csm: NOAH });
    assert_eq!(play.handoff().csm(), Some(NOAH));
}

#[test]
fn questions_and_answers_are_kept_and_reach_the_other_side() {
    let mut play = offered();
    play.as_(MAYA).does(AskQuestion { text: text("Who is Jon?") });
    let question = *play.handoff().questions.keys().next().unwrap();
    let answer = AnswerQuestion { question, text: text("The IT owner") };
    play.at("2026-03-19 10:00").as_(DANA).does(answer.clone()).repeats(answer);
    let told = |to, message| {
        play.told
            .iter()
            .any(|intent| intent.to == (Recipient::Person { id: to }) && intent.message == message)
    };
    assert!(told(DANA, Message::Question) && told(MAYA, Message::QuestionAnswered));
    assert_eq!(play.handoff().questions[&question].answer.as_ref().unwrap().text.as_str(), "The IT owner");
}
