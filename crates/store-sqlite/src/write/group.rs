//! One transaction for all that wait.

use rusqlite::Connection;
use throughline_store::{ApplyError, Change, CommitError, StoreError, Version};
use tokio::sync::oneshot;

use super::{Work, apply, commit, task::Task};
use crate::faults::{Fault, store_error};

/// What a unit of work came to, to be sent once it is on disk.
pub(super) enum Answer {
    Commit(Result<Version, CommitError>, oneshot::Sender<Result<Version, CommitError>>),
    Apply(Result<(), ApplyError>, oneshot::Sender<Result<(), ApplyError>>),
    Task(Box<dyn Task>),
}

impl Answer {
    /// Whoever asked may be gone by now: what was written stays written.
    pub fn send(self) {
        match self {
            Answer::Commit(result, to) => drop(to.send(result)),
            Answer::Apply(result, to) => drop(to.send(result)),
            Answer::Task(task) => task.answer(),
        }
    }
}

/// What a unit came to inside its transaction.
enum Outcome {
    Commit(Result<Version, CommitError>),
    Apply(Result<(), ApplyError>),
    /// It keeps what it came to itself.
    Task,
}

/// Why a transaction came to nothing.
enum Failed {
    /// It could not be begun or ended: the file's matter, and everybody's.
    File(StoreError),
    /// A unit left it half done.
    Unit(StoreError),
}

/// Writes a group. When it returns, what the answers say is on disk.
pub(super) fn write(conn: &Connection, mut group: Vec<Work>) -> Vec<Answer> {
    match transact(conn, &mut group) {
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

fn transact(conn: &Connection, group: &mut [Work]) -> Result<Vec<Outcome>, Failed> {
    let file = |error: rusqlite::Error| Failed::File(store_error(&error));
    let unit = |fault: Fault| Failed::Unit(fault.into());
    run(conn, "BEGIN IMMEDIATE").map_err(file)?;
    let outcomes =
        group.iter_mut().map(|work| attempt(conn, work)).collect::<Result<_, _>>().map_err(unit)?;
    run(conn, "COMMIT").map_err(file)?;
    Ok(outcomes)
}

fn attempt(conn: &Connection, work: &mut Work) -> Result<Outcome, Fault> {
    match work {
        Work::Commit(commit, _) => commit::write(conn, commit).map(Outcome::Commit),
        Work::Apply(batch, _) => {
            // A conflict may show after some of a batch's changes were made.
            run(conn, "SAVEPOINT batch")?;
            let result = apply::write(conn, batch);
            match result {
                Err(ApplyError::Store(error)) => return Err(error.into()),
                Err(ApplyError::Conflict(_) | ApplyError::Stale { .. }) => run(conn, "ROLLBACK TO batch")?,
                Ok(()) => {}
            }
            run(conn, "RELEASE batch")?;
            Ok(Outcome::Apply(result))
        }
        Work::Task(task) => task.run(conn).map(|()| Outcome::Task),
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
        (Work::Task(task), Outcome::Task) => Answer::Task(task),
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
        Work::Task(mut task) => {
            task.fail(error);
            Answer::Task(task)
        }
    }
}

/// Whether text is erased, which must then leave the log's file too.
pub(super) fn erases(work: &Work) -> bool {
    match work {
        Work::Commit(commit, _) => commit.erase.is_some(),
        Work::Apply(batch, _) => batch.changes.iter().any(Change::forgets),
        Work::Task(_) => false,
    }
}

/// Whether it leaves work for those who sweep.
pub(super) fn nudges(work: &Work) -> bool {
    match work {
        Work::Commit(commit, _) => commit.nudges(),
        Work::Apply(batch, _) => batch.changes.iter().any(Change::nudges),
        Work::Task(_) => false,
    }
}

fn run(conn: &Connection, sql: &str) -> rusqlite::Result<()> {
    conn.prepare_cached(sql)?.execute([]).map(drop)
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use throughline_store::contract::{Story, Told, audit, org};

    use super::*;
    use crate::{
        open::for_writing,
        schema::migrate,
        write::{Batch, task::Asked},
    };

    fn a_file() -> (tempfile::TempDir, PathBuf, Connection) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("throughline.db");
        let mut conn = for_writing(&path).unwrap();
        migrate(&mut conn).unwrap();
        (folder, path, conn)
    }

    fn work(commit: throughline_store::Commit) -> Work {
        Work::Commit(Box::new(commit), oneshot::channel().0)
    }

    /// How each commit of a group ended: its version, or why not.
    fn ends(answers: Vec<Answer>) -> Vec<Result<Version, String>> {
        let end = |answer| match answer {
            Answer::Commit(result, _) => result.map_err(|error| error.to_string()),
            Answer::Apply(result, _) => result.map(|()| 0).map_err(|error| error.to_string()),
            Answer::Task(_) => Ok(0),
        };
        answers.into_iter().map(end).collect()
    }

    fn facts(conn: &Connection) -> i64 {
        conn.query_row("SELECT count(*) FROM journal", [], |row| row.get(0)).unwrap()
    }

    #[test]
    fn a_unit_that_fails_half_way_fails_alone() {
        let (_folder, _, conn) = a_file();
        let org = org();
        let mut stories = [Story::new(org), Story::new(org), Story::new(org)];
        let mut group: Vec<Work> = Vec::new();
        for (place, story) in stories.iter_mut().enumerate() {
            let mut commit = story.tell(&[Told::Opened]);
            if place == 1 {
                // Twice the same message: the second is refused after the journal was written.
                commit.outbox = vec![story.message(); 2];
            }
            group.push(work(commit));
        }
        let ends = ends(write(&conn, group));
        assert!(matches!(&ends[..], [Ok(1), Err(_), Ok(1)]), "{ends:?}");
        assert_eq!(facts(&conn), 2);
        let left: i64 = conn.query_row("SELECT count(*) FROM handoff", [], |row| row.get(0)).unwrap();
        assert_eq!(left, 2);
        assert!(conn.is_autocommit());
    }

    #[test]
    fn two_commits_of_one_group_see_each_other() {
        let (_folder, _, conn) = a_file();
        let mut story = Story::new(org());
        let (first, second) = (story.tell(&[Told::Opened]), story.tell(&[Told::Lost]));
        let again = second.clone();
        let ends = ends(write(&conn, vec![work(first), work(second), work(again)]));
        assert_eq!(ends[..2], [Ok(1), Ok(2)]);
        assert!(ends[2].as_ref().unwrap_err().contains("version 2"));
    }

    #[test]
    fn a_conflict_undoes_its_batch_and_nothing_else() {
        let (_folder, _, conn) = a_file();
        let org = org();
        let mut story = Story::new(org);
        let used = Change::UseLink("never made".to_owned());
        let kept = Change::PutAnswer(story.answer("mail:1"));
        let batch = |changes| {
            Work::Apply(Box::new(Batch { org, changes, audit: audit("change") }), oneshot::channel().0)
        };
        let group =
            vec![batch(vec![kept.clone(), used]), work(story.tell(&[Told::Opened])), batch(vec![kept])];
        let ends = ends(write(&conn, group));
        assert!(matches!(&ends[..], [Err(_), Ok(1), Ok(0)]), "{ends:?}");
        let rows: i64 = conn.query_row("SELECT count(*) FROM audit", [], |row| row.get(0)).unwrap();
        assert_eq!(rows, 1);
    }

    /// Work with an answer of its own, and where the answer comes.
    fn task<T: Send + 'static>(
        work: impl Fn(&Connection) -> Result<T, Fault> + Send + 'static,
    ) -> (Work, oneshot::Receiver<Result<T, StoreError>>) {
        let (to, answer) = oneshot::channel();
        (Work::Task(Box::new(Asked { work, result: None, to })), answer)
    }

    #[test]
    fn a_task_that_fails_fails_alone_and_the_others_are_told_what_holds() {
        let (_folder, _, conn) = a_file();
        let mut story = Story::new(org());
        let (counts, mut counted) =
            task(|conn| Ok(conn.query_row("SELECT count(*) FROM journal", [], |row| row.get::<_, i64>(0))?));
        let (fails, mut failed) = task(|conn| {
            conn.execute("DELETE FROM journal", [])?;
            Ok(conn.execute("INSERT INTO nowhere VALUES (1)", [])?)
        });
        let answers = write(&conn, vec![work(story.tell(&[Told::Opened])), fails, counts]);
        answers.into_iter().for_each(Answer::send);
        assert_eq!(counted.try_recv().unwrap().unwrap(), 1);
        let why = failed.try_recv().unwrap().unwrap_err();
        assert!(why.to_string().contains("nowhere"), "{why}");
        assert_eq!(facts(&conn), 1, "what the task did is undone");
    }

    #[test]
    fn a_full_disk_refuses_until_there_is_room_and_loses_nothing() {
        let (_folder, path, conn) = a_file();
        let limit = |pages: i64| {
            conn.query_row(&format!("PRAGMA max_page_count = {pages}"), [], |row| row.get::<_, i64>(0))
                .unwrap()
        };
        let pages: i64 = conn.query_row("PRAGMA page_count", [], |row| row.get(0)).unwrap();
        limit(pages + 40);
        let org = org();
        let (mut kept, mut refused) = (0, 0);
        for _ in 0..40 {
            let mut stories = [Story::new(org), Story::new(org), Story::new(org)];
            let group = stories.iter_mut().map(|story| {
                let mut commit = story.tell(&[Told::Opened]);
                commit.snapshot.push_str(&" ".repeat(6_000));
                work(commit)
            });
            for end in ends(write(&conn, group.collect())) {
                match end {
                    Ok(_) => kept += 1,
                    Err(why) => {
                        assert!(why.contains("cannot answer now"), "{why}");
                        refused += 1;
                    }
                }
            }
            assert!(conn.is_autocommit(), "no transaction is left open");
        }
        assert!(kept > 0 && refused > 0, "{kept} kept, {refused} refused");
        assert_eq!(facts(&conn), kept);
        limit(1_000_000);
        let ends = ends(write(&conn, vec![work(Story::new(org).tell(&[Told::Opened]))]));
        assert_eq!(ends, [Ok(1)]);
        drop(conn);
        let file = Connection::open(path).unwrap();
        assert_eq!(facts(&file), kept + 1);
        assert_eq!(
            file.query_row("PRAGMA integrity_check", [], |row| row.get::<_, String>(0)).unwrap(),
            "ok"
        );
    }
}
