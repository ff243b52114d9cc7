//! Who comes into the portal.

use async_trait::async_trait;
use jiff::Timestamp;
use rusqlite::{Row, params};
use throughline_domain::{AccountId, OrgId, PortalPersonId};
use throughline_store::{
    PORTAL_PEOPLE, PortalKey, PortalKeyKind, PortalPerson, PortalSession, Portals, StoreError,
};
use uuid::Uuid;

use super::handoffs::{all, one};
use crate::{
    SqliteStore,
    values::{blob, count, doc, id, maybe_id, small, time, unreadable},
};

#[async_trait]
impl Portals for SqliteStore {
    async fn portal_people(&self, org: OrgId, account: AccountId) -> Result<Vec<PortalPerson>, StoreError> {
        let sql = "SELECT doc, version FROM portal_person WHERE org_id = ?1 AND account_id = ?2
                   ORDER BY made_key, portal_person_id LIMIT ?3";
        let values = params![blob(org), blob(account), PORTAL_PEOPLE];
        self.readers.now(|conn| all(conn, sql, values, |row| person(row, 0)))
    }

    async fn portal_person(
        &self,
        org: OrgId,
        id: PortalPersonId,
    ) -> Result<Option<PortalPerson>, StoreError> {
        let sql = "SELECT doc, version FROM portal_person WHERE org_id = ?1 AND portal_person_id = ?2";
        self.readers.now(|conn| one(conn, sql, params![blob(org), blob(id)], |row| person(row, 0)))
    }

    async fn portal_people_by_email(&self, email: &str) -> Result<Vec<(OrgId, PortalPerson)>, StoreError> {
        let sql = "SELECT org_id, doc, version FROM portal_person WHERE email = ?1
                   ORDER BY org_id, portal_person_id LIMIT ?2";
        let values = params![email, PORTAL_PEOPLE];
        self.readers.now(|conn| all(conn, sql, values, |row| Ok((id(row, 0)?, person(row, 1)?))))
    }

    async fn portal_key(&self, org: OrgId, id: Uuid) -> Result<Option<PortalKey>, StoreError> {
        let sql = "SELECT portal_key_id, portal_person_id, kind, browser, secret, tries, asked_at, expires_at, used_at,
                       handoff_id
                   FROM portal_key WHERE org_id = ?1 AND portal_key_id = ?2";
        self.readers.now(|conn| one(conn, sql, params![blob(org), blob(id)], |row| key(row, 0)))
    }

    async fn portal_key_of(&self, secret: &str) -> Result<Option<(OrgId, PortalKey)>, StoreError> {
        let sql = "SELECT org_id, portal_key_id, portal_person_id, kind, browser, secret, tries, asked_at, expires_at,
                       used_at, handoff_id
                   FROM portal_key WHERE secret = ?1";
        self.readers.now(|conn| one(conn, sql, [secret], |row| Ok((id(row, 0)?, key(row, 1)?))))
    }

    async fn portal_asked(
        &self,
        org: OrgId,
        person: PortalPersonId,
        kind: PortalKeyKind,
        since: Timestamp,
    ) -> Result<u32, StoreError> {
        let sql = "SELECT count(*) FROM portal_key
                   WHERE org_id = ?1 AND portal_person_id = ?2 AND asked_key >= ?3 AND kind = ?4";
        let values = params![blob(org), blob(person), since.as_millisecond(), kind.name()];
        let count = self.readers.now(|conn| one(conn, sql, values, |row| small(row, 0)))?;
        Ok(count.unwrap_or(0))
    }

    async fn portal_session(&self, secret: &str) -> Result<Option<(OrgId, PortalSession)>, StoreError> {
        let sql = "SELECT org_id, doc FROM portal_session WHERE secret = ?1";
        self.readers.now(|conn| one(conn, sql, [secret], |row| Ok((id(row, 0)?, doc(row, 1)?))))
    }
}

fn person(row: &Row<'_>, from: usize) -> rusqlite::Result<PortalPerson> {
    Ok(PortalPerson { version: count(row, from + 1)?, ..doc(row, from)? })
}

fn key(row: &Row<'_>, from: usize) -> rusqlite::Result<PortalKey> {
    let kind = PortalKeyKind::of(row.get_ref(from + 2)?.as_str()?);
    let used_at = match row.get_ref(from + 8)? {
        rusqlite::types::ValueRef::Null => None,
        _ => Some(time(row, from + 8)?),
    };
    Ok(PortalKey {
        id: id(row, from)?,
        person: id(row, from + 1)?,
        kind: kind.map_err(|error| unreadable(from + 2, error))?,
        browser: row.get(from + 3)?,
        secret: row.get(from + 4)?,
        tries: small(row, from + 5)?,
        asked_at: time(row, from + 6)?,
        expires_at: time(row, from + 7)?,
        used_at,
        handoff: maybe_id(row, from + 9)?,
    })
}
