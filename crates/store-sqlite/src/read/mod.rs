//! Reading. Readers never wait for the writer: each sees the file as it was when its read began.
//!
//! A point read costs a few microseconds, less than the way to another thread and back, so it is done on the
//! asking thread. Lists and stretches may be long and go to threads that may block.

mod board;
mod directory;
mod drafts;
mod found;
mod handoffs;
mod list;
mod mails;
mod parcels;
#[cfg(test)]
mod plans;
mod portal;
mod saved;
mod sql;
mod sweeps;
mod templates;
mod told;

use std::{
    path::Path,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
};

use rusqlite::Connection;
use throughline_store::StoreError;
use tokio::sync::Semaphore;

use crate::{
    faults::{OpenError, store_error},
    open::for_reading,
};

/// Connections for point reads.
const QUICK: usize = 4;
/// Connections for lists.
const LONG: usize = 4;
/// What a connection may keep in memory, in KiB.
const CACHE: u32 = 1_024;

pub(crate) struct Readers {
    quick: Vec<Mutex<Connection>>,
    turn: AtomicUsize,
    long: Arc<Long>,
}

struct Long {
    free: Mutex<Vec<Connection>>,
    turns: Arc<Semaphore>,
}

impl Readers {
    pub fn open(path: &Path) -> Result<Self, OpenError> {
        let some = |many: usize| (0..many).map(|_| for_reading(path, CACHE)).collect::<Result<Vec<_>, _>>();
        let quick = some(QUICK)?.into_iter().map(Mutex::new).collect();
        let long = Long { free: Mutex::new(some(LONG)?), turns: Arc::new(Semaphore::new(LONG)) };
        Ok(Self { quick, turn: AtomicUsize::new(0), long: Arc::new(long) })
    }

    /// A point read, here and now.
    pub fn now<T>(&self, read: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T, StoreError> {
        let conn = self.quick.iter().find_map(|conn| conn.try_lock().ok()).unwrap_or_else(|| self.next());
        read(&conn).map_err(|error| store_error(&error))
    }

    fn next(&self) -> MutexGuard<'_, Connection> {
        let turn = self.turn.fetch_add(1, Ordering::Relaxed) % self.quick.len();
        self.quick[turn].lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A longer read, on a thread that may block. Sees one state of the file throughout.
    pub async fn later<T: Send + 'static>(
        &self,
        read: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        let gone = || StoreError::Unavailable("the store is closing".to_owned());
        let long = Arc::clone(&self.long);
        let turn = Arc::clone(&long.turns).acquire_owned().await.map_err(|_| gone())?;
        let work = move || {
            // Held until the connection is back, even when nobody waits for the answer any more.
            let _turn = turn;
            let conn = long.free().pop().ok_or_else(gone)?;
            let result = conn.unchecked_transaction().and_then(|_whole| read(&conn));
            long.free().push(conn);
            result.map_err(|error| store_error(&error))
        };
        tokio::task::spawn_blocking(work).await.map_err(|_| gone())?
    }
}

impl Long {
    fn free(&self) -> MutexGuard<'_, Vec<Connection>> {
        self.free.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
