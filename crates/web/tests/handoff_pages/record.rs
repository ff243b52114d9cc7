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

#[tokio::test]
async fn who_goes_on_comes_to_what_is_missing_next_and_round_again() {
    let world = World::new(3_100_000, "Planning").await;
    let base = format!("/handoffs/{}", world.id);
    let on = [("then", "next")];
    let none = world.post("ada", "answers/skeptics/none", &on).await;
    assert_eq!(none.location, format!("{base}?said=skeptics#ask-promises"));
    let record = world.get("ada", &none.location).await.body;
    assert!(record.contains(&format!("action=\"{base}/answers/skeptics/clear\"")), "it can be taken back");
    assert!(record.contains("Noted that there are none"));
    let other = world.get("ada", &format!("{base}?said=promises")).await.body;
    assert!(!other.contains("Noted that there are none"), "nobody said that of the promises");
    assert!(!world.get("carl", &none.location).await.body.contains("Noted that there are none"));
    world.does("ada", "answers/skeptics/clear", &[]).await;
    assert!(!world.get("ada", &none.location).await.body.contains("Noted that there are none"));

    let last = world.post("ada", "answers/data_moves/none", &on).await;
    assert_eq!(last.location, format!("{base}?said=data_moves#ask-buying_trigger"), "round again");
    let add = "items/new?list=stakeholders&ask=champion";
    let person = [("name", "Rune"), ("parts", "champion"), ("contact", "rune@brauhaus.example")];
    let plain = world.post("ada", add, &person).await;
    assert_eq!(plain.location, format!("{base}#ask-champion"), "who does not go on comes back");
    let page = world.get("ada", &base).await.body;
    let item = world.view("ada").await.loaded.handoff.record.items.keys().next().copied().unwrap();
    let also = format!("{base}/items/{item}/also/economic_buyer");
    assert!(page.contains(&format!("action=\"{also}\"")), "who is named already may hold the budget");
    assert!(!page.contains("/also/skeptics") && !page.contains("/also/champion"));
    assert_eq!(world.post("ada", &also, &on).await.location, format!("{base}#ask-executive_sponsor"));
    let page = world.get("ada", &base).await.body;
    assert!(!page.contains(&also), "said once");
    let parts = world.post("ada", &also, &[]).await;
    assert_eq!(parts.location, format!("{base}#ask-economic_buyer"));
    let record = world.view("ada").await.loaded.handoff.record;
    let throughline_domain::record::Body::Stakeholder(rune) = &record.items[&item].body else { panic!() };
    assert_eq!(rune.parts.len(), 2, "a part is played once");

    let edit = world.get("ada", &format!("{base}/items/{item}?ask=champion")).await.body;
    assert_eq!(edit.matches(" autofocus").count(), 1);
    assert!(
        edit.contains("name=\"title\" autocomplete=\"off\" autofocus"),
        "it opens at what it lacks first"
    );
    let edit = world.get("ada", &format!("{base}/items/{item}?ask=economic_buyer")).await.body;
    assert!(!edit.contains(" autofocus"), "who only looks in reads from the top");
    for part in ["also/promises", "also/nobody_asks_this"] {
        let page = world.post("ada", &format!("{base}/items/{item}/{part}"), &[]).await;
        assert!(page.status.is_client_error(), "{part}");
    }
    assert!(world.post("carl", &also, &[]).await.status.is_client_error(), "whoever may not fill");
}
