//! What waits is taken by one at a time, in order, and is nobody's for good until it is finished.

use std::{pin::Pin, time::Duration};

use throughline_domain::{HandoffId, OrgId, PersonId, Role, deal::DealKey};
use uuid::Uuid;

use super::{
    names::{an_org, apply, conflicts},
    sample::*,
    together::together,
};
use crate::{
    BAG, Bag, Change, Claim, Commit, DealRow, EventPlace, EventRow, EventState, HandoffFilter, HandoffQuery,
    Look, OnPost, Org, OutboxRow, PAGE, PartRow, Posting, Reach, STRETCH, Sort, ports::Store,
};

/// A claim in seconds.
pub(super) fn claim(now: i64, until: i64, limit: u32) -> Claim {
    Claim { now: at(now), until: at(until), limit }
}

pub(super) fn an_event(id: &str, received: i64) -> EventRow {
    let (source, body) = ("hubspot".to_owned(), b"{\0\"deal\":1}\xff".to_vec());
    EventRow { source, id: id.to_owned(), received_at: at(received), tries: 0, body }
}

fn done(id: &str) -> Change {
    Change::EventDone { source: "hubspot".to_owned(), id: id.to_owned(), note: "understood".to_owned() }
}

fn refused(id: &str) -> Change {
    Change::EventRefused { source: "hubspot".to_owned(), id: id.to_owned(), note: "no deal".to_owned() }
}

fn later(id: &str, second: i64) -> Change {
    let (source, note) = ("hubspot".to_owned(), "no such deal yet".to_owned());
    Change::EventLater { source, id: id.to_owned(), at: at(second), note }
}

fn post(letter: Uuid, person: PersonId, second: i64) -> Change {
    Change::Post { letter, person, at: at(second) }
}

/// A handoff whose clocks want a look then.
async fn wanting(store: &dyn Store, org: OrgId, second: i64) -> Story {
    let mut story = Story::new(org);
    story.open_as(store, |commit| commit.look_at = Some(at(second))).await;
    story
}

async fn looks(store: &dyn Store, now: i64, until: i64, limit: u32) -> Vec<HandoffId> {
    let taken = store.claim_looks(claim(now, until, limit)).await.unwrap();
    taken.into_iter().map(|(_, id, _)| id).collect()
}

async fn messages(store: &dyn Store, now: i64, until: i64, limit: u32) -> Vec<Uuid> {
    let taken = store.claim_outbox(claim(now, until, limit)).await.unwrap();
    taken.into_iter().map(|(_, row)| row.id).collect()
}

async fn mail(store: &dyn Store, now: i64, until: i64, limit: u32) -> Vec<(PersonId, Vec<Uuid>)> {
    let letters = |bag: &Bag| bag.letters.iter().map(|posting| posting.letter).collect();
    let taken = store.claim_post(claim(now, until, limit)).await.unwrap();
    taken.iter().map(|bag| (bag.person, letters(bag))).collect()
}

async fn events(store: &dyn Store, now: i64, until: i64, limit: u32) -> Vec<String> {
    let taken = store.claim_events(claim(now, until, limit)).await.unwrap();
    taken.into_iter().map(|(_, row)| row.id).collect()
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

pub async fn mail_is_taken_by_person(store: &dyn Store) {
    let (here, there) = (org(), org());
    let (ann, ben, letters) = (person(), person(), (0..6).map(|_| fresh()).collect::<Vec<Uuid>>());
    let mine = vec![
        post(letters[0], ben, 20),
        post(letters[1], ann, 30),
        post(letters[2], ann, 10),
        post(letters[3], ann, 99),
        // A repeat changes nothing.
        post(letters[2], ben, 5),
    ];
    apply(store, here, mine).await;
    // The same person elsewhere is somebody else.
    apply(store, there, vec![post(letters[4], ann, 15)]).await;
    assert_eq!(store.claim_post(claim(9, 50, 9)).await.unwrap(), []);
    let bag = |org, person, places: &[usize]| {
        let letters = places.iter().map(|place| Posting { letter: letters[*place], tries: 0 }).collect();
        Bag { org, person, letters }
    };
    let first = store.claim_post(claim(40, 90, 2)).await.unwrap();
    assert_eq!(first, [bag(here, ann, &[2, 1]), bag(there, ann, &[4])]);
    assert_eq!(store.claim_post(claim(40, 90, 2)).await.unwrap(), [bag(here, ben, &[0])]);
    // What comes while the rest is out is a mail of its own.
    apply(store, here, vec![post(letters[5], ben, 41)]).await;
    assert_eq!(store.claim_post(claim(41, 90, 2)).await.unwrap(), [bag(here, ben, &[5])]);
    apply(store, here, vec![Change::Posted { letters: vec![letters[1], letters[2]] }]).await;
    assert_eq!(mail(store, 9_999, 99_999, 9).await.iter().map(|bag| bag.1.len()).sum::<usize>(), 4);
}

pub async fn mail_put_off_comes_again_and_mail_given_up_does_not(store: &dyn Store) {
    let (org, ann) = (org(), person());
    let letters: Vec<Uuid> = (0..3).map(|_| fresh()).collect();
    apply(store, org, letters.iter().map(|letter| post(*letter, ann, 5)).collect()).await;
    mail(store, 10, 99, 9).await;
    let put_off = |of: &[Uuid]| Change::PostLater { letters: of.to_vec(), at: at(30) };
    apply(store, org, vec![put_off(&letters[..2])]).await;
    // A repeat of the posting changes nothing: it stays put off.
    apply(store, org, vec![post(letters[0], ann, 5)]).await;
    assert_eq!(store.claim_post(claim(29, 40, 9)).await.unwrap(), []);
    let once = |places: &[usize]| {
        let letters = places.iter().map(|place| Posting { letter: letters[*place], tries: 1 }).collect();
        vec![Bag { org, person: ann, letters }]
    };
    assert_eq!(store.claim_post(claim(30, 40, 9)).await.unwrap(), once(&[0, 1]));
    apply(store, org, vec![Change::PostNever { letters: vec![letters[0]] }]).await;
    apply(store, org, vec![Change::Posted { letters: vec![letters[2]] }]).await;
    // One of each batch is gone: nothing of the batch is done.
    let both = vec![letters[1], letters[0]];
    conflicts(store, org, vec![Change::Posted { letters: both.clone() }]).await;
    conflicts(store, org, vec![Change::PostNever { letters: both.clone() }]).await;
    conflicts(store, org, vec![Change::PostLater { letters: both, at: at(70) }]).await;
    assert_eq!(store.claim_post(claim(40, 50, 9)).await.unwrap(), once(&[1]));
}

pub async fn mail_is_timed_anew_unless_somebody_has_it(store: &dyn Store) {
    let (org, ann) = (org(), person());
    let letters: Vec<Uuid> = (0..5).map(|_| fresh()).collect();
    apply(store, org, letters.iter().zip([5, 50, 50, 50, 50]).map(|(id, at)| post(*id, ann, at)).collect())
        .await;
    assert_eq!(mail(store, 10, 99, 9).await, [(ann, vec![letters[0]])]);
    let anew = |now, letters| Change::PostAnew { now: at(now), letters };
    let gone = (fresh(), Some(at(7)));
    let wished = vec![
        (letters[2], None),
        (letters[0], None),
        (letters[1], Some(at(12))),
        (letters[4], Some(at(90))),
        gone,
    ];
    apply(store, org, vec![anew(11, wished)]).await;
    // The first is being mailed: whoever has it takes it off.
    assert_eq!(mail(store, 12, 99, 9).await, [(ann, vec![letters[1]])]);
    apply(store, org, vec![Change::Posted { letters: vec![letters[0]] }]).await;
    // Whose claim ran out has it no more.
    apply(store, org, vec![anew(99, vec![(letters[1], None), (letters[3], Some(at(90)))])]).await;
    let mut last = [letters[3], letters[4]];
    last.sort();
    assert_eq!(mail(store, 89, 95, 9).await, []);
    assert_eq!(mail(store, 100, 200, 9).await, [(ann, last.to_vec())]);
    // Elsewhere it is another letter.
    apply(store, super::sample::org(), vec![anew(900, vec![(letters[3], None)])]).await;
    assert_eq!(store.on_post(org, ann, None, 9).await.unwrap().len(), 2);
}

pub async fn mail_on_the_post_is_seen_by_person(store: &dyn Store) {
    let (here, there) = (org(), org());
    let (ann, ben) = (person(), person());
    let mut letters: Vec<Uuid> = (0..5).map(|_| fresh()).collect();
    letters.sort();
    let mine = [(2, 9), (0, 20), (1, 5), (3, 30)].map(|(place, at)| post(letters[place], ann, at));
    apply(store, here, mine.into_iter().chain([post(letters[4], ben, 1)]).collect()).await;
    apply(store, here, vec![Change::PostLater { letters: vec![letters[1]], at: at(40) }]).await;
    mail(store, 10, 99, 9).await;
    // What waits is timed in milliseconds.
    let timed = |second| jiff::Timestamp::from_millisecond(at(second).as_millisecond()).unwrap();
    let seen = |place: usize, second, tries| OnPost { letter: letters[place], at: timed(second), tries };
    let all = [seen(0, 20, 0), seen(1, 40, 1), seen(2, 9, 0), seen(3, 30, 0)];
    assert_eq!(store.on_post(here, ann, None, 9).await.unwrap(), all);
    assert_eq!(store.on_post(here, ann, None, 2).await.unwrap(), all[..2]);
    assert_eq!(store.on_post(here, ann, Some(letters[1]), 9).await.unwrap(), all[2..]);
    assert_eq!(store.on_post(there, ann, None, 9).await.unwrap(), []);
}

pub async fn an_event_is_received_once_whatever_became_of_it(store: &dyn Store) {
    let org = org();
    let receive = |id: &str| vec![Change::Receive(an_event(id, 7))];
    for (id, settle) in
        [("1", None), ("2", Some(done("2"))), ("3", Some(refused("3"))), ("4", Some(later("4", 9)))]
    {
        apply(store, org, receive(id)).await;
        apply(store, org, settle.into_iter().collect()).await;
        conflicts(store, org, receive(id)).await;
    }
    // Another source's event of the same id is another event.
    let other = EventRow { source: "salesforce".to_owned(), ..an_event("1", 8) };
    apply(store, org, vec![Change::Receive(other)]).await;
    assert_eq!(events(store, 10, 99, 9).await, ["1", "4", "1"]);
    for change in [done("2"), refused("2"), later("2", 9), done("3"), done("never")] {
        conflicts(store, org, vec![change]).await;
    }
}

pub async fn an_event_is_received_once_by_many_at_once(store: &dyn Store) {
    let org = org();
    let tries = (0..60).map(|_| store.apply(org, vec![Change::Receive(an_event("1", 7))], audit("receive")));
    let taken = together(tries).await;
    assert_eq!(taken.iter().filter(|result| result.is_ok()).count(), 1);
    assert_eq!(store.audit(org, None, 99).await.unwrap().len(), 1);
}

pub async fn events_are_taken_by_receipt_and_come_again_when_put_off(store: &dyn Store) {
    let (here, there) = (org(), org());
    let first = an_event("first", 1);
    apply(store, here, vec![Change::Receive(an_event("third", 3)), Change::Receive(first.clone())]).await;
    apply(store, there, vec![Change::Receive(an_event("second", 2))]).await;
    assert_eq!(store.claim_events(claim(9, 50, 1)).await.unwrap(), [(here, first.clone())]);
    assert_eq!(events(store, 9, 50, 9).await, ["second", "third"]);
    apply(store, here, vec![later("first", 70), done("third")]).await;
    assert_eq!(events(store, 69, 80, 9).await, ["second"]);
    let again = store.claim_events(claim(70, 80, 9)).await.unwrap();
    assert_eq!(again, [(here, EventRow { tries: 1, ..first })]);
}

pub async fn events_are_seen_newest_first(store: &dyn Store) {
    let org = org();
    let ids: Vec<String> = (0..6).map(|number| format!("e{number}")).collect();
    // Two of them at once: then by id.
    let received = [0, 1, 1, 2, 3, 4];
    let all = ids.iter().zip(received).map(|(id, second)| Change::Receive(an_event(id, second)));
    apply(store, org, all.collect()).await;
    apply(store, org, vec![done("e1"), refused("e4"), later("e5", 9)]).await;
    let seen = store.events(org, None, 99).await.unwrap();
    assert_eq!(
        seen.iter().map(|event| event.id.as_str()).collect::<Vec<_>>(),
        ["e5", "e4", "e3", "e2", "e1", "e0"]
    );
    assert_eq!(seen[0].received_at, at(4));
    let told = |place: usize| (seen[place].state, seen[place].note.as_deref(), seen[place].tries);
    assert_eq!(told(0), (EventState::New, Some("no such deal yet"), 1));
    assert_eq!(told(1), (EventState::Refused, Some("no deal"), 0));
    assert_eq!(told(2), (EventState::New, None, 0));
    assert_eq!(told(4), (EventState::Done, Some("understood"), 0));
    let (mut before, mut paged): (Option<EventPlace>, _) = (None, Vec::new());
    loop {
        let page = store.events(org, before, 2).await.unwrap();
        let Some(last) = page.last() else { break };
        before = Some(last.place());
        paged.extend(page);
    }
    assert_eq!(paged, seen);
    let more = (0..PAGE).map(|number| Change::Receive(an_event(&format!("m{number}"), 5)));
    apply(store, org, more.collect()).await;
    assert_eq!(store.events(org, None, u32::MAX).await.unwrap().len(), PAGE as usize);
    assert_eq!(store.events(org, None, 0).await.unwrap().len(), 1);
}

pub async fn events_done_with_are_forgotten_in_time(store: &dyn Store) {
    let org = org();
    let received = [("old", 1), ("refused", 2), ("waits", 3), ("young", 9)];
    apply(store, org, received.map(|(id, second)| Change::Receive(an_event(id, second))).into()).await;
    apply(store, org, vec![done("old"), refused("refused"), done("young")]).await;
    let tidy = Change::Tidy {
        answers_before: at(0),
        links_before: at(0),
        sessions_before: at(0),
        events_before: at(9),
    };
    apply(store, org, vec![tidy]).await;
    let left = store.events(org, None, 9).await.unwrap();
    assert_eq!(left.iter().map(|event| event.id.as_str()).collect::<Vec<_>>(), ["young", "waits"]);
    apply(store, org, vec![Change::Receive(an_event("old", 20))]).await;
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
