//! Mail that came, and what is awaited: claims are written, the rest is read.

use async_trait::async_trait;
use jiff::Timestamp;
use throughline_domain::OrgId;
use throughline_store::{AwaitedRow, Claim, MailRow, MailSeen, MailState, Mails, PAGE, StoreError, bounded};
use uuid::Uuid;

use super::limit as rows_at_most;
use crate::{
    PostgresStore,
    driver::{Error, PgRow, Row},
    sql::Sql,
    values::{id, maybe_id, plain, small, time},
    write::mails,
};

#[async_trait]
impl Mails for PostgresStore {
    async fn claim_mails(&self, claim: Claim) -> Result<Vec<(OrgId, MailRow)>, StoreError> {
        mails::claim(&self.pool, claim).await
    }

    async fn mails(
        &self,
        org: OrgId,
        state: Option<MailState>,
        before: Option<Uuid>,
        limit: u32,
    ) -> Result<Vec<MailSeen>, StoreError> {
        let mut sql = Sql::of(
            "SELECT mail_id, received_at, tries, sender, subject, handoff_id, state, note FROM mail_in
             WHERE org_id = $1 AND mail_id < $2",
        )
        .bind(org.0)
        .bind(before.unwrap_or(Uuid::max()));
        if let Some(state) = state {
            sql.push(" AND state = ").value(state.name());
        }
        sql.push(" ORDER BY mail_id DESC LIMIT ").value(rows_at_most(bounded(limit, PAGE)));
        let seen = |row: &PgRow| {
            let state = MailState::of(row.try_get(6)?).map_err(|why| Error::Decode(why.into()))?;
            let (id, received_at, tries) = (id(row, 0)?, time(row, 1)?, small(row, 2)?);
            let (from, subject, handoff) = (row.try_get(3)?, row.try_get(4)?, maybe_id(row, 5)?);
            Ok(MailSeen { id, received_at, tries, from, subject, handoff, state, note: row.try_get(7)? })
        };
        self.all(&sql, seen).await
    }

    async fn awaited(&self, org: OrgId, id: Uuid) -> Result<Option<AwaitedRow>, StoreError> {
        let sql = Sql::of(
            "SELECT awaited_id, handoff_id, sender, until, what FROM awaited WHERE org_id = $1 AND awaited_id = $2",
        );
        self.one(&sql.bind(org.0).bind(id), |row| awaited(row, 0)).await
    }

    async fn awaited_at(&self, secret: &str) -> Result<Option<(OrgId, AwaitedRow)>, StoreError> {
        let sql = Sql::of(
            "SELECT org_id, awaited_id, handoff_id, sender, until, what
             FROM awaited_at JOIN awaited USING (org_id, awaited_id) WHERE secret = $1",
        );
        self.one(&sql.bind(plain(secret)), |row| Ok((id(row, 0)?, awaited(row, 1)?))).await
    }

    async fn take_turn(
        &self,
        what: &str,
        held: Option<Timestamp>,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<bool, StoreError> {
        mails::take_turn(&self.pool, what, held, now, until).await
    }
}

fn awaited(row: &PgRow, from: usize) -> Result<AwaitedRow, Error> {
    let (id, handoff) = (id(row, from)?, id(row, from + 1)?);
    let (until, what) = (time(row, from + 3)?, row.try_get(from + 4)?);
    Ok(AwaitedRow { id, handoff, from: row.try_get(from + 2)?, until, what })
}
