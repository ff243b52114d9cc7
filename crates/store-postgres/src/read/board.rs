//! Counting handoffs: one statement each.

use std::collections::BTreeSet;

use async_trait::async_trait;
use jiff::Timestamp;
use throughline_domain::{Currency, Money, OrgId, PersonId};
use throughline_store::{
    Counting, DealWords, HandoffFilter, Lateness, Load, Reach, Spread, StoreError, WORDS,
};
use uuid::Uuid;

use super::list;
use crate::{
    PostgresStore,
    driver::{Error, PgRow, Row},
    sql::Sql,
    values::{id, small},
};

#[async_trait]
impl Counting for PostgresStore {
    async fn spread(
        &self,
        org: OrgId,
        reach: &Reach,
        filter: &HandoffFilter,
        lateness: Lateness,
    ) -> Result<Vec<Spread>, StoreError> {
        let spread = |row: &PgRow| {
            Ok(Spread {
                stage: row.try_get(0)?,
                all: small(row, 1)?,
                late: small(row, 2)?,
                soon: small(row, 3)?,
            })
        };
        self.all(&list::spread_sql(org, reach, filter, lateness), spread).await
    }

    async fn loads(
        &self,
        org: OrgId,
        csms: &BTreeSet<PersonId>,
        now: Timestamp,
    ) -> Result<Vec<Load>, StoreError> {
        self.all(&loads_sql(org, csms, now), load).await
    }

    async fn words(&self, org: OrgId) -> Result<DealWords, StoreError> {
        let segments = self.all(&words_sql(org, "segment"), |row| row.try_get(0)).await?;
        let lead_sources = self.all(&words_sql(org, "lead_source"), |row| row.try_get(0)).await?;
        Ok(DealWords { segments, lead_sources })
    }
}

fn loads_sql(org: OrgId, csms: &BTreeSet<PersonId>, now: Timestamp) -> Sql {
    let csms: Vec<Uuid> = csms.iter().map(|person| person.0).collect();
    Sql::of(
        "SELECT csm, stage, kicked_off, arr_currency, count(*), count(*) FILTER (WHERE due_key < $2),
             sum(arr_minor)::bigint
         FROM handoff WHERE org_id = $1 AND life = 'live' AND csm IS NOT NULL AND csm = ANY ($3)
         GROUP BY csm, stage, kicked_off, arr_currency
         ORDER BY csm, stage, kicked_off, arr_currency NULLS FIRST",
    )
    .bind(org.0)
    .bind(now.as_millisecond())
    .bind(csms)
}

/// The next word after each, along the index, however many handoffs have it.
fn words_sql(org: OrgId, column: &str) -> Sql {
    let mut sql = Sql::of("WITH RECURSIVE word (w) AS (").bind(org.0);
    sql.push(&format!(
        "(SELECT {column} FROM handoff WHERE org_id = $1 AND {column} IS NOT NULL ORDER BY {column} LIMIT 1)
         UNION ALL
         SELECT (SELECT {column} FROM handoff WHERE org_id = $1 AND {column} > word.w ORDER BY {column} LIMIT 1)
         FROM word WHERE word.w IS NOT NULL)
         SELECT w FROM word WHERE w IS NOT NULL LIMIT "
    ));
    sql.value(i64::from(WORDS));
    sql
}

fn load(row: &PgRow) -> Result<Load, Error> {
    let arr = match row.try_get::<Option<&str>, _>(3)? {
        None => None,
        Some(code) => {
            let currency: Currency = code
                .parse()
                .map_err(|error| Error::ColumnDecode { index: "3".to_owned(), source: Box::new(error) })?;
            Some(Money { minor: row.try_get::<Option<i64>, _>(6)?.unwrap_or(0), currency })
        }
    };
    Ok(Load {
        csm: id(row, 0)?,
        stage: row.try_get(1)?,
        kicked_off: row.try_get(2)?,
        all: small(row, 4)?,
        late: small(row, 5)?,
        arr,
    })
}
