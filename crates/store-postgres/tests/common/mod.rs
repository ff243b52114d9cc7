//! A store in a database that goes with it.
#![expect(dead_code, reason = "not every test program needs all of it")]
#![expect(clippy::unwrap_used, reason = "a store that does not open fails its test")]

use std::ops::Deref;

use throughline_store_postgres::PostgresStore;
use throughline_testkit::postgres::Database;

pub struct Kept {
    pub store: PostgresStore,
    pub database: Database,
}

impl Kept {
    pub async fn new() -> Self {
        let database = Database::new();
        let store = PostgresStore::open(&database.url()).await.unwrap();
        Self { store, database }
    }

    /// Another node on the same database.
    pub async fn node(&self) -> PostgresStore {
        PostgresStore::open(&self.database.url()).await.unwrap()
    }
}

impl Deref for Kept {
    type Target = PostgresStore;
    fn deref(&self) -> &PostgresStore {
        &self.store
    }
}
