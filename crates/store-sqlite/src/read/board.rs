//! Counting handoffs: one statement each.

use std::collections::BTreeSet;

use async_trait::async_trait;
use jiff::Timestamp;
use rusqlite::{Row, params_from_iter, types::Value};
use throughline_domain::{Money, OrgId, PersonId};
use throughline_store::{
    Counting, DealWords, HandoffFilter, Lateness, Load, Reach, Spread, StoreError, WORDS,
};

use super::{
    handoffs::all,
    list,
    sql::{Sql, org_value},
};
use crate::{
    SqliteStore,
    values::{blob, id, small, unreadable},
};

#[async_trait]
impl Counting for SqliteStore {
    async fn spread(
        &self,
        org: OrgId,
        reach: &Reach,
        filter: &HandoffFilter,
        lateness: Lateness,
    ) -> Result<Vec<Spread>, StoreError> {
        let sql = list::spread_sql(org, reach, filter, lateness);
        let spread = |row: &Row<'_>| {
            Ok(Spread { stage: row.get(0)?, all: small(row, 1)?, late: small(row, 2)?, soon: small(row, 3)? })
        };
        self.readers.later(move |conn| all(conn, &sql.text, params_from_iter(sql.values), spread)).await
    }

    async fn loads(
        &self,
        org: OrgId,
        csms: &BTreeSet<PersonId>,
        now: Timestamp,
    ) -> Result<Vec<Load>, StoreError> {
        let sql = loads_sql(org, csms, now);
        self.readers.later(move |conn| all(conn, &sql.text, params_from_iter(sql.values), load)).await
    }

    async fn words(&self, org: OrgId) -> Result<DealWords, StoreError> {
        self.readers
            .later(move |conn| {
                let of = |column: &str| {
                    let sql = words_sql(column);
                    all(conn, &sql, rusqlite::params![blob(org), WORDS], |row| row.get(0))
                };
                Ok(DealWords { segments: of("segment")?, lead_sources: of("lead_source")? })
            })
            .await
    }
}

pub(super) fn loads_sql(org: OrgId, csms: &BTreeSet<PersonId>, now: Timestamp) -> Sql {
    let mut sql = Sql::new("SELECT csm, stage, kicked_off, arr_currency, count(*), ");
    sql.with("count(*) FILTER (WHERE due_key < ?), sum(arr_minor) ", Value::from(now.as_millisecond()));
    sql.push("FROM handoff INDEXED BY handoff_load WHERE life = 'live' AND csm IS NOT NULL");
    sql.with(" AND org_id = ?", org_value(org));
    let hex = csms.iter().map(|person| person.0.simple().to_string()).collect();
    sql.listed("csm", hex);
    sql.push(" GROUP BY csm, stage, kicked_off, arr_currency ORDER BY csm, stage, kicked_off, arr_currency");
    sql
}

/// The next word after each, along the index, however many handoffs have it.
pub(super) fn words_sql(column: &str) -> String {
    format!(
        "WITH RECURSIVE word (w) AS (
             SELECT min({column}) FROM handoff WHERE org_id = ?1 AND {column} IS NOT NULL
             UNION ALL
             SELECT (SELECT min({column}) FROM handoff WHERE org_id = ?1 AND {column} > word.w)
             FROM word WHERE word.w IS NOT NULL LIMIT ?2 + 1)
         SELECT w FROM word WHERE w IS NOT NULL LIMIT ?2"
    )
}

fn load(row: &Row<'_>) -> rusqlite::Result<Load> {
    let arr = match row.get::<_, Option<String>>(3)? {
        None => None,
        Some(code) => {
            let currency = code.parse().map_err(|error| unreadable(3, error))?;
            Some(Money { minor: row.get::<_, Option<i64>>(6)?.unwrap_or(0), currency })
        }
    };
    Ok(Load {
        csm: id(row, 0)?,
        stage: row.get(1)?,
        kicked_off: row.get(2)?,
        all: small(row, 4)?,
        late: small(row, 5)?,
        arr,
    })
}
