//! Checking what is kept: every chain, every side row, every snapshot. Works on any backend.
//!
//! Absent on purpose: repair. A broken chain is evidence, and stays as it is.

mod one;
mod walk;

pub use one::{Checked, verify_one};
pub use walk::Walk;

use serde::Serialize;
use throughline_domain::OrgId;

use crate::{chain::Broken, commit::StoreError, ports::Handoffs, query::STRETCH};

/// The most broken places a report names; they are counted all the same.
pub const MOST_BROKEN: usize = 1_000;

/// How closely to look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depth {
    /// Chains, side rows, and whether the snapshot is of the last fact.
    Chains,
    /// And whether folding the facts gives the snapshot.
    Replay,
}

/// What a check found.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Report {
    /// How many handoffs were looked at.
    pub handoffs: u64,
    /// How many facts they have.
    pub facts: u64,
    /// How many personal texts are there and match their hash.
    pub texts: u64,
    /// How many were erased: allowed, and no break.
    pub erased: u64,
    /// How many handoffs were committed and are gone without a trace of their own.
    pub missing_handoffs: u64,
    /// How many facts were committed of which no handoff knows any more: gone with it, or put back to an older state.
    pub missing_facts: u64,
    /// How many handoffs are broken.
    pub broken_handoffs: u64,
    /// Where, at most [`MOST_BROKEN`].
    pub broken: Vec<Broken>,
}

impl Report {
    /// Whether nothing is broken or missing.
    pub fn is_sound(&self) -> bool {
        self.broken_handoffs == 0 && self.missing_handoffs == 0 && self.missing_facts == 0
    }

    fn take(&mut self, checked: Checked) {
        self.handoffs += 1;
        self.facts += checked.facts;
        self.texts += checked.texts;
        self.erased += checked.erased;
        if let Some(broken) = checked.broken {
            self.broken_handoffs += 1;
            if self.broken.len() < MOST_BROKEN {
                self.broken.push(broken);
            }
        }
    }
}

/// Checks every handoff of an organisation, while others go on writing. Reads the journals in stretches, so memory
/// does not grow with them.
///
/// # Errors
/// When the store cannot answer. What it holds but cannot be read is a broken place, not an error.
pub async fn verify(store: &dyn Handoffs, org: OrgId, depth: Depth) -> Result<Report, StoreError> {
    // Taken before the walk: what is committed meanwhile can only make the walk find more.
    let committed = store.tally(org).await?;
    let (mut report, mut known) = (Report::default(), 0);
    let mut after = None;
    loop {
        let ids = store.ids(org, after, STRETCH).await?;
        let Some(last) = ids.last() else { break };
        after = Some(*last);
        for id in ids {
            let checked = verify_one(store, org, id, depth).await?;
            known += checked.version;
            report.take(checked);
        }
    }
    report.missing_handoffs = committed.handoffs.saturating_sub(report.handoffs);
    report.missing_facts = committed.facts.saturating_sub(known);
    Ok(report)
}
