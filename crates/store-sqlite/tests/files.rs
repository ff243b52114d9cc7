//! Which files are opened, how, and what is refused.

use throughline_store::{Directory, Store};
use throughline_store_sqlite::{OpenError, SCHEMA_VERSION, SqliteStore, migrate};

#[tokio::test]
async fn an_empty_file_becomes_a_store() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("throughline.db");
    std::fs::write(&path, "").unwrap();
    let store = SqliteStore::open(&path).unwrap();
    store.ready().await.unwrap();
    assert_eq!(store.kind(), "sqlite");
    assert_eq!(store.orgs().await.unwrap(), []);
    drop(store);
    assert_eq!(migrate(&path).unwrap(), (SCHEMA_VERSION, SCHEMA_VERSION));
}

#[test]
fn what_is_no_store_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    std::fs::write(path("letter.txt"), "Dear customer, ".repeat(400)).unwrap();
    assert!(matches!(SqliteStore::open(path("letter.txt")), Err(OpenError::Engine(_))));
    let other = rusqlite::Connection::open(path("other.db")).unwrap();
    other.execute_batch("CREATE TABLE recipes (name TEXT)").unwrap();
    assert!(matches!(SqliteStore::open(path("other.db")), Err(OpenError::Foreign)));
    assert!(matches!(SqliteStore::open(path("no/such/folder.db")), Err(OpenError::Engine(_))));
    assert!(matches!(SqliteStore::open(folder.path()), Err(OpenError::Engine(_))));
}

#[test]
fn a_store_that_would_forget_is_refused() {
    for path in ["", ":memory:"] {
        assert!(matches!(SqliteStore::open(path), Err(OpenError::NotDurable(_))));
    }
}

#[test]
fn a_newer_store_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("throughline.db");
    drop(SqliteStore::open(&path).unwrap());
    let newer = rusqlite::Connection::open(&path).unwrap();
    newer.execute("INSERT INTO schema_version (version) VALUES (?1)", [SCHEMA_VERSION + 1]).unwrap();
    assert!(matches!(SqliteStore::open(&path), Err(OpenError::Newer { .. })));
}

#[cfg(unix)]
#[test]
fn only_its_owner_may_read_a_new_file() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("throughline.db");
    let store = SqliteStore::open(&path).unwrap();
    for entry in std::fs::read_dir(folder.path()).unwrap() {
        let mode = entry.as_ref().unwrap().metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{:?} is {mode:o}", entry.unwrap().path());
    }
    drop(store);
}
