//! Drafts of playbooks.

use rusqlite::params;
use throughline_store::{ApplyError, DRAFT_MOVED_ON, DraftRow, columns::signed};

use super::apply::{Tables, conflict, json};
use crate::faults::Fault;

pub(super) fn keep(to: &Tables<'_>, row: &DraftRow) -> Result<(), ApplyError> {
    let DraftRow { name, version, source, based_on, begun_at, begun_by, changed_at, changed_by } = row;
    let sql = if *version == 1 {
        "INSERT INTO draft (org_id, name, version, source, based_on, begun_at, begun_by, changed_at, changed_by)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT (org_id, name) DO NOTHING"
    } else {
        "UPDATE draft SET version = ?3, source = ?4, based_on = ?5, begun_at = ?6, begun_by = ?7,
                          changed_at = ?8, changed_by = ?9
         WHERE org_id = ?1 AND name = ?2 AND version = ?3 - 1"
    };
    let version = signed(*version).map_err(Fault::from)?;
    let (begun_at, changed_at) = (begun_at.to_string(), changed_at.to_string());
    let (begun_by, changed_by) = (json(begun_by)?, json(changed_by)?);
    let row = params![to.org, name, version, source, based_on, begun_at, begun_by, changed_at, changed_by];
    match to.run(sql, row)? {
        0 => conflict(DRAFT_MOVED_ON),
        _ => Ok(()),
    }
}
