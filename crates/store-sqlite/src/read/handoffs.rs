//! The journal and its views.

use std::collections::BTreeMap;

use async_trait::async_trait;
use rusqlite::{Connection, OptionalExtension, Params, Row, params, params_from_iter, types::Value};
use throughline_domain::{AccountId, HandoffId, ItemId, OrgId, deal::DealKey};
use throughline_store::{
    Commit, CommitError, DealRow, DueRow, HandoffFilter, HandoffQuery, HandoffRow, Handoffs, IdempotencyRow,
    JournalRow, OutboxRow, PAGE, Page, PromiseQuery, PromiseRow, Reach, STRETCH, StoreError, Tally, Version,
    bounded, ports::Stored,
};
use uuid::Uuid;

use super::{
    list,
    sql::{Sql, org_value},
};
use crate::{
    SqliteStore,
    values::{blob, count, doc, hash, id, id as text_id, maybe_id, time},
};

/// The first row, if there is one.
pub(super) fn one<T>(
    conn: &Connection,
    sql: &str,
    params: impl Params,
    read: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
) -> rusqlite::Result<Option<T>> {
    conn.prepare_cached(sql)?.query_row(params, read).optional()
}

/// All rows.
pub(super) fn all<T, C: FromIterator<T>>(
    conn: &Connection,
    sql: &str,
    params: impl Params,
    read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
) -> rusqlite::Result<C> {
    conn.prepare_cached(sql)?.query_map(params, read)?.collect()
}

#[async_trait]
impl Handoffs for SqliteStore {
    async fn load(&self, org: OrgId, id: HandoffId) -> Result<Option<Stored>, StoreError> {
        let sql = "SELECT version, head, body FROM snapshot WHERE org_id = ?1 AND handoff_id = ?2";
        let stored = |row: &Row<'_>| {
            Ok(Stored { version: count(row, 0)?, head: hash(row, 1)?, snapshot: row.get(2)? })
        };
        self.readers.now(|conn| one(conn, sql, params![blob(org), blob(id)], stored))
    }

    async fn commit(&self, commit: Commit) -> Result<Version, CommitError> {
        self.writer.commit(commit).await
    }

    async fn deal(&self, org: OrgId, key: &DealKey) -> Result<Option<DealRow>, StoreError> {
        let sql = "SELECT source_time, handoff_id, body FROM deal
                   WHERE org_id = ?1 AND source = ?2 AND external_id = ?3";
        let deal = |row: &Row<'_>| {
            let (source_time, handoff) = (time(row, 0)?, maybe_id(row, 1)?);
            Ok(DealRow { key: key.clone(), source_time, handoff, body: row.get(2)? })
        };
        self.readers.now(|conn| one(conn, sql, params![blob(org), key.source, key.external_id], deal))
    }

    async fn row(&self, org: OrgId, id: HandoffId) -> Result<Option<HandoffRow>, StoreError> {
        let sql = "SELECT doc FROM handoff WHERE org_id = ?1 AND handoff_id = ?2";
        self.readers.now(|conn| one(conn, sql, params![blob(org), blob(id)], |row| doc(row, 0)))
    }

    async fn list(&self, org: OrgId, query: &HandoffQuery) -> Result<Page<HandoffRow>, StoreError> {
        if query.after.as_ref().is_some_and(|after| !after.fits(query.sort)) {
            return Ok(Page { rows: Vec::new(), next: None });
        }
        let query = query.clone();
        self.readers.later(move |conn| list::page(conn, org, &query)).await
    }

    async fn count(
        &self,
        org: OrgId,
        reach: &Reach,
        filter: &HandoffFilter,
        most: u32,
    ) -> Result<u32, StoreError> {
        let (reach, filter) = (reach.clone(), filter.clone());
        self.readers.later(move |conn| list::count(conn, org, &reach, &filter, most)).await
    }

    async fn of_account(&self, org: OrgId, account: AccountId) -> Result<Vec<HandoffRow>, StoreError> {
        let sql = "SELECT doc FROM handoff WHERE org_id = ?1 AND account_id = ?2
                   ORDER BY opened_key DESC, handoff_id DESC LIMIT 100";
        let work =
            move |conn: &Connection| all(conn, sql, params![blob(org), blob(account)], |row| doc(row, 0));
        self.readers.later(work).await
    }

    async fn promises(
        &self,
        org: OrgId,
        query: &PromiseQuery,
    ) -> Result<Page<PromiseRow, (i64, ItemId)>, StoreError> {
        let query = query.clone();
        self.readers.later(move |conn| promises(conn, org, &query)).await
    }

    async fn dues(&self, org: OrgId, id: HandoffId) -> Result<Vec<DueRow>, StoreError> {
        let sql = "SELECT dues FROM snapshot WHERE org_id = ?1 AND handoff_id = ?2";
        let dues =
            self.readers.now(|conn| one(conn, sql, params![blob(org), blob(id)], |row| doc(row, 0)))?;
        Ok(dues.unwrap_or_default())
    }

    async fn journal(
        &self,
        org: OrgId,
        id: HandoffId,
        after: u64,
        limit: u32,
    ) -> Result<Vec<JournalRow>, StoreError> {
        let sql = "SELECT seq, at, kind, body, prev, hash FROM journal
                   WHERE org_id = ?1 AND handoff_id = ?2 AND seq > ?3 ORDER BY seq LIMIT ?4";
        let after = i64::try_from(after).unwrap_or(i64::MAX);
        self.stretch(sql, org, id, after, limit).await
    }

    async fn timeline(
        &self,
        org: OrgId,
        id: HandoffId,
        before: Option<u64>,
        limit: u32,
    ) -> Result<Vec<JournalRow>, StoreError> {
        let sql = "SELECT seq, at, kind, body, prev, hash FROM journal
                   WHERE org_id = ?1 AND handoff_id = ?2 AND seq < ?3 ORDER BY seq DESC LIMIT ?4";
        let before = before.and_then(|before| i64::try_from(before).ok()).unwrap_or(i64::MAX);
        self.stretch(sql, org, id, before, limit).await
    }

    async fn texts(
        &self,
        org: OrgId,
        id: HandoffId,
    ) -> Result<BTreeMap<Uuid, ([u8; 16], String)>, StoreError> {
        let sql = "SELECT text_id, salt, text FROM text WHERE org_id = ?1 AND handoff_id = ?2";
        let text = |row: &Row<'_>| Ok((text_id(row, 0)?, (row.get(1)?, row.get(2)?)));
        self.readers.later(move |conn| all(conn, sql, params![blob(org), blob(id)], text)).await
    }

    async fn ids(
        &self,
        org: OrgId,
        after: Option<HandoffId>,
        limit: u32,
    ) -> Result<Vec<HandoffId>, StoreError> {
        let sql = "SELECT handoff_id FROM handoff WHERE org_id = ?1 AND handoff_id > ?2 ORDER BY handoff_id LIMIT ?3";
        let (after, limit) = (after.map(|id| blob(id).to_vec()).unwrap_or_default(), limit.clamp(1, STRETCH));
        let work =
            move |conn: &Connection| all(conn, sql, params![blob(org), after, limit], |row| id(row, 0));
        self.readers.later(work).await
    }

    async fn tally(&self, org: OrgId) -> Result<Tally, StoreError> {
        let sql = "SELECT handoffs, facts FROM tally WHERE org_id = ?1";
        let tally = |row: &Row<'_>| Ok(Tally { handoffs: count(row, 0)?, facts: count(row, 1)? });
        Ok(self.readers.now(|conn| one(conn, sql, [blob(org)], tally))?.unwrap_or_default())
    }

    async fn outbox(&self, org: OrgId, limit: u32) -> Result<Vec<OutboxRow>, StoreError> {
        let sql = "SELECT outbox_id, handoff_id, at, seq, intent FROM outbox
                   WHERE org_id = ?1 ORDER BY outbox_id LIMIT ?2";
        let waiting = |row: &Row<'_>| {
            let (id, handoff, at) = (id(row, 0)?, id(row, 1)?, time(row, 2)?);
            Ok(OutboxRow { id, handoff, at, seq: count(row, 3)?, intent: doc(row, 4)? })
        };
        let limit = limit.clamp(1, STRETCH);
        self.readers.later(move |conn| all(conn, sql, params![blob(org), limit], waiting)).await
    }

    async fn remembered(&self, org: OrgId, key: &str) -> Result<Option<IdempotencyRow>, StoreError> {
        let sql = "SELECT request, status, body, at FROM answer WHERE org_id = ?1 AND key = ?2";
        let answer = |row: &Row<'_>| {
            let (request, status, body, at) = (row.get(0)?, row.get(1)?, row.get(2)?, time(row, 3)?);
            Ok(IdempotencyRow { key: key.to_owned(), request, status, body, at })
        };
        self.readers.now(|conn| one(conn, sql, params![blob(org), key], answer))
    }
}

impl SqliteStore {
    async fn stretch(
        &self,
        sql: &'static str,
        org: OrgId,
        handoff: HandoffId,
        place: i64,
        limit: u32,
    ) -> Result<Vec<JournalRow>, StoreError> {
        let fact = move |row: &Row<'_>| fact(row, handoff);
        let limit = limit.clamp(1, STRETCH);
        self.readers
            .later(move |conn| all(conn, sql, params![blob(org), blob(handoff), place, limit], fact))
            .await
    }
}

/// A journal's row.
pub(super) fn fact(row: &Row<'_>, handoff: HandoffId) -> rusqlite::Result<JournalRow> {
    // Damaged text is shown as it is: the chain then names the very fact.
    let body = String::from_utf8_lossy(row.get_ref(3)?.as_bytes()?).into_owned();
    let (seq, at, kind) = (count(row, 0)?, time(row, 1)?, row.get(2)?);
    Ok(JournalRow { handoff, seq, at, kind, body, prev: hash(row, 4)?, hash: hash(row, 5)? })
}

fn promises(
    conn: &Connection,
    org: OrgId,
    query: &PromiseQuery,
) -> rusqlite::Result<Page<PromiseRow, (i64, ItemId)>> {
    let limit = bounded(query.limit, PAGE);
    let sql = promises_sql(org, query, limit + 1);
    let mut rows: Vec<PromiseRow> = all(conn, &sql.text, params_from_iter(sql.values), |row| doc(row, 0))?;
    let more = rows.len() > limit;
    rows.truncate(limit);
    let next = rows.last().filter(|_| more).map(PromiseRow::place);
    Ok(Page { rows, next })
}

pub(super) fn promises_sql(org: OrgId, query: &PromiseQuery, limit: usize) -> Sql {
    let mut sql = Sql::new("SELECT doc FROM promise INDEXED BY promise_decide ");
    sql.with("WHERE org_id = ?", org_value(org));
    if !query.routed_to.is_empty() {
        sql.one_of("routed_to", query.routed_to.iter().map(|role| Value::Text(role.name().to_owned())));
    }
    if !query.state.is_empty() {
        sql.one_of("state", query.state.iter().cloned().map(Value::Text));
    }
    if let Some((key, item)) = query.after {
        sql.with(" AND (decide_key, item_id) > (?", Value::from(key));
        sql.with(", ?)", Value::Blob(blob(item).to_vec()));
    }
    sql.push(" ORDER BY decide_key, item_id");
    sql.limited(limit);
    sql
}
