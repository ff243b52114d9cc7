//! The embedded store: one SQLite file, one writer with group commit, pooled readers.
//!
//! Whoever is answered can rely on it: an answer comes after the fsync of the transaction that holds the change.
//! Absent on purpose: any decision, and any way to run with less than full durability.

mod faults;
mod open;
mod read;
mod schema;
mod values;
mod write;

use std::path::Path;

use async_trait::async_trait;
use throughline_store::{Store, StoreError};

pub use crate::{faults::OpenError, schema::SCHEMA_VERSION};
use crate::{read::Readers, write::Writer};

/// A store in one file.
pub struct SqliteStore {
    readers: Readers,
    writer: Writer,
}

impl SqliteStore {
    /// Opens a file, or makes it, and brings its schema up to date.
    ///
    /// # Errors
    /// When the file cannot be opened, is no Throughline file, was written by a newer program, or when the
    /// engine does not promise full durability on it.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, OpenError> {
        let path = open::a_file(path.as_ref())?;
        let mut writing = open::for_writing(&path)?;
        schema::migrate(&mut writing)?;
        Ok(Self { readers: Readers::open(&path)?, writer: Writer::start(writing, &path)? })
    }
}

/// Brings a file's schema up to date without serving it, and says from which version to which.
///
/// # Errors
/// As [`SqliteStore::open`].
pub fn migrate(path: impl AsRef<Path>) -> Result<(u32, u32), OpenError> {
    schema::migrate(&mut open::for_writing(&open::a_file(path.as_ref())?)?)
}

#[async_trait]
impl Store for SqliteStore {
    async fn ready(&self) -> Result<(), StoreError> {
        self.readers.now(|conn| {
            conn.prepare_cached("SELECT count(*) FROM schema_version")?.query_row([], |_| Ok(()))
        })?;
        self.writer.ready()
    }

    fn kind(&self) -> &'static str {
        "sqlite"
    }
}
