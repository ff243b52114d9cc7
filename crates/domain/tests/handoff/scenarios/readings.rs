//! Windows are readings (R0.2), counted in the calendar's units (R0.12), each number of R3 to the minute.

use throughline_domain::{
    calendar::{Calendar, CalendarData, WindowData},
    clock::Reading::{self, *},
    deal::Standing,
    handoff::command::*,
    playbook::Moment,
};
use throughline_testkit::{Play, date, default_playbook, given, instant, people::*, text};

use super::*;

fn filled_at(when: &str) -> Play {
    let mut play = by_default();
    play.at(when).record_filled();
    play
}

#[test]
fn more_than_five_business_days_before_signature_is_early_five_to_three_met_under_three_late() {
    // The Friday is only a date: five business days before it is the start of the 20th, three the end of the 24th.
    for (when, reading) in [
        ("2026-03-10 12:00", Early),
        ("2026-03-19 23:59", Early),
        ("2026-03-20 00:00", Met),
        ("2026-03-24 23:59", Met),
        ("2026-03-25 00:01", Late),
        ("2026-03-27 18:00", Late),
    ] {
        assert_eq!(filled_at(when).reading("record"), reading, "{when}");
    }
    assert_eq!(by_default().due("record"), "Wed 2026-03-25 00:00");
}

#[test]
fn a_record_not_ready_at_the_signature_is_missed_and_still_owed() {
    let mut play = by_default();
    play.at("2026-03-27 15:00").won();
    assert_eq!(play.reading("record"), Overdue, "at the instant itself it can still be done");
    play.at("2026-03-27 15:01");
    assert_eq!(play.reading("record"), Missed);
    assert!(!play.misses(Gate::Handoff).is_empty());
    play.at("2026-03-30 10:00").record_filled();
    assert_eq!(play.reading("record"), Missed, "filling it later does not make it ready then");
    assert!(play.misses(Gate::Handoff).is_empty());
}

#[test]
fn an_open_record_waits_then_runs_then_is_overdue() {
    let mut play = by_default();
    for (when, reading) in [
        ("2026-03-19 23:59", Waiting),
        ("2026-03-20 00:00", Running),
        ("2026-03-25 00:00", Running),
        ("2026-03-25 00:01", Overdue),
        ("2026-03-27 23:59", Overdue),
    ] {
        assert_eq!(play.at(when).reading("record"), reading, "{when}");
    }
}

#[test]
fn an_expected_signature_that_did_not_come_shuts_nothing() {
    let mut play = by_default();
    play.at("2026-04-02 10:00");
    assert_eq!(play.reading("record"), Overdue);
    assert_eq!(play.reading("early_intro"), Overdue);
    assert!(play.judged(Gate::Kickoff).gaps.iter().all(|gap| !gap.lost));
}

#[test]
fn a_slipped_close_date_reads_every_clock_anew() {
    let mut play = by_default();
    play.at("2026-03-20 10:00");
    let before = ["record", "nomination", "early_intro"].map(|step| play.due(step));
    assert_eq!(before, ["Wed 2026-03-25 00:00", "Sat 2026-03-14 00:00", "Sat 2026-03-28 00:00"]);
    assert_eq!(play.reading("nomination"), Overdue);
    play.hears(|deal| deal.close_on = Some(date("2026-04-30")));
    let after = ["record", "nomination", "early_intro"].map(|step| play.due(step));
    assert_eq!(after, ["Tue 2026-04-28 00:00", "Fri 2026-04-17 00:00", "Fri 2026-05-01 00:00"]);
    assert_eq!(play.reading("nomination"), Running, "it may be done at any time before");
    assert_eq!(play.reading("record"), Waiting);
}

#[test]
fn the_known_signature_takes_the_place_of_the_expected_one() {
    let mut play = filled_at("2026-03-20 12:00");
    assert_eq!(play.reading("record"), Met);
    assert_eq!(play.moment(Moment::Signature).unwrap(), "2026-03-27");
    play.at("2026-03-30 10:00").hears(|deal| deal.signed_at = Some(instant("2026-03-30 09:00")));
    assert_eq!(play.moment(Moment::Signature).unwrap(), "2026-03-30 09:00");
    assert_eq!(play.due("record"), "Wed 2026-03-25 09:00");
    assert_eq!(play.reading("record"), Early, "the 20th is more than five business days before the 30th");
}

#[test]
fn without_a_signature_field_the_deal_was_signed_when_it_closed() {
    let mut play = by_default();
    play.at("2026-03-26 11:00").won();
    assert_eq!(play.moment(Moment::Signature), play.moment(Moment::Closed));
    assert_eq!(play.moment(Moment::Closed).unwrap(), "2026-03-26 11:00");
}

#[test]
fn a_close_known_only_as_a_day_counts_whole_days() {
    let mut play = by_default();
    // Told on Tuesday of a Friday close: ten business days on is the end of Friday the 10th.
    play.at("2026-03-31 10:00").hears(|deal| deal.standing = Standing::Won);
    assert_eq!(play.moment(Moment::Closed).unwrap(), "2026-03-27");
    assert_eq!(play.due("kickoff_booked"), "Sat 2026-04-11 00:00");
    // A Saturday close: the first business day after it counts as the first.
    play.hears(|deal| deal.close_on = Some(date("2026-03-28")));
    assert_eq!(play.due("kickoff_booked"), "Tue 2026-04-14 00:00");
}

#[test]
fn a_close_date_before_a_day_on_which_the_deal_was_still_open_is_only_the_old_plan() {
    let mut play = by_default();
    play.at("2026-03-30 10:00").hears(|deal| deal.stage = "Contract".to_owned());
    play.at("2026-03-31 10:00").hears(|deal| deal.standing = Standing::Won);
    assert_eq!(play.moment(Moment::Closed).unwrap(), "2026-03-31 10:00");
}

#[test]
fn the_first_contact_is_due_24_hours_after_the_introduction_or_at_the_next_opening() {
    let mut play = assigned();
    play.at("2026-03-26 11:00").won().at("2026-03-26 14:30").introduced();
    assert_eq!(play.due("first_contact"), "Fri 2026-03-27 14:30");
    let mut play = assigned();
    play.at("2026-03-27 15:00").won().at("2026-03-27 16:00").introduced();
    assert_eq!(play.due("first_contact"), "Mon 2026-03-30 09:00", "24 h end on a Saturday");
    play.at("2026-03-30 08:00").reports(MAYA, "first_contact");
    assert_eq!(play.reading("first_contact"), Met);
}

#[test]
fn twenty_four_hours_stay_twenty_four_hours_when_the_clocks_change_and_nothing_rolls() {
    // Four domains does not roll: its plan is due 48 elapsed hours after the kickoff's end, over the change of clocks.
    let mut play = by_four_domains();
    play.at("2026-03-18 10:00").assigned();
    play.at("2026-03-27 15:00").won().at("2026-03-27 16:50").reports_at(MAYA, "kickoff", "2026-03-27 16:00");
    assert_eq!(play.due("plan_confirmed"), "Sun 2026-03-29 17:50");
}

#[test]
fn the_kickoff_is_booked_within_ten_business_days_of_close() {
    let mut play = owned();
    assert_eq!(play.due("kickoff_booked"), "Fri 2026-04-10 15:00");
    play.at("2026-04-10 15:00").booked("2026-04-20 09:00");
    assert_eq!(play.reading("kickoff_booked"), Met);
    let mut late = owned();
    late.at("2026-04-10 15:01");
    assert_eq!(late.reading("kickoff_booked"), Overdue);
    late.booked("2026-04-20 09:00");
    assert_eq!(late.reading("kickoff_booked"), Late);
}

#[test]
fn the_internal_call_belongs_five_to_seven_days_before_the_kickoff() {
    for (when, reading) in [
        ("2026-04-13 08:59", Early),
        ("2026-04-13 09:00", Met),
        ("2026-04-15 09:00", Met),
        ("2026-04-15 09:01", Late),
        ("2026-04-19 10:00", Late),
    ] {
        let mut play = owned();
        play.booked("2026-04-20 09:00").at(when).called();
        assert_eq!(play.reading("internal_call"), reading, "{when}");
    }
}

#[test]
fn the_internal_call_waits_without_a_date_and_is_missed_once_the_kickoff_was_held() {
    let mut play = owned();
    assert_eq!(play.reading("internal_call"), Waiting);
    play.booked("2026-04-20 09:00").at("2026-04-16 09:00");
    assert_eq!(play.reading("internal_call"), Overdue);
    play.at("2026-04-21 09:00");
    assert_eq!(play.reading("internal_call"), Overdue, "booked is not held: it can still be done");
    play.reports(MAYA, "kickoff").at("2026-04-21 10:00");
    assert_eq!(play.reading("internal_call"), Missed);
}

#[test]
fn a_kickoff_booked_anew_moves_the_window_of_the_call() {
    let mut play = owned();
    play.booked("2026-04-20 09:00").at("2026-04-02 09:00").booked("2026-04-27 11:00");
    assert_eq!(play.due("internal_call"), "Wed 2026-04-22 11:00");
    assert_eq!(
        play.clock_of("kickoff_booked").done_at,
        Some(instant("2026-03-30 09:00")),
        "first booked counts"
    );
}

#[test]
fn the_plan_is_confirmed_within_48_hours_of_the_kickoffs_end() {
    let mut play = kicked_off();
    assert_eq!(play.due("plan_confirmed"), "Wed 2026-04-22 09:50");
    play.at("2026-04-22 09:50").planned();
    assert_eq!(play.reading("plan_confirmed"), Met);
    let mut late = kicked_off();
    late.at("2026-04-22 09:51").planned();
    assert_eq!(late.reading("plan_confirmed"), Late);
}

#[test]
fn the_kickoffs_end_is_told_or_planned_but_never_after_it_was_told_of() {
    let mut play = owned();
    play.at("2026-04-20 12:00");
    let report = ReportStep {
        happened_at: instant("2026-04-20 09:00"),
        ended_at: Some(instant("2026-04-20 10:30")),
        ..play.report_of("kickoff")
    };
    play.as_(MAYA).does(report);
    assert_eq!(play.due("plan_confirmed"), "Wed 2026-04-22 10:30");
    let mut short = owned();
    short.at("2026-04-20 09:20").reports_at(MAYA, "kickoff", "2026-04-20 09:00");
    assert_eq!(short.moment(Moment::KickoffEnd).unwrap(), "2026-04-20 09:20");
}

#[test]
fn both_sixty_day_clocks_run_from_close_and_the_rating_opens_with_its_day() {
    let mut play = kicked_off();
    assert_eq!(play.due("availability"), "Tue 2026-05-26 15:00");
    let day60 = play.clock_of("rate_day60");
    assert_eq!(day60.opens_at, Some(instant("2026-05-26 15:00")));
    assert_eq!(play.due("rate_day60"), "Tue 2026-06-02 15:00");
    assert_eq!(day60.reading, Waiting);
    let early = Rate { rating: key("day60"), score: 4, reason: None, comment: None };
    play.at("2026-05-26 14:59").as_(MAYA).refused(early);
    play.at("2026-05-26 15:00").rated("day60", 4);
    assert_eq!(play.reading("rate_day60"), Met);
}

#[test]
fn a_rating_changed_later_keeps_the_time_of_the_first() {
    let mut play = kicked_off();
    play.at("2026-04-20 10:00").rated("kickoff", 4);
    play.at("2026-05-20 10:00").rated("kickoff", 2);
    assert_eq!(play.reading("rate_kickoff"), Met);
    assert_eq!(play.handoff().ratings[&key("kickoff")].score, 2);
}

#[test]
fn the_aes_availability_is_a_period_and_no_task() {
    let mut play = by_default();
    assert_eq!(play.reading("availability"), Waiting, "nothing closed yet");
    play.at("2026-03-27 15:00").won();
    assert_eq!(play.reading("availability"), Running);
    play.at("2026-05-26 15:00");
    assert_eq!(play.reading("availability"), Met);
}

#[test]
fn first_value_is_due_thirty_days_after_close_and_rolls_off_a_sunday() {
    assert_eq!(owned().due("first_value"), "Mon 2026-04-27 09:00");
    let mut play = by_four_domains();
    play.at("2026-03-27 15:00").won();
    assert_eq!(play.due("first_value"), "Sun 2026-04-26 15:00", "four domains keeps its thirty days");
}

#[test]
fn holidays_and_other_weekends_are_the_calendars() {
    let gulf = Calendar::try_from(CalendarData {
        zone: "Asia/Dubai".to_owned(),
        weekend: vec![5, 6],
        holidays: vec!["2026-04-01".to_owned()],
        hours: Some(WindowData { start: "08:00".to_owned(), end: "16:00".to_owned() }),
    })
    .unwrap();
    let mut play = given(default_playbook()).calendar(gulf).opened();
    play.at("2026-03-26T09:00:00Z").won();
    // Thursday 13:00 in Dubai: Sunday 1, Monday 2, Tuesday 3, Thursday 4 past the holiday … Thursday the 9th is 9.
    assert_eq!(play.due("kickoff_booked"), "Sun 2026-04-12 13:00");
}

#[test]
fn a_step_done_before_its_anchor_is_early_and_never_wrong() {
    let mut play = by_default();
    play.at("2026-03-10 10:00").booked("2026-04-20 09:00");
    assert_eq!(play.reading("kickoff_booked"), Met, "with nothing closed it has no window");
    play.at("2026-03-27 15:00").won();
    assert_eq!(play.reading("kickoff_booked"), Early);
}

#[test]
fn clocks_stop_when_the_deal_is_lost_and_run_again_when_it_is_won_after_all() {
    let mut play = by_default();
    let count = |play: &Play| {
        throughline_domain::clock::readings(play.handoff(), &play.playbook, &play.calendars, play.now()).len()
    };
    let before = count(&play);
    assert!(before > 10);
    play.at("2026-03-20 10:00").hears(|deal| deal.standing = Standing::Lost);
    assert_eq!(count(&play), 0);
    play.at("2026-03-25 10:00").won();
    assert_eq!(count(&play), before);
    assert_eq!(play.due("kickoff_booked"), "Wed 2026-04-08 10:00");
}

#[test]
fn late_and_early_are_never_read_from_a_disputed_report() {
    let mut play = owned();
    play.booked("2026-04-20 09:00").at("2026-04-14 10:00").reports(DANA, "internal_call");
    assert_eq!(play.reading("internal_call"), Met, "clocks run from when it happened, confirmed or not");
    play.as_(MAYA).does(DisputeStep {
        step: key("internal_call"),
        number: 0,
        reason: text("I was not there"),
    });
    play.at("2026-04-16 10:00");
    assert_eq!(play.reading("internal_call"), Overdue);
    play.confirms("internal_call", 0);
    assert_eq!(play.reading("internal_call"), Met);
}

#[test]
fn a_promise_waits_two_business_days_for_its_decision() {
    let mut play = by_default();
    play.at("2026-03-05 15:00");
    let item = promised(&mut play, "A connector by June");
    let read = |play: &Play| {
        throughline_domain::clock::promise_readings(
            play.handoff(),
            &play.playbook,
            &play.calendars,
            play.now(),
        )
        .remove(0)
    };
    assert_eq!(read(&play).due_at, instant("2026-03-09 15:00"));
    assert_eq!(read(&play).reading, Running);
    play.at("2026-03-09 15:01");
    assert_eq!(read(&play).reading, Overdue);
    play.as_(DEE).does(DecidePromise {
        item,
        verdict: throughline_domain::record::DecisionVerdict::Approved,
        reason: text("Fine"),
    });
    assert_eq!(read(&play).reading, Late);
    assert_eq!(read(&play).escalates_to, throughline_domain::Role::RevOps);
}

#[test]
fn a_reading_is_open_or_closed_by_its_name() {
    let all = [Waiting, Running, Overdue, Early, Met, Late, Missed];
    let open: Vec<&str> =
        all.iter().filter(|reading| reading.is_open()).map(|reading| Reading::name(*reading)).collect();
    assert_eq!(open, ["waiting", "running", "overdue"]);
}

#[test]
fn reopening_for_a_last_change_does_not_undo_that_the_record_was_ready() {
    let mut play = filled_at("2026-03-20 16:00");
    play.offered();
    let reopen = Reopen { asks: [key("first_use_case")].into(), reason: text("They renegotiate") };
    play.at("2026-03-26 09:00").as_(DANA).does(reopen);
    assert_eq!(play.reading("record"), Overdue, "open again while it is open");
    play.as_(DANA).fills("first_use_case");
    assert_eq!(play.reading("record"), Met);
    play.at("2026-03-27 15:00").won().at("2026-03-28 09:00");
    assert_eq!(play.reading("record"), Met);
}

#[test]
fn a_record_reopened_and_still_open_at_the_signature_was_not_ready() {
    let mut play = filled_at("2026-03-20 12:00");
    play.offered();
    let reopen = Reopen { asks: [key("first_use_case")].into(), reason: text("They renegotiate") };
    play.at("2026-03-26 09:00").as_(DANA).does(reopen);
    play.at("2026-03-27 15:00").won().at("2026-03-30 09:00").as_(DANA).fills("first_use_case");
    assert_eq!(play.reading("record"), Missed);
    assert_eq!(play.clock_of("record").done_at, Some(instant("2026-03-30 09:00")));
}
