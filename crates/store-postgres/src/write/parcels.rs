//! Changes of what is sent, and claims on it.

use throughline_domain::OrgId;
use throughline_store::{
    Claim, FORGOTTEN, INVITE_MOVED_ON, InviteRow, PARCEL_IS_OVER, ParcelChange, ParcelRow, ParcelState,
    StoreError,
};
use uuid::Uuid;

use super::{
    apply::{Halt, Tables, conflict},
    sweeps::{claiming, take},
};
use crate::{
    driver::Row,
    pool::Pool,
    sql::Sql,
    values::{id, plain, small, time},
};

pub(crate) fn claim_sql(claim: Claim) -> Sql {
    claiming(
        concat!("WITH taken AS MATERIALIZED (
             SELECT org_id, parcel_id FROM parcel
             WHERE state = 'waiting' AND due_key <= $1 AND ", throughline_store::claim_is_free!("claimed_key", "$1"), "
             ORDER BY due_key, org_id, parcel_id LIMIT $3 FOR NO KEY UPDATE SKIP LOCKED)
         UPDATE parcel SET claimed_key = $2 FROM taken
         WHERE parcel.org_id = taken.org_id AND parcel.parcel_id = taken.parcel_id
         RETURNING due_key, parcel.org_id, parcel.parcel_id, handoff_id, what, at, tries, sent_to, subject, mail"),
        claim,
    )
}

pub(crate) async fn claim(pool: &Pool, claim: Claim) -> Result<Vec<(OrgId, ParcelRow)>, StoreError> {
    take(pool, &claim_sql(claim), |row| {
        let (due, org, parcel): (i64, OrgId, Uuid) = (row.try_get(0)?, id(row, 1)?, id(row, 2)?);
        let (handoff, what, at, tries) = (id(row, 3)?, row.try_get(4)?, time(row, 5)?, small(row, 6)?);
        let (to, subject, mail) = (row.try_get(7)?, row.try_get(8)?, row.try_get(9)?);
        Ok(((due, org, parcel), (org, ParcelRow { id: parcel, handoff, what, at, tries, to, subject, mail })))
    })
    .await
}

pub(super) async fn change(to: &mut Tables<'_, '_>, change: &ParcelChange) -> Result<(), Halt> {
    match change {
        ParcelChange::Send(row) => send(to, row).await,
        ParcelChange::Sent { id } => settle(to, *id, ParcelState::Sent, None).await,
        ParcelChange::GivenUp { id, note } => settle(to, *id, ParcelState::GivenUp, Some(note)).await,
        ParcelChange::Later { id, at, note } => {
            let sql = Sql::of(
                "UPDATE parcel SET due_key = $3, claimed_key = 0, tries = tries + 1, note = $4
                 WHERE org_id = $1 AND parcel_id = $2 AND state = 'waiting'",
            );
            let sql = sql.bind(to.org).bind(*id).bind(at.as_millisecond()).bind(plain(note));
            waits(to.run(&sql).await?)
        }
        ParcelChange::Invite { row, after } => invite(to, row, *after).await,
        ParcelChange::ForgetTo { handoff, address } => {
            to.run(&Sql::of(FORGET).bind(to.org).bind(handoff.0).bind(FORGOTTEN).bind(plain(address)))
                .await?;
            Ok(())
        }
        ParcelChange::Forget { handoff } => {
            let nobody: Option<&str> = None;
            to.run(&Sql::of(FORGET).bind(to.org).bind(handoff.0).bind(FORGOTTEN).bind(nobody)).await?;
            let sql = Sql::of("UPDATE invite SET told = '' WHERE org_id = $1 AND handoff_id = $2");
            to.run(&sql.bind(to.org).bind(handoff.0)).await?;
            Ok(())
        }
    }
}

/// Lets go of everything a handoff's mail says, and of whom it went to; where an address is named, of mail to that alone.
const FORGET: &str = "UPDATE parcel SET sent_to = $3, subject = $3, mail = '',
        note = CASE WHEN state = 'waiting' OR note IS NOT NULL THEN $3 END,
        state = CASE state WHEN 'waiting' THEN 'given_up' ELSE state END
    WHERE org_id = $1 AND handoff_id = $2 AND ($4::text IS NULL OR lower(sent_to) = $4)";

fn waits(changed: u64) -> Result<(), Halt> {
    if changed == 0 { conflict(PARCEL_IS_OVER) } else { Ok(()) }
}

async fn send(to: &mut Tables<'_, '_>, row: &ParcelRow) -> Result<(), Halt> {
    let sql = Sql::of(
        "INSERT INTO parcel (org_id, parcel_id, handoff_id, what, at, due_key, claimed_key, tries, state, sent_to,
             subject, mail)
         VALUES ($1, $2, $3, $4, $5, $6, 0, $7, 'waiting', $8, $9, $10)
         ON CONFLICT (org_id, parcel_id) DO NOTHING",
    );
    let ParcelRow { id, handoff, what, at, tries, to: address, subject, mail } = row;
    let sql = sql.bind(to.org).bind(*id).bind(handoff.0).bind(plain(what)).bind(at.to_string());
    let sql = sql.bind(at.as_millisecond()).bind(i64::from(*tries)).bind(plain(address));
    to.run(&sql.bind(plain(subject)).bind(plain(mail))).await?;
    Ok(())
}

async fn settle(
    to: &mut Tables<'_, '_>,
    id: Uuid,
    state: ParcelState,
    note: Option<&String>,
) -> Result<(), Halt> {
    let sql = Sql::of(
        "UPDATE parcel SET state = $3, note = $4, mail = ''
         WHERE org_id = $1 AND parcel_id = $2 AND state = 'waiting'",
    );
    let sql = sql.bind(to.org).bind(id).bind(state.name()).bind(note.map(|note| plain(note)));
    waits(to.run(&sql).await?)
}

async fn invite(to: &mut Tables<'_, '_>, row: &InviteRow, after: Option<u32>) -> Result<(), Halt> {
    let sql = match after {
        None => Sql::of(
            "INSERT INTO invite (org_id, handoff_id, step, sequence, told) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (org_id, handoff_id, step) DO NOTHING",
        ),
        Some(_) => Sql::of(
            "UPDATE invite SET sequence = $4, told = $5
             WHERE org_id = $1 AND handoff_id = $2 AND step = $3 AND sequence = $6",
        ),
    };
    let InviteRow { handoff, step, sequence, told } = row;
    let sql = sql.bind(to.org).bind(handoff.0).bind(step.as_str()).bind(i64::from(*sequence));
    let sql = sql.bind(plain(told));
    let sql = match after {
        None => sql,
        Some(after) => sql.bind(i64::from(after)),
    };
    if to.run(&sql).await? == 0 { conflict(INVITE_MOVED_ON) } else { Ok(()) }
}
