//! Connections and what they promise.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use rusqlite::{Connection, OpenFlags};

use crate::faults::OpenError;

/// How long one connection waits for another process.
const PATIENCE: Duration = Duration::from_secs(5);
/// At this many pages a commit writes the log back itself, should nobody have done so: 64 MiB.
const LOG_PAGES: u32 = 16_384;
/// What the log's file is cut back to after it grew: 64 MiB.
const LOG_BYTES: u32 = 64 << 20;

/// The file a path means. The engine has names of its own for what is no file; here they are refused or plain names.
pub(crate) fn a_file(path: &Path) -> Result<PathBuf, OpenError> {
    if path.as_os_str().is_empty() || path == Path::new(":memory:") {
        return Err(OpenError::NotDurable("the store would be in memory".to_owned()));
    }
    Ok(std::path::absolute(path)?)
}

/// The one connection that writes.
pub(crate) fn for_writing(path: &Path) -> Result<Connection, OpenError> {
    let flags =
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    make_private(path);
    let conn = Connection::open_with_flags(path, flags)?;
    conn.busy_timeout(PATIENCE)?;
    conn.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(()))?;
    conn.execute_batch(
        "PRAGMA synchronous = FULL; PRAGMA fullfsync = ON; PRAGMA checkpoint_fullfsync = ON;
         PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -16384;",
    )?;
    // Erased text must leave the file, not only the tables.
    conn.query_row("PRAGMA secure_delete = ON", [], |_| Ok(()))?;
    conn.query_row(&format!("PRAGMA wal_autocheckpoint = {LOG_PAGES}"), [], |_| Ok(()))?;
    conn.query_row(&format!("PRAGMA journal_size_limit = {LOG_BYTES}"), [], |_| Ok(()))?;
    conn.set_prepared_statement_cache_capacity(128);
    demand_durability(&conn)?;
    Ok(conn)
}

/// Makes a new file readable by its owner alone; the engine gives the log the same rights. What cannot be made here
/// the engine will complain about.
fn make_private(path: &Path) {
    let mut file = std::fs::OpenOptions::new();
    file.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut file, 0o600);
    drop(file.open(path));
}

/// A connection that only writes the log back.
pub(crate) fn for_checkpoints(path: &Path) -> Result<Connection, OpenError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = Connection::open_with_flags(path, flags)?;
    conn.busy_timeout(PATIENCE)?;
    conn.execute_batch(
        "PRAGMA synchronous = FULL; PRAGMA fullfsync = ON; PRAGMA checkpoint_fullfsync = ON;",
    )?;
    conn.query_row("PRAGMA wal_autocheckpoint = 0", [], |_| Ok(()))?;
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

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(pragma: &str) -> bool {
        let folder = tempfile::tempdir().unwrap();
        let conn = for_writing(&folder.path().join("a.db")).unwrap();
        conn.query_row(pragma, [], |_| Ok(())).or_else(|_| conn.execute_batch(pragma)).unwrap();
        matches!(demand_durability(&conn), Err(OpenError::NotDurable(_)))
    }

    #[test]
    fn less_than_full_durability_is_refused() {
        assert!(!refused("PRAGMA synchronous = FULL"));
        assert!(!refused("PRAGMA synchronous = EXTRA"));
        assert!(refused("PRAGMA synchronous = NORMAL"));
        assert!(refused("PRAGMA synchronous = OFF"));
        assert!(refused("PRAGMA journal_mode = DELETE"));
    }

    #[test]
    fn what_is_erased_is_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let conn = for_writing(&folder.path().join("a.db")).unwrap();
        assert_eq!(conn.query_row("PRAGMA secure_delete", [], |row| row.get::<_, i64>(0)).unwrap(), 1);
    }

    #[test]
    fn a_reader_cannot_write() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.db");
        for_writing(&path).unwrap().execute_batch("CREATE TABLE a (b)").unwrap();
        let conn = for_reading(&path, 64).unwrap();
        assert!(conn.execute_batch("INSERT INTO a VALUES (1)").is_err());
    }
}
