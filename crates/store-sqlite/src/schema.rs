//! Numbered forward migrations. A file knows its version; a newer one than this program knows is refused.

use rusqlite::{Connection, OptionalExtension, TransactionBehavior};

use crate::faults::OpenError;

/// Each brings a file one version on; never changed once shipped.
const STEPS: [&str; 1] = [include_str!("schema/0001.sql")];

/// The newest version this program knows.
pub const SCHEMA_VERSION: u32 = STEPS.len() as u32;

/// Marks the file as ours: "TLin".
const APPLICATION: i64 = 0x544c_696e;

/// Brings the file up to date in one transaction; says from which version to which.
pub(crate) fn migrate(conn: &mut Connection) -> Result<(u32, u32), OpenError> {
    let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let application: i64 = tx.query_row("PRAGMA application_id", [], |row| row.get(0))?;
    let tables: i64 = tx.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    if application != APPLICATION && tables > 0 {
        return Err(OpenError::Foreign);
    }
    if tables == 0 {
        tx.execute_batch(&format!(
            "PRAGMA application_id = {APPLICATION};
             CREATE TABLE schema_version (version INTEGER NOT NULL PRIMARY KEY) STRICT;"
        ))?;
    }
    let found =
        tx.query_row("SELECT max(version) FROM schema_version", [], |row| row.get::<_, Option<u32>>(0));
    let found = found.optional()?.flatten().unwrap_or(0);
    if found > SCHEMA_VERSION {
        return Err(OpenError::Newer { found, known: SCHEMA_VERSION });
    }
    for (version, step) in (1..).zip(STEPS).skip(found as usize) {
        tx.execute_batch(step)?;
        tx.execute("INSERT INTO schema_version (version) VALUES (?1)", [version])?;
    }
    tx.commit()?;
    Ok((found, SCHEMA_VERSION))
}
