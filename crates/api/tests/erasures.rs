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
