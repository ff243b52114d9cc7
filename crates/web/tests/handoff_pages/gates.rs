//! Gates: shown as passed, and waived by somebody else than who asks.

use axum::http::StatusCode;

use crate::world::{World, sound, words};

#[tokio::test]
async fn the_crm_shows_the_gate_passed_once_the_record_is_complete() {
    let world = World::new(800_000, "Planning").await;
    let carl = world.person("carl");
    let refused = world.post("ada", "/crm/006A/csm", &[("csm", &carl)]).await;
    assert_eq!(refused.location, "/crm/006A?refused=csm_assignment");
    let page = world.get("ada", &refused.location).await;
    assert!(page.body.contains("crm-alert") && !page.body.contains("Passed"), "{}", words(&page.body));
    world.fill("ada").await;
    let view = world.view("dot").await;
    let (promise, _) = view.loaded.handoff.record.promises().next().unwrap();
    let decided = [("verdict", "approved"), ("reason", "It is in the margin")];
    world.does("dot", &format!("promises/{}/decide", promise.id), &decided).await;
    world.does("ada", "gates/handoff/attempt", &[]).await;
    let page = world.get("ada", "/crm/006A").await;
    sound("/crm/006A", &page.body);
    assert!(page.body.contains("Passed") && !page.body.contains("crm-alert"), "{}", words(&page.body));
}

#[tokio::test]
async fn a_waiver_is_asked_for_by_one_and_granted_by_another() {
    let world = World::new(800_000, "Planning").await;
    let gap = serde_json::to_string(&world.view("ada").await.gaps[0].gap.about).unwrap();
    let nothing = world.post("ada", "gates/handoff/waivers", &[("reason", "signing today")]).await;
    assert_eq!(nothing.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(nothing.body.contains("signing today"), "what was typed is kept");
    world.does("ada", "gates/handoff/waivers", &[("covers", &gap), ("reason", "signing today")]).await;
    let waiver = *world.view("ada").await.loaded.handoff.waivers.keys().next().unwrap();
    let grant = format!("waivers/{waiver}/grant");
    let own = world.post("ada", &grant, &[("expires_at", "2026-11-27T12:00")]).await;
    assert_eq!(own.status, StatusCode::FORBIDDEN);
    world.does("max", &grant, &[("expires_at", "2026-11-27T12:00")]).await;
    world.check_pages("max").await;
}
