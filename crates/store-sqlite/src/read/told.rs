//! What was told: an index over the few facts that tell, and over the letters that follow one.

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;
use jiff::Timestamp;
use rusqlite::{Connection, Row, params_from_iter, types::Value};
use throughline_domain::{HandoffId, OrgId};
use throughline_store::{
    JournalRow, LETTERS, Letter, PAGE, Page, StoreError, Telling, ToldPlace, ToldQuery, bounded, by_fact,
    ports::Stored, to_the_second,
};
use uuid::Uuid;

use super::{
    handoffs::{all, fact},
    sql::{Sql, org_value},
};
use crate::{
    SqliteStore,
    values::{blob, count, doc, hash, id, unreadable},
};

#[async_trait]
impl Telling for SqliteStore {
    async fn told(&self, org: OrgId, query: &ToldQuery) -> Result<Page<JournalRow, ToldPlace>, StoreError> {
        let limit = bounded(query.limit, PAGE);
        let sql = told_sql(org, query, limit + 1);
        let work = move |conn: &Connection| -> rusqlite::Result<Vec<JournalRow>> {
            all(conn, &sql.text, params_from_iter(sql.values), |row| fact(row, id(row, 6)?))
        };
        let mut rows = self.readers.later(work).await?;
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
        let sql = letters_sql(org, &facts);
        let work = move |conn: &Connection| -> rusqlite::Result<Vec<Letter>> {
            all(conn, &sql.text, params_from_iter(sql.values), |row| doc(row, 0))
        };
        Ok(by_fact(self.readers.later(work).await?, &facts))
    }

    async fn waiting_post(
        &self,
        org: OrgId,
        letters: &BTreeSet<Uuid>,
    ) -> Result<BTreeMap<Uuid, Timestamp>, StoreError> {
        let sql = post_sql(org, letters);
        let waits = |row: &Row<'_>| {
            let at = Timestamp::from_millisecond(row.get(1)?).map_err(|error| unreadable(1, error))?;
            Ok((id(row, 0)?, at))
        };
        let work = move |conn: &Connection| all(conn, &sql.text, params_from_iter(sql.values), waits);
        self.readers.later(work).await
    }

    async fn load_many(
        &self,
        org: OrgId,
        ids: &BTreeSet<HandoffId>,
    ) -> Result<BTreeMap<HandoffId, Stored>, StoreError> {
        let sql = states_sql(org, ids);
        let stored = |row: &Row<'_>| {
            let stored = Stored { version: count(row, 1)?, head: hash(row, 2)?, snapshot: row.get(3)? };
            Ok((id(row, 0)?, stored))
        };
        let work = move |conn: &Connection| all(conn, &sql.text, params_from_iter(sql.values), stored);
        self.readers.later(work).await
    }
}

pub(super) fn told_sql(org: OrgId, query: &ToldQuery, limit: usize) -> Sql {
    let mut sql = Sql::new("SELECT h.seq, h.at, h.kind, h.body, h.prev, h.hash, h.handoff_id");
    // Named like the list's table, so that reach is asked for in the same words.
    sql.push(" FROM journal h INDEXED BY journal_told");
    sql.with(" WHERE h.org_id = ?", org_value(org));
    sql.push(" AND h.kind IN ('escalated', 'reminded')");
    sql.with(" AND substr(h.at, 1, 19) >= ?", Value::Text(to_the_second(query.from)));
    sql.with(" AND substr(h.at, 1, 19) < ?", Value::Text(to_the_second(query.until)));
    if let Some(after) = &query.after {
        sql.with(" AND (substr(h.at, 1, 19), h.handoff_id, h.seq) < (?", Value::Text(after.second_text()));
        sql.with(", ?", Value::Blob(blob(after.handoff).to_vec()));
        sql.with(", ?)", Value::from(i64::try_from(after.seq).unwrap_or(i64::MAX)));
    }
    sql.reached(&query.reach, &BTreeSet::new());
    if let Some(playbook) = &query.playbook {
        sql.push(" AND EXISTS (SELECT 1 FROM handoff l WHERE l.org_id = h.org_id");
        sql.push(" AND l.handoff_id = h.handoff_id");
        sql.by_playbook("l", playbook);
        sql.push(")");
    }
    sql.push(" ORDER BY substr(h.at, 1, 19) DESC, h.handoff_id DESC, h.seq DESC");
    sql.limited(limit);
    sql
}

/// More letters than are asked for: any of these facts' places in any of these handoffs.
pub(super) fn letters_sql(org: OrgId, facts: &BTreeSet<(HandoffId, u64)>) -> Sql {
    let mut sql = Sql::new("SELECT doc FROM letter INDEXED BY letter_follows");
    sql.with(" WHERE org_id = ?", org_value(org));
    sql.push(" AND doc ->> '$.follows' IS NOT NULL");
    let handoffs: BTreeSet<String> = facts.iter().map(|(handoff, _)| handoff.to_string()).collect();
    sql.one_of("doc ->> '$.handoff'", handoffs.into_iter().map(Value::Text).collect::<Vec<_>>().into_iter());
    let places: BTreeSet<i64> = facts.iter().filter_map(|(_, seq)| i64::try_from(*seq).ok()).collect();
    sql.one_of("doc ->> '$.follows'", places.into_iter().map(Value::from).collect::<Vec<_>>().into_iter());
    sql.limited(LETTERS as usize);
    sql
}

pub(super) fn post_sql(org: OrgId, letters: &BTreeSet<Uuid>) -> Sql {
    let mut sql = Sql::new("SELECT letter_id, at_key FROM post");
    sql.with(" WHERE org_id = ?", org_value(org));
    let hex = letters.iter().take(LETTERS as usize).map(|letter| letter.simple().to_string());
    sql.listed("letter_id", hex.collect());
    sql
}

pub(super) fn states_sql(org: OrgId, ids: &BTreeSet<HandoffId>) -> Sql {
    let mut sql = Sql::new("SELECT handoff_id, version, head, body FROM snapshot");
    sql.with(" WHERE org_id = ?", org_value(org));
    sql.listed("handoff_id", ids.iter().take(PAGE as usize).map(|id| id.0.simple().to_string()).collect());
    sql
}
