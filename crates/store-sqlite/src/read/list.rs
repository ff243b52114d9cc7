//! Lists of handoffs. An order is an index; a page is read from where the last one ended.
//!
//! What somebody reaches through people is read from each person's own index and merged, so that a page costs the
//! page and not the organisation.

use std::collections::BTreeSet;

use rusqlite::{Connection, params, params_from_iter, types::Value};
use throughline_domain::{HandoffId, OrgId, PersonId};
use throughline_store::{
    Cursor, HandoffFilter, HandoffQuery, HandoffRow, Lateness, PAGE, Page, Reach, SPREAD, Sort, SortKey,
    bounded, touched,
};

use super::sql::{Sql, implies, org_value, person_value};
use crate::values::{blob, doc, id};

/// For more people than this the organisation's own index is walked and parts are looked up row by row.
const MERGED: usize = 64;

pub(super) fn page(
    conn: &Connection,
    org: OrgId,
    query: &HandoffQuery,
) -> rusqlite::Result<Page<HandoffRow>> {
    let limit = bounded(query.limit, PAGE);
    let mut rows = match drivers(&query.reach, &query.filter) {
        Some(people) => of_people(conn, org, query, &people, limit + 1)?,
        None => of_organisation(conn, org, query, limit + 1)?,
    };
    let more = rows.len() > limit;
    rows.truncate(limit);
    let next = rows.last().filter(|_| more).map(|row| Cursor::of(query.sort, row));
    Ok(Page { rows, next })
}

pub(super) fn count(
    conn: &Connection,
    org: OrgId,
    reach: &Reach,
    filter: &HandoffFilter,
    most: u32,
) -> rusqlite::Result<u32> {
    let sql = count_sql(org, reach, filter, most);
    conn.prepare_cached(&sql.text)?.query_row(params_from_iter(sql.values), |row| row.get(0))
}

pub(super) fn count_sql(org: OrgId, reach: &Reach, filter: &HandoffFilter, most: u32) -> Sql {
    let mut sql = found_sql(org, reach, filter, false);
    sql.with(" LIMIT ?", Value::from(most));
    sql.text = format!("SELECT count(*) FROM ({})", sql.text);
    sql
}

/// How what is found lies over the stages: of each, how many there are, how many are late, how many soon.
pub(super) fn spread_sql(org: OrgId, reach: &Reach, filter: &HandoffFilter, lateness: Lateness) -> Sql {
    let mut found = found_sql(org, reach, filter, true);
    // By due time, as their index has them, so that the most urgent are counted where not all are.
    found.with(" ORDER BY due_key LIMIT ?", Value::from(SPREAD));
    let (now, soon) = (lateness.now.as_millisecond(), lateness.soon.as_millisecond());
    let mut sql = Sql::new("SELECT stage, count(*), count(*) FILTER (WHERE due_key < ");
    // What has no due time has the greatest key, which no time is before.
    sql.with("?), count(*) FILTER (WHERE due_key >= ", Value::from(now));
    sql.with("? AND due_key < ", Value::from(now));
    sql.with("?) FROM (", Value::from(soon));
    sql.push(&found.text);
    sql.values.extend(found.values);
    sql.push(") GROUP BY stage ORDER BY stage");
    sql
}

/// Each handoff that is found, once; with its stage and due time or without.
fn found_sql(org: OrgId, reach: &Reach, filter: &HandoffFilter, staged: bool) -> Sql {
    let mut sql = match drivers(reach, filter) {
        Some(people) => {
            let shown = if staged { ", h.stage AS stage, h.due_key AS due_key" } else { "" };
            let mut sql =
                Sql::new(&format!("SELECT DISTINCT p.handoff_id{shown} FROM part p INDEXED BY part_due "));
            if staged || needs_row(reach, &people, filter) {
                sql.push("CROSS JOIN handoff h ON h.org_id = p.org_id AND h.handoff_id = p.handoff_id ");
            }
            sql.with("WHERE p.org_id = ?", org_value(org));
            sql.one_of("p.person_id", people.iter().map(|person| person_value(*person)));
            sql.within(reach, filter, &people);
            sql
        }
        None => {
            let shown = if staged { "h.stage AS stage, h.due_key AS due_key" } else { "1" };
            let mut sql = Sql::new(&format!("SELECT {shown} FROM handoff h "));
            sql.push(&format!("INDEXED BY {} ", narrow(filter).unwrap_or("handoff_due")));
            sql.with("WHERE h.org_id = ?", org_value(org));
            sql.within(reach, filter, &BTreeSet::new());
            sql
        }
    };
    sql.filtered(filter);
    sql
}

/// Whose parts lead to all that can be asked for; none: the organisation's index does.
fn drivers(reach: &Reach, filter: &HandoffFilter) -> Option<BTreeSet<PersonId>> {
    let few = |people: &BTreeSet<PersonId>| (people.len() <= MERGED).then(|| people.clone());
    if let Some(person) = filter.part {
        return Some(BTreeSet::from([person]));
    }
    filter.parts.as_ref().and_then(few).or_else(|| match reach {
        Reach::People(people) => few(people),
        Reach::Organisation => None,
    })
}

fn of_organisation(
    conn: &Connection,
    org: OrgId,
    query: &HandoffQuery,
    limit: usize,
) -> rusqlite::Result<Vec<HandoffRow>> {
    let sql = organisation_sql(org, query, limit);
    let mut find = conn.prepare_cached(&sql.text)?;
    find.query_map(params_from_iter(sql.values), |row| doc(row, 0))?.collect()
}

pub(super) fn organisation_sql(org: OrgId, query: &HandoffQuery, limit: usize) -> Sql {
    let (key, index) = order(query.sort);
    let mut sql = Sql::new("SELECT h.doc FROM handoff h ");
    match (query.sort, narrow(&query.filter)) {
        (Sort::Due, Some(narrow)) => sql.push(&format!("INDEXED BY {narrow} ")),
        // One person's handoffs are few enough to be sorted; those nobody receives may be many.
        (_, Some(_)) if query.filter.nominated.is_none() => {}
        _ => sql.push(&format!("INDEXED BY {index} ")),
    }
    sql.with("WHERE h.org_id = ?", org_value(org));
    sql.within(&query.reach, &query.filter, &BTreeSet::new());
    sql.filtered(&query.filter);
    sql.ordered(&format!("h.{key}"), "h.handoff_id", query.after.as_ref(), limit);
    sql
}

/// Each person's first rows, merged: the first rows of all are among them.
fn of_people(
    conn: &Connection,
    org: OrgId,
    query: &HandoffQuery,
    people: &BTreeSet<PersonId>,
    limit: usize,
) -> rusqlite::Result<Vec<HandoffRow>> {
    let mut found: Vec<(SortKey, HandoffId)> = Vec::new();
    for person in people {
        if query.sort == Sort::Updated {
            by_day(conn, org, query, *person, people, limit, &mut found)?;
            continue;
        }
        let sql = person_sql(org, query, *person, people, limit);
        let mut find = conn.prepare_cached(&sql.text)?;
        let places = find.query_map(params_from_iter(sql.values), |row| {
            let key = match query.sort {
                Sort::Account => SortKey::Text(row.get(0)?),
                _ => SortKey::Number(row.get(0)?),
            };
            Ok((key, id(row, 1)?))
        })?;
        for place in places {
            found.push(place?);
        }
    }
    found.sort_unstable();
    found.dedup();
    found.truncate(limit);
    let mut read = conn.prepare_cached("SELECT doc FROM handoff WHERE org_id = ?1 AND handoff_id = ?2")?;
    found.into_iter().map(|(_, id)| read.query_row(params![blob(org), blob(id)], |row| doc(row, 0))).collect()
}

pub(super) fn person_sql(
    org: OrgId,
    query: &HandoffQuery,
    person: PersonId,
    people: &BTreeSet<PersonId>,
    limit: usize,
) -> Sql {
    let (key, _) = order(query.sort);
    let kept = query.sort == Sort::Due;
    let key = if kept { format!("p.{key}") } else { format!("h.{key}") };
    let mut sql = Sql::new(&format!("SELECT {key}, p.handoff_id FROM part p "));
    if kept {
        sql.push("INDEXED BY part_due ");
    }
    if !kept || needs_row(&query.reach, people, &query.filter) {
        sql.push("CROSS JOIN handoff h ON h.org_id = p.org_id AND h.handoff_id = p.handoff_id ");
    }
    sql.with("WHERE p.org_id = ?", org_value(org));
    sql.with(" AND p.person_id = ?", person_value(person));
    sql.within(&query.reach, &query.filter, people);
    sql.filtered(&query.filter);
    sql.ordered(&key, "p.handoff_id", query.after.as_ref(), limit);
    sql
}

/// Somebody's parts by last change. Their index knows the day: days are read whole, newest first, until there is
/// enough.
fn by_day(
    conn: &Connection,
    org: OrgId,
    query: &HandoffQuery,
    person: PersonId,
    people: &BTreeSet<PersonId>,
    limit: usize,
    found: &mut Vec<(SortKey, HandoffId)>,
) -> rusqlite::Result<()> {
    let sql = by_day_sql(org, query, person, people);
    let mut find = conn.prepare_cached(&sql.text)?;
    let mut rows = find.query(params_from_iter(sql.values))?;
    let (before, mut day) = (found.len(), None);
    while let Some(row) = rows.next()? {
        let touched: i64 = row.get(0)?;
        if day.replace(touched) != Some(touched) && found.len() - before >= limit {
            return Ok(());
        }
        found.push((SortKey::Number(row.get(1)?), id(row, 2)?));
    }
    Ok(())
}

pub(super) fn by_day_sql(
    org: OrgId,
    query: &HandoffQuery,
    person: PersonId,
    people: &BTreeSet<PersonId>,
) -> Sql {
    let mut sql =
        Sql::new("SELECT p.touched_key, h.updated_key, p.handoff_id FROM part p INDEXED BY part_touched ");
    sql.push("CROSS JOIN handoff h ON h.org_id = p.org_id AND h.handoff_id = p.handoff_id ");
    sql.with("WHERE p.org_id = ?", org_value(org));
    sql.with(" AND p.person_id = ?", person_value(person));
    if let Some(Cursor { key: SortKey::Number(key), id }) = &query.after {
        sql.with(" AND p.touched_key >= ?", Value::from(touched(*key)));
        sql.with(" AND (h.updated_key, h.handoff_id) > (?", Value::from(*key));
        sql.with(", ?)", Value::Blob(blob(*id).to_vec()));
    }
    sql.within(&query.reach, &query.filter, people);
    sql.filtered(&query.filter);
    sql.push(" ORDER BY p.touched_key");
    sql
}

/// Whether parts alone cannot answer.
fn needs_row(reach: &Reach, drivers: &BTreeSet<PersonId>, filter: &HandoffFilter) -> bool {
    let only_parts =
        HandoffFilter { part: filter.part, parts: filter.parts.clone(), ..HandoffFilter::default() };
    let asked = filter.parts.clone().map(Reach::People);
    *filter != only_parts || !implies(drivers, reach) || asked.is_some_and(|asked| !implies(drivers, &asked))
}

/// An index that leads to few rows and has them by due time; none: nothing in the filter has one.
fn narrow(filter: &HandoffFilter) -> Option<&'static str> {
    match filter {
        HandoffFilter { ae: Some(_), open_questions: Some(true), .. } => Some("handoff_asked"),
        HandoffFilter { ae: Some(_), .. } => Some("handoff_ae"),
        HandoffFilter { csm: Some(_), .. } | HandoffFilter { nominated: Some(false), .. } => {
            Some("handoff_csm")
        }
        _ => None,
    }
}

/// The column and the index of an order.
fn order(sort: Sort) -> (&'static str, &'static str) {
    match sort {
        Sort::Due => ("due_key", "handoff_due"),
        Sort::Updated => ("updated_key", "handoff_updated"),
        Sort::Signature => ("signature_key", "handoff_signature"),
        Sort::Account => ("account_key", "handoff_account"),
        Sort::Missing => ("missing_key", "handoff_missing"),
        Sort::Amount => ("amount_key", "handoff_amount"),
    }
}
