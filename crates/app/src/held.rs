//! Changes held back: what a request under an idempotency key writes and what it is answered are stored in one
//! transaction (reliability Q12).
//!
//! Such a request writes nothing while it is worked on. Once its answer is known both are stored, or neither: a server
//! that falls leaves no effect without its answer. Two equal requests, on whatever nodes, meet at the key; the later
//! one writes nothing and is given the other's answer.
//!
//! Absent on purpose: steps that come to the same when they are taken again, such as a person added from a CRM, a
//! deal's newest reading or a seat that goes over. They are written at once, and whoever was cut off takes them again.
//! A use case that holds its change back must not look for it in the store before it answers.

use std::sync::{Arc, Mutex, PoisonError};

use throughline_store::{ApplyError, Audit, Change, Commit, CommitError, IdempotencyRow};

use crate::{App, AppError, Caller, handle::TRIES};

/// Where a request's change waits for its answer. Travels with the caller.
#[derive(Debug, Clone, Default)]
pub struct Held(Arc<Mutex<Option<Unit>>>);

/// What is stored in one transaction with the answer.
#[derive(Debug)]
enum Unit {
    Changes(Vec<Change>, Audit),
    Facts(Box<Commit>),
}

impl Held {
    /// Holds a unit back. Gives the one it held before: only the last can go with the answer.
    fn put(&self, unit: Unit) -> Option<Unit> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).replace(unit)
    }

    /// Whether nothing waits.
    pub fn is_empty(&self) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).is_none()
    }

    fn take(&self) -> Option<Unit> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

/// What became of a request's change once its answer was to be kept with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Settled {
    /// Both are stored.
    Kept,
    /// The key was used meanwhile, and nothing was written. This is what was answered then.
    Before(IdempotencyRow),
    /// What it was decided on has changed meanwhile, and nothing was written: the request must be worked on anew.
    Overtaken,
}

impl App {
    /// Makes changes with their audit row: now, or together with the answer where the caller's request has a key.
    pub(crate) async fn apply(
        &self,
        caller: &Caller,
        changes: Vec<Change>,
        audit: Audit,
    ) -> Result<(), AppError> {
        match &caller.held {
            Some(held) => self.hold(caller, held, Unit::Changes(changes, audit)).await,
            None => Ok(self.store.apply(caller.org, changes, audit).await?),
        }
    }

    /// Stores a handoff's unit of work: now, or together with the answer where the caller's request has a key and the
    /// unit does not keep it itself.
    pub(crate) async fn commit(&self, caller: &Caller, commit: Commit) -> Result<(), AppError> {
        match &caller.held {
            Some(held) if commit.idempotency.is_none() => {
                self.hold(caller, held, Unit::Facts(Box::new(commit))).await
            }
            _ => self.write_facts(commit).await,
        }
    }

    /// Works out anew what others overtook, until it is through or it is plain that they are always faster. Whatever
    /// changes an organisation's row without having been told which version to change goes through here.
    pub(crate) async fn anew<T, F: Future<Output = Result<T, AppError>>>(
        &self,
        work: impl Fn() -> F,
    ) -> Result<T, AppError> {
        for _ in 0..TRIES {
            match work().await {
                Err(AppError::Stale { .. }) => {}
                other => return other,
            }
        }
        Err(AppError::Unavailable("others are always faster".to_owned()))
    }

    async fn hold(&self, caller: &Caller, held: &Held, unit: Unit) -> Result<(), AppError> {
        match held.put(unit) {
            None => Ok(()),
            Some(Unit::Changes(changes, audit)) => Ok(self.store.apply(caller.org, changes, audit).await?),
            Some(Unit::Facts(commit)) => self.write_facts(*commit).await,
        }
    }

    async fn write_facts(&self, commit: Commit) -> Result<(), AppError> {
        let facts = commit.journal.len();
        self.store.commit(commit).await?;
        self.meter.committed(facts);
        Ok(())
    }

    /// Stores what a request held back together with its answer. A request that held nothing back has written what it
    /// had to: only its answer is kept.
    ///
    /// # Errors
    /// What the change itself would have been refused for, as if it had been made at once.
    pub async fn settle(&self, caller: &Caller, row: IdempotencyRow) -> Result<Settled, AppError> {
        let key = row.key.clone();
        let written = match caller.held.as_ref().and_then(Held::take) {
            Some(Unit::Facts(commit)) => {
                let commit = Commit { idempotency: Some(row), ..*commit };
                let facts = commit.journal.len();
                match self.store.commit(commit).await {
                    Ok(_) => {
                        self.meter.committed(facts);
                        Ok(())
                    }
                    Err(CommitError::Stale { .. }) => return Ok(Settled::Overtaken),
                    Err(other) => Err(other.into()),
                }
            }
            Some(Unit::Changes(mut changes, audit)) => {
                // The key first: where both are taken, the key is the reason that counts.
                changes.insert(0, Change::PutAnswer(row));
                match self.store.apply(caller.org, changes, audit).await {
                    Err(ApplyError::Stale { .. }) => return Ok(Settled::Overtaken),
                    other => other.map_err(AppError::from),
                }
            }
            None => {
                let audit = self.audit(caller, "remember-answer", "", serde_json::Value::Null);
                let changes = vec![Change::PutAnswer(row)];
                self.store.apply(caller.org, changes, audit).await.map_err(AppError::from)
            }
        };
        match written {
            Ok(()) => Ok(Settled::Kept),
            Err(why @ (AppError::Conflict(_) | AppError::KeyReused)) => {
                let before = self.store.remembered(caller.org, &key).await?;
                before.map(Settled::Before).ok_or(why)
            }
            Err(other) => Err(other),
        }
    }
}
