//! Events over HTTP: believed by their signature alone, answered at once, acted on afterwards.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod common;

use std::collections::BTreeSet;

use axum::{body::Body, http::Request};
use common::{Got, World};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use throughline_connect::signature::{Key, sign};
use throughline_domain::Role;
use throughline_http::limit::{Rate, Rates};

const TO: &str = "/api/v1/events/crm?org=ours";

struct Sender<'w> {
    world: &'w World,
    key: Key,
}

impl<'w> Sender<'w> {
    async fn added(world: &'w World) -> Self {
        let body = json!({ "name": "crm" });
        let got = world.ask(world.ours.token(Role::Admin), "post", "/api/v1/event-sources", Some(body)).await;
        assert_eq!(got.status.as_u16(), 201, "{}", got.text);
        Self { world, key: secret(&got) }
    }

    async fn send_to(&self, to: &str, at: Timestamp, id: &str, body: &str, more: &[(&str, &str)]) -> Got {
        let signature = sign(&self.key, id, at, body.as_bytes()).unwrap();
        let time = at.as_second().to_string();
        let headers = [("webhook-id", id), ("webhook-timestamp", &time), ("webhook-signature", &signature)];
        sent(self.world, to, headers.iter().chain(more), body).await
    }

    async fn send(&self, id: &str, body: &str) -> Got {
        self.send_to(TO, self.world.web.app.now(), id, body, &[]).await
    }
}

fn secret(got: &Got) -> Key {
    Key::parse(got.json()["secret"].as_str().unwrap()).unwrap()
}

async fn sent<'h>(
    world: &World,
    to: &str,
    headers: impl Iterator<Item = &'h (&'h str, &'h str)>,
    body: &str,
) -> Got {
    let request = headers.fold(Request::builder().method("POST").uri(to), |request, (name, value)| {
        request.header(*name, *value)
    });
    world.send(request.body(Body::from(body.to_owned())).unwrap()).await
}

fn upserted(id: &str) -> String {
    let data =
        json!({ "external_id": id, "name": "Platform", "account": "Initech", "close_on": "2026-12-20" });
    json!({ "type": "deal.upserted", "timestamp": "2026-03-02T08:30:00Z", "data": data }).to_string()
}

#[tokio::test]
async fn an_event_is_answered_once_kept_and_again_when_it_comes_again() {
    let world = World::new().await;
    let crm = Sender::added(&world).await;
    let got = crm.send("e1", &upserted("E-1")).await;
    assert_eq!((got.status.as_u16(), got.json()), (202, json!({ "again": false })));
    // The key of requests is nothing to events: their id is.
    let got = crm.send_to(TO, world.web.app.now(), "e1", &upserted("E-1"), &[("idempotency-key", "k")]).await;
    assert_eq!((got.status.as_u16(), got.json()), (202, json!({ "again": true })));
    let admin = world.ours.token(Role::RevOps);
    assert_eq!(world.ask(admin, "get", "/api/v1/deals/crm/E-1", None).await.status.as_u16(), 404);
    world.web.app.sweep_events().await.unwrap();
    let got = world.ask(admin, "get", "/api/v1/deals/crm/E-1", None).await;
    assert_eq!(got.json()["deal"]["source_time"], "2026-03-02T08:30:00Z");
    let theirs = world.ask(world.theirs.token(Role::RevOps), "get", "/api/v1/deals/crm/E-1", None).await;
    assert_eq!(theirs.status.as_u16(), 404);
}

#[tokio::test]
async fn whoever_is_not_believed_gets_one_and_the_same_answer() {
    let world = World::new().await;
    let crm = Sender::added(&world).await;
    let stranger = Sender { world: &world, key: Key::secret(&[9; 32]).unwrap() };
    let (now, body) = (world.web.app.now(), upserted("E-1"));
    let old = now - SignedDuration::from_secs(301);
    let doubled = [("webhook-id", "e2")];
    let answers = [
        stranger.send("e1", &body).await,
        stranger.send_to("/api/v1/events/erp?org=ours", now, "e1", &body, &[]).await,
        crm.send_to("/api/v1/events/erp?org=ours", now, "e1", &body, &[]).await,
        crm.send_to("/api/v1/events/crm?org=theirs", now, "e1", &body, &[]).await,
        crm.send_to("/api/v1/events/crm?org=nobody", now, "e1", &body, &[]).await,
        crm.send_to(TO, old, "e1", &body, &[]).await,
        crm.send_to(TO, now, "e.1", &body, &[]).await,
        crm.send_to(TO, now, "e1", &body, &doubled).await,
        sent(&world, TO, [].iter(), &body).await,
        world.ask(world.ours.token(Role::Admin), "post", TO, Some(json!({ "type": "x" }))).await,
    ];
    let texts: BTreeSet<(u16, &str)> =
        answers.iter().map(|got| (got.status.as_u16(), got.text.as_str())).collect();
    assert_eq!(texts.len(), 1, "{texts:?}");
    assert_eq!((answers[0].status.as_u16(), answers[0].kind().as_str()), (401, "bad-signature"));
    let listed = world.ask(world.ours.token(Role::Admin), "get", "/api/v1/events", None).await;
    assert_eq!(listed.json()["rows"], json!([]));
}

#[tokio::test]
async fn with_several_organisations_an_event_says_for_which_it_is() {
    let world = World::new().await;
    let crm = Sender::added(&world).await;
    let got = crm.send_to("/api/v1/events/crm", world.web.app.now(), "e1", &upserted("E-1"), &[]).await;
    assert_eq!((got.status.as_u16(), got.kind().as_str()), (400, "bad-request"));
    assert!(got.json()["detail"].as_str().unwrap().contains("?org="));
}

#[tokio::test]
async fn an_event_may_have_256_kilobytes() {
    let world = World::new().await;
    let crm = Sender::added(&world).await;
    let fill = |length: usize| {
        let bare = json!({ "type": "x", "data": "" }).to_string();
        json!({ "type": "x", "data": "y".repeat(length - bare.len()) }).to_string()
    };
    assert_eq!(crm.send("e1", &fill(256 * 1024)).await.status.as_u16(), 202);
    let got = crm.send("e2", &fill(256 * 1024 + 1)).await;
    assert_eq!((got.status.as_u16(), got.kind().as_str()), (413, "too-large"));
}

#[tokio::test]
async fn a_source_that_sends_too_fast_waits_and_no_other_does() {
    let mut world = World::new().await;
    let rates = Rates { caller: Some(Rate { per_second: 1.0, burst: 20.0 }), stranger: None };
    world.web = world.web.with_limits(rates, Vec::new());
    world.router = throughline_http::layers(throughline_api::router(world.web.clone()), &world.web);
    let crm = Sender::added(&world).await;
    let stranger = Sender { world: &world, key: Key::secret(&[9; 32]).unwrap() };
    for _ in 0..40 {
        assert_eq!(stranger.send("forged", "{}").await.status.as_u16(), 401);
    }
    for number in 0..20 {
        assert_eq!(crm.send(&format!("e{number}"), "{}").await.status.as_u16(), 202);
    }
    let got = crm.send("e20", "{}").await;
    assert_eq!((got.status.as_u16(), got.kind().as_str()), (429, "too-many"));
    assert!(!got.header("retry-after").is_empty());
    let body = json!({ "name": "erp" });
    let made = world.ask(world.ours.token(Role::Admin), "post", "/api/v1/event-sources", Some(body)).await;
    let erp = Sender { world: &world, key: secret(&made) };
    let got = erp.send_to("/api/v1/events/erp?org=ours", world.web.app.now(), "e1", "{}", &[]).await;
    assert_eq!(got.status.as_u16(), 202);
}

#[tokio::test]
async fn events_are_listed_newest_first_a_page_at_a_time() {
    let world = World::new().await;
    let crm = Sender::added(&world).await;
    for number in 0..5 {
        crm.send(&format!("e{number}"), r#"{"type":"x"}"#).await;
        world.clock.advance(SignedDuration::from_secs(1));
    }
    world.web.app.sweep_events().await.unwrap();
    let (mut path, mut ids) = (Value::from("/api/v1/events?limit=2"), Vec::new());
    while let Some(address) = path.as_str() {
        let got = world.ask(world.ours.token(Role::RevOps), "get", address, None).await.json();
        for row in got["rows"].as_array().unwrap() {
            assert_eq!((&row["state"], &row["note"]), (&json!("done"), &json!("not understood: type x")));
            ids.push(row["id"].as_str().unwrap().to_owned());
        }
        path = got["next"].clone();
    }
    assert_eq!(ids, ["e4", "e3", "e2", "e1", "e0"]);
    let theirs = world.ask(world.theirs.token(Role::Admin), "get", "/api/v1/events", None).await;
    assert_eq!(theirs.json()["rows"], json!([]));
}

#[tokio::test]
async fn a_source_is_added_given_a_new_key_and_removed() {
    let world = World::new().await;
    let old = Sender::added(&world).await;
    let admin = world.ours.token(Role::Admin);
    let path = "/api/v1/event-sources/crm";
    let rotated = world.ask(admin, "post", &format!("{path}/rotate"), None).await;
    assert_eq!(rotated.status.as_u16(), 200, "{}", rotated.text);
    let new = Sender { world: &world, key: secret(&rotated) };
    assert_eq!(old.send("a", "{}").await.status.as_u16(), 202);
    assert_eq!(new.send("b", "{}").await.status.as_u16(), 202);
    let listed = world.ask(admin, "get", "/api/v1/event-sources", None).await;
    assert!(!listed.text.contains("whsec_"));
    assert_eq!(listed.json()["rows"][0]["path"], "/api/v1/events/crm");
    let theirs = world.ask(world.theirs.token(Role::Admin), "delete", path, None).await;
    assert_eq!(theirs.status.as_u16(), 404);
    assert_eq!(world.ask(admin, "delete", path, None).await.status.as_u16(), 204);
    assert_eq!(new.send("c", "{}").await.status.as_u16(), 401);
    assert_eq!(world.ask(admin, "delete", path, None).await.status.as_u16(), 404);
}
