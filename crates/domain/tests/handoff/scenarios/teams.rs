//! Every step is counted by the calendar of whoever owes it (R0.12). The expected times are worked out by hand, day by
//! day: Dana sells from New York and has the 25th of March off; Maya works from Kolkata, six days a week, and has Good
//! Friday off; the organisation is in Berlin, whose clocks go forward on the 29th of March.

use jiff::Timestamp;
use proptest::prelude::*;
use throughline_domain::{
    calendar::{Calendar, CalendarData, Calendars, OwnCalendars, WindowData},
    clock::{readings, waiver_ends},
};
use throughline_testkit::{berlin, date, instant};

use super::*;

fn calendar(zone: &str, weekend: &[i64], holidays: &[&str], (start, end): (&str, &str)) -> Calendar {
    let hours = Some(WindowData { start: start.to_owned(), end: end.to_owned() });
    let holidays = holidays.iter().map(|day| (*day).to_owned()).collect();
    Calendar::try_from(CalendarData { zone: zone.to_owned(), weekend: weekend.to_vec(), holidays, hours })
        .unwrap()
}

fn new_york() -> Calendar {
    calendar("America/New_York", &[6, 7], &["2026-03-25"], ("09:00", "17:00"))
}

fn kolkata() -> Calendar {
    calendar("Asia/Kolkata", &[7], &["2026-04-03"], ("10:00", "18:00"))
}

/// To be signed on Friday 2026-03-27.
fn apart() -> Play {
    given(default_playbook()).calendar_of(DANA, new_york()).calendar_of(MAYA, kolkata()).opened()
}

fn due(play: &Play, step: &str) -> String {
    play.clock_of(step).due_at.unwrap().to_string()
}

fn opens(play: &Play, step: &str) -> String {
    play.clock_of(step).opens_at.unwrap().to_string()
}

#[test]
fn what_the_ae_owes_is_counted_by_the_ae_s_days() {
    let play = apart();
    // Back from Friday the 27th, past the 25th off: the 26th, 24th and 23rd; five: also the 20th and the 19th.
    assert_eq!(due(&play, "record"), "2026-03-24T04:00:00Z", "the 23rd is over in New York");
    assert_eq!(opens(&play, "record"), "2026-03-19T04:00:00Z");
    assert_eq!(due(&by_default(), "record"), "2026-03-24T23:00:00Z", "the 24th is over in Berlin");
}

#[test]
fn clocks_that_go_forward_go_forward_where_the_owner_is() {
    let play = given(default_playbook())
        .deal(|deal| deal.close_on = Some(date("2026-03-12")))
        .calendar_of(DANA, new_york())
        .opened();
    // New York is five hours behind until the 8th of March, four from then on.
    assert_eq!(
        (opens(&play, "record"), due(&play, "record")),
        ("2026-03-05T05:00:00Z".into(), "2026-03-10T04:00:00Z".into())
    );

    let mut play = apart();
    play.at("2026-03-18 10:00").assigned().at("2026-03-27 15:00").won();
    // Ten in the morning of Friday the 27th, ten in the morning of Tuesday the 31st: Berlin's night is not New York's.
    assert_eq!(due(&play, "warm_intro"), "2026-03-31T14:00:00Z");
}

#[test]
fn what_the_csm_owes_is_counted_by_the_csm_s_days_once_there_is_a_csm() {
    let mut play = apart();
    play.at("2026-03-18 10:00").record_filled();
    play.at("2026-03-27 15:00").won();
    assert_eq!(due(&play, "kickoff_booked"), "2026-04-10T13:00:00Z", "nobody's yet: the organisation's days");
    let mut play = apart();
    play.at("2026-03-18 10:00").assigned().at("2026-03-27 15:00").won();
    // From 19:30 on Friday the 27th: Saturday 28, 30, 31, 1, 2, not the 3rd, Saturday 4, 6, 7, 8, 9.
    assert_eq!(due(&play, "kickoff_booked"), "2026-04-09T14:00:00Z");
    assert_eq!(due(&play, "warm_intro"), "2026-03-31T14:00:00Z", "the AE's step is still the AE's");
}

#[test]
fn elapsed_time_rolls_to_the_owner_s_next_opening() {
    let mut play = apart();
    play.at("2026-03-18 10:00").assigned().at("2026-03-27 15:00").won().at("2026-04-02 15:00").introduced();
    // A day later it is 18:30 on Good Friday in Kolkata; Saturday is worked, from ten.
    assert_eq!(due(&play, "first_contact"), "2026-04-04T04:30:00Z");
}

#[test]
fn another_owner_brings_another_calendar() {
    let mut play = apart();
    play.at("2026-03-18 10:00").assigned().at("2026-03-27 15:00").won();
    let before = due(&play, "warm_intro");
    play.calendars = Calendars::new(berlin(), OwnCalendars::from([(MAYA, kolkata().into())]));
    assert_eq!(
        (before.as_str(), due(&play, "warm_intro").as_str()),
        ("2026-03-31T14:00:00Z", "2026-03-31T13:00:00Z")
    );
}

#[test]
fn a_waiver_stands_as_long_as_the_days_of_whoever_owes_the_answer_are() {
    let mut play = by_default();
    play.at("2026-03-24 15:00").as_(DANA).does(asked(Gate::Handoff, [ask("success_criteria")]));
    let waiver = play.handoff().waivers[&waiver_of(&play)].clone();
    assert_eq!(waiver.debtor, DANA);
    let ends = |calendars: &Calendars| waiver_ends(&waiver, &play.playbook, calendars, play.now()).unwrap();
    let house = ends(&berlin().into());
    let hers = ends(&Calendars::new(berlin(), OwnCalendars::from([(DANA, new_york().into())])));
    assert_eq!(house, ends(&Calendars::new(berlin(), OwnCalendars::from([(MAYA, new_york().into())]))));
    let lasts = play.playbook.gate(Gate::Handoff).unwrap().waiver_lasts;
    let by_hand = new_york().due(play.now(), lasts, throughline_domain::calendar::Direction::After).unwrap();
    assert_eq!(hers, by_hand);
}

fn any_calendar() -> impl Strategy<Value = Calendar> {
    let zone =
        prop::sample::select(vec!["Asia/Kolkata", "America/New_York", "Pacific/Apia", "Africa/Cairo", "UTC"]);
    let days = prop::sample::subsequence((1..=7).collect::<Vec<i64>>(), 0..=4);
    let off = prop::collection::vec(1i8..=30, 0..6);
    (zone, days, off, 0u8..=10).prop_map(|(zone, days, off, start)| {
        let off: Vec<String> = off.into_iter().map(|day| format!("2026-04-{day:02}")).collect();
        let off: Vec<&str> = off.iter().map(String::as_str).collect();
        calendar(zone, &days, &off, (&format!("{start:02}:00"), &format!("{:02}:30", start + 8)))
    })
}

/// The same handoff at several points of its life.
fn stages() -> Vec<Play> {
    let mut won = assigned();
    won.at("2026-03-27 15:00").won();
    vec![by_default(), assigned(), won, owned(), kicked_off()]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_step_whose_owner_has_no_calendar_of_their_own_reads_as_by_the_organisation_s(
        other in any_calendar(), hours in 0i64..3_000,
    ) {
        let now: Timestamp = instant("2026-03-02 09:00") + jiff::SignedDuration::from_hours(hours);
        for play in stages() {
            let house = readings(play.handoff(), &play.playbook, &play.calendars, now);
            for person in [MAYA, DANA, NOAH] {
                let calendars = Calendars::new(berlin(), OwnCalendars::from([(person, other.clone().into())]));
                let apart = readings(play.handoff(), &play.playbook, &calendars, now);
                prop_assert_eq!(house.len(), apart.len());
                for (one, same) in house.iter().zip(&apart).filter(|(one, _)| one.person != Some(person)) {
                    prop_assert_eq!(one, same);
                }
            }
        }
    }

    #[test]
    fn a_calendar_like_the_organisation_s_changes_nothing(hours in 0i64..3_000) {
        let now: Timestamp = instant("2026-03-02 09:00") + jiff::SignedDuration::from_hours(hours);
        for play in stages() {
            let own = OwnCalendars::from([(MAYA, berlin().into()), (DANA, berlin().into())]);
            let same = readings(play.handoff(), &play.playbook, &Calendars::new(berlin(), own), now);
            prop_assert_eq!(same, readings(play.handoff(), &play.playbook, &play.calendars, now));
        }
    }
}
