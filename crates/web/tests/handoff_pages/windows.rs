//! One person in two windows: the version a window has seen decides, not who writes.

use axum::http::{Request, StatusCode, header};

use crate::world::{Page, World, encoded, text_of};

const ASK: &str = "quick_win";

/// A save as a window sends it while somebody types.
async fn saves(world: &World, ask: &str, version: u64, fields: &[(&str, &str)]) -> Page {
    let path = format!("/handoffs/{}/answers/{ask}", world.id);
    let request = Request::post(path)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header("hx-request", "true")
        .header(header::IF_MATCH, format!("\"{version}\""));
    world.ask("ada", request, encoded(fields)).await
}

async fn version(world: &World) -> u64 {
    world.view("ada").await.loaded.version
}

#[tokio::test]
async fn the_second_window_of_one_person_is_shown_both_answers_before_either_is_lost() {
    let world = World::new(9_000_000, "Planning").await;
    let seen = version(&world).await;
    assert_eq!(saves(&world, ASK, seen, &[("text", "reports on Monday")]).await.status, StatusCode::OK);
    let second = saves(&world, ASK, seen, &[("text", "one depot a week")]).await;
    assert_eq!(second.status, StatusCode::PRECONDITION_FAILED);
    let said = text_of(&second.body);
    assert!(said.contains("reports on Monday") && said.contains("one depot a week"), "{said}");
    assert!(said.contains("You, in another window"), "{said}");
    let held = world.get("ada", &format!("/handoffs/{}", world.id)).await.body;
    assert!(
        held.contains("reports on Monday") && !held.contains("one depot a week"),
        "nothing is overwritten"
    );
    // Chosen: it names the version that was shown.
    let chosen = saves(&world, ASK, version(&world).await, &[("text", "one depot a week")]).await;
    assert_eq!(chosen.status, StatusCode::OK);
}

#[tokio::test]
async fn what_a_window_showed_or_sent_itself_is_no_news_to_it() {
    let world = World::new(9_000_000, "Planning").await;
    let seen = version(&world).await;
    // The answer to the first was lost on the way: the window goes on from what it had seen, and says what it sent.
    assert_eq!(saves(&world, ASK, seen, &[("text", "reports")]).await.status, StatusCode::OK);
    let on = [
        ("text", "reports on Monday"),
        ("before.0.known", "1"),
        ("before.0.text", ""),
        ("before.1.known", "1"),
        ("before.1.text", "reports"),
    ];
    assert_eq!(saves(&world, ASK, seen, &on).await.status, StatusCode::OK);
    let other = [("text", "one depot"), ("before.0.known", "1"), ("before.0.text", "reports")];
    assert_eq!(
        saves(&world, ASK, seen, &other).await.status,
        StatusCode::PRECONDITION_FAILED,
        "what it says it knew does not stand there any more"
    );
    let twice = saves(&world, ASK, seen, &[("text", "reports on Monday")]).await;
    assert_eq!(twice.status, StatusCode::OK, "the same again overwrites nothing");
    // A field that was empty when the window opened was known to be empty.
    let empty = [("text", "four sites"), ("before.0.known", "1")];
    assert_eq!(saves(&world, "scope", seen, &empty).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_window_that_was_open_for_hundreds_of_changes_still_hears_of_the_one_that_matters() {
    let world = World::new(9_000_000, "Planning").await;
    let seen = version(&world).await;
    saves(&world, ASK, seen, &[("text", "reports on Monday")]).await;
    for number in 0..230 {
        let text = format!("site {number}");
        let saved = saves(&world, "scope", version(&world).await, &[("text", &text)]).await;
        assert_eq!(saved.status, StatusCode::OK);
    }
    let late = saves(&world, ASK, seen, &[("text", "one depot")]).await;
    assert_eq!(late.status, StatusCode::PRECONDITION_FAILED);
    assert!(text_of(&late.body).contains("reports on Monday"));
    assert_eq!(
        saves(&world, "everyday_use", seen, &[("text", "daily")]).await.status,
        StatusCode::OK,
        "a field nobody touched is no conflict, however much has happened"
    );
}

#[tokio::test]
async fn without_scripts_the_choice_is_a_page_that_keeps_both() {
    let world = World::new(9_000_000, "Planning").await;
    let seen = version(&world).await.to_string();
    let part = format!("answers/{ASK}");
    world.does("ada", &part, &[("version", &seen), ("text", "reports on Monday")]).await;
    let page =
        world.post("ada", &part, &[("version", &seen), ("text", "one depot"), ("before.0.text", "x")]).await;
    assert_eq!(page.status, StatusCode::CONFLICT);
    let said = text_of(&page.body);
    assert!(said.contains("reports on Monday") && said.contains("one depot"), "{said}");
    assert!(!page.body.contains("before.0"), "what the other window knew does not go along with a choice");
    let over = version(&world).await.to_string();
    assert!(page.body.contains(&format!("name=\"over\" value=\"{over}\"")));
    world.does("ada", &part, &[("over", &over), ("text", "one depot")]).await;
}

#[tokio::test]
async fn an_entry_changed_in_another_window_is_shown_before_it_is_written_over() {
    let world = World::new(9_000_000, "Planning").await;
    let risk = |what: &'static str| [("what", what), ("kind", "timeline"), ("owner", "Kim")];
    world.does("ada", "items/new?list=risks&ask=risks", &risk("the peak")).await;
    let item = *world.view("ada").await.loaded.handoff.record.items.keys().next().unwrap();
    let seen = version(&world).await.to_string();
    let edit = format!("items/{item}?ask=risks");
    let from = |what: &'static str| [&[("seen", seen.as_str())][..], &risk(what)[..]].concat();
    world.does("ada", &edit, &from("the winter peak")).await;
    world.does("ada", &edit, &from("the winter peak")).await;
    let second = world.post("ada", &edit, &from("the works council")).await;
    assert_eq!(second.status, StatusCode::PRECONDITION_FAILED);
    let said = text_of(&second.body);
    assert!(said.contains("the winter peak"), "what is saved: {said}");
    assert!(second.body.contains("the works council"), "what was typed");
    let again = version(&world).await.to_string();
    assert!(second.body.contains(&format!("name=\"seen\" value=\"{again}\"")));
}
