//! The playbook `enterprise-protocol`, from the CRM export to done and the rating after sixty days: five components
//! before the kickoff, and gates that CS operations hold.

use serde_json::json;

use crate::story::*;

const EXPORT: &str = include_str!("fixtures/pipeline.csv");
const DEAL: &str = "006bm00000LKJNNAA5";

/// The form, but what the CRM has filled in: the worth.
const ASKED: [&str; 10] = [
    "executive_sponsor",
    "influencers",
    "use_case",
    "commitments",
    "concerns",
    "alternatives",
    "why_us",
    "term",
    "plan",
    "expansion",
];

#[test]
fn a_deal_goes_from_the_crm_export_to_done() {
    let company = Company::with("enterprise-protocol");
    company.at("2026-03-09 09:00");
    let counts = company.imports(EXPORT, false).counts;
    assert_eq!((counts.opened, counts.kept, counts.history, counts.refused), (2, 1, 1, 1), "{counts:?}");
    let case = company.case("salesforce", DEAL);
    the_csm_account_waits_for_the_form(&case);
    the_form_opens_it(&case);
    the_introduction_is_a_mail_and_the_contact_comes_within_a_day(&case);
    the_kickoff_waits_for_the_call(&case);
    the_kickoff_is_held_and_it_is_done(&case);
    the_ae_stays_sixty_days_and_the_documentation_is_rated(&case);
    case.pages(MAYA);
}

fn the_csm_account_waits_for_the_form(case: &Case<'_>) {
    let company = case.company;
    let view = case.view();
    assert_eq!(view.0["record"]["answers"]["arr"]["provenance"], json!({ "from": "crm", "field": "arr" }));
    let asked: Vec<_> = ASKED.iter().map(|ask| format!("ask:{ask}")).collect();
    let check = company.crm_asks("cs_access", "salesforce", DEAL, "preview");
    let more: Vec<_> = asked.iter().cloned().chain(["acceptance".to_owned()]).collect();
    assert_eq!((check.verdict().as_str(), check.missing()), ("refused", more));
    assert_eq!(case.shut(AVA, "offer", json!({ "to": company.id(MAYA) })).missing(), asked);
    // The kickoff's agenda is made from the form: what is not documented shows.
    let agenda = view.0["agenda"].clone();
    let undocumented: usize =
        agenda.as_array().unwrap().iter().map(|part| part["missing"].as_array().unwrap().len()).sum();
    assert_eq!(undocumented, 10, "{agenda:#}");
    // A custom commitment is written down here, not routed.
    let item = case.promises(AVA, &promise("sla", false, false));
    assert_eq!(case.view().promise(&item), "captured");
    case.fills_all_but("why_us");
}

fn the_form_opens_it(case: &Case<'_>) {
    let company = case.company.at("2026-04-09 14:05");
    assert_eq!(case.news().worth(60_000).won_at("2026-04-09 14:00").told(), "changed");
    for step in ["nomination", "record"] {
        assert_eq!(case.due(step), company.instant("2026-04-10 14:00"), "{step}");
    }
    company.at("2026-04-10 10:00");
    case.answers(AVA, "why_us");
    assert_eq!(case.reading("record"), "met");
    case.does(CLARA, "nominate", json!({ "csm": company.id(MAYA) }));
    assert_eq!(case.reading("nomination"), "met");
    case.offers(AVA, MAYA);
    assert_eq!(case.shut(MAYA, "open-plan", json!({})).missing(), ["acceptance"]);
    let view = case.does(MAYA, "accept", json!({}));
    assert_eq!((view.stage(), view.answerable()), ("assigned".into(), AVA.name.into()));
    case.does(MAYA, "open-plan", json!({}));
}

fn the_introduction_is_a_mail_and_the_contact_comes_within_a_day(case: &Case<'_>) {
    let company = case.company.at("2026-04-13 10:05");
    assert_eq!(case.due("warm_intro"), company.instant("2026-04-13 14:00"));
    assert_eq!(
        case.gate("kickoff").missing(),
        ["step:internal_call", "step:warm_intro", "step:first_contact"]
    );
    let draft = company.by(AVA).get(&format!("/api/v1/handoffs/{}/introduction-draft", case.id)).expect(200);
    assert!(draft.to_string().contains("Person in part executive_sponsor"), "{draft:#}");
    case.reports(AVA, "warm_intro", "2026-04-13 10:00", json!({}));
    assert_eq!((case.reading("warm_intro"), case.view().answerable()), ("met".into(), AVA.name.into()));
    assert_eq!(case.due("first_contact"), company.instant("2026-04-14 10:00"));
    company.at("2026-04-14 10:00");
    let view = case.reports(MAYA, "first_contact", "2026-04-14 10:00", json!({}));
    assert_eq!(view.reading("first_contact"), "met");
    // Whoever answers an introduction has seen it.
    assert_eq!((view.stage(), view.answerable()), ("owned".into(), MAYA.name.into()));
    assert_eq!(
        (&view.0["tenures"][1]["moved_by"], &view.0["tenures"][1]["bypassed"]),
        (&json!("warm_intro"), &json!(false))
    );
    let booked = json!({ "booked_for": company.instant("2026-04-22 10:00") });
    case.reports(MAYA, "kickoff_booked", "2026-04-14 10:00", booked);
    assert_eq!(case.reading("kickoff_booked"), "met");
}

fn the_kickoff_waits_for_the_call(case: &Case<'_>) {
    let company = case.company;
    assert_eq!(case.shut(MAYA, "confirm-kickoff", json!({})).missing(), ["step:internal_call"]);
    assert_eq!(case.due("internal_call"), company.instant("2026-04-22 10:00"), "before the kickoff");
    company.at("2026-04-21 15:30");
    let half_an_hour = json!({ "ended_at": company.instant("2026-04-21 15:30") });
    case.reports(AVA, "internal_call", "2026-04-21 15:00", half_an_hour);
    case.does(MAYA, "confirm-step", json!({ "step": "internal_call", "number": 0 }));
    assert_eq!(case.reading("internal_call"), "met");
    case.does(MAYA, "confirm-kickoff", json!({}));
}

fn the_kickoff_is_held_and_it_is_done(case: &Case<'_>) {
    let company = case.company;
    assert_eq!(case.shut(MAYA, "finish", json!({})).missing(), ["step:kickoff"]);
    company.at("2026-04-22 11:30");
    let held = json!({ "ended_at": company.instant("2026-04-22 11:00") });
    let view = case.reports(MAYA, "kickoff", "2026-04-22 10:00", held);
    assert!(!view.gate("kickoff").bypassed());
    let view = case.does(MAYA, "finish", json!({}));
    assert_eq!(view.life(), "done");
    for gate in ["handoff", "csm_assignment", "cs_access", "kickoff", "done"] {
        assert_eq!((view.gate(gate).verdict(), view.gate(gate).bypassed()), ("pass".into(), false), "{gate}");
    }
    assert_eq!(case.due("first_value"), company.instant("2026-05-09 14:00"));
}

fn the_ae_stays_sixty_days_and_the_documentation_is_rated(case: &Case<'_>) {
    let company = case.company.at("2026-05-20 09:00");
    let view = case.does(MAYA, "ask", json!({ "text": "Who agreed to the response times?" }));
    let question = view.0["questions"].as_object().unwrap().keys().next().unwrap().clone();
    case.does(AVA, "answer-question", json!({ "question": question, "text": "Their head of operations." }));
    case.reads("availability", "2026-06-08 13:59", "running");
    case.reads("rate_day60", "2026-06-08 13:59", "waiting");
    let soon = case.refused(MAYA, "rate", json!({ "rating": "day60", "score": 4 }));
    assert_eq!((soon.status, soon.kind.as_str()), (409, "out-of-turn"));
    case.reads("availability", "2026-06-08 14:00", "met");
    case.reads("rate_day60", "2026-06-08 14:00", "running");
    case.reads("rate_day60", "2026-06-15 14:00", "running");
    case.reads("rate_day60", "2026-06-15 14:01", "overdue");
    company.at("2026-06-15 14:00");
    let off_scale = case.refused(MAYA, "rate", json!({ "rating": "day60", "score": 6 }));
    assert_eq!(off_scale.status, 422, "one to five");
    case.does(MAYA, "rate", json!({ "rating": "day60", "score": 2, "reason": "commitments" }));
    assert_eq!(case.reading("rate_day60"), "met");
    for who in [AVA, ARNE] {
        assert_eq!(case.seen_by(who).0["ratings"]["day60"]["score"], 2, "{} sees it", who.name);
    }
    assert!(case.seen_by(DORA).0["ratings"].is_null(), "the deal desk does not");
}

/// Won on Thursday, 9 April, and accepted at once.
fn assigned<'c>(company: &'c Company, external_id: &str) -> Case<'c> {
    let case = company.at("2026-04-09 14:00").deal(external_id).won_at("2026-04-09 14:00").case();
    case.is_assigned(MAYA);
    case
}

#[test]
fn a_day_is_24_hours_over_the_weekend_too() {
    let company = Company::with("enterprise-protocol");
    let introduced = |id: &str| {
        let case = assigned(&company, id);
        company.at("2026-04-10 16:00");
        case.reports(AVA, "warm_intro", "2026-04-10 16:00", json!({}));
        assert_eq!(case.due("first_contact"), company.instant("2026-04-11 16:00"), "to the letter");
        case
    };
    let case = introduced("open");
    case.reads("first_contact", "2026-04-11 16:00", "running");
    case.reads("first_contact", "2026-04-11 16:01", "overdue");
    for (id, at, reading) in [("met", "2026-04-11 16:00", "met"), ("late", "2026-04-11 16:01", "late")] {
        let case = introduced(id);
        company.at("2026-04-13 09:00");
        case.reports(MAYA, "first_contact", at, json!({}));
        assert_eq!(case.reading("first_contact"), reading, "{at}");
    }
}

#[test]
fn form_and_nomination_have_a_business_day_the_introduction_two_and_the_booking_ten() {
    let company = Company::with("enterprise-protocol");
    company.at("2026-04-09 14:00");
    let case = company.deal("open").won_at("2026-04-09 14:00").case();
    for (step, due) in [
        ("nomination", "2026-04-10"),
        ("record", "2026-04-10"),
        ("warm_intro", "2026-04-13"),
        ("kickoff_booked", "2026-04-23"),
    ] {
        case.reads(step, &format!("{due} 14:00"), "running");
        case.reads(step, &format!("{due} 14:01"), "overdue");
    }
}

#[test]
fn a_call_after_the_kickoff_is_none_and_only_cs_operations_close_the_gap() {
    let company = Company::with("enterprise-protocol");
    let case = assigned(&company, "hasty");
    company.at("2026-04-10 10:00");
    case.reports(AVA, "warm_intro", "2026-04-10 09:00", json!({}));
    case.reports(MAYA, "first_contact", "2026-04-10 10:00", json!({}));
    let booked = json!({ "booked_for": company.instant("2026-04-14 10:00") });
    case.reports(MAYA, "kickoff_booked", "2026-04-10 10:00", booked);
    case.reads("internal_call", "2026-04-14 10:00", "running");
    case.reads("internal_call", "2026-04-14 10:01", "overdue");
    company.at("2026-04-14 11:00");
    let view = case.reports(MAYA, "kickoff", "2026-04-14 10:00", json!({}));
    assert!(view.gate("kickoff").bypassed());
    assert_eq!(view.reading("internal_call"), "missed");
    case.reports(AVA, "internal_call", "2026-04-14 10:30", json!({}));
    assert_eq!(case.reading("internal_call"), "missed", "afterwards is too late");

    let case = assigned(&company, "hastier");
    company.at("2026-04-14 11:00");
    case.reports(AVA, "warm_intro", "2026-04-10 09:00", json!({}));
    case.reports(MAYA, "first_contact", "2026-04-10 10:00", json!({}));
    case.reports(MAYA, "kickoff", "2026-04-14 10:00", json!({}));
    let shut = case.shut(MAYA, "finish", json!({}));
    assert_eq!(
        (shut.missing(), shut.gaps()[0].problem()),
        (vec!["step:internal_call".into()], "missed".into())
    );
    let asked = json!({
        "gate": "done", "covers": [{ "of": "step", "step": "internal_call" }], "reason": "The kickoff came too soon.",
    });
    let view = case.does(AVA, "ask-waiver", asked);
    let waiver = view.0["waivers"].as_object().unwrap().keys().next().unwrap().clone();
    let wrong = case.refused(ARNE, "grant-waiver", json!({ "waiver": waiver }));
    assert_eq!((wrong.kind.as_str(), &wrong.body["roles"]), ("waiver-authority", &json!(["cs_leader"])));
    case.does(CLARA, "grant-waiver", json!({ "waiver": waiver }));
    let view = case.does(MAYA, "finish", json!({}));
    assert_eq!(view.life(), "done");
    assert_eq!(
        view.gate("done").0["history"]["passed"]["waivers"],
        json!([waiver]),
        "and it is no plain pass"
    );
}
