//! Changes of who comes into the portal.

use jiff::Timestamp;
use rusqlite::params;
use throughline_domain::PortalPersonId;
use throughline_store::{
    ApplyError, PORTAL_ADDRESS_TAKEN, PORTAL_KEY_IS_OVER, PORTAL_PERSON_CHANGED, PORTAL_SECRET_TAKEN,
    PortalChange, PortalKey, PortalPerson, PortalSession, columns::signed,
};

use super::apply::{Tables, conflict, json};
use crate::{
    faults::{Fault, is_taken},
    values::blob,
};

pub(super) fn change(to: &Tables<'_>, change: &PortalChange) -> Result<(), ApplyError> {
    match change {
        PortalChange::Put(person) => put(to, person),
        PortalChange::Leave(person) => Ok(leave(to, *person)?),
        PortalChange::Forget(person) => {
            leave(to, *person)?;
            let sql = "DELETE FROM portal_person WHERE org_id = ?1 AND portal_person_id = ?2";
            to.run(sql, params![to.org, blob(*person)])?;
            Ok(())
        }
        PortalChange::Ask(key) => ask(to, key),
        PortalChange::Hand { key, secret, expires_at } => {
            let sql = "UPDATE portal_key SET secret = ?3, expires_at = ?4
                       WHERE org_id = ?1 AND portal_key_id = ?2 AND used_at IS NULL";
            match to.run(sql, params![to.org, blob(*key), secret, expires_at.to_string()]) {
                Err(Fault::Engine(error)) if is_taken(&error) => conflict(PORTAL_SECRET_TAKEN),
                other => unused(other?),
            }
        }
        PortalChange::Try { key, most } => {
            let sql = "UPDATE portal_key SET tries = tries + 1
                       WHERE org_id = ?1 AND portal_key_id = ?2 AND used_at IS NULL AND tries < ?3";
            unused(to.run(sql, params![to.org, blob(*key), most])?)
        }
        PortalChange::Use { key, at } => {
            let sql = "UPDATE portal_key SET used_at = ?3
                       WHERE org_id = ?1 AND portal_key_id = ?2 AND used_at IS NULL";
            unused(to.run(sql, params![to.org, blob(*key), at.to_string()])?)
        }
        PortalChange::PutSession(session) => put_session(to, session),
        PortalChange::SeeSession { secret, at } => {
            let sql = "UPDATE portal_session SET seen_key = ?3, doc = json_set(doc, '$.seen_at', ?4)
                       WHERE org_id = ?1 AND secret = ?2";
            to.run(sql, params![to.org, secret, at.as_millisecond(), at.to_string()])?;
            Ok(())
        }
        PortalChange::EndSession(secret) => {
            to.run("DELETE FROM portal_session WHERE org_id = ?1 AND secret = ?2", params![to.org, secret])?;
            Ok(())
        }
        PortalChange::Tidy { asked_before, seen_before } => Ok(tidy(to, *asked_before, *seen_before)?),
    }
}

fn unused(changed: usize) -> Result<(), ApplyError> {
    if changed == 0 { conflict(PORTAL_KEY_IS_OVER) } else { Ok(()) }
}

fn put(to: &Tables<'_>, person: &PortalPerson) -> Result<(), ApplyError> {
    let sql = if person.version == 1 {
        "INSERT INTO portal_person (org_id, portal_person_id, account_id, email, made_key, doc, version)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (org_id, portal_person_id) DO NOTHING"
    } else {
        "UPDATE portal_person SET account_id = ?3, email = ?4, made_key = ?5, doc = ?6, version = ?7
         WHERE org_id = ?1 AND portal_person_id = ?2 AND version = ?7 - 1"
    };
    let (id, account, made) = (blob(person.id), blob(person.account), person.granted_at.as_millisecond());
    let version = signed(person.version).map_err(Fault::from)?;
    match to.run(sql, params![to.org, id, account, person.email, made, json(person)?, version]) {
        Ok(0) => conflict(PORTAL_PERSON_CHANGED),
        Ok(_) => Ok(()),
        Err(Fault::Engine(error)) if is_taken(&error) => conflict(PORTAL_ADDRESS_TAKEN),
        Err(fault) => Err(fault.into()),
    }
}

fn leave(to: &Tables<'_>, person: PortalPersonId) -> Result<(), Fault> {
    for sql in [
        "DELETE FROM portal_key WHERE org_id = ?1 AND portal_person_id = ?2",
        "DELETE FROM portal_session WHERE org_id = ?1 AND portal_person_id = ?2",
    ] {
        to.run(sql, params![to.org, blob(person)])?;
    }
    Ok(())
}

fn ask(to: &Tables<'_>, key: &PortalKey) -> Result<(), ApplyError> {
    let PortalKey { id, person, kind, handoff, browser, secret, tries, asked_at, expires_at, used_at } = key;
    let sql = "INSERT INTO portal_key (org_id, portal_key_id, portal_person_id, kind, browser, secret, tries, asked_at,
                   asked_key, expires_at, used_at, handoff_id)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
               ON CONFLICT (org_id, portal_key_id) DO NOTHING";
    let (asked, until) = (asked_at.to_string(), expires_at.to_string());
    let (asked_key, used) = (asked_at.as_millisecond(), used_at.map(|at| at.to_string()));
    let (id, person, about) = (blob(*id), blob(*person), handoff.map(blob));
    let values = params![
        to.org,
        id,
        person,
        kind.name(),
        browser,
        secret,
        tries,
        asked,
        asked_key,
        until,
        used,
        about
    ];
    to.claim(sql, values, || PORTAL_SECRET_TAKEN.to_owned())
}

fn put_session(to: &Tables<'_>, session: &PortalSession) -> Result<(), ApplyError> {
    let sql = "INSERT INTO portal_session (org_id, secret, portal_person_id, seen_key, doc)
               VALUES (?1, ?2, ?3, ?4, ?5)
               ON CONFLICT (org_id, secret) DO UPDATE SET portal_person_id = excluded.portal_person_id,
                   seen_key = excluded.seen_key, doc = excluded.doc";
    let (person, seen) = (blob(session.person), session.seen_at.as_millisecond());
    let values = params![to.org, session.secret, person, seen, json(session)?];
    to.claim(sql, values, || PORTAL_SECRET_TAKEN.to_owned())
}

fn tidy(to: &Tables<'_>, asked_before: Timestamp, seen_before: Timestamp) -> Result<(), Fault> {
    let sql = "DELETE FROM portal_key WHERE org_id = ?1 AND asked_key < ?2";
    to.run(sql, params![to.org, asked_before.as_millisecond()])?;
    let sql = "DELETE FROM portal_session WHERE org_id = ?1 AND seen_key < ?2";
    to.run(sql, params![to.org, seen_before.as_millisecond()])?;
    Ok(())
}
