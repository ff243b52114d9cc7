//! One AE hands the account to another; whoever is named to follow takes it on or declines (R0.7).

use throughline_domain::{
    Actor, Role,
    handoff::{Fact, Message, Recipient},
};

use super::*;

fn told(play: &Play, message: &Message) -> Vec<throughline_domain::PersonId> {
    let recorded = play.journal.last().unwrap();
    let intents = throughline_domain::handoff::react(play.handoff(), Some(&play.playbook), recorded);
    let to = intents.into_iter().filter(|intent| intent.message == *message).map(|intent| intent.to);
    to.filter_map(|to| match to {
        Recipient::Person { id } => Some(id),
        _ => None,
    })
    .collect()
}

#[test]
fn another_ae_is_named_with_a_reason_and_answers_once_they_accept() {
    let mut play = by_default();
    let hand_over = HandOver { to: EMIL, reason: text("Dana moves to another team") };
    play.as_(DANA).does(hand_over.clone()).repeats(hand_over);
    assert_eq!(told(&play, &Message::HandoverAsked { role: Role::Ae }), [EMIL]);
    assert_eq!(play.handoff().answerable(), DANA, "named is not accepted");
    play.as_(IAN).refused(TakeOn {});
    play.as_(EMIL).does(TakeOn {}).repeats(TakeOn {});
    assert_eq!(play.handoff().answerable(), EMIL);
    assert_eq!(play.handoff().seats[&Role::Ae].person, EMIL);
    assert!(play.handoff().next_seller.is_none());
}

#[test]
fn who_receives_does_not_choose_who_sells() {
    let mut play = assigned();
    let reason = text("I would rather work with Emil");
    play.as_(MAYA).refused(HandOver { to: EMIL, reason: reason.clone() });
    let seat = |role, reason| SetSeat { role, person: EMIL, contributors: [].into(), reason };
    play.as_(MAYA).refused(seat(Role::Ae, Some(reason.clone())));
    play.as_(MAYA).does(seat(Role::Implementation, None));
    play.as_(RAVI).does(HandOver { to: EMIL, reason });
}

#[test]
fn everybody_who_deals_with_the_account_hears_of_the_new_ae() {
    let mut play = assigned();
    play.as_(DANA).does(HandOver { to: EMIL, reason: text("Another region") });
    play.as_(EMIL).does(TakeOn {});
    let message = Message::HandedOver { role: Role::Ae, from: DANA, to: EMIL };
    assert_eq!(told(&play, &message), [EMIL, DANA, MAYA]);
}

#[test]
fn an_ae_put_in_the_seat_at_once_is_told_what_they_take_over() {
    let mut play = by_default();
    let reason = Some(text("Dana has left"));
    play.as_(MONA).does(SetSeat { role: Role::Ae, person: EMIL, contributors: [].into(), reason });
    let changed =
        play.journal.iter().rev().find(|recorded| matches!(recorded.fact, Fact::SellerChanged { .. }));
    assert!(matches!(changed.unwrap().fact, Fact::SellerChanged { from, to } if (from, to) == (DANA, EMIL)));
}

#[test]
fn who_declines_leaves_the_account_where_it_is() {
    let mut play = owned();
    play.as_(LEE).does(Reassign { to: NOAH, reason: text("Maya goes on leave") });
    play.as_(MAYA).refused(Decline { reason: text("x") });
    play.as_(NOAH).does(Decline { reason: text("I have too many already") });
    assert_eq!(told(&play, &Message::HandoverDeclined { role: Role::Csm, to: NOAH }), [MAYA]);
    assert!(play.handoff().successor.is_none());
    assert_eq!(play.handoff().answerable(), MAYA);
    play.as_(NOAH).refused(TakeOn {});
    play.as_(DANA).does(HandOver { to: EMIL, reason: text("Another region") });
    play.as_(EMIL).does(Decline { reason: text("No") });
    assert_eq!(play.handoff().seller(), DANA);
}

#[test]
fn who_sits_in_the_seat_is_not_named_to_follow_themselves() {
    let mut play = by_default();
    play.as_(DANA).refused(HandOver { to: DANA, reason: text("x") });
}

#[test]
fn two_who_act_for_one_another_are_one_where_a_second_person_is_wanted() {
    let dana = Actor::Person { id: DANA };
    let for_dana = Actor::StandIn { id: EMIL, of: DANA };
    assert!(for_dana.is_one_with(dana) && dana.is_one_with(for_dana));
    assert!(for_dana.is_one_with(Actor::Person { id: EMIL }));
    assert!(!for_dana.is_one_with(Actor::Person { id: MONA }));
    assert!(!Actor::Person { id: EMIL }.is_one_with(dana));
    assert_eq!((for_dana.person(), for_dana.acts_as()), (Some(EMIL), Some(DANA)));
}
