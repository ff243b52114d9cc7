//! Saved views, and what their readers make of them.

use throughline_domain::PersonId;
use throughline_store::{SavedView, Shared, VIEW_MOVED_ON, ViewChange, ViewChoice, columns::signed};
use uuid::Uuid;

use super::apply::{Halt, Tables, conflict, json};
use crate::{sql::Sql, values::plain};

pub(super) async fn change(to: &mut Tables<'_, '_>, change: &ViewChange) -> Result<(), Halt> {
    match change {
        ViewChange::Put(view) => put(to, view).await,
        ViewChange::Remove { view, version } => {
            let sql = Sql::of("DELETE FROM saved_view WHERE org_id = $1 AND view_id = $2 AND version = $3");
            if to.run(&sql.bind(to.org).bind(*view).bind(signed(*version)?)).await? == 0 {
                return conflict(VIEW_MOVED_ON);
            }
            let sql = Sql::of("DELETE FROM view_choice WHERE org_id = $1 AND view_id = $2");
            to.run(&sql.bind(to.org).bind(*view)).await?;
            Ok(())
        }
        ViewChange::Choose { person, view, choice } => choose(to, *person, *view, *choice).await,
    }
}

async fn put(to: &mut Tables<'_, '_>, view: &SavedView) -> Result<(), Halt> {
    let (shared, team) = match view.shared {
        Shared::Nobody => ("nobody", None),
        Shared::Team { team } => ("team", Some(team.0)),
        Shared::Organisation => ("organisation", None),
    };
    let sql = Sql::of(if view.version == 1 {
        "INSERT INTO saved_view (org_id, view_id, owner, shared, team_id, name_key, place, version, doc)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (org_id, view_id) DO NOTHING"
    } else {
        "UPDATE saved_view SET owner = $3, shared = $4, team_id = $5, name_key = $6, place = $7, version = $8,
             doc = $9
         WHERE org_id = $1 AND view_id = $2 AND version = $8 - 1"
    });
    let (name_key, place, doc) = (view.place_among().0, view.place.name(), json(view)?);
    let sql = sql.bind(to.org).bind(view.id).bind(view.owner.0).bind(shared).bind(team);
    let sql = sql.bind(plain(&name_key)).bind(place).bind(signed(view.version)?).bind(doc);
    match to.run(&sql).await? {
        0 => conflict(VIEW_MOVED_ON),
        _ => Ok(()),
    }
}

async fn choose(
    to: &mut Tables<'_, '_>,
    person: PersonId,
    view: Uuid,
    choice: ViewChoice,
) -> Result<(), Halt> {
    // The view stays until this is written.
    let sql = Sql::of(
        "INSERT INTO view_choice (org_id, person_id, view_id, pinned, first)
         SELECT $1, $2, $3, $4, $5 FROM saved_view WHERE org_id = $1 AND view_id = $3 FOR SHARE
         ON CONFLICT (org_id, person_id, view_id)
             DO UPDATE SET pinned = excluded.pinned, first = excluded.first",
    );
    let sql = sql.bind(to.org).bind(person.0).bind(view).bind(choice.pinned).bind(choice.first);
    if to.run(&sql).await? == 0 {
        return conflict(VIEW_MOVED_ON);
    }
    if choice.first {
        let sql = Sql::of(
            "UPDATE view_choice c SET first = false FROM saved_view v, saved_view own
             WHERE c.org_id = $1 AND c.person_id = $2 AND c.view_id <> $3 AND c.first
                 AND v.org_id = $1 AND v.view_id = c.view_id AND own.org_id = $1 AND own.view_id = $3
                 AND v.place = own.place",
        );
        to.run(&sql.bind(to.org).bind(person.0).bind(view)).await?;
    }
    Ok(())
}
