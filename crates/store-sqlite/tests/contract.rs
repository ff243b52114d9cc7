//! The contract, kept in a file.
#![expect(clippy::unwrap_used, reason = "a store that does not open fails its test")]

use std::ops::Deref;

use tempfile::TempDir;
use throughline_store_sqlite::SqliteStore;

/// A store in a folder that goes with it.
struct Kept {
    store: SqliteStore,
    _folder: TempDir,
}

impl Deref for Kept {
    type Target = SqliteStore;
    fn deref(&self) -> &SqliteStore {
        &self.store
    }
}

async fn a_store() -> Kept {
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(folder.path().join("throughline.db")).unwrap();
    Kept { store, _folder: folder }
}

throughline_store::contract_suite!(a_store);
