//! The store as a node sees it: over a wire that breaks before a request arrives or after it was met, and between any
//! two of them somebody else's turn.
//!
//! Everything is passed on as it is to the store in memory, which keeps its word; `calls.rs` is nothing but that. What
//! changes something is here.

mod calls;

use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;
use throughline_domain::{HandoffId, OrgId};
use throughline_store::{
    ApplyError, Audit, Bag, Change, Claim, Commit, CommitError, EventRow, Look, OutboxRow, Store, StoreError,
    Version, memory::MemoryStore,
};

use crate::{
    turns::give_way,
    weather::{Lie, Weather},
};

/// One node's way to the store.
pub struct Wire {
    pub store: Arc<MemoryStore>,
    pub weather: Arc<Weather>,
    pub node: usize,
}

impl Wire {
    /// Somebody else may go first, and the store may not be reached.
    async fn asks(&self, what: &str) -> Result<(), StoreError> {
        give_way().await;
        self.weather.reaches(self.node, what)
    }

    /// It is done; before the node hears so others may go on, the node may fall, and the answer may be lost.
    async fn hears(&self, what: &str, told: &str) -> Result<(), StoreError> {
        let broken = self.weather.answers(self.node, what, told);
        give_way().await;
        broken
    }

    async fn commit_over(&self, commit: Commit) -> Result<Version, CommitError> {
        use throughline_store::ports::Handoffs;
        self.asks("commit").await?;
        if self.weather.lies(Lie::Forgets) {
            let version = commit.expected + commit.journal.len() as u64;
            // What it says is what it would have done; that nothing is there is for the watch to find.
            self.weather.committed(&commit);
            return Ok(version);
        }
        let mut kept = commit.clone();
        if self.weather.lies(Lie::LosesMessages) {
            kept.outbox.clear();
        }
        let done = self.store.commit(kept).await;
        let told = match &done {
            Ok(version) => {
                self.weather.committed(&commit);
                format!("{} {version} {:?}", commit.id, commit.journal.last().map(|row| &row.hash))
            }
            Err(why) => why.to_string(),
        };
        self.hears("commit", &told).await?;
        done
    }

    async fn apply_over(&self, org: OrgId, changes: Vec<Change>, audit: Audit) -> Result<(), ApplyError> {
        use throughline_store::ports::Directory;
        self.asks(&audit.action).await?;
        let done = self.store.apply(org, changes.clone(), audit.clone()).await;
        let taken_off = |change: &Change| !matches!(change, Change::Delivered { .. } | Change::Posted { .. });
        let done = match done {
            Err(ApplyError::Conflict(_)) if self.weather.lies(Lie::Doubles) => {
                let rest = changes.iter().filter(|change| taken_off(change)).cloned().collect();
                self.store.apply(org, rest, audit.clone()).await
            }
            done => done,
        };
        if done.is_ok() {
            self.weather.applied(&changes);
        }
        let told = done.as_ref().map_or_else(ToString::to_string, |()| audit.subject.clone());
        self.hears(&audit.action, &told).await?;
        done
    }

    async fn looked_over(&self, look: Look) -> Result<bool, StoreError> {
        use throughline_store::Sweeps;
        self.asks("looked").await?;
        let told = format!("{} until {:?}", look.id, look.look_at);
        let noted = self.store.looked(look).await?;
        self.hears("looked", &format!("{told}: {noted}")).await?;
        Ok(noted)
    }
}

/// Claims are passed on like any request that changes something: who claims and falls holds it for a while.
macro_rules! claims {
    ($($verb:ident over $name:ident gives $gives:ty;)*) => {
        impl Wire {
            $(async fn $verb(&self, claim: Claim) -> Result<Vec<$gives>, StoreError> {
                use throughline_store::Sweeps;
                self.asks(stringify!($name)).await?;
                let claim = match self.weather.lies(Lie::Doubles) {
                    // A claim that ends as it begins is nobody's.
                    true => Claim { until: claim.now, ..claim },
                    false => claim,
                };
                let taken = self.store.$name(claim).await?;
                self.hears(stringify!($name), &taken.len().to_string()).await?;
                Ok(taken)
            })*
        }
    };
}

claims! {
    looks_over over claim_looks gives (OrgId, HandoffId, Timestamp);
    outbox_over over claim_outbox gives (OrgId, OutboxRow);
    post_over over claim_post gives Bag;
    events_over over claim_events gives (OrgId, EventRow);
}

#[async_trait]
impl Store for Wire {
    async fn ready(&self) -> Result<(), StoreError> {
        self.asks("ready").await
    }

    fn kind(&self) -> &'static str {
        "memory, over a wire that breaks"
    }
}
