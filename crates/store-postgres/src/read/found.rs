//! Finding things by the words of their names.
//!
//! For somebody with few handoffs those are looked through; otherwise the words that begin as asked are walked, so far
//! and no further. Either way a question costs what it may cost, however much there is.

use async_trait::async_trait;
use throughline_domain::OrgId;
use throughline_store::{
    FindPlace, FindQuery, Finding, Found, PAGE, Page, Reach, Sought, StoreError, WALKED, bounded,
    found::beyond,
};
use uuid::Uuid;

use super::limit as rows_at_most;
use crate::{
    PostgresStore,
    driver::{Error, PgRow, Row},
    sql::Sql,
    values::{count, doc},
};

#[async_trait]
impl Finding for PostgresStore {
    async fn find(&self, org: OrgId, query: &FindQuery) -> Result<Page<Found, FindPlace>, StoreError> {
        let Some(question) = Question::of(org, query) else {
            return Ok(Page { rows: Vec::new(), next: None });
        };
        let limit = bounded(query.limit, PAGE);
        let few = match question.parts() {
            Some(sql) => {
                self.one(&sql, |row| count(row, 0)).await?.is_some_and(|parts| parts <= WALKED.into())
            }
            None => false,
        };
        let sql = if few { question.theirs(limit + 1) } else { question.walk(limit + 1) };
        let mut found: Vec<(FindPlace, Found)> =
            self.all(&sql, |row| Ok((place(row)?, question.found(row)?))).await?;
        let more = found.len() > limit;
        found.truncate(limit);
        let next = match found.last() {
            Some((last, _)) if more => Some(last.clone()),
            _ if few => None,
            // Where the walk ended, when there may be more behind it.
            _ => self.one(&question.end(), place).await?,
        };
        Ok(Page { rows: found.into_iter().map(|(_, found)| found).collect(), next })
    }
}

fn place(row: &PgRow) -> Result<FindPlace, Error> {
    Ok(FindPlace { word: row.try_get(0)?, rank: row.try_get(1)?, id: row.try_get(2)? })
}

/// A question that asks for something.
pub(super) struct Question<'a> {
    org: OrgId,
    query: &'a FindQuery,
    first: &'a str,
    others: &'a [String],
}

impl<'a> Question<'a> {
    pub(super) fn of(org: OrgId, query: &'a FindQuery) -> Option<Self> {
        let (first, others) = query.asked.parts()?;
        Some(Self { org, query, first, others })
    }

    /// Counts what the asker's people have parts in, up to one more than are looked through; none: whose they are does
    /// not matter.
    pub(super) fn parts(&self) -> Option<Sql> {
        let people = self.people()?;
        let mut sql =
            Sql::of("SELECT count(*) FROM (SELECT FROM part WHERE org_id = $1 AND person_id = ANY (");
        sql = sql.bind(self.org.0);
        sql.value(people).push(") LIMIT ").value(i64::from(WALKED) + 1).push(") AS parts");
        Some(sql)
    }

    /// Whose handoffs narrow what may be found.
    fn people(&self) -> Option<Vec<Uuid>> {
        match &self.query.reach {
            Reach::People(people) if self.query.sought != Sought::People => {
                Some(people.iter().map(|person| person.0).collect())
            }
            _ => None,
        }
    }

    /// What the asker's people have parts in, looked through.
    pub(super) fn theirs(&self, limit: usize) -> Sql {
        let mut sql = Sql::of("SELECT w.word, w.rank, w.id, t.doc FROM (SELECT DISTINCT ").bind(self.org.0);
        sql.push(match self.query.sought {
            Sought::Accounts => {
                "h.account_id AS id FROM part p CROSS JOIN LATERAL (SELECT account_id FROM handoff
                     WHERE org_id = $1 AND handoff_id = p.handoff_id OFFSET 0) AS h"
            }
            Sought::Handoffs | Sought::People => "p.handoff_id AS id FROM part p",
        });
        sql.push(" WHERE p.org_id = $1 AND p.person_id = ANY (").value(self.people().unwrap_or_default());
        // The server may not turn this round: it would walk every word that begins so.
        sql.push(") OFFSET 0) AS own CROSS JOIN LATERAL (SELECT word, rank, id FROM word WHERE org_id = $1 AND kind = ");
        sql.value(self.query.sought.number()).push(" AND id = own.id");
        begins(&mut sql, "word", self.first);
        sql.push(" ORDER BY word LIMIT 1) AS w");
        self.joined(&mut sql, false);
        self.after(&mut sql, "w");
        sql.push(" ORDER BY w.word, w.rank, w.id LIMIT ").value(rows_at_most(limit));
        sql
    }

    /// The words that begin as asked, so far and no further, narrowed to what may be seen.
    pub(super) fn walk(&self, limit: usize) -> Sql {
        let mut sql = Sql::of("SELECT w.word, w.rank, w.id, t.doc FROM (").bind(self.org.0);
        self.stretch(&mut sql);
        sql.push(" LIMIT ").value(i64::from(WALKED)).push(") AS w");
        self.joined(&mut sql, true);
        sql.push(" ORDER BY w.word, w.rank, w.id LIMIT ").value(rows_at_most(limit));
        sql
    }

    /// The last of the words that are walked.
    pub(super) fn end(&self) -> Sql {
        let mut sql = Sql::of("").bind(self.org.0);
        self.stretch(&mut sql);
        sql.push(" LIMIT 1 OFFSET ").value(i64::from(WALKED) - 1);
        sql
    }

    fn stretch(&self, sql: &mut Sql) {
        sql.push("SELECT f.word, f.rank, f.id FROM word f WHERE f.org_id = $1 AND f.kind = ");
        sql.value(self.query.sought.number());
        begins(sql, "f.word", self.first);
        self.after(sql, "f");
        sql.push(" ORDER BY f.word, f.rank, f.id");
    }

    fn after(&self, sql: &mut Sql, table: &str) {
        let Some(after) = &self.query.after else { return };
        sql.push(&format!(" AND ({table}.word, {table}.rank, {table}.id) > ("));
        sql.value(after.word.clone()).push(", ").value(after.rank).push(", ").value(after.id).push(")");
    }

    /// The thing itself, where it is in reach, has all that is asked, and is not found by an earlier word.
    fn joined(&self, sql: &mut Sql, walked: bool) {
        let (table, key) = match self.query.sought {
            Sought::Handoffs => ("handoff", "handoff_id"),
            Sought::Accounts => ("account", "account_id"),
            Sought::People => ("person", "person_id"),
        };
        sql.push(&format!(
            " CROSS JOIN LATERAL (SELECT doc FROM {table} WHERE org_id = $1 AND {key} = w.id OFFSET 0) AS t WHERE true"
        ));
        for asked in self.others {
            sql.push(" AND EXISTS (");
            self.another(sql);
            begins(sql, "o.word", asked);
            sql.push(")");
        }
        if walked {
            sql.push(" AND NOT EXISTS (");
            self.another(sql);
            begins(sql, "o.word", self.first);
            sql.push(" AND o.word < w.word)");
            self.reached(sql);
        }
    }

    fn another(&self, sql: &mut Sql) {
        sql.push("SELECT FROM word o WHERE o.org_id = $1 AND o.kind = ").value(self.query.sought.number());
        sql.push(" AND o.id = w.id");
    }

    fn reached(&self, sql: &mut Sql) {
        let Some(people) = self.people() else { return };
        sql.push(if self.query.sought == Sought::Accounts {
            " AND EXISTS (SELECT FROM handoff h JOIN part r ON r.org_id = $1 AND r.handoff_id = h.handoff_id
                 WHERE h.org_id = $1 AND h.account_id = w.id AND r.person_id = ANY ("
        } else {
            " AND EXISTS (SELECT FROM part r WHERE r.org_id = $1 AND r.handoff_id = w.id AND r.person_id = ANY ("
        });
        sql.value(people).push("))");
    }

    fn found(&self, row: &PgRow) -> Result<Found, Error> {
        Ok(match self.query.sought {
            Sought::Handoffs => Found::Handoff(doc(row, 3)?),
            Sought::Accounts => Found::Account(doc(row, 3)?),
            Sought::People => Found::Person(doc(row, 3)?),
        })
    }
}

fn begins(sql: &mut Sql, column: &str, asked: &str) {
    sql.push(&format!(" AND {column} >= ")).value(asked.to_owned());
    sql.push(&format!(" AND {column} < ")).value(beyond(asked));
}
