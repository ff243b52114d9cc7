//! The one writer: a thread that owns the writing connection and puts whatever waits into one transaction.
//!
//! Nobody is answered before the transaction is on disk. A unit that fails half-way takes its transaction with it;
//! then each of its group is tried alone. When the disk fails, everybody is told so, and the writer goes on with
//! the next.

mod apply;
mod checkpoint;
mod commit;
mod drafts;
mod group;
mod handoff_row;
pub(crate) mod mails;
pub(crate) mod parcels;
mod people;
mod portal;
mod sample;
mod saved;
pub(crate) mod sweeps;
mod task;
mod templates;
mod views;
mod waiting;
mod words;

use std::{
    path::Path,
    sync::{
        Arc,
        mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel},
    },
    thread::JoinHandle,
    time::Duration,
};

use rusqlite::Connection;
use throughline_domain::OrgId;
use throughline_store::{ApplyError, Audit, Bell, Change, Commit, CommitError, StoreError, Version};
use tokio::sync::oneshot;

pub(crate) use self::words::fill;
use self::{
    checkpoint::Checkpoints,
    task::{Asked, Task},
};
use crate::faults::{Fault, OpenError};

/// How many units may wait. More is overload: better refused now than answered late.
const QUEUE: usize = 1_024;
/// How many units share a transaction at most.
const GROUP: usize = 256;
/// How often a wipe that had to wait for readers is tried again.
const WIPE_AGAIN: Duration = Duration::from_millis(200);

/// A unit of work and who waits for it.
enum Work {
    Commit(Box<Commit>, oneshot::Sender<Result<Version, CommitError>>),
    Apply(Box<Batch>, oneshot::Sender<Result<(), ApplyError>>),
    Task(Box<dyn Task>),
}

/// Changes of plain tables with their audit row.
struct Batch {
    org: OrgId,
    changes: Vec<Change>,
    audit: Audit,
}

/// The way to the writer's thread.
pub(crate) struct Writer {
    queue: Option<SyncSender<Work>>,
    thread: Option<JoinHandle<()>>,
    bell: Arc<Bell>,
}

impl Writer {
    pub fn start(conn: Connection, path: &Path) -> Result<Self, OpenError> {
        let checkpoints = Checkpoints::start(path)?;
        let (queue, waiting) = sync_channel(QUEUE);
        let bell = Arc::new(Bell::default());
        let theirs = Arc::clone(&bell);
        let run = move || write_all(&conn, &checkpoints, &waiting, &theirs);
        let thread = std::thread::Builder::new().name("store-writer".to_owned()).spawn(run)?;
        Ok(Self { queue: Some(queue), thread: Some(thread), bell })
    }

    /// Whether somebody is there to write.
    pub fn ready(&self) -> Result<(), StoreError> {
        match &self.thread {
            Some(thread) if !thread.is_finished() => Ok(()),
            _ => Err(stopped()),
        }
    }

    pub async fn commit(&self, commit: Commit) -> Result<Version, CommitError> {
        let (answer, answered) = oneshot::channel();
        self.put(Work::Commit(Box::new(commit), answer))?;
        answered.await.map_err(|_| CommitError::Store(stopped()))?
    }

    pub async fn apply(&self, org: OrgId, changes: Vec<Change>, audit: Audit) -> Result<(), ApplyError> {
        let (answer, answered) = oneshot::channel();
        self.put(Work::Apply(Box::new(Batch { org, changes, audit }), answer))?;
        answered.await.map_err(|_| ApplyError::Store(stopped()))?
    }

    /// Work with an answer of its own kind. It may be run more than once, until its transaction is on disk.
    pub async fn sweep<T: Send + 'static>(
        &self,
        work: impl Fn(&Connection) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (to, answered) = oneshot::channel();
        self.put(Work::Task(Box::new(Asked { work, result: None, to })))?;
        answered.await.map_err(|_| stopped())?
    }

    /// Waits until something was written that somebody should take, at most so long.
    pub async fn nudged(&self, at_most: Duration) {
        self.bell.heard(at_most).await;
    }

    fn put(&self, work: Work) -> Result<(), StoreError> {
        let queue = self.queue.as_ref().ok_or_else(stopped)?;
        queue.try_send(work).map_err(|refused| match refused {
            TrySendError::Full(_) => StoreError::Unavailable("too many changes are waiting".to_owned()),
            TrySendError::Disconnected(_) => stopped(),
        })
    }
}

impl Drop for Writer {
    /// Lets the writer finish what waits and close its file.
    fn drop(&mut self) {
        drop(self.queue.take());
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}

fn stopped() -> StoreError {
    StoreError::Unavailable("the writer has stopped".to_owned())
}

fn write_all(conn: &Connection, checkpoints: &Checkpoints, waiting: &Receiver<Work>, bell: &Bell) {
    // Set while erased text may still lie in the log's file, because a reader kept it from being cut.
    let mut wipe = false;
    loop {
        let first = if wipe { waiting.recv_timeout(WIPE_AGAIN) } else { waiting.recv().map_err(Into::into) };
        match first {
            Ok(first) => {
                let mut group = vec![first];
                group.extend(waiting.try_iter().take(GROUP - 1));
                wipe |= group.iter().any(group::erases);
                let nudges = group.iter().any(group::nudges);
                let outcomes = group::write(conn, group);
                wipe = wipe && !checkpoints.wipe(conn);
                // Only now: who is told that a text is erased may look for it in the files.
                outcomes.into_iter().for_each(group::Answer::send);
                if nudges {
                    bell.ring();
                }
                checkpoints.written(conn);
            }
            Err(RecvTimeoutError::Timeout) => wipe = !checkpoints.wipe(conn),
            Err(RecvTimeoutError::Disconnected) => return,
        }
    }
}
