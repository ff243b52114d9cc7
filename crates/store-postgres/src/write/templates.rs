//! A company's own templates.

use throughline_store::{TEMPLATE_MOVED_ON, TemplateChange, TemplateRow, columns::signed};

use super::apply::{Halt, Tables, conflict, json};
use crate::{sql::Sql, values::plain};

pub(super) async fn change(to: &mut Tables<'_, '_>, change: &TemplateChange) -> Result<(), Halt> {
    match change {
        TemplateChange::Put(row) => put(to, row).await,
        TemplateChange::Failed { kind, version, failure } => {
            let sql = Sql::of(
                "UPDATE template SET failed = $4
                 WHERE org_id = $1 AND kind = $2 AND version = $3 AND failed IS NULL",
            );
            let sql = sql.bind(to.org).bind(plain(kind)).bind(signed(*version)?).bind(json(failure)?);
            to.run(&sql).await?;
            Ok(())
        }
    }
}

async fn put(to: &mut Tables<'_, '_>, row: &TemplateRow) -> Result<(), Halt> {
    let TemplateRow { kind, version, source, changed_at, changed_by, failed } = row;
    let sql = Sql::of(if *version == 1 {
        "INSERT INTO template (org_id, kind, version, source, changed_at, changed_by, failed)
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (org_id, kind) DO NOTHING"
    } else {
        "UPDATE template SET version = $3, source = $4, changed_at = $5, changed_by = $6, failed = $7
         WHERE org_id = $1 AND kind = $2 AND version = $3 - 1"
    });
    let sql = sql.bind(to.org).bind(plain(kind)).bind(signed(*version)?);
    let sql = sql.bind(source.as_deref().map(plain)).bind(changed_at.to_string());
    let sql = sql.bind(json(changed_by)?).bind(failed.as_ref().map(json).transpose()?);
    match to.run(&sql).await? {
        0 => conflict(TEMPLATE_MOVED_ON),
        _ => Ok(()),
    }
}
