//! Plain tables.

use std::collections::BTreeSet;

use async_trait::async_trait;
use throughline_domain::{AccountId, OrgId, PersonId, Role, TeamId, TokenId};
use throughline_store::{
    Account, ApplyError, Audit, Change, Directory, EventPlace, EventSeen, Letter, Link, Org, PAGE, Page,
    Person, PublishedPlaybook, STRETCH, Session, StoreError, Team, Token, bounded, folded, needle,
};
use uuid::Uuid;

use super::{limit as rows_at_most, sweeps};
use crate::{
    PostgresStore,
    driver::{Error, PgRow, Row},
    sql::Sql,
    values::{doc, id, plain, time},
    write,
};

/// The most rows of a list without pages.
const MOST: i64 = STRETCH as i64;

/// A document with the organisation it belongs to.
fn with_org<T: serde::de::DeserializeOwned>(row: &PgRow) -> Result<(OrgId, T), Error> {
    Ok((id(row, 0)?, doc(row, 1)?))
}

#[async_trait]
impl Directory for PostgresStore {
    async fn apply(&self, org: OrgId, changes: Vec<Change>, audit: Audit) -> Result<(), ApplyError> {
        write::apply(&self.pool, org, &changes, &audit).await?;
        if changes.iter().any(Change::nudges) {
            self.nudges.ring();
        }
        Ok(())
    }

    async fn orgs(&self) -> Result<Vec<Org>, StoreError> {
        let sql = Sql::of("SELECT doc FROM org ORDER BY org_id LIMIT $1");
        self.all(&sql.bind(MOST), |row| doc(row, 0)).await
    }

    async fn org(&self, id: OrgId) -> Result<Option<Org>, StoreError> {
        let sql = Sql::of("SELECT doc FROM org WHERE org_id = $1");
        self.one(&sql.bind(id.0), |row| doc(row, 0)).await
    }

    async fn person(&self, org: OrgId, id: PersonId) -> Result<Option<Person>, StoreError> {
        let sql = Sql::of("SELECT doc FROM person WHERE org_id = $1 AND person_id = $2");
        self.one(&sql.bind(org.0).bind(id.0), |row| doc(row, 0)).await
    }

    async fn people_of(&self, org: OrgId, ids: &BTreeSet<PersonId>) -> Result<Vec<Person>, StoreError> {
        let sql = Sql::of(
            "SELECT doc FROM person WHERE org_id = $1 AND person_id = ANY ($2) ORDER BY person_id LIMIT $3",
        );
        let ids: Vec<Uuid> = ids.iter().map(|person| person.0).collect();
        self.all(&sql.bind(org.0).bind(ids).bind(MOST), |row| doc(row, 0)).await
    }

    async fn people_by_email(&self, email: &str) -> Result<Vec<(OrgId, Person)>, StoreError> {
        let sql = Sql::of("SELECT org_id, doc FROM person WHERE email = $1 ORDER BY org_id LIMIT $2");
        self.all(&sql.bind(plain(&folded(email))).bind(MOST), with_org).await
    }

    async fn people(
        &self,
        org: OrgId,
        text: Option<&str>,
        after: Option<(String, PersonId)>,
        limit: u32,
    ) -> Result<Page<Person, (String, PersonId)>, StoreError> {
        let limit = bounded(limit, PAGE);
        let sql = people_sql(org, needle(text).as_deref(), after, limit + 1);
        let mut rows: Vec<Person> = self.all(&sql, |row| doc(row, 0)).await?;
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next = rows.last().filter(|_| more).map(|person| (person.name.to_lowercase(), person.id));
        Ok(Page { rows, next })
    }

    async fn person_by_alias(&self, org: OrgId, alias: &str) -> Result<Option<Person>, StoreError> {
        let sql = Sql::of(
            "SELECT person.doc FROM person_alias JOIN person USING (org_id, person_id)
             WHERE person_alias.org_id = $1 AND alias = $2",
        );
        self.one(&sql.bind(org.0).bind(plain(alias)), |row| doc(row, 0)).await
    }

    async fn teams(&self, org: OrgId) -> Result<Vec<Team>, StoreError> {
        let sql = Sql::of("SELECT doc FROM team WHERE org_id = $1 ORDER BY name_key, team_id LIMIT $2");
        self.all(&sql.bind(org.0).bind(MOST), |row| doc(row, 0)).await
    }

    async fn team_people(
        &self,
        org: OrgId,
        teams: &BTreeSet<TeamId>,
    ) -> Result<BTreeSet<PersonId>, StoreError> {
        let sql = Sql::of("SELECT person_id FROM person WHERE org_id = $1 AND team_id = ANY ($2)");
        let teams: Vec<Uuid> = teams.iter().map(|team| team.0).collect();
        self.all(&sql.bind(org.0).bind(teams), |row| id(row, 0)).await
    }

    async fn role_people(&self, org: OrgId, role: Role) -> Result<Vec<Person>, StoreError> {
        let sql = Sql::of(
            "SELECT person.doc FROM person_role JOIN person USING (org_id, person_id)
             WHERE person_role.org_id = $1 AND role = $2 ORDER BY person_id LIMIT $3",
        );
        self.all(&sql.bind(org.0).bind(role.name()).bind(MOST), |row| doc(row, 0)).await
    }

    async fn team(&self, org: OrgId, id: TeamId) -> Result<Option<Team>, StoreError> {
        let sql = Sql::of("SELECT doc FROM team WHERE org_id = $1 AND team_id = $2");
        self.one(&sql.bind(org.0).bind(id.0), |row| doc(row, 0)).await
    }

    async fn account(&self, org: OrgId, id: AccountId) -> Result<Option<Account>, StoreError> {
        let sql = Sql::of("SELECT doc FROM account WHERE org_id = $1 AND account_id = $2");
        self.one(&sql.bind(org.0).bind(id.0), |row| doc(row, 0)).await
    }

    async fn account_by_alias(&self, org: OrgId, alias: &str) -> Result<Option<Account>, StoreError> {
        let sql = Sql::of(
            "SELECT account.doc FROM account_alias JOIN account USING (org_id, account_id)
             WHERE account_alias.org_id = $1 AND alias = $2",
        );
        self.one(&sql.bind(org.0).bind(plain(alias)), |row| doc(row, 0)).await
    }

    async fn playbooks(&self, org: OrgId) -> Result<Vec<PublishedPlaybook>, StoreError> {
        let sql = Sql::of(
            "SELECT playbook_id, name, version, '', at FROM playbook WHERE org_id = $1 ORDER BY name, version",
        );
        self.all(&sql.bind(org.0), published).await
    }

    async fn playbook(
        &self,
        org: OrgId,
        name: &str,
        version: Option<u32>,
    ) -> Result<Option<PublishedPlaybook>, StoreError> {
        let mut sql = Sql::of(
            "SELECT playbook_id, name, version, source, at FROM playbook WHERE org_id = $1 AND name = $2",
        );
        sql = sql.bind(org.0).bind(plain(name));
        match version {
            Some(version) => sql.push(" AND version = ").value(i64::from(version)),
            None => sql.push(" ORDER BY version DESC LIMIT 1"),
        };
        self.one(&sql, published).await
    }

    async fn token(&self, secret: &str) -> Result<Option<(OrgId, Token)>, StoreError> {
        let sql = Sql::of("SELECT org_id, doc FROM token WHERE secret = $1");
        self.one(&sql.bind(plain(secret)), with_org).await
    }

    async fn tokens(&self, org: OrgId) -> Result<Vec<Token>, StoreError> {
        let sql =
            Sql::of("SELECT doc FROM token WHERE org_id = $1 ORDER BY made_key DESC, token_id DESC LIMIT $2");
        self.all(&sql.bind(org.0).bind(MOST), |row| doc(row, 0)).await
    }

    async fn token_by_id(&self, org: OrgId, id: TokenId) -> Result<Option<Token>, StoreError> {
        let sql = Sql::of("SELECT doc FROM token WHERE org_id = $1 AND token_id = $2");
        self.one(&sql.bind(org.0).bind(id.0), |row| doc(row, 0)).await
    }

    async fn session(&self, secret: &str) -> Result<Option<(OrgId, Session)>, StoreError> {
        let sql = Sql::of("SELECT org_id, doc FROM session WHERE secret = $1");
        self.one(&sql.bind(plain(secret)), with_org).await
    }

    async fn sessions_of(&self, org: OrgId, person: PersonId) -> Result<Vec<Session>, StoreError> {
        let sql = Sql::of(
            "SELECT doc FROM session WHERE org_id = $1 AND person_id = $2 ORDER BY made_key DESC, secret LIMIT $3",
        );
        self.all(&sql.bind(org.0).bind(person.0).bind(MOST), |row| doc(row, 0)).await
    }

    async fn link(&self, secret: &str) -> Result<Option<(OrgId, Link)>, StoreError> {
        let sql = Sql::of("SELECT org_id, doc FROM link WHERE secret = $1");
        self.one(&sql.bind(plain(secret)), with_org).await
    }

    async fn letters(
        &self,
        org: OrgId,
        to: Option<PersonId>,
        before: Option<Uuid>,
        limit: u32,
    ) -> Result<Vec<Letter>, StoreError> {
        self.all(&letters_sql(org, to, before, bounded(limit, PAGE)), |row| doc(row, 0)).await
    }

    async fn audit(
        &self,
        org: OrgId,
        before: Option<i64>,
        limit: u32,
    ) -> Result<Vec<(i64, Audit)>, StoreError> {
        let sql =
            Sql::of("SELECT seq, doc FROM audit WHERE org_id = $1 AND seq < $2 ORDER BY seq DESC LIMIT $3");
        let sql = sql.bind(org.0).bind(before.unwrap_or(i64::MAX)).bind(rows_at_most(bounded(limit, PAGE)));
        self.all(&sql, |row| Ok((row.try_get(0)?, doc(row, 1)?))).await
    }

    async fn events(
        &self,
        org: OrgId,
        before: Option<EventPlace>,
        limit: u32,
    ) -> Result<Vec<EventSeen>, StoreError> {
        self.all(&sweeps::events_sql(org, before.as_ref(), limit), sweeps::event).await
    }
}

fn published(row: &PgRow) -> Result<PublishedPlaybook, Error> {
    let version = u32::try_from(row.try_get::<i64, _>(2)?).map_err(|why| Error::Decode(why.into()))?;
    let (id, name, source, at) = (id(row, 0)?, row.try_get(1)?, row.try_get(3)?, time(row, 4)?);
    Ok(PublishedPlaybook { id, name, version, source, at })
}

pub(super) fn people_sql(
    org: OrgId,
    text: Option<&str>,
    after: Option<(String, PersonId)>,
    limit: usize,
) -> Sql {
    let mut sql = Sql::of("SELECT doc FROM person WHERE org_id = $1").bind(org.0);
    if let Some(text) = text {
        sql.push(" AND strpos(search, ").value(plain(text)).push(") > 0");
    }
    if let Some((name, id)) = after {
        sql.push(" AND (name_key, person_id) > (").value(plain(&name)).push(", ").value(id.0).push(")");
    }
    sql.push(" ORDER BY name_key, person_id LIMIT ").value(rows_at_most(limit));
    sql
}

pub(super) fn letters_sql(org: OrgId, to: Option<PersonId>, before: Option<Uuid>, limit: usize) -> Sql {
    let mut sql = Sql::of("SELECT doc FROM letter WHERE org_id = $1").bind(org.0);
    if let Some(person) = to {
        sql.push(" AND to_person = ").value(person.0);
    }
    if let Some(before) = before {
        sql.push(" AND letter_id < ").value(before);
    }
    sql.push(" ORDER BY letter_id DESC LIMIT ").value(rows_at_most(limit));
    sql
}
