//! The row lists show, with its sort keys, as a part of a larger statement.

use jiff::Timestamp;
use throughline_store::{HandoffRow, SortKeys, haystack};

use crate::{faults::Fault, sql::Sql, values::plain};

/// Adds the row to a statement whose `$1` and `$2` are organisation and handoff, and whose `held` says whether.
pub(super) fn put(
    sql: &mut Sql,
    row: &HandoffRow,
    keys: &SortKeys,
    look_at: Option<Timestamp>,
) -> Result<(), Fault> {
    let search = haystack(&[&row.account, &row.deal_name]);
    sql.push(
        ", shown AS (INSERT INTO handoff (org_id, handoff_id, account_id, opened_key, life, stage, ae, csm,
             next_person, bypassed, open_waivers, open_questions, due_key, updated_key, signature_key, account_key,
             missing_key, amount_key, search, doc, look_key, look_claimed)
         SELECT $1, $2, ",
    );
    sql.value(row.account_id.0).push(", ").value(row.opened_at.as_millisecond()).push(", ");
    sql.value(plain(&row.life)).push(", ").value(plain(&row.stage)).push(", ");
    sql.value(row.ae.0).push(", ").value(row.csm.map(|person| person.0)).push(", ");
    sql.value(row.next_person.map(|person| person.0)).push(", ").value(row.bypassed).push(", ");
    sql.value(i64::from(row.open_waivers)).push(", ").value(i64::from(row.open_questions)).push(", ");
    sql.value(keys.due).push(", ").value(keys.updated).push(", ").value(keys.signature).push(", ");
    sql.value(plain(&keys.account)).push(", ").value(keys.missing).push(", ").value(keys.amount).push(", ");
    sql.value(plain(&search)).push(", ").value(serde_json::to_string(row)?).push(", ");
    sql.value(look_at.map(Timestamp::as_millisecond));
    sql.push(
        ", 0 FROM held ON CONFLICT (org_id, handoff_id) DO UPDATE SET account_id = excluded.account_id,
             opened_key = excluded.opened_key, life = excluded.life, stage = excluded.stage, ae = excluded.ae,
             csm = excluded.csm, next_person = excluded.next_person, bypassed = excluded.bypassed,
             open_waivers = excluded.open_waivers, open_questions = excluded.open_questions,
             due_key = excluded.due_key, updated_key = excluded.updated_key,
             signature_key = excluded.signature_key, account_key = excluded.account_key,
             missing_key = excluded.missing_key, amount_key = excluded.amount_key, search = excluded.search,
             doc = excluded.doc, look_key = excluded.look_key, look_claimed = 0)",
    );
    Ok(())
}
