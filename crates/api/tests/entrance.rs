//! Coming in, over the API: invited, reset, signed in, and what a session then may.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod common;

use common::World;
use serde_json::json;
use throughline_domain::Role;

const PASSWORD: &str = "correct horse battery";

impl World {
    /// Uses a link's secret as the page behind it does.
    async fn welcome(&self, link: &str, password: &str) -> bool {
        let secret = link.split_once("/welcome?key=").unwrap().1;
        self.web.app.welcome(secret, password.to_owned()).await.is_ok()
    }

    /// Signs in as the sign-in page does; the cookie's header.
    async fn sign_in(&self, email: &str, password: &str) -> Option<String> {
        let (_, _, secret) = self.web.app.sign_in(email, password.to_owned(), "test").await.ok()?;
        Some(format!("__Host-throughline={secret}"))
    }

    async fn me(&self, cookie: &str) -> u16 {
        self.ask_with("", "get", "/api/v1/me", None, &[("cookie", cookie)]).await.status.as_u16()
    }
}

#[tokio::test]
async fn an_invited_person_signs_in_and_is_known_to_the_api() {
    let world = World::new().await;
    let grants = json!([{ "role": "ae", "scope": "own" }]);
    let body = json!({ "name": "Noor", "email": "Noor@ours.example", "grants": grants });
    let invited = world.ask(world.ours.token(Role::Admin), "post", "/api/v1/people", Some(body)).await;
    assert_eq!(invited.status.as_u16(), 201, "{}", invited.text);
    let link = invited.json()["link"].as_str().unwrap().to_owned();
    assert!(link.starts_with("https://handoffs.example/welcome?key="), "{link}");
    assert!(world.sign_in("noor@ours.example", PASSWORD).await.is_none(), "no password yet");
    assert!(world.welcome(&link, PASSWORD).await);
    let cookie = world.sign_in("noor@ours.example", PASSWORD).await.unwrap();
    let me = world.ask_with("", "get", "/api/v1/me", None, &[("cookie", &cookie)]).await;
    assert_eq!(me.status.as_u16(), 200, "{}", me.text);
    assert!(me.text.contains("Noor"), "{}", me.text);
    assert!(world.sign_in("noor@ours.example", "wrong horse battery").await.is_none());

    // The letter that says so leads nobody in.
    let own = world.ask_with("", "get", "/api/v1/me/letters", None, &[("cookie", &cookie)]).await;
    assert!(own.text.contains("you are invited"), "{}", own.text);
    let secret = link.split_once("key=").unwrap().1;
    assert!(!own.text.contains(secret));
}

#[tokio::test]
async fn a_password_reset_ends_every_session_and_the_old_password() {
    let world = World::new().await;
    let person = world.ours.person(Role::Csm);
    let path = format!("/api/v1/people/{person}/reset-password");
    let admin = world.ours.token(Role::Admin);
    let first = world.ask(admin, "post", &path, None).await.json()["link"].as_str().unwrap().to_owned();
    assert!(world.welcome(&first, PASSWORD).await);
    let before = world.sign_in("csm@ours.example", PASSWORD).await.unwrap();
    assert_eq!(world.me(&before).await, 200);

    let got = world.ask(admin, "post", &path, None).await;
    assert_eq!(got.status.as_u16(), 200, "{}", got.text);
    let link = got.json()["link"].as_str().unwrap().to_owned();
    assert_eq!(world.me(&before).await, 401, "signed out");
    assert!(world.sign_in("csm@ours.example", PASSWORD).await.is_none());
    assert!(!world.welcome(&first, "an older horse battery").await, "the first link was used");
    assert!(world.welcome(&link, "another horse battery").await);
    let after = world.sign_in("csm@ours.example", "another horse battery").await.unwrap();
    assert_eq!(world.me(&after).await, 200);
    assert_eq!(world.me(&before).await, 401);
}

#[tokio::test]
async fn a_successor_who_cannot_do_the_job_is_refused_before_anything_is_counted_or_moved() {
    let world = World::new().await;
    let path = format!("/api/v1/people/{}/reassign", world.ours.person(Role::Ae));
    for dry_run in [true, false] {
        let body = json!({ "to": world.ours.person(Role::Csm), "reason": "she left", "dry_run": dry_run });
        let got = world.ask(world.ours.token(Role::Admin), "post", &path, Some(body)).await;
        assert_eq!((got.status.as_u16(), got.kind().as_str()), (422, "invalid"), "{}", got.text);
        assert_eq!(got.json()["field"], "to");
    }
}

#[tokio::test]
async fn the_owner_of_a_deal_opens_its_record_and_another_seller_does_not_see_it() {
    let world = World::new().await;
    let owner = world.session(world.ours.person(Role::Ae)).await;
    let body =
        json!({ "name": "Emil", "email": "emil@ours.example", "grants": [{ "role": "ae", "scope": "own" }] });
    let invited = world.ask(world.ours.token(Role::Admin), "post", "/api/v1/people", Some(body)).await.json();
    assert!(world.welcome(invited["link"].as_str().unwrap(), PASSWORD).await);
    let other = world.sign_in("emil@ours.example", PASSWORD).await.unwrap();
    let path = "/api/v1/deals/crm/D-3";
    for (cookie, seen, opened) in [(&other, 404, 404), (&owner, 200, 200)] {
        let sent = [("cookie", cookie.as_str()), ("sec-fetch-site", "same-origin")];
        assert_eq!(world.ask_with("", "get", path, None, &sent).await.status.as_u16(), seen);
        let got = world.ask_with("", "post", &format!("{path}/open"), None, &sent).await;
        assert_eq!(got.status.as_u16(), opened, "{}", got.text);
    }
}
