//! The row lists show, with its sort keys, as a part of a larger statement.

use jiff::Timestamp;
use throughline_store::{Commit, Credit, HandoffRow, Look, SortKeys, columns::signed, haystack, summand};

use crate::{faults::Fault, sql::Sql, values::plain};

/// The life whose clocks run.
const LIVE: &str = "live";

/// When the clocks want a look next.
#[derive(Clone, Copy)]
pub(super) struct NextLook {
    at: Option<Timestamp>,
    /// At once where all were to be looked at again since the organisation's version this stands for.
    as_of: i64,
    is_new: bool,
}

impl NextLook {
    /// As a commit says.
    pub fn of(commit: &Commit) -> Result<Self, Fault> {
        Ok(Self { at: commit.look_at, as_of: signed(commit.as_of)?, is_new: commit.expected == 0 })
    }

    /// As a look found that nobody has put an end to.
    pub fn found(look: &Look) -> Self {
        Self { at: look.look_at, as_of: i64::MAX, is_new: false }
    }

    /// What a commit that opens a handoff finds out first. Whoever lets all be looked at again cannot see a row that is
    /// only just being added: the two meet at the organisation's.
    fn ground(self, sql: &mut Sql) {
        if self.is_new {
            sql.push(", ground AS MATERIALIZED (SELECT looks_from FROM org WHERE org_id = $1 FOR SHARE)");
        }
    }
}

/// Adds the row to a statement whose `$1` and `$2` are organisation and handoff, and whose `held` says whether.
pub(super) fn put(sql: &mut Sql, row: &HandoffRow, keys: &SortKeys, look: NextLook) -> Result<(), Fault> {
    let search = haystack(&[&row.account, &row.deal_name]);
    look.ground(sql);
    sql.push(
        ", shown AS (INSERT INTO handoff (org_id, handoff_id, account_id, opened_key, life, stage, ae, csm,
             next_person, bypassed, open_waivers, open_questions, due_key, updated_key, signature_key, account_key,
             missing_key, amount_key, search, doc, segment, lead_source, arr_minor, arr_currency, refused, credit,
             kicked_off, look_claimed, looks_from, look_key)
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
    sql.value(row.segment.as_deref().map(plain)).push(", ").value(row.lead_source.as_deref().map(plain));
    sql.push(", ").value(row.arr.map(summand)).push(", ");
    sql.value(row.arr.map(|arr| arr.currency.to_string())).push(", ").value(row.refused).push(", ");
    sql.value(row.credit.map(Credit::name)).push(", ").value(row.kicked_off).push(", ");
    let look_key = look.at.map(Timestamp::as_millisecond);
    if look.is_new {
        sql.push(
            "0, coalesce((SELECT looks_from FROM ground), 0), CASE WHEN (SELECT looks_from FROM ground) > ",
        );
        sql.value(look.as_of).push(" AND ").value(row.life == LIVE).push(" THEN 0 ELSE ").value(look_key);
        sql.push(" END");
    } else {
        sql.push("0, 0, ").value(look_key);
    }
    sql.push(
        " FROM held ON CONFLICT (org_id, handoff_id) DO UPDATE SET account_id = excluded.account_id,
             opened_key = excluded.opened_key, life = excluded.life, stage = excluded.stage, ae = excluded.ae,
             csm = excluded.csm, next_person = excluded.next_person, bypassed = excluded.bypassed,
             open_waivers = excluded.open_waivers, open_questions = excluded.open_questions,
             due_key = excluded.due_key, updated_key = excluded.updated_key,
             signature_key = excluded.signature_key, account_key = excluded.account_key,
             missing_key = excluded.missing_key, amount_key = excluded.amount_key, search = excluded.search,
             doc = excluded.doc, segment = excluded.segment, lead_source = excluded.lead_source,
             arr_minor = excluded.arr_minor, arr_currency = excluded.arr_currency, refused = excluded.refused,
             credit = excluded.credit, kicked_off = excluded.kicked_off, look_claimed = 0,
             look_key = CASE WHEN handoff.looks_from > ",
    );
    sql.value(look.as_of);
    sql.push(" AND excluded.life = 'live' THEN 0 ELSE excluded.look_key END)");
    Ok(())
}
