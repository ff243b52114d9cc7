//! The views of a handoff: who sees them, and what each of them says.

use axum::http::StatusCode;
use jiff::SignedDuration;

use crate::world::{HOSTILE, World, sound, text_of};

#[tokio::test]
async fn every_view_shows_for_everybody_in_it_and_is_not_there_for_others() {
    let world = World::new(9_000_000, HOSTILE).await;
    world.does("rob", "nominate", &[("csm", &world.person("carl"))]).await;
    for who in ["ada", "carl", "lea", "rob", "dot", "max", "aud", "fin"] {
        world.check_pages(who).await;
    }
    for path in world.all_pages() {
        assert_eq!(world.get("otto", &path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    for path in ["/handoffs/nonsense", "/handoffs/0197a000-0000-7000-8000-000000000001/steps"] {
        assert_eq!(world.get("ada", path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    let edit = format!("/handoffs/{}/items/new?list=stakeholders&ask=champion", world.id);
    let form = world.get("ada", &edit).await;
    assert_eq!(form.status, StatusCode::OK);
    sound(&edit, &form.body);
    assert_eq!(world.get("fin", &edit).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn every_view_says_who_answers_for_what_how_long_the_record_took_and_by_which_process() {
    let world = World::new(800_000, "Planning").await;
    world.clock.advance(SignedDuration::from_hours(5));
    let page = world.get("rob", &format!("/handoffs/{}", world.id)).await.body;
    let text = text_of(&page);
    assert!(text.contains("Open for 5 h"), "{text}");
    assert!(page.contains(r#"href="/playbooks/default?version=1""#), "{text}");
    for path in world.all_pages() {
        let text = text_of(&world.get("rob", &path).await.body);
        let (_, duties) = text.split_once("Who answers for what").unwrap_or_else(|| panic!("{path}: {text}"));
        let accuracy = duties.find("Accuracy until the transition: sales answerable now");
        assert!(accuracy.is_some() && duties.contains("Nobody yet"), "{path}: {duties}");
    }
    world.fill("ada").await;
    world.does("rob", "nominate", &[("csm", &world.person("carl"))]).await;
    let text = text_of(&world.get("rob", &format!("/handoffs/{}", world.id)).await.body);
    assert!(text.contains("Complete after 5 h") && text.contains("CSM, nominated"), "{text}");
    world.does("lea", "take-over", &[("by", &world.person("carl")), ("reason", "The customer waits")]).await;
    let text = text_of(&world.get("rob", &format!("/handoffs/{}", world.id)).await.body);
    assert!(text.contains("Continuity after it: CS answerable now"), "{text}");
}
