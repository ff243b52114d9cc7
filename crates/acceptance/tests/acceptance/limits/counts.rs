//! What is counted and is no clock: one less, exactly, one more.

use serde_json::{Value, json};

use super::{
    Share, shifted,
    starts::{Start, fills},
};
use crate::story::*;

/// Scores go from 1 to 5; two and less say why, in one of the reasons named.
#[track_caller]
pub fn scores_go_from_one_to_five(
    playbook: &str,
    rating: &str,
    reasons: &[&str],
    begins: (Start, &str, &str),
) {
    let company = Company::with(playbook);
    let (start, since, at) = begins;
    let case = start.brings(&company, rating, since);
    company.at(at);
    let body = |score: i64, reason: Value| json!({ "rating": rating, "score": score, "reason": reason });
    for score in [0, 6] {
        let refused = case.refused(MAYA, "rate", body(score, Value::Null));
        assert_eq!(refused.status, 422, "{playbook}, {rating}: {score}");
    }
    for score in [1, 2] {
        for reason in [Value::Null, json!("nonsense")] {
            let refused = case.refused(MAYA, "rate", body(score, reason.clone()));
            assert_eq!((refused.status, refused.kind.as_str()), (422, "invalid"), "{score} for {reason}");
        }
        for reason in reasons {
            case.does(MAYA, "rate", body(score, json!(reason)));
        }
    }
    for score in [3, 4, 5] {
        let view = case.does(MAYA, "rate", body(score, Value::Null));
        assert_eq!(view.0["ratings"][rating]["score"], score, "{playbook}, {rating}");
    }
    for who in [AVA, ARNE] {
        assert_eq!(case.seen_by(who).0["ratings"][rating]["score"], 5, "{} sees it", who.name);
    }
    assert!(case.seen_by(FINN).0["ratings"].is_null(), "who pays does not");
}

/// What can be waived at a gate, and by whom.
pub type Waived = (&'static str, (&'static str, &'static str), &'static [Who]);

/// A waiver lasts ten business days at most, and is granted by whom the gate names and by nobody else.
#[track_caller]
pub fn waivers_last_ten_business_days(share: Share, playbook: &str, gates: &[Waived]) {
    let company = Company::with(playbook);
    // Ten days of work from Friday, 20 March, over Easter.
    let (now, last) = ("2026-03-20 10:00", "2026-04-07 10:00");
    for (_, (gate, (of, what), by)) in gates.iter().enumerate().filter(|(nth, _)| share.takes(*nth)) {
        for (nth, granting) in by.iter().enumerate() {
            let case = company.at(now).deal(&format!("{gate} {nth}")).case();
            let covers = json!([{ "of": of, (*of): what }]);
            let body = json!({ "gate": gate, "covers": covers, "reason": "Their CFO is away." });
            let view = case.does(AVA, "ask-waiver", body);
            let waiver = view.0["waivers"].as_object().unwrap().keys().next().unwrap().clone();
            let until = |at: &str| json!({ "waiver": waiver, "expires_at": company.instant(at) });
            for who in [ARNE, CLARA, LEO, RITA].iter().filter(|who| !by.contains(who)) {
                let refused = case.refused(*who, "grant-waiver", until(last));
                let is = (refused.status, refused.kind.as_str());
                assert_eq!(is, (403, "waiver-authority"), "{playbook}, {gate}: {} cannot", who.name);
            }
            for too in ["2026-03-20 10:00", "2026-04-07 10:01"] {
                let refused = case.refused(*granting, "grant-waiver", until(too));
                assert_eq!(refused.status, 422, "{playbook}, {gate}: until {too}");
            }
            case.does(*granting, "grant-waiver", until(last));
            let about = format!("{of}:{what}");
            let covered = |at: &str| {
                company.at(at);
                case.gate(gate).waived().contains(&about)
            };
            assert!(covered(&shifted(last, -1)), "{playbook}, {gate}: granted by {}", granting.name);
            assert!(!covered(last), "{playbook}, {gate}: it has an end");
        }
    }
}

/// The first return is between two people; the second brings in the two who are named, and nobody else.
#[track_caller]
pub fn a_second_return_brings_in(playbook: &str, both: [Who; 2]) {
    let company = Company::with(playbook);
    company.at("2026-03-10 10:00");
    let case = company.deal("twice").closing("2026-06-30").case();
    fills(&case);
    let letters = || {
        company.post_goes_out();
        [ARNE, LEO, CLARA].map(|who| company.letters(who).len())
    };
    for times in [1, 2] {
        case.offers(AVA, MAYA);
        let before = letters();
        case.does(MAYA, "return", json!({ "code": "incomplete", "reason": "The measure is missing." }));
        let after = letters();
        let heard: Vec<_> =
            [ARNE, LEO, CLARA].into_iter().zip(before).zip(after).filter(|((_, a), b)| a < b).collect();
        let heard: Vec<Who> = heard.into_iter().map(|((who, _), _)| who).collect();
        assert_eq!(heard, if times == 1 { Vec::new() } else { both.to_vec() }, "{playbook}, return {times}");
        case.does(AVA, "answer-return", json!({ "text": "It is there now." }));
    }
}

/// Somebody meets the customer before the signature once or twice; a third time is told and changes nothing.
#[track_caller]
pub fn touchpoints_are_counted(playbook: &str) {
    let company = Company::with(playbook);
    company.at("2026-03-10 10:00");
    let case = company.deal("met").case();
    case.does(CLARA, "nominate", json!({ "csm": company.id(MAYA) }));
    company.at("2026-04-02 10:00");
    assert_eq!(case.reading("early_intro"), "running");
    let times = ["2026-04-01 09:00", "2026-04-02 09:00", "2026-04-02 09:30"];
    for (before, at) in times.into_iter().enumerate() {
        let view = case.reports(MAYA, "early_intro", at, json!({}));
        assert_eq!(view.reading("early_intro"), "met", "{playbook}, {at}");
        assert_eq!(view.step("early_intro")["reports"].as_array().unwrap().len(), before + 1);
    }
}

/// How long each meeting is when nobody says otherwise, in minutes; and the parts of the kickoff's agenda.
#[track_caller]
pub fn meetings_take(playbook: &str, meetings: &[(&str, i64)], agenda: &[u64]) {
    let company = Company::with(playbook);
    company.at("2026-03-10 10:00");
    let case = company.deal("meeting").case();
    case.does(CLARA, "nominate", json!({ "csm": company.id(MAYA) }));
    let at = company.instant("2026-04-01 10:00");
    for (step, minutes) in meetings {
        if *step == "kickoff" {
            case.reports(MAYA, "kickoff_booked", "2026-03-10 10:00", json!({ "booked_for": at }));
        } else {
            case.does(AVA, "plan-meeting", json!({ "step": step, "starts_at": at }));
        }
        let listed = company.by(AVA).get(&format!("/api/v1/handoffs/{}/meetings", case.id)).expect(200);
        let rows = listed.as_array().or(listed["rows"].as_array()).or(listed["meetings"].as_array()).unwrap();
        let row = rows.iter().find(|row| row["step"] == *step).unwrap_or_else(|| panic!("{listed:#}"));
        let ends = at.checked_add(jiff::SignedDuration::from_mins(*minutes)).unwrap();
        assert_eq!((&row["starts_at"], &row["ends_at"]), (&json!(at), &json!(ends)), "{playbook}, {step}");
    }
    let parts = case.view().0["agenda"].clone();
    let minutes: Vec<u64> =
        parts.as_array().unwrap().iter().map(|part| part["minutes"].as_u64().unwrap()).collect();
    assert_eq!(minutes, agenda, "{playbook}");
}

/// The record opens at 50 percent, or 30 days before the signature; below, the deal is only kept.
#[track_caller]
pub fn a_record_opens_at(playbook: &str) {
    let company = Company::with(playbook);
    company.at("2026-03-10 10:00");
    for (id, percent, closing, opens) in [
        ("unlikely and far", 49, "2026-04-10", false),
        ("likely", 50, "2026-04-10", true),
        ("near", 49, "2026-04-09", true),
    ] {
        let news = company.deal(id).with("probability", json!(percent)).closing(closing);
        news.answer().expect(200);
        let known =
            company.by(RITA).get(&format!("/api/v1/deals/hubspot/{}", id.replace(' ', "-"))).expect(200);
        assert_eq!(known["handoff"].is_string(), opens, "{playbook}, {id}: {known:#}");
    }
}

/// As many asks are always required as the document has; a company that allows itself fewer is refused its playbook.
#[track_caller]
pub fn so_many_are_always_asked(playbook: &str, allowed: usize, asked: usize) {
    let company = Company::with(playbook);
    let source = throughline_domain::playbook::shipped::source(playbook).unwrap();
    let stated = format!("required_at_most: {allowed}\n");
    assert!(source.contains(&stated), "{playbook} allows {allowed}");
    for (most, status) in [(asked, 201), (asked - 1, 422)] {
        let renamed = source
            .replace(&format!("playbook: {playbook}"), &format!("playbook: tight-{most}"))
            .replace(&stated, &format!("required_at_most: {most}\n"));
        let answer = company.by(RITA).post("/api/v1/playbooks", json!({ "source": renamed }));
        assert_eq!(answer.status, status, "{playbook}, at most {most}: {answer}");
        let said = format!("{asked} asks are always required, {most} at most are allowed");
        assert_eq!(answer.text.contains(&said), status == 422, "{answer}");
    }
}

/// Of an empty record of such a deal exactly these things are asked.
#[track_caller]
pub fn are_asked(news: DealNews<'_>, asked: &[&str]) {
    let wanted: Vec<_> = asked.iter().map(|ask| format!("ask:{ask}")).collect();
    assert_eq!(news.case().view().missing(), wanted);
}
