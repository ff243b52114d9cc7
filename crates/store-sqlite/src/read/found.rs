//! Finding things by the words of their names.
//!
//! For somebody with few handoffs those are looked through; otherwise the words that begin as asked are walked, so far
//! and no further. Either way a question costs what it may cost, however much there is.

use async_trait::async_trait;
use rusqlite::{Connection, Row, params_from_iter, types::Value};
use throughline_domain::OrgId;
use throughline_store::{
    FindPlace, FindQuery, Finding, Found, PAGE, Page, Reach, Sought, StoreError, WALKED, bounded,
    found::beyond,
};

use super::sql::{Sql, org_value, person_value};
use crate::{
    SqliteStore,
    values::{blob, doc, id},
};

#[async_trait]
impl Finding for SqliteStore {
    async fn find(&self, org: OrgId, query: &FindQuery) -> Result<Page<Found, FindPlace>, StoreError> {
        let query = query.clone();
        self.readers.later(move |conn| find(conn, org, &query)).await
    }
}

/// A question that asks for something.
pub(super) struct Question<'a> {
    org: OrgId,
    query: &'a FindQuery,
    first: &'a str,
    others: &'a [String],
}

fn find(conn: &Connection, org: OrgId, query: &FindQuery) -> rusqlite::Result<Page<Found, FindPlace>> {
    let Some(question) = Question::of(org, query) else { return Ok(Page { rows: Vec::new(), next: None }) };
    let limit = bounded(query.limit, PAGE);
    let few = question.few(conn)?;
    let sql = if few { question.theirs(limit + 1) } else { question.walk(limit + 1) };
    let mut find = conn.prepare_cached(&sql.text)?;
    let found =
        find.query_map(params_from_iter(sql.values), |row| Ok((place(row)?, question.found(row)?)))?;
    let mut found = found.collect::<rusqlite::Result<Vec<_>>>()?;
    let more = found.len() > limit;
    found.truncate(limit);
    let next = match found.last() {
        Some((last, _)) if more => Some(last.clone()),
        _ if few => None,
        _ => question.walked(conn)?,
    };
    Ok(Page { rows: found.into_iter().map(|(_, found)| found).collect(), next })
}

fn place(row: &Row<'_>) -> rusqlite::Result<FindPlace> {
    Ok(FindPlace { word: row.get(0)?, rank: row.get(1)?, id: id(row, 2)? })
}

impl<'a> Question<'a> {
    pub(super) fn of(org: OrgId, query: &'a FindQuery) -> Option<Self> {
        let (first, others) = query.asked.parts()?;
        Some(Self { org, query, first, others })
    }

    /// Whether it narrows to handoffs, or accounts, that are few enough to be looked through.
    fn few(&self, conn: &Connection) -> rusqlite::Result<bool> {
        let Some(sql) = self.parts() else { return Ok(false) };
        let parts: u32 =
            conn.prepare_cached(&sql.text)?.query_row(params_from_iter(sql.values), |row| row.get(0))?;
        Ok(parts <= WALKED)
    }

    /// Counts what the asker's people have parts in, up to one more than are looked through; none: whose they are does
    /// not matter.
    pub(super) fn parts(&self) -> Option<Sql> {
        let mut sql = Sql::new("SELECT count(*) FROM (SELECT 1 FROM part p INDEXED BY part_due ");
        self.of_people(&mut sql)?;
        sql.with(" LIMIT ?", Value::from(WALKED + 1));
        sql.push(")");
        Some(sql)
    }

    fn of_people(&self, sql: &mut Sql) -> Option<()> {
        let Reach::People(people) = &self.query.reach else { return None };
        if self.query.sought == Sought::People {
            return None;
        }
        sql.with("WHERE p.org_id = ?", org_value(self.org));
        if people.len() <= 64 {
            sql.one_of("p.person_id", people.iter().map(|person| person_value(*person)));
        } else {
            sql.listed("p.person_id", people.iter().map(|one| one.0.simple().to_string()).collect());
        }
        Some(())
    }

    /// What the asker's people have parts in, looked through.
    pub(super) fn theirs(&self, limit: usize) -> Sql {
        let mut sql = Sql::new("SELECT w.word, w.rank, w.id, t.doc FROM (");
        match self.query.sought {
            Sought::Accounts => sql.push(
                "SELECT DISTINCT h.account_id AS id FROM part p INDEXED BY part_due CROSS JOIN handoff h
                 ON h.org_id = p.org_id AND h.handoff_id = p.handoff_id ",
            ),
            Sought::Handoffs | Sought::People => {
                sql.push("SELECT DISTINCT p.handoff_id AS id FROM part p INDEXED BY part_due ");
            }
        }
        let narrowed = self.of_people(&mut sql);
        debug_assert!(narrowed.is_some(), "only who has few parts is asked for them");
        sql.with(") AS own CROSS JOIN word w ON w.org_id = ?", org_value(self.org));
        sql.with(" AND w.kind = ?", Value::from(self.query.sought.number()));
        sql.push(" AND w.id = own.id");
        self.begins(&mut sql, "w", self.first);
        self.joined(&mut sql);
        self.after(&mut sql, "w");
        self.ordered(&mut sql, limit);
        sql
    }

    /// The words that begin as asked, so far and no further, narrowed to what may be seen.
    pub(super) fn walk(&self, limit: usize) -> Sql {
        let mut sql = Sql::new("SELECT w.word, w.rank, w.id, t.doc FROM (SELECT word, rank, id ");
        self.stretch(&mut sql);
        sql.with(" LIMIT ?", Value::from(WALKED));
        sql.push(") AS w");
        self.joined(&mut sql);
        self.reached(&mut sql);
        self.ordered(&mut sql, limit);
        sql
    }

    /// Where the walk ended, when there may be more behind it.
    fn walked(&self, conn: &Connection) -> rusqlite::Result<Option<FindPlace>> {
        let sql = self.end();
        let mut find = conn.prepare_cached(&sql.text)?;
        let mut rows = find.query(params_from_iter(sql.values))?;
        rows.next()?.map(place).transpose()
    }

    pub(super) fn end(&self) -> Sql {
        let mut sql = Sql::new("SELECT word, rank, id ");
        self.stretch(&mut sql);
        sql.with(" LIMIT 1 OFFSET ?", Value::from(WALKED - 1));
        sql
    }

    fn stretch(&self, sql: &mut Sql) {
        sql.with("FROM word f INDEXED BY word_found WHERE f.org_id = ?", org_value(self.org));
        sql.with(" AND f.kind = ?", Value::from(self.query.sought.number()));
        self.begins(sql, "f", self.first);
        self.after(sql, "f");
        sql.push(" ORDER BY f.word, f.rank, f.id");
    }

    fn begins(&self, sql: &mut Sql, table: &str, asked: &str) {
        let begin = match (&self.query.after, table) {
            // The walk starts where the last one ended.
            (Some(after), "f") if *after.word > *asked => after.word.clone(),
            _ => asked.to_owned(),
        };
        sql.with(&format!(" AND {table}.word >= ?"), Value::Text(begin));
        sql.with(&format!(" AND {table}.word < ?"), Value::Text(beyond(asked)));
    }

    fn after(&self, sql: &mut Sql, table: &str) {
        let Some(after) = &self.query.after else { return };
        sql.with(
            &format!(" AND ({table}.word, {table}.rank, {table}.id) > (?"),
            Value::Text(after.word.clone()),
        );
        sql.with(", ?", Value::from(after.rank));
        sql.with(", ?)", Value::Blob(blob(after.id).to_vec()));
    }

    /// The thing itself, where it has all that is asked and is not found by an earlier word.
    fn joined(&self, sql: &mut Sql) {
        let (table, key) = match self.query.sought {
            Sought::Handoffs => ("handoff", "handoff_id"),
            Sought::Accounts => ("account", "account_id"),
            Sought::People => ("person", "person_id"),
        };
        sql.with(&format!(" CROSS JOIN {table} t ON t.org_id = ?"), org_value(self.org));
        sql.push(&format!(" AND t.{key} = w.id WHERE true"));
        for asked in self.others {
            sql.push(" AND EXISTS (");
            self.another(sql);
            self.begins(sql, "o", asked);
            sql.push(")");
        }
        sql.push(" AND NOT EXISTS (");
        self.another(sql);
        self.begins(sql, "o", self.first);
        sql.push(" AND o.word < w.word)");
    }

    fn another(&self, sql: &mut Sql) {
        sql.with("SELECT 1 FROM word o WHERE o.org_id = ?", org_value(self.org));
        sql.with(" AND o.kind = ?", Value::from(self.query.sought.number()));
        sql.push(" AND o.id = w.id");
    }

    fn reached(&self, sql: &mut Sql) {
        let Reach::People(people) = &self.query.reach else { return };
        let list = people.iter().map(|person| person.0.simple().to_string()).collect();
        match self.query.sought {
            Sought::People => {}
            Sought::Handoffs => {
                sql.push(
                    " AND EXISTS (SELECT 1 FROM part r WHERE r.org_id = t.org_id AND r.handoff_id = t.handoff_id",
                );
                sql.listed("r.person_id", list);
                sql.push(")");
            }
            Sought::Accounts => {
                sql.push(
                    " AND EXISTS (SELECT 1 FROM handoff h CROSS JOIN part r
                         ON r.org_id = h.org_id AND r.handoff_id = h.handoff_id
                         WHERE h.org_id = t.org_id AND h.account_id = t.account_id",
                );
                sql.listed("r.person_id", list);
                sql.push(")");
            }
        }
    }

    fn ordered(&self, sql: &mut Sql, limit: usize) {
        sql.push(" ORDER BY w.word, w.rank, w.id");
        sql.limited(limit);
    }

    fn found(&self, row: &Row<'_>) -> rusqlite::Result<Found> {
        Ok(match self.query.sought {
            Sought::Handoffs => Found::Handoff(doc(row, 3)?),
            Sought::Accounts => Found::Account(doc(row, 3)?),
            Sought::People => Found::Person(doc(row, 3)?),
        })
    }
}
