//! Messages wait, are delivered once, and can be read; readings and answers are kept once.

use throughline_domain::{PersonId, deal::DealKey, notify::Topic};
use uuid::Uuid;

use super::{
    names::{apply, conflicts},
    sample::*,
};
use crate::{Change, CommitError, DealRow, Letter, PAGE, ports::Store};

fn a_letter(to: Option<PersonId>, outbox: Option<Uuid>) -> Letter {
    Letter {
        id: fresh(),
        outbox,
        to,
        handoff: None,
        follows: None,
        subject: "The record is offered to you".to_owned(),
        body: "Acme waits.".to_owned(),
        topic: Some(Topic::Questions),
        link: Some("/handoffs/1".to_owned()),
        at: at(0),
        read_at: None,
    }
}

pub async fn messages_wait_until_delivered(store: &dyn Store) {
    let mut story = Story::new(org());
    let messages = [story.message(), story.message(), story.message()];
    // Given in another order than they were born in.
    let given = vec![messages[2].clone(), messages[0].clone(), messages[1].clone()];
    story.open_as(store, |commit| commit.outbox = given).await;
    assert_eq!(store.outbox(story.org, 9).await.unwrap(), messages);
    assert_eq!(store.outbox(story.org, 2).await.unwrap(), messages[..2]);
    let letter = a_letter(Some(story.ae), Some(messages[0].id));
    let second = Letter { id: fresh(), ..letter.clone() };
    let delivered = |message: usize| Change::Delivered { outbox: messages[message].id, at: at(1) };
    let letters = vec![Change::Deliver(letter.clone()), Change::Deliver(second.clone())];
    apply(store, story.org, letters).await;
    assert_eq!(store.outbox(story.org, 9).await.unwrap(), messages, "made, and not yet taken off");
    apply(store, story.org, vec![Change::Deliver(letter), Change::Deliver(second), delivered(0)]).await;
    apply(store, story.org, vec![delivered(1)]).await;
    assert_eq!(store.outbox(story.org, 9).await.unwrap(), messages[2..]);
    assert_eq!(store.letters(story.org, Some(story.ae), None, 9).await.unwrap().len(), 2);
}

pub async fn a_message_delivered_twice_conflicts_and_leaves_no_trace(store: &dyn Store) {
    let mut story = Story::new(org());
    let message = story.message();
    story.open_as(store, |commit| commit.outbox = vec![message.clone()]).await;
    let deliver = || {
        let letter = a_letter(Some(story.ae), Some(message.id));
        vec![Change::Deliver(letter), Change::Delivered { outbox: message.id, at: at(1) }]
    };
    apply(store, story.org, deliver()).await;
    let (letters, told) = (
        store.letters(story.org, None, None, 9).await.unwrap(),
        store.audit(story.org, None, 9).await.unwrap(),
    );
    conflicts(store, story.org, deliver()).await;
    assert_eq!(store.letters(story.org, None, None, 9).await.unwrap(), letters);
    assert_eq!(store.audit(story.org, None, 9).await.unwrap(), told);
}

pub async fn a_letter_is_kept_once_and_stays_read(store: &dyn Store) {
    let (org, ann) = (org(), person());
    let letter = a_letter(Some(ann), None);
    let read = Letter { read_at: Some(at(5)), ..letter.clone() };
    apply(store, org, vec![Change::Deliver(letter.clone())]).await;
    apply(store, org, vec![Change::Deliver(read.clone())]).await;
    apply(store, org, vec![Change::Deliver(letter)]).await;
    assert_eq!(store.letters(org, Some(ann), None, 9).await.unwrap(), [read]);
}

pub async fn letters_come_newest_first(store: &dyn Store) {
    let (org, ann, ben) = (org(), person(), person());
    let to = [Some(ann), Some(ben), None, Some(ann), Some(ann)];
    let mut all: Vec<Letter> = to.into_iter().map(|to| a_letter(to, None)).collect();
    apply(store, org, all.iter().cloned().map(Change::Deliver).collect()).await;
    all.reverse();
    assert_eq!(store.letters(org, None, None, 9).await.unwrap(), all);
    let first = store.letters(org, None, None, 2).await.unwrap();
    assert_eq!(first, all[..2]);
    assert_eq!(store.letters(org, None, Some(first[1].id), 9).await.unwrap(), all[2..]);
    let of_ann: Vec<Letter> = all.iter().filter(|letter| letter.to == Some(ann)).cloned().collect();
    assert_eq!(store.letters(org, Some(ann), None, 9).await.unwrap(), of_ann);
    assert_eq!(store.letters(org, Some(ann), Some(of_ann[0].id), 1).await.unwrap(), of_ann[1..2]);
    let more = (0..PAGE).map(|_| Change::Deliver(a_letter(None, None)));
    apply(store, org, more.collect()).await;
    assert_eq!(store.letters(org, None, None, u32::MAX).await.unwrap().len(), PAGE as usize);
    assert_eq!(store.letters(org, None, None, 0).await.unwrap().len(), 1);
}

fn reading(second: i64) -> DealRow {
    let key = DealKey { source: "hubspot".to_owned(), external_id: "77".to_owned() };
    DealRow { key, source_time: at(second), handoff: None, body: format!("{{\"read\":{second}}}") }
}

pub async fn a_reading_without_handoff_is_kept_newest(store: &dyn Store) {
    let org = org();
    let key = reading(0).key;
    for (heard, kept) in [(10, 10), (5, 10), (20, 20)] {
        apply(store, org, vec![Change::PutDeal(reading(heard))]).await;
        assert_eq!(store.deal(org, &key).await.unwrap(), Some(reading(kept)));
    }
    let same_time = DealRow { body: "{}".to_owned(), ..reading(20) };
    apply(store, org, vec![Change::PutDeal(same_time.clone())]).await;
    assert_eq!(store.deal(org, &key).await.unwrap(), Some(same_time));
}

pub async fn a_reading_for_a_handoff_conflicts(store: &dyn Store) {
    let org = org();
    apply(store, org, vec![Change::PutDeal(reading(0))]).await;
    let mut story = Story::new(org);
    let taken = DealRow { handoff: Some(story.id), ..reading(1) };
    story.open_as(store, |commit| commit.deal = Some(taken.clone())).await;
    conflicts(store, org, vec![Change::PutDeal(reading(2))]).await;
    assert_eq!(store.deal(org, &taken.key).await.unwrap(), Some(taken));
}

pub async fn an_answer_is_remembered_once(store: &dyn Store) {
    let (here, there) = (org(), org());
    let story = Story::new(here);
    apply(store, here, vec![Change::PutAnswer(story.answer("mail:1"))]).await;
    conflicts(store, here, vec![Change::PutAnswer(story.answer("mail:1"))]).await;
    apply(store, there, vec![Change::PutAnswer(story.answer("mail:1"))]).await;
    assert_eq!(store.remembered(here, "mail:1").await.unwrap(), Some(story.answer("mail:1")));
    let mut story = Story::new(here);
    let mut commit = story.tell(&[Told::Opened]);
    commit.idempotency = Some(story.answer("mail:1"));
    let refused = store.commit(commit).await;
    assert!(matches!(refused, Err(CommitError::KeyUsed)), "{refused:?}");
}

pub async fn deals_without_a_handoff_are_paged(store: &dyn Store) {
    let org = org();
    let deal = |source: &str, external_id: &str| DealRow {
        key: DealKey { source: source.to_owned(), external_id: external_id.to_owned() },
        source_time: at(1),
        handoff: None,
        body: "{\"a\":1}".to_owned(),
    };
    let wanted = [deal("csv", "b"), deal("hubspot", "a"), deal("hubspot", "b"), deal("salesforce", "")];
    let given = [2, 0, 3, 1].map(|place: usize| Change::PutDeal(wanted[place].clone()));
    apply(store, org, given.into()).await;
    let mut story = Story::new(org);
    story.open_as(store, |commit| commit.deal = None).await;
    let mut story = Story::new(org);
    let reading = story.reading();
    story.open_as(store, |commit| commit.deal = Some(reading)).await;
    let (mut after, mut paged) = (None, Vec::new());
    loop {
        let page = store.deals_without(org, after, 3).await.unwrap();
        let Some(last) = page.last() else { break };
        after = Some(last.key.clone());
        assert!(page.len() <= 3);
        paged.extend(page);
    }
    assert_eq!(paged, wanted);
    assert_eq!(store.deals_without(org, None, 0).await.unwrap(), wanted[..1]);
    assert_eq!(store.deals_without(super::org(), None, 9).await.unwrap(), []);
    // Once one has a handoff it is gone from here.
    let mut story = Story::new(org);
    let taken = DealRow { handoff: Some(story.id), ..wanted[1].clone() };
    story.open_as(store, |commit| commit.deal = Some(taken)).await;
    assert_eq!(store.deals_without(org, None, 9).await.unwrap().len(), 3);
}
