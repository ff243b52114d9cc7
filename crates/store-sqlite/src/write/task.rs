//! Work whose answer is of its own kind, such as a claim: run in a group's transaction like any other.

use rusqlite::Connection;
use throughline_store::StoreError;
use tokio::sync::oneshot;

use crate::faults::Fault;

/// A unit of work that answers for itself.
pub(super) trait Task: Send {
    /// Does it, inside a transaction; again when that came to nothing.
    fn run(&mut self, conn: &Connection) -> Result<(), Fault>;
    /// Nothing of it holds.
    fn fail(&mut self, error: StoreError);
    /// Tells whoever asked, who may be gone by now.
    fn answer(self: Box<Self>);
}

/// What is asked, and who waits for it.
pub(super) struct Asked<T, F> {
    pub work: F,
    pub result: Option<Result<T, StoreError>>,
    pub to: oneshot::Sender<Result<T, StoreError>>,
}

impl<T: Send, F: Fn(&Connection) -> Result<T, Fault> + Send> Task for Asked<T, F> {
    fn run(&mut self, conn: &Connection) -> Result<(), Fault> {
        self.result = Some(Ok((self.work)(conn)?));
        Ok(())
    }

    fn fail(&mut self, error: StoreError) {
        self.result = Some(Err(error));
    }

    fn answer(self: Box<Self>) {
        if let Some(result) = self.result {
            drop(self.to.send(result));
        }
    }
}
