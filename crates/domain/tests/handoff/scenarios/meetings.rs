//! Meetings before they are held: planned, moved, called off, and who takes part (R3.3, R3.4, R3.5, R3.7).

use throughline_domain::{
    Role,
    deal::Standing,
    handoff::{Covers, Fact, Message, Recipient, meeting},
    record::{Body, Stakeholder, StakeholderRole},
};
use throughline_testkit::{Play, body_for, evidence, instant, people::*, text};

use super::*;

/// When each meeting that goes ahead begins and ends, by step.
fn going_ahead(play: &Play) -> Vec<(String, String, String)> {
    let all = meeting::going_ahead(play.handoff(), &play.playbook);
    let shown = |at: jiff::Timestamp| at.to_string();
    all.iter().map(|one| (one.step.id.value.to_string(), shown(one.starts_at), shown(one.ends_at))).collect()
}

/// Whether those who come were told of anything since this was asked last.
fn told_guests(play: &mut Play) -> bool {
    std::mem::take(&mut play.told)
        .iter()
        .any(|intent| intent.to == Recipient::Guests && intent.message == Message::Meetings)
}

fn at(step: &str, from: &str, to: &str) -> (String, String, String) {
    (step.to_owned(), instant(from).to_string(), instant(to).to_string())
}

fn known(play: &mut Play, name: &str, parts: &[StakeholderRole]) {
    let Body::Stakeholder(person) = body_for(List::Stakeholders, name) else { unreachable!() };
    let body = Body::Stakeholder(Stakeholder { parts: parts.to_vec(), ..person });
    let reason = Some(text("They joined"));
    play.as_(DANA).does(AddItem { body, evidence: evidence(), reason });
}

#[test]
fn a_call_takes_as_long_as_the_playbook_says_or_somebody_wants() {
    let mut play = assigned();
    play.as_(DANA).plans("internal_call", "2026-04-13 09:00");
    assert!(told_guests(&mut play));
    assert_eq!(going_ahead(&play), [at("internal_call", "2026-04-13 09:00", "2026-04-13 09:30")]);
    let longer = PlanMeeting {
        step: key("internal_call"),
        starts_at: instant("2026-04-14 09:00"),
        minutes: Some(45),
        place: Some(text("https://meet.example/7")),
    };
    play.does(longer.clone()).repeats(longer);
    assert_eq!(going_ahead(&play), [at("internal_call", "2026-04-14 09:00", "2026-04-14 09:45")]);
}

#[test]
fn a_meeting_called_off_is_none_until_it_is_planned_again() {
    let mut play = assigned();
    play.as_(DANA).plans("internal_call", "2026-04-13 09:00");
    let off = CallOffMeeting { step: key("internal_call"), reason: Some(text("Maya is ill")) };
    play.does(off.clone()).repeats(off);
    assert!(told_guests(&mut play));
    assert_eq!(going_ahead(&play), []);
    // At the very same time again it is another fact, since it was off meanwhile.
    play.plans("internal_call", "2026-04-13 09:00");
    assert_eq!(going_ahead(&play).len(), 1);
}

#[test]
fn the_confirmed_kickoff_goes_ahead_and_the_booked_one_does_not() {
    let mut play = owned();
    play.at("2026-04-01 10:00").reports(MAYA, "first_contact").booked("2026-04-20 09:00");
    assert!(!told_guests(&mut play), "a date is agreed, and nothing goes out (R0.1)");
    assert_eq!(going_ahead(&play), []);
    play.called().as_(MAYA).does(ConfirmKickoff {});
    assert!(told_guests(&mut play));
    assert_eq!(going_ahead(&play), [at("kickoff", "2026-04-20 09:00", "2026-04-20 09:50")]);
    play.booked("2026-04-21 09:00");
    assert!(told_guests(&mut play));
    assert_eq!(going_ahead(&play), [at("kickoff", "2026-04-21 09:00", "2026-04-21 09:50")]);
    // Where it takes place can be said; when is the customer's to agree to.
    play.plans("kickoff", "2026-04-21 09:00");
    play.refused(PlanMeeting {
        step: key("kickoff"),
        starts_at: instant("2026-04-22 09:00"),
        minutes: None,
        place: None,
    });
    play.refused(CallOffMeeting { step: key("kickoff"), reason: None });
    for number in [0, 1] {
        let (step, reason) = (key("kickoff_booked"), text("They asked for more time"));
        play.does(CorrectStep { step, number, reason, happened_at: None, booked_for: None });
    }
    assert!(told_guests(&mut play));
    assert_eq!(going_ahead(&play), [], "no date stands any more");
}

#[test]
fn a_lost_deal_has_no_meetings_and_one_won_again_has_its_own_back() {
    let mut play = assigned();
    play.as_(DANA).plans("internal_call", "2026-04-13 09:00");
    play.hears(|deal| deal.standing = Standing::Lost);
    assert!(told_guests(&mut play));
    assert_eq!(going_ahead(&play), []);
    play.at("2026-03-20 10:00").hears(|deal| deal.standing = Standing::Open);
    assert!(told_guests(&mut play));
    assert_eq!(going_ahead(&play).len(), 1);
}

#[test]
fn nobody_plans_the_past_a_blink_or_what_is_no_meeting() {
    let mut play = assigned();
    let plan = |step: &str, when: &str, minutes| PlanMeeting {
        step: key(step),
        starts_at: instant(when),
        minutes,
        place: None,
    };
    play.as_(DANA).refused(plan("internal_call", "2026-03-18 10:00", None));
    for minutes in [4, 481] {
        play.refused(plan("internal_call", "2026-04-13 09:00", Some(minutes)));
    }
    play.refused(plan("record", "2026-04-13 09:00", None));
    play.refused(plan("nonsense", "2026-04-13 09:00", None));
    play.refused(CallOffMeeting { step: key("internal_call"), reason: None });
    play.plans("internal_call", "2026-03-19 09:00").at("2026-03-19 09:01");
    play.as_(DANA).refused(CallOffMeeting { step: key("internal_call"), reason: None });
}

#[test]
fn only_what_moves_a_meeting_tells_those_who_come() {
    let mut play = assigned();
    known(&mut play, "Ines", &[StakeholderRole::Champion]);
    assert!(!told_guests(&mut play), "there is no meeting");
    play.as_(DANA).plans("warm_intro", "2026-04-13 09:00");
    known(&mut play, "Tom", &[StakeholderRole::ExecutiveSponsor]);
    assert!(told_guests(&mut play));
    play.as_(MAYA).does(AskQuestion { text: text("Who is Jon?") });
    assert!(!told_guests(&mut play));
    let reason = Some(text("Dana left"));
    play.as_(RAVI).does(SetSeat { role: Role::Ae, person: EMIL, contributors: [].into(), reason });
    assert!(told_guests(&mut play));
}

#[test]
fn each_meeting_has_its_people() {
    use StakeholderRole::*;
    let mut play = by_default();
    let before: Vec<String> = names(&play, "kickoff").into_iter().map(|(name, _)| name).collect();
    assert_eq!(before, Vec::<String>::new());
    for (name, parts) in [
        ("Ines", &[ExecutiveSponsor, EconomicBuyer][..]),
        ("Tom", &[Champion]),
        ("Olga", &[Operator]),
        ("Sid", &[Skeptic]),
    ] {
        known(&mut play, name, parts);
    }
    let some = |all: &[(&str, bool)]| -> Vec<(String, bool)> {
        all.iter().map(|(name, optional)| ((*name).to_owned(), *optional)).collect()
    };
    assert_eq!(names(&play, "early_intro"), some(&[("Tom", false)]));
    assert_eq!(names(&play, "internal_call"), some(&[]), "nobody of the customer is there");
    assert_eq!(names(&play, "warm_intro"), some(&[("Ines", false), ("Tom", false)]));
    assert_eq!(names(&play, "kickoff"), some(&[("Ines", false), ("Tom", false), ("Olga", true)]));
    let ours = |step: &str| meeting::our_side(play.playbook.step(&key(step)).unwrap());
    assert_eq!(ours("internal_call"), [Role::Ae, Role::Csm, Role::Se]);
    assert_eq!(ours("kickoff"), [Role::Ae, Role::Csm, Role::Implementation], "sales and CS both (R3.7)");
}

fn names(play: &Play, step: &str) -> Vec<(String, bool)> {
    let step = play.playbook.step(&key(step)).unwrap();
    let people = meeting::their_side(play.handoff(), step);
    people.into_iter().map(|(person, optional)| (person.name.to_string(), optional)).collect()
}

#[test]
fn a_plan_is_kept_with_who_made_it() {
    let mut play = assigned();
    play.as_(DANA).plans("warm_intro", "2026-04-13 09:00");
    let held = &play.handoff().meetings[&key("warm_intro")];
    assert_eq!((held.by.person(), held.at, held.minutes), (Some(DANA), play.now(), None));
    let kinds: Vec<bool> =
        play.last_facts().map(|fact| matches!(fact, Fact::MeetingPlanned { .. })).collect();
    assert_eq!(kinds, [true], "and it is no report: the clock of the step runs on");
    assert!(!play.misses(Gate::Kickoff).is_empty());
    let about = Covers::Step { step: key("warm_intro") };
    assert!(play.judged(Gate::Kickoff).gaps.iter().any(|gap| gap.about == about));
}
