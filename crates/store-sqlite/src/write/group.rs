//! One transaction for all that wait.

use rusqlite::Connection;
use throughline_store::{ApplyError, Change, CommitError, StoreError, Version};

use super::{Work, apply, commit};
use crate::faults::store_error;

/// What a unit of work came to, to be answered once the transaction is on disk.
enum Outcome {
    Commit(Result<Version, CommitError>),
    Apply(Result<(), ApplyError>),
}

/// Writes a group and answers it. True while erased text must still leave the log.
pub(super) fn write(conn: &Connection, group: Vec<Work>, wipe: bool) -> bool {
    let wipe = wipe || group.iter().any(erases);
    match transact(conn, &group) {
        Ok(outcomes) => {
            let wipe = wipe && !wiped(conn);
            group.into_iter().zip(outcomes).for_each(|(work, outcome)| answer(work, outcome));
            wipe
        }
        Err(error) => {
            let why = store_error(&error).to_string();
            tracing::error!(error = %why, units = group.len(), "a transaction failed");
            if !conn.is_autocommit() && run(conn, "ROLLBACK").is_err() {
                tracing::error!("the failed transaction could not be rolled back");
            }
            group.into_iter().for_each(|work| fail(work, &why));
            wipe
        }
    }
}

fn transact(conn: &Connection, group: &[Work]) -> rusqlite::Result<Vec<Outcome>> {
    run(conn, "BEGIN IMMEDIATE")?;
    let outcomes = group.iter().map(|work| attempt(conn, work)).collect::<Result<_, _>>()?;
    run(conn, "COMMIT")?;
    Ok(outcomes)
}

/// Tries one unit. An error here is the whole transaction's: the engine may have undone all of it.
fn attempt(conn: &Connection, work: &Work) -> rusqlite::Result<Outcome> {
    run(conn, "SAVEPOINT unit")?;
    let (outcome, keep) = match work {
        Work::Commit(commit, _) => {
            let result = commit::write(conn, commit);
            let keep = result.is_ok();
            (Outcome::Commit(result), keep)
        }
        Work::Apply(batch, _) => {
            let result = apply::write(conn, batch);
            let keep = result.is_ok();
            (Outcome::Apply(result), keep)
        }
    };
    if !keep {
        run(conn, "ROLLBACK TO unit")?;
    }
    run(conn, "RELEASE unit")?;
    Ok(outcome)
}

/// Whoever asked may be gone by now: what was written stays written.
fn answer(work: Work, outcome: Outcome) {
    match (work, outcome) {
        (Work::Commit(_, to), Outcome::Commit(result)) => drop(to.send(result)),
        (Work::Apply(_, to), Outcome::Apply(result)) => drop(to.send(result)),
        (work, _) => fail(work, "the answer got lost"),
    }
}

/// Nothing of the transaction holds, not even a refusal: it may have seen what is undone now.
fn fail(work: Work, why: &str) {
    let error = StoreError::Unavailable(why.to_owned());
    match work {
        Work::Commit(_, to) => drop(to.send(Err(error.into()))),
        Work::Apply(_, to) => drop(to.send(Err(error.into()))),
    }
}

fn erases(work: &Work) -> bool {
    let Work::Apply(batch, _) = work else { return false };
    batch.changes.iter().any(|change| matches!(change, Change::EraseTexts { .. }))
}

/// Writes the log back and cuts it to nothing, so that erased text is in no file. False while a reader is in the way.
pub(super) fn wiped(conn: &Connection) -> bool {
    let busy = conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get::<_, i64>(0));
    busy.is_ok_and(|busy| busy == 0)
}

fn run(conn: &Connection, sql: &str) -> rusqlite::Result<()> {
    conn.prepare_cached(sql)?.execute([]).map(drop)
}
