//! Every number of the two playbooks, read at the minute before, at and after it turns: across Easter, weekends and
//! the night the clocks change.
//!
//! Where a deal is signed on a known day but not at a known hour, days are counted by the calendar and the last one
//! counts whole. The usual deal closes on Thursday, 9 April 2026, at 14:00.

use serde_json::{Value, json};

use crate::story::*;

const BOTH: [&str; 2] = ["default", "four-domains"];

/// A handoff in preparation, of a small deal expected to close on 9 April.
fn open<'c>(company: &'c Company, external_id: &str) -> Case<'c> {
    company.deal(external_id).case()
}

/// A handoff whose deal closed on 9 April at 14:00, told at once.
fn won<'c>(company: &'c Company, external_id: &str) -> Case<'c> {
    company.at("2026-04-09 14:00").deal(external_id).won_at("2026-04-09 14:00").case()
}

/// A won one with the CSM's acceptance.
fn assigned<'c>(company: &'c Company, external_id: &str) -> Case<'c> {
    let case = won(company, external_id);
    case.is_assigned(MAYA);
    case
}

/// One whose kickoff was held, and ended at a local time.
fn kicked_off<'c>(company: &'c Company, external_id: &str, from: &str, to: &str) -> Case<'c> {
    let case = assigned(company, external_id);
    company.at(to);
    case.reports(MAYA, "kickoff", from, json!({ "ended_at": company.instant(to) }));
    case
}

#[test]
fn a_csm_is_nominated_fourteen_days_before_the_signature() {
    for playbook in BOTH {
        let company = Company::with(playbook);
        let case = open(&company, "running");
        case.reads("nomination", "2026-03-26 23:59", "running");
        let name = |id: &str, at: &str, reading: &str| {
            let case = open(&company, id);
            company.at(at);
            case.does(CLARA, "nominate", json!({ "csm": company.id(MAYA) }));
            assert_eq!(case.reading("nomination"), reading, "{playbook}, {at}");
        };
        name("long before", "2026-03-10 09:00", "met");
        name("in time", "2026-03-26 23:59", "met");
        name("late", "2026-03-27 00:01", "late");
        case.reads("nomination", "2026-03-27 00:01", "overdue");
        // The day passes without a signature: nothing is lost yet.
        case.reads("nomination", "2026-04-10 09:00", "overdue");
        case.news().won_at("2026-04-10 09:30").told();
        case.reads("nomination", "2026-04-10 09:31", "missed");
    }
}

#[test]
fn the_csm_meets_the_customer_in_the_last_two_weeks() {
    for playbook in BOTH {
        let company = Company::with(playbook);
        let met = |id: &str, at: &str, reading: &str| {
            let case = won(&company, id);
            company.at("2026-04-20 09:00");
            case.does(CLARA, "nominate", json!({ "csm": company.id(MAYA) }));
            case.reports(MAYA, "early_intro", at, json!({}));
            assert_eq!(case.reading("early_intro"), reading, "{playbook}, {at}");
        };
        // Fourteen days before 14:00 are 14:00, whatever the clocks did on 29 March.
        met("early", "2026-03-26 13:59", "early");
        met("met first", "2026-03-26 14:00", "met");
        met("met last", "2026-04-09 14:00", "met");
        met("missed", "2026-04-09 14:01", "missed");
        let none = won(&company, "never");
        none.reads("early_intro", "2026-04-20 09:00", "missed");
    }
    let company = Company::with("default");
    let case = open(&company, "open");
    case.reads("early_intro", "2026-03-25 23:59", "waiting");
    case.reads("early_intro", "2026-03-26 00:00", "running");
    case.reads("early_intro", "2026-04-09 23:59", "running");
    case.reads("early_intro", "2026-04-10 00:01", "overdue");
}

#[test]
fn the_record_is_ready_three_to_five_business_days_before_the_signature() {
    for (playbook, last) in [("default", "trigger_holds"), ("four-domains", "it_engaged")] {
        let company = Company::with(playbook);
        let ready = |id: &str, at: &str, reading: &str| {
            let case = open(&company, id);
            case.fills_all_but(last);
            company.at(at);
            case.answers(AVA, last);
            assert_eq!(case.reading("record"), reading, "{playbook}, {at}");
        };
        // Before Thursday, 9 April: 8 and 7 April, then Easter, then 2 and 1 April and 31 March.
        company.at("2026-03-20 09:00");
        ready("early", "2026-03-30 23:59", "early");
        ready("met first", "2026-03-31 00:00", "met");
        ready("met last", "2026-04-02 23:59", "met");
        ready("late", "2026-04-03 00:01", "late");
        ready("very late", "2026-04-09 13:00", "late");

        let case = open(&company, "open");
        case.reads("record", "2026-03-30 23:59", "waiting");
        case.reads("record", "2026-03-31 00:00", "running");
        case.reads("record", "2026-04-02 23:59", "running");
        case.reads("record", "2026-04-03 00:01", "overdue");
        company.at("2026-04-09 14:00");
        case.news().won_at("2026-04-09 14:00").told();
        case.reads("record", "2026-04-09 14:01", "missed");
        // Signed at 14:00: now the window counts to the minute.
        assert_eq!(case.due("record"), company.instant("2026-04-02 14:00"));
        case.fills_the_record();
        assert_eq!(case.reading("record"), "missed", "ready after the signature is not ready");
    }
}

#[test]
fn a_slipped_close_date_reads_all_clocks_again() {
    let company = Company::with("default");
    let case = open(&company, "slipping");
    company.at("2026-04-03 12:00");
    assert_eq!(case.reading("record"), "overdue");
    case.news().closing("2026-04-30").told();
    for step in ["record", "early_intro"] {
        assert_eq!(case.reading(step), "waiting", "{step}");
    }
    assert_eq!(case.reading("nomination"), "running");
    case.reads("nomination", "2026-04-16 23:59", "running");
    case.reads("nomination", "2026-04-17 00:01", "overdue");
}

#[test]
fn review_and_answer_have_one_business_day_and_a_return_two() {
    for playbook in BOTH {
        let company = Company::with(playbook);
        company.at("2026-04-02 11:00");
        let case = open(&company, "offered");
        case.fills_the_record();
        case.offers(AVA, MAYA);
        // Good Friday, the weekend and Easter Monday do not count.
        for step in ["review", "offer_answer"] {
            case.reads(step, "2026-04-07 11:00", "running");
            case.reads(step, "2026-04-07 11:01", "overdue");
        }
        company.at("2026-04-07 11:01");
        case.does(MAYA, "return", json!({ "code": "incomplete", "reason": "The measure is missing." }));
        assert_eq!(case.reading("offer_answer"), "late");
        case.reads("return_answer", "2026-04-09 11:01", "running");
        case.reads("return_answer", "2026-04-09 11:02", "overdue");
        case.does(AVA, "answer-return", json!({ "text": "It is there now." }));
        assert_eq!(case.reading("return_answer"), "late");
        case.offers(AVA, MAYA);
        company.at("2026-04-10 11:02");
        case.reviews(MAYA);
        case.does(MAYA, "accept", json!({}));
        assert_eq!(case.reading("offer_answer"), "met");
        // From the offer, or from the document's completion: what was returned was not complete.
        assert_eq!(case.reading("review"), "met");
    }
}

#[test]
fn a_promise_is_decided_within_two_business_days() {
    let company = Company::with("default");
    company.at("2026-04-02 11:00");
    let case = open(&company, "promising");
    let item = case.promises(AVA, &promise("price", false, true));
    let reading = |at: &str| {
        company.at(at);
        let rows = company.by(DORA).get("/api/v1/commitments").expect(200)["rows"].clone();
        assert_eq!(rows[0]["decide_by"], company.instant("2026-04-08 11:00").to_string());
        rows[0]["reading"].as_str().unwrap_or_default().to_owned()
    };
    assert_eq!(reading("2026-04-08 11:00"), "running");
    assert_eq!(reading("2026-04-08 11:01"), "overdue");
    case.decides(DORA, &item, "declined");
    assert_eq!(case.view().promise(&item), "to_be_corrected");
}

#[test]
fn the_introduction_comes_within_two_business_days_of_the_close() {
    let company = Company::with("default");
    let introduced = |id: &str, at: &str, reading: &str| {
        let case = assigned(&company, id);
        company.at("2026-04-20 09:00");
        case.reports(AVA, "warm_intro", at, json!({ "form": "mail" }));
        assert_eq!(case.reading("warm_intro"), reading, "{at}");
    };
    introduced("before", "2026-04-09 13:59", "early");
    introduced("met", "2026-04-13 14:00", "met");
    introduced("late", "2026-04-13 14:01", "late");
    let open = assigned(&company, "open");
    open.reads("warm_intro", "2026-04-13 14:00", "running");
    open.reads("warm_intro", "2026-04-13 14:01", "overdue");
}

#[test]
fn the_first_contact_comes_within_a_day_of_the_introduction() {
    let company = Company::with("default");
    let contacted = |id: &str, introduced: &str, at: &str, reading: &str| {
        let case = assigned(&company, id);
        company.at("2026-04-30 09:00");
        case.reports(AVA, "warm_intro", introduced, json!({ "form": "mail" }));
        case.reports(MAYA, "first_contact", at, json!({}));
        assert_eq!(case.reading("first_contact"), reading, "{at}");
    };
    contacted("met", "2026-04-14 10:00", "2026-04-15 10:00", "met");
    contacted("late", "2026-04-14 10:00", "2026-04-15 10:01", "late");
    // A day after Friday, 16:00, is Saturday: due when Monday opens.
    contacted("over the weekend", "2026-04-17 16:00", "2026-04-20 09:00", "met");
    contacted("after the weekend", "2026-04-17 16:00", "2026-04-20 09:01", "late");
    // A day after 18:30 is after hours: due when the next morning opens.
    contacted("in the evening", "2026-04-14 18:30", "2026-04-16 09:00", "met");
    contacted("next morning", "2026-04-14 18:30", "2026-04-16 09:01", "late");

    let case = assigned(&company, "waiting");
    assert_eq!(case.reading("first_contact"), "waiting", "nobody has been introduced");
    company.at("2026-04-14 10:00");
    case.reports(AVA, "warm_intro", "2026-04-14 10:00", json!({ "form": "mail" }));
    case.reads("first_contact", "2026-04-15 10:00", "running");
    case.reads("first_contact", "2026-04-15 10:01", "overdue");
}

#[test]
fn the_kickoff_is_booked_within_ten_business_days_of_the_close() {
    for playbook in BOTH {
        let company = Company::with(playbook);
        let booked = |id: &str, at: &str, reading: &str| {
            let case = assigned(&company, id);
            company.at("2026-05-11 09:00");
            case.reports(
                MAYA,
                "kickoff_booked",
                at,
                json!({ "booked_for": company.instant("2026-05-20 10:00") }),
            );
            assert_eq!(case.reading("kickoff_booked"), reading, "{playbook}, {at}");
        };
        booked("before the close", "2026-04-08 10:00", "early");
        booked("met", "2026-04-23 14:00", "met");
        booked("late", "2026-04-23 14:01", "late");
        let open = won(&company, "open");
        open.reads("kickoff_booked", "2026-04-23 14:00", "running");
        open.reads("kickoff_booked", "2026-04-23 14:01", "overdue");
    }
}

#[test]
fn a_close_known_by_its_day_only_counts_whole_days() {
    let company = Company::with("default");
    company.at("2026-04-14 09:00");
    // The CRM says won, without a time; its close date is a day that has passed.
    let news = company.deal("by day").with("standing", json!("won")).closing("2026-04-09");
    let case = news.case();
    case.reads("kickoff_booked", "2026-04-23 23:59", "running");
    case.reads("kickoff_booked", "2026-04-24 00:01", "overdue");
    // Sixty days after 9 April end with 8 June.
    case.reads("availability", "2026-06-08 23:59", "running");
    case.reads("availability", "2026-06-09 00:01", "met");
}

#[test]
fn the_internal_call_comes_seven_to_five_days_before_the_kickoff() {
    for playbook in BOTH {
        let company = Company::with(playbook);
        let form = if playbook == "default" { json!({ "form": "live" }) } else { json!({}) };
        let called = |id: &str, at: &str, reading: &str| {
            let case = assigned(&company, id);
            company.at("2026-04-15 09:00");
            let booked = json!({ "booked_for": company.instant("2026-04-30 10:00") });
            case.reports(MAYA, "kickoff_booked", "2026-04-15 09:00", booked);
            company.at("2026-04-29 09:00");
            case.reports(AVA, "internal_call", at, form.clone());
            assert_eq!(case.reading("internal_call"), reading, "{playbook}, {at}");
        };
        called("early", "2026-04-23 09:59", "early");
        called("met first", "2026-04-23 10:00", "met");
        called("met last", "2026-04-25 10:00", "met");
        called("late", "2026-04-25 10:01", "late");

        let case = assigned(&company, "open");
        assert_eq!(case.reading("internal_call"), "waiting", "no kickoff is booked");
        company.at("2026-04-15 09:00");
        let booked = json!({ "booked_for": company.instant("2026-04-30 10:00") });
        case.reports(MAYA, "kickoff_booked", "2026-04-15 09:00", booked);
        case.reads("internal_call", "2026-04-23 09:59", "waiting");
        case.reads("internal_call", "2026-04-23 10:00", "running");
        case.reads("internal_call", "2026-04-25 10:00", "running");
        case.reads("internal_call", "2026-04-25 10:01", "overdue");
        // A kickoff that is put off gives the call its time back.
        company.at("2026-04-28 09:00");
        let later = json!({ "booked_for": company.instant("2026-05-08 10:00") });
        case.reports(MAYA, "kickoff_booked", "2026-04-28 09:00", later);
        case.reads("internal_call", "2026-05-01 09:59", "waiting");
        case.reads("internal_call", "2026-05-01 10:00", "running");
        company.at("2026-05-08 11:00");
        case.reports(MAYA, "kickoff", "2026-05-08 10:00", json!({}));
        assert_eq!(case.reading("internal_call"), "missed");
    }
}

#[test]
fn the_plan_is_confirmed_within_48_hours_and_the_handoff_rated_within_24() {
    // Held on Tuesday: no weekend in the way, both playbooks alike.
    for playbook in BOTH {
        let company = Company::with(playbook);
        let confirmed = |id: &str, at: &str, reading: &str| {
            let case = kicked_off(&company, id, "2026-04-21 10:00", "2026-04-21 10:50");
            case.does(MAYA, "open-plan", json!({}));
            company.at("2026-04-24 12:00");
            case.does(MAYA, "confirm-plan", confirmation(&company, at));
            assert_eq!(case.reading("plan_confirmed"), reading, "{playbook}, {at}");
        };
        confirmed("met", "2026-04-23 10:50", "met");
        confirmed("late", "2026-04-23 10:51", "late");
        let rated = |id: &str, at: &str, reading: &str| {
            let case = kicked_off(&company, id, "2026-04-21 10:00", "2026-04-21 10:50");
            company.at(at);
            case.does(MAYA, "rate", json!({ "rating": "kickoff", "score": 5 }));
            assert_eq!(case.reading("rate_kickoff"), reading, "{playbook}, {at}");
        };
        rated("rated", "2026-04-22 10:50", "met");
        rated("rated late", "2026-04-22 10:51", "late");
        let open = kicked_off(&company, "open", "2026-04-21 10:00", "2026-04-21 10:50");
        open.reads("rate_kickoff", "2026-04-22 10:50", "running");
        open.reads("rate_kickoff", "2026-04-22 10:51", "overdue");
        open.reads("plan_confirmed", "2026-04-23 10:50", "running");
        open.reads("plan_confirmed", "2026-04-23 10:51", "overdue");
    }
}

fn confirmation(company: &Company, at: &str) -> Value {
    json!({ "form": "mail", "at": company.instant(at), "evidence": evidence() })
}

#[test]
fn hours_that_end_on_a_weekend_roll_in_default_and_stand_in_four_domains() {
    for (playbook, due) in [("default", "2026-04-27 09:00"), ("four-domains", "2026-04-26 15:50")] {
        let company = Company::with(playbook);
        let case = kicked_off(&company, "friday", "2026-04-24 15:00", "2026-04-24 15:50");
        assert_eq!(case.due("plan_confirmed"), company.instant(due), "{playbook}");
        company.at(due);
        assert_eq!(case.reading("plan_confirmed"), "running");
        company.minutes_pass(1);
        assert_eq!(case.reading("plan_confirmed"), "overdue");
    }
}

#[test]
fn hours_are_hours_in_the_night_the_clocks_change() {
    // Kickoff on Friday, 23 October; the clocks go back on Sunday. Four-domains counts elapsed hours.
    let company = Company::with("four-domains");
    company.at("2026-10-23 09:00");
    let case = company.deal("autumn").won_at("2026-10-22 12:00").closing("2026-10-22").case();
    case.is_assigned(MAYA);
    company.at("2026-10-24 09:00");
    case.reports(
        MAYA,
        "kickoff",
        "2026-10-24 08:00",
        json!({ "ended_at": company.instant("2026-10-24 09:00") }),
    );
    assert_eq!(
        case.due("plan_confirmed"),
        company.instant("2026-10-26 08:00"),
        "48 hours, one of them twice"
    );
    // Calendar days keep the time of day.
    assert_eq!(case.due("first_value"), company.instant("2026-11-21 12:00"));
}

#[test]
fn first_value_is_due_thirty_days_after_the_close() {
    for (playbook, due) in [("default", "2026-05-11 09:00"), ("four-domains", "2026-05-09 14:00")] {
        let company = Company::with(playbook);
        let open = assigned(&company, "open");
        assert_eq!(open.due("first_value"), company.instant(due), "thirty days end on a Saturday");
        company.at(due);
        assert_eq!(open.reading("first_value"), "running");
        company.minutes_pass(1);
        assert_eq!(open.reading("first_value"), "overdue");
        open.reports(MAYA, "first_value", due, json!({}));
        assert_eq!(open.reading("first_value"), "met");
    }
}

#[test]
fn the_ae_stays_sixty_days_and_the_second_rating_has_a_week() {
    let company = Company::with("default");
    let case = assigned(&company, "sixty");
    case.reads("availability", "2026-06-08 13:59", "running");
    case.reads("rate_day60", "2026-06-08 13:59", "waiting");
    assert_eq!(case.refused(MAYA, "rate", json!({ "rating": "day60", "score": 4 })).status, 409);
    case.reads("availability", "2026-06-08 14:00", "met");
    case.reads("rate_day60", "2026-06-08 14:00", "running");
    case.reads("rate_day60", "2026-06-15 14:00", "running");
    case.reads("rate_day60", "2026-06-15 14:01", "overdue");
    case.does(MAYA, "rate", json!({ "rating": "day60", "score": 4 }));
    assert_eq!(case.reading("rate_day60"), "late");
}
