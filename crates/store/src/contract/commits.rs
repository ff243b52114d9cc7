//! A unit of work is stored whole or not at all.

use std::pin::Pin;

use jiff::Timestamp;
use throughline_domain::{PersonId, Role};

use super::{names::apply, sample::*, together};
use crate::{
    Change, GENESIS, HandoffFilter, HandoffQuery, HandoffRow, PromiseQuery, Reach, Sort,
    commit::*,
    ports::{Store, Stored},
    views::PartRow,
};

pub async fn a_commit_can_be_loaded_again(store: &dyn Store) {
    let mut story = Story::new(org());
    let commit = story.tell(&[Told::Opened, Told::Wrote("she likes brevity")]);
    assert_eq!(store.load(story.org, story.id).await.unwrap(), None);
    assert_eq!(store.commit(commit.clone()).await.unwrap(), 2);
    let stored = store.load(story.org, story.id).await.unwrap().unwrap();
    assert_eq!(stored, Stored { version: 2, head: story.head.clone(), snapshot: commit.snapshot });
    let commit = story.tell(&[Told::Lost]);
    assert_eq!(store.commit(commit.clone()).await.unwrap(), 3);
    let stored = store.load(story.org, story.id).await.unwrap().unwrap();
    assert_eq!(stored, Stored { version: 3, head: story.head.clone(), snapshot: commit.snapshot });
}

/// The next commit of a story, with everything a commit can carry.
fn full(story: &mut Story, told: &[Told], key: &str) -> Commit {
    let mut commit = story.tell(told);
    commit.dues = vec![story.due("kickoff", at(50)), story.due("introduction", at(40))];
    commit.promises = Some(vec![story.promise(Some(at(60)))]);
    commit.parts = Some(vec![
        PartRow { person: story.ae, role: Role::Ae },
        PartRow { person: story.ae, role: Role::Csm },
        PartRow { person: person(), role: Role::Se },
    ]);
    commit.deal = Some(story.reading());
    commit.outbox = vec![story.message(), story.message()];
    commit.idempotency = Some(story.answer(key));
    commit
}

/// Everything a store can tell of a story, to be compared.
#[derive(Debug, PartialEq)]
struct Seen {
    stored: Option<Stored>,
    row: Option<HandoffRow>,
    facts: Vec<crate::JournalRow>,
    texts: usize,
    dues: Vec<crate::DueRow>,
    promises: Vec<crate::PromiseRow>,
    deal: Option<DealRow>,
    outbox: Vec<OutboxRow>,
    answer: Option<IdempotencyRow>,
    reached: Vec<HandoffRow>,
}

async fn seen(store: &dyn Store, story: &Story, key: &str) -> Seen {
    let (org, id) = (story.org, story.id);
    let all = PromiseQuery { limit: 100, ..PromiseQuery::default() };
    Seen {
        stored: store.load(org, id).await.unwrap(),
        row: store.row(org, id).await.unwrap(),
        facts: store.journal(org, id, 0, 100).await.unwrap(),
        texts: store.texts(org, id).await.unwrap().len(),
        dues: store.dues(org, id).await.unwrap(),
        promises: store.promises(org, &all).await.unwrap().rows,
        deal: store.deal(org, &story.deal.key).await.unwrap(),
        outbox: store.outbox(org, 100).await.unwrap(),
        answer: store.remembered(org, key).await.unwrap(),
        reached: reached(store, story, story.ae).await,
    }
}

async fn reached(store: &dyn Store, story: &Story, who: PersonId) -> Vec<HandoffRow> {
    let query = HandoffQuery {
        reach: Reach::People([who].into()),
        filter: HandoffFilter::default(),
        sort: Sort::Due,
        after: None,
        limit: 100,
    };
    store.list(story.org, &query).await.unwrap().rows
}

pub async fn a_commit_writes_everything_together(store: &dyn Store) {
    let mut story = Story::new(org());
    let commit = full(&mut story, &[Told::Opened, Told::Wrote("she likes brevity")], "mail:1");
    store.commit(commit.clone()).await.unwrap();
    let seen = seen(store, &story, "mail:1").await;
    assert_eq!(seen.stored.map(|stored| stored.version), Some(2));
    assert_eq!(seen.row.as_ref(), Some(&commit.row));
    assert_eq!(seen.facts, commit.journal);
    assert_eq!(seen.texts, commit.texts.len());
    assert_eq!(seen.dues, commit.dues);
    assert_eq!(Some(seen.promises), commit.promises);
    assert_eq!(seen.deal, commit.deal);
    assert_eq!(seen.outbox, commit.outbox);
    assert_eq!(seen.answer, commit.idempotency);
    assert_eq!(seen.reached, [commit.row]);
}

pub async fn a_stale_commit_leaves_no_trace(store: &dyn Store) {
    let mut story = Story::new(org());
    let first = full(&mut story, &[Told::Opened, Told::Wrote("she likes brevity")], "mail:1");
    store.commit(first).await.unwrap();
    let mut other = story.clone();
    store.commit(full(&mut story, &[Told::Lost], "mail:2")).await.unwrap();
    let before = seen(store, &story, "mail:3").await;
    let late = store.commit(full(&mut other, &[Told::Wrote("too late")], "mail:3")).await;
    assert!(matches!(late, Err(CommitError::Stale { current: 3 })), "{late:?}");
    assert_eq!(seen(store, &story, "mail:3").await, before);
}

pub async fn a_commit_on_nothing_is_stale_at_zero(store: &dyn Store) {
    let mut story = Story::new(org());
    drop(story.tell(&[Told::Opened]));
    let late = store.commit(full(&mut story, &[Told::Lost], "mail:1")).await;
    assert!(matches!(late, Err(CommitError::Stale { current: 0 })), "{late:?}");
    assert_eq!(seen(store, &story, "mail:1").await, seen(store, &Story::new(story.org), "mail:1").await);
}

pub async fn a_deal_has_one_handoff(store: &dyn Store) {
    let mut first = Story::new(org());
    store.commit(full(&mut first, &[Told::Opened], "mail:1")).await.unwrap();
    let before = seen(store, &first, "mail:2").await;
    let mut second = Story { deal: first.deal.clone(), ..Story::new(first.org) };
    let refused = store.commit(full(&mut second, &[Told::Opened], "mail:2")).await;
    assert!(matches!(refused, Err(CommitError::DealTaken(id)) if id == first.id), "{refused:?}");
    assert_eq!(seen(store, &first, "mail:2").await, before);
    assert_eq!(store.load(second.org, second.id).await.unwrap(), None);
}

pub async fn a_deal_of_its_own_may_be_read_again(store: &dyn Store) {
    let mut story = Story::new(org());
    store.commit(full(&mut story, &[Told::Opened], "mail:1")).await.unwrap();
    story.deal.source_time = at(99);
    store.commit(full(&mut story, &[Told::Lost], "mail:2")).await.unwrap();
    let deal = store.deal(story.org, &story.deal.key).await.unwrap().unwrap();
    assert_eq!((deal.source_time, deal.handoff), (at(99), Some(story.id)));
}

/// As it is kept before it has a handoff.
fn kept(story: &Story, second: i64) -> DealRow {
    let body = format!("{{\"read\":{second}}}");
    DealRow { source_time: at(second), handoff: None, body, ..story.reading() }
}

pub async fn a_record_does_not_open_on_older_news_than_are_kept(store: &dyn Store) {
    let mut story = Story::new(org());
    let (org, key) = (story.org, story.deal.key.clone());
    let second = at(20).as_second();
    let newer = DealRow { source_time: Timestamp::new(second, 1).unwrap(), ..kept(&story, 20) };
    apply(store, org, vec![Change::PutDeal(newer.clone())]).await;
    // A whole second is written shorter than one and a bit.
    for older in [at(19), Timestamp::from_second(second).unwrap()] {
        story.deal.source_time = older;
        let refused = store.commit(full(&mut story.clone(), &[Told::Opened], "mail:1")).await;
        assert!(matches!(refused, Err(CommitError::Stale { current: 0 })), "{refused:?}");
        assert_eq!(store.load(org, story.id).await.unwrap(), None);
        assert_eq!(store.deal(org, &key).await.unwrap(), Some(newer.clone()));
    }
    // The same time and later ones are news.
    story.deal.source_time = newer.source_time;
    store.commit(full(&mut story, &[Told::Opened], "mail:1")).await.unwrap();
    assert_eq!(store.deal(org, &key).await.unwrap(), Some(story.reading()));
    // From then on what is newest is the handoff's to say.
    story.deal.source_time = at(7);
    store.commit(full(&mut story, &[Told::Lost], "mail:2")).await.unwrap();
    assert_eq!(store.deal(org, &key).await.unwrap(), Some(story.reading()));
}

pub async fn of_news_kept_while_a_record_opens_on_older_ones_none_are_lost(store: &dyn Store) {
    let org = org();
    for round in 0..40 {
        let mut story = Story::new(org);
        story.deal.source_time = at(10);
        let newer = kept(&story, 20);
        let commit = full(&mut story, &[Told::Opened], &format!("mail:{round}"));
        let opens = async { store.commit(commit).await.is_ok() };
        let keeps = async {
            store.apply(org, vec![Change::PutDeal(newer.clone())], audit("keep-deal")).await.is_ok()
        };
        let mut both: Vec<Pin<Box<dyn Future<Output = bool> + Send + '_>>> =
            vec![Box::pin(opens), Box::pin(keeps)];
        if round % 2 == 1 {
            both.reverse();
        }
        let done = together(both).await;
        assert!(done == [true, false] || done == [false, true], "one is told of the other: {done:?}");
        let held = store.deal(org, &newer.key).await.unwrap().unwrap();
        let opened = store.load(org, story.id).await.unwrap().is_some();
        assert_eq!(held, if opened { story.reading() } else { newer });
    }
}

pub async fn an_idempotency_key_is_used_once(store: &dyn Store) {
    let org = org();
    let (mut first, mut second) = (Story::new(org), Story::new(org));
    store.commit(full(&mut first, &[Told::Opened], "mail:1")).await.unwrap();
    let refused = store.commit(full(&mut second, &[Told::Opened], "mail:1")).await;
    assert!(matches!(refused, Err(CommitError::KeyUsed)), "{refused:?}");
    assert_eq!(store.load(org, second.id).await.unwrap(), None);
    assert_eq!(store.remembered(org, "mail:1").await.unwrap(), Some(first.answer("mail:1")));
    assert_eq!(store.remembered(org, "mail:2").await.unwrap(), None);
}

pub async fn a_used_key_is_told_before_a_stale_version(store: &dyn Store) {
    let mut story = Story::new(org());
    let commit = full(&mut story, &[Told::Opened], "mail:1");
    store.commit(commit.clone()).await.unwrap();
    // The very same request again: its answer is there to be given, which a stale version would hide.
    let again = store.commit(commit).await;
    assert!(matches!(again, Err(CommitError::KeyUsed)), "{again:?}");
}

pub async fn a_commit_that_does_not_follow_is_refused(store: &dyn Store) {
    let mut story = Story::new(org());
    story.open(store).await;
    let good = story.tell(&[Told::Lost, Told::Resumed]);
    let mut gap = good.clone();
    gap.journal.remove(0);
    let mut fork = good.clone();
    fork.journal[0].prev = GENESIS.to_owned();
    let mut foreign = good.clone();
    foreign.journal[0].handoff = fresh();
    let empty = Commit { journal: Vec::new(), ..good.clone() };
    for bad in [gap, fork, foreign, empty] {
        let refused = store.commit(bad).await;
        assert!(matches!(refused, Err(CommitError::Store(StoreError::Unreadable(_)))), "{refused:?}");
    }
    assert_eq!(store.journal(story.org, story.id, 0, 100).await.unwrap().len(), 1);
    assert_eq!(store.commit(good).await.unwrap(), 3);
}

pub async fn what_a_commit_leaves_out_stays(store: &dyn Store) {
    let mut story = Story::new(org());
    store.commit(full(&mut story, &[Told::Opened], "mail:1")).await.unwrap();
    let before = seen(store, &story, "mail:1").await;
    let mut commit = story.tell(&[Told::Lost]);
    commit.row.next_due_at = Some(at(70));
    store.commit(commit.clone()).await.unwrap();
    let after = seen(store, &story, "mail:1").await;
    assert_eq!(after.promises, before.promises);
    assert_eq!(after.deal, before.deal);
    assert_eq!(after.outbox, before.outbox);
    assert_eq!(after.answer, before.answer);
    assert_eq!(after.reached, [commit.row]);
    assert_eq!(after.dues, []);
}

pub async fn what_a_commit_replaces_is_gone(store: &dyn Store) {
    let mut story = Story::new(org());
    let first = full(&mut story, &[Told::Opened], "mail:1");
    let gone = first.parts.as_ref().unwrap()[2].person;
    store.commit(first).await.unwrap();
    assert_eq!(reached(store, &story, gone).await.len(), 1);
    let second = full(&mut story, &[Told::Lost], "mail:2");
    store.commit(second.clone()).await.unwrap();
    let seen = seen(store, &story, "mail:2").await;
    assert_eq!(Some(seen.promises), second.promises);
    assert_eq!(seen.dues, second.dues);
    assert_eq!(seen.reached, [second.row]);
    assert_eq!(reached(store, &story, gone).await, []);
}

pub async fn of_fifty_commits_on_one_version_one_wins(store: &dyn Store) {
    let mut story = Story::new(org());
    story.open(store).await;
    let rivals = (0..50).map(|_| story.clone().tell(&[Told::Wrote("mine")]));
    let results = together(rivals.map(|commit| store.commit(commit))).await;
    assert_eq!(results.iter().filter(|result| matches!(result, Ok(2))).count(), 1);
    let stale =
        |result: &&Result<Version, CommitError>| matches!(result, Err(CommitError::Stale { current: 2 }));
    assert_eq!(results.iter().filter(stale).count(), 49);
    assert_eq!(store.journal(story.org, story.id, 0, 100).await.unwrap().len(), 2);
    assert_eq!(store.texts(story.org, story.id).await.unwrap().len(), 1);
}

pub async fn commits_on_many_handoffs_all_last(store: &dyn Store) {
    let org = org();
    let mut stories: Vec<Story> = (0..200).map(|_| Story::new(org)).collect();
    for told in [Told::Opened, Told::Wrote("mine")] {
        let told = [told];
        let commits: Vec<Commit> = stories.iter_mut().map(|story| story.tell(&told)).collect();
        let results = together(commits.into_iter().map(|commit| store.commit(commit))).await;
        assert!(results.iter().all(Result::is_ok));
    }
    for story in stories {
        let stored = store.load(org, story.id).await.unwrap().unwrap();
        assert_eq!((stored.version, stored.head), (2, story.head));
    }
}

pub async fn one_key_at_once_has_one_effect(store: &dyn Store) {
    let org = org();
    let mut stories: Vec<Story> = (0..40).map(|_| Story::new(org)).collect();
    let commits: Vec<_> = stories.iter_mut().map(|story| full(story, &[Told::Opened], "mail:1")).collect();
    let results = together(commits.into_iter().map(|commit| store.commit(commit))).await;
    assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 1);
    let used = results.iter().filter(|result| matches!(result, Err(CommitError::KeyUsed)));
    assert_eq!(used.count(), 39);
    assert_eq!(store.ids(org, None, 100).await.unwrap().len(), 1);
}
