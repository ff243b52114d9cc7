//! The row lists show, with its sort keys. Most commits move only the time of the last change: then the other
//! orders are left alone.

use rusqlite::{Connection, Row, params};
use throughline_store::{HandoffRow, Sort, SortKey, haystack};

use crate::{
    faults::Fault,
    values::{Blob, blob},
};

/// The sort keys of a row.
pub(super) struct Keys {
    pub due: i64,
    pub updated: i64,
    signature: i64,
    account: String,
    missing: i64,
    amount: i64,
}

impl Keys {
    pub fn of(row: &HandoffRow) -> Self {
        let number = |sort: Sort| match sort.key(row) {
            SortKey::Number(number) => number,
            SortKey::Text(_) => i64::MAX,
        };
        let account = match Sort::Account.key(row) {
            SortKey::Text(text) => text,
            SortKey::Number(_) => String::new(),
        };
        Self {
            due: number(Sort::Due),
            updated: number(Sort::Updated),
            signature: number(Sort::Signature),
            account,
            missing: number(Sort::Missing),
            amount: number(Sort::Amount),
        }
    }
}

pub(super) fn insert(
    conn: &Connection,
    org: Blob,
    id: Blob,
    row: &HandoffRow,
    keys: &Keys,
) -> Result<(), Fault> {
    let mut insert = conn.prepare_cached(
        "INSERT INTO handoff (org_id, handoff_id, account_id, opened_key, life, stage, ae, csm, next_person,
             bypassed, open_waivers, due_key, updated_key, signature_key, account_key, missing_key, amount_key,
             search, doc)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19)",
    )?;
    insert.execute(params![
        org,
        id,
        blob(row.account_id),
        row.opened_at.as_millisecond(),
        row.life,
        row.stage,
        blob(row.ae),
        row.csm.map(blob),
        row.next_person.map(blob),
        row.bypassed,
        row.open_waivers,
        keys.due,
        keys.updated,
        keys.signature,
        keys.account,
        keys.missing,
        keys.amount,
        haystack(&[&row.account, &row.deal_name]),
        serde_json::to_string(row)?,
    ])?;
    Ok(())
}

/// Writes the row anew and gives the due and updated keys it had.
pub(super) fn update(
    conn: &Connection,
    org: Blob,
    id: Blob,
    row: &HandoffRow,
    keys: &Keys,
) -> Result<(i64, i64), Fault> {
    let mut find = conn.prepare_cached(
        "SELECT due_key, updated_key, signature_key, account_key, missing_key, amount_key, life, stage,
             account_id, opened_key, ae, csm
         FROM handoff WHERE org_id = ?1 AND handoff_id = ?2",
    )?;
    let (before, same) =
        find.query_row(params![org, id], |held| Ok(((held.get(0)?, held.get(1)?), same(held, row, keys)?)))?;
    let doc = serde_json::to_string(row)?;
    if same {
        let mut update = conn.prepare_cached(
            "UPDATE handoff SET updated_key = ?3, next_person = ?4, bypassed = ?5, open_waivers = ?6, search = ?7,
                 doc = ?8
             WHERE org_id = ?1 AND handoff_id = ?2",
        )?;
        update.execute(params![
            org,
            id,
            keys.updated,
            row.next_person.map(blob),
            row.bypassed,
            row.open_waivers,
            haystack(&[&row.account, &row.deal_name]),
            doc,
        ])?;
        return Ok(before);
    }
    let mut update = conn.prepare_cached(
        "UPDATE handoff SET account_id = ?3, opened_key = ?4, life = ?5, stage = ?6, ae = ?7, csm = ?8,
             next_person = ?9, bypassed = ?10, open_waivers = ?11, due_key = ?12, updated_key = ?13,
             signature_key = ?14, account_key = ?15, missing_key = ?16, amount_key = ?17, search = ?18, doc = ?19
         WHERE org_id = ?1 AND handoff_id = ?2",
    )?;
    update.execute(params![
        org,
        id,
        blob(row.account_id),
        row.opened_at.as_millisecond(),
        row.life,
        row.stage,
        blob(row.ae),
        row.csm.map(blob),
        row.next_person.map(blob),
        row.bypassed,
        row.open_waivers,
        keys.due,
        keys.updated,
        keys.signature,
        keys.account,
        keys.missing,
        keys.amount,
        haystack(&[&row.account, &row.deal_name]),
        doc,
    ])?;
    Ok(before)
}

/// Whether nothing but the time of the last change moved in what indexes hold.
fn same(held: &Row<'_>, row: &HandoffRow, keys: &Keys) -> rusqlite::Result<bool> {
    let text = |column: usize, wanted: &str| -> rusqlite::Result<bool> {
        Ok(held.get_ref(column)?.as_str()? == wanted)
    };
    Ok(held.get::<_, i64>(0)? == keys.due
        && held.get::<_, i64>(2)? == keys.signature
        && text(3, &keys.account)?
        && held.get::<_, i64>(4)? == keys.missing
        && held.get::<_, i64>(5)? == keys.amount
        && text(6, &row.life)?
        && text(7, &row.stage)?
        && held.get::<_, Blob>(8)? == blob(row.account_id)
        && held.get::<_, i64>(9)? == row.opened_at.as_millisecond()
        && held.get::<_, Blob>(10)? == blob(row.ae)
        && held.get::<_, Option<Blob>>(11)? == row.csm.map(blob))
}
