//! What was told: an index over the few facts that tell, and over the letters that follow one.

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;
use jiff::Timestamp;
use throughline_domain::{HandoffId, OrgId};
use throughline_store::{
    JournalRow, LETTERS, Letter, PAGE, Page, StoreError, Telling, ToldPlace, ToldQuery, bounded, by_fact,
    ports::Stored, to_the_second,
};
use uuid::Uuid;

use super::{handoffs::fact, limit as rows_at_most, list};
use crate::{
    PostgresStore,
    driver::{Error, PgRow, Row},
    sql::Sql,
    values::{count, doc, hash, id},
};

#[async_trait]
impl Telling for PostgresStore {
    async fn told(&self, org: OrgId, query: &ToldQuery) -> Result<Page<JournalRow, ToldPlace>, StoreError> {
        let limit = bounded(query.limit, PAGE);
        let sql = told_sql(org, query, limit + 1);
        let mut rows: Vec<JournalRow> = self.all(&sql, |row| fact(row, id(row, 6)?)).await?;
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next = rows.last().filter(|_| more).map(ToldPlace::of);
        Ok(Page { rows, next })
    }

    async fn letters_of(
        &self,
        org: OrgId,
        facts: &BTreeSet<(HandoffId, u64)>,
    ) -> Result<BTreeMap<(HandoffId, u64), Vec<Letter>>, StoreError> {
        let facts: BTreeSet<_> = facts.iter().copied().take(PAGE as usize).collect();
        Ok(by_fact(self.all(&letters_sql(org, &facts), |row| doc(row, 0)).await?, &facts))
    }

    async fn waiting_post(
        &self,
        org: OrgId,
        letters: &BTreeSet<Uuid>,
    ) -> Result<BTreeMap<Uuid, Timestamp>, StoreError> {
        let letters: Vec<Uuid> = letters.iter().copied().take(LETTERS as usize).collect();
        let sql = Sql::of("SELECT letter_id, at_key FROM post WHERE org_id = $1 AND letter_id = ANY ($2)");
        let waits = |row: &PgRow| {
            let at = Timestamp::from_millisecond(row.try_get(1)?).map_err(|why| Error::Decode(why.into()))?;
            Ok((id(row, 0)?, at))
        };
        self.all(&sql.bind(org.0).bind(letters), waits).await
    }

    async fn load_many(
        &self,
        org: OrgId,
        ids: &BTreeSet<HandoffId>,
    ) -> Result<BTreeMap<HandoffId, Stored>, StoreError> {
        let ids: Vec<Uuid> = ids.iter().take(PAGE as usize).map(|id| id.0).collect();
        let sql = Sql::of(
            "SELECT handoff_id, version, head, body FROM snapshot WHERE org_id = $1 AND handoff_id = ANY ($2)",
        );
        let stored = |row: &PgRow| {
            let stored = Stored { version: count(row, 1)?, head: hash(row, 2)?, snapshot: row.try_get(3)? };
            Ok((id(row, 0)?, stored))
        };
        self.all(&sql.bind(org.0).bind(ids), stored).await
    }
}

pub(super) fn told_sql(org: OrgId, query: &ToldQuery, limit: usize) -> Sql {
    const SECOND: &str = "substr(j.at, 1, 19) COLLATE \"C\"";
    let mut sql = Sql::of(
        "SELECT j.seq, j.at, j.kind, j.body, j.prev, j.hash, j.handoff_id FROM journal j
         WHERE j.org_id = $1 AND j.kind IN ('escalated', 'reminded')",
    )
    .bind(org.0);
    sql.push(&format!(" AND {SECOND} >= ")).value(to_the_second(query.from));
    sql.push(&format!(" AND {SECOND} < ")).value(to_the_second(query.until));
    if let Some(after) = &query.after {
        sql.push(&format!(" AND ({SECOND}, j.handoff_id, j.seq) < (")).value(after.second_text());
        sql.push(", ").value(after.handoff.0);
        sql.push(", ").value(i64::try_from(after.seq).unwrap_or(i64::MAX)).push(")");
    }
    list::reached(&mut sql, "j", &query.reach, &BTreeSet::new());
    if let Some(playbook) = &query.playbook {
        sql.push(" AND EXISTS (SELECT FROM handoff h WHERE h.org_id = j.org_id");
        sql.push(" AND h.handoff_id = j.handoff_id");
        list::by_playbook(&mut sql, playbook);
        sql.push(")");
    }
    sql.push(&format!(" ORDER BY {SECOND} DESC, j.handoff_id DESC, j.seq DESC LIMIT "));
    sql.value(rows_at_most(limit));
    sql
}

/// More letters than are asked for: any of these facts' places in any of these handoffs.
pub(super) fn letters_sql(org: OrgId, facts: &BTreeSet<(HandoffId, u64)>) -> Sql {
    let handoffs: BTreeSet<String> = facts.iter().map(|(handoff, _)| handoff.to_string()).collect();
    let places: BTreeSet<i64> = facts.iter().filter_map(|(_, seq)| i64::try_from(*seq).ok()).collect();
    let sql = Sql::of(
        "SELECT doc FROM letter WHERE org_id = $1 AND doc::json ->> 'follows' IS NOT NULL
         AND doc::json ->> 'handoff' = ANY ($2) AND (doc::json ->> 'follows')::bigint = ANY ($3)
         LIMIT $4",
    );
    let (handoffs, places): (Vec<String>, Vec<i64>) =
        (handoffs.into_iter().collect(), places.into_iter().collect());
    sql.bind(org.0).bind(handoffs).bind(places).bind(i64::from(LETTERS))
}
