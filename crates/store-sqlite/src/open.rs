//! Connections and what they promise.

use std::{path::Path, time::Duration};

use rusqlite::{Connection, OpenFlags};

use crate::faults::OpenError;

/// How long one connection waits for another process.
const PATIENCE: Duration = Duration::from_secs(5);
/// How many pages the log holds before it is written back: 16 MiB.
const CHECKPOINT_PAGES: u32 = 4_096;
/// What the log's file is cut back to after it grew: 64 MiB.
const LOG_BYTES: u32 = 64 << 20;

/// The one connection that writes.
pub(crate) fn for_writing(path: &Path) -> Result<Connection, OpenError> {
    let flags =
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = Connection::open_with_flags(path, flags)?;
    conn.busy_timeout(PATIENCE)?;
    conn.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(()))?;
    conn.execute_batch(&format!(
        "PRAGMA synchronous = FULL; PRAGMA fullfsync = ON; PRAGMA checkpoint_fullfsync = ON;
         PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -8192;"
    ))?;
    // Erased text must leave the file, not only the tables.
    conn.query_row("PRAGMA secure_delete = ON", [], |_| Ok(()))?;
    conn.query_row(&format!("PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}"), [], |_| Ok(()))?;
    conn.query_row(&format!("PRAGMA journal_size_limit = {LOG_BYTES}"), [], |_| Ok(()))?;
    conn.set_prepared_statement_cache_capacity(128);
    demand_durability(&conn)?;
    Ok(conn)
}

/// A connection that only reads.
pub(crate) fn for_reading(path: &Path, cache_kib: u32) -> Result<Connection, OpenError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = Connection::open_with_flags(path, flags)?;
    conn.busy_timeout(PATIENCE)?;
    conn.execute_batch(&format!(
        "PRAGMA query_only = ON; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -{cache_kib};"
    ))?;
    conn.set_prepared_statement_cache_capacity(128);
    Ok(conn)
}

/// Refuses a connection whose commits could be lost in a power cut.
pub(crate) fn demand_durability(conn: &Connection) -> Result<(), OpenError> {
    let mode: String = conn.query_row("PRAGMA journal_mode", [], |row| row.get(0))?;
    if !mode.eq_ignore_ascii_case("wal") {
        return Err(OpenError::NotDurable(format!("the file's journal mode is `{mode}`, not `wal`")));
    }
    let level: i64 = conn.query_row("PRAGMA synchronous", [], |row| row.get(0))?;
    if level < 2 {
        return Err(OpenError::NotDurable(format!("synchronous is {level}, less than FULL (2)")));
    }
    Ok(())
}
