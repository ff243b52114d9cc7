//! When clocks want a look: taken by one at a time, and all of them again when calendars change.

use std::pin::Pin;

use throughline_domain::{HandoffId, OrgId, Role};

use super::{
    names::{an_org, apply},
    sample::*,
    sweeps::claim,
    together::together,
};
use crate::{Change, Commit, HandoffFilter, HandoffQuery, Look, Org, PartRow, Reach, Sort, ports::Store};

/// A handoff whose clocks want a look then.
pub(super) async fn wanting(store: &dyn Store, org: OrgId, second: i64) -> Story {
    let mut story = Story::new(org);
    story.open_as(store, |commit| commit.look_at = Some(at(second))).await;
    story
}

pub(super) async fn looks(store: &dyn Store, now: i64, until: i64, limit: u32) -> Vec<HandoffId> {
    let taken = store.claim_looks(claim(now, until, limit)).await.unwrap();
    taken.into_iter().map(|(_, id, _)| id).collect()
}

/// What a look found at a story's clocks, under a claim until then.
fn look(story: &Story, until: i64, look_at: Option<i64>) -> Look {
    let mut commit = story.clone().tell(&[]);
    commit.row.next_due_at = Some(at(500));
    let dues = vec![story.due("kickoff", at(500))];
    let (org, id, version) = (story.org, story.id, story.version);
    Look { org, id, version, until: at(until), row: commit.row, dues, look_at: look_at.map(at) }
}

pub async fn clocks_are_looked_at_earliest_first_and_not_before_their_time(store: &dyn Store) {
    let (here, there) = (org(), org());
    let third = wanting(store, here, 30).await;
    let first = wanting(store, there, 10).await;
    let second = wanting(store, here, 20).await;
    Story::new(here).open(store).await;
    assert_eq!(looks(store, 9, 99, 9).await, []);
    let taken = store.claim_looks(claim(20, 99, 9)).await.unwrap();
    // Kept to the millisecond.
    let when = |second| jiff::Timestamp::from_millisecond(at(second).as_millisecond()).unwrap();
    assert_eq!(taken, [(there, first.id, when(10)), (here, second.id, when(20))]);
    assert_eq!(looks(store, 30, 99, 9).await, [third.id]);
}

pub async fn what_is_not_finished_is_free_again_in_its_old_place(store: &dyn Store) {
    let org = org();
    let first = wanting(store, org, 10).await;
    let second = wanting(store, org, 20).await;
    assert_eq!(looks(store, 10, 60, 1).await, [first.id]);
    assert_eq!(looks(store, 50, 99, 9).await, [second.id]);
    let third = wanting(store, org, 30).await;
    assert_eq!(looks(store, 60, 99, 9).await, [first.id, third.id]);
}

pub async fn a_commit_ends_a_claim_and_moves_the_look(store: &dyn Store) {
    let mut story = wanting(store, org(), 10).await;
    for (look_at, next) in [(Some(12), Some(12)), (Some(40), Some(40)), (None, None)] {
        looks(store, 50, 99, 9).await;
        let mut commit = story.tell(&[Told::Wrote("meanwhile")]);
        commit.look_at = look_at.map(at);
        store.commit(commit).await.unwrap();
        let Some(next) = next else { continue };
        assert_eq!(looks(store, next - 1, 99, 9).await, []);
        assert_eq!(looks(store, next, 99, 9).await, [story.id]);
    }
    assert_eq!(looks(store, 9_999, 99_999, 9).await, [], "it wants none any more");
}

pub async fn what_a_look_found_is_shown(store: &dyn Store) {
    let mut story = Story::new(org());
    story
        .open_as(store, |commit| {
            commit.look_at = Some(at(10));
            commit.parts = Some(vec![PartRow { person: commit.row.ae, role: Role::Ae }]);
        })
        .await;
    let other = wanting(store, story.org, 9_000).await;
    looks(store, 10, 60, 9).await;
    let before = store.load(story.org, story.id).await.unwrap();
    let found = look(&story, 60, Some(500));
    assert!(store.looked(found.clone()).await.unwrap());
    assert_eq!(store.row(story.org, story.id).await.unwrap(), Some(found.row.clone()));
    assert_eq!(store.dues(story.org, story.id).await.unwrap(), found.dues);
    assert_eq!(store.load(story.org, story.id).await.unwrap(), before, "nothing happened to it");
    for reach in [Reach::Organisation, Reach::People([story.ae].into())] {
        let all = reach == Reach::Organisation;
        let (filter, sort) = (HandoffFilter::default(), Sort::Due);
        let query = HandoffQuery { reach, filter, sort, after: None, limit: 9 };
        let rows = store.list(story.org, &query).await.unwrap().rows;
        let ids: Vec<HandoffId> = rows.iter().map(|row| row.id).collect();
        assert_eq!(ids, if all { vec![story.id, other.id] } else { vec![story.id] });
    }
    assert_eq!(looks(store, 499, 999, 9).await, [], "the claim ended, and the look is put off");
    assert_eq!(looks(store, 500, 999, 9).await, [story.id]);
    assert!(store.looked(look(&story, 999, None)).await.unwrap());
    assert_eq!(looks(store, 8_999, 9_999, 9).await, []);
}

pub async fn a_look_at_what_moved_on_is_refused_and_writes_nothing(store: &dyn Store) {
    let mut story = wanting(store, org(), 10).await;
    let seen = async || {
        (
            store.row(story.org, story.id).await.unwrap(),
            store.dues(story.org, story.id).await.unwrap(),
            store.load(story.org, story.id).await.unwrap(),
        )
    };
    let before = seen().await;
    assert!(!store.looked(look(&story, 60, None)).await.unwrap(), "nobody claimed it");
    looks(store, 10, 60, 9).await;
    let nowhere = Look { org: org(), ..look(&story, 60, None) };
    assert!(!store.looked(nowhere).await.unwrap());
    let unheard = Look { id: fresh(), ..look(&story, 60, None) };
    assert!(!store.looked(unheard).await.unwrap());
    apply(store, story.org, vec![Change::LookAgain]).await;
    assert!(!store.looked(look(&story, 60, None)).await.unwrap(), "it is to be looked at again");
    looks(store, 60, 70, 9).await;
    looks(store, 70, 80, 9).await;
    assert!(!store.looked(look(&story, 70, None)).await.unwrap(), "it is somebody else's by now");
    assert_eq!(seen().await, before);
    let stale = look(&story, 80, None);
    let mut commit = story.tell(&[Told::Wrote("meanwhile")]);
    commit.look_at = Some(at(10));
    store.commit(commit).await.unwrap();
    looks(store, 79, 80, 9).await;
    assert!(!store.looked(stale).await.unwrap(), "it has moved on");
    let current = look(&story, 80, None);
    assert!(store.looked(current).await.unwrap());
}

pub async fn looking_again_is_for_live_handoffs_of_one_organisation(store: &dyn Store) {
    let (here, there) = (org(), org());
    let (late, elsewhere) = (wanting(store, here, 500).await, wanting(store, there, 500).await);
    let mut never = Story::new(here);
    never.open(store).await;
    let mut lost = wanting(store, here, 500).await;
    let mut commit = lost.tell(&[Told::Lost]);
    commit.look_at = Some(at(500));
    store.commit(commit).await.unwrap();
    let claimed = wanting(store, here, 1).await;
    assert_eq!(looks(store, 9, 99, 9).await, [claimed.id]);
    apply(store, here, vec![Change::LookAgain]).await;
    assert_eq!(looks(store, 9, 99, 9).await, [late.id, never.id, claimed.id]);
    assert_eq!(looks(store, 499, 999, 9).await, [late.id, never.id, claimed.id], "and they come again");
    let mut rest = looks(store, 500, 1_500, 9).await;
    rest.sort();
    assert_eq!(rest, [elsewhere.id, lost.id]);
}

/// All clocks are to be looked at again, with the organisation at this version.
fn anew(org: OrgId, version: u64) -> Vec<Change> {
    vec![Change::PutOrg(Org { version, ..an_org(org, &org.to_string()) }), Change::LookAgain]
}

pub async fn what_was_worked_out_before_all_were_to_be_looked_at_again_is_looked_at_at_once(
    store: &dyn Store,
) {
    let org = org();
    apply(store, org, anew(org, 1)).await;
    let worked_out = |commit: &mut Commit, as_of: u64| {
        commit.as_of = as_of;
        commit.look_at = Some(at(500));
    };
    let (mut older, mut newer) = (Story::new(org), Story::new(org));
    older.open_as(store, |commit| worked_out(commit, 1)).await;
    newer.open_as(store, |commit| worked_out(commit, 1)).await;
    assert_eq!(looks(store, 9, 99, 9).await, []);
    apply(store, org, anew(org, 2)).await;
    for (story, as_of) in [(&mut older, 1), (&mut newer, 2)] {
        let mut commit = story.tell(&[Told::Wrote("late")]);
        worked_out(&mut commit, as_of);
        store.commit(commit).await.unwrap();
    }
    let (mut opened, mut lost) = (Story::new(org), Story::new(org));
    opened.open_as(store, |commit| worked_out(commit, 1)).await;
    lost.open_as(store, |commit| worked_out(commit, 1)).await;
    let mut commit = lost.tell(&[Told::Lost]);
    worked_out(&mut commit, 1);
    store.commit(commit).await.unwrap();
    assert_eq!(looks(store, 9, 99, 9).await, [older.id, opened.id]);
    // A change of the organisation that no clock hangs on is none of their business.
    apply(store, org, vec![Change::PutOrg(Org { version: 3, ..an_org(org, &org.to_string()) })]).await;
    let mut commit = newer.tell(&[Told::Wrote("later")]);
    worked_out(&mut commit, 2);
    store.commit(commit).await.unwrap();
    assert_eq!(looks(store, 9, 99, 9).await, []);
}

pub async fn however_commits_meet_looking_again_each_handoff_is_looked_at(store: &dyn Store) {
    let org = org();
    apply(store, org, anew(org, 1)).await;
    let mut stories = Vec::new();
    for _ in 0..10 {
        stories.push(wanting(store, org, 500).await);
    }
    for round in 2..12 {
        // What each commit says was worked out before; some open, some go on, all at the same time as the change.
        let mut opened: Vec<Story> = (0..2).map(|_| Story::new(org)).collect();
        let goes_on = stories.iter_mut().map(|story| story.tell(&[Told::Wrote("on")]));
        let opens = opened.iter_mut().map(|story| story.tell(&[Told::Opened]));
        let commits: Vec<Commit> = goes_on.chain(opens).collect();
        let writing = commits.into_iter().map(|commit| async move {
            store.commit(Commit { as_of: round - 1, look_at: Some(at(500)), ..commit }).await.unwrap();
        });
        let changing = async {
            apply(store, org, anew(org, round)).await;
        };
        let all: Vec<Pin<Box<dyn Future<Output = ()> + Send + '_>>> = writing
            .map(|write| Box::pin(write) as _)
            .chain(std::iter::once(Box::pin(changing) as _))
            .collect();
        together(all).await;
        stories.append(&mut opened);
        let mut wanted: Vec<HandoffId> = stories.iter().map(|story| story.id).collect();
        let mut found = looks(store, 9, 10, 100).await;
        wanted.sort();
        found.sort();
        assert_eq!(found, wanted, "round {round}");
        for story in &stories {
            let look = Look { until: at(10), ..look(story, 10, Some(500)) };
            assert!(store.looked(look).await.unwrap());
        }
    }
}
