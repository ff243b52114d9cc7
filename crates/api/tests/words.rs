//! A company's own words and a person's wishes over the API: versions, faults, and what a check answers.

mod common;

use common::World;
use serde_json::json;
use throughline_domain::Role;

const OWN: &str = "Subject: {{ account }} is for you\n\nPlease look, {{ reader }}.\n";

#[tokio::test]
async fn a_template_is_read_tried_changed_and_given_back() {
    let world = World::new().await;
    let admin = world.ours.token(Role::Admin);
    let path = "/api/v1/templates/offered";
    let shown = world.ask(admin, "get", path, None).await;
    assert_eq!((shown.status.as_u16(), shown.header("etag")), (200, "\"0\""));
    let shown = shown.json();
    assert_eq!((&shown["changed"], &shown["group"]), (&json!(false), &json!("handoff")));
    assert_eq!(shown["text"], shown["shipped"]);
    let names: Vec<_> =
        shown["variables"].as_array().unwrap().iter().map(|one| one["name"].clone()).collect();
    assert!(names.contains(&json!("brief.people[].name")), "{names:?}");

    let checks = format!("{path}/checks");
    let tried = world.ask(admin, "post", &checks, Some(json!({ "text": OWN }))).await.json();
    assert_eq!(tried["sound"], true);
    assert_eq!(tried["samples"][1]["subject"], "A is for you");
    let bad = json!({ "text": "Subject: x\n\n{{ csm }}" });
    let tried = world.ask(admin, "post", &checks, Some(bad.clone())).await.json();
    assert_eq!(
        (&tried["sound"], &tried["fault"]["line"], &tried["fault"]["column"]),
        (&json!(false), &json!(3), &json!(4))
    );
    let refused = world.ask(admin, "put", path, Some(bad)).await;
    assert_eq!((refused.status.as_u16(), refused.kind().as_str()), (422, "invalid"));
    assert_eq!(refused.json()["fault"]["line"], 3);

    let saved = world.ask(admin, "put", path, Some(json!({ "text": OWN }))).await;
    assert_eq!((saved.status.as_u16(), saved.header("etag")), (200, "\"1\""));
    assert_eq!((&saved.json()["changed"], &saved.json()["text"]), (&json!(true), &json!(OWN)));
    let list = world.ask(admin, "get", "/api/v1/templates", None).await.json();
    let changed: Vec<_> =
        list["rows"].as_array().unwrap().iter().filter(|row| row["changed"] == true).collect();
    assert_eq!((changed.len(), &changed[0]["kind"]), (1, &json!("offered")));
    let back = world.ask(admin, "delete", path, None).await;
    assert_eq!((back.status.as_u16(), back.header("etag")), (200, "\"2\""));
    assert_eq!(back.json()["changed"], false);
    let unknown = world.ask(admin, "get", "/api/v1/templates/offerd", None).await;
    assert_eq!((unknown.status.as_u16(), unknown.kind().as_str()), (404, "not-found"));
}

#[tokio::test]
async fn wishes_are_ones_own_set_on_what_was_read_and_refused_with_their_place() {
    let world = World::new().await;
    let cookie = world.session(world.ours.person(Role::Ae)).await;
    let path = "/api/v1/me/notifications";
    let put = async |body: serde_json::Value, matches: &str| {
        let site = [("cookie", cookie.as_str()), ("sec-fetch-site", "same-origin"), ("if-match", matches)];
        world.ask_with("", "put", path, Some(body), &site).await
    };
    let read = async || world.ask_with("", "get", path, None, &[("cookie", &cookie)]).await;
    let first = read().await;
    assert_eq!((first.status.as_u16(), first.json()), (200, json!({ "mail": true })));
    let mark = first.header("etag").to_owned();
    let wanted = json!({ "mail": true, "digest": "08:00", "quiet": { "from": "19:00", "until": "07:00" }, "muted": ["gates"] });
    let set = put(wanted.clone(), &mark).await;
    assert_eq!((set.status.as_u16(), set.json()), (200, wanted.clone()), "{}", set.text);
    let late = put(json!({}), &mark).await;
    assert_eq!((late.status.as_u16(), late.header("etag")), (412, set.header("etag")));
    for (bad, told) in [
        (json!({ "digest": "8 o'clock" }), "8 o'clock"),
        (json!({ "quiet": { "from": "19:00" } }), "until"),
        (json!({ "quiet": { "from": "19:00", "until": "19:00" } }), "quiet.until"),
        (json!({ "muted": ["everything"] }), "everything"),
        (json!({ "sms": true }), "sms"),
    ] {
        let refused = put(bad, "*").await;
        assert_eq!(refused.status.as_u16(), 422, "{}", refused.text);
        assert!(refused.text.contains(told), "{told}: {}", refused.text);
    }
    assert_eq!(read().await.json(), wanted);
    let program = world.ask(world.ours.token(Role::Ae), "get", path, None).await;
    assert_eq!((program.status.as_u16(), program.kind().as_str()), (404, "not-found"));
}
