//! A company's own templates.

use async_trait::async_trait;
use rusqlite::{Row, params};
use throughline_domain::OrgId;
use throughline_store::{STRETCH, StoreError, TemplateRow, Wording};

use super::handoffs::{all, one};
use crate::{
    SqliteStore,
    values::{blob, count, doc, time},
};

#[async_trait]
impl Wording for SqliteStore {
    async fn templates(&self, org: OrgId) -> Result<Vec<TemplateRow>, StoreError> {
        let sql = "SELECT kind, version, source, changed_at, changed_by, failed FROM template
                   WHERE org_id = ?1 ORDER BY kind LIMIT ?2";
        self.readers.later(move |conn| all(conn, sql, params![blob(org), STRETCH], template)).await
    }

    async fn templates_mark(&self, org: OrgId) -> Result<u64, StoreError> {
        let sql = "SELECT coalesce(sum(version), 0) FROM template WHERE org_id = ?1";
        let mark = self.readers.now(|conn| one(conn, sql, [blob(org)], |row| count(row, 0)))?;
        Ok(mark.unwrap_or(0))
    }
}

fn template(row: &Row<'_>) -> rusqlite::Result<TemplateRow> {
    let failed = match row.get_ref(5)? {
        rusqlite::types::ValueRef::Null => None,
        _ => Some(doc(row, 5)?),
    };
    Ok(TemplateRow {
        kind: row.get(0)?,
        version: count(row, 1)?,
        source: row.get(2)?,
        changed_at: time(row, 3)?,
        changed_by: doc(row, 4)?,
        failed,
    })
}
