//! What changes nothing. Each answer is one statement, so it shows one state of the database.

mod board;
mod directory;
mod drafts;
mod found;
mod handoffs;
mod list;
mod mails;
mod parcels;
#[cfg(test)]
mod plans;
mod portal;
mod saved;
mod sweeps;
mod templates;
mod told;

use crate::driver::{Error, PgRow};
use throughline_store::StoreError;

use crate::{PostgresStore, faults::store_error, sql::Sql};

impl PostgresStore {
    /// All rows.
    async fn all<T, C: FromIterator<T>>(
        &self,
        sql: &Sql,
        read: impl Fn(&PgRow) -> Result<T, Error>,
    ) -> Result<C, StoreError> {
        let rows = self.pool.rows(sql).await?;
        rows.iter().map(read).collect::<Result<C, _>>().map_err(|error| store_error(&error))
    }

    /// The first row, if there is one.
    async fn one<T>(
        &self,
        sql: &Sql,
        read: impl Fn(&PgRow) -> Result<T, Error>,
    ) -> Result<Option<T>, StoreError> {
        let rows = self.pool.rows(sql).await?;
        rows.first().map(read).transpose().map_err(|error| store_error(&error))
    }
}

/// A limit as the server counts.
pub(crate) fn limit(rows: usize) -> i64 {
    i64::try_from(rows).unwrap_or(i64::MAX)
}
