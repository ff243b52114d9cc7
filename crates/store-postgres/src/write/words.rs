//! The words of names, kept beside what is called so.

use std::collections::BTreeSet;

use throughline_store::{Account, HandoffRow, Sought, found, haystack};
use uuid::Uuid;

use super::apply::Tables;
use crate::{
    driver::{Error, Row},
    faults::Fault,
    pool::Lease,
    sql::Sql,
    values::{doc, plain},
};

/// How many names are read at once when the words of all are kept.
const STRETCH: i64 = 2_000;

/// Puts the words of one thing in place of those it had.
pub(super) async fn put(
    to: &mut Tables<'_, '_>,
    sought: Sought,
    id: Uuid,
    words: BTreeSet<String>,
) -> Result<(), Fault> {
    let words: Vec<String> = words.into_iter().collect();
    let gone =
        Sql::of("DELETE FROM word WHERE org_id = $1 AND kind = $2 AND id = $3 AND NOT word = ANY ($4)");
    to.run(&gone.bind(to.org).bind(sought.number()).bind(id).bind(words.clone())).await?;
    let kept = Sql::of(
        "INSERT INTO word (org_id, kind, id, word, rank) SELECT $1, $2, $3, unnest($4), 0 ON CONFLICT DO NOTHING",
    );
    to.run(&kept.bind(to.org).bind(sought.number()).bind(id).bind(words)).await?;
    Ok(())
}

/// Adds a handoff's words to a statement whose `$1` and `$2` are organisation and handoff, and whose `held` says
/// whether. Most commits change no name: then they are left alone. A node of the release before keeps none: what it
/// opened gets its words with its next commit.
pub(super) fn put_handoff(sql: &mut Sql, row: &HandoffRow, is_new: bool) {
    let words: Vec<String> = found::words(&[&row.account, &row.deal_name]).into_iter().collect();
    let kind = Sought::Handoffs.number();
    if is_new {
        sql.push(", words AS (INSERT INTO word (org_id, kind, id, word, rank) SELECT $1, ");
        sql.value(kind).push(", $2, unnest(").value(words).push("), ").value(found::rank(row.opened_at));
        sql.push(" FROM held ON CONFLICT DO NOTHING)");
        return;
    }
    sql.push(
        ", renamed AS (SELECT FROM held WHERE NOT EXISTS (
             SELECT FROM handoff WHERE org_id = $1 AND handoff_id = $2 AND search = ",
    );
    sql.value(plain(&haystack(&[&row.account, &row.deal_name])).into_owned());
    sql.push(" AND opened_key = ").value(row.opened_at.as_millisecond());
    sql.push(" AND EXISTS (SELECT FROM word WHERE org_id = $1 AND kind = ").value(kind);
    sql.push(" AND id = $2))), unsaid AS (DELETE FROM word USING renamed WHERE org_id = $1 AND kind = ");
    sql.value(kind).push(" AND id = $2 AND NOT word = ANY (").value(words.clone());
    sql.push(")), words AS (INSERT INTO word (org_id, kind, id, word, rank) SELECT $1, ");
    sql.value(kind).push(", $2, unnest(").value(words).push("), ").value(found::rank(row.opened_at));
    sql.push(" FROM renamed ON CONFLICT (org_id, kind, id, word) DO UPDATE SET rank = excluded.rank)");
}

/// Keeps the words of everything a database holds that was written before words were kept.
pub(crate) async fn fill(lease: &mut Lease<'_>) -> Result<(), Fault> {
    let tables = [
        (
            Sought::Handoffs,
            "SELECT org_id, handoff_id, search, -opened_key FROM handoff
             WHERE (org_id, handoff_id) > ($1, $2) ORDER BY org_id, handoff_id LIMIT $3",
        ),
        (
            Sought::Accounts,
            "SELECT org_id, account_id, doc, 0::bigint FROM account
             WHERE (org_id, account_id) > ($1, $2) ORDER BY org_id, account_id LIMIT $3",
        ),
        (
            Sought::People,
            "SELECT org_id, person_id, search, 0::bigint FROM person
             WHERE (org_id, person_id) > ($1, $2) ORDER BY org_id, person_id LIMIT $3",
        ),
    ];
    for (sought, sql) in tables {
        let mut last = (Uuid::nil(), Uuid::nil());
        loop {
            let rows = lease.rows(&Sql::of(sql).bind(last.0).bind(last.1).bind(STRETCH)).await?;
            let (mut orgs, mut ids, mut words, mut ranks) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
            for row in &rows {
                last = (row.try_get(0)?, row.try_get(1)?);
                let rank: i64 = row.try_get(3)?;
                for word in called(sought, row)? {
                    orgs.push(last.0);
                    ids.push(last.1);
                    words.push(word);
                    ranks.push(rank);
                }
            }
            let kept = Sql::of(
                "INSERT INTO word (org_id, kind, id, word, rank)
                 SELECT w.org_id, $1, w.id, w.word, w.rank FROM unnest($2, $3, $4, $5) AS w (org_id, id, word, rank)
                 ON CONFLICT DO NOTHING",
            );
            lease.run(&kept.bind(sought.number()).bind(orgs).bind(ids).bind(words).bind(ranks)).await?;
            if rows.is_empty() {
                break;
            }
        }
    }
    Ok(())
}

fn called(sought: Sought, row: &crate::driver::PgRow) -> Result<BTreeSet<String>, Error> {
    Ok(match sought {
        Sought::Accounts => found::words(&[&doc::<Account>(row, 2)?.name]),
        Sought::Handoffs | Sought::People => found::words(&[row.try_get(2)?]),
    })
}
