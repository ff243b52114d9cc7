//! Due times where clocks, days off and the ends of working hours meet.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use jiff::Timestamp;
use jiff::civil::date;
use serde_json::json;
use throughline_domain::calendar::{
    Calendar, CalendarError, Direction, Direction::After, Direction::Before, Span,
};

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn span(text: &str) -> Span {
    text.parse().unwrap()
}

fn calendar(zone: &str, weekend: &[u8], holidays: &[&str], hours: Option<(&str, &str)>) -> Calendar {
    let hours = hours.map(|(start, end)| json!({"start": start, "end": end}));
    let data = json!({"zone": zone, "weekend": weekend, "holidays": holidays, "hours": hours});
    serde_json::from_value(data).unwrap()
}

#[track_caller]
fn expect(calendar: &Calendar, anchor: &str, length: &str, direction: Direction, due: &str) {
    assert_eq!(
        calendar.due(at(anchor), span(length), direction),
        Ok(at(due)),
        "{length} {direction:?} {anchor}"
    );
}

#[test]
fn hours_elapse_whatever_the_clocks_do() {
    let berlin = calendar("Europe/Berlin", &[6, 7], &[], None);
    expect(&berlin, "2026-03-28T12:00:30+01:00", "24 h", After, "2026-03-29T13:00:30+02:00");
    expect(&berlin, "2026-10-25T12:00:00+01:00", "24 h", Before, "2026-10-24T13:00:00+02:00");
}

#[test]
fn a_skipped_time_moves_on_by_the_skip_in_both_directions() {
    let berlin = calendar("Europe/Berlin", &[], &[], None);
    expect(&berlin, "2026-03-28T02:30:15+01:00", "1 d", After, "2026-03-29T03:30:15+02:00");
    expect(&berlin, "2026-03-30T02:30:00+02:00", "1 bd", Before, "2026-03-29T03:30:00+02:00");
    let lord_howe = calendar("Australia/Lord_Howe", &[], &[], None);
    expect(&lord_howe, "2026-10-05T02:10:00+11:00", "1 d", Before, "2026-10-04T02:40:00+11:00");
}

#[test]
fn a_time_that_comes_twice_is_the_first_except_for_the_anchor_itself() {
    let berlin = calendar("Europe/Berlin", &[], &[], None);
    expect(&berlin, "2026-10-24T02:30:00+02:00", "1 d", After, "2026-10-25T02:30:00+02:00");
    expect(&berlin, "2026-10-26T02:30:00+01:00", "1 bd", Before, "2026-10-25T02:30:00+02:00");
    for zero in ["0 h", "0 d", "0 bd"] {
        expect(&berlin, "2026-10-25T02:30:00+01:00", zero, After, "2026-10-25T02:30:00+01:00");
        expect(&berlin, "2026-10-25T02:30:00+01:00", zero, Before, "2026-10-25T02:30:00+01:00");
    }
}

#[test]
fn an_anchor_on_a_day_off_rolls_and_is_counted_from_there() {
    let week = calendar("UTC", &[6, 7], &["2026-01-05", "2026-01-04"], None);
    expect(&week, "2026-01-03T10:00:00Z", "0 bd", After, "2026-01-06T10:00:00Z");
    expect(&week, "2026-01-03T10:00:00Z", "0 bd", Before, "2026-01-02T10:00:00Z");
    expect(&week, "2026-01-03T10:00:00Z", "1 bd", After, "2026-01-07T10:00:00Z");
    expect(&week, "2026-01-05T10:00:00Z", "1 bd", Before, "2026-01-01T10:00:00Z");
}

#[test]
fn a_date_that_the_zone_left_out_is_counted_by_the_calendar_and_worked_by_nobody() {
    // Samoa had no Friday 30 December 2011.
    let apia = calendar("Pacific/Apia", &[6, 7], &[], Some(("09:00", "17:00")));
    expect(&apia, "2011-12-29T10:00:00-10:00", "1 d", After, "2011-12-31T10:00:00+14:00");
    expect(&apia, "2011-12-29T10:00:00-10:00", "2 bd", After, "2012-01-02T10:00:00+14:00");
    expect(&apia, "2011-12-29T16:00:00-10:00", "2 bh", After, "2012-01-02T10:00:00+14:00");
    expect(&apia, "2012-01-02T10:00:00+14:00", "2 bh", Before, "2011-12-29T16:00:00-10:00");
    let kwajalein = calendar("Pacific/Kwajalein", &[], &[], Some(("00:00", "24:00")));
    expect(&kwajalein, "1993-08-20T23:00:00-12:00", "2 bh", After, "1993-08-22T01:00:00+12:00");
}

#[test]
fn working_time_meets_the_end_of_the_hours_and_stays() {
    let office = calendar("Europe/Berlin", &[6, 7], &[], Some(("09:00", "17:00")));
    expect(&office, "2026-01-05T09:00:00+01:00", "8 bh", After, "2026-01-05T17:00:00+01:00");
    expect(&office, "2026-01-05T17:00:00+01:00", "8 bh", Before, "2026-01-05T09:00:00+01:00");
    expect(&office, "2026-01-09T17:00:00+01:00", "1 bh", After, "2026-01-12T10:00:00+01:00");
    expect(&office, "2026-01-12T09:00:00+01:00", "1 bh", Before, "2026-01-09T16:00:00+01:00");
    for ends in ["2026-01-05T09:00:00+01:00", "2026-01-05T17:00:00+01:00"] {
        expect(&office, ends, "0 bh", After, ends);
        expect(&office, ends, "0 bh", Before, ends);
    }
    expect(&office, "2026-01-09T17:00:01+01:00", "0 bh", After, "2026-01-12T09:00:00+01:00");
    expect(&office, "2026-01-12T08:59:59+01:00", "0 bh", Before, "2026-01-09T17:00:00+01:00");
}

#[test]
fn working_hours_are_longer_or_shorter_on_a_day_of_change() {
    let early = calendar("Europe/Berlin", &[], &[], Some(("01:00", "09:00")));
    expect(&early, "2026-03-29T01:00:00+01:00", "7 bh", After, "2026-03-29T09:00:00+02:00");
    expect(&early, "2026-10-25T01:00:00+02:00", "9 bh", After, "2026-10-25T09:00:00+01:00");
    expect(&early, "2026-10-25T09:00:00+01:00", "9 bh", Before, "2026-10-25T01:00:00+02:00");
}

#[test]
fn hours_that_end_in_a_change_of_clocks_end_by_the_rule() {
    let until_half_past_two = calendar("Europe/Berlin", &[], &[], Some(("01:00", "02:30")));
    expect(&until_half_past_two, "2026-03-29T01:00:00+01:00", "1 bh", After, "2026-03-29T03:00:00+02:00");
    expect(&until_half_past_two, "2026-03-29T12:00:00+02:00", "0 bh", Before, "2026-03-29T03:30:00+02:00");
    expect(&until_half_past_two, "2026-10-25T12:00:00+01:00", "0 bh", Before, "2026-10-25T02:30:00+02:00");
    expect(&until_half_past_two, "2026-10-25T02:10:00+01:00", "0 bh", After, "2026-10-26T01:00:00+01:00");
}

#[test]
fn hours_that_a_change_of_clocks_swallows_are_not_worked() {
    let turned_round = calendar("Europe/Berlin", &[], &[], Some(("02:30", "03:15")));
    expect(&turned_round, "2026-03-28T12:00:00+01:00", "0 bh", After, "2026-03-30T02:30:00+02:00");
    expect(&turned_round, "2026-03-29T12:00:00+02:00", "0 bh", Before, "2026-03-28T03:15:00+01:00");
    let no_length_left = calendar("Europe/Berlin", &[], &[], Some(("02:30", "03:30")));
    expect(&no_length_left, "2026-03-29T12:00:00+02:00", "0 bh", Before, "2026-03-28T03:30:00+01:00");
}

#[test]
fn a_date_that_steps_back_with_the_clocks_loses_no_hours() {
    // Newfoundland put its clocks back at a minute past midnight, so Sunday 7 November 2010 had two beginnings.
    let half_past_eleven_again = "2010-11-06T23:30:00-03:30";
    let round_the_clock = calendar("America/St_Johns", &[], &[], Some(("00:00", "24:00")));
    expect(&round_the_clock, half_past_eleven_again, "0 bh", Before, half_past_eleven_again);
    let sundays = calendar("America/St_Johns", &[1, 2, 3, 4, 5, 6], &[], Some(("00:00", "24:00")));
    expect(&sundays, half_past_eleven_again, "0 bh", Before, half_past_eleven_again);
    expect(&sundays, half_past_eleven_again, "0 bh", After, half_past_eleven_again);
    let days = calendar("America/St_Johns", &[], &[], None);
    let midnight_before = at("2010-11-06T00:00:00-02:30");
    assert_eq!(days.business_days_between(midnight_before, at(half_past_eleven_again)), Ok(1));
}

#[test]
fn the_midnight_that_ends_a_working_day_is_still_within_it() {
    let weekdays = calendar("UTC", &[6, 7], &[], Some(("00:00", "24:00")));
    expect(&weekdays, "2026-01-03T00:00:00Z", "0 bh", After, "2026-01-03T00:00:00Z");
    expect(&weekdays, "2026-01-05T00:00:00Z", "0 bh", Before, "2026-01-05T00:00:00Z");
    expect(&weekdays, "2026-01-03T00:00:01Z", "0 bh", After, "2026-01-05T00:00:00Z");
}

#[test]
fn midnight_may_be_skipped_or_come_twice() {
    let round_the_clock = calendar("America/Sao_Paulo", &[], &[], Some(("00:00", "24:00")));
    expect(&round_the_clock, "2014-10-18T12:00:00-03:00", "12 bh", After, "2014-10-19T01:00:00-02:00");
    expect(&round_the_clock, "2014-10-18T12:00:00-03:00", "13 bh", After, "2014-10-19T02:00:00-02:00");
    // Where the working day is the 18th alone, its end is the start of the next day.
    let one_day = calendar("America/Sao_Paulo", &[7], &[], Some(("00:00", "24:00")));
    expect(&one_day, "2014-10-19T15:00:00-02:00", "0 bh", Before, "2014-10-19T01:00:00-02:00");
    // Cuba puts its clocks back from one to midnight: the first of the two midnights parts the days.
    let havana = calendar("America/Havana", &[7], &[], Some(("00:00", "24:00")));
    expect(&havana, "2026-11-01T12:00:00-05:00", "0 bh", Before, "2026-11-01T00:00:00-04:00");
    assert_eq!(havana.start_of_day(date(2026, 11, 1)), Ok(at("2026-11-01T00:00:00-04:00")));
}

#[test]
fn stretches_that_overlap_count_once() {
    // Toronto's clocks went from 23:30 to 00:30, so the night shift's end moves past the next morning's start.
    let toronto = calendar("America/Toronto", &[], &[], Some(("00:30", "23:59")));
    let length = span("24 bh");
    let anchor = at("1919-03-30T12:00:00-05:00");
    let due = toronto.due(anchor, length, After).unwrap();
    assert_eq!(due, at("1919-03-31T13:00:00-04:00"));
    assert_eq!(toronto.due(due, length, Before), Ok(anchor));
}

#[test]
fn far_answers_come_at_once_and_endless_ones_not_at_all() {
    let lazy = calendar("Europe/Berlin", &[1, 2, 3, 4, 5, 6], &[], Some(("09:00", "09:01")));
    expect(&lazy, "2026-01-04T10:00:00+01:00", "100000 bd", After, "3942-07-19T10:00:00+02:00");
    assert_eq!(lazy.due(at("2026-01-04T10:00:00Z"), span("1000000 bh"), After), Err(CalendarError::TooFar));
    assert_eq!(
        lazy.due(at("2026-01-04T10:00:00Z"), span("1000000 bd"), After),
        Err(CalendarError::OutOfRange)
    );
    assert_eq!(lazy.due(Timestamp::MAX, span("1 h"), After), Err(CalendarError::OutOfRange));
    assert_eq!(lazy.due(Timestamp::MIN, span("1 d"), Before), Err(CalendarError::OutOfRange));
}

#[test]
fn a_holiday_run_of_decades_is_stepped_over() {
    let first = date(2030, 1, 1);
    let off: Vec<String> =
        first.series(jiff::Span::new().days(1)).take(20_000).map(|day| day.to_string()).collect();
    let off: Vec<&str> = off.iter().map(String::as_str).collect();
    let sabbatical = calendar("UTC", &[6, 7], &off, Some(("09:00", "17:00")));
    expect(&sabbatical, "2029-12-31T10:00:00Z", "1 bd", After, "2084-10-04T10:00:00Z");
    expect(&sabbatical, "2029-12-31T16:00:00Z", "2 bh", After, "2084-10-04T10:00:00Z");
    expect(&sabbatical, "2050-01-01T10:00:00Z", "6 bd", Before, "2029-12-21T10:00:00Z");
}

#[test]
fn business_hours_need_working_hours() {
    let hourless = calendar("UTC", &[], &[], None);
    assert_eq!(hourless.due(at("2026-01-05T10:00:00Z"), span("0 bh"), After), Err(CalendarError::NoHours));
}

#[test]
fn a_reminder_waits_for_the_next_opening() {
    let office = calendar("Europe/Berlin", &[6, 7], &["2026-01-05"], Some(("09:00", "17:00")));
    let opening = |text| office.next_opening(at(text)).unwrap();
    assert_eq!(opening("2026-01-02T16:59:00+01:00"), at("2026-01-02T16:59:00+01:00"));
    assert_eq!(opening("2026-01-02T17:00:00+01:00"), at("2026-01-02T17:00:00+01:00"));
    assert_eq!(opening("2026-01-02T17:00:01+01:00"), at("2026-01-06T09:00:00+01:00"));
    assert_eq!(opening("2026-01-06T03:00:00+01:00"), at("2026-01-06T09:00:00+01:00"));

    let days = calendar("Europe/Berlin", &[6, 7], &["2026-01-05"], None);
    let opening = |text| days.next_opening(at(text)).unwrap();
    assert_eq!(opening("2026-01-02T23:59:59+01:00"), at("2026-01-02T23:59:59+01:00"));
    assert_eq!(opening("2026-01-03T00:00:00+01:00"), at("2026-01-06T00:00:00+01:00"));

    let apia = calendar("Pacific/Apia", &[4, 6, 7], &[], None);
    assert_eq!(apia.next_opening(at("2011-12-29T10:00:00-10:00")), Ok(at("2012-01-02T00:00:00+14:00")));
}

#[test]
fn business_days_pass_when_the_time_of_day_comes_round() {
    let week = calendar("Europe/Berlin", &[6, 7], &["2026-01-06"], None);
    let passed = |from, to| week.business_days_between(at(from), at(to)).unwrap();
    assert_eq!(passed("2026-01-05T10:00:00+01:00", "2026-01-07T09:59:59+01:00"), 0);
    assert_eq!(passed("2026-01-05T10:00:00+01:00", "2026-01-07T10:00:00+01:00"), 1);
    assert_eq!(passed("2026-01-05T10:00:00+01:00", "2026-01-11T10:00:00+01:00"), 3);
    assert_eq!(passed("2026-01-03T10:00:00+01:00", "2026-01-07T10:00:00+01:00"), 1);
    assert_eq!(passed("2026-01-05T10:00:00+01:00", "2025-01-05T10:00:00+01:00"), 0);
}

#[test]
fn a_day_begins_with_its_first_instant_and_ends_with_the_next_days() {
    let sao_paulo = calendar("America/Sao_Paulo", &[], &[], None);
    assert_eq!(sao_paulo.start_of_day(date(2014, 10, 19)), Ok(at("2014-10-19T01:00:00-02:00")));
    assert_eq!(sao_paulo.end_of_day(date(2014, 10, 18)), sao_paulo.start_of_day(date(2014, 10, 19)));
    let toronto = calendar("America/Toronto", &[], &[], None);
    assert_eq!(toronto.start_of_day(date(1919, 3, 31)), Ok(at("1919-03-31T00:30:00-04:00")));
    let apia = calendar("Pacific/Apia", &[], &[], None);
    assert_eq!(apia.start_of_day(date(2011, 12, 30)), apia.end_of_day(date(2011, 12, 30)));
    assert_eq!(apia.end_of_day(date(2011, 12, 29)), Ok(at("2011-12-31T00:00:00+14:00")));
    assert_eq!(apia.local_date(at("2011-12-30T09:59:59Z")), date(2011, 12, 29));
    assert_eq!(apia.local_date(at("2011-12-30T10:00:00Z")), date(2011, 12, 31));
    assert_eq!(apia.end_of_day(jiff::civil::Date::MAX), Err(CalendarError::OutOfRange));
}
