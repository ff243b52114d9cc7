//! A sample is an organisation of its own, so that it goes whole: every row of it, of every table there is.

use rusqlite::{OptionalExtension, params};
use throughline_domain::OrgId;
use throughline_store::{ApplyError, NO_SAMPLE, Org};

use super::apply::{Tables, conflict};
use crate::{
    faults::Fault,
    values::{blob, doc},
};

/// Every table but the one that tells the file's version leads with the organisation.
const TABLES: &str = "SELECT name FROM pragma_table_list
    WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> 'schema_version'";

pub(super) fn take_away(to: &Tables<'_>, sample: OrgId) -> Result<(), ApplyError> {
    let whose = whose(to, sample)?;
    if whose.is_none_or(|of| blob(of) != to.org) {
        return conflict(NO_SAMPLE);
    }
    for table in tables(to)? {
        to.run(&format!("DELETE FROM {table} WHERE org_id = ?1"), params![blob(sample)])?;
    }
    Ok(())
}

fn whose(to: &Tables<'_>, sample: OrgId) -> Result<Option<OrgId>, Fault> {
    let mut find = to.conn.prepare_cached("SELECT doc FROM org WHERE org_id = ?1")?;
    let found = find.query_row(params![blob(sample)], |row| doc::<Org>(row, 0)).optional()?;
    Ok(found.and_then(|org| org.sample_of))
}

fn tables(to: &Tables<'_>) -> Result<Vec<String>, Fault> {
    let mut find = to.conn.prepare_cached(TABLES)?;
    let names = find.query_map([], |row| row.get(0))?;
    Ok(names.collect::<rusqlite::Result<_>>()?)
}
