//! What is owed although no gate asks for it: follow-ups of partial marks (R6.7), amendments to acknowledge
//! (R0.11), the introduction of a new CSM (R0.7).

use std::collections::BTreeSet;

use super::{Gap, Problem, judge::effect};
use crate::{
    handoff::{Covers, Mark},
    ids::Key,
    people::Role,
    playbook::{MarkEffect, StepKind},
    view::View,
};

impl View<'_> {
    pub(super) fn follow_ups(&self) -> Vec<Gap> {
        let handoff = self.handoff;
        let mut owed = Vec::new();
        for category in &self.playbook.scorecard.categories {
            let Some(marked) = handoff.marks.get(&category.id.value).filter(|marked| !marked.stale) else {
                continue;
            };
            if effect(category, marked.mark) == MarkEffect::FollowUp {
                let about = Covers::Category { category: category.id.value.clone() };
                let problem = match marked.mark {
                    Mark::Unclear => Problem::MarkedUnclear,
                    Mark::Partial | Mark::Clear => Problem::MarkedPartial,
                };
                owed.push(self.gap(about, &category.title, problem, Role::Ae));
            }
        }
        let unseen = handoff.amendments.iter().filter(|amendment| amendment.acknowledged_at.is_none());
        let unseen: BTreeSet<&Key> = unseen.map(|amendment| &amendment.ask).collect();
        for ask in self.playbook.asks().filter(|ask| unseen.contains(&ask.id.value)) {
            let about = Covers::Ask { ask: ask.id.value.clone() };
            owed.push(self.gap(about, &ask.ask, Problem::NotAcknowledged, Role::Csm));
        }
        if let Some(change) = &handoff.reintroduction
            && let Some(step) = self.playbook.step_of(StepKind::WarmIntro)
            && !self.counts(step)
        {
            let about = Covers::Step { step: step.id.value.clone() };
            // Whoever the customer knows introduces whoever comes.
            let (owed_by, person) = if handoff.stage.is_owned() {
                (Role::Csm, Some(change.from))
            } else {
                (Role::Ae, Some(handoff.seller()))
            };
            owed.push(Gap { person, ..self.gap(about, &step.title, Problem::NotHappened, owed_by) });
        }
        owed
    }
}
