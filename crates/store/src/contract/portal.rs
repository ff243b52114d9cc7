//! Who of a customer comes into the portal: let in by address, with keys that are used once.

use jiff::Timestamp;
use throughline_domain::{AccountId, Actor, PortalPersonId};
use uuid::Uuid;

use super::{
    names::{apply, conflicts},
    sample::*,
    together::together,
};
use crate::{
    ApplyError, Change, PortalChange, PortalKey, PortalKeyKind, PortalPerson, PortalSession, ports::Store,
};

fn secret() -> String {
    fresh::<Uuid>().simple().to_string().repeat(2)
}

fn somebody(account: AccountId, email: &str, second: i64) -> PortalPerson {
    PortalPerson {
        id: fresh(),
        version: 1,
        account,
        name: "Ines Würth".to_owned(),
        email: email.to_owned(),
        may_sign: false,
        granted_by: Actor::Person { id: person() },
        granted_at: at(second),
        revoked_at: None,
    }
}

fn a_key(person: PortalPersonId, kind: PortalKeyKind, second: i64) -> PortalKey {
    PortalKey {
        id: fresh(),
        person,
        kind,
        handoff: None,
        browser: secret(),
        secret: None,
        tries: 0,
        asked_at: at(second),
        expires_at: at(second + 600),
        used_at: None,
    }
}

fn a_session(person: PortalPersonId, second: i64) -> PortalSession {
    PortalSession { secret: secret(), person, created_at: at(second), seen_at: at(second) }
}

fn portal(change: PortalChange) -> Vec<Change> {
    vec![Change::Portal(change)]
}

fn put(person: &PortalPerson) -> Vec<Change> {
    portal(PortalChange::Put(person.clone()))
}

fn ask(key: &PortalKey) -> Vec<Change> {
    portal(PortalChange::Ask(key.clone()))
}

fn hand(key: &PortalKey, secret: &str, expires_at: Timestamp) -> Vec<Change> {
    portal(PortalChange::Hand { key: key.id, secret: secret.to_owned(), expires_at })
}

fn uses(key: &PortalKey) -> Vec<Change> {
    portal(PortalChange::Use { key: key.id, at: at(7) })
}

fn tries(key: &PortalKey, most: u32) -> Vec<Change> {
    portal(PortalChange::Try { key: key.id, most })
}

pub async fn somebody_is_let_in_at_an_account_by_their_address(store: &dyn Store) {
    let (org, acme, other) = (org(), fresh(), fresh());
    let late = somebody(acme, "ines@customer.example", 9);
    let early = somebody(acme, "jon@customer.example", 3);
    let elsewhere = somebody(other, "ines@customer.example", 1);
    for one in [&late, &early, &elsewhere] {
        apply(store, org, put(one)).await;
    }
    assert_eq!(store.portal_people(org, acme).await.unwrap(), [early.clone(), late.clone()]);
    assert_eq!(store.portal_person(org, elsewhere.id).await.unwrap(), Some(elsewhere.clone()));
    let mut both = store.portal_people_by_email("ines@customer.example").await.unwrap();
    both.sort_by_key(|(_, one)| one.granted_at);
    assert_eq!(both, [(org, elsewhere), (org, late.clone())]);
    assert_eq!(store.portal_people_by_email("ines@customer.exampl_").await.unwrap(), []);

    conflicts(store, org, put(&somebody(acme, "ines@customer.example", 11))).await;
    conflicts(store, org, put(&PortalPerson { version: 2, email: late.email.clone(), ..early.clone() }))
        .await;
    let revoked = PortalPerson { version: 2, may_sign: true, revoked_at: Some(at(20)), ..late };
    apply(store, org, put(&revoked)).await;
    assert_eq!(store.portal_people(org, acme).await.unwrap(), [early, revoked]);
}

pub async fn who_is_let_in_is_changed_on_the_version_that_was_read(store: &dyn Store) {
    let (org, there, acme) = (org(), org(), fresh());
    let ines = somebody(acme, "ines@customer.example", 0);
    conflicts(store, org, put(&PortalPerson { version: 2, ..ines.clone() })).await;
    apply(store, org, put(&ines)).await;
    let revoked = PortalPerson { version: 2, revoked_at: Some(at(20)), ..ines.clone() };
    conflicts(store, there, put(&revoked)).await;
    apply(store, org, put(&revoked)).await;
    // Whoever read them before gives them no right over it, and lets them in no more.
    for version in [1, 2, 4] {
        conflicts(store, org, put(&PortalPerson { version, may_sign: true, ..ines.clone() })).await;
    }
    assert_eq!(store.portal_person(org, ines.id).await.unwrap(), Some(revoked.clone()));
    assert_eq!(store.portal_people_by_email(&ines.email).await.unwrap(), [(org, revoked)]);
    let again = |name: String| PortalPerson { version: 3, name, ..ines.clone() };
    let results = together(
        (0..20).map(|number| store.apply(org, put(&again(format!("Ines {number}"))), audit("change-portal"))),
    )
    .await;
    assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 1);
    assert!(results.iter().all(|result| matches!(result, Ok(()) | Err(ApplyError::Conflict(_)))));
}

pub async fn a_key_is_handed_out_found_by_its_secret_and_used_once(store: &dyn Store) {
    let (org, ines) = (org(), fresh());
    let (key, other) = (a_key(ines, PortalKeyKind::Link, 0), a_key(ines, PortalKeyKind::Signature, 1));
    let other = PortalKey { handoff: Some(fresh()), ..other };
    apply(store, org, ask(&key)).await;
    apply(store, org, ask(&other)).await;
    assert_eq!(store.portal_key(org, key.id).await.unwrap(), Some(key.clone()));
    assert_eq!(store.portal_key(org, other.id).await.unwrap(), Some(other.clone()));
    let (first, second) = (secret(), secret());
    assert_eq!(store.portal_key_of(&first).await.unwrap(), None);
    apply(store, org, hand(&key, &first, at(800))).await;
    let handed = PortalKey { secret: Some(first.clone()), expires_at: at(800), ..key.clone() };
    assert_eq!(store.portal_key_of(&first).await.unwrap(), Some((org, handed.clone())));
    conflicts(store, org, hand(&other, &first, at(800))).await;

    // Handed out again it has another secret; asked for again it stays as it is.
    apply(store, org, hand(&key, &second, at(900))).await;
    apply(store, org, ask(&key)).await;
    assert_eq!(store.portal_key_of(&first).await.unwrap(), None);
    let handed = PortalKey { secret: Some(second.clone()), expires_at: at(900), ..key.clone() };
    assert_eq!(store.portal_key_of(&second).await.unwrap(), Some((org, handed.clone())));

    apply(store, org, uses(&key)).await;
    let used = PortalKey { used_at: Some(at(7)), ..handed };
    assert_eq!(store.portal_key_of(&second).await.unwrap(), Some((org, used)));
    let unknown = a_key(ines, PortalKeyKind::Link, 0);
    for over in [&key, &unknown] {
        conflicts(store, org, uses(over)).await;
        conflicts(store, org, tries(over, 9)).await;
        conflicts(store, org, hand(over, &secret(), at(900))).await;
    }
    let session = a_session(ines, 0);
    let again = [Change::Portal(PortalChange::PutSession(session.clone()))].into_iter().chain(uses(&key));
    conflicts(store, org, again.collect()).await;
    assert_eq!(store.portal_session(&session.secret).await.unwrap(), None, "nothing of the batch was done");
}

pub async fn a_key_is_used_once_by_many_at_once(store: &dyn Store) {
    let (org, ines) = (org(), fresh());
    let key = a_key(ines, PortalKeyKind::Link, 0);
    apply(store, org, ask(&key)).await;
    let sessions: Vec<_> = (0..50).map(|second| a_session(ines, second)).collect();
    let results = together(sessions.iter().map(|session| {
        let opens = Change::Portal(PortalChange::PutSession(session.clone()));
        store.apply(org, uses(&key).into_iter().chain([opens]).collect(), audit("enter-portal"))
    }))
    .await;
    assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 1);
    assert!(results.iter().all(|result| matches!(result, Ok(()) | Err(ApplyError::Conflict(_)))));
    let mut open = 0;
    for session in &sessions {
        open += usize::from(store.portal_session(&session.secret).await.unwrap().is_some());
    }
    assert_eq!(open, 1);
}

pub async fn a_code_is_tried_as_often_as_it_may_be_by_many_at_once(store: &dyn Store) {
    let (org, ines) = (org(), fresh());
    let key = a_key(ines, PortalKeyKind::Code, 0);
    apply(store, org, ask(&key)).await;
    let results = together((0..40).map(|_| store.apply(org, tries(&key, 5), audit("try-portal-code")))).await;
    assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 5);
    assert_eq!(store.portal_key(org, key.id).await.unwrap().unwrap().tries, 5);
    apply(store, org, tries(&key, 6)).await;
    conflicts(store, org, tries(&key, 6)).await;
}

pub async fn a_portal_session_is_found_by_its_secret_and_ends(store: &dyn Store) {
    let (org, ines) = (org(), fresh());
    let session = a_session(ines, 0);
    apply(store, org, portal(PortalChange::PutSession(session.clone()))).await;
    let seen = PortalSession { seen_at: at(60), ..session.clone() };
    let sees = portal(PortalChange::SeeSession { secret: session.secret.clone(), at: at(60) });
    apply(store, org, sees.clone()).await;
    assert_eq!(store.portal_session(&session.secret).await.unwrap(), Some((org, seen)));
    assert_eq!(store.session(&session.secret).await.unwrap(), None, "it is no session of who works here");
    for _ in 0..2 {
        apply(store, org, portal(PortalChange::EndSession(session.secret.clone()))).await;
        assert_eq!(store.portal_session(&session.secret).await.unwrap(), None);
        // Whoever had read it before does not bring it back.
        apply(store, org, sees.clone()).await;
        assert_eq!(store.portal_session(&session.secret).await.unwrap(), None);
    }
}

pub async fn who_leaves_the_portal_holds_nothing_and_who_is_forgotten_is_nowhere(store: &dyn Store) {
    let (org, acme) = (org(), fresh());
    let (ines, jon) = (somebody(acme, "ines@customer.example", 0), somebody(acme, "jon@customer.example", 1));
    let mut held = Vec::new();
    for one in [&ines, &jon] {
        let (key, session) = (a_key(one.id, PortalKeyKind::Link, 0), a_session(one.id, 0));
        apply(store, org, put(one)).await;
        apply(store, org, ask(&key)).await;
        apply(store, org, portal(PortalChange::PutSession(session.clone()))).await;
        held.push((key, session));
    }
    let left = async |which: usize| {
        let (key, session) = &held[which];
        let key = store.portal_key(org, key.id).await.unwrap().is_some();
        (key, store.portal_session(&session.secret).await.unwrap().is_some())
    };
    apply(store, org, portal(PortalChange::Leave(ines.id))).await;
    assert_eq!((left(0).await, left(1).await), ((false, false), (true, true)));
    assert_eq!(store.portal_person(org, ines.id).await.unwrap(), Some(ines.clone()));
    apply(store, org, portal(PortalChange::Forget(jon.id))).await;
    assert_eq!(left(1).await, (false, false));
    assert_eq!(store.portal_people(org, acme).await.unwrap(), [ines]);
    assert_eq!(store.portal_people_by_email(&jon.email).await.unwrap(), []);
    apply(store, org, put(&somebody(acme, "jon@customer.example", 5))).await;
}

pub async fn keys_and_portal_sessions_are_forgotten_in_time(store: &dyn Store) {
    let (org, ines) = (org(), fresh());
    let keys = [0, 50, 100].map(|second| a_key(ines, PortalKeyKind::Link, second));
    let sessions = [a_session(ines, 99), a_session(ines, 100)];
    for key in &keys {
        apply(store, org, ask(key)).await;
    }
    for session in &sessions {
        apply(store, org, portal(PortalChange::PutSession(session.clone()))).await;
    }
    assert_eq!(store.portal_asked(org, ines, PortalKeyKind::Link, at(50)).await.unwrap(), 2);
    assert_eq!(store.portal_asked(org, ines, PortalKeyKind::Signature, at(0)).await.unwrap(), 0);
    assert_eq!(store.portal_asked(org, fresh(), PortalKeyKind::Link, at(0)).await.unwrap(), 0);
    apply(store, org, portal(PortalChange::Tidy { asked_before: at(50), seen_before: at(100) })).await;
    assert_eq!(store.portal_key(org, keys[0].id).await.unwrap(), None);
    assert_eq!(store.portal_asked(org, ines, PortalKeyKind::Link, at(0)).await.unwrap(), 2);
    assert_eq!(store.portal_session(&sessions[0].secret).await.unwrap(), None);
    assert!(store.portal_session(&sessions[1].secret).await.unwrap().is_some());
}

pub async fn the_portal_of_one_organisation_is_no_other_s(store: &dyn Store) {
    let (here, there, acme) = (org(), org(), fresh());
    let ines = somebody(acme, "ines@customer.example", 0);
    let (key, session) = (a_key(ines.id, PortalKeyKind::Link, 0), a_session(ines.id, 0));
    let word = secret();
    apply(store, here, put(&ines)).await;
    apply(store, here, ask(&key)).await;
    apply(store, here, hand(&key, &word, at(600))).await;
    apply(store, here, portal(PortalChange::PutSession(session.clone()))).await;

    assert_eq!(store.portal_people(there, acme).await.unwrap(), []);
    assert_eq!(store.portal_person(there, ines.id).await.unwrap(), None);
    assert_eq!(store.portal_key(there, key.id).await.unwrap(), None);
    assert_eq!(store.portal_asked(there, ines.id, PortalKeyKind::Link, at(0)).await.unwrap(), 0);
    for change in [uses(&key), tries(&key, 9), hand(&key, &secret(), at(600))] {
        conflicts(store, there, change).await;
    }
    conflicts(store, there, portal(PortalChange::PutSession(session.clone()))).await;
    let other = a_key(ines.id, PortalKeyKind::Link, 0);
    apply(store, there, ask(&other)).await;
    conflicts(store, there, hand(&other, &word, at(600))).await;
    let quiet = [
        PortalChange::Leave(ines.id),
        PortalChange::Forget(ines.id),
        PortalChange::EndSession(session.secret.clone()),
        PortalChange::SeeSession { secret: session.secret.clone(), at: at(500) },
        PortalChange::Tidy { asked_before: at(9_999), seen_before: at(9_999) },
    ];
    apply(store, there, quiet.into_iter().map(Change::Portal).collect()).await;
    assert_eq!(store.portal_people(here, acme).await.unwrap(), [ines]);
    assert!(store.portal_key_of(&word).await.unwrap().is_some_and(|(org, _)| org == here));
    assert_eq!(store.portal_session(&session.secret).await.unwrap(), Some((here, session)));
}
