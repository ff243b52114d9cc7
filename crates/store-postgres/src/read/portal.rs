//! Who comes into the portal.

use async_trait::async_trait;
use jiff::Timestamp;
use throughline_domain::{AccountId, OrgId, PortalPersonId};
use throughline_store::{
    PORTAL_PEOPLE, PortalKey, PortalKeyKind, PortalPerson, PortalSession, Portals, StoreError,
};
use uuid::Uuid;

use crate::{
    PostgresStore,
    driver::{Error, PgRow, Row},
    sql::Sql,
    values::{count, doc, id, maybe_id, plain, small, time},
};

#[async_trait]
impl Portals for PostgresStore {
    async fn portal_people(&self, org: OrgId, account: AccountId) -> Result<Vec<PortalPerson>, StoreError> {
        let sql = Sql::of(
            "SELECT doc, version FROM portal_person WHERE org_id = $1 AND account_id = $2
             ORDER BY made_key, portal_person_id LIMIT $3",
        );
        let sql = sql.bind(org.0).bind(account.0).bind(i64::from(PORTAL_PEOPLE));
        self.all(&sql, |row| person(row, 0)).await
    }

    async fn portal_person(
        &self,
        org: OrgId,
        id: PortalPersonId,
    ) -> Result<Option<PortalPerson>, StoreError> {
        let sql =
            Sql::of("SELECT doc, version FROM portal_person WHERE org_id = $1 AND portal_person_id = $2");
        self.one(&sql.bind(org.0).bind(id.0), |row| person(row, 0)).await
    }

    async fn portal_people_by_email(&self, email: &str) -> Result<Vec<(OrgId, PortalPerson)>, StoreError> {
        let sql = Sql::of(
            "SELECT org_id, doc, version FROM portal_person WHERE email = $1
             ORDER BY org_id, portal_person_id LIMIT $2",
        );
        let sql = sql.bind(plain(email)).bind(i64::from(PORTAL_PEOPLE));
        self.all(&sql, |row| Ok((id(row, 0)?, person(row, 1)?))).await
    }

    async fn portal_key(&self, org: OrgId, id: Uuid) -> Result<Option<PortalKey>, StoreError> {
        let sql = Sql::of(
            "SELECT portal_key_id, portal_person_id, kind, browser, secret, tries, asked_at, expires_at, used_at,
                 handoff_id
             FROM portal_key WHERE org_id = $1 AND portal_key_id = $2",
        );
        self.one(&sql.bind(org.0).bind(id), |row| key(row, 0)).await
    }

    async fn portal_key_of(&self, secret: &str) -> Result<Option<(OrgId, PortalKey)>, StoreError> {
        let sql = Sql::of(
            "SELECT org_id, portal_key_id, portal_person_id, kind, browser, secret, tries, asked_at, expires_at,
                 used_at, handoff_id
             FROM portal_key WHERE secret = $1",
        );
        self.one(&sql.bind(plain(secret)), |row| Ok((id(row, 0)?, key(row, 1)?))).await
    }

    async fn portal_asked(
        &self,
        org: OrgId,
        person: PortalPersonId,
        kind: PortalKeyKind,
        since: Timestamp,
    ) -> Result<u32, StoreError> {
        let sql = Sql::of(
            "SELECT count(*) FROM portal_key
             WHERE org_id = $1 AND portal_person_id = $2 AND asked_key >= $3 AND kind = $4",
        );
        let sql = sql.bind(org.0).bind(person.0).bind(since.as_millisecond()).bind(kind.name());
        Ok(self.one(&sql, |row| small(row, 0)).await?.unwrap_or(0))
    }

    async fn portal_session(&self, secret: &str) -> Result<Option<(OrgId, PortalSession)>, StoreError> {
        let sql = Sql::of("SELECT org_id, doc FROM portal_session WHERE secret = $1");
        self.one(&sql.bind(plain(secret)), |row| Ok((id(row, 0)?, doc(row, 1)?))).await
    }
}

fn person(row: &PgRow, from: usize) -> Result<PortalPerson, Error> {
    Ok(PortalPerson { version: count(row, from + 1)?, ..doc(row, from)? })
}

fn key(row: &PgRow, from: usize) -> Result<PortalKey, Error> {
    let kind = PortalKeyKind::of(row.try_get(from + 2)?).map_err(|why| Error::Decode(why.into()))?;
    let used_at = match row.try_get::<Option<&str>, _>(from + 8)? {
        Some(_) => Some(time(row, from + 8)?),
        None => None,
    };
    Ok(PortalKey {
        id: id(row, from)?,
        person: id(row, from + 1)?,
        kind,
        browser: row.try_get(from + 3)?,
        secret: row.try_get(from + 4)?,
        tries: small(row, from + 5)?,
        asked_at: time(row, from + 6)?,
        expires_at: time(row, from + 7)?,
        used_at,
        handoff: maybe_id(row, from + 9)?,
    })
}
