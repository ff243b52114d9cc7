//! Plain tables.

use std::collections::BTreeSet;

use async_trait::async_trait;
use rusqlite::{Connection, OptionalExtension, Row, params, params_from_iter, types::Value};
use throughline_domain::{AccountId, OrgId, PersonId, Role, TeamId, TokenId};
use throughline_store::{
    Account, ApplyError, Audit, Change, Directory, EventPlace, EventSeen, Letter, Link, Org, PAGE, Page,
    Person, PublishedPlaybook, STRETCH, Session, StoreError, Team, Token, bounded, folded, needle,
};
use uuid::Uuid;

use super::{
    handoffs::{all, one},
    sql::{Sql, org_value, person_value},
    sweeps,
};
use crate::{
    SqliteStore,
    values::{blob, doc, id, time},
};

/// A document with the organisation it belongs to.
fn with_org<T: serde::de::DeserializeOwned>(row: &Row<'_>) -> rusqlite::Result<(OrgId, T)> {
    Ok((id(row, 0)?, doc(row, 1)?))
}

#[async_trait]
impl Directory for SqliteStore {
    async fn apply(&self, org: OrgId, changes: Vec<Change>, audit: Audit) -> Result<(), ApplyError> {
        self.writer.apply(org, changes, audit).await
    }

    async fn orgs(&self) -> Result<Vec<Org>, StoreError> {
        let sql = "SELECT doc FROM org ORDER BY org_id LIMIT ?1";
        self.readers.later(move |conn| all(conn, sql, [STRETCH], |row| doc(row, 0))).await
    }

    async fn org(&self, id: OrgId) -> Result<Option<Org>, StoreError> {
        let sql = "SELECT doc FROM org WHERE org_id = ?1";
        self.readers.now(|conn| one(conn, sql, [blob(id)], |row| doc(row, 0)))
    }

    async fn person(&self, org: OrgId, id: PersonId) -> Result<Option<Person>, StoreError> {
        let sql = "SELECT doc FROM person WHERE org_id = ?1 AND person_id = ?2";
        self.readers.now(|conn| one(conn, sql, params![blob(org), blob(id)], |row| doc(row, 0)))
    }

    async fn people_of(&self, org: OrgId, ids: &BTreeSet<PersonId>) -> Result<Vec<Person>, StoreError> {
        let sql = "SELECT doc FROM person WHERE org_id = ?1 AND person_id = ?2";
        self.readers.now(|conn| {
            let mut find = conn.prepare_cached(sql)?;
            let found = ids.iter().take(STRETCH as usize).map(|person| {
                find.query_row(params![blob(org), blob(*person)], |row| doc(row, 0)).optional()
            });
            found.filter_map(Result::transpose).collect()
        })
    }

    async fn people_by_email(&self, email: &str) -> Result<Vec<(OrgId, Person)>, StoreError> {
        let sql = "SELECT org_id, doc FROM person WHERE email = ?1 ORDER BY org_id LIMIT ?2";
        self.readers.now(|conn| all(conn, sql, params![folded(email), STRETCH], with_org))
    }

    async fn people(
        &self,
        org: OrgId,
        text: Option<&str>,
        after: Option<(String, PersonId)>,
        limit: u32,
    ) -> Result<Page<Person, (String, PersonId)>, StoreError> {
        let text = needle(text);
        self.readers.later(move |conn| people(conn, org, text, after, bounded(limit, PAGE))).await
    }

    async fn person_by_alias(&self, org: OrgId, alias: &str) -> Result<Option<Person>, StoreError> {
        let sql = "SELECT person.doc FROM person_alias JOIN person USING (org_id, person_id)
                   WHERE person_alias.org_id = ?1 AND alias = ?2";
        self.readers.now(|conn| one(conn, sql, params![blob(org), alias], |row| doc(row, 0)))
    }

    async fn teams(&self, org: OrgId) -> Result<Vec<Team>, StoreError> {
        let sql = "SELECT doc FROM team WHERE org_id = ?1 ORDER BY name_key, team_id LIMIT ?2";
        self.readers.later(move |conn| all(conn, sql, params![blob(org), STRETCH], |row| doc(row, 0))).await
    }

    async fn team_people(
        &self,
        org: OrgId,
        teams: &BTreeSet<TeamId>,
    ) -> Result<BTreeSet<PersonId>, StoreError> {
        let teams = teams.clone();
        let work = move |conn: &Connection| {
            let mut people = BTreeSet::new();
            for team in teams {
                let sql = "SELECT person_id FROM person WHERE org_id = ?1 AND team_id = ?2";
                people.extend(all::<PersonId, Vec<_>>(conn, sql, params![blob(org), blob(team)], |row| {
                    id(row, 0)
                })?);
            }
            Ok(people)
        };
        self.readers.later(work).await
    }

    async fn role_people(&self, org: OrgId, role: Role) -> Result<Vec<Person>, StoreError> {
        let sql = "SELECT person.doc FROM person_role JOIN person USING (org_id, person_id)
                   WHERE person_role.org_id = ?1 AND role = ?2 ORDER BY person_id LIMIT ?3";
        let work = move |conn: &Connection| {
            all(conn, sql, params![blob(org), role.name(), STRETCH], |row| doc(row, 0))
        };
        self.readers.later(work).await
    }

    async fn team(&self, org: OrgId, id: TeamId) -> Result<Option<Team>, StoreError> {
        let sql = "SELECT doc FROM team WHERE org_id = ?1 AND team_id = ?2";
        self.readers.now(|conn| one(conn, sql, params![blob(org), blob(id)], |row| doc(row, 0)))
    }

    async fn account(&self, org: OrgId, id: AccountId) -> Result<Option<Account>, StoreError> {
        let sql = "SELECT doc FROM account WHERE org_id = ?1 AND account_id = ?2";
        self.readers.now(|conn| one(conn, sql, params![blob(org), blob(id)], |row| doc(row, 0)))
    }

    async fn account_by_alias(&self, org: OrgId, alias: &str) -> Result<Option<Account>, StoreError> {
        let sql = "SELECT account.doc FROM account_alias JOIN account USING (org_id, account_id)
                   WHERE account_alias.org_id = ?1 AND alias = ?2";
        self.readers.now(|conn| one(conn, sql, params![blob(org), alias], |row| doc(row, 0)))
    }

    async fn playbooks(&self, org: OrgId) -> Result<Vec<PublishedPlaybook>, StoreError> {
        let sql = "SELECT playbook_id, name, version, '', at FROM playbook WHERE org_id = ?1 ORDER BY name, version";
        self.readers.later(move |conn| all(conn, sql, [blob(org)], published)).await
    }

    async fn playbook(
        &self,
        org: OrgId,
        name: &str,
        version: Option<u32>,
    ) -> Result<Option<PublishedPlaybook>, StoreError> {
        let sql = match version {
            Some(_) => {
                "SELECT playbook_id, name, version, source, at FROM playbook
                 WHERE org_id = ?1 AND name = ?2 AND version = ?3"
            }
            None => {
                "SELECT playbook_id, name, version, source, at FROM playbook
                 WHERE org_id = ?1 AND name = ?2 AND version >= coalesce(?3, 0) ORDER BY version DESC LIMIT 1"
            }
        };
        self.readers.now(|conn| one(conn, sql, params![blob(org), name, version], published))
    }

    async fn token(&self, secret: &str) -> Result<Option<(OrgId, Token)>, StoreError> {
        let sql = "SELECT org_id, doc FROM token WHERE secret = ?1";
        self.readers.now(|conn| one(conn, sql, [secret], with_org))
    }

    async fn tokens(&self, org: OrgId) -> Result<Vec<Token>, StoreError> {
        let sql = "SELECT doc FROM token WHERE org_id = ?1 ORDER BY made_key DESC, token_id DESC LIMIT ?2";
        self.readers.later(move |conn| all(conn, sql, params![blob(org), STRETCH], |row| doc(row, 0))).await
    }

    async fn token_by_id(&self, org: OrgId, id: TokenId) -> Result<Option<Token>, StoreError> {
        let sql = "SELECT doc FROM token WHERE org_id = ?1 AND token_id = ?2";
        self.readers.now(|conn| one(conn, sql, params![blob(org), blob(id)], |row| doc(row, 0)))
    }

    async fn session(&self, secret: &str) -> Result<Option<(OrgId, Session)>, StoreError> {
        let sql = "SELECT org_id, doc FROM session WHERE secret = ?1";
        self.readers.now(|conn| one(conn, sql, [secret], with_org))
    }

    async fn sessions_of(&self, org: OrgId, person: PersonId) -> Result<Vec<Session>, StoreError> {
        let sql = "SELECT doc FROM session WHERE org_id = ?1 AND person_id = ?2
                   ORDER BY made_key DESC, secret LIMIT ?3";
        let work = move |conn: &Connection| {
            all(conn, sql, params![blob(org), blob(person), STRETCH], |row| doc(row, 0))
        };
        self.readers.later(work).await
    }

    async fn link(&self, secret: &str) -> Result<Option<(OrgId, Link)>, StoreError> {
        let sql = "SELECT org_id, doc FROM link WHERE secret = ?1";
        self.readers.now(|conn| one(conn, sql, [secret], with_org))
    }

    async fn letters(
        &self,
        org: OrgId,
        to: Option<PersonId>,
        before: Option<Uuid>,
        limit: u32,
    ) -> Result<Vec<Letter>, StoreError> {
        let sql = letters_sql(org, to, before, bounded(limit, PAGE));
        let work =
            move |conn: &Connection| all(conn, &sql.text, params_from_iter(sql.values), |row| doc(row, 0));
        self.readers.later(work).await
    }

    async fn audit(
        &self,
        org: OrgId,
        before: Option<i64>,
        limit: u32,
    ) -> Result<Vec<(i64, Audit)>, StoreError> {
        let sql = "SELECT seq, doc FROM audit WHERE org_id = ?1 AND seq < ?2 ORDER BY seq DESC LIMIT ?3";
        let (before, limit) = (before.unwrap_or(i64::MAX), limit.clamp(1, PAGE));
        let line = |row: &Row<'_>| Ok((row.get(0)?, doc(row, 1)?));
        self.readers.later(move |conn| all(conn, sql, params![blob(org), before, limit], line)).await
    }

    async fn events(
        &self,
        org: OrgId,
        before: Option<EventPlace>,
        limit: u32,
    ) -> Result<Vec<EventSeen>, StoreError> {
        self.readers.later(move |conn| sweeps::events(conn, org, before, limit)).await
    }
}

fn published(row: &Row<'_>) -> rusqlite::Result<PublishedPlaybook> {
    let (id, at) = (id(row, 0)?, time(row, 4)?);
    Ok(PublishedPlaybook { id, name: row.get(1)?, version: row.get(2)?, source: row.get(3)?, at })
}

fn people(
    conn: &Connection,
    org: OrgId,
    text: Option<String>,
    after: Option<(String, PersonId)>,
    limit: usize,
) -> rusqlite::Result<Page<Person, (String, PersonId)>> {
    let sql = people_sql(org, text, after, limit + 1);
    let mut rows: Vec<Person> = all(conn, &sql.text, params_from_iter(sql.values), |row| doc(row, 0))?;
    let more = rows.len() > limit;
    rows.truncate(limit);
    let next = rows.last().filter(|_| more).map(|person| (person.name.to_lowercase(), person.id));
    Ok(Page { rows, next })
}

pub(super) fn people_sql(
    org: OrgId,
    text: Option<String>,
    after: Option<(String, PersonId)>,
    limit: usize,
) -> Sql {
    let mut sql = Sql::new("SELECT doc FROM person INDEXED BY person_name ");
    sql.with("WHERE org_id = ?", org_value(org));
    if let Some(text) = text {
        sql.with(" AND instr(search, ?) > 0", Value::Text(text));
    }
    if let Some((name, id)) = after {
        sql.with(" AND (name_key, person_id) > (?", Value::Text(name));
        sql.with(", ?)", person_value(id));
    }
    sql.push(" ORDER BY name_key, person_id");
    sql.limited(limit);
    sql
}

pub(super) fn letters_sql(org: OrgId, to: Option<PersonId>, before: Option<Uuid>, limit: usize) -> Sql {
    let mut sql = Sql::new("SELECT doc FROM letter ");
    sql.with("WHERE org_id = ?", org_value(org));
    if let Some(person) = to {
        sql.with(" AND to_person = ?", person_value(person));
    }
    if let Some(before) = before {
        sql.with(" AND letter_id < ?", Value::Blob(blob(before).to_vec()));
    }
    sql.push(" ORDER BY letter_id DESC");
    sql.limited(limit);
    sql
}
