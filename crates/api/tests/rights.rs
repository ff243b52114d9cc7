//! Who may do what, over every address: no credential, each role, a narrowed token, another organisation (Q20).
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod common;

use common::{
    CANARY, Got, World,
    sample::{Operation, operations},
};
use serde_json::Value;
use throughline_domain::{
    Role,
    access::{Action, Scope, reach},
};

#[derive(Debug, PartialEq)]
enum Expected {
    Allowed,
    Forbidden,
    NotThere,
}

/// What the access table says to a token of a role, which is nobody and so has no handoff of its own.
fn expected(role: Role, operation: &Operation) -> Expected {
    if matches!(
        operation.id.as_str(),
        "listSessions"
            | "endSession"
            | "listLetters"
            | "getNotifications"
            | "setNotifications"
            | "listViews"
            | "saveView"
            | "changeView"
            | "removeView"
            | "chooseView"
    ) {
        return Expected::NotThere;
    }
    let Some(right) = &operation.right else { return Expected::Allowed };
    let right: Action = serde_json::from_value(Value::String(right.clone())).unwrap();
    let far = |action| reach(role, action);
    let about_one = operation.path.contains("/handoffs/{id}");
    // The way to the handoff may be longer than its address: by its deal, or by its account.
    let leads_to_one = matches!(
        operation.id.as_str(),
        "checkGate"
            | "getDeal"
            | "openDeal"
            | "listAccountHandoffs"
            | "listPortalPeople"
            | "grantPortal"
            | "changePortal"
            | "revokePortal"
    );
    if (leads_to_one || matches!(operation.id.as_str(), "exportJournal" | "eraseTexts"))
        && far(right).is_none()
    {
        return Expected::Forbidden;
    }
    if about_one || leads_to_one {
        return match (far(right), far(Action::Read)) {
            (Some(Scope::Organisation), _) => Expected::Allowed,
            (_, Some(Scope::Organisation)) => Expected::Forbidden,
            _ => Expected::NotThere,
        };
    }
    if far(right).is_some() { Expected::Allowed } else { Expected::Forbidden }
}

fn class(got: &Got) -> Expected {
    match got.status.as_u16() {
        403 if matches!(got.kind().as_str(), "not-yours" | "waiver-authority") => Expected::Allowed,
        403 => Expected::Forbidden,
        404 => Expected::NotThere,
        _ => Expected::Allowed,
    }
}

#[tokio::test]
async fn every_address_answers_each_role_as_the_access_table_says() {
    let document = throughline_api::openapi();
    let mut refused = 0;
    for operation in operations(&document) {
        let world = World::new().await;
        let path = operation.at(&world.ours);
        let body = operation.fitting(&document, &world.ours);
        let at = format!("{} {path}", operation.method);

        // Who signs needs no credential, and a credential is no signature.
        let stranger = if operation.open && operation.id != "receiveEvent" { 200 } else { 401 };
        let got = world.ask("", &operation.method, &path, body.clone()).await;
        assert_eq!(got.status.as_u16(), stranger, "nobody: {at}");
        for secret in ["tl_wrong", "x", "tl_"] {
            let got = world.ask(secret, &operation.method, &path, body.clone()).await;
            assert_eq!(got.status.as_u16(), stranger, "{secret}: {at}");
        }
        if operation.open {
            continue;
        }
        // Who is refused first: what the others do may change the ground.
        let mut roles = Role::ALL;
        roles.sort_by_key(|role| expected(*role, &operation) == Expected::Allowed);
        for role in roles {
            let wanted = expected(role, &operation);
            let got = world.ask(world.ours.token(role), &operation.method, &path, body.clone()).await;
            let vague = wanted == Expected::Allowed && operation.is_vague(&path);
            assert!(
                class(&got) == wanted || vague,
                "{role}: {at}: expected {wanted:?}, got {} {}",
                got.status,
                got.text
            );
            assert!(got.status.as_u16() < 500, "{role}: {at}: {}", got.text);
            assert!(!got.text.contains(CANARY), "{role}: {at} tells of another organisation");
            assert!(
                operation.declares(got.status.as_u16()),
                "{role}: {at}: {} is not in the document: {}",
                got.status,
                got.text
            );
            refused += usize::from(wanted != Expected::Allowed);
        }
    }
    assert!(refused > 300, "the matrix has lost its refusals: {refused}");
}

#[tokio::test]
async fn a_narrowed_token_does_only_what_it_was_narrowed_to() {
    let document = throughline_api::openapi();
    let world = World::new().await;
    let elsewhere = world.narrowed(Role::CsLeader, &[Action::ReadPeople]).await;
    let reading = world.narrowed(Role::RevOps, &[Action::Read]).await;
    for operation in operations(&document).into_iter().filter(|operation| operation.right.is_some()) {
        let path = operation.at(&world.ours);
        let body = operation.fitting(&document, &world.ours);
        for (token, left) in [(&elsewhere, "read_people"), (&reading, "read")] {
            if operation.right.as_deref() == Some(left) {
                continue;
            }
            let got = world.ask(token, &operation.method, &path, body.clone()).await;
            let status = got.status.as_u16();
            assert!(
                matches!(status, 403 | 404),
                "{left} only: {} {path}: {status} {}",
                operation.method,
                got.text
            );
        }
    }
    let got = world.ask(&reading, "get", "/api/v1/handoffs", None).await;
    assert_eq!(got.status.as_u16(), 200);
}

#[tokio::test]
async fn another_organisations_things_are_not_there() {
    let document = throughline_api::openapi();
    for operation in operations(&document).into_iter().filter(|operation| operation.path.contains("{id}")) {
        let world = World::new().await;
        let before = world.web.app.store().load(world.theirs.org.id, world.theirs.handoff).await.unwrap();
        // Ours asks with all the rights there are, for what is theirs.
        let path = operation.at(&world.theirs);
        let body = operation.fitting(&document, &world.theirs);
        for role in [Role::RevOps, Role::Admin, Role::CsLeader, Role::Auditor] {
            let got = world.ask(world.ours.token(role), &operation.method, &path, body.clone()).await;
            let status = got.status.as_u16();
            assert!(
                matches!(status, 403 | 404),
                "{role}: {} {path}: {status} {}",
                operation.method,
                got.text
            );
            assert!(
                !got.text.contains(CANARY),
                "{role}: {} {path} tells of another organisation",
                operation.method
            );
        }
        let after = world.web.app.store().load(world.theirs.org.id, world.theirs.handoff).await.unwrap();
        assert_eq!(before, after, "{} {path} changed another organisation", operation.method);
    }
}

#[tokio::test]
async fn the_same_deal_id_in_two_organisations_is_two_deals() {
    let world = World::new().await;
    let got = world.ask(world.ours.token(Role::RevOps), "get", "/api/v1/deals/crm/D-1", None).await;
    assert_eq!(got.json()["handoff"], world.ours.handoff.to_string());
    let got = world.ask(world.theirs.token(Role::RevOps), "get", "/api/v1/deals/crm/D-1", None).await;
    assert_eq!(got.json()["handoff"], world.theirs.handoff.to_string());
    assert!(got.text.contains(CANARY), "the canary is where it belongs");
}

#[tokio::test]
async fn safe_methods_change_nothing() {
    let document = throughline_api::openapi();
    let world = World::new().await;
    let state = || async {
        let store = world.web.app.store();
        let org = world.ours.org.id;
        let handoff = store.load(org, world.ours.handoff).await.unwrap();
        (handoff, store.audit(org, None, 200).await.unwrap(), store.outbox(org, 200).await.unwrap())
    };
    let before = state().await;
    for operation in operations(&document).into_iter().filter(|operation| operation.method == "get") {
        for role in Role::ALL {
            for method in ["get", "head"] {
                world.ask(world.ours.token(role), method, &operation.at(&world.ours), None).await;
            }
        }
    }
    assert_eq!(before, state().await);
}
