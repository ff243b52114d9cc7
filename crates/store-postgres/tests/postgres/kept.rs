//! A store in a database that goes with it, and a way past the store.

use std::ops::Deref;

use sqlx_core::{connection::Connection, raw_sql::raw_sql};
use sqlx_postgres::PgConnection;
use throughline_store_postgres::PostgresStore;
use throughline_testkit::postgres::Database;

pub struct Kept {
    pub store: PostgresStore,
    pub database: Database,
}

impl Kept {
    pub async fn new() -> Self {
        let database = Database::new();
        let store = PostgresStore::open(&database.url()).await.expect("the store opens");
        Self { store, database }
    }

    /// Another node on the same database.
    pub async fn node(&self) -> PostgresStore {
        PostgresStore::open(&self.database.url()).await.expect("another node opens")
    }

    /// A session of somebody else's in the same database.
    pub async fn past_the_store(&self) -> PgConnection {
        let url = format!("{}&application_name=somebody", self.database.url());
        PgConnection::connect(&url).await.expect("the server takes another session")
    }
}

impl Deref for Kept {
    type Target = PostgresStore;
    fn deref(&self) -> &PostgresStore {
        &self.store
    }
}

/// Ends every session the store has in its database; how many there were.
pub async fn end_sessions(somebody: &mut PgConnection) -> u64 {
    let sql = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
               WHERE datname = current_database() AND application_name = 'throughline'";
    raw_sql(sql).execute(somebody).await.expect("sessions can be ended").rows_affected()
}
