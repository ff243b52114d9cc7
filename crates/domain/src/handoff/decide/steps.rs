//! Reports of what happened in the world: always recorded, confirmed by the receiving side, correctable (R0.1,
//! R0.10, R0.11). And the one other way ownership can move: a take-over.

use super::*;
use crate::playbook::Step;

/// Most reports one step keeps.
const MOST_REPORTS: usize = 100;

impl Desk<'_> {
    pub(super) fn report_step(&self, body: ReportStep) -> Decided {
        let ReportStep { step, happened_at, ended_at, booked_for, form, known_by, outcomes, note } = body;
        self.told()?;
        let playbook = self.playbook()?;
        let found = self.step_named(&step)?;
        if !found.kind.is_reported() {
            return Err(invalid("step", "this one is read from other facts; it is not reported"));
        }
        self.not_in_future("happened_at", happened_at)?;
        if let Some(ended) = ended_at {
            self.not_in_future("ended_at", ended)?;
            if ended < happened_at {
                return Err(invalid("ended_at", "lies before its beginning"));
            }
        }
        if let Some(form) = &form
            && !found.forms.is_empty()
            && !found.forms.iter().any(|known| known.form.value == *form)
        {
            return Err(unknown("form", form));
        }
        if form.is_none() && found.forms.len() > 1 {
            return Err(invalid("form", "say in which form it happened"));
        }
        if let Some(odd) = outcomes.iter().find(|one| !found.outcomes.iter().any(|known| known.id == **one)) {
            return Err(unknown("outcome", odd));
        }
        match (found.kind == StepKind::KickoffBooked, booked_for) {
            (true, None) => return Err(invalid("booked_for", "say for when the kickoff is booked")),
            (false, Some(_)) => return Err(invalid("booked_for", "only a booking has this")),
            _ => {}
        }
        let reports = self.handoff.step(&step).map_or(&[][..], |state| state.reports.as_slice());
        if reports.len() >= MOST_REPORTS {
            return Err(invalid("step", format!("has {MOST_REPORTS} reports already; correct one instead")));
        }
        let form = form.or_else(|| found.forms.first().map(|only| only.form.value.clone()));
        let counts = !found.confirmed_by_receiver || self.receives();
        let report = Report {
            number: u32::try_from(reports.len()).unwrap_or(u32::MAX),
            happened_at,
            ended_at,
            booked_for,
            form,
            known_by,
            by: self.context.actor,
            at: self.context.now,
            outcomes,
            note,
            counts_since: counts.then_some(self.context.now),
            disputed: None,
            corrected: None,
        };
        if reports.iter().any(|held| repeats(held, &report)) {
            return Ok(Outcome::AlreadySo);
        }
        let mut facts = vec![Fact::StepReported { step, report }];
        facts.extend(self.presupposed(found));
        if found.kind == StepKind::Kickoff && self.handoff.life.is_live() {
            facts = self.kickoff_held(playbook, facts);
        }
        happened(facts)
    }

    /// An act that presupposes a step confirms it (R0.10).
    fn presupposed(&self, step: &Step) -> Vec<Fact> {
        let mut facts = Vec::new();
        for id in &step.confirms {
            let Some(state) = self.handoff.step(&id.value) else { continue };
            let unconfirmed = state.standing().filter(|report| report.counts_since.is_none());
            facts.extend(unconfirmed.map(|report| Fact::StepConfirmed { step: id.value.clone(), number: report.number }));
        }
        facts
    }

    /// A kickoff held past its gate: what the report confirms is taken first, then the gate is judged.
    fn kickoff_held(&self, _playbook: &Playbook, mut facts: Vec<Fact>) -> Vec<Fact> {
        let recorded = |fact: &Fact| Recorded { seq: 0, at: self.context.now, by: self.context.actor, fact: fact.clone() };
        // The kickoff itself is left out of the judgement: it would make every step before it look missed.
        let before = facts
            .iter()
            .filter(|fact| !matches!(fact, Fact::StepReported { .. }))
            .fold(Some(self.handoff.clone()), |state, fact| evolve(state, &recorded(fact)));
        if let Some(before) = before {
            let desk = Desk { handoff: &before, ..*self };
            let past = desk.past(Gate::Kickoff, "the kickoff was held");
            facts.splice(0..0, past.filter(|fact| matches!(fact, Fact::GatePassed { .. })).into_iter().collect::<Vec<_>>());
            if !facts.iter().any(|fact| matches!(fact, Fact::GatePassed { .. })) {
                facts.extend(desk.past(Gate::Kickoff, "the kickoff was held"));
            }
        }
        facts
    }

    pub(super) fn confirm_step(&self, body: ConfirmStep) -> Decided {
        let ConfirmStep { step, number } = body;
        let report = self.report(&step, number)?;
        if report.counts_since.is_some() && report.disputed.is_none() {
            return Ok(Outcome::AlreadySo);
        }
        if !self.receives() {
            return Err(Refusal::NotYours("the receiving side confirms what sales reports"));
        }
        happened(vec![Fact::StepConfirmed { step, number }])
    }

    pub(super) fn dispute_step(&self, body: DisputeStep) -> Decided {
        let DisputeStep { step, number, reason } = body;
        let report = self.report(&step, number)?;
        if report.by == self.context.actor {
            return Err(Refusal::NotYours("correct your own report instead"));
        }
        if report.disputed.as_ref() == Some(&reason) {
            return Ok(Outcome::AlreadySo);
        }
        happened(vec![Fact::StepDisputed { step, number, reason }])
    }

    pub(super) fn correct_step(&self, body: CorrectStep) -> Decided {
        let CorrectStep { step, number, reason, happened_at, booked_for } = body;
        let held = self.report(&step, number)?;
        let mut facts = vec![Fact::StepCorrected { step: step.clone(), number, reason }];
        if let Some(happened_at) = happened_at {
            self.not_in_future("happened_at", happened_at)?;
            let state = self.handoff.step(&step);
            let number = u32::try_from(state.map_or(0, |state| state.reports.len())).unwrap_or(u32::MAX);
            let report = Report {
                number,
                happened_at,
                ended_at: None,
                booked_for: booked_for.or(held.booked_for),
                by: self.context.actor,
                at: self.context.now,
                disputed: None,
                corrected: None,
                ..held.clone()
            };
            facts.push(Fact::StepReported { step, report });
        }
        happened(facts)
    }

    pub(super) fn take_over(&self, body: TakeOver) -> Decided {
        let TakeOver { by, reason } = body;
        self.live()?;
        if self.handoff.stage.is_owned() {
            return Err(self.out_of_turn("customer success owns it already"));
        }
        let mut facts = Vec::new();
        if self.handoff.passed(Gate::CsmAssignment).is_none()
            && self.playbook()?.gate(Gate::CsmAssignment).is_some()
            && self.handoff.gates.get(&Gate::CsmAssignment).is_none_or(|history| history.bypassed.is_none())
        {
            let judgement = self.judge(Gate::CsmAssignment)?;
            facts.push(match judgement.verdict {
                Verdict::Pass | Verdict::Waived => passed(&judgement),
                Verdict::NotRequired | Verdict::Refused => Fact::Bypassed {
                    gate: Gate::CsmAssignment,
                    found: "customer success took the account over".to_owned(),
                    would_have_been_refused: !self.context.mode.enforces(Gate::CsmAssignment),
                },
            });
        }
        facts.push(Fact::OwnershipMoved {
            to: by,
            at: self.context.now,
            moved_by: Move::TakeOver,
            bypassed: true,
            reason: Some(reason),
        });
        happened(facts)
    }

    /// Reports are taken from every handoff that ever ran; there is nothing to report on the others.
    fn told(&self) -> Result<(), Refusal> {
        match self.handoff.life {
            Life::History | Life::OutOfScope => Err(self.out_of_turn("it never ran here")),
            _ => Ok(()),
        }
    }

    fn step_named(&self, id: &Key) -> Result<&Step, Refusal> {
        self.playbook()?.step(id).ok_or_else(|| unknown("step", id))
    }

    fn report(&self, step: &Key, number: u32) -> Result<&Report, Refusal> {
        self.told()?;
        self.step_named(step)?;
        let reports = self.handoff.step(step).map_or(&[][..], |state| state.reports.as_slice());
        let report = reports.iter().find(|report| report.number == number);
        let report = report.ok_or_else(|| unknown("report", format!("{step}/{number}")))?;
        if report.corrected.is_some() {
            return Err(self.out_of_turn("that report was corrected; a newer one stands"));
        }
        Ok(report)
    }
}

/// The same thing said twice.
fn repeats(held: &Report, new: &Report) -> bool {
    held.corrected.is_none()
        && held.happened_at == new.happened_at
        && held.booked_for == new.booked_for
        && held.form == new.form
        && held.by == new.by
}
