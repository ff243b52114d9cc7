//! A unit of work on one handoff: everything in one transaction, or nothing.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use throughline_domain::{HandoffId, OrgId, deal::DealKey, handoff::Intent, personal::SideRow};
use uuid::Uuid;

use crate::{
    chain::{GENESIS, Hash, JournalRow},
    views::*,
};

/// How many facts a handoff has; 0 before the first.
pub type Version = u64;

/// Facts, the state they lead to, the views that follow, and what the world is to be told.
#[derive(Debug, Clone)]
pub struct Commit {
    /// In which organisation.
    pub org: OrgId,
    /// Which handoff.
    pub id: HandoffId,
    /// The version it was decided on.
    pub expected: Version,
    /// The new facts, sealed and chained; the last one's seq is the new version. Never empty.
    pub journal: Vec<JournalRow>,
    /// Their personal texts.
    pub texts: Vec<SideRow>,
    /// Earlier texts that go, rows and salts; everything else in the commit is worked out without them.
    pub erase: Option<Erase>,
    /// The whole state as JSON.
    pub snapshot: String,
    /// What lists show.
    pub row: HandoffRow,
    /// The version of the organisation it was worked out with, its calendars above all. Where all clocks
    /// of live handoffs were to be looked at again since ([`crate::Change::LookAgain`]), its own want a look at once.
    pub as_of: u64,
    /// Its clocks; replaces what was there.
    pub dues: Vec<DueRow>,
    /// When its clocks want a look next; none: never. Ends any claim on it.
    pub look_at: Option<Timestamp>,
    /// Its promises; replaces what was there. `None`: unchanged.
    pub promises: Option<Vec<PromiseRow>>,
    /// Everybody with a part; replaces what was there. `None`: unchanged.
    pub parts: Option<Vec<PartRow>>,
    /// The deal's newest reading. `None`: unchanged. One kept without a handoff is never replaced by an older one: such a
    /// commit is stale.
    pub deal: Option<DealRow>,
    /// What is to be told.
    pub outbox: Vec<OutboxRow>,
    /// The answer to be given again under the same key.
    pub idempotency: Option<IdempotencyRow>,
}

/// Which of a handoff's earlier texts a commit erases. Its version guards them: who decided on the words before comes
/// too late to write them again. Remembered answers in which the handoff's id stands lose their body, as they may quote
/// it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Erase {
    /// All there are.
    Everything,
    /// These.
    These(BTreeSet<Uuid>),
}

impl Erase {
    /// Whether a text goes.
    pub fn takes(&self, text: Uuid) -> bool {
        match self {
            Erase::Everything => true,
            Erase::These(texts) => texts.contains(&text),
        }
    }
}

impl Commit {
    /// The version and head it leads to, once its facts are seen to follow the stored `head` in one unbroken run.
    ///
    /// # Errors
    /// [`StoreError::Unreadable`] when they do not: storing them would break the chain for good.
    pub fn follows(&self, head: Option<&str>) -> Result<(Version, Hash), StoreError> {
        let mut before = (self.expected, head.unwrap_or(GENESIS));
        for row in &self.journal {
            if row.handoff != self.id || row.seq != before.0 + 1 || row.prev != before.1 {
                let text =
                    format!("fact {} does not follow fact {} of handoff {}", row.seq, before.0, self.id);
                return Err(StoreError::Unreadable(text));
            }
            before = (row.seq, &row.hash);
        }
        if self.journal.is_empty() {
            return Err(StoreError::Unreadable(format!("a commit on handoff {} has no facts", self.id)));
        }
        Ok((before.0, before.1.to_owned()))
    }

    /// Whether it leaves work for those who sweep: something to tell, or clocks that want a look at once.
    pub fn nudges(&self) -> bool {
        let soon = self.journal.last().and_then(|row| row.at.checked_add(SignedDuration::from_secs(1)).ok());
        !self.outbox.is_empty() || self.look_at.is_some_and(|look_at| Some(look_at) <= soon)
    }
}

/// The newest reading of a deal, with its handoff where there is one.
#[derive(Debug, Clone, PartialEq)]
pub struct DealRow {
    /// Which deal.
    pub key: DealKey,
    /// The source's time of the reading.
    pub source_time: Timestamp,
    /// Its handoff.
    pub handoff: Option<HandoffId>,
    /// The reading as JSON.
    pub body: String,
}

/// A message to be made and sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutboxRow {
    /// Which (UUIDv7: sorts by birth). Also the key that makes its effect happen once.
    pub id: Uuid,
    /// About which handoff.
    pub handoff: HandoffId,
    /// When it arose.
    pub at: Timestamp,
    /// The fact it follows.
    pub seq: u64,
    /// What and to whom.
    pub intent: Intent,
}

/// The remembered answer to a request with an `Idempotency-Key`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdempotencyRow {
    /// The key, as sent, prefixed with who sent it.
    pub key: String,
    /// A hash of the request: another one under the same key is an error.
    pub request: String,
    /// The status answered.
    pub status: u16,
    /// The body answered.
    pub body: String,
    /// When.
    pub at: Timestamp,
}

/// Why a commit did not happen.
#[derive(Debug, thiserror::Error)]
pub enum CommitError {
    /// Somebody else was faster: the handoff has moved on, or, before it opened, a newer reading of its deal was kept
    /// than the commit brings. Nothing was written.
    #[error("the handoff has moved on: it is at version {current}")]
    Stale {
        /// Where it is now.
        current: Version,
    },
    /// The deal has a handoff already. Nothing was written.
    #[error("the deal has a handoff already: {0}")]
    DealTaken(HandoffId),
    /// The idempotency key was used meanwhile. Nothing was written.
    #[error("the idempotency key was used already")]
    KeyUsed,
    /// The store failed. Nothing was written, as far as can be known.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The store failed.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// It cannot be reached now, or its disk is full; worth trying again.
    #[error("the store cannot answer now: {0}")]
    Unavailable(String),
    /// What it holds cannot be read: a newer program wrote it, or it was damaged.
    #[error("the store holds something unreadable: {0}")]
    Unreadable(String),
}
