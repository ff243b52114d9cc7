//! Changes of who comes into the portal.

use jiff::Timestamp;
use throughline_domain::PortalPersonId;
use throughline_store::{
    PORTAL_ADDRESS_TAKEN, PORTAL_KEY_IS_OVER, PORTAL_PERSON_CHANGED, PORTAL_SECRET_TAKEN, PortalChange,
    PortalKey, PortalPerson, PortalSession, columns::signed,
};

use super::apply::{Halt, Tables, conflict, json};
use crate::{faults::Kind, sql::Sql, values::plain};

pub(super) async fn change(to: &mut Tables<'_, '_>, change: &PortalChange) -> Result<(), Halt> {
    match change {
        PortalChange::Put(person) => put(to, person).await,
        PortalChange::Leave(person) => leave(to, *person).await,
        PortalChange::Forget(person) => {
            leave(to, *person).await?;
            let sql = Sql::of("DELETE FROM portal_person WHERE org_id = $1 AND portal_person_id = $2");
            to.run(&sql.bind(to.org).bind(person.0)).await?;
            Ok(())
        }
        PortalChange::Ask(key) => ask(to, key).await,
        PortalChange::Hand { key, secret, expires_at } => {
            let sql = Sql::of(
                "UPDATE portal_key SET secret = $3, expires_at = $4
                 WHERE org_id = $1 AND portal_key_id = $2 AND used_at IS NULL",
            );
            let sql = sql.bind(to.org).bind(*key).bind(plain(secret)).bind(expires_at.to_string());
            match to.run(&sql).await {
                Err(fault) if fault.kind() == Kind::Taken => conflict(PORTAL_SECRET_TAKEN),
                other => unused(other?),
            }
        }
        PortalChange::Try { key, most } => {
            let sql = Sql::of(
                "UPDATE portal_key SET tries = tries + 1
                 WHERE org_id = $1 AND portal_key_id = $2 AND used_at IS NULL AND tries < $3",
            );
            unused(to.run(&sql.bind(to.org).bind(*key).bind(i64::from(*most))).await?)
        }
        PortalChange::Use { key, at } => {
            let sql = Sql::of(
                "UPDATE portal_key SET used_at = $3
                 WHERE org_id = $1 AND portal_key_id = $2 AND used_at IS NULL",
            );
            unused(to.run(&sql.bind(to.org).bind(*key).bind(at.to_string())).await?)
        }
        PortalChange::PutSession(session) => put_session(to, session).await,
        PortalChange::SeeSession { secret, at } => {
            let sql = Sql::of(
                "UPDATE portal_session
                 SET seen_key = $3, doc = jsonb_set(doc::jsonb, '{seen_at}', to_jsonb($4::text))::text
                 WHERE org_id = $1 AND secret = $2",
            );
            let sql = sql.bind(to.org).bind(plain(secret)).bind(at.as_millisecond()).bind(at.to_string());
            to.run(&sql).await?;
            Ok(())
        }
        PortalChange::EndSession(secret) => {
            let sql = Sql::of("DELETE FROM portal_session WHERE org_id = $1 AND secret = $2");
            to.run(&sql.bind(to.org).bind(plain(secret))).await?;
            Ok(())
        }
        PortalChange::Tidy { asked_before, seen_before } => tidy(to, *asked_before, *seen_before).await,
    }
}

fn unused(changed: u64) -> Result<(), Halt> {
    if changed == 0 { conflict(PORTAL_KEY_IS_OVER) } else { Ok(()) }
}

async fn put(to: &mut Tables<'_, '_>, person: &PortalPerson) -> Result<(), Halt> {
    let sql = Sql::of(if person.version == 1 {
        "INSERT INTO portal_person (org_id, portal_person_id, account_id, email, made_key, doc, version)
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (org_id, portal_person_id) DO NOTHING"
    } else {
        "UPDATE portal_person SET account_id = $3, email = $4, made_key = $5, doc = $6, version = $7
         WHERE org_id = $1 AND portal_person_id = $2 AND version = $7 - 1"
    });
    let sql = sql.bind(to.org).bind(person.id.0).bind(person.account.0).bind(plain(&person.email));
    let sql = sql.bind(person.granted_at.as_millisecond()).bind(json(person)?).bind(signed(person.version)?);
    match to.run(&sql).await {
        Ok(0) => conflict(PORTAL_PERSON_CHANGED),
        Ok(_) => Ok(()),
        Err(fault) if fault.kind() == Kind::Taken => conflict(PORTAL_ADDRESS_TAKEN),
        Err(fault) => Err(fault.into()),
    }
}

async fn leave(to: &mut Tables<'_, '_>, person: PortalPersonId) -> Result<(), Halt> {
    for sql in [
        "DELETE FROM portal_key WHERE org_id = $1 AND portal_person_id = $2",
        "DELETE FROM portal_session WHERE org_id = $1 AND portal_person_id = $2",
    ] {
        to.run(&Sql::of(sql).bind(to.org).bind(person.0)).await?;
    }
    Ok(())
}

async fn ask(to: &mut Tables<'_, '_>, key: &PortalKey) -> Result<(), Halt> {
    let PortalKey { id, person, kind, handoff, browser, secret, tries, asked_at, expires_at, used_at } = key;
    let sql = Sql::of(
        "INSERT INTO portal_key (org_id, portal_key_id, portal_person_id, kind, browser, secret, tries, asked_at,
             asked_key, expires_at, used_at, handoff_id)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
         ON CONFLICT (org_id, portal_key_id) DO NOTHING",
    );
    let sql = sql.bind(to.org).bind(*id).bind(person.0).bind(kind.name()).bind(plain(browser));
    let sql = sql.bind(secret.as_deref().map(plain)).bind(i64::from(*tries)).bind(asked_at.to_string());
    let sql = sql.bind(asked_at.as_millisecond()).bind(expires_at.to_string());
    let sql = sql.bind(used_at.map(|at| at.to_string())).bind(handoff.map(|handoff| handoff.0));
    to.claim(&sql, || PORTAL_SECRET_TAKEN.to_owned()).await
}

async fn put_session(to: &mut Tables<'_, '_>, session: &PortalSession) -> Result<(), Halt> {
    let sql = Sql::of(
        "INSERT INTO portal_session (org_id, secret, portal_person_id, seen_key, doc)
         VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (org_id, secret) DO UPDATE SET portal_person_id = excluded.portal_person_id,
             seen_key = excluded.seen_key, doc = excluded.doc",
    );
    let sql = sql.bind(to.org).bind(plain(&session.secret)).bind(session.person.0);
    let sql = sql.bind(session.seen_at.as_millisecond()).bind(json(session)?);
    to.claim(&sql, || PORTAL_SECRET_TAKEN.to_owned()).await
}

async fn tidy(to: &mut Tables<'_, '_>, asked_before: Timestamp, seen_before: Timestamp) -> Result<(), Halt> {
    let times = [
        ("DELETE FROM portal_key WHERE org_id = $1 AND asked_key < $2", asked_before),
        ("DELETE FROM portal_session WHERE org_id = $1 AND seen_key < $2", seen_before),
    ];
    for (sql, time) in times {
        to.run(&Sql::of(sql).bind(to.org).bind(time.as_millisecond())).await?;
    }
    Ok(())
}
