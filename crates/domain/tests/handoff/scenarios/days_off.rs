//! Reminders and escalations around nights and days off (R0.12, R3.13). The expected times are worked out by hand, on
//! the wall of whoever owes the record: in Berlin, with Good Friday and Easter Monday off and clocks that go forward on
//! the 29th of March; or in New York, with four holidays off and clocks that go forward on the 8th of March and back on
//! the 1st of November. Both work from nine to five, Monday to Friday.

use std::sync::Arc;

use jiff::{Timestamp, civil};
use throughline_domain::{
    calendar::{Calendar, CalendarData, WindowData},
    clock::{Matter, Whom},
    handoff::Fact,
    playbook::{Playbook, shipped},
};
use throughline_testkit::{Play, date, default_playbook, given, playbook_from};

use super::key;

fn works(zone: &str, holidays: &[&str]) -> Calendar {
    let hours = Some(WindowData { start: "09:00".to_owned(), end: "17:00".to_owned() });
    let holidays = holidays.iter().map(|day| (*day).to_owned()).collect();
    Calendar::try_from(CalendarData { zone: zone.to_owned(), weekend: vec![6, 7], holidays, hours }).unwrap()
}

fn berlin() -> Calendar {
    works("Europe/Berlin", &["2026-04-03", "2026-04-06"])
}

fn new_york() -> Calendar {
    works("America/New_York", &["2026-05-25", "2026-07-03", "2026-09-07", "2026-11-26"])
}

/// The default playbook with another due rule for the record, and another time to remind.
fn by(due: &str, remind: &str) -> Arc<Playbook> {
    let name = &default_playbook().playbook.value;
    let (_, source) = shipped::shipped().iter().find(|(shipped, _)| shipped == name).unwrap();
    let [due_was, remind_was] = ["{ anchor: signature, from: 5 bd, to: 3 bd }", "remind_before: [1 bd]"];
    for was in [due_was, remind_was] {
        assert_eq!(source.matches(was).count(), 1, "{was}");
    }
    let source = source.replace(due_was, &format!("{{ {due} }}"));
    playbook_from(&source.replace(remind_was, &format!("remind_before: [{remind}]")))
}

fn instant(calendar: &Calendar, wall: &str) -> Timestamp {
    let wall: civil::DateTime = wall.parse().unwrap();
    wall.in_tz(calendar.zone().name()).unwrap().timestamp()
}

/// To the second, as a mend may be one second wide.
fn wall(calendar: &Calendar, at: Timestamp) -> String {
    at.in_tz(calendar.zone().name()).unwrap().strftime("%a %m-%d %T").to_string()
}

/// A record opened at a time on the wall, due so long after.
fn opened(calendar: &Calendar, at: &str, within: &str, remind: &str) -> Play {
    let playbook = by(&format!("anchor: opened, within: {within}"), remind);
    given(playbook).calendar(calendar.clone()).at(&instant(calendar, at).to_string()).opened()
}

/// A record due with the end of the day that lies so long before the signature.
fn to_be_signed(calendar: &Calendar, on: &str, to: &str, remind: &str) -> Play {
    let playbook = by(&format!("anchor: signature, to: {to}"), remind);
    given(playbook).calendar(calendar.clone()).deal(|deal| deal.close_on = Some(date(on))).opened()
}

/// Looks at the clocks whenever they want it until nothing is left to tell of the record: who was told when; none: the
/// owner was reminded.
fn told(play: &mut Play) -> Vec<(Timestamp, Option<Whom>)> {
    let about = Matter::Step { step: key("record") };
    let mut told = Vec::new();
    while let Some(next) = play.next_call() {
        play.at_instant(next);
        let facts = play.strikes();
        assert!(!facts.is_empty(), "nothing is told at {next}");
        for recorded in facts {
            match &recorded.fact {
                Fact::Reminded { matter, .. } if *matter == about => told.push((next, None)),
                Fact::Escalated { matter, whom, .. } if *matter == about => told.push((next, Some(*whom))),
                _ => {}
            }
        }
    }
    told
}

/// When the record is due, and when its owner is reminded of it: once, at work, and not after it is due.
fn reminded(calendar: &Calendar, mut play: Play) -> (String, String) {
    let due_at = play.clock_of("record").due_at.unwrap();
    let told = told(&mut play);
    let reminders: Vec<Timestamp> =
        told.iter().filter(|(_, whom)| whom.is_none()).map(|(at, _)| *at).collect();
    let [at] = reminders[..] else { panic!("{reminders:?}") };
    let (due, reminded) = (wall(calendar, due_at), wall(calendar, at));
    assert_eq!(calendar.next_opening(at), Ok(at), "nobody works at {reminded}");
    assert!(at < due_at, "reminded at {reminded} of what was due at {due}");
    (due, reminded)
}

/// Rows of a table: when or by when, how long, how long before to remind; when it is due, when the owner is reminded.
type Rows<'a> = &'a [(&'a str, &'a str, &'a str, &'a str, &'a str)];

fn holds(calendar: &Calendar, rows: Rows<'_>, play: impl Fn(&Calendar, &str, &str, &str) -> Play) {
    for (when, span, remind, due, at) in rows {
        let got = reminded(calendar, play(calendar, when, span, remind));
        assert_eq!((got.0.as_str(), got.1.as_str()), (*due, *at), "{when}, {span}, {remind} before");
    }
}

#[test]
fn of_what_is_due_in_business_hours_its_owner_is_reminded_at_work_across_nights_and_days_off() {
    let in_berlin: Rows<'_> = &[
        // Three hours of Monday and one of Friday: the weekend of the change lies between.
        ("2026-03-26 12:00", "16 bh", "4 bh", "Mon 03-30 12:00:00", "Fri 03-27 16:00:00"),
        // Four hours of Tuesday and four of Thursday, with Easter between.
        ("2026-04-01 09:00", "20 bh", "8 bh", "Tue 04-07 13:00:00", "Thu 04-02 13:00:00"),
        // A whole day's work before a day's close is its opening, not the evening before.
        ("2026-04-27 09:00", "24 bh", "8 bh", "Wed 04-29 17:00:00", "Wed 04-29 09:00:00"),
        ("2026-04-27 09:00", "17 bh", "1 bh", "Wed 04-29 10:00:00", "Wed 04-29 09:00:00"),
        // The evening before, a night, a holiday: the next opening.
        ("2026-04-27 09:00", "17 bh", "16 h", "Wed 04-29 10:00:00", "Wed 04-29 09:00:00"),
        ("2026-04-27 09:00", "17 bh", "10 h", "Wed 04-29 10:00:00", "Wed 04-29 09:00:00"),
        ("2026-04-01 09:00", "20 bh", "1 d", "Tue 04-07 13:00:00", "Tue 04-07 09:00:00"),
        ("2026-04-01 09:00", "20 bh", "1 bd", "Tue 04-07 13:00:00", "Thu 04-02 13:00:00"),
        // Half of the time is left where there is no more: at one in the night, and on Easter Sunday.
        ("2026-04-28 13:00", "8 bh", "8 bh", "Wed 04-29 13:00:00", "Wed 04-29 09:00:00"),
        ("2026-04-02 16:00", "2 bh", "4 bh", "Tue 04-07 10:00:00", "Tue 04-07 09:00:00"),
    ];
    holds(&berlin(), in_berlin, opened);
    let in_new_york: Rows<'_> = &[
        ("2026-03-06 13:00", "8 bh", "6 bh", "Mon 03-09 13:00:00", "Fri 03-06 15:00:00"),
        // Half of 71 hours is left: half past midnight on Sunday, before the clocks go forward.
        ("2026-03-06 13:00", "8 bh", "8 bh", "Mon 03-09 13:00:00", "Mon 03-09 09:00:00"),
        ("2026-10-30 15:00", "4 bh", "3 bh", "Mon 11-02 11:00:00", "Fri 10-30 16:00:00"),
        ("2026-09-04 10:00", "10 bh", "5 bh", "Tue 09-08 12:00:00", "Fri 09-04 15:00:00"),
        ("2026-09-04 10:00", "10 bh", "1 d", "Tue 09-08 12:00:00", "Tue 09-08 09:00:00"),
        // Half of 46 hours is left: Thanksgiving.
        ("2026-11-25 15:00", "6 bh", "1 bd", "Fri 11-27 13:00:00", "Fri 11-27 09:00:00"),
    ];
    holds(&new_york(), in_new_york, opened);
}

#[test]
fn of_what_is_due_with_the_end_of_a_day_its_owner_is_reminded_as_much_working_time_before() {
    let in_berlin: Rows<'_> = &[
        // With the end of a Friday, which the weekend of the change follows.
        ("2026-03-28", "1 d", "1 bd", "Sat 03-28 00:00:00", "Fri 03-27 09:00:00"),
        ("2026-03-28", "1 d", "1 d", "Sat 03-28 00:00:00", "Fri 03-27 09:00:00"),
        ("2026-03-28", "1 d", "4 bh", "Sat 03-28 00:00:00", "Fri 03-27 13:00:00"),
        ("2026-03-28", "1 d", "8 bh", "Sat 03-28 00:00:00", "Fri 03-27 09:00:00"),
        ("2026-03-28", "1 d", "10 bh", "Sat 03-28 00:00:00", "Thu 03-26 15:00:00"),
        // With the end of the Thursday before Easter, which a holiday follows.
        ("2026-04-03", "1 d", "1 bd", "Fri 04-03 00:00:00", "Thu 04-02 09:00:00"),
        ("2026-04-03", "1 d", "2 bd", "Fri 04-03 00:00:00", "Wed 04-01 09:00:00"),
        ("2026-04-03", "1 d", "3 bh", "Fri 04-03 00:00:00", "Thu 04-02 14:00:00"),
        // With the end of a Wednesday, which is followed by a day like it.
        ("2026-04-02", "1 bd", "1 bd", "Thu 04-02 00:00:00", "Wed 04-01 09:00:00"),
        ("2026-04-02", "1 bd", "3 bh", "Thu 04-02 00:00:00", "Wed 04-01 14:00:00"),
    ];
    holds(&berlin(), in_berlin, to_be_signed);
    let in_new_york: Rows<'_> = &[
        ("2026-07-03", "1 d", "1 bd", "Fri 07-03 00:00:00", "Thu 07-02 09:00:00"),
        ("2026-07-03", "1 d", "3 bh", "Fri 07-03 00:00:00", "Thu 07-02 14:00:00"),
        ("2026-10-31", "1 d", "2 bd", "Sat 10-31 00:00:00", "Thu 10-29 09:00:00"),
    ];
    holds(&new_york(), in_new_york, to_be_signed);
}

#[test]
fn of_what_is_due_on_a_day_off_its_owner_is_reminded_on_the_working_days_before() {
    let in_berlin: Rows<'_> = &[
        // With the end of a Saturday, of the Sunday that has 23 hours, of Good Friday, of Easter Monday.
        ("2026-03-30", "2 d", "1 bd", "Sun 03-29 00:00:00", "Fri 03-27 09:00:00"),
        ("2026-03-30", "2 d", "4 bh", "Sun 03-29 00:00:00", "Fri 03-27 13:00:00"),
        ("2026-03-30", "1 d", "1 bd", "Mon 03-30 00:00:00", "Fri 03-27 09:00:00"),
        ("2026-03-30", "1 d", "9 bh", "Mon 03-30 00:00:00", "Thu 03-26 16:00:00"),
        ("2026-04-05", "2 d", "1 bd", "Sat 04-04 00:00:00", "Thu 04-02 09:00:00"),
        ("2026-04-05", "2 d", "12 bh", "Sat 04-04 00:00:00", "Wed 04-01 13:00:00"),
        ("2026-04-07", "1 d", "2 bd", "Tue 04-07 00:00:00", "Wed 04-01 09:00:00"),
    ];
    holds(&berlin(), in_berlin, to_be_signed);
    let in_new_york: Rows<'_> = &[
        ("2026-03-08", "1 d", "2 bd", "Sun 03-08 00:00:00", "Thu 03-05 09:00:00"),
        ("2026-03-08", "1 d", "8 bh", "Sun 03-08 00:00:00", "Fri 03-06 09:00:00"),
        // With the end of the Sunday that has 25 hours, and of a Monday off.
        ("2026-11-02", "1 d", "1 bd", "Mon 11-02 00:00:00", "Fri 10-30 09:00:00"),
        ("2026-11-02", "1 d", "9 bh", "Mon 11-02 00:00:00", "Thu 10-29 16:00:00"),
        ("2026-05-26", "1 d", "1 bd", "Tue 05-26 00:00:00", "Fri 05-22 09:00:00"),
    ];
    holds(&new_york(), in_new_york, to_be_signed);
}

#[test]
fn of_what_is_due_at_a_time_of_a_day_off_its_owner_hears_at_the_very_next_opening() {
    let owner = |calendar: &Calendar, mut play: Play| {
        let due_at = play.clock_of("record").due_at.unwrap();
        let told = told(&mut play).into_iter();
        let heard = told.filter(|(_, whom)| matches!(whom, None | Some(Whom::Owner)));
        let heard: Vec<String> = heard.map(|(at, _)| wall(calendar, at)).collect();
        (wall(calendar, due_at), heard)
    };
    // Eight in the evening of a day off is no reason to wait until the next working day's evening is over.
    let easter = opened(&berlin(), "2026-03-31 20:00", "72 h", "1 bd");
    let expected = ["Thu 04-02 09:00:00", "Tue 04-07 09:00:00"].map(str::to_owned);
    assert_eq!(owner(&berlin(), easter), ("Fri 04-03 20:00:00".to_owned(), expected.into()));
    let change = opened(&new_york(), "2026-03-05 20:00", "48 h", "4 bh");
    let expected = ["Fri 03-06 13:00:00", "Mon 03-09 09:00:00"].map(str::to_owned);
    assert_eq!(owner(&new_york(), change), ("Sat 03-07 20:00:00".to_owned(), expected.into()));
}
