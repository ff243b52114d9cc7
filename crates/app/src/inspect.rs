//! Looking behind: the audit log, and whether the journal is as it was written.

use throughline_domain::{HandoffId, access::Action};
use throughline_store::{
    Audit, HandoffFilter, Reach,
    audit::{Depth, verify_one},
    chain::Broken,
};

use crate::{App, AppError, Caller};

/// Handoffs checked at most in one go.
const MOST: u32 = 1_000;

/// How far a check of the journal came, and what it found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// Handoffs checked in this stretch.
    pub handoffs: u64,
    /// Facts checked in this stretch.
    pub facts: u64,
    /// Where chains are broken: the first break of each.
    pub broken: Vec<Broken>,
    /// Handoffs that were committed and are gone without a trace of their own; told once all were checked. That one was
    /// put back to an older state is found by a whole check alone ([`throughline_store::audit::verify`]).
    pub gone: u64,
    /// Where to go on; none: that was all.
    pub next: Option<HandoffId>,
}

impl App {
    /// A page of the audit log, newest first; `before` is the number of the last row seen.
    pub async fn audit_log(
        &self,
        caller: &Caller,
        before: Option<i64>,
        limit: u32,
    ) -> Result<Vec<(i64, Audit)>, AppError> {
        caller.may(Action::Audit)?;
        Ok(self.store.audit(caller.org, before, limit.clamp(1, 200)).await?)
    }

    /// Checks the hash chains of at most `most` handoffs after one: bounded, so that a page can ask for it.
    pub async fn verify_journals(
        &self,
        caller: &Caller,
        after: Option<HandoffId>,
        most: u32,
    ) -> Result<Verified, AppError> {
        caller.may(Action::Audit)?;
        let most = most.clamp(1, MOST);
        let ids = self.store.ids(caller.org, after, most).await?;
        let next = (ids.len() as u64 >= u64::from(most)).then(|| ids.last().copied()).flatten();
        let mut found = Verified { handoffs: 0, facts: 0, broken: Vec::new(), gone: 0, next };
        for id in ids {
            found.handoffs += 1;
            let checked = verify_one(self.store.as_ref(), caller.org, id, Depth::Chains).await?;
            found.facts += checked.facts;
            found.broken.extend(checked.broken);
        }
        if next.is_none() {
            // Counted after the tally was taken: what is opened in between can only make more.
            let committed = self.store.tally(caller.org).await?.handoffs;
            let all = HandoffFilter::default();
            let there = self.store.count(caller.org, &Reach::Organisation, &all, u32::MAX).await?;
            found.gone = committed.saturating_sub(u64::from(there));
        }
        Ok(found)
    }
}
