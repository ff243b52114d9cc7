//! Mail that arrives is kept once and read once; answers are awaited at their addresses; turns are taken.

use std::time::Duration;

use throughline_domain::{HandoffId, OrgId};
use uuid::Uuid;

use super::{
    names::{apply, conflicts},
    sample::*,
    sweeps::claim,
    together::together,
};
use crate::{AwaitedRow, Change, FORGOTTEN, MailChange, MailRead, MailRow, MailState, PAGE, ports::Store};

fn a_mail(key: &str, second: i64) -> MailRow {
    MailRow {
        id: fresh(),
        key: key.to_owned(),
        received_at: at(second),
        tries: 0,
        sent_by: Some("ines@customer.example".to_owned()),
        sent_to: None,
        raw: b"Subject: Re: Acme\r\n\r\nYes\0\xff".to_vec(),
    }
}

fn change(change: MailChange) -> Vec<Change> {
    vec![Change::Mail(change)]
}

fn receive(row: &MailRow) -> Change {
    Change::Mail(MailChange::Receive(row.clone()))
}

fn read(id: Uuid, state: MailState, handoff: Option<HandoffId>) -> Change {
    let (from, subject) = (Some("ines@customer.example".to_owned()), Some("Re: Acme".to_owned()));
    let read = MailRead { from, subject, handoff, state, note: "as it was".to_owned() };
    Change::Mail(MailChange::Read { id, read })
}

fn later(id: Uuid, second: i64) -> Change {
    Change::Mail(MailChange::Later { id, at: at(second), note: "not now".to_owned() })
}

async fn taken(store: &dyn Store, now: i64, until: i64, limit: u32) -> Vec<Uuid> {
    let taken = store.claim_mails(claim(now, until, limit)).await.unwrap();
    taken.into_iter().map(|(_, row)| row.id).collect()
}

fn an_answer(until: i64) -> AwaitedRow {
    AwaitedRow {
        id: fresh(),
        handoff: fresh(),
        from: "ines@customer.example".to_owned(),
        until: at(until),
        what: r#"{"plan":"Straße"}"#.to_owned(),
    }
}

fn awaits(row: &AwaitedRow) -> Change {
    Change::Mail(MailChange::Await(row.clone()))
}

fn address(awaited: Uuid, secret: &str) -> Change {
    Change::Mail(MailChange::Address { awaited, secret: secret.to_owned() })
}

async fn at_address(store: &dyn Store, secret: &str) -> Option<(OrgId, Uuid)> {
    store.awaited_at(secret).await.unwrap().map(|(org, row)| (org, row.id))
}

pub async fn a_mail_is_kept_once_whatever_became_of_it(store: &dyn Store) {
    let (here, there) = (org(), org());
    let mails: Vec<MailRow> = ["1", "2", "3", "4"].iter().map(|key| a_mail(key, 7)).collect();
    for (mail, then) in mails.iter().zip([
        None,
        Some(read(mails[1].id, MailState::Used, None)),
        Some(read(mails[2].id, MailState::Unused, None)),
        Some(later(mails[3].id, 9)),
    ]) {
        apply(store, here, vec![receive(mail)]).await;
        apply(store, here, then.into_iter().collect()).await;
        conflicts(store, here, vec![receive(&MailRow { id: fresh(), ..mail.clone() })]).await;
    }
    // What one organisation has is nothing to another.
    apply(store, there, vec![receive(&a_mail("1", 8))]).await;
    assert_eq!(store.mails(here, None, None, 9).await.unwrap().len(), 4);
    for done in [mails[1].id, mails[2].id, fresh()] {
        conflicts(store, here, vec![read(done, MailState::Noted, None)]).await;
        conflicts(store, here, vec![later(done, 20)]).await;
    }
    conflicts(store, there, vec![read(mails[0].id, MailState::Noted, None)]).await;
}

pub async fn a_mail_is_kept_once_by_many_at_once(store: &dyn Store) {
    let org = org();
    let tries = (0..60).map(|_| store.apply(org, vec![receive(&a_mail("1", 7))], audit("receive")));
    let kept = together(tries).await;
    assert_eq!(kept.iter().filter(|result| result.is_ok()).count(), 1);
    assert_eq!(store.mails(org, None, None, 99).await.unwrap().len(), 1);
}

pub async fn mail_is_read_by_receipt_and_comes_again_when_put_off(store: &dyn Store) {
    let (here, there) = (org(), org());
    let (first, second, third) = (a_mail("1", 1), a_mail("2", 2), a_mail("3", 3));
    apply(store, here, vec![receive(&third), receive(&first)]).await;
    apply(store, there, vec![receive(&second)]).await;
    let one = store.claim_mails(claim(9, 50, 1)).await.unwrap();
    assert_eq!(one, [(here, first.clone())], "with every byte");
    assert_eq!(taken(store, 9, 50, 9).await, [second.id, third.id]);
    assert!(taken(store, 49, 60, 9).await.is_empty());
    apply(store, here, vec![later(first.id, 70), read(third.id, MailState::Used, None)]).await;
    assert_eq!(taken(store, 50, 80, 9).await, [second.id], "its node was slow");
    let again = store.claim_mails(claim(70, 90, 9)).await.unwrap();
    assert_eq!(again, [(here, MailRow { tries: 1, ..first })]);
}

pub async fn mails_are_seen_newest_first_without_their_words(store: &dyn Store) {
    let (org, about) = (org(), fresh());
    let mut mails: Vec<MailRow> = (0..5).map(|n| a_mail(&n.to_string(), n)).collect();
    apply(store, org, mails.iter().map(receive).collect()).await;
    apply(store, org, vec![read(mails[1].id, MailState::Used, Some(about)), later(mails[2].id, 9)]).await;
    mails.reverse();
    let seen = store.mails(org, None, None, 99).await.unwrap();
    assert_eq!(
        seen.iter().map(|mail| mail.id).collect::<Vec<_>>(),
        mails.iter().map(|mail| mail.id).collect::<Vec<_>>()
    );
    let used = &seen[3];
    assert_eq!(
        (used.state, used.note.as_deref(), used.handoff),
        (MailState::Used, Some("as it was"), Some(about))
    );
    assert_eq!(
        (used.from.as_deref(), used.subject.as_deref()),
        (Some("ines@customer.example"), Some("Re: Acme"))
    );
    assert_eq!(used.received_at, at(1));
    assert_eq!(
        (seen[2].state, seen[2].note.as_deref(), seen[2].tries),
        (MailState::Waiting, Some("not now"), 1)
    );
    assert_eq!((seen[0].note.as_deref(), seen[0].from.as_deref(), seen[0].handoff), (None, None, None));
    let page = store.mails(org, None, Some(seen[1].id), 2).await.unwrap();
    assert_eq!(page, seen[2..4]);
    let used_alone = store.mails(org, Some(MailState::Used), None, 9).await.unwrap();
    assert_eq!(used_alone, seen[3..4]);
    let waiting = store.mails(org, Some(MailState::Waiting), Some(seen[1].id), 9).await.unwrap();
    assert_eq!(waiting, [seen[2].clone(), seen[4].clone()], "by both at once");
    assert!(store.mails(org, Some(MailState::Noted), None, 9).await.unwrap().is_empty());
    let more = (0..PAGE).map(|number| receive(&a_mail(&format!("m{number}"), 5)));
    apply(store, org, more.collect()).await;
    assert_eq!(store.mails(org, None, None, u32::MAX).await.unwrap().len(), PAGE as usize);
    assert_eq!(store.mails(org, None, None, 0).await.unwrap().len(), 1);
}

pub async fn an_answer_is_awaited_at_its_addresses_alone(store: &dyn Store) {
    let (here, there) = (org(), org());
    let (row, other) = (an_answer(50), an_answer(50));
    conflicts(store, here, vec![address(row.id, "one")]).await;
    apply(store, here, vec![awaits(&row), address(row.id, "one")]).await;
    apply(store, here, vec![awaits(&AwaitedRow { from: "eve@customer.example".to_owned(), ..row.clone() })])
        .await;
    apply(store, here, vec![address(row.id, "another")]).await;
    apply(store, there, vec![awaits(&other)]).await;
    for taken in ["one", "another"] {
        conflicts(store, here, vec![address(row.id, taken)]).await;
        conflicts(store, there, vec![address(other.id, taken)]).await;
        assert_eq!(store.awaited_at(taken).await.unwrap(), Some((here, row.clone())));
    }
    conflicts(store, there, vec![address(row.id, "third")]).await;
    assert_eq!(at_address(store, "third").await, None);
    assert_eq!(store.awaited(here, row.id).await.unwrap(), Some(row.clone()));
    assert_eq!(store.awaited(there, row.id).await.unwrap(), None);
}

pub async fn mail_and_answers_are_forgotten_in_time(store: &dyn Store) {
    let (here, there) = (org(), org());
    let mails: Vec<MailRow> = (1..5).map(|second| a_mail(&second.to_string(), second)).collect();
    apply(store, here, mails.iter().map(receive).collect()).await;
    apply(store, here, [0, 1, 3].map(|n| read(mails[n].id, MailState::Noted, None)).into()).await;
    let (old, young) = (an_answer(10), an_answer(20));
    for (org, row, secret) in [(here, &old, "old"), (here, &young, "young"), (there, &old, "elsewhere")] {
        apply(store, org, vec![awaits(row), address(row.id, secret)]).await;
    }
    let tidy = MailChange::Tidy { received_before: at(4), awaited_before: at(20) };
    apply(store, here, change(tidy)).await;
    let left: Vec<Uuid> =
        store.mails(here, None, None, 9).await.unwrap().iter().map(|mail| mail.id).collect();
    assert_eq!(left, [mails[3].id, mails[2].id], "what waits is never forgotten");
    assert_eq!(at_address(store, "old").await, None);
    assert_eq!(at_address(store, "young").await, Some((here, young.id)));
    assert_eq!(at_address(store, "elsewhere").await, Some((there, old.id)));
    conflicts(store, here, vec![address(old.id, "new")]).await;
    apply(store, here, vec![awaits(&old), address(old.id, "old")]).await;
}

pub async fn who_wrote_about_a_handoff_is_forgotten(store: &dyn Store) {
    let (org, mails) = (org(), [a_mail("1", 1), a_mail("2", 2)]);
    let (row, other) = (an_answer(50), an_answer(50));
    apply(store, org, mails.iter().map(receive).collect()).await;
    apply(
        store,
        org,
        vec![
            read(mails[0].id, MailState::Used, Some(row.handoff)),
            read(mails[1].id, MailState::Used, Some(other.handoff)),
            awaits(&row),
            address(row.id, "one"),
            awaits(&other),
            address(other.id, "other"),
        ],
    )
    .await;
    apply(store, org, change(MailChange::Forget { handoff: row.handoff })).await;
    let seen = store.mails(org, None, None, 9).await.unwrap();
    assert_eq!((seen[1].from.as_deref(), seen[1].subject.as_deref()), (Some(FORGOTTEN), Some(FORGOTTEN)));
    assert_eq!(seen[0].from.as_deref(), Some("ines@customer.example"));
    assert_eq!((at_address(store, "one").await, store.awaited(org, row.id).await.unwrap()), (None, None));
    assert_eq!(at_address(store, "other").await, Some((org, other.id)));
}

pub async fn a_turn_is_one_nodes_until_it_ends(store: &dyn Store) {
    let take = |what, now, until| store.take_turn(what, None, at(now), at(until));
    assert!(take("mailbox", 0, 30).await.unwrap());
    assert!(!take("mailbox", 29, 60).await.unwrap());
    assert!(take("another", 29, 60).await.unwrap());
    // Whoever has it may end it sooner, or later; who had it may not.
    assert!(store.take_turn("mailbox", Some(at(30)), at(5), at(10)).await.unwrap());
    assert!(!store.take_turn("mailbox", Some(at(30)), at(5), at(90)).await.unwrap());
    assert!(take("mailbox", 10, 40).await.unwrap());
    assert!(!store.take_turn("mailbox", Some(at(10)), at(11), at(90)).await.unwrap());
    assert!(!store.take_turn("nobody's", Some(at(10)), at(11), at(90)).await.unwrap());
    let many = together((0..60).map(|_| take("mailbox", 40, 70))).await;
    assert_eq!(many.into_iter().filter(|taken| *taken.as_ref().unwrap()).count(), 1);
}

pub async fn mail_and_turns_taken_by_a_clock_that_was_ahead_hold_nobody_up(store: &dyn Store) {
    let (org, mail) = (org(), a_mail("1", 1));
    apply(store, org, vec![receive(&mail)]).await;
    let take = |now, until| store.take_turn("mailbox", None, at(now), at(until));
    for (now, until, free) in [(86_400, 86_430, true), (20, 50, true), (49, 90, false), (50, 90, true)] {
        assert_eq!(taken(store, now, until, 9).await.len(), usize::from(free), "{now}");
        assert_eq!(take(now, until).await.unwrap(), free, "{now}");
    }
}

pub async fn a_mail_nudges(store: &dyn Store) {
    const LONG: Duration = Duration::from_secs(24 * 60 * 60);
    let came = apply(store, org(), vec![receive(&a_mail("1", 1))]);
    let both = async { tokio::join!(store.nudged(LONG), came) };
    tokio::time::timeout(Duration::from_secs(60), both).await.unwrap();
}
