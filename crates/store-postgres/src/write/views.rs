//! What hangs on a handoff beside its journal, as parts of a larger statement whose `$1` and `$2` are organisation and
//! handoff, and whose `held` says whether. A row that stays as it is costs no write.

use std::collections::BTreeMap;

use throughline_store::{DealRow, IdempotencyRow, PartRow, PromiseRow, SortKeys};
use uuid::Uuid;

use crate::{faults::Fault, sql::Sql, values::plain};

/// Replaces a handoff's promises.
pub(super) fn put_promises(sql: &mut Sql, promises: &[PromiseRow]) -> Result<(), Fault> {
    // By item: a statement may touch a row once.
    let by_item: BTreeMap<Uuid, &PromiseRow> =
        promises.iter().map(|promise| (promise.item.0, promise)).collect();
    let items: Vec<Uuid> = by_item.keys().copied().collect();
    let docs = by_item.values().map(serde_json::to_string).collect::<Result<Vec<_>, _>>()?;
    sql.push(
        ", promises_gone AS (DELETE FROM promise USING held
         WHERE org_id = $1 AND handoff_id = $2 AND item_id <> ALL (",
    );
    sql.value(items.clone()).push("))");
    if items.is_empty() {
        return Ok(());
    }
    sql.push(
        ", promised AS (INSERT INTO promise (org_id, handoff_id, item_id, decide_key, routed_to, state, doc)
         SELECT $1, $2, p.* FROM held, unnest(",
    );
    sql.value(items).push(", ");
    sql.value(by_item.values().map(|promise| promise.place().0).collect::<Vec<_>>()).push(", ");
    let roles = by_item.values().map(|promise| promise.routed_to.map(|role| role.name().to_owned()));
    sql.value(roles.collect::<Vec<Option<String>>>()).push(", ");
    sql.value(by_item.values().map(|promise| plain(&promise.state)).collect::<Vec<_>>()).push(", ");
    sql.value(docs).push(
        ") AS p ON CONFLICT (org_id, handoff_id, item_id) DO UPDATE SET decide_key = excluded.decide_key,
             routed_to = excluded.routed_to, state = excluded.state, doc = excluded.doc
             WHERE promise.doc <> excluded.doc)",
    );
    Ok(())
}

/// Replaces who has a part in a handoff.
pub(super) fn put_parts(sql: &mut Sql, parts: &[PartRow], keys: &SortKeys) {
    let mut wanted: BTreeMap<Uuid, String> = BTreeMap::new();
    for part in parts {
        let roles = wanted.entry(part.person.0).or_default();
        if !roles.is_empty() {
            roles.push(',');
        }
        roles.push_str(part.role.name());
    }
    let (people, roles): (Vec<Uuid>, Vec<String>) = wanted.into_iter().unzip();
    sql.push(
        ", parts_gone AS (DELETE FROM part USING held
         WHERE org_id = $1 AND handoff_id = $2 AND person_id <> ALL (",
    );
    sql.value(people.clone()).push("))");
    if people.is_empty() {
        return;
    }
    sql.push(
        ", parted AS (INSERT INTO part (org_id, handoff_id, person_id, roles, due_key, touched_key)
         SELECT $1, $2, p.*, ",
    );
    sql.value(keys.due).push(", ").value(keys.touched()).push(" FROM held, unnest(");
    sql.value(people).push(", ").value(roles).push(
        ") AS p ON CONFLICT (org_id, handoff_id, person_id) DO UPDATE SET roles = excluded.roles,
             due_key = excluded.due_key, touched_key = excluded.touched_key
             WHERE (part.roles, part.due_key, part.touched_key)
                 <> (excluded.roles, excluded.due_key, excluded.touched_key))",
    );
}

/// Tells the parts where their handoff stands now.
pub(super) fn move_parts(sql: &mut Sql, keys: &SortKeys) {
    sql.push(", parts_moved AS (UPDATE part SET due_key = ").value(keys.due);
    sql.push(", touched_key = ").value(keys.touched());
    sql.push(" FROM held WHERE org_id = $1 AND handoff_id = $2 AND (due_key, touched_key) <> (");
    sql.value(keys.due).push(", ").value(keys.touched()).push("))");
}

/// Whether the reading kept of a deal without a handoff is newer than a time put between this and [`THAN`]. Times are
/// kept as text to the nanosecond; without its `Z` an earlier one comes first, letter by letter.
pub(super) const IS_NEWER: &str =
    "deal.handoff_id IS NULL AND rtrim(deal.source_time, 'Z') COLLATE \"C\" > rtrim(";
pub(super) const THAN: &str = ", 'Z')";

/// Keeps a deal's reading. A deal that another handoff has by now is `taken`, and so is one that was read anew before it
/// had any: the whole statement fails.
pub(super) fn put_deal(sql: &mut Sql, deal: &DealRow) {
    sql.push(
        ", read AS (INSERT INTO deal (org_id, source, external_id, source_time, handoff_id, body) SELECT $1, ",
    );
    sql.value(plain(&deal.key.source)).push(", ").value(plain(&deal.key.external_id)).push(", ");
    sql.value(deal.source_time.to_string()).push(", ").value(deal.handoff.map(|id| id.0)).push(", ");
    sql.value(deal.body.as_str()).push(
        " FROM held ON CONFLICT (org_id, source, external_id) DO UPDATE SET
             source_time = excluded.source_time, handoff_id = excluded.handoff_id, body = excluded.body,
             taken = coalesce(deal.handoff_id <> $2, ",
    );
    sql.push(IS_NEWER).push("excluded.source_time").push(THAN).push(
        ")
             WHERE (deal.source_time, deal.handoff_id, deal.body)
                 IS DISTINCT FROM (excluded.source_time, excluded.handoff_id, excluded.body)
                 OR deal.handoff_id <> $2)",
    );
}

/// Remembers an answer; fails on a key that was used.
pub(super) fn put_answer(sql: &mut Sql, row: &IdempotencyRow) {
    sql.push(
        ", answered AS (INSERT INTO answer (org_id, key, request, status, body, at, at_key) SELECT $1, ",
    );
    sql.value(plain(&row.key)).push(", ").value(plain(&row.request)).push(", ");
    sql.value(i32::from(row.status)).push(", ").value(plain(&row.body)).push(", ");
    sql.value(row.at.to_string()).push(", ").value(row.at.as_millisecond()).push(" FROM held)");
}
