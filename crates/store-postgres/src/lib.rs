//! The store for many nodes: one PostgreSQL that any number of servers share.
//!
//! A commit is one statement, so it is written whole or not at all and costs one round trip. Who was faster is settled
//! by row locks and unique keys, never by what an isolation level promises. A connection that breaks is replaced, and
//! what was under way on it is looked up before it is tried again: nothing answered is lost, nothing is written twice.
//!
//! Absent on purpose: any decision, stored functions (nodes of two releases share one database), a schema per
//! organisation, and any way to run on a server that answers before the disk has it. Erased text leaves every table
//! with the answer; the server's files keep the old bytes until it has cleaned up behind itself and its log is gone.

mod address;
mod driver;
mod faults;
mod nudges;
mod pool;
mod read;
mod schema;
mod sql;
mod values;
mod write;

use std::sync::Arc;

use async_trait::async_trait;
use throughline_store::{Store, StoreError};

pub use crate::{faults::OpenError, schema::SCHEMA_VERSION};
use crate::{nudges::Nudges, pool::Pool, sql::Sql};

/// A store in a PostgreSQL database.
pub struct PostgresStore {
    pool: Arc<Pool>,
    nudges: Nudges,
}

impl PostgresStore {
    /// Connects to the database at a `postgres://` URL and brings its schema up to date. Several nodes may do so at
    /// once.
    ///
    /// Beside the usual parameters of such a URL, `connections` is the most connections this node opens: 1 to 500, 16
    /// when left out.
    ///
    /// # Errors
    /// When the address is not understood, the server cannot be reached or refuses us, the database holds something
    /// else or was written by a newer program, or when the server does not promise full durability.
    pub async fn open(url: &str) -> Result<Self, OpenError> {
        let pool = Arc::new(Pool::of(address::parse(url)?));
        schema::migrate(&pool).await?;
        Ok(Self { nudges: Nudges::of(Arc::clone(&pool)), pool })
    }

    /// Whether there is a store of ours in the database, without making one.
    ///
    /// # Errors
    /// As [`PostgresStore::open`].
    pub async fn exists(url: &str) -> Result<bool, OpenError> {
        schema::exists(&Pool::of(address::parse(url)?)).await
    }
}

/// Brings a database's schema up to date without serving it, and says from which version to which.
///
/// # Errors
/// As [`PostgresStore::open`].
pub async fn migrate(url: &str) -> Result<(u32, u32), OpenError> {
    schema::migrate(&Pool::of(address::parse(url)?)).await
}

#[async_trait]
impl Store for PostgresStore {
    async fn ready(&self) -> Result<(), StoreError> {
        self.pool.rows(&Sql::of("SELECT count(*) FROM schema_version")).await.map(drop)
    }

    fn kind(&self) -> &'static str {
        "postgres"
    }
}
