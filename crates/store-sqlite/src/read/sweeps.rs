//! Work that waits: claims go to the writer, the rest is read.

use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use rusqlite::{Connection, Row, params};
use throughline_domain::{HandoffId, OrgId, PersonId, deal::DealKey};
use throughline_store::{
    Bag, Claim, DealRow, EventPlace, EventRow, EventSeen, EventState, Look, OnPost, OutboxRow, PAGE, STRETCH,
    StoreError, Sweeps,
};
use uuid::Uuid;

use super::handoffs::all;
use crate::{
    SqliteStore,
    values::{blob, id, small, time, unreadable},
    write::sweeps,
};

#[async_trait]
impl Sweeps for SqliteStore {
    async fn claim_looks(&self, claim: Claim) -> Result<Vec<(OrgId, HandoffId, Timestamp)>, StoreError> {
        self.writer.sweep(move |conn| sweeps::looks(conn, claim)).await
    }

    async fn looked(&self, look: Look) -> Result<bool, StoreError> {
        self.writer.sweep(move |conn| sweeps::looked(conn, &look)).await
    }

    async fn claim_outbox(&self, claim: Claim) -> Result<Vec<(OrgId, OutboxRow)>, StoreError> {
        self.writer.sweep(move |conn| sweeps::outbox(conn, claim)).await
    }

    async fn claim_post(&self, claim: Claim) -> Result<Vec<Bag>, StoreError> {
        self.writer.sweep(move |conn| sweeps::post(conn, claim)).await
    }

    async fn on_post(
        &self,
        org: OrgId,
        person: PersonId,
        after: Option<Uuid>,
        limit: u32,
    ) -> Result<Vec<OnPost>, StoreError> {
        let sql = "SELECT letter_id, at_key, tries FROM post
                   WHERE org_id = ?1 AND person_id = ?2 AND letter_id > ?3 ORDER BY letter_id LIMIT ?4";
        let waiting = |row: &Row<'_>| {
            let at = Timestamp::from_millisecond(row.get(1)?).map_err(|error| unreadable(1, error))?;
            Ok(OnPost { letter: id(row, 0)?, at, tries: small(row, 2)? })
        };
        // No letter is named by nothing.
        let (after, limit) = (blob(after.unwrap_or_default()), limit.clamp(1, PAGE));
        let work =
            move |conn: &Connection| all(conn, sql, params![blob(org), blob(person), after, limit], waiting);
        self.readers.later(work).await
    }

    async fn claim_events(&self, claim: Claim) -> Result<Vec<(OrgId, EventRow)>, StoreError> {
        self.writer.sweep(move |conn| sweeps::events(conn, claim)).await
    }

    async fn deals_without(
        &self,
        org: OrgId,
        after: Option<DealKey>,
        limit: u32,
    ) -> Result<Vec<DealRow>, StoreError> {
        let sql = "SELECT source, external_id, source_time, body FROM deal INDEXED BY deal_without
                   WHERE org_id = ?1 AND handoff_id IS NULL AND (source, external_id) > (?2, ?3)
                   ORDER BY source, external_id LIMIT ?4";
        // Nothing is named by nothing.
        let (source, external_id) = after.map(|key| (key.source, key.external_id)).unwrap_or_default();
        let deal = |row: &Row<'_>| {
            let key = DealKey { source: row.get(0)?, external_id: row.get(1)? };
            Ok(DealRow { key, source_time: time(row, 2)?, handoff: None, body: row.get(3)? })
        };
        let limit = limit.clamp(1, STRETCH);
        let work =
            move |conn: &Connection| all(conn, sql, params![blob(org), source, external_id, limit], deal);
        self.readers.later(work).await
    }

    async fn nudged(&self, at_most: Duration) {
        self.writer.nudged(at_most).await;
    }
}

/// A page of events, newest first.
pub(super) fn events(
    conn: &Connection,
    org: OrgId,
    before: Option<EventPlace>,
    limit: u32,
) -> rusqlite::Result<Vec<EventSeen>> {
    let sql = "SELECT source, event_id, received_at, tries, state, note FROM event
               WHERE org_id = ?1 AND (received_key, source, event_id) < (?2, ?3, ?4)
               ORDER BY received_key DESC, source DESC, event_id DESC LIMIT ?5";
    let event = |row: &Row<'_>| {
        let (source, id, received_at) = (row.get(0)?, row.get(1)?, time(row, 2)?);
        let state = EventState::of(row.get_ref(4)?.as_str()?).map_err(|error| unreadable(4, error))?;
        Ok(EventSeen { source, id, received_at, tries: small(row, 3)?, state, note: row.get(5)? })
    };
    let before =
        before.unwrap_or_else(|| EventPlace { received: i64::MAX, source: String::new(), id: String::new() });
    let limit = limit.clamp(1, PAGE);
    all(conn, sql, params![blob(org), before.received, before.source, before.id, limit], event)
}
