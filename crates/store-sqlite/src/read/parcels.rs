//! Parcels and what calendars were told: claims go to the writer, the rest is read.

use async_trait::async_trait;
use rusqlite::{Row, params};
use throughline_domain::{HandoffId, OrgId};
use throughline_store::{Claim, InviteRow, PAGE, ParcelRow, ParcelSeen, ParcelState, Parcels, StoreError};
use uuid::Uuid;

use super::handoffs::all;
use crate::{
    SqliteStore,
    values::{blob, id, small, time, unreadable},
    write::parcels,
};

#[async_trait]
impl Parcels for SqliteStore {
    async fn claim_parcels(&self, claim: Claim) -> Result<Vec<(OrgId, ParcelRow)>, StoreError> {
        self.writer.sweep(move |conn| parcels::claim(conn, claim)).await
    }

    async fn parcels(
        &self,
        org: OrgId,
        handoff: HandoffId,
        before: Option<Uuid>,
        limit: u32,
    ) -> Result<Vec<ParcelSeen>, StoreError> {
        let sql = "SELECT parcel_id, what, at, tries, sent_to, subject, state, note FROM parcel
                   WHERE org_id = ?1 AND handoff_id = ?2 AND parcel_id < ?3 ORDER BY parcel_id DESC LIMIT ?4";
        let seen = |row: &Row<'_>| {
            let state = ParcelState::of(row.get_ref(6)?.as_str()?).map_err(|error| unreadable(6, error))?;
            let (id, what, at, tries) = (id(row, 0)?, row.get(1)?, time(row, 2)?, small(row, 3)?);
            Ok(ParcelSeen {
                id,
                what,
                at,
                tries,
                to: row.get(4)?,
                subject: row.get(5)?,
                state,
                note: row.get(7)?,
            })
        };
        let (before, limit) = (before.unwrap_or(Uuid::max()), limit.clamp(1, PAGE));
        let work = move |conn: &rusqlite::Connection| {
            all(conn, sql, params![blob(org), blob(handoff), blob(before), limit], seen)
        };
        self.readers.later(work).await
    }

    async fn invites(&self, org: OrgId, handoff: HandoffId) -> Result<Vec<InviteRow>, StoreError> {
        let sql =
            "SELECT step, sequence, told FROM invite WHERE org_id = ?1 AND handoff_id = ?2 ORDER BY step";
        let invite = |row: &Row<'_>| {
            let step = row.get_ref(0)?.as_str()?.parse().map_err(|error| unreadable(0, error))?;
            Ok(InviteRow { handoff, step, sequence: small(row, 1)?, told: row.get(2)? })
        };
        self.readers.now(|conn| all(conn, sql, params![blob(org), blob(handoff)], invite))
    }
}
