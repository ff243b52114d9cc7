//! Drafts of playbooks.

use async_trait::async_trait;
use rusqlite::{Row, params};
use throughline_domain::OrgId;
use throughline_store::{DraftRow, Drafting, STRETCH, StoreError};

use super::handoffs::{all, one};
use crate::{
    SqliteStore,
    values::{blob, count, doc, time},
};

#[async_trait]
impl Drafting for SqliteStore {
    async fn draft(&self, org: OrgId, name: &str) -> Result<Option<DraftRow>, StoreError> {
        let sql =
            "SELECT name, version, source, based_on, begun_at, begun_by, changed_at, changed_by FROM draft
                   WHERE org_id = ?1 AND name = ?2";
        self.readers.now(|conn| one(conn, sql, params![blob(org), name], draft))
    }

    async fn drafts(&self, org: OrgId) -> Result<Vec<DraftRow>, StoreError> {
        let sql = "SELECT name, version, CASE WHEN source IS NULL THEN NULL ELSE '' END, based_on, begun_at, begun_by,
                          changed_at, changed_by
                   FROM draft WHERE org_id = ?1 ORDER BY name LIMIT ?2";
        self.readers.later(move |conn| all(conn, sql, params![blob(org), STRETCH], draft)).await
    }
}

fn draft(row: &Row<'_>) -> rusqlite::Result<DraftRow> {
    Ok(DraftRow {
        name: row.get(0)?,
        version: count(row, 1)?,
        source: row.get(2)?,
        based_on: row.get(3)?,
        begun_at: time(row, 4)?,
        begun_by: doc(row, 5)?,
        changed_at: time(row, 6)?,
        changed_by: doc(row, 7)?,
    })
}
