//! Saved views.

use std::collections::BTreeSet;

use async_trait::async_trait;
use rusqlite::{Row, params};
use throughline_domain::{OrgId, PersonId, TeamId};
use throughline_store::{MOST_VIEWS, SavedView, StoreError, ViewChoice, Viewing};
use uuid::Uuid;

use super::handoffs::{all, one};
use crate::{
    SqliteStore,
    values::{blob, doc},
};

#[async_trait]
impl Viewing for SqliteStore {
    async fn views(
        &self,
        org: OrgId,
        person: PersonId,
        teams: &BTreeSet<TeamId>,
    ) -> Result<Vec<(SavedView, ViewChoice)>, StoreError> {
        let sql = "SELECT v.doc, coalesce(c.pinned, 0), coalesce(c.first, 0) FROM saved_view v
                   LEFT JOIN view_choice c
                       ON c.org_id = v.org_id AND c.person_id = ?2 AND c.view_id = v.view_id
                   WHERE v.org_id = ?1 AND (v.owner = ?2 OR v.shared = 'organisation'
                       OR v.team_id IN (SELECT unhex(value) FROM json_each(?3)))
                   ORDER BY v.name_key, v.view_id LIMIT ?4";
        let hex: Vec<String> = teams.iter().map(|team| team.0.simple().to_string()).collect();
        let teams = serde_json::Value::from(hex).to_string();
        let seen = |row: &Row<'_>| Ok((doc(row, 0)?, ViewChoice { pinned: row.get(1)?, first: row.get(2)? }));
        self.readers
            .later(move |conn| all(conn, sql, params![blob(org), blob(person), teams, MOST_VIEWS], seen))
            .await
    }

    async fn view(&self, org: OrgId, id: Uuid) -> Result<Option<SavedView>, StoreError> {
        let sql = "SELECT doc FROM saved_view WHERE org_id = ?1 AND view_id = ?2";
        self.readers.now(|conn| one(conn, sql, params![blob(org), blob(id)], |row| doc(row, 0)))
    }
}
