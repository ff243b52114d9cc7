//! Erased text is in no file, not only in no table.
#![expect(clippy::unwrap_used, reason = "a test's own plumbing")]

use std::{path::Path, time::Duration};

use throughline_store::{
    Change, Directory, Erase, Handoffs, IdempotencyRow,
    audit::{Depth, verify},
    contract::{PLANTED, REFRAIN, SHORT, audit, erasing, planted},
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

/// What the file keeps of the words: texts, answers that say anything, and facts. Read past the store, as whoever
/// opened the file after the process died would.
fn kept(file: &rusqlite::Connection) -> [u64; 3] {
    ["text", "answer WHERE body <> ''", "journal"].map(|rows| {
        file.query_row(&format!("SELECT count(*) FROM {rows}"), [], |row| row.get::<_, i64>(0))
            .unwrap()
            .cast_unsigned()
    })
}

#[tokio::test]
async fn texts_and_the_answers_that_quote_them_go_together_or_stay_together() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("throughline.db");
    let store = SqliteStore::open(&path).unwrap();
    let mut story = planted(&store).await;
    let quoting = IdempotencyRow { body: format!("{} {SHORT}", story.id), ..story.answer("one:1") };
    store.apply(story.org, vec![Change::PutAnswer(quoting)], audit("put")).await.unwrap();
    let erase = erasing(&store, &mut story, Erase::Everything).await;
    let file = rusqlite::Connection::open(&path).unwrap();
    let before = kept(&file);
    assert_eq!(before[..2], [PLANTED, 1]);
    // Whatever is written first, something after it fails.
    for part in ["UPDATE ON answer", "DELETE ON text", "UPDATE ON snapshot", "INSERT ON journal"] {
        let fails = format!("CREATE TRIGGER fails BEFORE {part} BEGIN SELECT RAISE(ABORT, 'no room'); END");
        file.execute_batch(&fails).unwrap();
        let refused = store.commit(erase.clone()).await.unwrap_err();
        assert!(refused.to_string().contains("no room"), "{part}: {refused}");
        assert_eq!(kept(&file), before, "{part}");
        file.execute_batch("DROP TRIGGER fails").unwrap();
    }
    store.commit(erase).await.unwrap();
    assert_eq!(kept(&file), [0, 0, before[2] + 1]);
}
