//! Writing the log back into the file, beside the writer.
//!
//! Left to itself the engine does this inside some unlucky commit, which then waits for a thousand scattered
//! pages. Here a second thread carries the bulk over while commits go on, and the writer only does the rest, which
//! is little, so that the log can begin anew.

use std::{
    path::Path,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
        mpsc::{Receiver, SyncSender, sync_channel},
    },
    thread::JoinHandle,
    time::Duration,
};

use rusqlite::Connection;

use crate::{faults::OpenError, open::for_checkpoints};

/// The log is written back once it has this many pages to go: 8 MiB.
const WORTH_IT: i64 = 2_048;
/// And begun anew once it holds this many: 16 MiB.
const LONG: i64 = 4_096;
/// How long commits are gathered before the log is looked at.
const PAUSE: Duration = Duration::from_millis(20);
/// How often the second thread goes after what was written while it worked.
const ROUNDS: u32 = 4;

/// The second thread, seen from the writer.
pub(super) struct Checkpoints {
    bell: Option<SyncSender<()>>,
    thread: Option<JoinHandle<()>>,
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    /// Only one connection may write the log back at a time.
    turn: Mutex<()>,
    /// Set when little is left to be written back.
    finish: AtomicBool,
}

impl Checkpoints {
    pub fn start(path: &Path) -> Result<Self, OpenError> {
        let conn = for_checkpoints(path)?;
        let (bell, rung) = sync_channel(1);
        let shared = Arc::new(Shared::default());
        let theirs = Arc::clone(&shared);
        let run = move || keep_short(&conn, &rung, &theirs);
        let thread = std::thread::Builder::new().name("store-checkpoints".to_owned()).spawn(run)?;
        Ok(Self { bell: Some(bell), thread: Some(thread), shared })
    }

    /// The writer calls this after every transaction.
    pub fn written(&self, conn: &Connection) {
        if self.shared.finish.swap(false, Ordering::AcqRel) {
            let _turn = self.shared.turn.lock().unwrap_or_else(PoisonError::into_inner);
            log(conn, "PRAGMA wal_checkpoint(PASSIVE)");
        }
        if let Some(bell) = &self.bell {
            // Full: it will look anyway.
            let _ = bell.try_send(());
        }
    }

    /// Writes everything back and cuts the log to nothing, so that erased text is in no file. False while a reader
    /// is in the way.
    pub fn wipe(&self, conn: &Connection) -> bool {
        let _turn = self.shared.turn.lock().unwrap_or_else(PoisonError::into_inner);
        let busy = conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get::<_, i64>(0));
        busy.is_ok_and(|busy| busy == 0)
    }
}

impl Drop for Checkpoints {
    fn drop(&mut self) {
        drop(self.bell.take());
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}

fn keep_short(conn: &Connection, rung: &Receiver<()>, shared: &Shared) {
    while rung.recv().is_ok() {
        std::thread::sleep(PAUSE);
        let mut state = log(conn, "PRAGMA wal_checkpoint(NOOP)");
        for _ in 0..ROUNDS {
            if state.is_none_or(|(pages, done)| pages - done < WORTH_IT) {
                break;
            }
            let _turn = shared.turn.lock().unwrap_or_else(PoisonError::into_inner);
            state = log(conn, "PRAGMA wal_checkpoint(PASSIVE)");
        }
        if state.is_some_and(|(pages, done)| pages >= LONG && done > 0) {
            shared.finish.store(true, Ordering::Release);
        }
    }
}

/// How many pages the log has and how many of them are written back.
fn log(conn: &Connection, sql: &str) -> Option<(i64, i64)> {
    let state = conn.query_row(sql, [], |row| Ok((row.get(1)?, row.get(2)?)));
    state.inspect_err(|error| tracing::warn!(%error, "the log could not be written back")).ok()
}
