//! Saved views, and what their readers make of them.

use rusqlite::{OptionalExtension, params};
use throughline_domain::PersonId;
use throughline_store::{
    ApplyError, SavedView, Shared, VIEW_MOVED_ON, ViewChange, ViewChoice, columns::signed,
};
use uuid::Uuid;

use super::apply::{Tables, conflict, json};
use crate::{faults::Fault, values::blob};

pub(super) fn change(to: &Tables<'_>, change: &ViewChange) -> Result<(), ApplyError> {
    match change {
        ViewChange::Put(view) => put(to, view),
        ViewChange::Remove { view, version } => {
            let sql = "DELETE FROM saved_view WHERE org_id = ?1 AND view_id = ?2 AND version = ?3";
            let version = signed(*version).map_err(Fault::from)?;
            if to.run(sql, params![to.org, blob(*view), version])? == 0 {
                return conflict(VIEW_MOVED_ON);
            }
            let sql = "DELETE FROM view_choice WHERE org_id = ?1 AND view_id = ?2";
            to.run(sql, params![to.org, blob(*view)])?;
            Ok(())
        }
        ViewChange::Choose { person, view, choice } => choose(to, *person, *view, *choice),
    }
}

fn put(to: &Tables<'_>, view: &SavedView) -> Result<(), ApplyError> {
    let (shared, team) = match view.shared {
        Shared::Nobody => ("nobody", None),
        Shared::Team { team } => ("team", Some(blob(team))),
        Shared::Organisation => ("organisation", None),
    };
    let sql = if view.version == 1 {
        "INSERT INTO saved_view (org_id, view_id, owner, shared, team_id, name_key, place, version, doc)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT (org_id, view_id) DO NOTHING"
    } else {
        "UPDATE saved_view SET owner = ?3, shared = ?4, team_id = ?5, name_key = ?6, place = ?7, version = ?8,
             doc = ?9
         WHERE org_id = ?1 AND view_id = ?2 AND version = ?8 - 1"
    };
    let version = signed(view.version).map_err(Fault::from)?;
    let (name_key, place, doc) = (view.place_among().0, view.place.name(), json(view)?);
    let changed = to.run(
        sql,
        params![to.org, blob(view.id), blob(view.owner), shared, team, name_key, place, version, doc],
    )?;
    if changed == 0 { conflict(VIEW_MOVED_ON) } else { Ok(()) }
}

fn choose(to: &Tables<'_>, person: PersonId, view: Uuid, choice: ViewChoice) -> Result<(), ApplyError> {
    let sql = "SELECT place FROM saved_view WHERE org_id = ?1 AND view_id = ?2";
    let place: Option<String> = to
        .conn
        .prepare_cached(sql)
        .and_then(|mut find| find.query_row(params![to.org, blob(view)], |row| row.get(0)).optional())
        .map_err(Fault::from)?;
    let Some(place) = place else { return conflict(VIEW_MOVED_ON) };
    if choice.first {
        let sql = "UPDATE view_choice SET first = 0 WHERE org_id = ?1 AND person_id = ?2 AND first = 1
                       AND view_id IN (SELECT view_id FROM saved_view WHERE org_id = ?1 AND place = ?3)";
        to.run(sql, params![to.org, blob(person), place])?;
    }
    let sql = "INSERT INTO view_choice (org_id, person_id, view_id, pinned, first) VALUES (?1, ?2, ?3, ?4, ?5)
               ON CONFLICT (org_id, person_id, view_id) DO UPDATE SET pinned = excluded.pinned, first = excluded.first";
    to.run(sql, params![to.org, blob(person), blob(view), choice.pinned, choice.first])?;
    Ok(())
}
