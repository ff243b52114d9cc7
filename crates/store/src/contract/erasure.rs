//! Personal texts come back until they are erased; then only their places are left.

use throughline_domain::{
    handoff::{Recorded, replay},
    personal::SideRow,
};
use uuid::Uuid;

use super::sample::*;
use crate::{
    ApplyError, Change, DealRow, Rebuilt,
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

/// The facts as they read now, erased texts and all.
async fn facts(store: &dyn Store, story: &Story) -> Vec<Recorded> {
    let texts = store.texts(story.org, story.id).await.unwrap();
    let text_of = |id: Uuid| texts.get(&id).map(|(_, text)| text.clone());
    let rows = store.journal(story.org, story.id, 0, 100).await.unwrap();
    rows.iter().map(|row| row.open(&text_of).unwrap()).collect()
}

/// What a handoff looks like once some texts are gone.
async fn rebuilt(store: &dyn Store, story: &Story, gone: &[Uuid]) -> Box<Rebuilt> {
    let mut texts = store.texts(story.org, story.id).await.unwrap();
    texts.retain(|id, _| !gone.contains(id));
    let text_of = |id: Uuid| texts.get(&id).map(|(_, text)| text.clone());
    let rows = store.journal(story.org, story.id, 0, 100).await.unwrap();
    let facts: Vec<Recorded> = rows.iter().map(|row| row.open(&text_of).unwrap()).collect();
    let row = store.row(story.org, story.id).await.unwrap().unwrap();
    let snapshot = serde_json::to_string(&replay(&facts)).unwrap();
    let deal = DealRow { body: "{}".to_owned(), ..story.reading() };
    Box::new(Rebuilt { snapshot, row, promises: Vec::new(), deal: Some(deal) })
}

pub async fn texts_come_back(store: &dyn Store) {
    let (story, texts) = told(store).await;
    let kept = store.texts(story.org, story.id).await.unwrap();
    let given = texts.iter().map(|text| (text.id, (text.salt, text.text.clone())));
    assert_eq!(kept, given.collect());
    let told = serde_json::to_string(&facts(store, &story).await).unwrap();
    assert!(told.contains(SAID) && told.contains(WROTE));
}

pub async fn erased_texts_are_gone_and_the_chain_verifies(store: &dyn Store) {
    let (story, texts) = told(store).await;
    let ids: Vec<Uuid> = texts.iter().map(|text| text.id).collect();
    let rebuilt = rebuilt(store, &story, &ids).await;
    let erase = Change::EraseTexts { handoff: story.id, texts: Vec::new(), rebuilt };
    store.apply(story.org, vec![erase], audit("erase")).await.unwrap();

    assert!(store.texts(story.org, story.id).await.unwrap().is_empty());
    let stored = store.load(story.org, story.id).await.unwrap().unwrap();
    assert_eq!((stored.version, &stored.head), (3, &story.head));
    let told = serde_json::to_string(&facts(store, &story).await).unwrap();
    for said in [SAID, WROTE] {
        assert!(!told.contains(said) && !stored.snapshot.contains(said));
    }
    let deal = store.deal(story.org, &story.deal.key).await.unwrap().unwrap();
    assert_eq!((deal.body.as_str(), deal.handoff), ("{}", Some(story.id)));
    let all = crate::PromiseQuery { limit: 9, ..Default::default() };
    assert_eq!(store.promises(story.org, &all).await.unwrap().rows, []);
    let report = verify(store, story.org, Depth::Replay).await.unwrap();
    assert!(report.is_sound(), "{report:?}");
    assert_eq!((report.texts, report.erased), (0, 2));
}

pub async fn erasing_some_texts_leaves_the_others(store: &dyn Store) {
    let (story, texts) = told(store).await;
    let rebuilt = rebuilt(store, &story, &[texts[0].id]).await;
    let erase = Change::EraseTexts { handoff: story.id, texts: vec![texts[0].id], rebuilt };
    store.apply(story.org, vec![erase], audit("erase")).await.unwrap();
    let left: Vec<Uuid> = store.texts(story.org, story.id).await.unwrap().into_keys().collect();
    assert_eq!(left, [texts[1].id]);
    let report = verify(store, story.org, Depth::Replay).await.unwrap();
    assert!(report.is_sound(), "{report:?}");
    assert_eq!((report.texts, report.erased), (1, 1));
}

pub async fn erasing_what_moved_on_conflicts(store: &dyn Store) {
    let (mut story, _) = told(store).await;
    let rebuilt = rebuilt(store, &story, &[]).await;
    store.commit(story.tell(&[Told::Lost])).await.unwrap();
    let before = store.load(story.org, story.id).await.unwrap();
    let erase = Change::EraseTexts { handoff: story.id, texts: Vec::new(), rebuilt: rebuilt.clone() };
    let refused = store.apply(story.org, vec![erase], audit("erase")).await;
    assert!(matches!(refused, Err(ApplyError::Conflict(_))), "{refused:?}");
    let nowhere = Change::EraseTexts { handoff: fresh(), texts: Vec::new(), rebuilt };
    let refused = store.apply(story.org, vec![nowhere], audit("erase")).await;
    assert!(matches!(refused, Err(ApplyError::Conflict(_))), "{refused:?}");
    assert_eq!(store.texts(story.org, story.id).await.unwrap().len(), 2);
    assert_eq!(store.load(story.org, story.id).await.unwrap(), before);
}
