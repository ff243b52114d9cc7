//! A company's own templates.

use async_trait::async_trait;
use throughline_domain::OrgId;
use throughline_store::{STRETCH, StoreError, TemplateRow, Wording};

use crate::{
    PostgresStore,
    driver::{Error, PgRow, Row},
    sql::Sql,
    values::{count, doc, time},
};

#[async_trait]
impl Wording for PostgresStore {
    async fn templates(&self, org: OrgId) -> Result<Vec<TemplateRow>, StoreError> {
        let sql = Sql::of(
            "SELECT kind, version, source, changed_at, changed_by, failed FROM template
             WHERE org_id = $1 ORDER BY kind LIMIT $2",
        );
        self.all(&sql.bind(org.0).bind(i64::from(STRETCH)), template).await
    }

    async fn templates_mark(&self, org: OrgId) -> Result<u64, StoreError> {
        let sql = Sql::of("SELECT coalesce(sum(version), 0)::bigint FROM template WHERE org_id = $1");
        Ok(self.one(&sql.bind(org.0), |row| count(row, 0)).await?.unwrap_or(0))
    }
}

fn template(row: &PgRow) -> Result<TemplateRow, Error> {
    let failed = match row.try_get::<Option<&str>, _>(5)? {
        Some(_) => Some(doc(row, 5)?),
        None => None,
    };
    Ok(TemplateRow {
        kind: row.try_get(0)?,
        version: count(row, 1)?,
        source: row.try_get(2)?,
        changed_at: time(row, 3)?,
        changed_by: doc(row, 4)?,
        failed,
    })
}
