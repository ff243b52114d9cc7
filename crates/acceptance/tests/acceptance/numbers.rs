//! Every number of every playbook stands here a second time, by hand from its document, so that none changes unseen;
//! and of each playbook one clock is heard to strike: the reminder before it is due, whoever owes it when it is, then
//! rung by rung, each to the person the ladder means, to the minute, and never on a day off.
//!
//! How each number reads before, at and after its limit, and all who are told of it, is held in `limits`.

use serde_json::{Value, json};
use throughline_domain::playbook::{Playbook, load, shipped};

use crate::story::*;

/// The clocks of a playbook, in the order of its steps: `step: anchor, rule`.
const CLOCKS: [(&str, &[&str]); 6] = [
    (
        "default",
        &[
            "nomination: signature, to 14 d",
            "early_intro: signature, from 14 d, 20 minutes, 1 to 2 times",
            "record: signature, from 5 bd, to 3 bd",
            "review: offered, within 1 bd",
            "offer_answer: offered, within 1 bd",
            "return_answer: returned, within 2 bd",
            "warm_intro: closed, within 2 bd",
            "first_contact: warm_intro, within 24 h, rolls",
            "kickoff_booked: closed, within 10 bd",
            "internal_call: kickoff, from 7 d, to 5 d, 30 minutes",
            "kickoff: its own time, 50 minutes",
            "plan_confirmed: kickoff_end, within 48 h, rolls",
            "rate_kickoff: kickoff_end, within 24 h, rolls",
            "first_value: closed, within 30 d, rolls",
            "availability: closed, within 60 d",
            "rate_day60: closed, opens 60 d, within 67 d, rolls",
        ],
    ),
    (
        "governed-gate",
        &[
            "nomination: signature, to 0 d",
            "record: signature, to 0 d",
            "offer_answer: offered, within 1 bd",
            "return_answer: returned, within 2 bd",
            "internal_call: closed, within 2 bd",
            "warm_intro: closed, within 5 bd",
            "first_value: closed, within 30 d",
            "rate_handoff: warm_intro, within 5 bd",
            "health_30: closed, opens 30 d, within 37 d",
            "health_60: closed, opens 60 d, within 67 d",
            "health_90: closed, opens 90 d, within 97 d",
            "feedback: closed, opens 30 d, within 37 d",
            "availability: closed, within 90 d",
        ],
    ),
    (
        "full-context",
        &[
            "nomination: signature, to 0 d",
            "record: signature, to 0 d",
            "internal_call: closed, within 2 bd",
            "offer_answer: offered, within 1 bd",
            "return_answer: returned, within 2 bd",
            "warm_intro: closed, within 2 bd",
            "kickoff_booked: closed, within 10 bd",
            "kickoff: its own time, 45 minutes",
            "first_value: closed, within 30 d",
            "feedback: closed, opens 30 d, within 37 d",
            "fate: closed, opens 90 d, within 97 d",
        ],
    ),
    (
        "four-domains",
        &[
            "nomination: signature, to 14 d",
            "early_intro: signature, from 14 d, 20 minutes, 1 to 2 times",
            "record: signature, from 5 bd, to 3 bd",
            "review: record_complete, within 1 bd",
            "offer_answer: offered, within 1 bd",
            "return_answer: returned, within 2 bd",
            "kickoff_booked: closed, within 10 bd",
            "internal_call: kickoff, from 7 d, to 5 d, 30 minutes",
            "kickoff: its own time, 50 minutes",
            "plan_confirmed: kickoff_end, within 48 h",
            "rate_kickoff: kickoff_end, within 24 h",
            "first_value: closed, within 30 d",
        ],
    ),
    (
        "account-truth",
        &[
            "nomination: signature, to 0 d",
            "record: closed, within 1 bd",
            "review: offered, within 1 bd",
            "offer_answer: offered, within 1 bd",
            "return_answer: returned, within 2 bd",
            "warm_intro: closed, within 2 bd",
            "kickoff_booked: closed, within 10 bd",
            "kickoff: its own time, 40 minutes",
            "rate_kickoff: kickoff_end, within 24 h",
            "first_value: closed, within 30 d",
            "first_thirty_days: closed, opens 30 d, within 37 d",
        ],
    ),
    (
        "enterprise-protocol",
        &[
            "nomination: closed, within 1 bd",
            "record: closed, within 1 bd",
            "offer_answer: offered, within 1 bd",
            "return_answer: returned, within 2 bd",
            "internal_call: kickoff, to 0 d, 30 minutes",
            "warm_intro: closed, within 2 bd",
            "first_contact: warm_intro, within 24 h",
            "kickoff_booked: closed, within 10 bd",
            "kickoff: its own time, 60 minutes",
            "first_value: closed, within 30 d",
            "availability: closed, within 60 d",
            "rate_day60: closed, opens 60 d, within 67 d",
        ],
    ),
];

/// The minutes of each kickoff's agenda.
const AGENDAS: [(&str, &[u16]); 6] = [
    ("default", &[15, 20, 15]),
    ("governed-gate", &[]),
    ("full-context", &[10, 20, 15]),
    ("four-domains", &[15, 20, 15]),
    ("account-truth", &[15, 15, 10]),
    ("enterprise-protocol", &[20, 20, 20]),
];

fn shipped_one(name: &str) -> Playbook {
    load(shipped::source(name).unwrap()).unwrap()
}

fn clocks_of(playbook: &Playbook) -> Vec<String> {
    let read = |step: &throughline_domain::playbook::Step| {
        let mut parts = Vec::new();
        match step.due.as_ref().map(|due| &due.value) {
            None => parts.push("its own time".to_owned()),
            Some(due) => {
                let anchor = serde_json::to_value(due.anchor).unwrap();
                parts.push(anchor.as_str().unwrap().to_owned());
                let spans =
                    [("opens", due.opens), ("within", due.within), ("from", due.from), ("to", due.to)];
                parts.extend(spans.into_iter().filter_map(|(name, span)| Some(format!("{name} {}", span?))));
                parts.extend(due.roll.then(|| "rolls".to_owned()));
            }
        }
        parts.extend(step.minutes.map(|minutes| format!("{minutes} minutes")));
        parts.extend(
            step.times.as_ref().map(|times| format!("{} to {} times", times.at_least, times.at_most)),
        );
        format!("{}: {}", step.id.value, parts.join(", "))
    };
    playbook.steps.iter().map(read).collect()
}

#[test]
fn every_number_of_a_playbook_is_the_one_of_its_document() {
    for (name, clocks) in CLOCKS {
        let playbook = shipped_one(name);
        assert_eq!(clocks_of(&playbook), clocks, "{name}");
        assert_eq!(playbook.promises.decide_within.to_string(), "2 bd", "{name}");
        for gate in &playbook.gates {
            assert_eq!(gate.waiver_lasts.to_string(), "10 bd", "{name}, {:?}", gate.gate);
        }
        let before: Vec<String> = playbook.escalation.remind_before.iter().map(ToString::to_string).collect();
        assert_eq!(before, ["1 bd"], "{name}");
    }
    for (name, minutes) in AGENDAS {
        let agenda: Vec<u16> = shipped_one(name).agenda.iter().map(|part| part.minutes).collect();
        assert_eq!(agenda, minutes, "{name}");
    }
}

/// What is heard of one clock: when, as what, by whom.
struct Heard {
    playbook: &'static str,
    step: &'static str,
    calls: &'static [(&'static str, &'static str, Who)],
}

/// A deal won on Thursday, 9 April, at 14:00, of which nothing more is done.
const HEARD: [Heard; 6] = [
    Heard {
        playbook: "default",
        step: "warm_intro",
        calls: &[
            ("2026-04-10 14:00", "reminder", AVA),
            ("2026-04-13 14:00", "owner", AVA),
            ("2026-04-14 14:00", "manager", ARNE),
            ("2026-04-15 14:00", "process_owner", RITA),
        ],
    },
    Heard {
        playbook: "governed-gate",
        step: "warm_intro",
        calls: &[
            ("2026-04-15 14:00", "reminder", AVA),
            ("2026-04-16 14:00", "owner", AVA),
            ("2026-04-17 14:00", "manager", ARNE),
            ("2026-04-20 14:00", "process_owner", RITA),
        ],
    },
    Heard {
        playbook: "full-context",
        step: "internal_call",
        calls: &[
            ("2026-04-10 14:00", "reminder", AVA),
            ("2026-04-13 14:00", "owner", AVA),
            ("2026-04-14 14:00", "manager", ARNE),
            ("2026-04-15 14:00", "process_owner", RITA),
        ],
    },
    Heard {
        playbook: "four-domains",
        step: "kickoff_booked",
        calls: &[
            ("2026-04-22 14:00", "reminder", MAYA),
            ("2026-04-23 14:00", "owner", MAYA),
            // Nobody leads Maya's team: it comes to whoever owns the process.
            ("2026-04-27 14:00", "manager", CLARA),
            ("2026-04-28 14:00", "cs_leader", CLARA),
        ],
    },
    Heard {
        playbook: "account-truth",
        step: "warm_intro",
        calls: &[
            ("2026-04-10 14:00", "reminder", AVA),
            ("2026-04-13 14:00", "owner", AVA),
            ("2026-04-14 14:00", "manager", ARNE),
            ("2026-04-15 14:00", "process_owner", RITA),
        ],
    },
    Heard {
        playbook: "enterprise-protocol",
        step: "warm_intro",
        calls: &[
            ("2026-04-10 14:00", "reminder", AVA),
            ("2026-04-13 14:00", "owner", AVA),
            ("2026-04-14 14:00", "manager", ARNE),
            ("2026-04-15 14:00", "cs_leader", CLARA),
        ],
    },
];

/// What was told of a step so far, oldest first: as what, and to whom.
fn told(case: &Case<'_>, step: &str) -> Vec<(String, Vec<String>)> {
    let page = case.company.by(RITA).get("/api/v1/week/told?limit=200").expect(200);
    let rows = page["rows"].as_array().unwrap().iter().rev();
    rows.filter(|row| row["handoff"]["id"] == json!(case.id) && row["matter"]["step"] == step)
        .map(|row| {
            let rung = &row["rung"];
            let what = rung["role"].as_str().or(rung["whom"].as_str()).unwrap_or("reminder");
            let names = row["letters"].as_array().unwrap().iter().map(|letter| name(&letter["to"]));
            (what.to_owned(), names.collect())
        })
        .collect()
}

fn name(somebody: &Value) -> String {
    somebody["name"].as_str().unwrap_or_default().to_owned()
}

#[test]
fn each_clock_strikes_for_the_right_person_at_the_right_minute() {
    for Heard { playbook, step, calls } in HEARD {
        let company = Company::with(playbook);
        company.at("2026-04-09 14:00");
        let case = company.deal("silent").won_at("2026-04-09 14:00").case();
        case.does(CLARA, "nominate", json!({ "csm": company.id(MAYA) }));
        for (count, (at, what, who)) in calls.iter().enumerate() {
            company.at(at).minutes_pass(-1).post_goes_out();
            assert_eq!(told(&case, step).len(), count, "{playbook}: {what} too soon before {at}");
            company.at(at).post_goes_out();
            let heard = told(&case, step);
            let wanted = ((*what).to_owned(), vec![who.name.to_owned()]);
            assert_eq!(heard.get(count), Some(&wanted), "{playbook}, {at}: {heard:?}");
        }
        // Everybody on the ladder has heard; nobody hears it twice.
        company.minutes_pass(24 * 60).post_goes_out();
        assert_eq!(told(&case, step).len(), calls.len(), "{playbook}");

        let late = company.by(CLARA).get("/api/v1/week?show=late").expect(200);
        let rows = late["rows"].as_array().unwrap();
        let row = rows.iter().find(|row| row["matter"]["step"] == step).unwrap();
        assert_eq!((&row["reading"], &row["escalated"]), (&json!("overdue"), &json!(3)), "{row:#}");
        assert_eq!(name(&row["person"]), calls[0].2.name, "{playbook}: on whom it waits");
        assert_eq!(row["why"]["from_at"], company.instant("2026-04-09 14:00").to_string());
    }
}

#[test]
fn what_is_done_in_time_is_told_to_nobody_and_what_is_done_late_goes_no_further() {
    let company = Company::with("default");
    company.at("2026-04-09 14:00");
    let case = company.deal("done").won_at("2026-04-09 14:00").case();
    case.is_assigned(MAYA);
    company.at("2026-04-10 10:00");
    case.reports(AVA, "warm_intro", "2026-04-10 09:00", json!({ "form": "mail" }));
    company.at("2026-04-20 12:00").post_goes_out();
    assert_eq!(told(&case, "warm_intro"), []);

    let late = company.at("2026-04-20 14:00").deal("late").won_at("2026-04-20 14:00").case();
    late.is_assigned(MAYA);
    company.at("2026-04-21 14:00").post_goes_out();
    company.at("2026-04-22 15:00").post_goes_out();
    let heard =
        [("reminder".to_owned(), vec![AVA.name.to_owned()]), ("owner".to_owned(), vec![AVA.name.to_owned()])];
    assert_eq!(told(&late, "warm_intro"), heard);
    late.reports(AVA, "warm_intro", "2026-04-22 15:00", json!({ "form": "mail" }));
    company.at("2026-04-24 15:00").post_goes_out();
    assert_eq!(told(&late, "warm_intro"), heard, "its manager is spared");
    let done = company.by(RITA).get("/api/v1/week?show=done").expect(200);
    let rows = done["rows"].as_array().unwrap();
    let row = rows
        .iter()
        .find(|row| row["matter"]["step"] == "warm_intro" && row["handoff"]["id"] == json!(late.id));
    assert_eq!(row.unwrap()["reading"], "late");
}

#[test]
fn nobody_is_told_on_a_day_off_and_the_week_says_which_days_were_not_counted() {
    let company = Company::with("default");
    // Two business days after Thursday, 2 April: Tuesday and Wednesday after Easter.
    company.at("2026-04-02 14:00");
    let case = company.deal("easter").won_at("2026-04-02 14:00").case();
    assert_eq!(case.due("warm_intro"), company.instant("2026-04-08 14:00"));
    company.minutes_pass(1).post_goes_out();
    for day in ["2026-04-03", "2026-04-04", "2026-04-05", "2026-04-06"] {
        company.at(&format!("{day} 12:00")).post_goes_out();
        let page = company.by(RITA).get("/api/v1/week/told?limit=200").expect(200);
        for row in page["rows"].as_array().unwrap() {
            let at = row["at"].as_str().unwrap();
            assert!(at < "2026-04-03", "told on {day}: {row:#}");
        }
    }
    company.at("2026-04-07 13:59").post_goes_out();
    assert_eq!(told(&case, "warm_intro"), []);
    company.at("2026-04-07 14:00").post_goes_out();
    assert_eq!(told(&case, "warm_intro"), [("reminder".to_owned(), vec![AVA.name.to_owned()])]);
    let coming = company.by(RITA).get("/api/v1/week?show=coming").expect(200);
    let rows = coming["rows"].as_array().unwrap();
    let row = rows.iter().find(|row| row["matter"]["step"] == "warm_intro").unwrap();
    assert_eq!(row["why"]["days_off"], json!(["2026-04-03", "2026-04-06"]));
    assert_eq!(row["why"]["rule"]["within"], "2 bd");
    assert_eq!(row["why"]["zone"], "Europe/Berlin");
}

#[test]
fn twenty_four_hours_that_end_on_a_weekend_remind_on_monday_and_escalate_after() {
    let company = Company::with("enterprise-protocol");
    company.at("2026-04-09 14:00");
    let case = company.deal("weekend").won_at("2026-04-09 14:00").case();
    case.is_assigned(MAYA);
    company.at("2026-04-10 16:00");
    case.reports(AVA, "warm_intro", "2026-04-10 16:00", json!({}));
    case.reads("first_contact", "2026-04-11 16:01", "overdue");
    for at in ["2026-04-11 12:00", "2026-04-11 16:01", "2026-04-12 12:00", "2026-04-13 08:59"] {
        company.at(at).post_goes_out();
        assert_eq!(told(&case, "first_contact"), [], "{at}");
    }
    company.at("2026-04-13 09:00").post_goes_out();
    assert_eq!(told(&case, "first_contact"), [("reminder".to_owned(), vec![MAYA.name.to_owned()])]);
    company.at("2026-04-14 08:59").post_goes_out();
    assert_eq!(told(&case, "first_contact").len(), 1, "no escalation before a reminder had its time");
    company.at("2026-04-14 09:00").post_goes_out();
    assert_eq!(told(&case, "first_contact")[1].0, "owner");
}
