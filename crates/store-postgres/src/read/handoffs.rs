//! The journal and its views.

use std::collections::BTreeMap;

use async_trait::async_trait;
use throughline_domain::{AccountId, HandoffId, ItemId, OrgId, deal::DealKey};
use throughline_store::{
    Commit, CommitError, DealRow, DueRow, HandoffFilter, HandoffQuery, HandoffRow, Handoffs, IdempotencyRow,
    JournalRow, OutboxRow, PAGE, Page, PromiseQuery, PromiseRow, Reach, STRETCH, StoreError, Tally, Version,
    bounded, ports::Stored,
};
use uuid::Uuid;

use super::{limit as rows_at_most, list};
use crate::{
    PostgresStore,
    driver::{Error, PgRow, Row},
    faults::store_error,
    sql::Sql,
    values::{count, doc, hash, id, maybe_id, plain, time},
    write,
};

#[async_trait]
impl Handoffs for PostgresStore {
    async fn load(&self, org: OrgId, id: HandoffId) -> Result<Option<Stored>, StoreError> {
        let sql = Sql::of("SELECT version, head, body FROM snapshot WHERE org_id = $1 AND handoff_id = $2");
        let stored = |row: &PgRow| {
            Ok(Stored { version: count(row, 0)?, head: hash(row, 1)?, snapshot: row.try_get(2)? })
        };
        self.one(&sql.bind(org.0).bind(id.0), stored).await
    }

    async fn commit(&self, commit: Commit) -> Result<Version, CommitError> {
        let version = write::commit(&self.pool, &commit).await?;
        if commit.nudges() {
            self.nudges.ring();
        }
        Ok(version)
    }

    async fn deal(&self, org: OrgId, key: &DealKey) -> Result<Option<DealRow>, StoreError> {
        let sql = Sql::of(
            "SELECT source_time, handoff_id, body FROM deal WHERE org_id = $1 AND source = $2 AND external_id = $3",
        );
        let deal = |row: &PgRow| {
            let (source_time, handoff) = (time(row, 0)?, maybe_id(row, 1)?);
            Ok(DealRow { key: key.clone(), source_time, handoff, body: row.try_get(2)? })
        };
        self.one(&sql.bind(org.0).bind(plain(&key.source)).bind(plain(&key.external_id)), deal).await
    }

    async fn row(&self, org: OrgId, id: HandoffId) -> Result<Option<HandoffRow>, StoreError> {
        let sql = Sql::of("SELECT doc FROM handoff WHERE org_id = $1 AND handoff_id = $2");
        self.one(&sql.bind(org.0).bind(id.0), |row| doc(row, 0)).await
    }

    async fn list(&self, org: OrgId, query: &HandoffQuery) -> Result<Page<HandoffRow>, StoreError> {
        if query.after.as_ref().is_some_and(|after| !after.fits(query.sort)) {
            return Ok(Page { rows: Vec::new(), next: None });
        }
        let limit = bounded(query.limit, PAGE);
        let rows = self.all(&list::page_sql(org, query, limit + 1), |row| doc(row, 0)).await?;
        Ok(list::page(query, rows, limit))
    }

    async fn count(
        &self,
        org: OrgId,
        reach: &Reach,
        filter: &HandoffFilter,
        most: u32,
    ) -> Result<u32, StoreError> {
        let sql = list::count_sql(org, reach, filter, most);
        let found = self.one(&sql, |row| count(row, 0)).await?.unwrap_or(0);
        Ok(u32::try_from(found).unwrap_or(most))
    }

    async fn of_account(&self, org: OrgId, account: AccountId) -> Result<Vec<HandoffRow>, StoreError> {
        let sql = Sql::of(
            "SELECT doc FROM handoff WHERE org_id = $1 AND account_id = $2
             ORDER BY opened_key DESC, handoff_id DESC LIMIT 100",
        );
        self.all(&sql.bind(org.0).bind(account.0), |row| doc(row, 0)).await
    }

    async fn promises(
        &self,
        org: OrgId,
        query: &PromiseQuery,
    ) -> Result<Page<PromiseRow, (i64, ItemId)>, StoreError> {
        let limit = bounded(query.limit, PAGE);
        let mut rows: Vec<PromiseRow> =
            self.all(&promises_sql(org, query, limit + 1), |row| doc(row, 0)).await?;
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next = rows.last().filter(|_| more).map(PromiseRow::place);
        Ok(Page { rows, next })
    }

    async fn dues(&self, org: OrgId, id: HandoffId) -> Result<Vec<DueRow>, StoreError> {
        let sql = Sql::of("SELECT dues FROM snapshot WHERE org_id = $1 AND handoff_id = $2");
        let dues = self.one(&sql.bind(org.0).bind(id.0), |row| doc(row, 0)).await?;
        Ok(dues.unwrap_or_default())
    }

    async fn journal(
        &self,
        org: OrgId,
        id: HandoffId,
        after: u64,
        limit: u32,
    ) -> Result<Vec<JournalRow>, StoreError> {
        let sql = Sql::of(
            "SELECT seq, at, kind, body, prev, hash FROM journal
             WHERE org_id = $1 AND handoff_id = $2 AND seq > $3 ORDER BY seq LIMIT $4",
        );
        self.stretch(sql, org, id, i64::try_from(after).unwrap_or(i64::MAX), limit).await
    }

    async fn timeline(
        &self,
        org: OrgId,
        id: HandoffId,
        before: Option<u64>,
        limit: u32,
    ) -> Result<Vec<JournalRow>, StoreError> {
        let sql = Sql::of(
            "SELECT seq, at, kind, body, prev, hash FROM journal
             WHERE org_id = $1 AND handoff_id = $2 AND seq < $3 ORDER BY seq DESC LIMIT $4",
        );
        let before = before.and_then(|before| i64::try_from(before).ok()).unwrap_or(i64::MAX);
        self.stretch(sql, org, id, before, limit).await
    }

    async fn texts(
        &self,
        org: OrgId,
        id: HandoffId,
    ) -> Result<BTreeMap<Uuid, ([u8; 16], String)>, StoreError> {
        let sql = Sql::of("SELECT text_id, salt, text FROM text WHERE org_id = $1 AND handoff_id = $2");
        let text = |row: &PgRow| Ok((row.try_get(0)?, (row.try_get(1)?, row.try_get(2)?)));
        self.all(&sql.bind(org.0).bind(id.0), text).await
    }

    async fn ids(
        &self,
        org: OrgId,
        after: Option<HandoffId>,
        limit: u32,
    ) -> Result<Vec<HandoffId>, StoreError> {
        let mut sql = Sql::of("SELECT handoff_id FROM handoff WHERE org_id = $1").bind(org.0);
        if let Some(after) = after {
            sql.push(" AND handoff_id > ").value(after.0);
        }
        sql.push(" ORDER BY handoff_id LIMIT ").value(rows_at_most(bounded(limit, STRETCH)));
        self.all(&sql, |row| id(row, 0)).await
    }

    async fn tally(&self, org: OrgId) -> Result<Tally, StoreError> {
        let sql = Sql::of(
            "SELECT coalesce(sum(handoffs), 0)::bigint, coalesce(sum(facts), 0)::bigint FROM tally WHERE org_id = $1",
        );
        let tally = |row: &PgRow| Ok(Tally { handoffs: count(row, 0)?, facts: count(row, 1)? });
        Ok(self.one(&sql.bind(org.0), tally).await?.unwrap_or_default())
    }

    async fn outbox(&self, org: OrgId, limit: u32) -> Result<Vec<OutboxRow>, StoreError> {
        let sql = Sql::of(
            "SELECT outbox_id, handoff_id, at, seq, intent FROM outbox WHERE org_id = $1 ORDER BY outbox_id LIMIT $2",
        );
        let waiting = |row: &PgRow| {
            let (id, handoff, at) = (id(row, 0)?, id(row, 1)?, time(row, 2)?);
            Ok(OutboxRow { id, handoff, at, seq: count(row, 3)?, intent: doc(row, 4)? })
        };
        self.all(&sql.bind(org.0).bind(rows_at_most(bounded(limit, STRETCH))), waiting).await
    }

    async fn remembered(&self, org: OrgId, key: &str) -> Result<Option<IdempotencyRow>, StoreError> {
        let sql = Sql::of("SELECT request, status, body, at FROM answer WHERE org_id = $1 AND key = $2");
        let answer = |row: &PgRow| {
            let status = u16::try_from(row.try_get::<i32, _>(1)?).map_err(|why| Error::Decode(why.into()))?;
            let (request, body, at) = (row.try_get(0)?, row.try_get(2)?, time(row, 3)?);
            Ok(IdempotencyRow { key: key.to_owned(), request, status, body, at })
        };
        self.one(&sql.bind(org.0).bind(plain(key)), answer).await
    }
}

impl PostgresStore {
    async fn stretch(
        &self,
        sql: Sql,
        org: OrgId,
        handoff: HandoffId,
        place: i64,
        limit: u32,
    ) -> Result<Vec<JournalRow>, StoreError> {
        let sql = sql.bind(org.0).bind(handoff.0).bind(place).bind(rows_at_most(bounded(limit, STRETCH)));
        let rows = self.pool.rows(&sql).await?;
        rows.iter()
            .map(|row| fact(row, handoff))
            .collect::<Result<_, _>>()
            .map_err(|error| store_error(&error))
    }
}

pub(super) fn fact(row: &PgRow, handoff: HandoffId) -> Result<JournalRow, Error> {
    let (seq, at, kind, body) = (count(row, 0)?, time(row, 1)?, row.try_get(2)?, row.try_get(3)?);
    Ok(JournalRow { handoff, seq, at, kind, body, prev: hash(row, 4)?, hash: hash(row, 5)? })
}

pub(super) fn promises_sql(org: OrgId, query: &PromiseQuery, limit: usize) -> Sql {
    let mut sql = Sql::of("SELECT doc FROM promise WHERE org_id = $1").bind(org.0);
    if !query.routed_to.is_empty() {
        let roles: Vec<String> = query.routed_to.iter().map(|role| role.name().to_owned()).collect();
        sql.push(" AND routed_to = ANY (").value(roles).push(")");
    }
    if !query.state.is_empty() {
        sql.push(" AND state = ANY (")
            .value(query.state.iter().map(|state| plain(state)).collect::<Vec<_>>());
        sql.push(")");
    }
    if let Some((key, item)) = query.after {
        sql.push(" AND (decide_key, item_id) > (").value(key).push(", ").value(item.0).push(")");
    }
    sql.push(" ORDER BY decide_key, item_id LIMIT ").value(rows_at_most(limit));
    sql
}
