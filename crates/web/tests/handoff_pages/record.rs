//! Filling the record: two people at once, and after it was offered.

use axum::http::{Request, StatusCode, header};

use crate::world::{World, encoded};

#[tokio::test]
async fn two_people_hinder_each_other_only_on_the_same_answer() {
    let world = World::new(9_000_000, "Planning").await;
    let save = async |who: &str, ask: &str, version: u64, text: &str| {
        let path = format!("/handoffs/{}/answers/{ask}", world.id);
        let request = Request::post(path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("hx-request", "true")
            .header(header::IF_MATCH, format!("\"{version}\""));
        world.ask(who, request, encoded(&[("text", text)])).await
    };
    let seen = world.view("ada").await.loaded.version;
    let first = save("ada", "quick_win", seen, "reports on Monday").await;
    assert_eq!(first.status, StatusCode::OK);
    assert_eq!(first.etag, format!("\"{}\"", world.view("ada").await.loaded.version));
    assert!(first.body.contains("hx-swap-oob") && first.body.contains("id=\"record-summary\""));

    let other = save("rob", "scope", seen, "four sites").await;
    assert_eq!(other.status, StatusCode::OK, "another answer is no conflict");
    let same = save("rob", "quick_win", seen, "<b>mine</b>").await;
    assert_eq!(same.status, StatusCode::PRECONDITION_FAILED);
    assert!(same.body.contains("reports on Monday") && same.body.contains("mine"), "both answers are shown");
    assert!(!same.body.contains("<b>mine"));
    let current = world.view("rob").await.loaded.version;
    assert_eq!(
        save("rob", "quick_win", current, "mine").await.status,
        StatusCode::OK,
        "having seen theirs, mine stands"
    );

    let long = "x".repeat(8_001);
    assert_eq!(save("ada", "quick_win", current + 9, &long).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let gone = save("ada", "quick_win", world.view("ada").await.loaded.version, "  ").await;
    assert_eq!(gone.status, StatusCode::OK, "an emptied field takes the answer back");
    let record = world.view("ada").await.loaded.handoff.record;
    assert!(!record.answers.contains_key(&"quick_win".parse().unwrap()));
}

#[tokio::test]
async fn what_was_offered_changes_only_with_a_reason_that_everybody_sees() {
    let world = World::new(800_000, "Planning").await;
    world.fill("ada").await;
    let view = world.view("dot").await;
    let (item, _) = view.loaded.handoff.record.promises().next().unwrap();
    world
        .does("dot", &format!("promises/{}/decide", item.id), &[("verdict", "approved"), ("reason", "fine")])
        .await;
    world.does("ada", "offer", &[("csm", &world.person("carl"))]).await;
    let edit = format!("items/{}?ask=promises", item.id);
    let changed =
        [("what", "two sites at this price"), ("kind", "price"), ("strength", "implied"), ("source", "call")];
    let refused = world.post("ada", &edit, &changed).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert!(refused.body.contains("two sites at this price"), "what was typed is kept");
    world.does("ada", "reopen", &[("asks", "promises"), ("reason", "the last call changed it")]).await;
    let record = world.get("carl", &format!("/handoffs/{}", world.id)).await;
    assert!(record.body.contains("the last call changed it"));
    let fields: Vec<_> = changed
        .iter()
        .copied()
        .chain([("owed_by", "us"), ("in_contract", "yes"), ("speaker", "Kim")])
        .collect();
    world.does("ada", &edit, &fields).await;
    world.does("carl", "return", &[("code", "incomplete"), ("reason", "who is the champion?")]).await;
    world.does("ada", "answer-return", &[("text", "named her")]).await;
}
