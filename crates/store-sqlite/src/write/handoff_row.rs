//! The row lists show, with its sort keys. Most commits move only the time of the last change: then the other
//! orders are left alone.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, params};
use throughline_store::{Credit, HandoffRow, SortKeys, Sought, found, haystack, summand, touched};

use super::words;
use crate::{
    faults::Fault,
    values::{Blob, blob},
};

/// What changed in a row that is there already.
struct Moved {
    /// Where it lies.
    place: i64,
    /// Something an order other than by last change depends on.
    orders: bool,
    /// Something the parts repeat.
    parts: bool,
    /// What it is found by.
    words: bool,
}

/// Writes the row. True when its parts must be told.
pub(super) fn put(
    conn: &Connection,
    org: Blob,
    id: Blob,
    row: &HandoffRow,
    keys: &SortKeys,
    look_at: Option<Timestamp>,
) -> Result<bool, Fault> {
    let mut find = conn.prepare_cached(
        "SELECT due_key, updated_key, signature_key, account_key, missing_key, amount_key, life, stage,
             account_id, opened_key, ae, csm, rowid, search, segment, lead_source, arr_minor, arr_currency,
             refused, credit, kicked_off
         FROM handoff WHERE org_id = ?1 AND handoff_id = ?2",
    )?;
    let (search, doc) = (haystack(&[&row.account, &row.deal_name]), serde_json::to_string(row)?);
    let moved = find.query_row(params![org, id], |held| moved(held, row, keys, &search)).optional()?;
    if moved.as_ref().is_none_or(|moved| moved.words) {
        let called = found::words(&[&row.account, &row.deal_name]);
        let keep = if moved.is_some() { words::put } else { words::add };
        keep(conn, org, Sought::Handoffs, id, &called, found::rank(row.opened_at))?;
    }
    let look_key = look_at.map(Timestamp::as_millisecond);
    if let Some(Moved { place, orders: false, parts, .. }) = moved {
        let mut update = conn.prepare_cached(
            "UPDATE handoff SET updated_key = ?2, next_person = ?3, bypassed = ?4, open_waivers = ?5,
                 open_questions = ?6, search = ?7, doc = ?8, look_key = ?9, look_claimed = 0
             WHERE rowid = ?1",
        )?;
        let next_person = row.next_person.map(blob);
        let (bypassed, waivers, questions) = (row.bypassed, row.open_waivers, row.open_questions);
        update.execute(params![
            place,
            keys.updated,
            next_person,
            bypassed,
            waivers,
            questions,
            search,
            doc,
            look_key,
        ])?;
        return Ok(parts);
    }
    let mut put = conn.prepare_cached(
        "INSERT INTO handoff (org_id, handoff_id, account_id, opened_key, life, stage, ae, csm, next_person,
             bypassed, open_waivers, due_key, updated_key, signature_key, account_key, missing_key, amount_key,
             open_questions, search, doc, look_key, look_claimed, segment, lead_source, arr_minor, arr_currency,
             refused, credit, kicked_off)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, 0,
             ?22, ?23, ?24, ?25, ?26, ?27, ?28)
         ON CONFLICT (org_id, handoff_id) DO UPDATE SET account_id = excluded.account_id,
             opened_key = excluded.opened_key, life = excluded.life, stage = excluded.stage, ae = excluded.ae,
             csm = excluded.csm, next_person = excluded.next_person, bypassed = excluded.bypassed,
             open_waivers = excluded.open_waivers, due_key = excluded.due_key, updated_key = excluded.updated_key,
             signature_key = excluded.signature_key, account_key = excluded.account_key,
             missing_key = excluded.missing_key, amount_key = excluded.amount_key,
             open_questions = excluded.open_questions, search = excluded.search, doc = excluded.doc,
             look_key = excluded.look_key, look_claimed = 0, segment = excluded.segment,
             lead_source = excluded.lead_source, arr_minor = excluded.arr_minor,
             arr_currency = excluded.arr_currency, refused = excluded.refused, credit = excluded.credit,
             kicked_off = excluded.kicked_off",
    )?;
    put.execute(params![
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
        row.open_questions,
        search,
        doc,
        look_key,
        row.segment,
        row.lead_source,
        row.arr.map(summand),
        row.arr.map(|arr| arr.currency.to_string()),
        row.refused,
        row.credit.map(Credit::name),
        row.kicked_off,
    ])?;
    Ok(moved.is_some_and(|moved| moved.parts))
}

fn moved(held: &Row<'_>, row: &HandoffRow, keys: &SortKeys, search: &str) -> rusqlite::Result<Moved> {
    let text = |column: usize, wanted: &str| -> rusqlite::Result<bool> {
        Ok(held.get_ref(column)?.as_str()? == wanted)
    };
    let maybe =
        |column: usize| -> rusqlite::Result<Option<&str>> { Ok(held.get_ref(column)?.as_str_or_null()?) };
    let due = held.get::<_, i64>(0)? == keys.due;
    let opened = held.get::<_, i64>(9)? == row.opened_at.as_millisecond();
    let same = due
        && held.get::<_, i64>(2)? == keys.signature
        && text(3, &keys.account)?
        && held.get::<_, i64>(4)? == keys.missing
        && held.get::<_, i64>(5)? == keys.amount
        && text(6, &row.life)?
        && text(7, &row.stage)?
        && held.get::<_, Blob>(8)? == blob(row.account_id)
        && opened
        && held.get::<_, Blob>(10)? == blob(row.ae)
        && held.get::<_, Option<Blob>>(11)? == row.csm.map(blob)
        && maybe(14)? == row.segment.as_deref()
        && maybe(15)? == row.lead_source.as_deref()
        && held.get::<_, Option<i64>>(16)? == row.arr.map(summand)
        && maybe(17)? == row.arr.as_ref().map(|arr| arr.currency.code())
        && held.get::<_, bool>(18)? == row.refused
        && maybe(19)? == row.credit.map(Credit::name)
        && held.get::<_, bool>(20)? == row.kicked_off;
    Ok(Moved {
        place: held.get(12)?,
        orders: !same,
        parts: !due || touched(held.get(1)?) != keys.touched(),
        words: !opened || !text(13, search)?,
    })
}
