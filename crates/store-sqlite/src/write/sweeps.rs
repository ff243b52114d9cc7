//! Claims on what waits. The one writer makes them, so nobody else is ever at the same rows; a file has one node only
//! most of the time, but a second process may have it open, and two sweeps of one node may overlap.

use std::collections::BTreeMap;

use jiff::Timestamp;
use rusqlite::{Connection, Row, ToSql, params};
use throughline_domain::{HandoffId, OrgId, PersonId};
use throughline_store::{
    BAG, Bag, Claim, EventRow, Look, OutboxRow, POST_WINDOW, Posting, STRETCH, SortKeys,
    columns::{at_millis, signed},
};
use uuid::Uuid;

use super::{handoff_row, views};
use crate::{
    faults::Fault,
    values::{blob, count, doc, id, small, time},
};

/// Takes handoffs whose clocks want a look.
pub(crate) const LOOKS: &str = concat!(
    "UPDATE handoff SET look_claimed = ?2 WHERE rowid IN (
                   SELECT rowid FROM handoff INDEXED BY handoff_look WHERE look_key <= ?1 AND ",
    throughline_store::claim_is_free!("look_claimed", "?1"),
    "
                   ORDER BY look_key, org_id, handoff_id LIMIT ?3)
               RETURNING look_key, org_id, handoff_id"
);

/// Takes messages.
pub(crate) const OUTBOX: &str = concat!(
    "UPDATE outbox SET claimed_key = ?2 WHERE (org_id, outbox_id) IN (
                   SELECT org_id, outbox_id FROM outbox INDEXED BY outbox_age WHERE ",
    throughline_store::claim_is_free!("claimed_key", "?1"),
    "
                   ORDER BY outbox_id, org_id LIMIT ?3)
               RETURNING org_id, outbox_id, handoff_id, at, seq, intent"
);

/// Takes events.
pub(crate) const EVENTS: &str = concat!(
    "UPDATE event SET claimed_key = ?2 WHERE rowid IN (
                   SELECT rowid FROM event INDEXED BY event_new
                   WHERE state = 'new' AND due_key <= ?1 AND ",
    throughline_store::claim_is_free!("claimed_key", "?1"),
    "
                   ORDER BY received_key, org_id, source, event_id LIMIT ?3)
               RETURNING received_key, org_id, source, event_id, received_at, tries, body"
);

/// Finds whose mail is due.
pub(crate) const PEOPLE: &str = concat!(
    "SELECT min(at_key) AS first, org_id, person_id FROM (
                   SELECT at_key, org_id, person_id FROM post INDEXED BY post_at
                   WHERE at_key <= ?1 AND ",
    throughline_store::claim_is_free!("claimed_key", "?1"),
    " ORDER BY at_key LIMIT ?2)
               GROUP BY org_id, person_id ORDER BY first, org_id, person_id LIMIT ?3"
);

/// Finds a person's.
pub(crate) const THEIRS: &str = concat!(
    "SELECT letter_id, tries FROM post WHERE org_id = ?1 AND person_id = ?2 AND at_key <= ?3 AND ",
    throughline_store::claim_is_free!("claimed_key", "?3"),
    "
         ORDER BY at_key, letter_id LIMIT ?4"
);

/// The first of what waits, as many as asked for: `?1` is now, `?2` until when, `?3` how many. Rows come as they lie.
pub(super) fn take<K: Ord, T>(
    conn: &Connection,
    sql: &str,
    claim: Claim,
    read: impl FnMut(&Row<'_>) -> rusqlite::Result<(K, T)>,
) -> Result<Vec<T>, Fault> {
    let (now, until) = (claim.now.as_millisecond(), claim.until.as_millisecond());
    let values: &[&dyn ToSql] = params![now, until, claim.limit.clamp(1, STRETCH)];
    let taken = conn.prepare_cached(sql)?.query_map(values, read)?.collect::<Result<BTreeMap<K, T>, _>>()?;
    Ok(taken.into_values().collect())
}

pub(crate) fn looks(conn: &Connection, claim: Claim) -> Result<Vec<(OrgId, HandoffId, Timestamp)>, Fault> {
    take(conn, LOOKS, claim, |row| {
        let (key, org, handoff): (i64, OrgId, HandoffId) = (row.get(0)?, id(row, 1)?, id(row, 2)?);
        Ok(((key, org, handoff), (org, handoff, at_millis(key))))
    })
}

pub(crate) fn outbox(conn: &Connection, claim: Claim) -> Result<Vec<(OrgId, OutboxRow)>, Fault> {
    take(conn, OUTBOX, claim, |row| {
        let (org, outbox): (OrgId, Uuid) = (id(row, 0)?, id(row, 1)?);
        let (handoff, at, seq) = (id(row, 2)?, time(row, 3)?, count(row, 4)?);
        Ok(((outbox, org), (org, OutboxRow { id: outbox, handoff, at, seq, intent: doc(row, 5)? })))
    })
}

pub(crate) fn events(conn: &Connection, claim: Claim) -> Result<Vec<(OrgId, EventRow)>, Fault> {
    take(conn, EVENTS, claim, |row| {
        let (received, org): (i64, OrgId) = (row.get(0)?, id(row, 1)?);
        let (source, id): (String, String) = (row.get(2)?, row.get(3)?);
        let key = (received, org, source.clone(), id.clone());
        let (received_at, tries, body) = (time(row, 4)?, small(row, 5)?, row.get(6)?);
        Ok((key, (org, EventRow { source, id, received_at, tries, body })))
    })
}

pub(crate) fn post(conn: &Connection, claim: Claim) -> Result<Vec<Bag>, Fault> {
    let (now, until) = (claim.now.as_millisecond(), claim.until.as_millisecond());
    let values = params![now, POST_WINDOW, claim.limit.clamp(1, STRETCH)];
    let whose = |row: &Row<'_>| Ok((id(row, 1)?, id(row, 2)?));
    let people: Vec<(OrgId, PersonId)> =
        conn.prepare_cached(PEOPLE)?.query_map(values, whose)?.collect::<Result<_, _>>()?;
    let mut find = conn.prepare_cached(THEIRS)?;
    let mut take =
        conn.prepare_cached("UPDATE post SET claimed_key = ?3 WHERE org_id = ?1 AND letter_id = ?2")?;
    let mut bags = Vec::with_capacity(people.len());
    for (org, person) in people {
        let posting = |row: &Row<'_>| Ok(Posting { letter: id(row, 0)?, tries: small(row, 1)? });
        let letters = find.query_map(params![blob(org), blob(person), now, BAG], posting)?;
        let letters = letters.collect::<Result<Vec<_>, _>>()?;
        for posting in &letters {
            take.execute(params![blob(org), blob(posting.letter), until])?;
        }
        bags.push(Bag { org, person, letters });
    }
    Ok(bags)
}

/// Writes what a look found. False, with nothing written, when the handoff is not as it was looked at.
pub(crate) fn looked(conn: &Connection, look: &Look) -> Result<bool, Fault> {
    let (org, id) = (blob(look.org), blob(look.id));
    let sql = "SELECT 1 FROM snapshot JOIN handoff USING (org_id, handoff_id)
               WHERE snapshot.org_id = ?1 AND snapshot.handoff_id = ?2 AND version = ?3 AND look_claimed = ?4";
    let as_seen = params![org, id, signed(look.version)?, look.until.as_millisecond()];
    if !conn.prepare_cached(sql)?.exists(as_seen)? {
        return Ok(false);
    }
    let keys = SortKeys::of(&look.row);
    if handoff_row::put(conn, org, id, &look.row, &keys, look.look_at)? {
        views::move_parts(conn, org, id, &keys)?;
    }
    let sql = "UPDATE snapshot SET dues = ?3 WHERE org_id = ?1 AND handoff_id = ?2 AND dues <> ?3";
    conn.prepare_cached(sql)?.execute(params![org, id, serde_json::to_string(&look.dues)?])?;
    Ok(true)
}
