//! Personal texts come back until they are erased; then only their places are left, and nobody writes them again.

use throughline_domain::personal::SideRow;
use uuid::Uuid;

use super::{planted::*, sample::*};
use crate::{
    Change, CommitError, DealRow, Erase, IdempotencyRow,
    audit::{Depth, verify},
    ports::Store,
};

const SAID: &str = "Zebulon dislikes meetings";
const WROTE: &str = "Quillfeather signs on Fridays";

async fn told(store: &dyn Store) -> (Story, Vec<SideRow>) {
    let mut story = Story::new(org());
    let mut commit = story.tell(&[Told::Opened, Told::Wrote(SAID), Told::Wrote(WROTE)]);
    commit.promises = Some(vec![story.promise(None)]);
    commit.deal = Some(DealRow { body: SAID.to_owned(), ..story.reading() });
    let texts = commit.texts.clone();
    store.commit(commit).await.unwrap();
    (story, texts)
}

fn these(texts: &[SideRow]) -> Erase {
    Erase::These(texts.iter().map(|text| text.id).collect())
}

/// Everything the store says of a handoff, as one text.
async fn everything(store: &dyn Store, story: &Story) -> String {
    let all = crate::PromiseQuery { limit: 9, ..Default::default() };
    format!(
        "{:?} {:?} {:?} {:?} {:?} {:?}",
        store.load(story.org, story.id).await.unwrap(),
        store.row(story.org, story.id).await.unwrap(),
        store.deal(story.org, &story.deal.key).await.unwrap(),
        store.promises(story.org, &all).await.unwrap(),
        store.texts(story.org, story.id).await.unwrap(),
        facts_without(store, story, None).await,
    )
}

/// Whether its chain holds and its facts lead to its snapshot; how many texts are there and how many erased.
async fn sound(store: &dyn Store, story: &Story) -> (u64, u64) {
    let report = verify(store, story.org, Depth::Replay).await.unwrap();
    assert!(report.is_sound(), "{report:?}");
    (report.texts, report.erased)
}

pub async fn texts_come_back(store: &dyn Store) {
    let (story, texts) = told(store).await;
    let kept = store.texts(story.org, story.id).await.unwrap();
    let given = texts.iter().map(|text| (text.id, (text.salt, text.text.clone())));
    assert_eq!(kept, given.collect());
    let told = serde_json::to_string(&facts_without(store, &story, None).await).unwrap();
    assert!(told.contains(SAID) && told.contains(WROTE));
}

pub async fn erased_texts_are_gone_and_the_chain_verifies(store: &dyn Store) {
    let (mut story, texts) = told(store).await;
    let before = everything(store, &story).await;
    assert!(before.contains(SAID) && before.contains(WROTE));
    let erase = erasing(store, &mut story, these(&texts)).await;
    assert_eq!(store.commit(erase).await.unwrap(), 4);

    assert!(store.texts(story.org, story.id).await.unwrap().is_empty());
    let stored = store.load(story.org, story.id).await.unwrap().unwrap();
    assert_eq!((stored.version, &stored.head), (4, &story.head), "erasing is a fact like any other");
    let left = everything(store, &story).await;
    assert!(!left.contains(SAID) && !left.contains(WROTE), "{left}");
    let deal = store.deal(story.org, &story.deal.key).await.unwrap().unwrap();
    assert_eq!((deal.body.as_str(), deal.handoff), ("{}", Some(story.id)));
    assert_eq!(sound(store, &story).await, (0, 2));
}

pub async fn erasing_everything_takes_all_but_what_it_says_itself(store: &dyn Store) {
    let (mut story, _) = told(store).await;
    let mut erase = erasing(store, &mut story, Erase::Everything).await;
    let next = story.tell(&[Told::Wrote("said afterwards")]);
    let own: Vec<Uuid> = next.texts.iter().map(|text| text.id).collect();
    erase.journal.extend(next.journal);
    (erase.texts, erase.snapshot, erase.row) = (next.texts, next.snapshot, next.row);
    store.commit(erase).await.unwrap();
    let left: Vec<Uuid> = store.texts(story.org, story.id).await.unwrap().into_keys().collect();
    assert_eq!(left, own, "its own texts come after those that go");
    assert_eq!(sound(store, &story).await, (1, 2));
}

pub async fn erasing_some_texts_leaves_the_others(store: &dyn Store) {
    let (mut story, texts) = told(store).await;
    let erase = erasing(store, &mut story, these(&texts[..1])).await;
    store.commit(erase).await.unwrap();
    let left: Vec<Uuid> = store.texts(story.org, story.id).await.unwrap().into_keys().collect();
    assert_eq!(left, [texts[1].id]);
    assert_eq!(sound(store, &story).await, (1, 1));
}

pub async fn erasing_what_moved_on_is_stale_and_erases_nothing(store: &dyn Store) {
    let (mut story, _) = told(store).await;
    let erase = erasing(store, &mut story.clone(), Erase::Everything).await;
    store.commit(story.tell(&[Told::Lost])).await.unwrap();
    let before = everything(store, &story).await;
    let refused = store.commit(erase.clone()).await;
    assert!(matches!(refused, Err(CommitError::Stale { current: 4 })), "{refused:?}");
    let nowhere = crate::Commit { org: org(), ..erase };
    let refused = store.commit(nowhere).await;
    assert!(matches!(refused, Err(CommitError::Stale { current: 0 })), "{refused:?}");
    assert_eq!(everything(store, &story).await, before);
    assert_eq!(sound(store, &story).await, (2, 0));
}

pub async fn what_was_decided_before_an_erasure_does_not_bring_the_words_back(store: &dyn Store) {
    let (mut story, _) = told(store).await;
    let mut late = story.clone().tell(&[Told::Wrote("said in between")]);
    (late.promises, late.deal) =
        (Some(vec![story.promise(None)]), Some(DealRow { body: SAID.to_owned(), ..story.reading() }));
    assert!(late.snapshot.contains(SAID), "it was decided on the words");
    let erase = erasing(store, &mut story, Erase::Everything).await;
    store.commit(erase).await.unwrap();
    let refused = store.commit(late).await;
    assert!(matches!(refused, Err(CommitError::Stale { current: 4 })), "{refused:?}");
    let left = everything(store, &story).await;
    for words in [SAID, WROTE, "said in between"] {
        assert!(!left.contains(words), "{left}");
    }
    // What is decided on the newer state goes on without them.
    store.commit(story.tell(&[Told::Wrote("said afterwards")])).await.unwrap();
    let left = everything(store, &story).await;
    assert!(left.contains("said afterwards") && !left.contains(SAID) && !left.contains(WROTE), "{left}");
    assert_eq!(sound(store, &story).await, (1, 2));
}

pub async fn erasing_takes_the_words_of_answers_that_show_the_handoff_and_leaves_their_keys(
    store: &dyn Store,
) {
    let (mut story, _) = told(store).await;
    let shows = format!("{{\"handoff\":\"{}\",\"said\":\"{SAID}\"}}", story.id);
    let quoting = IdempotencyRow { body: shows, ..story.answer("one:1") };
    let other = story.answer("one:2");
    let (changes, by) =
        (vec![Change::PutAnswer(quoting.clone()), Change::PutAnswer(other.clone())], audit("put"));
    store.apply(story.org, changes, by).await.unwrap();
    let erase = erasing(store, &mut story, Erase::Everything).await;
    store.commit(erase).await.unwrap();
    let left = store.remembered(story.org, "one:1").await.unwrap();
    assert_eq!(left, Some(IdempotencyRow { body: String::new(), ..quoting }));
    assert_eq!(store.remembered(story.org, "one:2").await.unwrap(), Some(other));
}

pub async fn the_answer_to_an_erasure_keeps_its_words(store: &dyn Store) {
    let (mut story, _) = told(store).await;
    let mut erase = erasing(store, &mut story, Erase::Everything).await;
    // It was worked out without the texts, so that it cannot quote them.
    let own = IdempotencyRow { body: format!("{{\"handoff\":\"{}\"}}", story.id), ..story.answer("one:1") };
    erase.idempotency = Some(own.clone());
    store.commit(erase).await.unwrap();
    assert_eq!(store.remembered(story.org, "one:1").await.unwrap(), Some(own));
}

pub async fn an_erasure_that_is_refused_takes_no_answer_s_words(store: &dyn Store) {
    let (mut story, _) = told(store).await;
    let quoting = IdempotencyRow { body: format!("{} {SAID}", story.id), ..story.answer("one:1") };
    store.apply(story.org, vec![Change::PutAnswer(quoting.clone())], audit("put")).await.unwrap();
    let overtaken = erasing(store, &mut story.clone(), Erase::Everything).await;
    store.commit(story.tell(&[Told::Lost])).await.unwrap();
    let refused = store.commit(overtaken).await;
    assert!(matches!(refused, Err(CommitError::Stale { current: 4 })), "{refused:?}");
    let mut again = erasing(store, &mut story, Erase::Everything).await;
    again.idempotency = Some(story.answer("one:1"));
    let refused = store.commit(again).await;
    assert!(matches!(refused, Err(CommitError::KeyUsed)), "{refused:?}");
    assert_eq!(store.remembered(story.org, "one:1").await.unwrap(), Some(quoting));
}
