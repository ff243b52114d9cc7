//! Where a company keeps its data: in a file.

use std::sync::Arc;

use tempfile::TempDir;
use throughline_store_sqlite::SqliteStore;

/// A folder, gone with the company.
pub struct Keeping {
    _folder: TempDir,
}

/// An empty store.
pub async fn begun() -> (Arc<SqliteStore>, Keeping) {
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(folder.path().join("company.db")).unwrap();
    (Arc::new(store), Keeping { _folder: folder })
}
