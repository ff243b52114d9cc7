//! A mail that asks to confirm the plan is taken back over the API until it is about to leave.

#![expect(clippy::unwrap_used, reason = "a helper that cannot go on has failed its test")]

mod common;

use common::World;
use jiff::SignedDuration;
use serde_json::json;
use throughline_app::inbox::HELD;
use throughline_domain::{Actor, Role};
use throughline_store::{Audit, Change, ParcelChange, ParcelRow};
use uuid::Uuid;

/// A mail that waits those ten seconds.
async fn waiting(world: &World) -> Uuid {
    let app = &world.web.app;
    let id = app.fresh_id();
    let parcel = ParcelRow {
        id,
        handoff: world.ours.handoff,
        what: "plan_to_confirm".to_owned(),
        at: app.now() + HELD,
        tries: 0,
        to: "ines@customer.example".to_owned(),
        subject: "The plan".to_owned(),
        mail: "Dear Ines".to_owned(),
    };
    let (by, action, subject) = (Actor::System, "ask-plan-by-mail".to_owned(), String::new());
    let audit = Audit { at: app.now(), by, action, subject, detail: serde_json::Value::Null };
    let sends = vec![Change::Parcel(ParcelChange::Send(parcel))];
    app.store().apply(world.ours.org.id, sends, audit).await.unwrap();
    id
}

#[tokio::test]
async fn a_mail_is_taken_back_once_and_only_before_it_leaves() {
    let world = World::new().await;
    let leader = world.ours.token(Role::CsLeader);
    let address =
        |mail: Uuid| format!("/api/v1/handoffs/{}/plan/ask-by-mail/{mail}/take-back", world.ours.handoff);
    let mail = waiting(&world).await;
    let foreign = world.ask(world.theirs.token(Role::CsLeader), "post", &address(mail), None).await;
    assert_eq!(foreign.status.as_u16(), 404, "{}", foreign.text);
    let taken = world.ask(leader, "post", &address(mail), None).await;
    assert_eq!(taken.status.as_u16(), 200, "{}", taken.text);
    assert_eq!(taken.json(), json!({ "handoff": world.ours.handoff, "to": "ines@customer.example" }));
    assert_eq!(world.ask(leader, "post", &address(mail), None).await.status.as_u16(), 409, "once");

    let late = waiting(&world).await;
    world.clock.advance(HELD - SignedDuration::from_secs(1));
    let refused = world.ask(leader, "post", &address(late), None).await;
    assert_eq!(refused.status.as_u16(), 409, "{}", refused.text);
    assert!(refused.text.contains("has left already"), "{}", refused.text);
    let unknown = world.ask(leader, "post", &address(world.web.app.fresh_id()), None).await;
    assert_eq!(unknown.status.as_u16(), 404, "{}", unknown.text);
}
