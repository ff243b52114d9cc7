//! Tokens, sessions and links are found by their secrets' hashes and end when they should.

use throughline_domain::{
    PersonId, Role,
    access::{Action, Grant, Scope},
};

use super::{
    names::{apply, conflicts},
    sample::*,
    together,
};
use crate::{ApplyError, Change, Link, LookingAs, Session, Token, ports::Store};

fn secret() -> String {
    fresh::<uuid::Uuid>().simple().to_string().repeat(2)
}

fn a_token(name: &str) -> Token {
    Token {
        id: fresh(),
        name: name.to_owned(),
        secret: secret(),
        grant: Grant { role: Role::RevOps, scope: Scope::Organisation },
        actions: Some([Action::SendDeals].into()),
        created_at: at(0),
        revoked_at: None,
    }
}

fn a_session(person: PersonId, second: i64) -> Session {
    let agent = "Firefox".to_owned();
    Session { secret: secret(), person, created_at: at(second), seen_at: at(second), agent, looking_as: None }
}

fn a_link(person: Option<PersonId>) -> Link {
    Link { secret: secret(), person, expires_at: at(600) }
}

pub async fn a_token_is_found_by_its_secret_alone(store: &dyn Store) {
    let (here, there) = (org(), org());
    let (first, second) = (a_token("crm"), Token { created_at: at(5), ..a_token("export") });
    apply(store, here, vec![Change::PutToken(first.clone()), Change::PutToken(second.clone())]).await;
    assert_eq!(store.token(&first.secret).await.unwrap(), Some((here, first.clone())));
    assert_eq!(store.token("nothing").await.unwrap(), None);
    assert_eq!(store.token_by_id(here, second.id).await.unwrap(), Some(second.clone()));
    assert_eq!(store.tokens(here).await.unwrap(), [second.clone(), first.clone()]);
    for org in [here, there] {
        conflicts(store, org, vec![Change::PutToken(Token { id: fresh(), ..first.clone() })]).await;
    }
    let revoked = Token { revoked_at: Some(at(9)), ..first.clone() };
    apply(store, here, vec![Change::PutToken(revoked.clone())]).await;
    assert_eq!(store.token(&first.secret).await.unwrap(), Some((here, revoked)));
}

pub async fn a_session_ends(store: &dyn Store) {
    let (org, ann) = (org(), person());
    let session = a_session(ann, 0);
    apply(store, org, vec![Change::PutSession(session.clone())]).await;
    let seen = Session { seen_at: at(60), ..session.clone() };
    let sees = |at| vec![Change::SeeSession { secret: session.secret.clone(), at }];
    apply(store, org, sees(at(60))).await;
    assert_eq!(store.session(&session.secret).await.unwrap(), Some((org, seen.clone())));
    // In another tab somebody looks as somebody of the sample: noting the use leaves that as it is.
    let looking_as = Some(LookingAs { sample: fresh(), person: person() });
    let looks = Session { looking_as, ..seen };
    apply(store, org, vec![Change::PutSession(looks.clone())]).await;
    apply(store, org, sees(at(90))).await;
    let seen = Session { seen_at: at(90), ..looks };
    assert_eq!(store.session(&session.secret).await.unwrap(), Some((org, seen.clone())));
    assert_eq!(store.sessions_of(org, ann).await.unwrap(), [seen]);
    apply(store, org, vec![Change::EndSession(session.secret.clone())]).await;
    // Whoever had read it before does not bring it back.
    apply(store, org, sees(at(91))).await;
    assert_eq!(store.session(&session.secret).await.unwrap(), None);
    assert_eq!(store.sessions_of(org, ann).await.unwrap(), []);
    apply(store, org, vec![Change::EndSession(session.secret)]).await;
}

pub async fn all_sessions_of_a_person_end(store: &dyn Store) {
    let (org, ann, ben) = (org(), person(), person());
    let theirs = [a_session(ann, 0), a_session(ann, 20), a_session(ann, 10)];
    let other = a_session(ben, 0);
    let puts = theirs.iter().chain([&other]).cloned().map(Change::PutSession);
    apply(store, org, puts.collect()).await;
    let newest_first = [&theirs[1], &theirs[2], &theirs[0]].map(Clone::clone);
    assert_eq!(store.sessions_of(org, ann).await.unwrap(), newest_first);
    apply(store, org, vec![Change::EndSessionsOf(ann)]).await;
    for session in theirs {
        assert_eq!(store.session(&session.secret).await.unwrap(), None);
    }
    assert_eq!(store.session(&other.secret).await.unwrap(), Some((org, other)));
}

pub async fn a_link_is_used_once(store: &dyn Store) {
    let (here, there) = (org(), org());
    let (link, first_set_up) = (a_link(Some(person())), a_link(None));
    apply(store, here, vec![Change::PutLink(link.clone()), Change::PutLink(first_set_up.clone())]).await;
    assert_eq!(store.link(&link.secret).await.unwrap(), Some((here, link.clone())));
    assert_eq!(store.link(&first_set_up.secret).await.unwrap(), Some((here, first_set_up)));
    conflicts(store, there, vec![Change::PutLink(link.clone())]).await;
    conflicts(store, there, vec![Change::UseLink(link.secret.clone())]).await;
    apply(store, here, vec![Change::UseLink(link.secret.clone())]).await;
    assert_eq!(store.link(&link.secret).await.unwrap(), None);
    let session = a_session(person(), 0);
    let again = vec![Change::PutSession(session.clone()), Change::UseLink(link.secret)];
    conflicts(store, here, again).await;
    assert_eq!(store.session(&session.secret).await.unwrap(), None, "nothing of the batch was done");
}

pub async fn a_link_is_used_once_by_many_at_once(store: &dyn Store) {
    let (org, ann) = (org(), person());
    let link = a_link(Some(ann));
    apply(store, org, vec![Change::PutLink(link.clone())]).await;
    let tries = (0..100).map(|second| {
        let changes = vec![Change::UseLink(link.secret.clone()), Change::PutSession(a_session(ann, second))];
        store.apply(org, changes, audit("sign-in"))
    });
    let results = together(tries).await;
    assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 1);
    let refused = results.iter().filter(|result| matches!(result, Err(ApplyError::Conflict(_))));
    assert_eq!(refused.count(), 99);
    assert_eq!(store.sessions_of(org, ann).await.unwrap().len(), 1);
}

pub async fn what_had_its_time_is_forgotten(store: &dyn Store) {
    let (org, ann) = (org(), person());
    let (old, new) = (a_session(ann, 0), a_session(ann, 100));
    let (expired, valid) = (a_link(None), Link { expires_at: at(900), ..a_link(None) });
    let story = Story::new(org);
    let late = crate::IdempotencyRow { at: at(90), ..story.answer("mail:late") };
    let puts = vec![
        Change::PutSession(old.clone()),
        Change::PutSession(new.clone()),
        Change::PutLink(expired.clone()),
        Change::PutLink(valid.clone()),
        Change::PutAnswer(story.answer("mail:early")),
        Change::PutAnswer(late.clone()),
    ];
    apply(store, org, puts).await;
    let tidy = Change::Tidy {
        answers_before: at(90),
        links_before: at(900),
        sessions_before: at(100),
        events_before: at(0),
    };
    apply(store, org, vec![tidy]).await;
    assert_eq!(store.session(&old.secret).await.unwrap(), None);
    assert_eq!(store.session(&new.secret).await.unwrap(), Some((org, new)));
    assert_eq!(store.link(&expired.secret).await.unwrap(), None);
    assert_eq!(store.link(&valid.secret).await.unwrap(), Some((org, valid)));
    assert_eq!(store.remembered(org, "mail:early").await.unwrap(), None);
    assert_eq!(store.remembered(org, "mail:late").await.unwrap(), Some(late));
}
