//! A unit of work on one handoff, in one statement.
//!
//! The statement's first part moves the snapshot on, if it is still at the version and head the unit was decided on;
//! everything else is written only where that happened. Two units on one handoff meet at the snapshot's row, two with
//! one key at the key, two for one deal at the deal: the later one finds it taken. Why nothing was written is asked
//! only then.

use jiff::Timestamp;
use throughline_domain::HandoffId;
use throughline_store::{
    Commit, CommitError, Erase, SortKeys, StoreError, Version,
    columns::{hash_bytes, signed},
};

use super::{
    handoff_row::{self, NextLook},
    views, words,
};
use crate::{
    driver::{Error, PgRow, Row},
    faults::{Fault, Kind},
    pool::{Pool, Tries},
    sql::Sql,
    values::{hash, maybe_id, plain, time},
};

/// Over how many rows an organisation's tally is spread.
const SLOTS: u8 = 32;

/// Writes a unit, or says why not with nothing written.
pub(crate) async fn commit(pool: &Pool, commit: &Commit) -> Result<Version, CommitError> {
    let unit = match Unit::of(commit) {
        Ok(unit) => unit,
        // What does not follow itself follows nothing; but a version or key that is gone is the better answer.
        Err(error) => {
            let look = Look { commit, written: None };
            return Err(look.why_not(pool).await?.unwrap_or(CommitError::Store(error)));
        }
    };
    let (mut tries, mut unknown) = (Tries::default(), false);
    loop {
        let fault = match pool.ask(&unit.sql).await {
            Ok(rows) if !rows.is_empty() => return Ok(unit.version),
            Ok(_) => None,
            Err(fault) => Some(fault),
        };
        match fault.as_ref().map(Fault::kind) {
            // What was under way on a connection that broke may be written all the same.
            Some(Kind::Lost) => unknown = true,
            Some(Kind::Again) => {}
            // Nothing a commit may meet: what is there and what comes do not fit together.
            Some(Kind::Taken) if !fault.as_ref().is_some_and(is_met) => {}
            None | Some(Kind::Taken) => {
                let look = Look { commit, written: unknown.then_some(&unit) };
                match look.why_not(pool).await {
                    Ok(Some(why)) => return Err(why),
                    Ok(None) => {}
                    Err(Seen::Ours) => return Ok(unit.version),
                    Err(Seen::Failed(error)) => return Err(error.into()),
                }
            }
            Some(Kind::Unavailable | Kind::Unreadable) => {}
        }
        let may = match &fault {
            Some(fault) if !is_met(fault) => tries.again(fault).await,
            _ => tries.wait().await,
        };
        if !may {
            return Err(match fault {
                Some(fault) => fault.into(),
                None => StoreError::Unavailable("others are always faster".to_owned()).into(),
            });
        }
    }
}

/// Whether somebody took a commit's key or deal in this very moment.
fn is_met(fault: &Fault) -> bool {
    matches!(fault.constraint(), Some("answer_pkey" | "deal_taken"))
}

/// A commit, ready to be sent.
struct Unit {
    sql: Sql,
    version: Version,
    head: String,
}

impl Unit {
    fn of(commit: &Commit) -> Result<Self, StoreError> {
        let before = match commit.expected {
            0 => None,
            _ => commit.journal.first().map(|row| row.prev.as_str()),
        };
        let (version, head) = commit.follows(before)?;
        let sql = statement(commit, before, version, &head).map_err(StoreError::from)?;
        Ok(Self { sql, version, head })
    }
}

fn statement(commit: &Commit, before: Option<&str>, version: Version, head: &str) -> Result<Sql, Fault> {
    let mut sql = Sql::of("WITH held AS (");
    held(&mut sql, commit, before, version, head)?;
    let keys = SortKeys::of(&commit.row);
    handoff_row::put(&mut sql, &commit.row, &keys, NextLook::of(commit)?)?;
    words::put_handoff(&mut sql, &commit.row, commit.expected == 0);
    match &commit.parts {
        Some(parts) => views::put_parts(&mut sql, parts, &keys),
        None if commit.expected > 0 => views::move_parts(&mut sql, &keys),
        None => {}
    }
    if let Some(promises) = &commit.promises {
        views::put_promises(&mut sql, promises)?;
    }
    if let Some(deal) = &commit.deal {
        views::put_deal(&mut sql, deal);
    }
    if let Some(row) = &commit.idempotency {
        views::put_answer(&mut sql, row);
    }
    if let Some(gone) = &commit.erase {
        erase(&mut sql, gone);
    }
    journal(&mut sql, commit)?;
    tally(&mut sql, commit)?;
    outbox(&mut sql, commit)?;
    sql.push(" SELECT 1 FROM held");
    Ok(sql)
}

/// The snapshot moves on. From here on `$1` is the organisation and `$2` the handoff.
fn held(
    sql: &mut Sql,
    commit: &Commit,
    before: Option<&str>,
    version: Version,
    head: &str,
) -> Result<(), Fault> {
    let dues = serde_json::to_string(&commit.dues)?;
    let values = |sql: Sql| -> Result<Sql, Fault> {
        let sql = sql.bind(commit.org.0).bind(commit.id.0).bind(signed(version)?).bind(hash_bytes(head)?);
        Ok(sql.bind(dues).bind(commit.snapshot.as_str()))
    };
    *sql = values(sql.clone())?;
    match before {
        None => {
            sql.push(
                "INSERT INTO snapshot (org_id, handoff_id, version, head, dues, body)
                 SELECT $1, $2, $3, $4, $5, $6 WHERE true",
            );
            free(sql, commit);
            sql.push(" ON CONFLICT (org_id, handoff_id) DO NOTHING");
        }
        Some(before) => {
            sql.push(
                "UPDATE snapshot SET version = $3, head = $4, dues = $5, body = $6
                 WHERE org_id = $1 AND handoff_id = $2 AND version = ",
            );
            sql.value(signed(commit.expected)?).push(" AND head = ").value(hash_bytes(before)?);
            free(sql, commit);
        }
    }
    sql.push(" RETURNING 1)");
    Ok(())
}

/// Neither the key nor the deal is anybody's already, and no newer reading of the deal is kept. Whoever takes or reads
/// them in this very moment is met where they lie.
fn free(sql: &mut Sql, commit: &Commit) {
    if let Some(row) = &commit.idempotency {
        sql.push(" AND NOT EXISTS (SELECT FROM answer WHERE answer.org_id = $1 AND key = ");
        sql.value(plain(&row.key)).push(")");
    }
    if let Some(deal) = &commit.deal {
        sql.push(" AND NOT EXISTS (SELECT FROM deal WHERE deal.org_id = $1 AND source = ");
        sql.value(plain(&deal.key.source)).push(" AND external_id = ").value(plain(&deal.key.external_id));
        sql.push(" AND (deal.handoff_id <> $2 OR ").push(views::IS_NEWER).value(deal.source_time.to_string());
        sql.push(views::THAN).push("))");
    }
}

/// Texts go. The commit's own are not there yet for it: the parts of a statement do not see each other's rows.
fn erase(sql: &mut Sql, gone: &Erase) {
    sql.push(", erased AS (DELETE FROM text USING held WHERE org_id = $1 AND handoff_id = $2");
    if let Erase::These(texts) = gone {
        sql.push(" AND text_id = ANY (").value(texts.iter().copied().collect::<Vec<_>>()).push(")");
    }
    sql.push(")");
    // Answers that show it may quote it. Their keys stay, so that nothing is done twice.
    sql.push(
        ", quoting AS (UPDATE answer SET body = '' FROM held
         WHERE answer.org_id = $1 AND position($2::text IN answer.body) > 0)",
    );
}

fn journal(sql: &mut Sql, commit: &Commit) -> Result<(), Fault> {
    let rows = &commit.journal;
    let seqs = rows.iter().map(|row| signed(row.seq)).collect::<Result<Vec<_>, _>>()?;
    let prevs = rows.iter().map(|row| hash_bytes(&row.prev)).collect::<Result<Vec<_>, _>>()?;
    let hashes = rows.iter().map(|row| hash_bytes(&row.hash)).collect::<Result<Vec<_>, _>>()?;
    sql.push(
        ", fact AS (INSERT INTO journal (org_id, handoff_id, seq, at, kind, body, prev, hash)
         SELECT $1, $2, f.* FROM held, unnest(",
    );
    sql.value(seqs).push(", ").value(rows.iter().map(|row| row.at.to_string()).collect::<Vec<_>>());
    sql.push(", ").value(rows.iter().map(|row| plain(&row.kind)).collect::<Vec<_>>());
    sql.push(", ").value(rows.iter().map(|row| row.body.as_str()).collect::<Vec<_>>());
    sql.push(", ").value(prevs).push(", ").value(hashes).push(") AS f)");
    if !commit.texts.is_empty() {
        sql.push(
            ", said AS (INSERT INTO text (org_id, handoff_id, text_id, salt, text)
             SELECT $1, $2, t.* FROM held, unnest(",
        );
        sql.value(commit.texts.iter().map(|text| text.id).collect::<Vec<_>>()).push(", ");
        sql.value(commit.texts.iter().map(|text| text.salt).collect::<Vec<_>>()).push(", ");
        sql.value(commit.texts.iter().map(|text| plain(&text.text)).collect::<Vec<_>>()).push(") AS t)");
    }
    Ok(())
}

/// Counts what the organisation was ever told, so that a handoff cannot vanish whole.
fn tally(sql: &mut Sql, commit: &Commit) -> Result<(), Fault> {
    let slot = commit.id.0.as_bytes()[15] % SLOTS;
    sql.push(", counted AS (INSERT INTO tally (org_id, slot, handoffs, facts) SELECT $1, ");
    sql.value(i16::from(slot)).push(", ").value(i64::from(commit.expected == 0)).push(", ");
    sql.value(signed(commit.journal.len() as u64)?);
    sql.push(
        " FROM held ON CONFLICT (org_id, slot) DO UPDATE SET
             handoffs = tally.handoffs + excluded.handoffs, facts = tally.facts + excluded.facts)",
    );
    Ok(())
}

fn outbox(sql: &mut Sql, commit: &Commit) -> Result<(), Fault> {
    let rows = &commit.outbox;
    if rows.is_empty() {
        return Ok(());
    }
    let seqs = rows.iter().map(|row| signed(row.seq)).collect::<Result<Vec<_>, _>>()?;
    let intents = rows.iter().map(|row| serde_json::to_string(&row.intent)).collect::<Result<Vec<_>, _>>()?;
    sql.push(
        ", told AS (INSERT INTO outbox (org_id, outbox_id, handoff_id, at, seq, intent)
         SELECT $1, o.* FROM held, unnest(",
    );
    sql.value(rows.iter().map(|row| row.id).collect::<Vec<_>>()).push(", ");
    sql.value(rows.iter().map(|row| row.handoff.0).collect::<Vec<_>>()).push(", ");
    sql.value(rows.iter().map(|row| row.at.to_string()).collect::<Vec<_>>()).push(", ");
    sql.value(seqs).push(", ").value(intents).push(") AS o)");
    Ok(())
}

/// A look at what stood in the way.
struct Look<'c> {
    commit: &'c Commit,
    /// Set when an attempt's end is not known.
    written: Option<&'c Unit>,
}

/// What ends the matter without a refusal.
enum Seen {
    /// The unit itself is there: an attempt whose answer was lost had written it.
    Ours,
    Failed(StoreError),
}

impl From<Seen> for CommitError {
    fn from(seen: Seen) -> Self {
        match seen {
            Seen::Ours => StoreError::Unavailable("the answer got lost".to_owned()).into(),
            Seen::Failed(error) => error.into(),
        }
    }
}

impl Look<'_> {
    /// Why nothing was written; none: what stood in the way is gone, or nothing did.
    async fn why_not(&self, pool: &Pool) -> Result<Option<CommitError>, Seen> {
        let commit = self.commit;
        let (key, deal) = (commit.idempotency.as_ref().map(|row| plain(&row.key)), commit.deal.as_ref());
        let sql = Sql::of(
            "SELECT EXISTS (SELECT FROM answer WHERE org_id = $1 AND key = $3),
                 held.version, held.head,
                 (SELECT handoff_id FROM deal WHERE org_id = $1 AND source = $4 AND external_id = $5
                      AND handoff_id <> $2),
                 (SELECT hash FROM journal WHERE org_id = $1 AND handoff_id = $2 AND seq = $6),
                 (SELECT source_time FROM deal WHERE org_id = $1 AND source = $4 AND external_id = $5
                      AND handoff_id IS NULL)
             FROM (SELECT) AS one LEFT JOIN snapshot AS held ON org_id = $1 AND handoff_id = $2",
        );
        let seq = self.written.map(|unit| signed(unit.version)).transpose().map_err(Seen::Failed)?;
        let sql = sql.bind(commit.org.0).bind(commit.id.0).bind(key);
        let sql = sql.bind(deal.map(|deal| plain(&deal.key.source)));
        let sql = sql.bind(deal.map(|deal| plain(&deal.key.external_id))).bind(seq);
        let rows = pool.rows(&sql).await.map_err(Seen::Failed)?;
        let state = rows.first().map(State::of).transpose();
        let Some(state) = state.map_err(|error| Seen::Failed(Fault::from(error).into()))? else {
            return Ok(None);
        };
        if self.written.is_some_and(|unit| state.fact.as_ref() == Some(&unit.head)) {
            return Err(Seen::Ours);
        }
        let current = u64::try_from(state.version.unwrap_or(0))
            .map_err(|_| Seen::Failed(StoreError::Unreadable("a version is negative".to_owned())))?;
        Ok(if state.answered {
            Some(CommitError::KeyUsed)
        } else if current != commit.expected {
            Some(CommitError::Stale { current })
        } else if let Some(other) = state.taken {
            Some(CommitError::DealTaken(other))
        } else if deal.is_some_and(|deal| state.kept > Some(deal.source_time)) {
            Some(CommitError::Stale { current })
        } else {
            commit.follows(state.head.as_deref()).err().map(CommitError::Store)
        })
    }
}

/// What is there of all a commit depends on.
struct State {
    answered: bool,
    version: Option<i64>,
    head: Option<String>,
    taken: Option<HandoffId>,
    fact: Option<String>,
    /// The time of the reading kept of a deal without a handoff.
    kept: Option<Timestamp>,
}

impl State {
    fn of(row: &PgRow) -> Result<Self, Error> {
        let maybe_hash = |column| match row.try_get::<Option<&[u8]>, _>(column)? {
            Some(_) => hash(row, column).map(Some),
            None => Ok(None),
        };
        Ok(Self {
            answered: row.try_get(0)?,
            version: row.try_get(1)?,
            head: maybe_hash(2)?,
            taken: maybe_id(row, 3)?,
            fact: maybe_hash(4)?,
            kept: row.try_get::<Option<&str>, _>(5)?.map(|_| time(row, 5)).transpose()?,
        })
    }
}
