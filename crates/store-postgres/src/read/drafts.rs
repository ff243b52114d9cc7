//! Drafts of playbooks.

use async_trait::async_trait;
use throughline_domain::OrgId;
use throughline_store::{DraftRow, Drafting, STRETCH, StoreError};

use crate::{
    PostgresStore,
    driver::{Error, PgRow, Row},
    sql::Sql,
    values::{count, doc, plain, time},
};

#[async_trait]
impl Drafting for PostgresStore {
    async fn draft(&self, org: OrgId, name: &str) -> Result<Option<DraftRow>, StoreError> {
        let sql = Sql::of(
            "SELECT name, version, source, based_on, begun_at, begun_by, changed_at, changed_by FROM draft
             WHERE org_id = $1 AND name = $2",
        );
        self.one(&sql.bind(org.0).bind(plain(name)), draft).await
    }

    async fn drafts(&self, org: OrgId) -> Result<Vec<DraftRow>, StoreError> {
        let sql = Sql::of(
            "SELECT name, version, CASE WHEN source IS NULL THEN NULL ELSE '' END, based_on, begun_at, begun_by,
                    changed_at, changed_by
             FROM draft WHERE org_id = $1 ORDER BY name LIMIT $2",
        );
        self.all(&sql.bind(org.0).bind(i64::from(STRETCH)), draft).await
    }
}

fn draft(row: &PgRow) -> Result<DraftRow, Error> {
    let based_on = row.try_get::<Option<i64>, _>(3)?.and_then(|version| u32::try_from(version).ok());
    Ok(DraftRow {
        name: row.try_get(0)?,
        version: count(row, 1)?,
        source: row.try_get(2)?,
        based_on,
        begun_at: time(row, 4)?,
        begun_by: doc(row, 5)?,
        changed_at: time(row, 6)?,
        changed_by: doc(row, 7)?,
    })
}
