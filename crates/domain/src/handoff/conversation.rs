//! Who at the customer hears that we said something to the plan: those who take part in that conversation, and where none
//! of them does yet, all who come into the portal (R4.2).

use std::collections::BTreeSet;

use jiff::SignedDuration;

use super::{Comment, Plan, react::Recipient};
use crate::people::Actor;

/// Remarks of ours that follow each other within this time are told once.
const ONE_TELLING: SignedDuration = SignedDuration::from_hours(1);

impl Plan {
    /// Who is told of the last comment. Nobody, where the customer made it or was told a moment ago.
    pub(super) fn hear_the_last_comment(&self) -> Vec<Recipient> {
        let mut newest_first = self.comments.iter().rev();
        let Some(last) = newest_first.next().filter(|last| !last.by.is_customer()) else { return Vec::new() };
        let mut before = newest_first.filter(|one| one.milestone == last.milestone).peekable();
        let told = |one: &&Comment| !one.by.is_customer() && last.at.duration_since(one.at) < ONE_TELLING;
        if before.peek().is_some_and(told) {
            return Vec::new();
        }
        let theirs: BTreeSet<_> = before
            .filter_map(|one| match one.by {
                Actor::Customer { id } => Some(id),
                _ => None,
            })
            .collect();
        if theirs.is_empty() {
            return vec![Recipient::Customers];
        }
        theirs.into_iter().map(|id| Recipient::Customer { id }).collect()
    }
}
