//! What operators may count: commits, facts, verdicts. Numbers only, since the process began.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use throughline_domain::{gate::Verdict, playbook::Gate};

const VERDICTS: [Verdict; 4] = [Verdict::Pass, Verdict::Refused, Verdict::Waived, Verdict::NotRequired];

/// Counters of the application.
#[derive(Debug, Default)]
pub struct Meter {
    commits: AtomicU64,
    facts: AtomicU64,
    verdicts: [[AtomicU64; VERDICTS.len()]; Gate::ALL.len()],
}

impl Meter {
    pub(crate) fn committed(&self, facts: usize) {
        self.commits.fetch_add(1, Relaxed);
        self.facts.fetch_add(facts as u64, Relaxed);
    }

    pub(crate) fn judged(&self, gate: Gate, verdict: Verdict) {
        self.verdicts[gate as usize][verdict as usize].fetch_add(1, Relaxed);
    }

    /// Units of work stored on handoffs.
    pub fn commits(&self) -> u64 {
        self.commits.load(Relaxed)
    }

    /// Facts in them.
    pub fn facts(&self) -> u64 {
        self.facts.load(Relaxed)
    }

    /// Checks of a gate by verdict.
    pub fn verdicts(&self, gate: Gate) -> impl Iterator<Item = (Verdict, u64)> + '_ {
        let counts = &self.verdicts[gate as usize];
        VERDICTS.into_iter().map(|verdict| (verdict, counts[verdict as usize].load(Relaxed)))
    }
}
