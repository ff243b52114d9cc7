//! What hangs on a handoff beside its journal. A row that stays as it is costs no write.

use std::collections::BTreeMap;

use rusqlite::{Connection, params};
use throughline_store::{DealRow, IdempotencyRow, PartRow, PromiseRow, SortKeys};

use crate::{
    faults::Fault,
    values::{Blob, blob},
};

/// Replaces a handoff's promises.
pub(super) fn put_promises(
    conn: &Connection,
    org: Blob,
    id: Blob,
    promises: &[PromiseRow],
) -> Result<(), Fault> {
    let mut find =
        conn.prepare_cached("SELECT item_id FROM promise WHERE org_id = ?1 AND handoff_id = ?2")?;
    let held = find.query_map(params![org, id], |row| row.get(0))?.collect::<Result<Vec<Blob>, _>>()?;
    let mut delete =
        conn.prepare_cached("DELETE FROM promise WHERE org_id = ?1 AND handoff_id = ?2 AND item_id = ?3")?;
    for item in held {
        if !promises.iter().any(|promise| blob(promise.item) == item) {
            delete.execute(params![org, id, item])?;
        }
    }
    let mut put = conn.prepare_cached(
        "INSERT INTO promise (org_id, handoff_id, item_id, decide_key, routed_to, state, doc)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
         ON CONFLICT (org_id, handoff_id, item_id) DO UPDATE SET decide_key = excluded.decide_key,
             routed_to = excluded.routed_to, state = excluded.state, doc = excluded.doc
             WHERE doc <> excluded.doc",
    )?;
    for promise in promises {
        let (role, doc) = (promise.routed_to.map(|role| role.name()), serde_json::to_string(promise)?);
        put.execute(params![org, id, blob(promise.item), promise.place().0, role, promise.state, doc])?;
    }
    Ok(())
}

/// Replaces who has a part in a handoff.
pub(super) fn put_parts(
    conn: &Connection,
    org: Blob,
    id: Blob,
    parts: &[PartRow],
    keys: &SortKeys,
) -> Result<(), Fault> {
    let mut wanted: BTreeMap<Blob, String> = BTreeMap::new();
    for part in parts {
        let roles = wanted.entry(blob(part.person)).or_default();
        if !roles.is_empty() {
            roles.push(',');
        }
        roles.push_str(part.role.name());
    }
    let mut find = conn.prepare_cached("SELECT person_id FROM part WHERE org_id = ?1 AND handoff_id = ?2")?;
    let held = find.query_map(params![org, id], |row| row.get(0))?.collect::<Result<Vec<Blob>, _>>()?;
    let mut delete =
        conn.prepare_cached("DELETE FROM part WHERE org_id = ?1 AND handoff_id = ?2 AND person_id = ?3")?;
    for person in held.iter().filter(|person| !wanted.contains_key(*person)) {
        delete.execute(params![org, id, person])?;
    }
    let mut put = conn.prepare_cached(
        "INSERT INTO part (org_id, handoff_id, person_id, roles, due_key, touched_key)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT (org_id, handoff_id, person_id) DO UPDATE SET roles = excluded.roles,
             due_key = excluded.due_key, touched_key = excluded.touched_key
             WHERE roles <> excluded.roles OR due_key <> excluded.due_key OR touched_key <> excluded.touched_key",
    )?;
    for (person, roles) in &wanted {
        put.execute(params![org, id, person, roles, keys.due, keys.touched()])?;
    }
    Ok(())
}

/// Tells the parts where their handoff stands now.
pub(super) fn move_parts(conn: &Connection, org: Blob, id: Blob, keys: &SortKeys) -> Result<(), Fault> {
    let sql = "UPDATE part SET due_key = ?3, touched_key = ?4 WHERE org_id = ?1 AND handoff_id = ?2";
    conn.prepare_cached(sql)?.execute(params![org, id, keys.due, keys.touched()])?;
    Ok(())
}

/// Keeps a deal's reading.
pub(super) fn put_deal(conn: &Connection, org: Blob, deal: &DealRow) -> Result<(), Fault> {
    let mut put = conn.prepare_cached(
        "INSERT INTO deal (org_id, source, external_id, source_time, handoff_id, body)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT (org_id, source, external_id) DO UPDATE SET
             source_time = excluded.source_time, handoff_id = excluded.handoff_id, body = excluded.body
             WHERE source_time <> excluded.source_time OR handoff_id IS NOT excluded.handoff_id
                 OR body <> excluded.body",
    )?;
    let (source_time, handoff) = (deal.source_time.to_string(), deal.handoff.map(blob));
    put.execute(params![org, deal.key.source, deal.key.external_id, source_time, handoff, deal.body])?;
    Ok(())
}

/// Remembers an answer; fails on a key that was used.
pub(super) fn put_answer(conn: &Connection, org: Blob, row: &IdempotencyRow) -> Result<(), Fault> {
    let mut insert = conn.prepare_cached(
        "INSERT INTO answer (org_id, key, request, status, body, at, at_key) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?;
    let (at, at_key) = (row.at.to_string(), row.at.as_millisecond());
    insert.execute(params![org, row.key, row.request, row.status, row.body, at, at_key])?;
    Ok(())
}
