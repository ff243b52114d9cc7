//! What the CRM tells: in order, late, twice, undone (R0.5, R0.6, R2.11).

use serde_json::json;

use crate::story::*;

fn company() -> Company {
    let company = Company::with("default");
    company.at("2026-03-20 10:00");
    company
}

#[test]
fn the_same_news_twice_change_nothing() {
    let company = company();
    let news = company.deal("steady").known_at("2026-03-20 09:00");
    assert_eq!(news.told(), "opened");
    let case = company.case("hubspot", "steady");
    let version = case.view().version();
    company.minutes_pass(60);
    assert_eq!(news.told(), "unchanged");
    assert_eq!(case.view().version(), version);
}

#[test]
fn a_record_opens_at_fifty_percent_or_thirty_days_before_the_signature_or_when_it_is_won() {
    let company = company();
    let far = |id: &str| company.deal(id).closing("2026-06-30").with("probability", json!(49));
    assert_eq!(far("far").told(), "kept");
    assert_eq!(far("far").told(), "unchanged");
    assert_eq!(far("likely").with("probability", json!(50)).told(), "opened");
    assert_eq!(far("in 31 days").closing("2026-04-20").told(), "kept");
    assert_eq!(far("in 30 days").closing("2026-04-19").told(), "opened");
    assert_eq!(far("past").closing("2026-03-10").told(), "opened");
    assert_eq!(far("won").won_at("2026-03-20 09:00").told(), "opened");
    // A kept one is opened by whoever needs it.
    let missing = company.crm_asks("handoff", "hubspot", "far", "attempt");
    assert_eq!((missing.verdict(), missing.missing()), ("refused".into(), vec!["no_record".into()]));
    let (path, _) = missing.gaps()[0].place();
    assert!(path.starts_with("/deals/open?source=hubspot&external_id=far"), "{path}");
    let opened = company.by(AVA).post("/api/v1/deals/hubspot/far/open", json!({})).expect(200);
    assert_eq!(opened["taken"], "opened");
    assert_eq!(
        company.crm_asks("handoff", "hubspot", "far", "preview").gaps()[0].about(),
        "ask:buying_trigger"
    );
}

#[test]
fn news_in_any_order_lead_to_the_same_reading() {
    let company = company();
    let told = |id: &str, order: &[usize]| {
        let won = |source_time: &str| {
            company.deal(id).with("standing", json!("won")).closing("2026-12-31").known_at(source_time)
        };
        let news = [
            company.deal(id).known_at("2026-03-20 08:00"),
            won("2026-03-20 08:30"),
            won("2026-03-20 09:30").with("stage", json!("Closed Won, invoiced")),
        ];
        order.iter().for_each(|place| {
            news[*place].told();
        });
        let case = company.case("hubspot", id);
        (case.due("kickoff_booked"), case.due("warm_intro"), case.view().0["deal"]["stage"].clone())
    };
    let due = (
        company.instant("2026-04-07 08:30"),
        company.instant("2026-03-24 08:30"),
        json!("Closed Won, invoiced"),
    );
    for (place, order) in
        [[0, 1, 2], [0, 2, 1], [2, 1, 0], [1, 2, 0], [2, 0, 1], [1, 0, 2]].iter().enumerate()
    {
        assert_eq!(told(&format!("order{place}"), order), due, "{order:?}");
    }
}

#[test]
fn older_news_do_not_undo_newer() {
    let company = company();
    let case = company.deal("renamed").with("name", json!("Now")).known_at("2026-03-20 09:00").case();
    let late = case.news().with("name", json!("Before")).known_at("2026-03-20 08:00");
    assert!(["older", "unchanged"].contains(&late.told().as_str()));
    assert_eq!(case.view().0["deal"]["name"], "Now");
}

#[test]
fn a_lost_deal_is_withdrawn_and_comes_back_when_it_is_won_after_all() {
    for standing in ["lost", "deleted"] {
        let company = company();
        let case = company.deal("wavering").case();
        case.fills_the_record();
        company.minutes_pass(1);
        case.news().with("standing", json!(standing)).told();
        let view = case.view();
        assert_eq!(view.life(), "withdrawn");
        assert_eq!(view.0["steps"], json!([]), "its clocks stop");
        assert_eq!(case.gate("handoff").missing(), ["not_live"]);
        let refused = case.refused(AVA, "offer", json!({ "to": company.id(MAYA) }));
        assert_eq!((refused.status, refused.kind.as_str()), (409, "out-of-turn"));
        company.minutes_pass(1);
        case.news().won_at("2026-03-20 10:00").told();
        assert_eq!((case.view().life(), case.gate("handoff").verdict()), ("live".into(), "pass".into()));
        assert_eq!(case.due("kickoff_booked"), company.instant("2026-04-07 10:00"));
    }
}

#[test]
fn un_won_before_the_transfer_stays_live_and_its_clocks_are_read_again() {
    let company = company();
    let case = company.deal("early cheers").won_at("2026-03-20 09:00").case();
    assert_eq!(case.reading("kickoff_booked"), "running");
    company.minutes_pass(1);
    case.news().told();
    let view = case.view();
    assert_eq!((view.life(), view.reading("kickoff_booked")), ("live".into(), "waiting".into()));
    company.at("2026-04-09 15:00");
    case.news().won_at("2026-04-09 14:00").told();
    assert_eq!(case.due("kickoff_booked"), company.instant("2026-04-23 14:00"));
}

#[test]
fn un_won_or_lost_after_the_transfer_is_cancelled_and_kept() {
    for standing in ["open", "lost", "deleted"] {
        let company = company();
        let case = company.deal("reversed").won_at("2026-03-20 09:00").case();
        case.is_assigned(MAYA);
        case.reports(AVA, "warm_intro", "2026-03-20 09:30", json!({ "form": "mail" }));
        case.does(MAYA, "confirm-step", json!({ "step": "warm_intro", "number": 0 }));
        company.minutes_pass(1);
        case.news().with("standing", json!(standing)).told();
        let view = case.view();
        assert_eq!((view.life(), view.stage()), ("cancelled".into(), "owned".into()), "{standing}");
        assert!(view.0["life"]["reason"].is_string());
        assert_eq!(case.refused(MAYA, "finish", json!({})).status, 409);
    }
}

#[test]
fn the_crm_fills_what_nobody_answered_and_leaves_what_somebody_did() {
    let company = company();
    let case = company.deal("filled").with("plan", json!("Team")).with("term_months", json!(12)).case();
    assert_eq!(case.view().0["record"]["answers"]["plan"]["answer"]["text"], "Team");
    case.does(AVA, "answer", json!({ "ask": "term", "answer": { "type": "number", "number": 24 } }));
    company.minutes_pass(1);
    case.news().with("plan", json!("Business")).with("term_months", json!(36)).told();
    let answers = case.view().0["record"]["answers"].clone();
    assert_eq!(answers["plan"]["answer"]["text"], "Business");
    assert_eq!(answers["term"]["answer"]["number"], 24.0, "a person's answer stands");
}

#[test]
fn an_owner_nobody_knows_is_answered_for_by_the_process_owner_and_the_gap_says_so() {
    let company = company();
    let stranger = json!({ "email": "ines@elsewhere.example", "name": "Ines Calloway" });
    let case = company.deal("foreign").with("owner", stranger).case();
    assert_eq!(case.view().answerable(), RITA.name);
    let gap = case.gate("handoff").gaps().remove(0);
    assert_eq!((gap.owner(), gap.0["instead_of_name"].as_str()), (RITA.name.into(), Some("Ines Calloway")));
    // Mapped to somebody here, it is theirs.
    let ines = gap.0["instead_of"].as_str().unwrap().to_owned();
    let mapped =
        company.by(RITA).post(&format!("/api/v1/people/{ines}/map"), json!({ "to": company.id(ANTON) }));
    mapped.expect(200);
    let gap = case.gate("handoff").gaps().remove(0);
    assert_eq!((gap.owner(), case.view().answerable()), (ANTON.name.into(), ANTON.name.into()));
    assert!(gap.0["instead_of_name"].is_null());
}

#[test]
fn the_next_deal_of_an_account_starts_from_its_accepted_items() {
    let company = company();
    let first = company.deal("first").won_at("2026-03-20 09:00").with("account", json!("Brightwater")).case();
    first.is_assigned(MAYA);
    first.reports(AVA, "warm_intro", "2026-03-20 09:30", json!({ "form": "mail" }));
    first.does(MAYA, "confirm-step", json!({ "step": "warm_intro", "number": 0 }));
    company.minutes_pass(1);
    let next = company.deal("second").with("account", json!("Brightwater")).case();
    let people = next.view().items("stakeholder");
    assert!(
        !people.is_empty() && people.iter().all(|item| item["provenance"]["from"] == "carried_over"),
        "{people:#?}"
    );
}
