//! One transaction for all that wait.

use rusqlite::Connection;
use throughline_store::{ApplyError, Change, CommitError, StoreError, Version};
use tokio::sync::oneshot;

use super::{Work, apply, commit};
use crate::faults::{Fault, store_error};

/// What a unit of work came to, to be sent once it is on disk.
pub(super) enum Answer {
    Commit(Result<Version, CommitError>, oneshot::Sender<Result<Version, CommitError>>),
    Apply(Result<(), ApplyError>, oneshot::Sender<Result<(), ApplyError>>),
}

impl Answer {
    /// Whoever asked may be gone by now: what was written stays written.
    pub fn send(self) {
        match self {
            Answer::Commit(result, to) => drop(to.send(result)),
            Answer::Apply(result, to) => drop(to.send(result)),
        }
    }
}

/// What a unit came to inside its transaction.
enum Outcome {
    Commit(Result<Version, CommitError>),
    Apply(Result<(), ApplyError>),
}

/// Why a transaction came to nothing.
enum Failed {
    /// It could not be begun or ended: the file's matter, and everybody's.
    File(StoreError),
    /// A unit left it half done.
    Unit(StoreError),
}

/// Writes a group. When it returns, what the answers say is on disk.
pub(super) fn write(conn: &Connection, group: Vec<Work>) -> Vec<Answer> {
    match transact(conn, &group) {
        Ok(outcomes) => {
            group.into_iter().zip(outcomes).map(|(work, outcome)| answer(work, outcome)).collect()
        }
        Err(failed) => {
            undo(conn);
            match failed {
                // One bad unit must not fail the others: each gets a transaction of its own.
                Failed::Unit(_) if group.len() > 1 => {
                    group.into_iter().flat_map(|work| write(conn, vec![work])).collect()
                }
                Failed::Unit(error) | Failed::File(error) => {
                    tracing::error!(%error, units = group.len(), "a transaction failed");
                    group.into_iter().map(|work| refuse(work, &error)).collect()
                }
            }
        }
    }
}

fn transact(conn: &Connection, group: &[Work]) -> Result<Vec<Outcome>, Failed> {
    let file = |error: rusqlite::Error| Failed::File(store_error(&error));
    let unit = |fault: Fault| Failed::Unit(fault.into());
    run(conn, "BEGIN IMMEDIATE").map_err(file)?;
    let outcomes = group.iter().map(|work| attempt(conn, work)).collect::<Result<_, _>>().map_err(unit)?;
    run(conn, "COMMIT").map_err(file)?;
    Ok(outcomes)
}

fn attempt(conn: &Connection, work: &Work) -> Result<Outcome, Fault> {
    match work {
        Work::Commit(commit, _) => commit::write(conn, commit).map(Outcome::Commit),
        Work::Apply(batch, _) => {
            // A conflict may show after some of a batch's changes were made.
            run(conn, "SAVEPOINT batch")?;
            let result = apply::write(conn, batch);
            match result {
                Err(ApplyError::Store(error)) => return Err(error.into()),
                Err(ApplyError::Conflict(_)) => run(conn, "ROLLBACK TO batch")?,
                Ok(()) => {}
            }
            run(conn, "RELEASE batch")?;
            Ok(Outcome::Apply(result))
        }
    }
}

/// The engine may have undone the transaction itself already.
fn undo(conn: &Connection) {
    if !conn.is_autocommit()
        && let Err(error) = run(conn, "ROLLBACK")
    {
        tracing::error!(%error, "a failed transaction could not be undone");
    }
}

fn answer(work: Work, outcome: Outcome) -> Answer {
    match (work, outcome) {
        (Work::Commit(_, to), Outcome::Commit(result)) => Answer::Commit(result, to),
        (Work::Apply(_, to), Outcome::Apply(result)) => Answer::Apply(result, to),
        (work, _) => refuse(work, &StoreError::Unavailable("the answer got lost".to_owned())),
    }
}

/// Nothing of the transaction holds, not even a refusal: it may have seen what is undone now.
fn refuse(work: Work, error: &StoreError) -> Answer {
    let error = match error {
        StoreError::Unavailable(why) => StoreError::Unavailable(why.clone()),
        StoreError::Unreadable(what) => StoreError::Unreadable(what.clone()),
    };
    match work {
        Work::Commit(_, to) => Answer::Commit(Err(error.into()), to),
        Work::Apply(_, to) => Answer::Apply(Err(error.into()), to),
    }
}

/// Whether text is erased, which must then leave the log's file too.
pub(super) fn erases(work: &Work) -> bool {
    let Work::Apply(batch, _) = work else { return false };
    batch.changes.iter().any(|change| matches!(change, Change::EraseTexts { .. }))
}

fn run(conn: &Connection, sql: &str) -> rusqlite::Result<()> {
    conn.prepare_cached(sql)?.execute([]).map(drop)
}
