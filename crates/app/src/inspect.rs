//! Looking behind: the audit log, and whether the journal is as it was written.

use throughline_domain::{HandoffId, access::Action};
use throughline_store::{
    Audit, Tally,
    audit::{Depth, verify_one},
    chain::Broken,
};

use crate::{App, AppError, Caller};

/// Handoffs checked at most in one go.
const MOST: u32 = 1_000;

/// How far a check of the journal came: the sums of all stretches so far. The default has not begun.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Progress {
    /// The last handoff checked.
    pub after: Option<HandoffId>,
    /// What the organisation's commits added up to before the first handoff was looked at: what is committed meanwhile
    /// can only make the check find more.
    pub committed: Option<Tally>,
    /// Handoffs checked.
    pub handoffs: u64,
    /// Facts seen.
    pub facts: u64,
    /// Facts that the handoffs say they have.
    pub known: u64,
    /// Handoffs whose chain is broken.
    pub broken: u64,
}

/// What a stretch of a check found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// The sums up to here; the next stretch goes on from them.
    pub so_far: Progress,
    /// Where chains are broken in this stretch: the first break of each.
    pub broken: Vec<Broken>,
    /// What was committed and is there no more; none: not all handoffs were checked yet.
    pub missing: Option<Tally>,
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

    /// Checks the hash chains of at most `most` further handoffs: bounded, so that a page can ask for it. With the last
    /// of them it tells what is missing: a handoff that is gone without a trace of its own, or was put back to an older
    /// state together with its journal, has no broken chain.
    pub async fn verify_journals(
        &self,
        caller: &Caller,
        so_far: Progress,
        most: u32,
    ) -> Result<Verified, AppError> {
        caller.may(Action::Audit)?;
        let committed = match so_far.committed {
            Some(committed) => committed,
            None => self.store.tally(caller.org).await?,
        };
        let most = most.clamp(1, MOST);
        let ids = self.store.ids(caller.org, so_far.after, most).await?;
        let ended = (ids.len() as u64) < u64::from(most);
        let mut so_far = Progress { committed: Some(committed), ..so_far };
        let mut broken = Vec::new();
        for id in ids {
            let checked = verify_one(self.store.as_ref(), caller.org, id, Depth::Chains).await?;
            so_far.after = Some(id);
            so_far.handoffs = so_far.handoffs.saturating_add(1);
            so_far.facts = so_far.facts.saturating_add(checked.facts);
            so_far.known = so_far.known.saturating_add(checked.version);
            so_far.broken = so_far.broken.saturating_add(u64::from(checked.broken.is_some()));
            broken.extend(checked.broken);
        }
        let missing = ended.then_some(Tally {
            handoffs: committed.handoffs.saturating_sub(so_far.handoffs),
            facts: committed.facts.saturating_sub(so_far.known),
        });
        Ok(Verified { so_far, broken, missing })
    }
}
