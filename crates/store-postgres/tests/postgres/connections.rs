//! Connections that break under way: nothing answered is lost, nothing is written twice, and the next request is
//! served.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use crate::kept::{Kept, end_sessions};
use throughline_store::{
    Change, CommitError, Directory, Handoffs, Link, STRETCH, Store, StoreError,
    audit::{Depth, verify},
    contract::{Story, Told, at, audit, org},
};

/// Commits that must have been acknowledged before the storm ends.
const COMMITS: usize = 400;
const WRITERS: usize = 6;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn commits_outlive_the_end_of_their_connections() {
    let kept = Kept::new().await;
    let org = org();
    // Before the storm: nobody promises that a node opens in it.
    let store = Arc::new(kept.node().await);
    let calm = Arc::new(AtomicBool::new(false));
    let storm = {
        let (calm, mut somebody) = (Arc::clone(&calm), kept.past_the_store().await);
        tokio::spawn(async move {
            let mut ended = 0;
            while !calm.load(Ordering::Relaxed) {
                ended += end_sessions(&mut somebody).await;
                tokio::time::sleep(Duration::from_millis(15)).await;
            }
            ended
        })
    };
    let mut writers = tokio::task::JoinSet::new();
    for _ in 0..WRITERS {
        let store = Arc::clone(&store);
        writers.spawn(async move {
            let mut story = Story::new(org);
            let mut told = vec![Told::Opened];
            let mut unknown = 0;
            for _ in 0..COMMITS / WRITERS {
                let mut commit = story.tell(&told);
                commit.outbox = vec![story.message()];
                loop {
                    match store.commit(commit.clone()).await {
                        Ok(version) => {
                            assert_eq!(version, story.version);
                            break;
                        }
                        // The only answer there may be. Whether it was written is seen by trying again.
                        Err(CommitError::Store(StoreError::Unavailable(_))) => unknown += 1,
                        Err(CommitError::Stale { current }) if unknown > 0 => {
                            assert_eq!(current, story.version, "written though not acknowledged");
                            break;
                        }
                        Err(other) => panic!("{other:?} after {unknown} without an end"),
                    }
                }
                told = vec![Told::Wrote("in the storm"), Told::Lost, Told::Resumed];
            }
            story
        });
    }
    let stories = writers.join_all().await;
    calm.store(true, Ordering::Relaxed);
    assert!(storm.await.unwrap() > 20, "connections were ended");

    store.ready().await.unwrap();
    let mut messages = 0;
    for story in &stories {
        let stored = store.load(org, story.id).await.unwrap().unwrap();
        assert_eq!((stored.version, &stored.head), (story.version, &story.head));
        messages += COMMITS / WRITERS;
    }
    assert_eq!(store.outbox(org, STRETCH).await.unwrap().len(), messages.min(STRETCH as usize));
    let report = verify(&*store, org, Depth::Replay).await.unwrap();
    assert!(report.is_sound(), "{report:?}");
    assert_eq!(report.facts, stories.iter().map(|story| story.version).sum::<u64>());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn changes_of_plain_tables_happen_once_whatever_ends() {
    let kept = Kept::new().await;
    let org = org();
    let calm = Arc::new(AtomicBool::new(false));
    let storm = {
        let (calm, mut somebody) = (Arc::clone(&calm), kept.past_the_store().await);
        tokio::spawn(async move {
            while !calm.load(Ordering::Relaxed) {
                end_sessions(&mut somebody).await;
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        })
    };
    let mut made = 0;
    for number in 0..120 {
        let link = Link { secret: format!("link {number}"), person: None, expires_at: at(0) };
        // A batch that happened twice would meet its own link.
        match kept.apply(org, vec![Change::PutLink(link)], audit("invite")).await {
            Ok(()) => made += 1,
            Err(throughline_store::ApplyError::Store(StoreError::Unavailable(_))) => {}
            Err(other) => panic!("{other:?}"),
        }
    }
    calm.store(true, Ordering::Relaxed);
    storm.await.unwrap();
    let links: usize = kept.database.run("SELECT count(*) FROM link").parse().unwrap();
    let rows: usize = kept.database.run("SELECT count(*) FROM audit").parse().unwrap();
    assert_eq!(links, rows, "each change has its audit row");
    assert!(made > 60 && links >= made, "{made} acknowledged, {links} there");
}

#[tokio::test]
async fn a_server_that_takes_nobody_is_unavailable_and_heals_by_itself() {
    let kept = Kept::new().await;
    let mut story = Story::new(org());
    story.open(&*kept).await;
    let url = kept.database.visitors_url();
    let store = throughline_store_postgres::PostgresStore::open(&url).await.unwrap();
    store.ready().await.unwrap();
    kept.database.lets_visitors_in(false);

    let commit = story.tell(&[Told::Lost]);
    let why = store.commit(commit.clone()).await;
    assert!(matches!(why, Err(CommitError::Store(StoreError::Unavailable(_)))), "{why:?}");
    assert!(matches!(store.load(story.org, story.id).await, Err(StoreError::Unavailable(_))));
    assert!(matches!(store.ready().await, Err(StoreError::Unavailable(_))));

    kept.database.lets_visitors_in(true);
    store.ready().await.unwrap();
    assert_eq!(store.commit(commit).await.unwrap(), 2);
}

#[tokio::test]
async fn a_caller_that_goes_away_leaves_no_half_and_no_dead_connection() {
    let kept = Kept::new().await;
    let mut story = Story::new(org());
    story.open(&*kept).await;
    let mut somebody = kept.past_the_store().await;
    // Somebody holds the row, so the commit has to wait; then whoever asked hangs up.
    let hold = "BEGIN; SELECT * FROM snapshot FOR UPDATE";
    sqlx_core::raw_sql::raw_sql(hold).execute(&mut somebody).await.unwrap();
    let commit = story.clone().tell(&[Told::Lost]);
    let waited = tokio::time::timeout(Duration::from_millis(100), kept.commit(commit)).await;
    assert!(waited.is_err(), "the row was held");
    sqlx_core::raw_sql::raw_sql("ROLLBACK").execute(&mut somebody).await.unwrap();
    for _ in 0..40 {
        kept.ready().await.unwrap();
    }
    let stored = kept.load(story.org, story.id).await.unwrap().unwrap();
    assert!(stored.version <= 2);
    let facts = kept.journal(story.org, story.id, 0, 9).await.unwrap().len() as u64;
    assert!(verify(&*kept, story.org, Depth::Replay).await.unwrap().is_sound(), "{facts} facts");
}
