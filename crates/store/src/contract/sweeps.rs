//! What waits is taken by one at a time, in order, and is nobody's for good until it is finished.

use std::time::Duration;

use throughline_domain::{OrgId, PersonId};
use uuid::Uuid;

use super::{
    clocks::{looks, wanting},
    events::{an_event, done, events, later, refused},
    names::{apply, conflicts},
    post::{mail, post},
    sample::*,
    together::together,
};
use crate::{BAG, Change, Claim, OutboxRow, STRETCH, ports::Store};

/// A claim in seconds.
pub(super) fn claim(now: i64, until: i64, limit: u32) -> Claim {
    Claim { now: at(now), until: at(until), limit }
}

async fn messages(store: &dyn Store, now: i64, until: i64, limit: u32) -> Vec<Uuid> {
    let taken = store.claim_outbox(claim(now, until, limit)).await.unwrap();
    taken.into_iter().map(|(_, row)| row.id).collect()
}

pub async fn a_claim_is_nobody_elses_until_it_ends(store: &dyn Store) {
    let (org, ann, letter) = (org(), person(), fresh());
    let mut story = Story::new(org);
    let message = story.message();
    story
        .open_as(store, |commit| {
            commit.look_at = Some(at(5));
            commit.outbox = vec![message.clone()];
        })
        .await;
    apply(store, org, vec![post(letter, ann, 5), Change::Receive(an_event("1", 5))]).await;
    // Taken again when the claim ends, and not a moment before.
    for (now, until, free) in [(10, 20, true), (19, 40, false), (20, 30, true), (29, 99, false)] {
        let some = |free: bool| usize::from(free);
        assert_eq!(looks(store, now, until, 9).await, vec![story.id; some(free)], "{now}");
        assert_eq!(messages(store, now, until, 9).await, vec![message.id; some(free)], "{now}");
        assert_eq!(mail(store, now, until, 9).await, vec![(ann, vec![letter]); some(free)], "{now}");
        assert_eq!(events(store, now, until, 9).await, vec!["1"; some(free)], "{now}");
    }
}

pub async fn a_claim_by_a_clock_that_was_ahead_holds_nobody_up(store: &dyn Store) {
    let (org, ann, letter) = (org(), person(), fresh());
    let mut story = Story::new(org);
    let message = story.message();
    story
        .open_as(store, |commit| {
            commit.look_at = Some(at(5));
            commit.outbox = vec![message.clone()];
        })
        .await;
    apply(store, org, vec![post(letter, ann, 5), Change::Receive(an_event("1", 5))]).await;
    // A day ahead; then set right; and held as long as anything may be.
    for (now, until, free) in [
        (86_400, 86_430, true),
        (10, 3_610, true),
        (10, 99, false),
        (3_609, 4_000, false),
        (3_610, 4_000, true),
    ] {
        let some = |free: bool| usize::from(free);
        assert_eq!(looks(store, now, until, 9).await, vec![story.id; some(free)], "{now}");
        assert_eq!(messages(store, now, until, 9).await, vec![message.id; some(free)], "{now}");
        assert_eq!(mail(store, now, until, 9).await, vec![(ann, vec![letter]); some(free)], "{now}");
        assert_eq!(events(store, now, until, 9).await, vec!["1"; some(free)], "{now}");
    }
}

pub async fn claims_are_kept_within_bounds(store: &dyn Store) {
    let mut story = Story::new(org());
    let many: Vec<OutboxRow> = (0..STRETCH + 2).map(|_| story.message()).collect();
    story.open_as(store, |commit| commit.outbox = many.clone()).await;
    wanting(store, story.org, 0).await;
    wanting(store, story.org, 0).await;
    assert_eq!(messages(store, 9, 99, 0).await.len(), 1);
    assert_eq!(messages(store, 9, 99, 2).await.len(), 2);
    assert_eq!(messages(store, 99, 199, u32::MAX).await.len(), STRETCH as usize);
    assert_eq!(messages(store, 99, 199, u32::MAX).await.len(), 2);
    assert_eq!(looks(store, 9, 99, 0).await.len(), 1);
    let ann = person();
    let letters = (0..BAG + 1).map(|_| post(fresh(), ann, 0)).chain([post(fresh(), person(), 1)]);
    apply(store, story.org, letters.collect()).await;
    let taken = mail(store, 9, 99, 0).await;
    assert_eq!((taken.len(), taken[0].0, taken[0].1.len()), (1, ann, BAG as usize));
    let rest: Vec<usize> = mail(store, 9, 99, u32::MAX).await.iter().map(|bag| bag.1.len()).collect();
    assert_eq!(rest, [1, 1]);
}

pub async fn of_two_hundred_claims_at_once_each_takes_what_no_other_has(store: &dyn Store) {
    let org = org();
    let (mut ids, mut told) = (Vec::new(), Vec::new());
    for second in 0..60 {
        let mut story = Story::new(org);
        let mut commit = story.tell(&[Told::Opened]);
        commit.look_at = Some(at(second));
        commit.outbox = vec![story.message()];
        told.push(commit.outbox[0].id.to_string());
        ids.push(story.id.to_string());
        store.commit(commit).await.unwrap();
    }
    let letters: Vec<Uuid> = (0..120).map(|_| fresh()).collect();
    let people: Vec<PersonId> = (0..40).map(|_| person()).collect();
    let posted = letters.iter().zip(people.iter().cycle()).map(|(letter, to)| post(*letter, *to, 0));
    let received: Vec<String> = (0..60).map(|number| format!("{number}")).collect();
    let events_in = received.iter().map(|id| Change::Receive(an_event(id, 0)));
    apply(store, org, posted.chain(events_in).collect()).await;
    let take = async |kind: usize| -> Vec<String> {
        match kind % 4 {
            0 => looks(store, 60, 999, 1).await.iter().map(ToString::to_string).collect(),
            1 => messages(store, 60, 999, 1).await.iter().map(ToString::to_string).collect(),
            2 => {
                let bags = mail(store, 60, 999, 1).await;
                assert!(bags.iter().all(|(_, letters)| letters.len() == 3), "one mail carries all of theirs");
                bags.iter().flat_map(|(_, letters)| letters).map(ToString::to_string).collect()
            }
            _ => events(store, 60, 999, 1).await,
        }
    };
    let mut taken: Vec<String> = together((0..200).map(take)).await.concat();
    for kind in 0..4 {
        // Whoever met another at the same row took nothing: what is left is there for the next.
        loop {
            let more = take(kind).await;
            if more.is_empty() {
                break;
            }
            taken.extend(more);
        }
    }
    taken.sort();
    let letters = letters.iter().map(ToString::to_string);
    let mut all: Vec<String> = ids.into_iter().chain(told).chain(letters).chain(received).collect();
    all.sort();
    assert_eq!(taken, all);
}

pub async fn messages_of_all_organisations_are_taken_by_age(store: &dyn Store) {
    let mut stories = [Story::new(org()), Story::new(org())];
    let told: Vec<(OrgId, OutboxRow)> =
        [0, 1, 1, 0, 1].map(|place: usize| (stories[place].org, stories[place].message())).into();
    for story in &mut stories {
        let of = story.org;
        let own = told.iter().filter(|(org, _)| *org == of).map(|(_, row)| row.clone()).collect();
        story.open_as(store, |commit| commit.outbox = own).await;
    }
    let first = store.claim_outbox(claim(9, 99, 3)).await.unwrap();
    assert_eq!(first, told[..3]);
    let delivered = |place: usize| Change::Delivered { outbox: told[place].1.id, at: at(9) };
    apply(store, told[0].0, vec![delivered(0)]).await;
    assert_eq!(store.claim_outbox(claim(10, 99, 9)).await.unwrap(), told[3..]);
    assert_eq!(store.claim_outbox(claim(99, 199, 9)).await.unwrap(), told[1..]);
}

pub async fn what_waits_belongs_to_one_organisation(store: &dyn Store) {
    let (here, there, letter) = (org(), org(), fresh());
    apply(store, there, vec![post(letter, person(), 1), Change::Receive(an_event("1", 1))]).await;
    for change in [
        Change::Posted { letters: vec![letter] },
        Change::PostNever { letters: vec![letter] },
        Change::PostLater { letters: vec![letter], at: at(9) },
        done("1"),
        refused("1"),
        later("1", 9),
    ] {
        conflicts(store, here, vec![change]).await;
    }
    assert_eq!(store.events(here, None, 9).await.unwrap(), []);
    apply(store, here, vec![Change::Receive(an_event("1", 1)), post(letter, person(), 1)]).await;
    apply(store, here, vec![done("1"), Change::Posted { letters: vec![letter] }]).await;
    let bags = store.claim_post(claim(9, 99, 9)).await.unwrap();
    assert_eq!(bags.iter().map(|bag| bag.org).collect::<Vec<_>>(), [there]);
    let taken = store.claim_events(claim(9, 99, 9)).await.unwrap();
    assert_eq!(taken, [(there, an_event("1", 1))]);
}

/// Waits for a nudge while something is done; without one it fails in the end, instead of waiting for ever.
async fn nudged_by(store: &dyn Store, done: impl Future<Output = ()>) {
    const LONG: Duration = Duration::from_secs(24 * 60 * 60);
    let both = async { tokio::join!(store.nudged(LONG), done) };
    tokio::time::timeout(Duration::from_secs(60), both).await.unwrap();
}

pub async fn whoever_waits_is_nudged(store: &dyn Store) {
    let mut story = Story::new(org());
    let mut told = story.tell(&[Told::Opened]);
    told.outbox = vec![story.message()];
    let mut due = story.tell(&[Told::Wrote("at once")]);
    due.look_at = Some(due.journal[0].at);
    for commit in [told, due] {
        nudged_by(store, async { assert!(store.commit(commit).await.is_ok()) }).await;
    }
    for change in [post(fresh(), person(), 1), Change::Receive(an_event("1", 1)), Change::LookAgain] {
        nudged_by(store, apply(store, story.org, vec![change])).await;
    }
    store.nudged(Duration::ZERO).await;
}
