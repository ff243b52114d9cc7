//! Too much at once is refused at once, and a stuck file does not stick for ever.

use throughline_store::{
    CommitError, Handoffs, StoreError,
    contract::{Story, Told, org, together},
};
use throughline_store_sqlite::SqliteStore;

#[tokio::test]
async fn a_full_queue_refuses_and_what_was_taken_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("throughline.db");
    let store = SqliteStore::open(&path).unwrap();
    let org = org();
    // Another process writes; ours has to wait.
    let other = rusqlite::Connection::open(&path).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let release = std::thread::spawn(move || {
        std::thread::sleep(std::time::Duration::from_millis(500));
        other.execute_batch("COMMIT").unwrap();
    });
    let mut stories: Vec<Story> = (0..2_000).map(|_| Story::new(org)).collect();
    let commits: Vec<_> = stories.iter_mut().map(|story| story.tell(&[Told::Opened])).collect();
    let results = together(commits.into_iter().map(|commit| store.commit(commit))).await;
    release.join().unwrap();
    let taken = results.iter().filter(|result| result.is_ok()).count();
    let refused = results.iter().filter(|result| {
        matches!(result, Err(CommitError::Store(StoreError::Unavailable(why))) if why.contains("waiting"))
    });
    assert!((1_024..1_400).contains(&taken), "{taken} were taken");
    assert_eq!(refused.count(), 2_000 - taken);
    for (story, result) in stories.iter().zip(&results) {
        assert_eq!(store.load(org, story.id).await.unwrap().is_some(), result.is_ok());
    }
    // What was refused may be tried again.
    let refused = stories.iter().zip(&results).find(|(_, result)| result.is_err());
    let mut again = Story { id: refused.unwrap().0.id, ..Story::new(org) };
    again.open(&store).await;
}

#[tokio::test]
async fn reads_go_on_while_the_file_is_held() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("throughline.db");
    let store = SqliteStore::open(&path).unwrap();
    let mut story = Story::new(org());
    story.open(&store).await;
    let other = rusqlite::Connection::open(&path).unwrap();
    other.execute_batch("BEGIN IMMEDIATE; DELETE FROM journal;").unwrap();
    assert_eq!(store.journal(story.org, story.id, 0, 9).await.unwrap().len(), 1);
    assert!(store.load(story.org, story.id).await.unwrap().is_some());
    other.execute_batch("ROLLBACK").unwrap();
}
