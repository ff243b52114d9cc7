//! Lists of handoffs. An order is an index; a page is read from where the last one ended.
//!
//! What somebody reaches through people is read from each person's own index and merged, so that a page costs the
//! page and not the organisation.

use std::collections::BTreeSet;

use rusqlite::{Connection, params, params_from_iter, types::Value};
use throughline_domain::{HandoffId, OrgId, PersonId};
use throughline_store::{
    Cursor, HandoffFilter, HandoffQuery, HandoffRow, PAGE, Page, Reach, Sort, SortKey, bounded, needle,
};

use crate::values::{blob, doc, id, touched};

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
    let mut sql = match drivers(reach, filter) {
        Some(people) => {
            let mut sql = Sql::new("SELECT DISTINCT p.handoff_id FROM part p ");
            sql.push("CROSS JOIN handoff h ON h.org_id = p.org_id AND h.handoff_id = p.handoff_id ");
            sql.with("WHERE p.org_id = ?", org_value(org));
            sql.one_of("p.person_id", people.iter().map(|person| person_value(*person)));
            sql.reached(reach, &people);
            sql
        }
        None => {
            let mut sql = Sql::new("SELECT 1 FROM handoff h INDEXED BY handoff_due ");
            sql.with("WHERE h.org_id = ?", org_value(org));
            sql.reached(reach, &BTreeSet::new());
            sql
        }
    };
    sql.filtered(filter);
    sql.with(" LIMIT ?", Value::from(most));
    let text = format!("SELECT count(*) FROM ({})", sql.text);
    conn.prepare_cached(&text)?.query_row(params_from_iter(sql.values), |row| row.get(0))
}

/// Whose parts lead to all that can be asked for; none: the organisation's index does.
fn drivers(reach: &Reach, filter: &HandoffFilter) -> Option<BTreeSet<PersonId>> {
    match (filter.part, reach) {
        (Some(person), _) => Some(BTreeSet::from([person])),
        (None, Reach::People(people)) if people.len() <= MERGED => Some(people.clone()),
        (None, _) => None,
    }
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

fn organisation_sql(org: OrgId, query: &HandoffQuery, limit: usize) -> Sql {
    let (key, index) = order(query.sort);
    let mut sql = Sql::new("SELECT h.doc FROM handoff h ");
    // With an AE or CSM given the engine has a narrower index than the order's.
    if query.filter.ae.is_none() && query.filter.csm.is_none() {
        sql.push(&format!("INDEXED BY {index} "));
    }
    sql.with("WHERE h.org_id = ?", org_value(org));
    sql.reached(&query.reach, &BTreeSet::new());
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

fn person_sql(
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
    sql.reached(&query.reach, people);
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

fn by_day_sql(org: OrgId, query: &HandoffQuery, person: PersonId, people: &BTreeSet<PersonId>) -> Sql {
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
    sql.reached(&query.reach, people);
    sql.filtered(&query.filter);
    sql.push(" ORDER BY p.touched_key");
    sql
}

/// Whether parts alone cannot answer.
fn needs_row(reach: &Reach, drivers: &BTreeSet<PersonId>, filter: &HandoffFilter) -> bool {
    let only_parts = HandoffFilter { part: filter.part, ..HandoffFilter::default() };
    *filter != only_parts || !implies(drivers, reach)
}

/// Whether whoever has one of the drivers' parts is in reach.
fn implies(drivers: &BTreeSet<PersonId>, reach: &Reach) -> bool {
    match reach {
        Reach::Organisation => true,
        Reach::People(people) => !drivers.is_empty() && drivers.is_subset(people),
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

fn org_value(org: OrgId) -> Value {
    Value::Blob(blob(org).to_vec())
}

fn person_value(person: PersonId) -> Value {
    Value::Blob(blob(person).to_vec())
}

/// A statement in the making. Values are always bound, never written into it.
struct Sql {
    text: String,
    values: Vec<Value>,
}

impl Sql {
    fn new(text: &str) -> Self {
        Self { text: text.to_owned(), values: Vec::new() }
    }

    fn push(&mut self, text: &str) {
        self.text.push_str(text);
    }

    fn with(&mut self, text: &str, value: Value) {
        self.text.push_str(text);
        self.values.push(value);
    }

    fn one_of(&mut self, column: &str, values: impl ExactSizeIterator<Item = Value>) {
        let places = vec!["?"; values.len()].join(",");
        self.text.push_str(&format!(" AND {column} IN ({places})"));
        self.values.extend(values);
    }

    /// Narrows to what may be seen, where the drivers do not do so already.
    fn reached(&mut self, reach: &Reach, drivers: &BTreeSet<PersonId>) {
        let Reach::People(people) = reach else { return };
        if implies(drivers, reach) {
            return;
        }
        let hex: Vec<String> = people.iter().map(|person| person.0.simple().to_string()).collect();
        let list = serde_json::Value::from(hex).to_string();
        self.with(
            " AND EXISTS (SELECT 1 FROM part r WHERE r.org_id = h.org_id AND r.handoff_id = h.handoff_id
                 AND r.person_id IN (SELECT unhex(value) FROM json_each(?)))",
            Value::Text(list),
        );
    }

    /// All filters but `part`, which chose the driver.
    fn filtered(&mut self, filter: &HandoffFilter) {
        let texts = |set: &BTreeSet<String>| set.iter().cloned().map(Value::Text).collect::<Vec<_>>();
        if !filter.life.is_empty() {
            self.one_of("h.life", texts(&filter.life).into_iter());
        }
        if !filter.stage.is_empty() {
            self.one_of("h.stage", texts(&filter.stage).into_iter());
        }
        for (column, person) in [("h.ae", filter.ae), ("h.csm", filter.csm), ("h.next_person", filter.owes)] {
            if let Some(person) = person {
                self.with(&format!(" AND {column} = ?"), person_value(person));
            }
        }
        match filter.incomplete {
            Some(true) => self.push(" AND h.missing_key < 0"),
            Some(false) => self.push(" AND h.missing_key >= 0"),
            None => {}
        }
        if let Some(bypassed) = filter.bypassed {
            self.with(" AND h.bypassed = ?", Value::from(bypassed));
        }
        if let Some(before) = filter.due_before {
            // What has no due time has the greatest key, which no time is before.
            self.with(" AND h.due_key < ?", Value::from(before.as_millisecond()));
        }
        match filter.open_waivers {
            Some(true) => self.push(" AND h.open_waivers > 0"),
            Some(false) => self.push(" AND h.open_waivers = 0"),
            None => {}
        }
        if let Some(text) = needle(filter.text.as_deref()) {
            self.with(" AND instr(h.search, ?) > 0", Value::Text(text));
        }
    }

    fn ordered(&mut self, key: &str, id: &str, after: Option<&Cursor>, limit: usize) {
        if let Some(after) = after {
            let place = match &after.key {
                SortKey::Number(number) => Value::from(*number),
                SortKey::Text(text) => Value::Text(text.clone()),
            };
            self.with(&format!(" AND ({key}, {id}) > (?"), place);
            self.with(", ?)", Value::Blob(blob(after.id).to_vec()));
        }
        self.with(
            &format!(" ORDER BY {key}, {id} LIMIT ?"),
            Value::from(i64::try_from(limit).unwrap_or(i64::MAX)),
        );
    }
}
