//! Parcels and what calendars were told: claims are written, the rest is read.

use async_trait::async_trait;
use throughline_domain::{HandoffId, Key, OrgId};
use throughline_store::{
    Claim, InviteRow, PAGE, ParcelRow, ParcelSeen, ParcelState, Parcels, StoreError, bounded,
};
use uuid::Uuid;

use super::limit as rows_at_most;
use crate::{
    PostgresStore,
    driver::{Error, PgRow, Row},
    sql::Sql,
    values::{id, small, time},
    write::parcels,
};

#[async_trait]
impl Parcels for PostgresStore {
    async fn claim_parcels(&self, claim: Claim) -> Result<Vec<(OrgId, ParcelRow)>, StoreError> {
        parcels::claim(&self.pool, claim).await
    }

    async fn parcels(
        &self,
        org: OrgId,
        handoff: HandoffId,
        before: Option<Uuid>,
        limit: u32,
    ) -> Result<Vec<ParcelSeen>, StoreError> {
        let sql = Sql::of(
            "SELECT parcel_id, what, at, tries, sent_to, subject, state, note FROM parcel
             WHERE org_id = $1 AND handoff_id = $2 AND parcel_id < $3 ORDER BY parcel_id DESC LIMIT $4",
        );
        let sql = sql.bind(org.0).bind(handoff.0).bind(before.unwrap_or(Uuid::max()));
        let seen = |row: &PgRow| {
            let state = ParcelState::of(row.try_get(6)?).map_err(|why| Error::Decode(why.into()))?;
            let (id, what, at, tries) = (id(row, 0)?, row.try_get(1)?, time(row, 2)?, small(row, 3)?);
            let (to, subject, note) = (row.try_get(4)?, row.try_get(5)?, row.try_get(7)?);
            Ok(ParcelSeen { id, what, at, tries, to, subject, state, note })
        };
        self.all(&sql.bind(rows_at_most(bounded(limit, PAGE))), seen).await
    }

    async fn invites(&self, org: OrgId, handoff: HandoffId) -> Result<Vec<InviteRow>, StoreError> {
        let sql = Sql::of(
            "SELECT step, sequence, told FROM invite WHERE org_id = $1 AND handoff_id = $2 ORDER BY step",
        );
        let invite = |row: &PgRow| {
            let step = row.try_get::<&str, _>(0)?.parse::<Key>();
            let step = step.map_err(|why| Error::Decode(why.into()))?;
            Ok(InviteRow { handoff, step, sequence: small(row, 1)?, told: row.try_get(2)? })
        };
        self.all(&sql.bind(org.0).bind(handoff.0), invite).await
    }
}
