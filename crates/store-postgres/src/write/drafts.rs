//! Drafts of playbooks.

use throughline_store::{DRAFT_MOVED_ON, DraftRow, columns::signed};

use super::apply::{Halt, Tables, conflict, json};
use crate::{sql::Sql, values::plain};

pub(super) async fn keep(to: &mut Tables<'_, '_>, row: &DraftRow) -> Result<(), Halt> {
    let DraftRow { name, version, source, based_on, begun_at, begun_by, changed_at, changed_by } = row;
    let sql = Sql::of(if *version == 1 {
        "INSERT INTO draft (org_id, name, version, source, based_on, begun_at, begun_by, changed_at, changed_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (org_id, name) DO NOTHING"
    } else {
        "UPDATE draft SET version = $3, source = $4, based_on = $5, begun_at = $6, begun_by = $7,
                          changed_at = $8, changed_by = $9
         WHERE org_id = $1 AND name = $2 AND version = $3 - 1"
    });
    let sql = sql.bind(to.org).bind(plain(name)).bind(signed(*version)?);
    let sql = sql.bind(source.as_deref().map(plain)).bind(based_on.map(i64::from));
    let sql = sql.bind(begun_at.to_string()).bind(json(begun_by)?);
    let sql = sql.bind(changed_at.to_string()).bind(json(changed_by)?);
    match to.run(&sql).await? {
        0 => conflict(DRAFT_MOVED_ON),
        _ => Ok(()),
    }
}
