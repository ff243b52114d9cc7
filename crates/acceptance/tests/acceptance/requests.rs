//! How requests are taken: repeats, stale versions, who may, what is not there (R0.13, R0.15).

use serde_json::{Value, json};

use crate::story::*;

fn company() -> Company {
    let company = Company::with("default");
    company.at("2026-03-20 10:00");
    company
}

#[test]
fn the_same_key_does_a_thing_once_and_answers_alike() {
    let company = company();
    let case = company.deal("repeated").case();
    let path = format!("/api/v1/handoffs/{}/add-item", case.id);
    let (_, body) = answer_to(&company.playbook, "risks");
    let send = |key: &str, body: Value| company.by(AVA).with("idempotency-key", key).post(&path, body);
    let first = send("risk-1", body.clone());
    let again = send("risk-1", body.clone());
    assert_eq!((first.status, again.status), (200, 200), "{again}");
    assert_eq!(
        (first.header("idempotency-replayed"), again.header("idempotency-replayed")),
        (None, Some("true"))
    );
    assert_eq!(case.view().items("risk").len(), 1);
    let other = send("risk-1", answer_to(&company.playbook, "champion").1);
    assert_eq!((other.status, Problem::of(&other).kind), (422, "key-reused".into()));
    send("risk-2", body.clone()).expect(200);
    assert_eq!(case.view().items("risk").len(), 2);

    // A shut gate is an answer, too: its attempt is a fact, once.
    let offer = format!("/api/v1/handoffs/{}/offer", case.id);
    let to = json!({ "to": company.id(MAYA) });
    let ask = || company.by(AVA).with("idempotency-key", "offer-1").post(&offer, to.clone());
    assert_eq!((ask().status, ask().status), (422, 422));
    assert_eq!(case.facts().iter().filter(|fact| fact.starts_with("gate_refused")).count(), 1);
}

#[test]
fn a_stale_version_is_refused_with_the_current_one() {
    let company = company();
    let case = company.deal("edited").case();
    let path = format!("/api/v1/handoffs/{}/answer", case.id);
    let read = company.by(AVA).get(&format!("/api/v1/handoffs/{}", case.id));
    let seen = read.header("etag").unwrap().to_owned();
    let body = |text: &str| json!({ "ask": "expansion", "answer": { "type": "text", "text": text } });
    let done = company.by(AVA).with("if-match", &seen).post(&path, body("First"));
    assert_eq!(done.status, 200, "{done}");
    let late = company.by(RITA).with("if-match", &seen).post(&path, body("Second"));
    assert_eq!((late.status, late.header("etag")), (412, done.header("etag")), "{late}");
    assert_eq!(case.view().0["record"]["answers"]["expansion"]["answer"]["text"], "First");
    company.by(RITA).with("if-match", done.header("etag").unwrap()).post(&path, body("Second")).expect(200);
    let odd = company.by(RITA).with("if-match", "yesterday").post(&path, body("Third"));
    assert_eq!(odd.status, 400, "{odd}");
}

#[test]
fn who_has_no_part_does_not_see_it_and_who_has_no_right_is_told() {
    let company = company();
    let case = company.deal("private").case();
    let path = format!("/api/v1/handoffs/{}", case.id);
    for (who, status) in [(AVA, 200), (ARNE, 200), (ANTON, 404), (MAYA, 404), (DORA, 200), (AUDA, 200)] {
        assert_eq!(company.by(who).get(&path).status, status, "{}", who.name);
    }
    assert_eq!(company.by_stranger().get(&path).status, 401);
    assert_eq!(company.by_token("tl_nonsense").get(&path).status, 401);
    let narrow = company.token("rev_ops", &["preview_gate"]);
    assert_eq!(company.by_token(&narrow).get(&path).status, 404);
    let attempt = json!({ "handoff_id": case.id, "intent": "attempt" });
    assert_eq!(company.by_token(&narrow).post("/api/v1/gates/handoff/checks", attempt).status, 403);
    let unknown = json!({ "handoff_id": "0197f6c2-0000-7000-8000-000000000000", "intent": "preview" });
    assert_eq!(company.by_token(&narrow).post("/api/v1/gates/handoff/checks", unknown).status, 404);

    let forbidden = case.refused(
        DORA,
        "answer",
        json!({ "ask": "expansion", "answer": { "type": "text", "text": "x" } }),
    );
    assert_eq!((forbidden.status, forbidden.kind.as_str()), (403, "forbidden"));
    assert_eq!(case.refused(FINN, "offer", json!({ "to": company.id(MAYA) })).status, 403);
    // A nominated CSM reads, asks and marks; the record is theirs to receive, not to offer.
    case.does(CLARA, "nominate", json!({ "csm": company.id(MAYA) }));
    assert_eq!(company.by(MAYA).get(&path).status, 200);
    assert_eq!(case.refused(MAYA, "offer", json!({ "to": company.id(MAYA) })).status, 403);
    case.does(MAYA, "ask", json!({ "text": "Who runs the ledger?" }));
    assert_eq!(case.refused(MAYA, "accept", json!({})).kind, "out-of-turn");
}

#[test]
fn what_does_not_fit_is_refused_with_its_field() {
    let company = company();
    let case = company.deal("odd").case();
    let nobody = "0197f6c2-0000-7000-8000-000000000000";
    for (verb, body, field) in [
        ("nominate", json!({ "csm": nobody }), "csm"),
        ("nominate", json!({ "csm": company.id(AVA) }), "csm"),
        ("answer", json!({ "ask": "nonsense", "answer": { "type": "text", "text": "x" } }), "ask"),
        ("answer", json!({ "ask": "trigger_holds", "answer": { "type": "text", "text": "x" } }), "answer"),
        (
            "answer",
            json!({ "ask": "buying_trigger", "answer": { "type": "choice", "chosen": ["magic"] } }),
            "answer",
        ),
        ("declare-none", json!({ "ask": "champion" }), "ask"),
    ] {
        let problem = case.refused(RITA, verb, body);
        assert_eq!(
            (problem.status, problem.body["field"].as_str()),
            (422, Some(field)),
            "{verb}: {:#}",
            problem.body
        );
    }
    let future = case.report("early_intro", "2026-03-21 10:00", json!({}));
    assert_eq!(case.refused(RITA, "report-step", future).body["field"], "happened_at");
    for body in ["", "{", "[]", "{\"ask\":", "{\"ask\":\"champion\",\"what\":1}"] {
        let answer = company.by(AVA).post_text(&format!("/api/v1/handoffs/{}/clear", case.id), body);
        assert!((400..=422).contains(&answer.status), "{body}: {answer}");
        Problem::of(&answer);
    }
    assert_eq!(case.view().version(), 2, "nothing of it was done");
}

#[test]
fn reports_are_corrected_and_disputed_and_readings_follow() {
    let company = company();
    let case = company.deal("mended").won_at("2026-03-20 09:00").case();
    case.is_assigned(MAYA);
    company.at("2026-03-26 12:00");
    case.reports(AVA, "warm_intro", "2026-03-25 10:00", json!({ "form": "mail" }));
    assert_eq!(case.reading("warm_intro"), "late");
    let dispute = json!({ "step": "warm_intro", "number": 0, "reason": "I was not in copy." });
    case.does(MAYA, "dispute-step", dispute);
    let view = case.view();
    assert_eq!((view.reading("warm_intro"), view.answerable()), ("overdue".into(), AVA.name.into()));
    assert_eq!(
        view.gate("kickoff").gaps().iter().find(|gap| gap.about() == "step:warm_intro").unwrap().problem(),
        "disputed"
    );
    let corrected = json!({
        "step": "warm_intro", "number": 0, "reason": "It was sent on Tuesday, from my other address.",
        "happened_at": company.instant("2026-03-24 08:59"),
    });
    let view = case.does(AVA, "correct-step", corrected);
    assert_eq!(view.reading("warm_intro"), "met");
    assert_eq!(view.step("warm_intro")["reports"].as_array().unwrap().len(), 2, "both are shown");
    let view = case.does(MAYA, "confirm-step", json!({ "step": "warm_intro", "number": 1 }));
    assert_eq!(view.answerable(), MAYA.name);
}

#[test]
fn changes_after_the_transfer_are_amendments_the_csm_acknowledges() {
    let company = company();
    let case = company.deal("amended").won_at("2026-03-20 09:00").case();
    case.is_assigned(MAYA);
    case.reports(AVA, "warm_intro", "2026-03-20 09:30", json!({ "form": "mail" }));
    case.reports(MAYA, "first_contact", "2026-03-20 09:40", json!({}));
    assert_eq!(case.view().answerable(), MAYA.name, "the first contact confirms the introduction");
    let view = case.has_doubts(AVA);
    assert_eq!(view.0["amendments"].as_array().unwrap().len(), 1);
    let owed: Vec<_> = view.0["follow_ups"]
        .as_array()
        .unwrap()
        .iter()
        .map(|gap| gap["problem"]["problem"].clone())
        .collect();
    assert_eq!(owed, [json!("not_acknowledged")]);
    let view = case.does(MAYA, "acknowledge-amendments", json!({}));
    assert_eq!(view.0["follow_ups"], json!([]));
}

#[test]
fn the_agenda_shows_what_the_kickoff_would_lack() {
    let company = company();
    let case = company.deal("agenda").worth(60_000).case();
    let agenda = |view: &View| view.0["agenda"].as_array().unwrap().clone();
    let minutes: Vec<_> = agenda(&case.view()).iter().map(|part| part["minutes"].as_u64().unwrap()).collect();
    assert_eq!(minutes, [15, 20, 15]);
    assert_eq!(
        agenda(&case.view())[0]["missing"],
        json!(["success_criteria", "first_use_case", "expected_timeline"])
    );
    let view = case.fills_the_record();
    assert!(agenda(&view).iter().all(|part| part["missing"] == json!([])), "{:#?}", agenda(&view));
}
