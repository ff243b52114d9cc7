//! Erased text is in no file, not only in no table.
#![expect(clippy::unwrap_used, reason = "a test's own plumbing")]

use std::{path::Path, time::Duration};

use throughline_domain::handoff::{Recorded, replay};
use throughline_store::{
    Change, DealRow, Directory, Handoffs, Rebuilt,
    audit::{Depth, verify},
    contract::{Story, Told, audit, org},
};
use throughline_store_sqlite::SqliteStore;

const SHORT: &str = "Quillfeather signs on Fridays";

/// Long enough to need pages of its own.
fn long() -> &'static str {
    Box::leak("Zebulon dislikes meetings; ".repeat(250).into_boxed_str())
}

fn in_files(folder: &Path, planted: &str) -> Vec<String> {
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let holds = |path: &std::path::PathBuf| {
        let bytes = std::fs::read(path).unwrap();
        bytes.windows(planted.len()).any(|window| window == planted.as_bytes())
    };
    files.filter(holds).map(|path| path.file_name().unwrap().to_string_lossy().into_owned()).collect()
}

/// A handoff with planted texts in journal texts, snapshot, promises and deal, told over many versions.
async fn planted(store: &SqliteStore) -> Story {
    let mut story = Story::new(org());
    let mut told = vec![Told::Opened];
    for _ in 0..12 {
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

async fn erase(store: &SqliteStore, story: &Story) {
    let rows = store.journal(story.org, story.id, 0, 1_000).await.unwrap();
    let facts: Vec<Recorded> = rows.iter().map(|row| row.open(&|_| None).unwrap()).collect();
    let rebuilt = Rebuilt {
        snapshot: serde_json::to_string(&replay(&facts)).unwrap(),
        row: store.row(story.org, story.id).await.unwrap().unwrap(),
        promises: Vec::new(),
        deal: Some(DealRow { body: "{}".to_owned(), ..story.reading() }),
    };
    let erase = Change::EraseTexts { handoff: story.id, texts: Vec::new(), rebuilt: Box::new(rebuilt) };
    store.apply(story.org, vec![erase], audit("erase")).await.unwrap();
}

#[tokio::test]
async fn erased_text_is_gone_from_file_and_log_once_answered() {
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(folder.path().join("throughline.db")).unwrap();
    let story = planted(&store).await;
    assert!(!in_files(folder.path(), SHORT).is_empty());
    assert!(!in_files(folder.path(), &long()[..200]).is_empty());
    erase(&store, &story).await;
    for text in [SHORT, &long()[..27], "dislikes meetings"] {
        assert_eq!(in_files(folder.path(), text), [""; 0], "{text}");
    }
    let report = verify(&store, story.org, Depth::Replay).await.unwrap();
    assert!(report.is_sound(), "{report:?}");
    assert_eq!((report.texts, report.erased), (0, 22));
}

#[tokio::test]
async fn a_reader_in_the_way_only_delays_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("throughline.db");
    let store = SqliteStore::open(&path).unwrap();
    let story = planted(&store).await;
    let other = rusqlite::Connection::open(&path).unwrap();
    other.execute_batch("BEGIN; SELECT * FROM text;").unwrap();
    let release = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(300));
        other.execute_batch("COMMIT").unwrap();
    });
    erase(&store, &story).await;
    assert!(store.texts(story.org, story.id).await.unwrap().is_empty());
    release.join().unwrap();
    for _ in 0..200 {
        if in_files(folder.path(), SHORT).is_empty() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("still in {:?}", in_files(folder.path(), SHORT));
}
