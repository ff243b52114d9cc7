//! Changes of what came by mail and is awaited, and claims on it.

use jiff::Timestamp;
use throughline_domain::{HandoffId, OrgId};
use throughline_store::{
    AwaitedRow, Claim, FORGOTTEN, MAIL_IS_HERE, MAIL_IS_OVER, MailChange, MailRead, MailRow, NOT_AWAITED,
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
        concat!(
            "WITH taken AS MATERIALIZED (
             SELECT org_id, mail_id FROM mail_in
             WHERE state = 'waiting' AND due_key <= $1 AND ",
            throughline_store::claim_is_free!("claimed_key", "$1"),
            "
             ORDER BY mail_id, org_id LIMIT $3 FOR NO KEY UPDATE SKIP LOCKED)
         UPDATE mail_in SET claimed_key = $2 FROM taken
         WHERE mail_in.org_id = taken.org_id AND mail_in.mail_id = taken.mail_id
         RETURNING mail_in.mail_id, mail_in.org_id, mail_key, received_at, tries, sent_by, sent_to, raw"
        ),
        claim,
    )
}

pub(crate) async fn claim(pool: &Pool, claim: Claim) -> Result<Vec<(OrgId, MailRow)>, StoreError> {
    take(pool, &claim_sql(claim), |row| {
        let (mail, org): (Uuid, OrgId) = (id(row, 0)?, id(row, 1)?);
        let (key, received_at, tries) = (row.try_get(2)?, time(row, 3)?, small(row, 4)?);
        let (sent_by, sent_to, raw) = (row.try_get(5)?, row.try_get(6)?, row.try_get(7)?);
        Ok(((mail, org), (org, MailRow { id: mail, key, received_at, tries, sent_by, sent_to, raw })))
    })
    .await
}

/// Takes a turn, or changes one that is held. Says whether it could. Turns are the server's, of no organisation.
///
/// An answer that is lost on the way may have taken it: then nobody has it for as long as it lasts.
pub(crate) async fn take_turn(
    pool: &Pool,
    what: &str,
    held: Option<Timestamp>,
    now: Timestamp,
    until: Timestamp,
) -> Result<bool, StoreError> {
    let sql = match held {
        Some(_) => Sql::of(
            "UPDATE turn SET until_key = $4 WHERE org_id = $1 AND what = $2 AND until_key = $3 RETURNING 1",
        ),
        None => Sql::of(concat!(
            "INSERT INTO turn (org_id, what, until_key) VALUES ($1, $2, $4)
             ON CONFLICT (org_id, what) DO UPDATE SET until_key = excluded.until_key 
             WHERE ",
            throughline_store::claim_is_free!("turn.until_key", "$3"),
            " RETURNING 1"
        )),
    };
    let sql = sql.bind(Uuid::nil()).bind(plain(what)).bind(held.unwrap_or(now).as_millisecond());
    Ok(!pool.rows(&sql.bind(until.as_millisecond())).await?.is_empty())
}

pub(super) async fn change(to: &mut Tables<'_, '_>, change: &MailChange) -> Result<(), Halt> {
    match change {
        MailChange::Receive(row) => receive(to, row).await,
        MailChange::Read { id, read } => settle(to, *id, read).await,
        MailChange::Later { id, at, note } => {
            let sql = Sql::of(
                "UPDATE mail_in SET due_key = $3, claimed_key = 0, tries = tries + 1, note = $4
                 WHERE org_id = $1 AND mail_id = $2 AND state = 'waiting'",
            );
            let sql = sql.bind(to.org).bind(*id).bind(at.as_millisecond()).bind(plain(note));
            there(to.run(&sql).await?, MAIL_IS_OVER)
        }
        MailChange::Await(row) => await_answer(to, row).await,
        MailChange::Address { awaited, secret } => {
            let sql = Sql::of(
                "INSERT INTO awaited_at (org_id, secret, awaited_id)
                 SELECT org_id, $3, awaited_id FROM awaited WHERE org_id = $1 AND awaited_id = $2 FOR KEY SHARE
                 ON CONFLICT DO NOTHING",
            );
            there(to.run(&sql.bind(to.org).bind(*awaited).bind(plain(secret))).await?, NOT_AWAITED)
        }
        MailChange::Forget { handoff } => forget(to, *handoff).await,
        MailChange::Tidy { received_before, awaited_before } => {
            let sql =
                Sql::of("DELETE FROM mail_in WHERE org_id = $1 AND received_key < $2 AND state <> 'waiting'");
            to.run(&sql.bind(to.org).bind(received_before.as_millisecond())).await?;
            let sql = Sql::of(
                "WITH gone AS (DELETE FROM awaited WHERE org_id = $1 AND until_key < $2 RETURNING awaited_id)
                 DELETE FROM awaited_at USING gone WHERE org_id = $1 AND awaited_at.awaited_id = gone.awaited_id",
            );
            to.run(&sql.bind(to.org).bind(awaited_before.as_millisecond())).await?;
            Ok(())
        }
    }
}

fn there(changed: u64, why: &str) -> Result<(), Halt> {
    if changed == 0 { conflict(why) } else { Ok(()) }
}

async fn receive(to: &mut Tables<'_, '_>, row: &MailRow) -> Result<(), Halt> {
    let sql = Sql::of(
        "INSERT INTO mail_in (org_id, mail_id, mail_key, received_at, received_key, due_key, claimed_key, tries, state,
             sent_by, sent_to, raw)
         VALUES ($1, $2, $3, $4, $5, $5, 0, $6, 'waiting', $7, $8, $9) ON CONFLICT (org_id, mail_key) DO NOTHING",
    );
    let MailRow { id, key, received_at, tries, sent_by, sent_to, raw } = row;
    let sql = sql.bind(to.org).bind(*id).bind(plain(key)).bind(received_at.to_string());
    let sql = sql.bind(received_at.as_millisecond()).bind(i64::from(*tries));
    let sql = sql.bind(sent_by.as_deref().map(plain)).bind(sent_to.as_deref().map(plain));
    there(to.run(&sql.bind(raw.as_slice())).await?, MAIL_IS_HERE)
}

async fn settle(to: &mut Tables<'_, '_>, id: Uuid, read: &MailRead) -> Result<(), Halt> {
    let sql = Sql::of(
        "UPDATE mail_in SET state = $3, note = $4, sender = $5, subject = $6, handoff_id = $7, raw = '',
             sent_by = NULL, sent_to = NULL
         WHERE org_id = $1 AND mail_id = $2 AND state = 'waiting'",
    );
    let MailRead { from, subject, handoff, state, note } = read;
    let sql = sql.bind(to.org).bind(id).bind(state.name()).bind(plain(note));
    let sql = sql.bind(from.as_deref().map(plain)).bind(subject.as_deref().map(plain));
    there(to.run(&sql.bind(handoff.map(|handoff| handoff.0))).await?, MAIL_IS_OVER)
}

async fn await_answer(to: &mut Tables<'_, '_>, row: &AwaitedRow) -> Result<(), Halt> {
    let sql = Sql::of(
        "INSERT INTO awaited (org_id, awaited_id, handoff_id, sender, until, until_key, what)
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (org_id, awaited_id) DO NOTHING",
    );
    let AwaitedRow { id, handoff, from, until, what } = row;
    let sql = sql.bind(to.org).bind(*id).bind(handoff.0).bind(plain(from)).bind(until.to_string());
    to.run(&sql.bind(until.as_millisecond()).bind(plain(what))).await?;
    Ok(())
}

async fn forget(to: &mut Tables<'_, '_>, handoff: HandoffId) -> Result<(), Halt> {
    let sql = Sql::of("UPDATE mail_in SET sender = $3, subject = $3 WHERE org_id = $1 AND handoff_id = $2");
    to.run(&sql.bind(to.org).bind(handoff.0).bind(FORGOTTEN)).await?;
    let sql = Sql::of(
        "WITH gone AS (DELETE FROM awaited WHERE org_id = $1 AND handoff_id = $2 RETURNING awaited_id)
         DELETE FROM awaited_at USING gone WHERE org_id = $1 AND awaited_at.awaited_id = gone.awaited_id",
    );
    to.run(&sql.bind(to.org).bind(handoff.0)).await?;
    Ok(())
}
