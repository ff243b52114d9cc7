//! A sample is an organisation of its own, so that it goes whole: every row of it, of every table there is.

use throughline_domain::OrgId;
use throughline_store::{NO_SAMPLE, Org};

use super::apply::{Halt, Tables, conflict};
use crate::{driver::Row, faults::Fault, sql::Sql, values::doc};

/// Every table but the one that tells the database's version leads with the organisation.
const TABLES: &str = "SELECT relname::text FROM pg_class
    JOIN pg_attribute ON attrelid = pg_class.oid AND attname = 'org_id' AND NOT attisdropped
    WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition
    ORDER BY relname";

pub(super) async fn take_away(to: &mut Tables<'_, '_>, sample: OrgId) -> Result<(), Halt> {
    // Whoever changes it meanwhile waits, and finds nothing then.
    let sql = Sql::of("SELECT doc FROM org WHERE org_id = $1 FOR UPDATE").bind(sample.0);
    let row = to.rows(&sql).await?.pop();
    let held: Option<Org> = row.map(|row| doc(&row, 0)).transpose()?;
    if held.and_then(|org| org.sample_of).is_none_or(|of| of.0 != to.org) {
        return conflict(NO_SAMPLE);
    }
    for row in to.rows(&Sql::of(TABLES)).await? {
        let table: String = row.try_get(0).map_err(Fault::from)?;
        let mut sql = Sql::of("DELETE FROM ");
        sql.push(&format!("\"{table}\" WHERE org_id = $1"));
        to.run(&sql.bind(sample.0)).await?;
    }
    Ok(())
}
