//! Where a company keeps its data: on a server.

use std::sync::Arc;

use throughline_store_postgres::PostgresStore;
use throughline_testkit::postgres::Database;

/// A database, gone with the company.
pub struct Keeping {
    _database: Database,
}

/// An empty store.
pub async fn begun() -> (Arc<PostgresStore>, Keeping) {
    let database = Database::new();
    let store = PostgresStore::open(&database.url()).await.unwrap();
    (Arc::new(store), Keeping { _database: database })
}
