//! Numbered forward migrations. A file knows its version; a newer one than this program knows is refused.

use rusqlite::{Connection, OptionalExtension, TransactionBehavior};

use crate::{faults::OpenError, write::fill};

/// Each brings a file one version on; never changed once shipped.
const STEPS: [&str; 9] = [
    include_str!("schema/0001.sql"),
    include_str!("schema/0002.sql"),
    include_str!("schema/0003.sql"),
    include_str!("schema/0004.sql"),
    include_str!("schema/0005.sql"),
    include_str!("schema/0006.sql"),
    include_str!("schema/0007.sql"),
    include_str!("schema/0008.sql"),
    include_str!("schema/0009.sql"),
];

/// The version from which on the words of names are kept.
const WORDS: u32 = 6;

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
    for (version, step) in (1_u32..).zip(STEPS).skip(found as usize) {
        tx.execute_batch(step)?;
        if version == WORDS {
            fill(&tx)?;
        }
        tx.execute("INSERT INTO schema_version (version) VALUES (?1)", [version])?;
    }
    tx.commit()?;
    Ok((found, SCHEMA_VERSION))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn an_empty_file() -> Connection {
        Connection::open_in_memory().unwrap()
    }

    #[test]
    fn an_empty_file_is_brought_up_to_date_once() {
        let mut conn = an_empty_file();
        assert_eq!(migrate(&mut conn).unwrap(), (0, SCHEMA_VERSION));
        assert_eq!(migrate(&mut conn).unwrap(), (SCHEMA_VERSION, SCHEMA_VERSION));
    }

    #[test]
    fn a_file_of_the_first_version_is_brought_forward_with_what_it_holds() {
        let mut conn = an_empty_file();
        conn.execute_batch(&format!(
            "PRAGMA application_id = {APPLICATION};
             CREATE TABLE schema_version (version INTEGER NOT NULL PRIMARY KEY) STRICT;
             INSERT INTO schema_version (version) VALUES (1);"
        ))
        .unwrap();
        conn.execute_batch(STEPS[0]).unwrap();
        conn.execute_batch(
            "INSERT INTO handoff (org_id, handoff_id, account_id, opened_key, life, stage, ae, bypassed,
                 open_waivers, due_key, updated_key, signature_key, account_key, missing_key, amount_key, search, doc)
             VALUES (X'01', X'02', X'03', 0, 'live', 'owned', X'04', 0, 0, 0, 0, 0, '', 0, 0, 'acme order',
                 '{\"open_questions\":2}');
             INSERT INTO snapshot (org_id, handoff_id, version, head, dues, body)
             VALUES (X'01', X'02', 7, X'00', '[]', '{}'), (X'01', X'05', 4, X'00', '[]', '{}');",
        )
        .unwrap();
        assert_eq!(migrate(&mut conn).unwrap(), (1, SCHEMA_VERSION));
        let number = |sql: &str| conn.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
        assert_eq!(number("SELECT open_questions FROM handoff"), 2);
        assert_eq!(number("SELECT look_key FROM handoff"), 0, "its clocks want a look");
        assert_eq!(number("SELECT count(*) FROM word WHERE word IN ('acme', 'order')"), 2, "it can be found");
        assert_eq!((number("SELECT handoffs FROM tally"), number("SELECT facts FROM tally")), (2, 11));
    }

    #[test]
    fn a_newer_file_is_refused_and_left_alone() {
        let mut conn = an_empty_file();
        migrate(&mut conn).unwrap();
        let newer = SCHEMA_VERSION + 1;
        conn.execute("INSERT INTO schema_version (version) VALUES (?1)", [newer]).unwrap();
        let refused = migrate(&mut conn).unwrap_err();
        assert!(
            matches!(refused, OpenError::Newer { found, known } if (found, known) == (newer, SCHEMA_VERSION))
        );
        assert!(refused.to_string().contains("newer program"));
    }

    #[test]
    fn a_file_of_something_else_is_refused_and_left_alone() {
        let mut conn = an_empty_file();
        conn.execute_batch("CREATE TABLE recipes (name TEXT)").unwrap();
        assert!(matches!(migrate(&mut conn), Err(OpenError::Foreign)));
        let tables = "SELECT group_concat(name) FROM sqlite_schema";
        assert_eq!(conn.query_row(tables, [], |row| row.get::<_, String>(0)).unwrap(), "recipes");
    }

    #[test]
    fn every_table_leads_with_the_organisation() {
        let mut conn = an_empty_file();
        migrate(&mut conn).unwrap();
        let sql = "SELECT name FROM pragma_table_list WHERE schema = 'main' AND name NOT LIKE 'sqlite_%'";
        let mut names = conn.prepare(sql).unwrap();
        let names = names.query_map([], |row| row.get::<_, String>(0)).unwrap();
        let mut seen = 0;
        for name in names.map(Result::unwrap).filter(|name| name != "schema_version") {
            let sql = "SELECT name FROM pragma_table_info(?1) WHERE pk = 1";
            let first: String = conn.query_row(sql, [&name], |row| row.get(0)).unwrap();
            assert_eq!(first, "org_id", "{name}");
            seen += 1;
        }
        assert!(seen > 15);
    }
}
