//! The words of names, kept beside what is called so.

use std::collections::BTreeSet;

use rusqlite::{Connection, params};
use throughline_store::{Account, Sought, found};

use crate::{faults::Fault, values::Blob};

/// Puts the words of one thing in place of those it had.
pub(super) fn put(
    conn: &Connection,
    org: Blob,
    sought: Sought,
    id: Blob,
    words: &BTreeSet<String>,
    rank: i64,
) -> Result<(), Fault> {
    let sql = "DELETE FROM word WHERE org_id = ?1 AND kind = ?2 AND id = ?3";
    conn.prepare_cached(sql)?.execute(params![org, sought.number(), id])?;
    add(conn, org, sought, id, words, rank)
}

/// Puts the words of one thing that has none yet.
pub(super) fn add(
    conn: &Connection,
    org: Blob,
    sought: Sought,
    id: Blob,
    words: &BTreeSet<String>,
    rank: i64,
) -> Result<(), Fault> {
    let sql = "INSERT INTO word (org_id, kind, id, word, rank) VALUES (?1, ?2, ?3, ?4, ?5)";
    let mut insert = conn.prepare_cached(sql)?;
    for word in words {
        insert.execute(params![org, sought.number(), id, word, rank])?;
    }
    Ok(())
}

/// Keeps the words of everything a file holds that was written before words were kept.
pub(crate) fn fill(conn: &Connection) -> rusqlite::Result<()> {
    let tables = [
        (Sought::Handoffs, "SELECT org_id, handoff_id, search, -opened_key FROM handoff"),
        (Sought::Accounts, "SELECT org_id, account_id, doc, 0 FROM account"),
        (Sought::People, "SELECT org_id, person_id, search, 0 FROM person"),
    ];
    let sql = "INSERT INTO word (org_id, kind, id, word, rank) VALUES (?1, ?2, ?3, ?4, ?5)";
    let mut insert = conn.prepare(sql)?;
    for (sought, all) in tables {
        let mut all = conn.prepare(all)?;
        let mut rows = all.query([])?;
        while let Some(row) = rows.next()? {
            let (org, id, rank): (Vec<u8>, Vec<u8>, i64) = (row.get(0)?, row.get(1)?, row.get(3)?);
            let words = match sought {
                Sought::Accounts => found::words(&[&crate::values::doc::<Account>(row, 2)?.name]),
                Sought::Handoffs | Sought::People => found::words(&[row.get_ref(2)?.as_str()?]),
            };
            for word in words {
                insert.execute(params![org, sought.number(), id, word, rank])?;
            }
        }
    }
    Ok(())
}
