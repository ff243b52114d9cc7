//! Journals are read in order, verify, and replay.

use super::sample::*;
use crate::{
    JournalRow,
    audit::{Depth, Walk, verify},
    ports::{Store, Tally},
    query::STRETCH,
};

fn seqs(rows: &[JournalRow]) -> Vec<u64> {
    rows.iter().map(|row| row.seq).collect()
}

async fn a_long_story(store: &dyn Store) -> Story {
    let mut story = Story::new(org());
    story.open(store).await;
    for _ in 0..3 {
        let commit = story.tell(&[Told::Wrote("a note"), Told::Lost, Told::Resumed]);
        store.commit(commit).await.unwrap();
    }
    story
}

pub async fn a_journal_is_read_in_stretches(store: &dyn Store) {
    let story = a_long_story(store).await;
    let mut all = Vec::new();
    loop {
        let rows = store.journal(story.org, story.id, all.len() as u64, 3).await.unwrap();
        if rows.is_empty() {
            break;
        }
        assert!(rows.len() <= 3);
        all.extend(rows);
    }
    assert_eq!(seqs(&all), (1..=10).collect::<Vec<_>>());
    assert_eq!(all.last().map(|row| row.hash.clone()), Some(story.head));
}

pub async fn a_timeline_is_read_backwards(store: &dyn Store) {
    let story = a_long_story(store).await;
    let newest = store.timeline(story.org, story.id, None, 4).await.unwrap();
    assert_eq!(seqs(&newest), [10, 9, 8, 7]);
    let earlier = store.timeline(story.org, story.id, Some(7), 100).await.unwrap();
    assert_eq!(seqs(&earlier), [6, 5, 4, 3, 2, 1]);
    assert_eq!(store.timeline(story.org, story.id, Some(1), 100).await.unwrap(), []);
}

pub async fn times_are_kept_to_the_nanosecond(store: &dyn Store) {
    let mut story = Story::new(org());
    let mut commit = story.tell(&[Told::Opened]);
    commit.deal = Some(story.reading());
    commit.outbox = vec![story.message()];
    commit.idempotency = Some(story.answer("mail:1"));
    store.commit(commit.clone()).await.unwrap();
    assert_eq!(commit.journal[0].at.subsec_nanosecond(), 123_456_789);
    assert_eq!(store.journal(story.org, story.id, 0, 9).await.unwrap(), commit.journal);
    assert_eq!(store.deal(story.org, &story.deal.key).await.unwrap(), commit.deal);
    assert_eq!(store.outbox(story.org, 9).await.unwrap(), commit.outbox);
    assert_eq!(store.remembered(story.org, "mail:1").await.unwrap(), commit.idempotency);
}

pub async fn chains_verify_and_replay(store: &dyn Store) {
    let story = a_long_story(store).await;
    let mut other = Story::new(story.org);
    other.open(store).await;
    let report = verify(store, story.org, Depth::Replay).await.unwrap();
    assert!(report.is_sound(), "{report:?}");
    assert_eq!((report.handoffs, report.facts, report.texts, report.erased), (2, 11, 3, 0));
}

/// A store keeps what it is given; that the check is no formality shows when it is given something wrong.
pub async fn a_broken_commit_is_found(store: &dyn Store) {
    let org = org();
    let (mut body, mut kind, mut text, mut state) =
        (Story::new(org), Story::new(org), Story::new(org), Story::new(org));
    body.open_as(store, |commit| commit.journal[0].body.push(' ')).await;
    kind.open_as(store, |commit| commit.journal[0].kind = "accepted".to_owned()).await;
    state.open_as(store, |commit| commit.snapshot = commit.snapshot.replace("Acme", "Akme")).await;
    let mut commit = text.tell(&[Told::Opened, Told::Wrote("she likes brevity")]);
    commit.texts[0].text.push('!');
    store.commit(commit).await.unwrap();

    let report = verify(store, org, Depth::Replay).await.unwrap();
    assert_eq!((report.handoffs, report.broken_handoffs), (4, 4));
    let mut found: Vec<_> = report.broken.iter().map(|broken| (broken.handoff, broken.seq)).collect();
    found.sort_unstable();
    assert_eq!(found, [(body.id, 1), (kind.id, 1), (text.id, 2), (state.id, 1)]);
    let report = verify(store, org, Depth::Chains).await.unwrap();
    assert_eq!(report.broken_handoffs, 3);
}

pub async fn ids_are_walked_in_order(store: &dyn Store) {
    let org = org();
    let mut made = Vec::new();
    for _ in 0..7 {
        let mut story = Story::new(org);
        story.open(store).await;
        made.push(story.id);
    }
    let mut walked = Vec::new();
    loop {
        let ids = store.ids(org, walked.last().copied(), 3).await.unwrap();
        if ids.is_empty() {
            break;
        }
        walked.extend(ids);
    }
    assert_eq!(walked, made);
}

pub async fn a_walk_gives_every_fact_once(store: &dyn Store) {
    let long = a_long_story(store).await;
    let mut short = Story::new(long.org);
    short.open(store).await;
    let mut walk = Walk::new(store, long.org);
    let mut seen = Vec::new();
    while let Some(row) = walk.next().await.unwrap() {
        seen.push((row.handoff, row.seq));
    }
    let mut expected: Vec<_> = (1..=10).map(|seq| (long.id, seq)).collect();
    expected.push((short.id, 1));
    assert_eq!(seen, expected);
    assert!(seen.len() < STRETCH as usize);
}

pub async fn a_tally_counts_every_handoff_and_fact(store: &dyn Store) {
    let org = org();
    let tally = async || {
        let Tally { handoffs, facts } = store.tally(org).await.unwrap();
        (handoffs, facts)
    };
    assert_eq!(tally().await, (0, 0));
    let (mut one, mut other, mut elsewhere) = (Story::new(org), Story::new(org), Story::new(super::org()));
    one.open(store).await;
    other.open(store).await;
    elsewhere.open(store).await;
    let more = one.tell(&[Told::Lost, Told::Resumed]);
    store.commit(more.clone()).await.unwrap();
    assert_eq!(tally().await, (2, 4));
    store.commit(more).await.unwrap_err();
    assert_eq!(tally().await, (2, 4), "what was refused does not count");
}
