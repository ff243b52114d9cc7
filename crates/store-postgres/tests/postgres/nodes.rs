//! Several nodes on one database: what one of them answers holds for all.

use crate::kept::Kept;
use throughline_domain::{OrgId, calendar::CalendarData, gate::Mode};
use throughline_store::{
    Change, CommitError, Directory, Handoffs, Org, Person, PersonStatus, Store, StoreError, Version,
    audit::{Depth, verify},
    contract::{Story, Told, at, audit, org, person, together},
};
use throughline_store_postgres::{PostgresStore, SCHEMA_VERSION, migrate};
use throughline_testkit::postgres::Database;

/// Edits each node makes on the same handoff.
const EDITS: u64 = 40;

/// Makes edits one after another, each on the newest state, as somebody does who is told of every change.
async fn edits(store: &PostgresStore, story: &Story) -> u64 {
    let (mut stale, mut made) = (0, 0);
    while made < EDITS {
        let mut mine = newest(store, story).await;
        let commit = mine.tell(&[Told::Wrote("mine")]);
        match store.commit(commit).await {
            Ok(_) => made += 1,
            Err(CommitError::Stale { current }) => {
                assert!(current > mine.version - 1, "stale means that it moved on");
                stale += 1;
            }
            Err(other) => panic!("{other:?}"),
        }
    }
    stale
}

/// The story as the store has it now.
async fn newest(store: &PostgresStore, story: &Story) -> Story {
    let stored = store.load(story.org, story.id).await.unwrap().unwrap();
    let state = serde_json::from_str(&stored.snapshot).unwrap();
    Story { version: stored.version, head: stored.head, state: Some(state), ..story.clone() }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_nodes_that_edit_one_handoff_lose_nothing() {
    let one = Kept::new().await;
    let other = one.node().await;
    let mut story = Story::new(org());
    story.open(&*one).await;
    let stale =
        together([edits(&one, &story), edits(&other, &story), edits(&one, &story), edits(&other, &story)])
            .await;
    assert!(stale.iter().sum::<u64>() > 0, "they were in one another's way");
    let stored = other.load(story.org, story.id).await.unwrap().unwrap();
    assert_eq!(stored.version, 1 + 4 * EDITS);
    assert_eq!(one.texts(story.org, story.id).await.unwrap().len() as u64, 4 * EDITS);
    let report = verify(&other, story.org, Depth::Replay).await.unwrap();
    assert!(report.is_sound(), "{report:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_nodes_with_one_key_or_one_deal_one_wins() {
    let one = Kept::new().await;
    let other = one.node().await;
    let org = org();
    for round in 0..20 {
        let (mut mine, mut theirs) = (Story::new(org), Story::new(org));
        theirs.deal.key = mine.deal.key.clone();
        let with_deal = |story: &mut Story| {
            let mut commit = story.tell(&[Told::Opened]);
            commit.deal = Some(story.reading());
            commit
        };
        let commits = [with_deal(&mut mine), with_deal(&mut theirs)];
        let [a, b] =
            &together(commits.into_iter().zip([&*one, &other]).map(|(commit, node)| node.commit(commit)))
                .await[..]
        else {
            panic!("two answers")
        };
        let winner = one.deal(org, &mine.deal.key).await.unwrap().unwrap().handoff.unwrap();
        match (a, b) {
            (Ok(1), Err(CommitError::DealTaken(by))) => assert_eq!((*by, winner), (mine.id, mine.id)),
            (Err(CommitError::DealTaken(by)), Ok(1)) => assert_eq!((*by, winner), (theirs.id, theirs.id)),
            both => panic!("round {round}: {both:?}"),
        }

        let (mut mine, mut theirs) = (Story::new(org), Story::new(org));
        let key = format!("mail:{round}");
        let with_key = |story: &mut Story| {
            let mut commit = story.tell(&[Told::Opened]);
            commit.idempotency = Some(story.answer(&key));
            commit
        };
        let commits = [with_key(&mut mine), with_key(&mut theirs)];
        let ends: Vec<Result<Version, CommitError>> =
            together(commits.into_iter().zip([&*one, &other]).map(|(commit, node)| node.commit(commit)))
                .await;
        let used = ends.iter().filter(|end| matches!(end, Err(CommitError::KeyUsed))).count();
        assert_eq!((ends.iter().filter(|end| end.is_ok()).count(), used), (1, 1), "round {round}: {ends:?}");
    }
    assert!(verify(&other, org, Depth::Replay).await.unwrap().is_sound());
}

#[tokio::test]
async fn a_unit_that_fails_half_way_leaves_nothing() {
    let one = Kept::new().await;
    let mut story = Story::new(org());
    let mut commit = story.tell(&[Told::Opened]);
    // Twice the same message: the second is refused after all else was written.
    commit.outbox = vec![story.message(); 2];
    let refused = one.commit(commit.clone()).await;
    assert!(matches!(refused, Err(CommitError::Store(StoreError::Unreadable(_)))), "{refused:?}");
    assert_eq!(one.load(story.org, story.id).await.unwrap(), None);
    assert_eq!(one.row(story.org, story.id).await.unwrap(), None);
    assert_eq!(one.tally(story.org).await.unwrap().facts, 0);
    commit.outbox.pop();
    assert_eq!(one.commit(commit).await.unwrap(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nodes_that_change_the_same_people_crosswise_all_get_through() {
    let one = Kept::new().await;
    let other = one.node().await;
    let org = org();
    let people: Vec<Person> = (0..4).map(|number| somebody(&format!("p{number}"))).collect();
    let put = |people: Vec<Person>| people.into_iter().map(Change::PutPerson).collect::<Vec<_>>();
    one.apply(org, vec![Change::PutOrg(acme(org))], audit("found")).await.unwrap();
    one.apply(org, put(people.clone()), audit("invite")).await.unwrap();
    let backwards: Vec<Person> = people.iter().rev().cloned().collect();
    // Each batch would hold its rows in its own order, and wait for the other's.
    let batches = (0..30).map(|number| {
        let (node, people): (&PostgresStore, _) =
            if number % 2 == 0 { (&one, people.clone()) } else { (&other, backwards.clone()) };
        node.apply(org, put(people), audit("rename"))
    });
    for result in together(batches).await {
        result.unwrap();
    }
    assert_eq!(one.audit(org, None, 100).await.unwrap().len(), 32);
    assert_eq!(other.people(org, None, None, 9).await.unwrap().rows.len(), 4);
}

fn acme(id: OrgId) -> Org {
    let calendar =
        CalendarData { zone: "UTC".to_owned(), weekend: vec![6, 7], holidays: Vec::new(), hours: None };
    Org {
        id,
        version: 1,
        slug: "acme".to_owned(),
        name: "Acme".to_owned(),
        mode: Mode::Observe,
        calendar: calendar.try_into().unwrap(),
        team_calendars: None,
        go_live_on: None,
        playbook: "default".to_owned(),
        process_owner: None,
        sample_of: None,
        event_sources: Default::default(),
        created_at: at(0),
    }
}

fn somebody(name: &str) -> Person {
    Person {
        id: person(),
        name: name.to_owned(),
        email: Some(format!("{name}@example.com")),
        grants: [].into(),
        team: None,
        status: PersonStatus::Active,
        zone: None,
        password: None,
        aliases: [format!("salesforce:{name}")].into(),
        mapped_to: None,
        notify: Default::default(),
        away: Default::default(),
        created_at: at(0),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nodes_that_start_together_make_one_store() {
    let database = Database::new();
    let url = database.url();
    let nodes = together((0..6).map(|_| PostgresStore::open(&url))).await;
    for node in &nodes {
        node.as_ref().unwrap().ready().await.unwrap();
    }
    assert_eq!(migrate(&url).await.unwrap(), (SCHEMA_VERSION, SCHEMA_VERSION));
    assert_eq!(database.run("SELECT count(*) FROM schema_version"), SCHEMA_VERSION.to_string());
}
