//! Work that waits: claims are written, the rest is read.

use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use throughline_domain::{HandoffId, OrgId, PersonId, deal::DealKey};
use throughline_store::{
    Bag, Claim, DealRow, EventPlace, EventRow, EventSeen, EventState, Look, OnPost, OutboxRow, PAGE, STRETCH,
    StoreError, Sweeps, bounded,
};
use uuid::Uuid;

use super::limit as rows_at_most;
use crate::{
    PostgresStore,
    driver::{Error, PgRow, Row},
    sql::Sql,
    values::{id, plain, small, time},
    write::sweeps,
};

#[async_trait]
impl Sweeps for PostgresStore {
    async fn claim_looks(&self, claim: Claim) -> Result<Vec<(OrgId, HandoffId, Timestamp)>, StoreError> {
        sweeps::looks(&self.pool, claim).await
    }

    async fn looked(&self, look: Look) -> Result<bool, StoreError> {
        sweeps::looked(&self.pool, &look).await
    }

    async fn claim_outbox(&self, claim: Claim) -> Result<Vec<(OrgId, OutboxRow)>, StoreError> {
        sweeps::outbox(&self.pool, claim).await
    }

    async fn claim_post(&self, claim: Claim) -> Result<Vec<Bag>, StoreError> {
        sweeps::post(&self.pool, claim).await
    }

    async fn on_post(
        &self,
        org: OrgId,
        person: PersonId,
        after: Option<Uuid>,
        limit: u32,
    ) -> Result<Vec<OnPost>, StoreError> {
        let sql = Sql::of(
            "SELECT letter_id, at_key, tries FROM post WHERE org_id = $1 AND person_id = $2 AND letter_id > $3
             ORDER BY letter_id LIMIT $4",
        );
        // No letter is named by nothing.
        let sql = sql.bind(org.0).bind(person.0).bind(after.unwrap_or_default());
        let waiting = |row: &PgRow| {
            let at = Timestamp::from_millisecond(row.try_get(1)?).map_err(|why| Error::Decode(why.into()))?;
            Ok(OnPost { letter: id(row, 0)?, at, tries: small(row, 2)? })
        };
        self.all(&sql.bind(rows_at_most(bounded(limit, PAGE))), waiting).await
    }

    async fn claim_events(&self, claim: Claim) -> Result<Vec<(OrgId, EventRow)>, StoreError> {
        sweeps::events(&self.pool, claim).await
    }

    async fn deals_without(
        &self,
        org: OrgId,
        after: Option<DealKey>,
        limit: u32,
    ) -> Result<Vec<DealRow>, StoreError> {
        let sql = deals_sql(org, after.as_ref(), bounded(limit, STRETCH));
        let deal = |row: &PgRow| {
            let key = DealKey { source: row.try_get(0)?, external_id: row.try_get(1)? };
            Ok(DealRow { key, source_time: time(row, 2)?, handoff: None, body: row.try_get(3)? })
        };
        self.all(&sql, deal).await
    }

    async fn nudged(&self, at_most: Duration) {
        self.nudges.heard(at_most).await;
    }
}

pub(super) fn deals_sql(org: OrgId, after: Option<&DealKey>, limit: usize) -> Sql {
    let mut sql = Sql::of(
        "SELECT source, external_id, source_time, body FROM deal WHERE org_id = $1 AND handoff_id IS NULL",
    );
    sql = sql.bind(org.0);
    if let Some(key) = after {
        sql.push(" AND (source, external_id) > (").value(plain(&key.source)).push(", ");
        sql.value(plain(&key.external_id)).push(")");
    }
    sql.push(" ORDER BY source, external_id LIMIT ").value(rows_at_most(limit));
    sql
}

/// A page of events, newest first.
pub(super) fn events_sql(org: OrgId, before: Option<&EventPlace>, limit: u32) -> Sql {
    let mut sql =
        Sql::of("SELECT source, event_id, received_at, tries, state, note FROM event WHERE org_id = $1");
    sql = sql.bind(org.0);
    if let Some(place) = before {
        sql.push(" AND (received_key, source, event_id) < (").value(place.received).push(", ");
        sql.value(plain(&place.source)).push(", ").value(plain(&place.id)).push(")");
    }
    sql.push(" ORDER BY received_key DESC, source DESC, event_id DESC LIMIT ");
    sql.value(rows_at_most(bounded(limit, PAGE)));
    sql
}

pub(super) fn event(row: &PgRow) -> Result<EventSeen, Error> {
    let state = EventState::of(row.try_get(4)?).map_err(|why| Error::Decode(why.into()))?;
    let (source, id, received_at) = (row.try_get(0)?, row.try_get(1)?, time(row, 2)?);
    Ok(EventSeen { source, id, received_at, tries: small(row, 3)?, state, note: row.try_get(5)? })
}
