//! Changes of what is sent, and claims on it.

use rusqlite::{Connection, params};
use throughline_domain::OrgId;
use throughline_store::{
    ApplyError, Claim, FORGOTTEN, INVITE_MOVED_ON, InviteRow, PARCEL_IS_OVER, ParcelChange, ParcelRow,
    ParcelState,
};
use uuid::Uuid;

use super::{
    apply::{Tables, conflict},
    sweeps::take,
};
use crate::{
    faults::Fault,
    values::{blob, id, small, time},
};

/// Takes parcels.
pub(crate) const PARCELS: &str = concat!(
    "UPDATE parcel SET claimed_key = ?2 WHERE rowid IN (
                   SELECT rowid FROM parcel INDEXED BY parcel_due
                   WHERE state = 'waiting' AND due_key <= ?1 AND ",
    throughline_store::claim_is_free!("claimed_key", "?1"),
    "
                   ORDER BY due_key, org_id, parcel_id LIMIT ?3)
               RETURNING due_key, org_id, parcel_id, handoff_id, what, at, tries, sent_to, subject, mail"
);

pub(crate) fn claim(conn: &Connection, claim: Claim) -> Result<Vec<(OrgId, ParcelRow)>, Fault> {
    take(conn, PARCELS, claim, |row| {
        let (due, org, parcel): (i64, OrgId, Uuid) = (row.get(0)?, id(row, 1)?, id(row, 2)?);
        let (handoff, what, at, tries) = (id(row, 3)?, row.get(4)?, time(row, 5)?, small(row, 6)?);
        let (to, subject, mail) = (row.get(7)?, row.get(8)?, row.get(9)?);
        Ok(((due, org, parcel), (org, ParcelRow { id: parcel, handoff, what, at, tries, to, subject, mail })))
    })
}

pub(super) fn change(to: &Tables<'_>, change: &ParcelChange) -> Result<(), ApplyError> {
    match change {
        ParcelChange::Send(row) => Ok(send(to, row)?),
        ParcelChange::Sent { id } => settle(to, *id, ParcelState::Sent, None),
        ParcelChange::GivenUp { id, note } => settle(to, *id, ParcelState::GivenUp, Some(note)),
        ParcelChange::Later { id, at, note } => {
            let sql = "UPDATE parcel SET due_key = ?3, claimed_key = 0, tries = tries + 1, note = ?4
                       WHERE org_id = ?1 AND parcel_id = ?2 AND state = 'waiting'";
            match to.run(sql, params![to.org, blob(*id), at.as_millisecond(), note])? {
                0 => conflict(PARCEL_IS_OVER),
                _ => Ok(()),
            }
        }
        ParcelChange::Invite { row, after } => invite(to, row, *after),
        ParcelChange::ForgetTo { handoff, address } => {
            let sql = format!("{FORGET} AND lower(sent_to) = ?4");
            to.run(&sql, params![to.org, blob(*handoff), FORGOTTEN, address])?;
            Ok(())
        }
        ParcelChange::Forget { handoff } => {
            to.run(FORGET, params![to.org, blob(*handoff), FORGOTTEN])?;
            let sql = "UPDATE invite SET told = '' WHERE org_id = ?1 AND handoff_id = ?2";
            to.run(sql, params![to.org, blob(*handoff)])?;
            Ok(())
        }
    }
}

/// Lets go of everything a handoff's mail says, and of whom it went to.
const FORGET: &str = "UPDATE parcel SET sent_to = ?3, subject = ?3, mail = '',
                          note = CASE WHEN state = 'waiting' OR note IS NOT NULL THEN ?3 END,
                          state = CASE state WHEN 'waiting' THEN 'given_up' ELSE state END
                      WHERE org_id = ?1 AND handoff_id = ?2";

fn send(to: &Tables<'_>, row: &ParcelRow) -> Result<(), Fault> {
    let sql =
        "INSERT INTO parcel (org_id, parcel_id, handoff_id, what, at, due_key, claimed_key, tries, state,
                   note, sent_to, subject, mail)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0, ?7, 'waiting', NULL, ?8, ?9, ?10)
               ON CONFLICT (org_id, parcel_id) DO NOTHING";
    let ParcelRow { id, handoff, what, at, tries, to: address, subject, mail } = row;
    let (id, handoff, due) = (blob(*id), blob(*handoff), at.as_millisecond());
    to.run(sql, params![to.org, id, handoff, what, at.to_string(), due, tries, address, subject, mail])?;
    Ok(())
}

fn settle(to: &Tables<'_>, id: Uuid, state: ParcelState, note: Option<&String>) -> Result<(), ApplyError> {
    let sql = "UPDATE parcel SET state = ?3, note = ?4, mail = ''
               WHERE org_id = ?1 AND parcel_id = ?2 AND state = 'waiting'";
    match to.run(sql, params![to.org, blob(id), state.name(), note])? {
        0 => conflict(PARCEL_IS_OVER),
        _ => Ok(()),
    }
}

fn invite(to: &Tables<'_>, row: &InviteRow, after: Option<u32>) -> Result<(), ApplyError> {
    let InviteRow { handoff, step, sequence, told } = row;
    let (handoff, step) = (blob(*handoff), step.as_str());
    let changed = match after {
        None => {
            let sql =
                "INSERT INTO invite (org_id, handoff_id, step, sequence, told) VALUES (?1, ?2, ?3, ?4, ?5)
                       ON CONFLICT (org_id, handoff_id, step) DO NOTHING";
            to.run(sql, params![to.org, handoff, step, sequence, told])?
        }
        Some(after) => {
            let sql = "UPDATE invite SET sequence = ?4, told = ?5
                       WHERE org_id = ?1 AND handoff_id = ?2 AND step = ?3 AND sequence = ?6";
            to.run(sql, params![to.org, handoff, step, sequence, told, after])?
        }
    };
    if changed == 0 { conflict(INVITE_MOVED_ON) } else { Ok(()) }
}
