//! How a deal would fare by another playbook: every gate judged by both, as if it were asked today for the first time.
//!
//! What was passed or bypassed before says nothing of a new playbook, so a trial leaves it aside; waivers count as far
//! as they still run. Nothing is decided by it and nothing remembered.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

use super::{Gap, Verdict, judge};
use crate::{
    calendar::Calendars,
    handoff::{Handoff, Life, RouteTaken},
    ids::Key,
    playbook::{Gate, Playbook, PlaybookRef},
};

/// A deal judged by two playbooks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Trial {
    /// The route it takes by the older one; none: none that is named.
    pub route_before: Option<Key>,
    /// The route it takes by the newer one.
    pub route_after: Option<Key>,
    /// Each gate that either has.
    pub gates: Vec<GateTrial>,
}

/// A gate judged by two playbooks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct GateTrial {
    /// Which.
    pub gate: Gate,
    /// The older one's answer.
    pub before: Verdict,
    /// The newer one's answer.
    pub after: Verdict,
    /// What only the newer one misses.
    pub asked_anew: Vec<Gap>,
    /// What only the older one misses.
    pub asked_no_more: Vec<Gap>,
}

impl GateTrial {
    /// Whether the answer or what is missing differs.
    pub fn differs(&self) -> bool {
        self.before != self.after || !self.asked_anew.is_empty() || !self.asked_no_more.is_empty()
    }
}

impl Trial {
    /// Whether anything differs.
    pub fn differs(&self) -> bool {
        self.route_before != self.route_after || self.gates.iter().any(GateTrial::differs)
    }
}

/// Tries a deal by two playbooks. It takes the way it takes today, unless the two would send it different ways.
pub fn trial(
    handoff: &Handoff,
    before: &Playbook,
    after: &Playbook,
    calendars: &Calendars,
    now: Timestamp,
) -> Trial {
    let of = PlaybookRef { name: after.playbook.value.clone(), version: 0 };
    let choose = |playbook| RouteTaken::choose(playbook, &of, &handoff.deal, calendars.house(), now);
    let (old_way, new_way) = (choose(before), choose(after));
    let old = afresh(handoff);
    let mut new = old.clone();
    if (&old_way.playbook, &old_way.variant) != (&new_way.playbook, &new_way.variant) {
        if new_way.playbook.is_none() {
            new.life = Life::OutOfScope;
        }
        new.route.variant = new_way.variant.clone();
    }
    let gates = Gate::ALL.into_iter().filter(|gate| before.gate(*gate).or(after.gate(*gate)).is_some());
    let gates = gates.map(|gate| {
        let was = judge(&old, before, calendars, now, gate);
        let is = judge(&new, after, calendars, now, gate);
        let only = |gaps: &[Gap], others: &[Gap]| -> Vec<Gap> {
            gaps.iter().filter(|gap| others.iter().all(|other| other.about != gap.about)).cloned().collect()
        };
        GateTrial {
            gate,
            before: was.verdict,
            after: is.verdict,
            asked_anew: only(&is.gaps, &was.gaps),
            asked_no_more: only(&was.gaps, &is.gaps),
        }
    });
    Trial { gates: gates.collect(), route_before: old_way.rule, route_after: new_way.rule }
}

/// The handoff as if no gate had been asked.
fn afresh(handoff: &Handoff) -> Handoff {
    let mut fresh = handoff.clone();
    fresh.gates.clear();
    fresh.waivers.values_mut().for_each(|waiver| waiver.used_at = None);
    fresh
}
