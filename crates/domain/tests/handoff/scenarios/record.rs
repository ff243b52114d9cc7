//! Filling the record (R1, R2.1): what counts as an answer, and what the record never takes.

use throughline_domain::{
    Personal,
    gate::{AskState, Problem, asks},
    handoff::{Fact, Recipient, Recorded, Refusal, command::*, evolve, react, replay},
    personal::{seal, unseal},
    playbook::asks::Need,
    record::{Answer, Body, Criterion, Evidence, List, Stakeholder, StakeholderRole},
};
use throughline_testkit::{Play, answer_for, body_for, evidence, given, good_item, people::*, text};
use uuid::Uuid;

use super::*;
use crate::compact;

fn ask_state(play: &Play, name: &str) -> AskState {
    let all = asks(play.handoff(), &play.playbook, &play.calendars, play.now());
    all.into_iter().find(|(ask, _)| ask.id.value == key(name)).unwrap().1
}

fn adds(play: &mut Play, body: Body) {
    play.as_(DANA).does(AddItem { body, evidence: evidence(), reason: None });
}

#[test]
fn by_default_nine_asks_are_always_required_and_more_as_the_deal_grows() {
    let required = |arr| {
        let play = given(default_playbook()).arr(arr).opened();
        asks(play.handoff(), &play.playbook, &play.calendars, play.now())
            .iter()
            .filter(|(_, state)| state.required.is_some())
            .count()
    };
    let play = by_default();
    let always = play.playbook.asks().filter(|ask| ask.required).count();
    assert!(always <= 12 && always == 9, "{always}");
    assert!(required(5_000) < required(40_000) && required(40_000) < required(80_000));
}

#[test]
fn a_record_is_complete_with_its_last_answer_and_incomplete_when_one_is_taken_back() {
    let mut play = by_default();
    play.at("2026-03-10 10:00").record_filled();
    assert_eq!(play.last_kinds().last().unwrap(), "record_completed");
    play.as_(DANA).does(Clear { ask: key("first_use_case"), reason: None });
    assert_eq!(play.last_kinds(), ["cleared", "record_incomplete"]);
    play.at("2026-03-11 10:00").fills("first_use_case");
    assert_eq!(play.handoff().completions.len(), 2);
    assert!(play.handoff().first_complete_at < play.handoff().complete_since);
}

#[test]
fn the_customers_words_come_with_who_said_them_and_where() {
    let mut play = by_default();
    let said = |evidence| GiveAnswer {
        ask: key("first_use_case"),
        answer: Answer::Words { said: text("Close the month faster"), evidence },
        reason: None,
    };
    play.as_(DANA).does(said(Evidence::default()));
    assert_eq!(ask_state(&play, "first_use_case").problems, [Problem::NoEvidence]);
    play.does(said(evidence()));
    assert!(ask_state(&play, "first_use_case").problems.is_empty());
}

#[test]
fn an_item_counts_once_it_carries_what_its_ask_needs() {
    let mut play = by_default();
    let Body::Stakeholder(person) = body_for(List::Stakeholders, "Ines Vega") else { unreachable!() };
    adds(&mut play, Body::Stakeholder(Stakeholder { contact: None, stance: None, ..person.clone() }));
    let item = *play.handoff().record.items.keys().last().unwrap();
    assert_eq!(
        ask_state(&play, "champion").problems,
        [Problem::ItemLacks { item, needs: vec![Need::Contact, Need::Stance] }]
    );
    let change = ChangeItem { item, body: Body::Stakeholder(person), evidence: evidence(), reason: None };
    play.does(change);
    assert!(ask_state(&play, "champion").problems.is_empty());
}

#[test]
fn a_list_wants_as_many_as_it_says() {
    let mut play = given(compact()).opened();
    assert_eq!(ask_state(&play, "goals").problems, [Problem::NothingListed { none_counts: false }]);
    play.as_(DANA).fills("goals");
    assert_eq!(ask_state(&play, "goals").problems, [Problem::TooFew { have: 1, want: 2 }]);
    play.fills("goals");
    assert!(ask_state(&play, "goals").problems.is_empty());
}

#[test]
fn champion_and_economic_buyer_may_be_one_person() {
    let mut play = by_default();
    let Body::Stakeholder(person) = body_for(List::Stakeholders, "Ines Vega") else { unreachable!() };
    let parts = vec![StakeholderRole::Champion, StakeholderRole::EconomicBuyer];
    adds(&mut play, Body::Stakeholder(Stakeholder { parts, signed: true, ..person }));
    assert!(
        ask_state(&play, "champion").problems.is_empty()
            && ask_state(&play, "economic_buyer").problems.is_empty()
    );
    assert_eq!(ask_state(&play, "skeptics").problems.len(), 1);
}

#[test]
fn there_are_none_is_an_answer_only_where_it_can_be_one() {
    let mut play = by_default();
    let none = |ask: &str| DeclareNone { ask: key(ask), note: Some(text("I asked")) };
    assert!(matches!(play.as_(DANA).refused(none("champion")), Refusal::Invalid { .. }));
    play.does(none("risks")).repeats(none("risks"));
    assert!(ask_state(&play, "risks").problems.is_empty());
    play.fills("risks");
    play.refused(none("risks"));
}

#[test]
fn an_answer_must_be_one_to_its_ask() {
    let mut play = by_default();
    let choose = |chosen: &[&str]| GiveAnswer {
        ask: key("purchase_reach"),
        answer: Answer::Choice { chosen: chosen.iter().map(|one| key(one)).collect() },
        reason: None,
    };
    play.as_(DANA);
    for wrong in [&[][..], &["department", "company"], &["planet"]] {
        assert!(matches!(play.refused(choose(wrong)), Refusal::Invalid { field: "answer", .. }), "{wrong:?}");
    }
    play.does(choose(&["company"]));
    play.refused(GiveAnswer {
        ask: key("purchase_reach"),
        answer: Answer::YesNo { yes: true },
        reason: None,
    });
    play.refused(GiveAnswer {
        ask: key("discount"),
        answer: Answer::Number { number: f64::NAN },
        reason: None,
    });
    play.refused(GiveAnswer { ask: key("champoin"), answer: Answer::YesNo { yes: true }, reason: None });
    play.refused(GiveAnswer {
        ask: key("champion"),
        answer: Answer::Text { text: text("Ines") },
        reason: None,
    });
}

#[test]
fn one_fact_per_real_change() {
    let mut play = by_default();
    let found = play.playbook.ask(&key("first_use_case")).unwrap().clone();
    let answer =
        GiveAnswer { ask: key("first_use_case"), answer: answer_for(&found, "Faster"), reason: None };
    play.as_(DANA).does(answer.clone()).repeats(answer.clone()).as_(MONA).repeats(answer);
    let champion = play.playbook.ask(&key("champion")).unwrap().clone();
    adds(&mut play, good_item(&champion, "Ines Vega"));
    let (item, held) =
        play.handoff().record.items.iter().next_back().map(|(id, item)| (*id, item.clone())).unwrap();
    play.repeats(ChangeItem { item, body: held.body, evidence: held.evidence, reason: None });
}

#[test]
fn a_person_can_make_their_own_what_the_crm_said() {
    let mut play = by_default();
    let answer = play.handoff().record.answers[&key("plan")].answer.clone();
    play.as_(DANA).does(GiveAnswer { ask: key("plan"), answer, reason: None });
    assert!(matches!(
        play.handoff().record.answers[&key("plan")].provenance,
        throughline_domain::record::Provenance::Hand { .. }
    ));
}

#[test]
fn an_answer_given_under_another_playbook_counts_only_where_it_still_fits() {
    let mut play = by_default();
    play.as_(DANA).fills("purchase_reach");
    let mut other = (*play.playbook).clone();
    for ask in other.sections.iter_mut().flat_map(|section| &mut section.asks) {
        if ask.id.value == key("purchase_reach") {
            ask.options.retain(|option| option.id != key("department"));
        }
    }
    play.playbook = other.into();
    assert_eq!(ask_state(&play, "purchase_reach").problems, [Problem::Missing]);
}

#[test]
fn an_item_keeps_its_list_and_a_person_has_a_part() {
    let mut play = by_default();
    adds(&mut play, body_for(List::Risks, "Too few hands"));
    let item = *play.handoff().record.items.keys().last().unwrap();
    play.refused(ChangeItem {
        item,
        body: body_for(List::Promises, "x"),
        evidence: evidence(),
        reason: None,
    });
    let Body::Stakeholder(person) = body_for(List::Stakeholders, "Ines Vega") else { unreachable!() };
    let body = Body::Stakeholder(Stakeholder { parts: vec![], ..person });
    play.refused(AddItem { body, evidence: evidence(), reason: None });
}

#[test]
fn a_list_the_playbook_does_not_keep_takes_nothing() {
    let mut play = given(compact()).opened();
    play.as_(DANA).refused(AddItem {
        body: body_for(List::DataMoves, "Orders"),
        evidence: evidence(),
        reason: None,
    });
}

#[test]
fn criteria_heard_first_hand_are_added_by_the_csm_without_opening_the_record() {
    let mut play = by_default();
    play.at("2026-03-18 10:00").record_filled().offered();
    play.as_(MAYA).does(AddItem {
        body: body_for(List::Criteria, "Two days less"),
        evidence: evidence(),
        reason: None,
    });
    assert_eq!(play.last_kinds(), ["item_added"]);
    assert_eq!(play.handoff().reopened, None);
    let Body::Criterion(Criterion { words, .. }) = &play.handoff().record.items.values().last().unwrap().body
    else {
        panic!()
    };
    assert_eq!(words.as_str(), "Two days less");
}

#[test]
fn a_record_is_bounded() {
    let mut play = given(compact()).opened();
    for number in 0..500 {
        adds(&mut play, body_for(List::Criteria, &format!("Criterion {number}")));
    }
    let one_more = AddItem { body: body_for(List::Criteria, "One more"), evidence: evidence(), reason: None };
    assert!(matches!(play.refused(one_more), Refusal::Invalid { field: "body", .. }));
}

#[test]
fn erased_texts_leave_a_handoff_that_still_decides() {
    let mut play = by_default();
    play.at("2026-03-18 10:00").assigned();
    let erased: Vec<Recorded> = play
        .journal
        .iter()
        .map(|recorded| {
            let mut fact = serde_json::to_value(recorded).unwrap();
            seal(&mut fact, &mut || (Uuid::nil(), [7; 16]));
            assert!(!fact.to_string().contains("Ines"), "{fact}");
            unseal(&mut fact, &|_| None);
            serde_json::from_value(fact).unwrap()
        })
        .collect();
    play.state = replay(&erased);
    let told = Recorded {
        seq: play.journal.len() as u64 + 1,
        at: play.now(),
        by: throughline_domain::Actor::System,
        fact: Fact::TextsErased { texts: 40 },
    };
    let after = evolve(play.state.clone(), &told);
    assert_eq!(after, play.state, "what is gone is gone from the facts; saying so changes nothing more");
    let told = react(play.handoff(), Some(&play.playbook), &told);
    assert!(
        told.iter().all(|intent| intent.to == Recipient::Guests),
        "whom it is about is nobody's news; what waits to be mailed may quote them"
    );
    assert_eq!(told.len(), 1);
    let record = &play.handoff().record;
    let Body::Criterion(criterion) = &record.list(List::Criteria).next().unwrap().body else { panic!() };
    assert_eq!(criterion.words, Personal::ERASED);
    assert_eq!(play.open_asks(), [], "an erased answer was an answer");
    play.at("2026-03-30 09:00").introduced();
    assert_eq!(play.handoff().answerable(), MAYA);
}
