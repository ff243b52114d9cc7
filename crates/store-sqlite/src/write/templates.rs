//! A company's own templates.

use rusqlite::params;
use throughline_store::{ApplyError, TEMPLATE_MOVED_ON, TemplateChange, TemplateRow, columns::signed};

use super::apply::{Tables, conflict, json};
use crate::faults::Fault;

pub(super) fn change(to: &Tables<'_>, change: &TemplateChange) -> Result<(), ApplyError> {
    match change {
        TemplateChange::Put(row) => put(to, row),
        TemplateChange::Failed { kind, version, failure } => {
            let sql = "UPDATE template SET failed = ?4
                       WHERE org_id = ?1 AND kind = ?2 AND version = ?3 AND failed IS NULL";
            to.run(sql, params![to.org, kind, signed(*version).map_err(Fault::from)?, json(failure)?])?;
            Ok(())
        }
    }
}

fn put(to: &Tables<'_>, row: &TemplateRow) -> Result<(), ApplyError> {
    let TemplateRow { kind, version, source, changed_at, changed_by, failed } = row;
    let sql = if *version == 1 {
        "INSERT INTO template (org_id, kind, version, source, changed_at, changed_by, failed)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (org_id, kind) DO NOTHING"
    } else {
        "UPDATE template SET version = ?3, source = ?4, changed_at = ?5, changed_by = ?6, failed = ?7
         WHERE org_id = ?1 AND kind = ?2 AND version = ?3 - 1"
    };
    let failed = failed.as_ref().map(json).transpose()?;
    let version = signed(*version).map_err(Fault::from)?;
    let (at, by) = (changed_at.to_string(), json(changed_by)?);
    match to.run(sql, params![to.org, kind, version, source, at, by, failed])? {
        0 => conflict(TEMPLATE_MOVED_ON),
        _ => Ok(()),
    }
}
