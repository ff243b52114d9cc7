//! Mail on the post: taken by person, put off, given up, timed anew.

use throughline_domain::PersonId;
use uuid::Uuid;

use super::{
    names::{apply, conflicts},
    sample::*,
    sweeps::claim,
};
use crate::{Bag, Change, OnPost, Posting, ports::Store};

pub(super) fn post(letter: Uuid, person: PersonId, second: i64) -> Change {
    Change::Post { letter, person, at: at(second) }
}

pub(super) async fn mail(store: &dyn Store, now: i64, until: i64, limit: u32) -> Vec<(PersonId, Vec<Uuid>)> {
    let letters = |bag: &Bag| bag.letters.iter().map(|posting| posting.letter).collect();
    let taken = store.claim_post(claim(now, until, limit)).await.unwrap();
    taken.iter().map(|bag| (bag.person, letters(bag))).collect()
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
    // Whoever had it by a clock a day ahead has it no more.
    apply(store, org, vec![anew(100, vec![(letters[4], Some(at(300)))])]).await;
    assert_eq!(mail(store, 86_400, 86_430, 9).await, [(ann, last.to_vec())]);
    apply(store, org, vec![anew(210, vec![(letters[4], Some(at(400)))])]).await;
    assert_eq!(mail(store, 250, 260, 9).await, [(ann, vec![letters[3]])]);
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
