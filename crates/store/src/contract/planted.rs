//! Words planted wherever a handoff can hold them, and the commit that erases them: for backends that look for them
//! behind the store's back as well.

use throughline_domain::handoff::{Recorded, replay};
use uuid::Uuid;

use super::sample::*;
use crate::{
    commit::{Commit, DealRow, Erase},
    ports::Store,
};

/// A planted text that lies within its row.
pub const SHORT: &str = "Quillfeather signs on Fridays";

/// What a longer planted text says over and over.
pub const REFRAIN: &str = "Zebulon dislikes meetings; ";

/// A text long enough to be put aside in pages or pieces of its own.
fn long() -> &'static str {
    Box::leak(REFRAIN.repeat(250).into_boxed_str())
}

/// How many texts [`planted`] plants in the journal.
pub const PLANTED: u64 = 22;

/// A handoff with planted texts in journal texts, snapshot, promises and deal, told over many versions.
pub async fn planted(store: &dyn Store) -> Story {
    let mut story = Story::new(org());
    let mut told = vec![Told::Opened];
    for _ in 0..=PLANTED / 2 {
        let mut commit = story.tell(&told);
        let mut promise = story.promise(None);
        promise.what = SHORT.to_owned();
        commit.promises = Some(vec![promise]);
        commit.deal = Some(DealRow { body: format!("{{\"owner\":\"{SHORT}\"}}"), ..story.reading() });
        store.commit(commit).await.unwrap();
        told = vec![Told::Wrote(SHORT), Told::Wrote(long())];
    }
    story
}

/// The facts of a handoff as they read, without the texts that go.
pub async fn facts_without(store: &dyn Store, story: &Story, gone: Option<&Erase>) -> Vec<Recorded> {
    let texts = store.texts(story.org, story.id).await.unwrap();
    let stays = |id: &Uuid| gone.is_none_or(|gone| !gone.takes(*id));
    let text_of = |id: Uuid| texts.get(&id).filter(|_| stays(&id)).map(|(_, text)| text.clone());
    let rows = store.journal(story.org, story.id, 0, 1_000).await.unwrap();
    rows.iter().map(|row| row.open(&text_of).unwrap()).collect()
}

/// The commit that erases texts of a story as it is stored; the story goes on from it. Its promises go, its deal's
/// reading becomes empty.
pub async fn erasing(store: &dyn Store, story: &mut Story, gone: Erase) -> Commit {
    let texts = store.texts(story.org, story.id).await.unwrap();
    let many = texts.keys().filter(|text| gone.takes(**text)).count();
    story.state = replay(&facts_without(store, story, Some(&gone)).await);
    let mut commit = story.tell(&[Told::Erased(u32::try_from(many).unwrap())]);
    commit.promises = Some(Vec::new());
    commit.deal = Some(DealRow { body: "{}".to_owned(), ..story.reading() });
    commit.erase = Some(gone);
    commit
}
