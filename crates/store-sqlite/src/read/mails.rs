//! Mail that came, and what is awaited: claims go to the writer, the rest is read.

use async_trait::async_trait;
use jiff::Timestamp;
use rusqlite::{Connection, Row, params};
use throughline_domain::OrgId;
use throughline_store::{AwaitedRow, Claim, MailRow, MailSeen, MailState, Mails, PAGE, StoreError};
use uuid::Uuid;

use super::handoffs::{all, one};
use crate::{
    SqliteStore,
    values::{blob, id, maybe_id, small, time, unreadable},
    write::mails,
};

#[async_trait]
impl Mails for SqliteStore {
    async fn claim_mails(&self, claim: Claim) -> Result<Vec<(OrgId, MailRow)>, StoreError> {
        self.writer.sweep(move |conn| mails::claim(conn, claim)).await
    }

    async fn mails(
        &self,
        org: OrgId,
        state: Option<MailState>,
        before: Option<Uuid>,
        limit: u32,
    ) -> Result<Vec<MailSeen>, StoreError> {
        let sql = "SELECT mail_id, received_at, tries, sender, subject, handoff_id, state, note FROM mail_in
                   WHERE org_id = ?1 AND mail_id < ?2 AND state = coalesce(?3, state) ORDER BY mail_id DESC LIMIT ?4";
        let seen = |row: &Row<'_>| {
            let state = MailState::of(row.get_ref(6)?.as_str()?).map_err(|error| unreadable(6, error))?;
            let (id, received_at, tries) = (id(row, 0)?, time(row, 1)?, small(row, 2)?);
            let (from, subject, handoff) = (row.get(3)?, row.get(4)?, maybe_id(row, 5)?);
            Ok(MailSeen { id, received_at, tries, from, subject, handoff, state, note: row.get(7)? })
        };
        let state = state.map(MailState::name);
        let (before, limit) = (blob(before.unwrap_or(Uuid::max())), limit.clamp(1, PAGE));
        let work = move |conn: &Connection| all(conn, sql, params![blob(org), before, state, limit], seen);
        self.readers.later(work).await
    }

    async fn awaited(&self, org: OrgId, id: Uuid) -> Result<Option<AwaitedRow>, StoreError> {
        let sql = "SELECT awaited_id, handoff_id, sender, until, what FROM awaited
                   WHERE org_id = ?1 AND awaited_id = ?2";
        self.readers.now(|conn| one(conn, sql, params![blob(org), blob(id)], |row| awaited(row, 0)))
    }

    async fn awaited_at(&self, secret: &str) -> Result<Option<(OrgId, AwaitedRow)>, StoreError> {
        let sql = "SELECT org_id, awaited_id, handoff_id, sender, until, what
                   FROM awaited_at JOIN awaited USING (org_id, awaited_id) WHERE secret = ?1";
        self.readers.now(|conn| one(conn, sql, [secret], |row| Ok((id(row, 0)?, awaited(row, 1)?))))
    }

    async fn take_turn(
        &self,
        what: &str,
        held: Option<Timestamp>,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<bool, StoreError> {
        let what = what.to_owned();
        self.writer.sweep(move |conn| mails::take_turn(conn, &what, held, now, until)).await
    }
}

fn awaited(row: &Row<'_>, from: usize) -> rusqlite::Result<AwaitedRow> {
    let (id, handoff) = (id(row, from)?, id(row, from + 1)?);
    let (until, what) = (time(row, from + 3)?, row.get(from + 4)?);
    Ok(AwaitedRow { id, handoff, from: row.get(from + 2)?, until, what })
}
