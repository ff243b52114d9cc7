//! Reports of what happened in the world: always recorded, confirmed by the receiving side, correctable (R0.1,
//! R0.10, R0.11). And the one other way ownership can move: a take-over.

use super::*;
use crate::playbook::{Step, StepKind};

/// Most reports one step keeps.
const MOST_REPORTS: usize = 100;

impl Desk<'_> {
    pub(super) fn report_step(&self, body: ReportStep) -> Decided {
        self.told()?;
        let found = self.step_named(&body.step)?;
        self.is_a_report_of(found, &body)?;
        let reports = self.reports(&body.step);
        let ReportStep { step, happened_at, ended_at, booked_for, form, known_by, outcomes, note } = body;
        let form = form.or_else(|| found.forms.first().map(|only| only.form.value.clone()));
        let mut report = Report {
            number: self.next_number(&step)?,
            happened_at,
            ended_at,
            booked_for,
            form,
            known_by,
            by: self.context.actor,
            at: self.context.now,
            outcomes,
            note,
            counts_since: None,
            disputed: None,
            corrected: None,
        };
        if self.counts_at_once(found, &report) {
            report.counts_since = Some(self.context.now);
        }
        if reports.iter().any(|held| repeats(held, &report)) {
            return Ok(Outcome::AlreadySo);
        }
        let mut facts = self.presupposed(found, &report);
        if found.kind == StepKind::Kickoff && self.handoff.life.is_live() {
            // Judged without the kickoff itself, which would make every step before it look missed.
            let before = self.after(&facts);
            facts.extend(Desk { handoff: &before, ..*self }.past(Gate::Kickoff, "the kickoff was held"));
        }
        facts.push(Fact::StepReported { step, report });
        happened(facts)
    }

    /// What is wrong with a report as such; whether it was right to do the thing is not asked (R0.1).
    fn is_a_report_of(&self, found: &Step, body: &ReportStep) -> Result<(), Refusal> {
        if !found.kind.is_reported() {
            return Err(invalid("step", "this one is read from other facts; it is not reported"));
        }
        self.not_in_future("happened_at", body.happened_at)?;
        if let Some(ended) = body.ended_at {
            self.not_in_future("ended_at", ended)?;
            if ended < body.happened_at {
                return Err(invalid("ended_at", "lies before its beginning"));
            }
        }
        match &body.form {
            Some(form)
                if !found.forms.is_empty() && found.forms.iter().all(|known| known.form.value != *form) =>
            {
                return Err(unknown("form", form));
            }
            None if found.forms.len() > 1 => return Err(invalid("form", "say in which form it happened")),
            _ => {}
        }
        if let Some(odd) =
            body.outcomes.iter().find(|one| !found.outcomes.iter().any(|known| known.id == **one))
        {
            return Err(unknown("outcome", odd));
        }
        match (found.kind == StepKind::KickoffBooked, body.booked_for) {
            (true, None) => Err(invalid("booked_for", "say for when the kickoff is booked")),
            (false, Some(_)) => Err(invalid("booked_for", "only a booking has this")),
            _ => Ok(()),
        }
    }

    /// Whether a report needs nobody's confirmation: none is asked for, the receiving side makes it, or an act is
    /// known already that presupposes it (R0.10).
    fn counts_at_once(&self, step: &Step, report: &Report) -> bool {
        let presupposes = |later: &&Step| {
            later.confirms.iter().any(|id| id.value == step.id.value)
                && self.reports(&later.id.value).iter().any(|act| {
                    let stands =
                        act.corrected.is_none() && act.disputed.is_none() && act.counts_since.is_some();
                    let vouched = act.known_by != KnownBy::Attested || !sold(self.handoff, act.by);
                    stands && vouched && act.happened_at >= report.happened_at
                })
        };
        let steps = self.context.playbook.map_or(&[][..], |playbook| &playbook.steps);
        !step.confirmed_by_receiver || self.receives() || steps.iter().any(|later| presupposes(&later))
    }

    /// An act that presupposes a step confirms it (R0.10): not where sales alone says that the act happened, and
    /// not what somebody disputes.
    fn presupposed(&self, step: &Step, act: &Report) -> Vec<Fact> {
        let sells = sold(self.handoff, act.by) || self.context.roles.iter().any(|role| role.sells());
        if act.known_by == KnownBy::Attested && sells && !self.receives() {
            return Vec::new();
        }
        let mut facts = Vec::new();
        for id in &step.confirms {
            let waiting = self.reports(&id.value).iter().filter(|report| {
                let open =
                    report.corrected.is_none() && report.disputed.is_none() && report.counts_since.is_none();
                open && report.happened_at <= act.happened_at
            });
            facts.extend(
                waiting.map(|report| Fact::StepConfirmed { step: id.value.clone(), number: report.number }),
            );
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
        if report.by.is_one_with(self.context.actor) {
            return Err(Refusal::NotYours("correct your own report instead"));
        }
        if report.disputed.as_ref() == Some(&reason) {
            return Ok(Outcome::AlreadySo);
        }
        happened(vec![Fact::StepDisputed { step, number, reason }])
    }

    /// A report is put right: another time, another booking, or that it did not happen. What the receiving side
    /// confirmed, only it can move without being asked again.
    pub(super) fn correct_step(&self, body: CorrectStep) -> Decided {
        let CorrectStep { step, number, reason, happened_at, booked_for } = body;
        let held = self.report(&step, number)?;
        let found = self.step_named(&step)?;
        if booked_for.is_some() && found.kind != StepKind::KickoffBooked {
            return Err(invalid("booked_for", "only a booking has this"));
        }
        let mut facts = vec![Fact::StepCorrected { step: step.clone(), number, reason: reason.clone() }];
        let stands = happened_at.is_some() || booked_for.is_some();
        if stands {
            let happened_at = happened_at.unwrap_or(held.happened_at);
            self.not_in_future("happened_at", happened_at)?;
            let moved = happened_at.duration_since(held.happened_at);
            let mut report = Report {
                number: self.next_number(&step)?,
                happened_at,
                ended_at: held.ended_at.and_then(|ended| ended.checked_add(moved).ok()),
                booked_for: booked_for.or(held.booked_for),
                by: self.context.actor,
                at: self.context.now,
                disputed: None,
                corrected: None,
                counts_since: None,
                ..held.clone()
            };
            if self.counts_at_once(found, &report) {
                report.counts_since = held.counts_since.or(Some(self.context.now));
            }
            facts.push(Fact::StepReported { step: step.clone(), report });
        }
        let others = |report: &&Report| report.number != number && report.corrected.is_none();
        let none_left = !stands && self.reports(&step).iter().find(others).is_none();
        if found.kind == StepKind::Kickoff && none_left && self.handoff.bypassed(Gate::Kickoff).is_some() {
            facts.push(Fact::BypassLifted { gate: Gate::Kickoff, reason });
        }
        happened(facts)
    }

    pub(super) fn take_over(&self, body: TakeOver) -> Decided {
        let TakeOver { by, reason } = body;
        self.live()?;
        if self.handoff.stage.is_owned() {
            return Err(self.out_of_turn("customer success owns it already; re-assign it instead"));
        }
        let gate = Gate::CsmAssignment;
        let mut facts = Vec::new();
        if self.handoff.passed(gate).is_none() && self.handoff.bypassed(gate).is_none() {
            let judgement = self.judge(gate)?;
            match judgement.verdict {
                Verdict::NotRequired => {}
                Verdict::Pass | Verdict::Waived => facts.push(passed(&judgement)),
                Verdict::Refused => facts.push(Fact::Bypassed {
                    gate,
                    found: "customer success took the account over".to_owned(),
                    would_have_been_refused: !self.context.mode.enforces(gate),
                }),
            }
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

    /// Names who follows the CSM (R0.7); they accept like any other.
    pub(super) fn reassign(&self, body: Reassign) -> Decided {
        let Reassign { to, reason } = body;
        self.running()?;
        if self.handoff.stage.assigned_at().is_none() {
            return Err(self.out_of_turn("no CSM has accepted yet; offer it to whom you want"));
        }
        if self.handoff.csm() == Some(to) {
            return Err(invalid("to", "is the CSM already"));
        }
        if self.handoff.successor.as_ref().is_some_and(|named| named.to == to && named.reason == reason) {
            return Ok(Outcome::AlreadySo);
        }
        happened(vec![Fact::SuccessorNamed { to, reason }])
    }

    /// The named successor accepts. Whom the customer was introduced to before is not them.
    pub(super) fn succeed(&self, from: PersonId, to: PersonId) -> Decided {
        let intro = self.playbook()?.step_of(StepKind::WarmIntro);
        let introduced = intro.is_some_and(|step| {
            self.reports(&step.id.value)
                .iter()
                .any(|report| report.corrected.is_none() && report.disputed.is_none())
        });
        let introduce_again = introduced || self.handoff.stage.is_owned();
        happened(vec![Fact::CsmChanged { from, to, introduce_again }])
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

    fn reports(&self, step: &Key) -> &[Report] {
        self.handoff.step(step).map_or(&[], |state| state.reports.as_slice())
    }

    fn next_number(&self, step: &Key) -> Result<u32, Refusal> {
        let count = self.reports(step).len();
        match u32::try_from(count) {
            Ok(number) if count < MOST_REPORTS => Ok(number),
            _ => Err(invalid(
                "step",
                format!("has {MOST_REPORTS} reports already, more than anybody can follow"),
            )),
        }
    }

    fn report(&self, step: &Key, number: u32) -> Result<&Report, Refusal> {
        self.told()?;
        self.step_named(step)?;
        let report = self.reports(step).iter().find(|report| report.number == number);
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
