//! A handoff as seen with its playbook at an instant: what judging and reading clocks have in common.
//!
//! Absent on purpose: verdicts and readings; [`crate::gate`] and [`crate::clock`] make them.

use std::cell::OnceCell;

use jiff::Timestamp;

use crate::{
    calendar::{Calendar, Calendars},
    facts::deal_facts,
    gate::AskState,
    handoff::{Handoff, Report},
    ids::Key,
    playbook::{Ask, FormRule, Playbook, Rule, Step, StepKind, rule::Facts},
};

/// Everything a judgement or a reading rests on.
pub(crate) struct View<'a> {
    pub handoff: &'a Handoff,
    pub playbook: &'a Playbook,
    pub calendars: &'a Calendars,
    pub now: Timestamp,
    facts: OnceCell<Facts>,
    asks: OnceCell<Vec<(&'a Ask, AskState)>>,
}

/// What keeps a step's reports from being enough: it must happen in this form.
pub(crate) struct WrongForm<'a> {
    /// The form's title, or those that are allowed.
    pub title: String,
    /// The rule that wants it, where one does.
    pub rule: Option<&'a Rule>,
}

impl<'a> View<'a> {
    pub fn new(
        handoff: &'a Handoff,
        playbook: &'a Playbook,
        calendars: &'a Calendars,
        now: Timestamp,
    ) -> Self {
        Self { handoff, playbook, calendars, now, facts: OnceCell::new(), asks: OnceCell::new() }
    }

    /// What rules run over; worked out once, when the first rule asks.
    pub fn facts(&self) -> &Facts {
        self.facts.get_or_init(|| deal_facts(self.handoff, self.calendars.house(), self.now))
    }

    /// The calendar a step is counted by: that of whoever owes it here, else the organisation's (R0.12).
    pub fn calendar_of(&self, step: &Step) -> &'a Calendar {
        self.calendars.of(self.handoff.holder(step.owner))
    }

    /// How every ask of the playbook stands; worked out once, when somebody first looks.
    pub fn asks(&self) -> &[(&'a Ask, AskState)] {
        self.asks.get_or_init(|| self.playbook.asks().map(|ask| (ask, self.ask_state(ask))).collect())
    }

    /// The same, for keeps.
    pub fn into_asks(self) -> Vec<(&'a Ask, AskState)> {
        self.asks();
        self.asks.into_inner().unwrap_or_default()
    }

    /// Whether a step belongs to this deal's process. A rule that cannot run keeps the step, to be safe.
    pub fn applies(&self, step: &Step) -> bool {
        step.when.as_ref().is_none_or(|rule| rule.value.holds(self.facts()).unwrap_or(true))
    }

    /// The step of a kind, with its reports that stand and nobody disputes.
    pub fn told(&self, kind: StepKind) -> Option<(&'a Step, Vec<&'a Report>)> {
        let step = self.playbook.step_of(kind)?;
        Some((step, self.undisputed(&step.id.value)))
    }

    /// Reports of a step that stand and nobody disputes.
    pub fn undisputed(&self, step: &Key) -> Vec<&'a Report> {
        self.handoff.step(step).map_or_else(Vec::new, |state| state.undisputed().collect())
    }

    /// Of those, the ones that can count now: after a change of CSM the customer is introduced again (R0.7).
    pub fn present(&self, step: &Step) -> Vec<&'a Report> {
        let mut reports = self.undisputed(&step.id.value);
        if let (StepKind::WarmIntro, Some(owed)) = (step.kind, &self.handoff.reintroduction) {
            reports.retain(|report| report.happened_at >= owed.since);
        }
        reports
    }

    /// Whether a step counts: it happened, in the form wanted, and the receiving side confirmed it where it must.
    pub fn counts(&self, step: &Step) -> bool {
        let counting: Vec<_> =
            self.present(step).into_iter().filter(|report| report.counts_since.is_some()).collect();
        matches!(self.completion(step, &counting), Ok(Some(_)))
    }

    /// The report that made a step complete: the first one, or the last of those whose forms are wanted here.
    pub fn completion<'s, 'r>(
        &self,
        step: &'s Step,
        reports: &[&'r Report],
    ) -> Result<Option<&'r Report>, WrongForm<'s>> {
        let first = |form: &FormRule| {
            let in_form = |report: &&&Report| report.form.as_ref() == Some(&form.form.value);
            reports.iter().filter(in_form).copied().min_by_key(|report| report.happened_at)
        };
        if reports.is_empty() || step.forms.is_empty() {
            return Ok(reports.iter().copied().min_by_key(|report| report.happened_at));
        }
        let mut last: Option<&'r Report> = None;
        for form in &step.forms {
            let Some(rule) = &form.required_when else { continue };
            // A rule that cannot run asks for the form, to be safe.
            if !rule.value.holds(self.facts()).unwrap_or(true) {
                continue;
            }
            match first(form) {
                None => return Err(WrongForm { title: form.title.clone(), rule: Some(&rule.value) }),
                Some(report) if last.is_none_or(|last| last.ends_at() < report.ends_at()) => {
                    last = Some(report)
                }
                Some(_) => {}
            }
        }
        if last.is_some() {
            return Ok(last);
        }
        let allowed = self.allowed(step);
        let found = allowed.iter().filter_map(|form| first(form)).min_by_key(|report| report.happened_at);
        found.map(Some).ok_or_else(|| {
            let titles: Vec<_> = allowed.iter().map(|form| form.title.as_str()).collect();
            WrongForm { title: titles.join(" / "), rule: None }
        })
    }

    /// The forms this deal may use: never none, a playbook leaves one of a step's forms to every deal (R2.12).
    fn allowed<'s>(&self, step: &'s Step) -> Vec<&'s FormRule> {
        let holds = |form: &&FormRule| {
            form.when.as_ref().is_none_or(|rule| rule.value.holds(self.facts()).unwrap_or(false))
        };
        step.forms.iter().filter(holds).collect()
    }
}
