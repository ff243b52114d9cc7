//! Repeats, versions, and requests that come from elsewhere.

mod common;

use common::World;
use serde_json::{Value, json};
use throughline_domain::Role;

fn nomination(world: &World) -> (String, Value) {
    let path = format!("/api/v1/handoffs/{}/nominate", world.ours.handoff);
    (path, json!({ "csm": world.ours.person(Role::Csm) }))
}

#[tokio::test]
async fn the_same_command_under_the_same_key_is_done_once_and_answered_alike() {
    let world = World::new().await;
    let token = world.ours.token(Role::RevOps);
    let (path, body) = nomination(&world);
    let key = [("idempotency-key", "one")];
    let first = world.ask_with(token, "post", &path, Some(body.clone()), &key).await;
    assert_eq!(first.status.as_u16(), 200, "{}", first.text);
    assert_eq!(first.header("idempotency-replayed"), "");

    // Somebody goes on in between: the repeat still tells what was answered then.
    let other = json!({ "csm": world.ours.person(Role::CsLeader) });
    assert_eq!(world.ask(token, "post", &path, Some(other)).await.status.as_u16(), 200);
    let again = world.ask_with(token, "post", &path, Some(body.clone()), &key).await;
    assert_eq!(again.status, first.status);
    assert_eq!(again.header("etag"), first.header("etag"));
    assert_eq!(again.header("idempotency-replayed"), "true");
    assert_eq!(again.json()["nominated"], first.json()["nominated"]);

    let got = world.ask_with(token, "post", &path, Some(json!({ "csm": world.ours.stub })), &key).await;
    assert_eq!((got.status.as_u16(), got.kind().as_str()), (422, "key-reused"));
    // Another caller's key of the same name is another key.
    let got = world.ask_with(world.ours.token(Role::CsLeader), "post", &path, Some(body), &key).await;
    assert_eq!(got.header("idempotency-replayed"), "");
}

#[tokio::test]
async fn a_shut_gate_is_answered_again_without_a_second_attempt() {
    let world = World::new().await;
    let token = world.ours.token(Role::RevOps);
    let path = format!("/api/v1/handoffs/{}/offer", world.ours.handoff);
    let body = json!({ "to": world.ours.person(Role::Csm) });
    let key = [("idempotency-key", "shut")];
    let first = world.ask_with(token, "post", &path, Some(body.clone()), &key).await;
    assert_eq!((first.status.as_u16(), first.kind().as_str()), (422, "gate-shut"), "{}", first.text);
    let version = world.web.app.load(world.ours.org.id, world.ours.handoff).await.unwrap().version;
    let again = world.ask_with(token, "post", &path, Some(body), &key).await;
    assert_eq!(again.header("idempotency-replayed"), "true");
    assert_eq!(again.json(), first.json());
    assert_eq!(world.web.app.load(world.ours.org.id, world.ours.handoff).await.unwrap().version, version);
}

#[tokio::test]
async fn other_changes_are_remembered_for_a_week_and_secrets_not_at_all() {
    let world = World::new().await;
    let token = world.ours.token(Role::Admin);
    let key = [("idempotency-key", "team")];
    let body = json!({ "name": "Enterprise" });
    let first = world.ask_with(token, "post", "/api/v1/teams", Some(body.clone()), &key).await;
    let again = world.ask_with(token, "post", "/api/v1/teams", Some(body.clone()), &key).await;
    assert_eq!((again.status.as_u16(), &again.text), (201, &first.text));
    world.clock.advance(jiff::SignedDuration::from_hours(7 * 24));
    let later = world.ask_with(token, "post", "/api/v1/teams", Some(body), &key).await;
    assert_eq!(later.header("idempotency-replayed"), "");
    assert_ne!(later.text, first.text);

    let key = [("idempotency-key", "token")];
    let body = json!({ "name": "billing", "role": "finance" });
    let first = world.ask_with(token, "post", "/api/v1/tokens", Some(body.clone()), &key).await;
    assert!(first.json()["secret"].as_str().unwrap().starts_with("tl_"));
    let again = world.ask_with(token, "post", "/api/v1/tokens", Some(body), &key).await;
    assert_eq!((again.status.as_u16(), again.kind().as_str()), (409, "conflict"));
    assert!(again.json()["detail"].as_str().unwrap().contains("held a secret"), "{}", again.text);
    let made = world.ask(token, "get", "/api/v1/tokens", None).await.json();
    assert_eq!(made["rows"].as_array().unwrap().iter().filter(|one| one["name"] == "billing").count(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_thousand_equal_requests_at_two_nodes_have_one_effect_and_one_answer() {
    let world = std::sync::Arc::new(World::new().await);
    let nodes = [world.node(), world.node()];
    let mut asked = tokio::task::JoinSet::new();
    for place in 0..1_000 {
        let (world, node) = (world.clone(), nodes[place % nodes.len()].clone());
        asked.spawn(async move {
            let key = [("idempotency-key", "once")];
            loop {
                let body = Some(json!({ "name": "Enterprise" }));
                let token = world.ours.token(Role::Admin);
                let got = world.ask_at(&node, token, "post", "/api/v1/teams", body, &key).await;
                if got.status.as_u16() != 409 {
                    return got;
                }
                assert_eq!(got.kind(), "in-progress");
                tokio::task::yield_now().await;
            }
        });
    }
    let answers = asked.join_all().await;
    let first = (answers[0].status, &answers[0].text);
    assert_eq!(first.0.as_u16(), 201, "{}", first.1);
    assert!(answers.iter().all(|got| (got.status, &got.text) == first));
    let replayed = answers.iter().filter(|got| got.header("idempotency-replayed") == "true").count();
    assert_eq!(replayed, 999);
    let teams = world.ask(world.ours.token(Role::Admin), "get", "/api/v1/teams", None).await.json();
    assert_eq!(teams["rows"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_change_and_its_key_are_one_row_of_the_audit_log() {
    let world = World::new().await;
    let token = world.ours.token(Role::Admin);
    let actions = async || -> Vec<String> {
        let rows = world.web.app.store().audit(world.ours.org.id, None, 200).await.unwrap();
        rows.into_iter().map(|(_, row)| row.action).collect()
    };
    let before = actions().await.len();
    let key = [("idempotency-key", "team")];
    let body = json!({ "name": "Enterprise" });
    for _ in 0..2 {
        world.ask_with(token, "post", "/api/v1/teams", Some(body.clone()), &key).await;
    }
    let after = actions().await;
    assert_eq!((after.len(), after[0].as_str()), (before + 1, "put-team"));
}

#[tokio::test]
async fn a_refused_change_leaves_neither_effect_nor_key() {
    let world = World::new().await;
    let token = world.ours.token(Role::Admin);
    let key = [("idempotency-key", "invited")];
    let invited =
        |email: &str| json!({ "name": "Kim", "email": email, "grants": [{ "role": "csm", "scope": "own" }] });
    let taken = "csm@ours.example";
    let got = world.ask_with(token, "post", "/api/v1/people", Some(invited(taken)), &key).await;
    assert_eq!((got.status.as_u16(), got.kind().as_str()), (409, "conflict"), "{}", got.text);
    // The key is free for the mended request.
    let got = world.ask_with(token, "post", "/api/v1/people", Some(invited("kim@ours.example")), &key).await;
    assert_eq!(got.status.as_u16(), 201, "{}", got.text);
}

#[tokio::test]
async fn an_attempt_at_a_gate_is_one_fact_however_often_it_is_sent_under_its_key() {
    let world = World::new().await;
    let token = world.ours.token(Role::RevOps);
    let nodes = [world.node(), world.node()];
    let body = json!({ "handoff_id": world.ours.handoff, "intent": "attempt" });
    let version = async || world.web.app.load(world.ours.org.id, world.ours.handoff).await.unwrap().version;
    let before = version().await;
    let key = [("idempotency-key", "attempt")];
    let mut answers = Vec::new();
    for node in nodes.iter().cycle().take(6) {
        let path = "/api/v1/gates/handoff/checks";
        let got = world.ask_at(node, token, "post", path, Some(body.clone()), &key).await;
        assert_eq!(got.status.as_u16(), 200, "{}", got.text);
        answers.push(got.text);
    }
    assert!(answers.iter().all(|answer| *answer == answers[0]));
    assert_eq!(version().await, before + 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn attempts_at_a_gate_that_overtake_one_another_are_all_kept() {
    let world = std::sync::Arc::new(World::new().await);
    let version = async || world.web.app.load(world.ours.org.id, world.ours.handoff).await.unwrap().version;
    let before = version().await;
    let mut asked = tokio::task::JoinSet::new();
    for place in 0..4 {
        let (world, node) = (world.clone(), world.node());
        asked.spawn(async move {
            let (key, path) = (format!("attempt-{place}"), "/api/v1/gates/handoff/checks");
            let body = json!({ "handoff_id": world.ours.handoff, "intent": "attempt" });
            let key = [("idempotency-key", key.as_str())];
            world.ask_at(&node, world.ours.token(Role::RevOps), "post", path, Some(body), &key).await
        });
    }
    let answers = asked.join_all().await;
    assert!(answers.iter().all(|got| got.status.as_u16() == 200));
    assert_eq!(version().await, before + 4);
}

#[tokio::test]
async fn an_address_that_leads_nowhere_is_told_so_whatever_the_key_was_used_for() {
    let world = World::new().await;
    let token = world.ours.token(Role::Admin);
    let key = [("idempotency-key", "used")];
    let body = json!({ "name": "Enterprise" });
    assert_eq!(world.ask_with(token, "post", "/api/v1/teams", Some(body), &key).await.status.as_u16(), 201);
    for (method, path, told) in [
        ("patch", "/api/v1/teams", (405, "method-not-allowed")),
        ("post", "/api/v1/nothing", (404, "not-found")),
    ] {
        for key in [&[][..], &key] {
            let got = world.ask_with(token, method, path, Some(json!({ "name": "Other" })), key).await;
            assert_eq!((got.status.as_u16(), got.kind().as_str()), told, "{method} {path} {key:?}");
        }
    }
}

#[tokio::test]
async fn a_key_is_short_and_printable() {
    let world = World::new().await;
    let (path, body) = nomination(&world);
    for key in ["", "a b", &"x".repeat(256), "caf\u{e9}"] {
        let got = world
            .ask_with(
                world.ours.token(Role::RevOps),
                "post",
                &path,
                Some(body.clone()),
                &[("idempotency-key", key)],
            )
            .await;
        assert_eq!((got.status.as_u16(), got.kind().as_str()), (400, "bad-request"), "{key}");
    }
}

#[tokio::test]
async fn a_stale_version_is_told_with_the_current_one_and_changes_nothing() {
    let world = World::new().await;
    let token = world.ours.token(Role::RevOps);
    let shown = world.ask(token, "get", &format!("/api/v1/handoffs/{}", world.ours.handoff), None).await;
    let etag = shown.header("etag").to_owned();
    assert_eq!(etag, format!("\"{}\"", shown.json()["version"]));
    let (path, body) = nomination(&world);
    let got = world.ask_with(token, "post", &path, Some(body.clone()), &[("if-match", &etag)]).await;
    assert_eq!(got.status.as_u16(), 200);
    let current = got.header("etag").to_owned();
    assert_ne!(current, etag);
    let other = json!({ "csm": world.ours.person(Role::CsLeader) });
    let got = world.ask_with(token, "post", &path, Some(other), &[("if-match", &etag)]).await;
    assert_eq!((got.status.as_u16(), got.kind().as_str()), (412, "stale"));
    assert_eq!(got.header("etag"), current);
    let got = world.ask_with(token, "post", &path, Some(body), &[("if-match", "7")]).await;
    assert_eq!(got.status.as_u16(), 400);
}

#[tokio::test]
async fn settings_are_changed_on_the_version_that_was_read() {
    let world = World::new().await;
    let (token, path) = (world.ours.token(Role::Admin), "/api/v1/settings");
    let patch = async |name: &str, sent: &[(&str, &str)]| {
        world.ask_with(token, "patch", path, Some(json!({ "name": name })), sent).await
    };
    let got = patch("Nobody read it", &[]).await;
    assert_eq!((got.status.as_u16(), got.kind().as_str()), (428, "precondition-required"));
    let read = world.ask(token, "get", path, None).await.header("etag").to_owned();
    let one = patch("One", &[("if-match", &read)]).await;
    assert_eq!(one.status.as_u16(), 200, "{}", one.text);
    // The other had read the same.
    let other = patch("Other", &[("if-match", &read), ("idempotency-key", "other")]).await;
    assert_eq!((other.status.as_u16(), other.kind().as_str()), (412, "stale"));
    assert_eq!(other.header("etag"), one.header("etag"));
    let shown = world.ask(token, "get", path, None).await;
    assert_eq!((&shown.json()["name"], shown.header("etag")), (&json!("One"), one.header("etag")));
    let other = patch("Other", &[("if-match", other.header("etag")), ("idempotency-key", "other")]).await;
    assert_eq!((other.status.as_u16(), &other.json()["name"]), (200, &json!("Other")), "{}", other.text);
    assert_eq!(patch("Whatever it is", &[("if-match", "*")]).await.status.as_u16(), 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_changes_of_settings_on_one_version_one_is_made() {
    let world = std::sync::Arc::new(World::new().await);
    let path = "/api/v1/settings";
    let read = world.ask(world.ours.token(Role::Admin), "get", path, None).await.header("etag").to_owned();
    let mut asked = tokio::task::JoinSet::new();
    for place in 0..20 {
        let (world, read, node) = (world.clone(), read.clone(), world.node());
        asked.spawn(async move {
            let key = format!("key-{place}");
            // Half of them under keys: those wait for their answer before they are made.
            let sent = [("if-match", read.as_str()), ("idempotency-key", key.as_str())];
            let sent = if place % 2 == 0 { &sent[..] } else { &sent[..1] };
            let body = Some(json!({ "name": format!("Company {place}") }));
            world
                .ask_at(&node, world.ours.token(Role::Admin), "patch", path, body, sent)
                .await
                .status
                .as_u16()
        });
    }
    let mut answers = asked.join_all().await;
    answers.sort_unstable();
    assert_eq!(answers[0], 200);
    assert!(answers[1..].iter().all(|status| *status == 412), "{answers:?}");
}

#[tokio::test]
async fn a_signed_in_browser_is_asked_where_it_comes_from_and_a_token_is_not() {
    let world = World::new().await;
    let cookie = world.session(world.ours.person(Role::RevOps)).await;
    let (path, body) = nomination(&world);
    for (site, status) in [("same-origin", 200), ("none", 200), ("cross-site", 403), ("same-site", 403)] {
        let sent = [("cookie", cookie.as_str()), ("sec-fetch-site", site)];
        let got = world.ask_with("", "post", &path, Some(body.clone()), &sent).await;
        assert_eq!(got.status.as_u16(), status, "{site}: {}", got.text);
    }
    let got = world.ask_with("", "post", &path, Some(body.clone()), &[("cookie", cookie.as_str())]).await;
    assert_eq!(got.kind(), "cross-site");
    let token = world.ours.token(Role::RevOps);
    let got = world.ask_with(token, "post", &path, Some(body), &[("sec-fetch-site", "cross-site")]).await;
    assert_eq!(got.status.as_u16(), 200);
}

#[tokio::test]
async fn every_answer_is_hardened_and_none_is_kept() {
    let world = World::new().await;
    let token = world.ours.token(Role::RevOps);
    for (token, path) in [
        (token, "/api/v1/me"),
        (token, "/api/v1/nothing"),
        ("", "/api/v1/me"),
        ("", "/healthz"),
        ("", "/no/such/page"),
    ] {
        let got = world.ask(token, "get", path, None).await;
        assert!(got.header("content-security-policy").contains("frame-ancestors 'none'"), "{path}");
        assert_eq!(got.header("x-content-type-options"), "nosniff");
        assert_eq!(got.header("cache-control"), "no-store");
        assert!(got.header("strict-transport-security").contains("31536000; includeSubDomains"));
        assert!(!got.headers.contains_key("access-control-allow-origin"));
    }
}

#[tokio::test]
async fn ones_sessions_are_listed_and_ended() {
    let world = World::new().await;
    let me = world.ours.person(Role::Csm);
    let (here, there) = (world.session(me).await, world.session(me).await);
    let list = world.ask_with("", "get", "/api/v1/me/sessions", None, &[("cookie", &here)]).await;
    let rows = list.json()["rows"].as_array().unwrap().clone();
    let other = rows.iter().find(|row| row["current"] == false).unwrap();
    let path = format!("/api/v1/me/sessions/{}", other["id"].as_str().unwrap());
    let sent = [("cookie", here.as_str()), ("sec-fetch-site", "same-origin")];
    assert_eq!(world.ask_with("", "delete", &path, None, &sent).await.status.as_u16(), 204);
    assert_eq!(
        world.ask_with("", "get", "/api/v1/me", None, &[("cookie", &there)]).await.status.as_u16(),
        401
    );
    assert_eq!(
        world.ask_with("", "get", "/api/v1/me", None, &[("cookie", &here)]).await.status.as_u16(),
        200
    );
    let foreign = world.session(world.ours.person(Role::Ae)).await;
    let sent = [("cookie", foreign.as_str()), ("sec-fetch-site", "same-origin")];
    let path = format!(
        "/api/v1/me/sessions/{}",
        rows.iter().find(|row| row["current"] == true).unwrap()["id"].as_str().unwrap()
    );
    assert_eq!(world.ask_with("", "delete", &path, None, &sent).await.status.as_u16(), 404);
}

#[tokio::test]
async fn a_list_is_walked_page_by_page_without_gap_or_repeat() {
    let world = World::new().await;
    let token = world.ours.token(Role::RevOps);
    for number in 10..17 {
        let body = json!({ "name": format!("Deal {number}"), "account": format!("Account {}", number % 3), "stage": "Won", "standing": "won" });
        let got = world.ask(token, "put", &format!("/api/v1/deals/crm/D-{number}"), Some(body)).await;
        assert_eq!(got.status.as_u16(), 200, "{}", got.text);
    }
    for sort in ["due", "updated", "signature", "account", "missing", "amount"] {
        let whole =
            world.ask(token, "get", &format!("/api/v1/handoffs?sort={sort}&limit=200"), None).await.json();
        let wanted: Vec<&Value> = whole["rows"].as_array().unwrap().iter().map(|row| &row["id"]).collect();
        assert!(wanted.len() >= 8, "{}", wanted.len());
        let (mut walked, mut next) = (Vec::new(), Some(format!("/api/v1/handoffs?sort={sort}&limit=3")));
        while let Some(path) = next {
            let page = world.ask(token, "get", &path, None).await.json();
            walked.extend(page["rows"].as_array().unwrap().iter().map(|row| row["id"].clone()));
            next = page["next"].as_str().map(str::to_owned);
        }
        assert_eq!(walked.iter().collect::<Vec<_>>(), wanted, "{sort}");
    }
    let narrow = world
        .ask(token, "get", "/api/v1/handoffs?life=live&stage=preparing,offered&text=northwind", None)
        .await
        .json();
    assert_eq!(narrow["rows"].as_array().unwrap().len(), 2);
    for odd in [
        "life=alive",
        "limit=0",
        "limit=201",
        "after=x",
        "sort=name",
        "unknown=1",
        "ae=me",
        "due_before=soon",
    ] {
        let got = world.ask(token, "get", &format!("/api/v1/handoffs?{odd}"), None).await;
        assert_eq!((got.status.as_u16(), got.kind().as_str()), (400, "bad-request"), "{odd}: {}", got.text);
    }
}

#[tokio::test]
async fn ratings_are_shown_to_whom_they_concern() {
    let world = World::new().await;
    let path = format!("/api/v1/handoffs/{}", world.ours.handoff);
    for (role, seen) in [
        (Role::CsLeader, true),
        (Role::Ae, true),
        (Role::SalesLeader, true),
        (Role::Finance, false),
        (Role::DealDesk, false),
        (Role::Admin, false),
    ] {
        let cookie = world.session(world.ours.person(role)).await;
        let got = world.ask_with("", "get", &path, None, &[("cookie", &cookie)]).await;
        assert_eq!(!got.json()["ratings"].is_null(), seen, "{role}");
    }
}
