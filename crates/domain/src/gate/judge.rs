//! Demands held against the state: each either holds or gives gaps.

use std::collections::BTreeSet;

use super::{Gap, Problem, Why};
use crate::{
    clock::Reading,
    handoff::{Covers, Handoff, Mark, Marked, Waiver, WaiverState},
    ids::{Key, WaiverId},
    people::Role,
    playbook::{Category, Demand, Gate, MarkEffect, MarkedWhen, Playbook, Rule, Step, StepKind, TransferOn},
    record::DecisionVerdict,
    view::View,
};

impl View<'_> {
    pub(super) fn demand(&self, demand: &Demand, gaps: &mut Vec<Gap>) {
        match demand {
            Demand::Record => {
                self.record(gaps);
                self.reviewed_again(gaps);
            }
            Demand::Commitments => self.commitments(gaps),
            Demand::Review => self.review(gaps),
            Demand::Acceptance => self.acceptance(gaps),
            Demand::Ownership => self.ownership(gaps),
            Demand::Step(step) => self.demanded_step(step, gaps),
            Demand::Corrections => self.corrections(gaps),
            Demand::PlanConfirmed => self.plan(gaps),
            Demand::Rating(rating) => self.rating(rating, gaps),
        }
    }

    /// Every required ask, and what was returned or reopened and waits for the AE (R2.1, R0.11).
    pub(crate) fn record(&self, gaps: &mut Vec<Gap>) {
        gaps.extend(self.asks().iter().filter_map(|(ask, state)| self.ask_gap(ask, state)));
        if self.handoff.open_return().is_some() {
            let title = "Answer to the returned record";
            gaps.push(self.gap(Covers::Return, title, Problem::ReturnUnanswered, Role::Ae));
        }
        if !untouched(self.handoff, self.playbook).is_empty() {
            let title = "Reopened parts of the record";
            gaps.push(self.gap(Covers::Reopened, title, Problem::ReopenedUntouched, Role::Ae));
        }
    }

    /// What was reopened after it had been reviewed is reviewed again before any further gate opens (R0.11).
    fn reviewed_again(&self, gaps: &mut Vec<Gap>) {
        for category in reopened_categories(self.handoff, self.playbook) {
            if self.handoff.marks.contains_key(&category.id.value) {
                gaps.extend(self.category_gap(category));
            }
        }
    }

    fn commitments(&self, gaps: &mut Vec<Gap>) {
        for (item, promise) in self.handoff.record.promises() {
            let life = &promise.life;
            let Some(routed) =
                life.routed.as_ref().filter(|_| life.decision.is_none() && life.settled.is_none())
            else {
                continue;
            };
            let about = Covers::Commitment { item: item.id };
            gaps.push(self.gap(about, promise.what.as_str(), Problem::Undecided, routed.to));
        }
    }

    fn corrections(&self, gaps: &mut Vec<Gap>) {
        for (item, promise) in self.handoff.record.promises() {
            let life = &promise.life;
            let falls = life.decision.as_ref().is_some_and(|made| made.verdict != DecisionVerdict::Approved);
            if falls && life.corrected.is_none() && life.settled.is_none() {
                let about = Covers::Correction { item: item.id };
                gaps.push(self.gap(about, promise.what.as_str(), Problem::NotCorrected, Role::Ae));
            }
        }
    }

    fn review(&self, gaps: &mut Vec<Gap>) {
        let categories = self.playbook.scorecard.categories.iter();
        let reviewed = categories.filter(|one| one.when == MarkedWhen::Review);
        gaps.extend(reviewed.filter_map(|category| self.category_gap(category)));
    }

    fn category_gap(&self, category: &Category) -> Option<Gap> {
        let reviewer = if self.handoff.csm().is_some() { Role::Csm } else { Role::CsLeader };
        let (problem, owed_by) = match self.handoff.marks.get(&category.id.value) {
            None => (Problem::NotMarked, reviewer),
            Some(marked) if marked.stale => (Problem::MarkStale, reviewer),
            Some(marked) if blocks(category, marked) => (Problem::MarkedUnclear, Role::Ae),
            Some(_) => return None,
        };
        let waivable = problem == Problem::MarkedUnclear;
        let about = Covers::Category { category: category.id.value.clone() };
        Some(Gap { waivable, ..self.gap(about, &category.title, problem, owed_by) })
    }

    fn acceptance(&self, gaps: &mut Vec<Gap>) {
        if self.handoff.stage.assigned_at().is_none() {
            let owed_by = if self.handoff.stage.csm().is_some() { Role::Csm } else { Role::CsLeader };
            gaps.push(self.gap(Covers::Acceptance, "Acceptance by a CSM", Problem::NotAccepted, owed_by));
        }
    }

    fn ownership(&self, gaps: &mut Vec<Gap>) {
        if self.handoff.stage.is_owned() {
            return;
        }
        let kind = match self.playbook.transfer_on {
            TransferOn::Acceptance => None,
            TransferOn::WarmIntro => Some(StepKind::WarmIntro),
            TransferOn::Kickoff => Some(StepKind::Kickoff),
        };
        let step = kind.and_then(|kind| self.playbook.step_of(kind));
        let mover = step.map(|step| self.step_problem(step).map_or(step.owner, |(_, owed_by, _)| owed_by));
        let owed_by = match self.handoff.stage.assigned_at() {
            Some(_) => mover.unwrap_or(Role::Csm),
            None if self.handoff.stage.csm().is_some() => Role::Csm,
            None => Role::CsLeader,
        };
        gaps.push(self.gap(Covers::Ownership, "Ownership", Problem::NotOwned, owed_by));
    }

    /// A demanded step. Steps that nobody reports are read from other facts, and so is what they lack.
    fn demanded_step(&self, id: &Key, gaps: &mut Vec<Gap>) {
        let Some(step) = self.playbook.step(id).filter(|step| self.applies(step)) else { return };
        match step.kind {
            StepKind::Nomination | StepKind::OfferAnswer => self.acceptance(gaps),
            StepKind::Record | StepKind::ReturnAnswer => self.record(gaps),
            StepKind::Review => self.review(gaps),
            StepKind::PlanConfirmed => self.plan(gaps),
            StepKind::Rating => step.rating.iter().for_each(|rating| self.rating(rating, gaps)),
            StepKind::Availability => {}
            StepKind::EarlyIntro
            | StepKind::InternalCall
            | StepKind::WarmIntro
            | StepKind::FirstContact
            | StepKind::KickoffBooked
            | StepKind::Kickoff
            | StepKind::FirstValue
            | StepKind::Other => gaps.extend(self.step_gap(step).filter(|_| !self.is_lost(id))),
        }
    }

    pub(super) fn step_gap(&self, step: &Step) -> Option<Gap> {
        let (problem, owed_by, form_rule) = self.step_problem(step)?;
        let reading = self.read(step);
        let lost = reading.reading == Reading::Missed && reading.done_at.is_none();
        let problem = if lost { Problem::Missed } else { problem };
        let rule = form_rule.or(step.when.as_ref().map(|rule| &rule.value));
        let why = rule.map_or(Why::Process, |rule| self.why(rule).unwrap_or(Why::Process));
        let about = Covers::Step { step: step.id.value.clone() };
        Some(Gap { waivable: true, lost, why, ..self.gap(about, &step.title, problem, owed_by) })
    }

    /// What keeps a reported step from counting, whose it is to mend, and the rule that wants a form.
    fn step_problem<'s>(&self, step: &'s Step) -> Option<(Problem, Role, Option<&'s Rule>)> {
        let told = self.handoff.step(&step.id.value).is_some_and(|state| state.standing().next().is_some());
        if told && self.undisputed(&step.id.value).is_empty() {
            return Some((Problem::Disputed, step.owner, None));
        }
        let present = self.present(step);
        if present.is_empty() {
            return Some((Problem::NotHappened, step.owner, None));
        }
        if self.counts(step) {
            return None;
        }
        match self.completion(step, &present) {
            Err(wrong) => Some((Problem::NotInForm { form: wrong.title }, step.owner, wrong.rule)),
            Ok(_) => {
                let receiver = if self.handoff.csm().is_some() { Role::Csm } else { Role::CsLeader };
                Some((Problem::NotConfirmed, receiver, None))
            }
        }
    }

    fn plan(&self, gaps: &mut Vec<Gap>) {
        let problem = match &self.handoff.plan {
            None => Problem::PlanNotOpened,
            Some(plan) if plan.confirmed.is_none() => Problem::PlanNotConfirmed,
            Some(_) => return,
        };
        gaps.push(self.gap(Covers::Plan, "Mutual success plan", problem, Role::Csm));
    }

    fn rating(&self, id: &Key, gaps: &mut Vec<Gap>) {
        if !self.handoff.ratings.contains_key(id) {
            let title = self.playbook.rating(id).map_or("Rating", |rating| rating.title.as_str());
            gaps.push(self.gap(Covers::Rating { rating: id.clone() }, title, Problem::NotRated, Role::Csm));
        }
    }

    /// Waivers used at an earlier gate that ran out unpaid shut this one (R2.8). What they cover that can no
    /// longer happen can only be closed as lost.
    pub(super) fn debts(&self, gate: Gate, gaps: &mut Vec<Gap>) {
        for waiver in self.handoff.waivers.values() {
            let ended = matches!(&waiver.state, WaiverState::Granted { expires_at: Some(end), .. } if *end <= self.now);
            let owed = waiver.used_at.is_some() && waiver.paid_at.is_none();
            let about = Covers::Debt { waiver: waiver.id };
            if waiver.gate >= gate || !ended || !owed || self.closed_as_lost(&about) {
                continue;
            }
            let unpaid = self.unpaid(waiver);
            let titles: Vec<_> = unpaid.iter().map(|gap| gap.title.as_str()).collect();
            let owed_by = unpaid.first().map_or(Role::Ae, |gap| gap.owed_by);
            let lost = !unpaid.is_empty() && unpaid.iter().all(|gap| gap.lost);
            let gap = self.gap(
                about,
                &format!("Waived before: {}", titles.join(", ")),
                Problem::DebtExpired,
                owed_by,
            );
            gaps.push(Gap { person: Some(waiver.debtor), waivable: true, lost, ..gap });
        }
    }

    /// What a waiver covers that is still missing; nothing: it is paid.
    pub(crate) fn unpaid(&self, waiver: &Waiver) -> Vec<Gap> {
        waiver.covers.iter().filter_map(|about| self.still_missing(about)).collect()
    }

    fn still_missing(&self, about: &Covers) -> Option<Gap> {
        match about {
            Covers::Ask { ask } => {
                let ask = self.playbook.ask(ask)?;
                self.ask_gap(ask, &self.ask_state(ask))
            }
            Covers::Step { step } => {
                let step = self.playbook.step(step).filter(|step| self.applies(step))?;
                self.step_gap(step)
            }
            Covers::Category { category } => self.category_gap(self.playbook.category(category)?),
            Covers::Debt { waiver } => {
                let waiver = self.handoff.waivers.get(waiver).filter(|waiver| waiver.paid_at.is_none())?;
                let mut unpaid = self.unpaid_of_earlier(waiver);
                (!unpaid.is_empty()).then(|| unpaid.swap_remove(0))
            }
            // No waiver covers these.
            Covers::Commitment { .. }
            | Covers::Correction { .. }
            | Covers::Return
            | Covers::Reopened
            | Covers::Acceptance
            | Covers::Ownership
            | Covers::Plan
            | Covers::Rating { .. }
            | Covers::NoRecord
            | Covers::NotLive => None,
        }
    }

    /// A debt is only ever of a waiver at an earlier gate, so this ends.
    fn unpaid_of_earlier(&self, waiver: &Waiver) -> Vec<Gap> {
        let earlier = |about: &&Covers| match about {
            Covers::Debt { waiver: of } => {
                self.handoff.waivers.get(of).is_some_and(|of| of.gate < waiver.gate)
            }
            _ => true,
        };
        waiver.covers.iter().filter(earlier).filter_map(|about| self.still_missing(about)).collect()
    }

    pub(super) fn waiver_for(&self, gate: Gate, gap: &Gap) -> Option<WaiverId> {
        let covering = |waiver: &&Waiver| {
            let in_force = match &waiver.state {
                WaiverState::Granted { expires_at: Some(end), .. } => *end > self.now,
                // Closed as lost: only while it cannot happen.
                WaiverState::Granted { expires_at: None, .. } => gap.lost,
                WaiverState::Asked | WaiverState::Denied { .. } => false,
            };
            waiver.gate == gate && in_force && waiver.used_at.is_none() && waiver.covers.contains(&gap.about)
        };
        self.handoff.waivers.values().filter(|_| gap.waivable).find(covering).map(|waiver| waiver.id)
    }

    /// A step closed as lost is asked for by no later gate, whether it was closed itself or as a debt.
    fn is_lost(&self, step: &Key) -> bool {
        let about = Covers::Step { step: step.clone() };
        let debts = self.handoff.waivers.values().filter(|waiver| waiver.covers.contains(&about));
        self.closed_as_lost(&about)
            || debts.into_iter().any(|waiver| self.closed_as_lost(&Covers::Debt { waiver: waiver.id }))
    }

    fn closed_as_lost(&self, about: &Covers) -> bool {
        self.handoff.waivers.values().any(|waiver| {
            let lost = matches!(waiver.state, WaiverState::Granted { expires_at: None, .. });
            lost && waiver.used_at.is_some() && waiver.covers.contains(about)
        })
    }

    /// Why a rule asks: it holds, or it could not run; none when it does not hold.
    pub(super) fn why(&self, rule: &Rule) -> Option<Why> {
        let source = || rule.source().to_owned();
        match rule.holds(self.facts()) {
            Ok(true) => Some(Why::Because { rule: source() }),
            Ok(false) => None,
            Err(error) => Some(Why::RuleFailed { rule: source(), error }),
        }
    }

    pub(super) fn gap(&self, about: Covers, title: &str, problem: Problem, owed_by: Role) -> Gap {
        let person = self.handoff.holder(owed_by);
        let instead_of = self.handoff.absent(owed_by);
        let title = title.to_owned();
        let (why, waivable, lost) = (Why::Process, false, false);
        Gap { about, title, problem, why, owed_by, person, instead_of, waivable, lost }
    }
}

/// Reopened asks that nobody has touched since, as far as this playbook still has them.
pub(crate) fn untouched(handoff: &Handoff, playbook: &Playbook) -> BTreeSet<Key> {
    let untouched = handoff.reopened.iter().flat_map(|reopened| &reopened.untouched);
    untouched.filter(|ask| playbook.ask(ask).is_some()).cloned().collect()
}

/// Categories that review something that was reopened.
pub(crate) fn reopened_categories<'p>(
    handoff: &Handoff,
    playbook: &'p Playbook,
) -> impl Iterator<Item = &'p Category> {
    let asks = handoff.reopened.iter().flat_map(|reopened| &reopened.asks);
    let ids: BTreeSet<&Key> = asks.filter_map(|ask| playbook.ask(ask)?.category.as_ref()).collect();
    let all = playbook.scorecard.categories.iter().filter(|one| one.when == MarkedWhen::Review);
    all.filter(|one| ids.contains(&one.id.value)).collect::<Vec<_>>().into_iter()
}

/// Whether a mark keeps the record from passing.
pub(crate) fn blocks(category: &Category, marked: &Marked) -> bool {
    effect(category, marked.mark) == MarkEffect::Returns
}

/// What a mark does in a category (R6.7).
pub(crate) fn effect(category: &Category, mark: Mark) -> MarkEffect {
    match mark {
        Mark::Clear => MarkEffect::Note,
        Mark::Partial => category.partial,
        Mark::Unclear => category.unclear,
    }
}
