//! Personal texts forgotten over the API: gone from record, timeline and letters, and only for who may.

mod common;

use common::World;
use serde_json::json;
use throughline_domain::Role;

const WORDS: &str = "Ask Tamsin Oakley before anything moves";

#[tokio::test]
async fn what_mentions_a_name_is_gone_from_every_answer_and_the_rest_stays() {
    let world = World::new().await;
    let path = format!("/api/v1/handoffs/{}", world.ours.handoff);
    let ae = world.ours.token(Role::Ae);
    let question = |text: &str| json!({ "text": text });
    for text in [WORDS, "Which regions come first?"] {
        let asked = world
            .ask(world.ours.token(Role::CsLeader), "post", &format!("{path}/ask"), Some(question(text)))
            .await;
        assert!(asked.status.is_success(), "{}", asked.text);
    }
    let erasures = format!("{path}/erasures");
    let name = json!({ "erase": "mentioning", "phrase": "tamsin oakley" });
    assert_eq!(world.ask(ae, "post", &erasures, Some(name.clone())).await.status.as_u16(), 403);
    let admin = world.ours.token(Role::Admin);
    for wrong in
        [json!({}), json!({ "erase": "mentioning" }), json!({ "erase": "mentioning", "phrase": "Ta" })]
    {
        assert_eq!(world.ask(admin, "post", &erasures, Some(wrong)).await.status.as_u16(), 422);
    }
    let erased = world.ask(admin, "post", &erasures, Some(name)).await;
    assert_eq!(erased.status.as_u16(), 200, "{}", erased.text);
    assert_eq!(erased.json()["texts"], 1);
    for part in ["", "/timeline", "/journal"] {
        let got = world.ask(world.ours.token(Role::Auditor), "get", &format!("{path}{part}"), None).await;
        assert_eq!(got.status.as_u16(), 200, "{}", got.text);
        assert!(!got.text.contains("Tamsin"), "{part}: {}", got.text);
    }
    let timeline = format!("{path}/timeline");
    let told = world.ask(world.ours.token(Role::Auditor), "get", &timeline, None).await.json();
    assert_eq!(told["rows"][0]["fact"], json!({ "kind": "texts_erased", "texts": 1 }), "{told}");
    let left = world.ask(world.ours.token(Role::Auditor), "get", &path, None).await;
    assert!(left.text.contains("Which regions come first?"), "{}", left.text);
}

#[tokio::test]
async fn a_repeat_whose_answer_was_erased_is_told_so_and_not_done_again() {
    let world = World::new().await;
    let (crm, admin) = (world.ours.token(Role::RevOps), world.ours.token(Role::Admin));
    let key = [("idempotency-key", "read")];
    let asks = format!("/api/v1/handoffs/{}/ask", world.ours.handoff);
    let question = Some(json!({ "text": WORDS }));
    let asked = world.ask(world.ours.token(Role::CsLeader), "post", &asks, question).await;
    assert!(asked.status.is_success(), "{}", asked.text);
    let body = json!({ "name": "Rollout", "account": "Northwind", "stage": "Won", "standing": "won" });
    let put = async || world.ask_with(crm, "put", "/api/v1/deals/crm/D-1", Some(body.clone()), &key).await;
    let first = put().await;
    assert_eq!(first.status.as_u16(), 200, "{}", first.text);
    assert!(first.text.contains(&world.ours.handoff.to_string()), "{}", first.text);
    assert_eq!(put().await.text, first.text);
    let path = format!("/api/v1/handoffs/{}/erasures", world.ours.handoff);
    let erased = world.ask(admin, "post", &path, Some(json!({ "erase": "everything" }))).await;
    assert_eq!(erased.status.as_u16(), 200, "{}", erased.text);
    let version = async || world.web.app.load(world.ours.org.id, world.ours.handoff).await.unwrap().version;
    let before = version().await;
    let again = put().await;
    assert_eq!((again.status.as_u16(), again.kind().as_str()), (409, "conflict"), "{}", again.text);
    assert!(again.json()["detail"].as_str().unwrap().contains("texts were erased since"), "{}", again.text);
    assert_eq!(version().await, before);
}
