//! Erased text is in no file, not only in no table.
#![expect(clippy::unwrap_used, reason = "a test's own plumbing")]

use std::{path::Path, time::Duration};

use throughline_store::{
    Erase, Handoffs,
    audit::{Depth, verify},
    contract::{PLANTED, REFRAIN, SHORT, erasing, planted},
};
use throughline_store_sqlite::SqliteStore;

fn in_files(folder: &Path, planted: &str) -> Vec<String> {
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let holds = |path: &std::path::PathBuf| {
        let bytes = std::fs::read(path).unwrap();
        bytes.windows(planted.len()).any(|window| window == planted.as_bytes())
    };
    files.filter(holds).map(|path| path.file_name().unwrap().to_string_lossy().into_owned()).collect()
}

#[tokio::test]
async fn erased_text_is_gone_from_file_and_log_once_answered() {
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(folder.path().join("throughline.db")).unwrap();
    let mut story = planted(&store).await;
    assert!(!in_files(folder.path(), SHORT).is_empty());
    assert!(!in_files(folder.path(), &REFRAIN.repeat(8)).is_empty());
    let erase = erasing(&store, &mut story, Erase::Everything).await;
    store.commit(erase).await.unwrap();
    for text in [SHORT, REFRAIN, "dislikes meetings"] {
        assert_eq!(in_files(folder.path(), text), [""; 0], "{text}");
    }
    let report = verify(&store, story.org, Depth::Replay).await.unwrap();
    assert!(report.is_sound(), "{report:?}");
    assert_eq!((report.texts, report.erased), (0, PLANTED));
}

#[tokio::test]
async fn a_reader_in_the_way_only_delays_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("throughline.db");
    let store = SqliteStore::open(&path).unwrap();
    let mut story = planted(&store).await;
    let erase = erasing(&store, &mut story, Erase::Everything).await;
    let other = rusqlite::Connection::open(&path).unwrap();
    other.execute_batch("BEGIN; SELECT * FROM text;").unwrap();
    let release = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(300));
        other.execute_batch("COMMIT").unwrap();
    });
    store.commit(erase).await.unwrap();
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
