//! Changes of what came by mail and is awaited, and claims on it.

use jiff::Timestamp;
use rusqlite::{Connection, params};
use throughline_domain::{HandoffId, OrgId};
use throughline_store::{
    ApplyError, AwaitedRow, Claim, FORGOTTEN, MAIL_IS_HERE, MAIL_IS_OVER, MailChange, MailRead, MailRow,
    NOT_AWAITED,
};
use uuid::Uuid;

use super::{
    apply::{Tables, conflict},
    sweeps::take,
};
use crate::{
    faults::Fault,
    values::{Blob, blob, id, small, time},
};

/// Takes mail.
pub(crate) const MAILS: &str = concat!(
    "UPDATE mail_in SET claimed_key = ?2 WHERE rowid IN (
                   SELECT rowid FROM mail_in INDEXED BY mail_in_waiting
                   WHERE state = 'waiting' AND due_key <= ?1 AND ",
    throughline_store::claim_is_free!("claimed_key", "?1"),
    "
                   ORDER BY mail_id, org_id LIMIT ?3)
               RETURNING mail_id, org_id, mail_key, received_at, tries, sent_by, sent_to, raw"
);

/// Turns are the server's, of no organisation.
const NOBODY: Blob = [0; 16];

pub(crate) fn claim(conn: &Connection, claim: Claim) -> Result<Vec<(OrgId, MailRow)>, Fault> {
    take(conn, MAILS, claim, |row| {
        let (mail, org): (Uuid, OrgId) = (id(row, 0)?, id(row, 1)?);
        let (key, received_at, tries) = (row.get(2)?, time(row, 3)?, small(row, 4)?);
        let (sent_by, sent_to, raw) = (row.get(5)?, row.get(6)?, row.get(7)?);
        Ok(((mail, org), (org, MailRow { id: mail, key, received_at, tries, sent_by, sent_to, raw })))
    })
}

/// Takes a turn, or changes one that is held. Says whether it could.
pub(crate) fn take_turn(
    conn: &Connection,
    what: &str,
    held: Option<Timestamp>,
    now: Timestamp,
    until: Timestamp,
) -> Result<bool, Fault> {
    let (sql, at) = match held {
        Some(held) => (
            "UPDATE turn SET until_key = ?4 WHERE org_id = ?1 AND what = ?2 AND until_key = ?3",
            held.as_millisecond(),
        ),
        None => (
            concat!(
                "INSERT INTO turn (org_id, what, until_key) VALUES (?1, ?2, ?4)
             ON CONFLICT (org_id, what) DO UPDATE SET until_key = excluded.until_key 
             WHERE ",
                throughline_store::claim_is_free!("until_key", "?3")
            ),
            now.as_millisecond(),
        ),
    };
    let values = params![NOBODY, what, at, until.as_millisecond()];
    Ok(conn.prepare_cached(sql)?.execute(values)? > 0)
}

pub(super) fn change(to: &Tables<'_>, change: &MailChange) -> Result<(), ApplyError> {
    match change {
        MailChange::Receive(row) => receive(to, row),
        MailChange::Read { id, read } => settle(to, *id, read),
        MailChange::Later { id, at, note } => {
            let sql = "UPDATE mail_in SET due_key = ?3, claimed_key = 0, tries = tries + 1, note = ?4
                       WHERE org_id = ?1 AND mail_id = ?2 AND state = 'waiting'";
            there(to.run(sql, params![to.org, blob(*id), at.as_millisecond(), note])?, MAIL_IS_OVER)
        }
        MailChange::Await(row) => Ok(await_answer(to, row)?),
        MailChange::Address { awaited, secret } => {
            let sql = "INSERT INTO awaited_at (org_id, secret, awaited_id)
                       SELECT org_id, ?3, awaited_id FROM awaited WHERE org_id = ?1 AND awaited_id = ?2
                       ON CONFLICT DO NOTHING";
            there(to.run(sql, params![to.org, blob(*awaited), secret])?, NOT_AWAITED)
        }
        MailChange::Forget { handoff } => Ok(forget(to, *handoff)?),
        MailChange::Tidy { received_before, awaited_before } => {
            let sql = "DELETE FROM mail_in WHERE org_id = ?1 AND received_key < ?2 AND state <> 'waiting'";
            to.run(sql, params![to.org, received_before.as_millisecond()])?;
            let sql = "DELETE FROM awaited_at WHERE org_id = ?1 AND awaited_id IN (
                           SELECT awaited_id FROM awaited WHERE org_id = ?1 AND until_key < ?2)";
            to.run(sql, params![to.org, awaited_before.as_millisecond()])?;
            let sql = "DELETE FROM awaited WHERE org_id = ?1 AND until_key < ?2";
            to.run(sql, params![to.org, awaited_before.as_millisecond()])?;
            Ok(())
        }
    }
}

fn there(changed: usize, why: &str) -> Result<(), ApplyError> {
    if changed == 0 { conflict(why) } else { Ok(()) }
}

fn receive(to: &Tables<'_>, row: &MailRow) -> Result<(), ApplyError> {
    let sql = "INSERT INTO mail_in (org_id, mail_id, mail_key, received_at, received_key, due_key, claimed_key, tries,
                   state, sent_by, sent_to, raw)
               VALUES (?1, ?2, ?3, ?4, ?5, ?5, 0, ?6, 'waiting', ?7, ?8, ?9)
               ON CONFLICT (org_id, mail_key) DO NOTHING";
    let MailRow { id, key, received_at, tries, sent_by, sent_to, raw } = row;
    let (at, came) = (received_at.to_string(), received_at.as_millisecond());
    there(to.run(sql, params![to.org, blob(*id), key, at, came, tries, sent_by, sent_to, raw])?, MAIL_IS_HERE)
}

fn settle(to: &Tables<'_>, id: Uuid, read: &MailRead) -> Result<(), ApplyError> {
    let sql =
        "UPDATE mail_in SET state = ?3, note = ?4, sender = ?5, subject = ?6, handoff_id = ?7, raw = X'',
                   sent_by = NULL, sent_to = NULL
               WHERE org_id = ?1 AND mail_id = ?2 AND state = 'waiting'";
    let MailRead { from, subject, handoff, state, note } = read;
    let values = params![to.org, blob(id), state.name(), note, from, subject, handoff.map(blob)];
    there(to.run(sql, values)?, MAIL_IS_OVER)
}

fn await_answer(to: &Tables<'_>, row: &AwaitedRow) -> Result<(), Fault> {
    let sql = "INSERT INTO awaited (org_id, awaited_id, handoff_id, sender, until, until_key, what)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (org_id, awaited_id) DO NOTHING";
    let AwaitedRow { id, handoff, from, until, what } = row;
    let (id, handoff, key) = (blob(*id), blob(*handoff), until.as_millisecond());
    to.run(sql, params![to.org, id, handoff, from, until.to_string(), key, what])?;
    Ok(())
}

fn forget(to: &Tables<'_>, handoff: HandoffId) -> Result<(), Fault> {
    let of = params![to.org, blob(handoff)];
    let sql = "UPDATE mail_in SET sender = ?3, subject = ?3 WHERE org_id = ?1 AND handoff_id = ?2";
    to.run(sql, params![to.org, blob(handoff), FORGOTTEN])?;
    let sql = "DELETE FROM awaited_at WHERE org_id = ?1 AND awaited_id IN (
                   SELECT awaited_id FROM awaited WHERE org_id = ?1 AND handoff_id = ?2)";
    to.run(sql, of)?;
    to.run("DELETE FROM awaited WHERE org_id = ?1 AND handoff_id = ?2", of)?;
    Ok(())
}
