//! The one call other systems make: exact answers, and nothing written by a preview.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod common;

use common::World;
use serde_json::{Value, json};
use throughline_domain::Role;

async fn check(world: &World, gate: &str, body: Value) -> common::Got {
    world
        .ask(world.ours.token(Role::RevOps), "post", &format!("/api/v1/gates/{gate}/checks"), Some(body))
        .await
}

async fn version(world: &World) -> u64 {
    world.web.app.load(world.ours.org.id, world.ours.handoff).await.unwrap().version
}

#[tokio::test]
async fn a_refused_deal_names_every_gap_its_reason_its_owner_and_its_place() {
    let world = World::new().await;
    let got = check(
        &world,
        "handoff",
        json!({ "deal": { "source": "crm", "external_id": "D-1" }, "intent": "preview" }),
    )
    .await;
    assert_eq!(got.status.as_u16(), 200, "{}", got.text);
    let answer = got.json();
    assert_eq!(answer["gate"], "handoff");
    assert_eq!(answer["verdict"], "refused");
    assert_eq!(answer["enforced"], false, "the usual mode never blocks signing");
    assert_eq!(answer["handoff_id"], world.ours.handoff.to_string());
    let gaps = answer["gaps"].as_array().unwrap();
    assert!(gaps.len() > 3);
    for gap in gaps {
        for member in ["title", "message", "reason", "owed_by", "owner_name"] {
            assert!(gap[member].as_str().is_some_and(|told| !told.is_empty()), "{member}: {gap}");
        }
        assert!(
            gap["url"]
                .as_str()
                .unwrap()
                .starts_with(&format!("https://handoffs.example/handoffs/{}", world.ours.handoff)),
            "{gap}"
        );
    }
    let later =
        check(&world, "csm_assignment", json!({ "handoff_id": world.ours.handoff, "intent": "preview" }))
            .await
            .json();
    assert_eq!(later["enforced"], true);
}

#[tokio::test]
async fn a_preview_leaves_no_trace_and_an_attempt_is_a_fact() {
    let world = World::new().await;
    let before = version(&world).await;
    let audits = world.web.app.store().audit(world.ours.org.id, None, 200).await.unwrap().len();
    for gate in ["handoff", "csm_assignment", "cs_access", "kickoff", "credit", "done"] {
        check(&world, gate, json!({ "handoff_id": world.ours.handoff, "intent": "preview" })).await;
        check(
            &world,
            gate,
            json!({ "deal": { "source": "crm", "external_id": "nobody's" }, "intent": "preview" }),
        )
        .await;
    }
    assert_eq!(version(&world).await, before);
    assert_eq!(world.web.app.store().audit(world.ours.org.id, None, 200).await.unwrap().len(), audits);
    let got =
        check(&world, "handoff", json!({ "handoff_id": world.ours.handoff, "intent": "attempt" })).await;
    assert_eq!((got.status.as_u16(), &got.json()["verdict"]), (200, &json!("refused")));
    assert!(version(&world).await > before);
    let metrics = world.ask(world.ours.token(Role::Auditor), "get", "/metrics", None).await.text;
    assert!(
        metrics.contains("throughline_gate_checks_total{gate=\"handoff\",verdict=\"refused\"} 3"),
        "{metrics}"
    );
    assert!(metrics.contains("route=\"/api/v1/gates/{gate}/checks\""));
    assert!(!metrics.contains(&world.ours.handoff.to_string()));
}

#[tokio::test]
async fn an_unknown_deal_is_refused_with_the_page_that_opens_its_record() {
    let world = World::new().await;
    let got = check(
        &world,
        "csm_assignment",
        json!({ "deal": { "source": "crm", "external_id": "A&B 1" }, "intent": "attempt" }),
    )
    .await;
    let answer = got.json();
    assert_eq!(
        (got.status.as_u16(), &answer["verdict"], &answer["enforced"]),
        (200, &json!("refused"), &json!(true))
    );
    assert_eq!(answer["handoff_id"], Value::Null);
    assert_eq!(answer["gaps"].as_array().unwrap().len(), 1);
    assert_eq!(answer["gaps"][0]["problem"]["problem"], "no_record");
    assert_eq!(
        answer["gaps"][0]["url"],
        "https://handoffs.example/deals/open?source=crm&external_id=A%26B%201"
    );
}

#[tokio::test]
async fn a_question_that_makes_no_sense_is_told_what_is_wrong() {
    let world = World::new().await;
    let id = world.ours.handoff;
    for (body, status, field) in [
        (json!({ "intent": "preview" }), 422, "deal"),
        (
            json!({ "deal": { "source": "crm", "external_id": "D-1" }, "handoff_id": id, "intent": "preview" }),
            422,
            "deal",
        ),
        (json!({ "handoff_id": id }), 422, ""),
        (json!({ "handoff_id": id, "intent": "peek" }), 422, "intent"),
        (json!({ "handoff_id": "x", "intent": "preview" }), 422, "handoff_id"),
        (
            json!({ "deal": { "source": "crm", "external_id": 7 }, "intent": "preview" }),
            422,
            "deal.external_id",
        ),
        (json!({ "handoff_id": id, "intent": "preview", "more": 1 }), 422, "more"),
        (json!([]), 422, ""),
    ] {
        let got = check(&world, "handoff", body.clone()).await;
        assert_eq!(
            (got.status.as_u16(), &got.json()["field"]),
            (status, &json!(field)),
            "{body}: {}",
            got.text
        );
    }
    assert_eq!(
        check(&world, "heaven", json!({ "handoff_id": id, "intent": "preview" })).await.status.as_u16(),
        404
    );
    let got = check(&world, "handoff", json!({ "handoff_id": uuid::Uuid::nil(), "intent": "preview" })).await;
    assert_eq!(got.status.as_u16(), 404);
}

#[tokio::test]
async fn a_record_is_filled_by_api_and_the_gap_closes() {
    let world = World::new().await;
    let token = world.ours.token(Role::RevOps);
    let at = |verb: &str| format!("/api/v1/handoffs/{}/{verb}", world.ours.handoff);
    let before = world.ask(token, "get", &at(""), None).await;
    assert_eq!(before.status.as_u16(), 404, "an address with a slash too many is another address");
    let shown = world.ask(token, "get", at("").trim_end_matches('/'), None).await.json();
    let asks: Vec<String> = shown["gaps"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|gap| gap["about"]["ask"].as_str().map(str::to_owned))
        .collect();
    let book = world.ask(token, "get", "/api/v1/playbooks/default", None).await.json();
    let text = book["summary"]["asks"]
        .as_array()
        .unwrap()
        .iter()
        .find(|ask| ask["type"] == "text" && asks.contains(&ask["id"].as_str().unwrap().to_owned()));
    let ask = text.expect("the default playbook asks for a text")["id"].clone();
    let body = json!({ "ask": ask, "answer": { "type": "text", "text": "  as said  " } });
    let got = world.ask(token, "post", &at("answer"), Some(body)).await;
    assert_eq!(got.status.as_u16(), 200, "{}", got.text);
    let view = got.json();
    assert_eq!(view["record"]["answers"][ask.as_str().unwrap()]["answer"]["text"], "as said");
    assert!(!view["gaps"].as_array().unwrap().iter().any(|gap| gap["about"]["ask"] == ask));
    assert!(!got.text.contains("$personal"));
    let timeline = world.ask(token, "get", &at("timeline"), None).await;
    assert!(!timeline.text.contains("$personal") && timeline.text.contains("as said"));
    let journal = world.ask(world.ours.token(Role::Auditor), "get", &at("journal"), None).await;
    assert!(journal.text.lines().all(|line| serde_json::from_str::<Value>(line).is_ok()));
}
