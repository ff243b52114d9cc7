//! Reminders before, escalation after: owner, then manager, then the process owner (R3.13), at whose opening (R0.12).

use jiff::{SignedDuration, Timestamp};
use throughline_domain::{
    Role,
    clock::{Matter, Whom},
    deal::Standing,
    handoff::{Fact, Message, Recipient, command::*},
    record::DecisionVerdict,
};
use throughline_testkit::{Play, date, people::*, text};

use super::*;

/// What was told of a step, each as `day hour: what`, while somebody looks every quarter of an hour until `until`.
fn told_of(play: &mut Play, matter: &Matter, until: &str) -> Vec<String> {
    let mut end = play.clone();
    let end = end.at(until).now();
    let mut told = Vec::new();
    while play.now() <= end {
        let now = play.now();
        for recorded in play.strikes() {
            let (about, what) = match &recorded.fact {
                Fact::Reminded { matter, .. } => (matter, "reminder".to_owned()),
                Fact::Escalated { matter, whom, .. } => (matter, word(*whom)),
                other => panic!("{other:?}"),
            };
            if about == matter {
                told.push(format!("{}: {what}", clock_on_the_wall(now)));
            }
        }
        play.at_instant(now + SignedDuration::from_mins(15));
    }
    told
}

fn clock_on_the_wall(at: Timestamp) -> String {
    at.in_tz("Europe/Berlin").unwrap().strftime("%a %d %R").to_string()
}

fn word(whom: Whom) -> String {
    match whom {
        Whom::Owner => "owner".to_owned(),
        Whom::Manager => "manager".to_owned(),
        Whom::ProcessOwner => "process owner".to_owned(),
        Whom::Role { role } => role.name().to_owned(),
    }
}

fn of(name: &str) -> Matter {
    Matter::Step { step: key(name) }
}

#[test]
fn the_owner_is_reminded_before_and_the_ladder_is_climbed_after_each_at_an_opening() {
    let mut play = by_default();
    // Due with the end of Tuesday the 24th.
    assert_eq!(play.due("record"), "Wed 2026-03-25 00:00");
    let told = told_of(&mut play, &of("record"), "2026-03-27 14:00");
    let ladder = [
        "Tue 24 09:00: reminder",
        "Wed 25 09:00: owner",
        "Thu 26 09:00: manager",
        "Fri 27 09:00: process owner",
    ];
    assert_eq!(told, ladder);
}

#[test]
fn who_hears_of_it_follows_from_the_rung() {
    let mut play = by_default();
    for when in ["2026-03-24 09:00", "2026-03-25 09:00", "2026-03-26 09:00", "2026-03-27 09:00"] {
        play.at(when).strikes();
    }
    let due_at = play.clock_of("record").due_at.unwrap();
    let heard: Vec<Recipient> = play
        .told
        .iter()
        .filter(|intent| match &intent.message {
            Message::Reminder { about, due_at: at } | Message::Escalation { about, due_at: at } => {
                *about == of("record") && *at == due_at
            }
            _ => false,
        })
        .map(|intent| intent.to)
        .collect();
    let process_owner = play.handoff().process_owner;
    let (dana, manager) = (Recipient::Person { id: DANA }, Recipient::ManagerOf { id: DANA });
    assert_eq!(heard, [dana, dana, manager, Recipient::Person { id: process_owner }]);
}

#[test]
fn looking_twice_tells_once() {
    let mut play = by_default();
    play.at("2026-03-24 09:00");
    assert!(!play.strikes().is_empty());
    assert!(play.strikes().is_empty());
    assert!(play.at("2026-03-24 23:59").strikes().is_empty());
}

#[test]
fn after_a_time_in_which_nobody_looked_one_reminder_comes_first_and_gives_its_time() {
    let mut play = by_default();
    play.at("2026-03-26 11:00");
    let told = told_of(&mut play, &of("record"), "2026-03-27 14:59");
    // The reminder of Tuesday comes on Thursday; a business day later all rungs are due, in their order.
    let late = [
        "Thu 26 11:00: reminder",
        "Fri 27 11:00: owner",
        "Fri 27 11:00: manager",
        "Fri 27 11:00: process owner",
    ];
    assert_eq!(told, late);
}

#[test]
fn a_due_time_that_slips_begins_anew() {
    let mut play = by_default();
    play.at("2026-03-24 09:00").strikes();
    play.at("2026-03-24 10:00").hears(|deal| deal.close_on = Some(date("2026-04-30")));
    assert_eq!(play.due("record"), "Tue 2026-04-28 00:00");
    let told = told_of(&mut play, &of("record"), "2026-04-28 12:00");
    assert_eq!(told, ["Mon 27 09:00: reminder", "Tue 28 09:00: owner"]);
}

#[test]
fn what_is_done_is_not_spoken_of() {
    let mut play = by_default();
    play.at("2026-03-24 09:00").strikes();
    play.at("2026-03-24 15:00").record_filled();
    assert_eq!(told_of(&mut play, &of("record"), "2026-03-31 12:00"), Vec::<String>::new());
}

#[test]
fn a_deal_that_is_lost_is_silent() {
    let mut play = by_default();
    play.at("2026-03-20 10:00").hears(|deal| deal.standing = Standing::Lost);
    assert_eq!(play.next_call(), None);
    assert!(play.at("2026-05-20 10:00").strikes().is_empty());
}

#[test]
fn an_unanswered_offer_goes_to_the_cs_leader_after_one_business_day() {
    let mut play = by_default();
    play.at("2026-03-18 10:00").record_filled().offered();
    let told = told_of(&mut play, &of("offer_answer"), "2026-03-19 16:00");
    // A reminder a whole day before would come with the offer itself: half the time is left instead, at an opening.
    assert_eq!(told, ["Thu 19 09:00: reminder", "Thu 19 10:00: owner", "Thu 19 10:00: cs_leader"]);
}

#[test]
fn an_unreviewed_record_goes_to_the_cs_leader_after_one_business_day() {
    let mut play = by_default();
    play.at("2026-03-18 10:00").record_filled().offered();
    let told = told_of(&mut play, &of("review"), "2026-03-19 16:00");
    assert_eq!(told, ["Thu 19 09:00: reminder", "Thu 19 10:00: owner", "Thu 19 10:00: cs_leader"]);
}

#[test]
fn a_promise_undecided_for_two_business_days_escalates() {
    let mut play = by_default();
    play.at("2026-03-04 11:00");
    let item = promised(&mut play, "A connector by autumn");
    let to = play.playbook.promises.escalate_to;
    let told = told_of(&mut play, &Matter::Promise { item }, "2026-03-06 16:00");
    let escalated = format!("Fri 06 11:00: {}", to.name());
    assert_eq!(told, ["Thu 05 11:00: reminder", "Fri 06 11:00: owner", &escalated]);
    let deciders = Recipient::Role { role: Role::DealDesk };
    assert!(
        play.told
            .iter()
            .any(|intent| intent.to == deciders && matches!(intent.message, Message::Reminder { .. }))
    );
    play.as_(DEE).does(DecidePromise { item, verdict: DecisionVerdict::Approved, reason: text("Fine") });
    assert_eq!(told_of(&mut play, &Matter::Promise { item }, "2026-03-11 16:00"), Vec::<String>::new());
}

#[test]
fn the_next_time_to_look_is_when_something_is_told_and_nothing_is_told_before() {
    let mut play = by_default();
    let mut times = 0;
    while let Some(next) = play.next_call() {
        play.at_instant(next - SignedDuration::from_mins(1));
        assert!(play.strikes().is_empty(), "before {next}");
        play.at_instant(next);
        assert!(!play.strikes().is_empty(), "at {next}");
        times += 1;
    }
    // Three steps can be owed before the signature, each told four times; some at once.
    assert!(times >= 8, "{times}");
}
