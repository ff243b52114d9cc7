//! Work that waits, on several nodes at once: each thing is taken by one, done once, and heard of by all.

use std::{collections::BTreeSet, time::Duration};

use throughline_domain::OrgId;
use throughline_store::{
    ApplyError, Change, Claim, Directory, Handoffs, Letter, Sweeps,
    contract::{Story, Told, at, audit, fresh, org, together},
};
use throughline_store_postgres::PostgresStore;
use uuid::Uuid;

use crate::kept::{Kept, end_sessions};

/// Messages that wait.
const MESSAGES: usize = 240;
/// Longer than any test takes: only a nudge ends the wait.
const LONG: Duration = Duration::from_secs(24 * 60 * 60);

/// Waits for a nudge; without one it fails in the end, instead of waiting for ever.
async fn nudged(store: &PostgresStore) {
    tokio::time::timeout(Duration::from_secs(60), store.nudged(LONG)).await.expect("a nudge comes");
}

fn claim(now: i64, limit: u32) -> Claim {
    Claim { now: at(now), until: at(now + 10), limit }
}

async fn tell(store: &PostgresStore, org: OrgId, many: usize) {
    let mut story = Story::new(org);
    let mut commit = story.tell(&[Told::Opened]);
    commit.outbox = (0..many).map(|_| story.message()).collect();
    store.commit(commit).await.unwrap();
}

fn letter(outbox: Uuid) -> Letter {
    Letter {
        id: fresh(),
        outbox: Some(outbox),
        to: None,
        handoff: None,
        follows: None,
        subject: String::new(),
        body: String::new(),
        topic: None,
        link: None,
        at: at(0),
        read_at: None,
    }
}

fn deliver(outbox: Uuid) -> Vec<Change> {
    vec![Change::Deliver(letter(outbox)), Change::Delivered { outbox, at: at(0) }]
}

/// Takes messages until none is left, and delivers them; which.
async fn sweep(store: &PostgresStore, org: OrgId) -> Vec<Uuid> {
    let mut made = Vec::new();
    let mut idle = 0;
    while idle < 3 {
        let taken = store.claim_outbox(claim(0, 3)).await.unwrap();
        idle = if taken.is_empty() { idle + 1 } else { 0 };
        for (of, row) in taken {
            assert_eq!(of, org);
            store.apply(org, deliver(row.id), audit("deliver")).await.unwrap();
            made.push(row.id);
        }
    }
    made
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nodes_that_sweep_at_once_make_each_message_once() {
    let one = Kept::new().await;
    let other = one.node().await;
    let org = org();
    tell(&one, org, MESSAGES).await;
    let nodes: [&PostgresStore; 2] = [&one, &other];
    let made = together((0..24).map(|number| sweep(nodes[number % 2], org))).await;
    let busy = made.iter().filter(|made| !made.is_empty()).count();
    assert!(busy > 2, "{busy} sweeps had something to do");
    let mut made = made.concat();
    made.extend(sweep(&one, org).await);
    assert_eq!(made.len(), MESSAGES);
    assert_eq!(made.iter().collect::<BTreeSet<_>>().len(), MESSAGES);
    let rows = "SELECT (SELECT count(*) FROM letter) || ' ' || (SELECT count(*) FROM audit)";
    assert_eq!(one.database.run(rows), format!("{MESSAGES} {MESSAGES}"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_nodes_that_made_the_same_message_leave_one_letter() {
    let one = Kept::new().await;
    let other = one.node().await;
    let org = org();
    tell(&one, org, 20).await;
    // The first node was so slow that its claim ended.
    let slow = one.claim_outbox(claim(0, 99)).await.unwrap();
    let quick = other.claim_outbox(claim(10, 99)).await.unwrap();
    assert_eq!(slow, quick);
    for (_, row) in slow {
        let both = [
            one.apply(org, deliver(row.id), audit("deliver")),
            other.apply(org, deliver(row.id), audit("deliver")),
        ];
        let ends = together(both).await;
        let late = ends.iter().filter(|end| matches!(end, Err(ApplyError::Conflict(_)))).count();
        assert_eq!((ends.iter().filter(|end| end.is_ok()).count(), late), (1, 1), "{ends:?}");
    }
    let rows = "SELECT (SELECT count(*) FROM letter) || ' ' || (SELECT count(*) FROM audit)";
    assert_eq!(one.database.run(rows), "20 20");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_row_that_is_just_being_changed_holds_up_nobody() {
    let kept = Kept::new().await;
    let org = org();
    tell(&kept, org, 3).await;
    let mut somebody = kept.past_the_store().await;
    let hold = "BEGIN; SELECT * FROM outbox ORDER BY outbox_id LIMIT 1 FOR UPDATE";
    sqlx_core::raw_sql::raw_sql(hold).execute(&mut somebody).await.unwrap();
    let all = kept.outbox(org, 9).await.unwrap();
    let taken = kept.claim_outbox(claim(0, 9)).await.unwrap();
    assert_eq!(taken.into_iter().map(|(_, row)| row).collect::<Vec<_>>(), all[1..]);
    sqlx_core::raw_sql::raw_sql("ROLLBACK").execute(&mut somebody).await.unwrap();
    assert_eq!(kept.claim_outbox(claim(0, 9)).await.unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_hears_of_anothers_work_also_after_its_connection_broke() {
    let one = Kept::new().await;
    let other = one.node().await;
    let org = org();
    // The first nudge says that it listens now.
    nudged(&other).await;
    for round in 0..2 {
        tokio::join!(nudged(&other), tell(&one, org, 1));
        let change = vec![Change::Post { letter: fresh(), person: fresh(), at: at(0) }];
        let post = async { one.apply(org, change, audit("post")).await.unwrap() };
        tokio::join!(nudged(&other), post);
        if round == 0 {
            let mut somebody = one.past_the_store().await;
            assert!(end_sessions(&mut somebody).await > 0);
            // It may have missed something meanwhile, so it looks once it listens again.
            nudged(&other).await;
        }
    }
}

#[tokio::test]
async fn a_node_that_cannot_listen_looks_all_the_same() {
    let kept = Kept::new().await;
    let url = kept.database.visitors_url();
    let store = PostgresStore::open(&url).await.unwrap();
    kept.database.lets_visitors_in(false);
    store.nudged(Duration::from_millis(50)).await;
    kept.database.lets_visitors_in(true);
    // Once it can, it listens without being told to.
    nudged(&store).await;
}
