//! Saved views.

use std::collections::BTreeSet;

use async_trait::async_trait;
use throughline_domain::{OrgId, PersonId, TeamId};
use throughline_store::{MOST_VIEWS, SavedView, StoreError, ViewChoice, Viewing};
use uuid::Uuid;

use crate::{
    PostgresStore,
    driver::{PgRow, Row},
    sql::Sql,
    values::doc,
};

#[async_trait]
impl Viewing for PostgresStore {
    async fn views(
        &self,
        org: OrgId,
        person: PersonId,
        teams: &BTreeSet<TeamId>,
    ) -> Result<Vec<(SavedView, ViewChoice)>, StoreError> {
        let sql = Sql::of(
            "SELECT v.doc, coalesce(c.pinned, false), coalesce(c.first, false) FROM saved_view v
             LEFT JOIN view_choice c ON c.org_id = v.org_id AND c.person_id = $2 AND c.view_id = v.view_id
             WHERE v.org_id = $1 AND (v.owner = $2 OR v.shared = 'organisation' OR v.team_id = ANY ($3))
             ORDER BY v.name_key, v.view_id LIMIT $4",
        );
        let teams: Vec<Uuid> = teams.iter().map(|team| team.0).collect();
        let sql = sql.bind(org.0).bind(person.0).bind(teams).bind(i64::from(MOST_VIEWS));
        let seen =
            |row: &PgRow| Ok((doc(row, 0)?, ViewChoice { pinned: row.try_get(1)?, first: row.try_get(2)? }));
        self.all(&sql, seen).await
    }

    async fn view(&self, org: OrgId, id: Uuid) -> Result<Option<SavedView>, StoreError> {
        let sql = Sql::of("SELECT doc FROM saved_view WHERE org_id = $1 AND view_id = $2");
        self.one(&sql.bind(org.0).bind(id), |row| doc(row, 0)).await
    }
}
