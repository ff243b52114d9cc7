//! Lists of handoffs. An order is an index; a page is read from where the last one ended.
//!
//! What somebody reaches through people is read from each person's own index and merged, so that a page costs the
//! page and not the organisation.

use std::collections::BTreeSet;

use throughline_domain::{OrgId, PersonId};
use throughline_store::{
    Cursor, HandoffFilter, HandoffQuery, HandoffRow, Lateness, Page, Reach, SPREAD, Sort, SortKey, needle,
    touched, versions_of,
};
use uuid::Uuid;

use super::limit;
use crate::{sql::Sql, values::plain};

/// For more people than this the organisation's own index is walked and parts are looked up row by row.
const MERGED: usize = 64;

/// A page of at most `limit` of the rows that were found.
pub(super) fn page(query: &HandoffQuery, mut rows: Vec<HandoffRow>, limit: usize) -> Page<HandoffRow> {
    let more = rows.len() > limit;
    rows.truncate(limit);
    let next = rows.last().filter(|_| more).map(|row| Cursor::of(query.sort, row));
    Page { rows, next }
}

pub(super) fn page_sql(org: OrgId, query: &HandoffQuery, limit: usize) -> Sql {
    match drivers(&query.reach, &query.filter) {
        Some(people) => of_people(org, query, &people, limit),
        None => of_organisation(org, query, limit),
    }
}

pub(super) fn count_sql(org: OrgId, reach: &Reach, filter: &HandoffFilter, most: u32) -> Sql {
    let mut sql = Sql::of("SELECT count(*) FROM (").bind(org.0);
    found(&mut sql, reach, filter, false);
    sql.push(" LIMIT ").value(i64::from(most)).push(") AS found");
    sql
}

/// How what is found lies over the stages: of each, how many there are, how many are late, how many soon.
pub(super) fn spread_sql(org: OrgId, reach: &Reach, filter: &HandoffFilter, lateness: Lateness) -> Sql {
    let mut sql = Sql::of("SELECT stage, count(*), count(*) FILTER (WHERE due_key < ").bind(org.0);
    let (now, soon) = (lateness.now.as_millisecond(), lateness.soon.as_millisecond());
    // What has no due time has the greatest key, which no time is before.
    sql.value(now).push("), count(*) FILTER (WHERE due_key >= ").value(now).push(" AND due_key < ");
    sql.value(soon).push(") FROM (");
    found(&mut sql, reach, filter, true);
    // The most urgent are counted where not all are.
    sql.push(" ORDER BY due_key LIMIT ").value(i64::from(SPREAD));
    sql.push(") AS found GROUP BY stage ORDER BY stage");
    sql
}

/// Each handoff that is found, once; with its stage and due time or without.
fn found(sql: &mut Sql, reach: &Reach, filter: &HandoffFilter, staged: bool) {
    let shown = if staged { "h.stage, h.due_key" } else { "" };
    match drivers(reach, filter) {
        Some(people) => {
            sql.push("SELECT DISTINCT p.handoff_id").push(if staged { ", " } else { "" }).push(shown);
            sql.push(" FROM part p");
            if staged || needs_row(reach, &people, filter) {
                with_row(sql, if staged { "stage, due_key" } else { "1" }, filter);
            }
            sql.push(" WHERE p.org_id = $1 AND p.person_id = ANY (").value(ids(&people)).push(")");
            within(sql, "p", reach, filter, &people);
        }
        None => {
            sql.push("SELECT ").push(if staged { shown } else { "1" });
            sql.push(" FROM handoff h WHERE h.org_id = $1");
            within(sql, "h", reach, filter, &BTreeSet::new());
            filtered(sql, filter);
        }
    }
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

fn of_organisation(org: OrgId, query: &HandoffQuery, rows: usize) -> Sql {
    let mut sql = Sql::of("SELECT h.doc FROM handoff h WHERE h.org_id = $1").bind(org.0);
    within(&mut sql, "h", &query.reach, &query.filter, &BTreeSet::new());
    filtered(&mut sql, &query.filter);
    let key = format!("h.{}", column(query.sort));
    after(&mut sql, &key, "h.handoff_id", query.after.as_ref());
    sql.push(&format!(" ORDER BY {key}, h.handoff_id LIMIT ")).value(limit(rows));
    sql
}

/// Each person's first rows, merged: the first rows of all are among them.
fn of_people(org: OrgId, query: &HandoffQuery, people: &BTreeSet<PersonId>, rows: usize) -> Sql {
    let key = match query.sort {
        Sort::Due => "p.due_key".to_owned(),
        sort => format!("h.{}", column(sort)),
    };
    let mut sql = Sql::of("SELECT h.doc FROM (SELECT DISTINCT own.key, own.id FROM unnest(").bind(org.0);
    sql.value(ids(people)).push(&format!(
        ") AS who (person_id) CROSS JOIN LATERAL (SELECT {key} AS key, p.handoff_id AS id FROM part p"
    ));
    if query.sort != Sort::Due || needs_row(&query.reach, people, &query.filter) {
        with_row(&mut sql, column(query.sort), &query.filter);
    }
    sql.push(" WHERE p.org_id = $1 AND p.person_id = who.person_id");
    within(&mut sql, "p", &query.reach, &query.filter, people);
    after(&mut sql, &key, "p.handoff_id", query.after.as_ref());
    // Somebody's own index knows the day of the last change: days are read one after the other, each put in order,
    // until there is enough.
    let day = if query.sort == Sort::Updated { "p.touched_key, " } else { "" };
    if let (Sort::Updated, Some(Cursor { key: SortKey::Number(key), .. })) = (query.sort, &query.after) {
        sql.push(" AND p.touched_key >= ").value(touched(*key));
    }
    sql.push(&format!(" ORDER BY {day}{key}, p.handoff_id LIMIT ")).value(limit(rows));
    sql.push(") AS own ORDER BY own.key, own.id LIMIT ").value(limit(rows));
    sql.push(
        ") AS found JOIN handoff h ON h.org_id = $1 AND h.handoff_id = found.id ORDER BY found.key, found.id",
    );
    sql
}

/// Looks each part's row up, and drops the part where the filter does. The server may not turn this round: what it
/// believes of tables that have just been filled would have it read the whole organisation for one person.
fn with_row(sql: &mut Sql, column: &str, filter: &HandoffFilter) {
    sql.push(&format!(" CROSS JOIN LATERAL (SELECT {column} FROM handoff h"));
    sql.push(" WHERE h.org_id = p.org_id AND h.handoff_id = p.handoff_id");
    filtered(sql, filter);
    sql.push(" OFFSET 0) AS h");
}

/// Narrows to what may be seen, where the drivers do not do so already.
pub(super) fn reached(sql: &mut Sql, table: &str, reach: &Reach, drivers: &BTreeSet<PersonId>) {
    let Reach::People(people) = reach else { return };
    if implies(drivers, reach) {
        return;
    }
    sql.push(&format!(
        " AND EXISTS (SELECT FROM part r WHERE r.org_id = {table}.org_id AND r.handoff_id = {table}.handoff_id
             AND r.person_id = ANY ("
    ));
    sql.value(ids(people)).push("))");
}

/// Narrows to what may be seen and to whose parts are asked for, where the drivers do not do so already.
fn within(sql: &mut Sql, table: &str, reach: &Reach, filter: &HandoffFilter, drivers: &BTreeSet<PersonId>) {
    reached(sql, table, reach, drivers);
    if let Some(people) = &filter.parts {
        reached(sql, table, &Reach::People(people.clone()), drivers);
    }
}

/// All filters but `part` and `parts`: the one chose the driver, the other is seen to with the reach.
fn filtered(sql: &mut Sql, filter: &HandoffFilter) {
    for (column, texts) in [("life", &filter.life), ("stage", &filter.stage), ("credit", &filter.credit)] {
        if !texts.is_empty() {
            sql.push(&format!(" AND h.{column} = ANY ("));
            sql.value(texts.iter().map(|text| plain(text)).collect::<Vec<_>>()).push(")");
        }
    }
    for (column, person) in [("ae", filter.ae), ("csm", filter.csm), ("next_person", filter.owes)] {
        if let Some(person) = person {
            sql.push(&format!(" AND h.{column} = ")).value(person.0);
        }
    }
    let yes_or_no = [
        (filter.incomplete, " AND h.missing_key < 0", " AND h.missing_key >= 0"),
        (filter.bypassed, " AND h.bypassed", " AND NOT h.bypassed"),
        (filter.open_waivers, " AND h.open_waivers > 0", " AND h.open_waivers = 0"),
        (filter.open_questions, " AND h.open_questions > 0", " AND h.open_questions = 0"),
        (filter.nominated, " AND h.csm IS NOT NULL", " AND h.csm IS NULL"),
        (filter.refused, " AND h.refused", " AND NOT h.refused"),
        (filter.kicked_off, " AND h.kicked_off", " AND NOT h.kicked_off"),
    ];
    for (asked, yes, no) in yes_or_no {
        match asked {
            Some(true) => drop(sql.push(yes)),
            Some(false) => drop(sql.push(no)),
            None => {}
        }
    }
    for (column, word) in [("segment", &filter.segment), ("lead_source", &filter.lead_source)] {
        if let Some(word) = word {
            sql.push(&format!(" AND h.{column} = ")).value(plain(word));
        }
    }
    if let Some(from) = filter.due_from {
        sql.push(" AND h.due_key >= ").value(from.as_millisecond());
    }
    if let Some(before) = filter.due_before {
        // What has no due time has the greatest key, which no time is before.
        sql.push(" AND h.due_key < ").value(before.as_millisecond());
    }
    if let Some(playbook) = &filter.playbook {
        by_playbook(sql, playbook);
    }
    if let Some(text) = needle(filter.text.as_deref()) {
        sql.push(" AND strpos(h.search, ").value(plain(&text)).push(") > 0");
    }
}

/// Narrows to handoffs by any version of a playbook.
pub(super) fn by_playbook(sql: &mut Sql, name: &str) {
    sql.push(" AND starts_with(h.doc::json ->> 'playbook', ").value(plain(&versions_of(name))).push(")");
}

fn after(sql: &mut Sql, key: &str, id: &str, after: Option<&Cursor>) {
    let Some(after) = after else { return };
    sql.push(&format!(" AND ({key}, {id}) > ("));
    match &after.key {
        SortKey::Number(number) => sql.value(*number),
        SortKey::Text(text) => sql.value(plain(text)),
    };
    sql.push(", ").value(after.id.0).push(")");
}

/// Whether whoever has one of the drivers' parts is in reach.
fn implies(drivers: &BTreeSet<PersonId>, reach: &Reach) -> bool {
    match reach {
        Reach::Organisation => true,
        Reach::People(people) => !drivers.is_empty() && drivers.is_subset(people),
    }
}

/// Whether parts alone cannot answer.
fn needs_row(reach: &Reach, drivers: &BTreeSet<PersonId>, filter: &HandoffFilter) -> bool {
    // Whose parts are asked for, and the reach, are looked up beside the part itself.
    let only_parts =
        HandoffFilter { part: filter.part, parts: filter.parts.clone(), ..HandoffFilter::default() };
    *filter != only_parts || !implies(drivers, reach)
}

fn ids(people: &BTreeSet<PersonId>) -> Vec<Uuid> {
    people.iter().map(|person| person.0).collect()
}

/// The column of an order.
fn column(sort: Sort) -> &'static str {
    match sort {
        Sort::Due => "due_key",
        Sort::Updated => "updated_key",
        Sort::Signature => "signature_key",
        Sort::Account => "account_key",
        Sort::Missing => "missing_key",
        Sort::Amount => "amount_key",
    }
}
