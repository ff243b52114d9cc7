//! Clocks: how the sequence runs against its windows (R0.2), and who is being waited for.
//!
//! Nothing ticks. A reading is worked out from the state and the playbook's rule when somebody asks, so a late
//! CRM message puts every reading right at once. Absent on purpose: the present time; it is passed in.

mod call;
mod decisions;
mod moment;
mod window;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use call::{Call, Matter, Tells, Whom, calls};
pub use decisions::{PromiseReading, WaiverReading, promise_readings, waiver_ends, waiver_readings};
pub use moment::{Anchor, closed, moment};
pub use window::{Window, window};

use crate::{
    calendar::{Calendar, Calendars},
    handoff::Handoff,
    ids::{Key, PersonId},
    people::Role,
    playbook::{MarkedWhen, Moment, Playbook, Step, StepKind},
    view::View,
};

/// How a step stands against its window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Reading {
    /// Open; its window has not begun or its anchor is not known.
    Waiting,
    /// Open, in its window.
    Running,
    /// Open, past its window, and can still be done.
    Overdue,
    /// Done before the window: never wrong.
    Early,
    /// Done inside.
    Met,
    /// Done after.
    Late,
    /// Not done, and can no longer be.
    Missed,
}

impl Reading {
    /// The name used in data.
    pub fn name(self) -> &'static str {
        match self {
            Reading::Waiting => "waiting",
            Reading::Running => "running",
            Reading::Overdue => "overdue",
            Reading::Early => "early",
            Reading::Met => "met",
            Reading::Late => "late",
            Reading::Missed => "missed",
        }
    }
    /// Whether something can still be done.
    pub fn is_open(self) -> bool {
        matches!(self, Reading::Waiting | Reading::Running | Reading::Overdue)
    }
}

/// The clock of one step, read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct StepReading {
    /// Which step.
    pub step: Key,
    /// How it is shown.
    pub title: String,
    /// What it is to the process.
    pub kind: StepKind,
    /// Whose it is.
    pub owner: Role,
    /// Who that is here.
    pub person: Option<PersonId>,
    /// How it stands.
    pub reading: Reading,
    /// When its window begins.
    pub opens_at: Option<Timestamp>,
    /// When it is due.
    pub due_at: Option<Timestamp>,
    /// When it was done.
    pub done_at: Option<Timestamp>,
}

/// Reads every clock of the playbook. A handoff that no longer lives has none (R0.6).
pub fn readings(
    handoff: &Handoff,
    playbook: &Playbook,
    calendars: &Calendars,
    now: Timestamp,
) -> Vec<StepReading> {
    View::new(handoff, playbook, calendars, now).readings()
}

/// Reads the clock of one step.
pub fn read(
    handoff: &Handoff,
    playbook: &Playbook,
    calendars: &Calendars,
    now: Timestamp,
    step: &Step,
) -> StepReading {
    View::new(handoff, playbook, calendars, now).read(step)
}

impl View<'_> {
    pub(crate) fn readings(&self) -> Vec<StepReading> {
        if !self.handoff.life.takes_reports() {
            return Vec::new();
        }
        self.playbook.steps.iter().filter(|step| self.applies(step)).map(|step| self.read(step)).collect()
    }

    pub(crate) fn read(&self, step: &Step) -> StepReading {
        let done_at = self.done_at(step);
        let calendar = self.calendar_of(step);
        let window = step.due.as_ref().and_then(|due| self.window(&due.value, calendar));
        let over = step.until.and_then(|until| self.behind(until, calendar));
        let too_late = over.is_some_and(|over| over < done_at.unwrap_or(self.now));
        let reading = match (&window, done_at) {
            (Some(window), _) if step.kind == StepKind::Availability => period(window, self.now),
            _ if too_late => Reading::Missed,
            (Some(window), Some(done)) => window.done(done),
            (Some(window), None) => window.open(self.now),
            (None, Some(_)) => Reading::Met,
            (None, None) => Reading::Waiting,
        };
        StepReading {
            step: step.id.value.clone(),
            title: step.title.clone(),
            kind: step.kind,
            owner: step.owner,
            person: self.handoff.holder(step.owner),
            reading,
            opens_at: window.as_ref().and_then(|window| window.opens_at),
            due_at: window.as_ref().map(|window| window.due_at),
            done_at,
        }
    }

    /// When a step was done, read from whatever fact tells it.
    pub(crate) fn done_at(&self, step: &Step) -> Option<Timestamp> {
        let handoff = self.handoff;
        match step.kind {
            StepKind::Nomination => handoff.nominated.as_ref().map(|nominated| nominated.at),
            StepKind::Record => self.ready_at(self.calendar_of(step)),
            StepKind::Review => self.reviewed_at(),
            StepKind::OfferAnswer => handoff.offers.last().and_then(|offer| offer.answered_at),
            StepKind::ReturnAnswer => handoff.returns.last()?.answered.as_ref().map(|answered| answered.at),
            StepKind::PlanConfirmed => handoff.plan.as_ref()?.first_confirmed_at,
            StepKind::Rating => handoff.ratings.get(step.rating.as_ref()?).map(|rated| rated.first_at),
            StepKind::Availability => None,
            StepKind::EarlyIntro
            | StepKind::InternalCall
            | StepKind::WarmIntro
            | StepKind::FirstContact
            | StepKind::KickoffBooked
            | StepKind::Kickoff
            | StepKind::FirstValue
            | StepKind::Other => {
                let reports = self.undisputed(&step.id.value);
                self.completion(step, &reports).ok()?.map(|report| report.happened_at)
            }
        }
    }

    /// When the record was ready. Reopening it for a last change does not undo that, as long as it is complete
    /// again at the signature (R1.12); after a signature that found it open, the next completion counts.
    fn ready_at(&self, calendar: &Calendar) -> Option<Timestamp> {
        let handoff = self.handoff;
        let Some(signed) = self.behind(Moment::Signature, calendar).filter(|signed| *signed <= self.now)
        else {
            return handoff.complete_since.and(handoff.first_complete_at);
        };
        let at_signature = |done: &&crate::handoff::Completed| {
            done.at <= signed && done.until.is_none_or(|until| until > signed)
        };
        if handoff.completions.iter().any(|done| at_signature(&done)) {
            return handoff.first_complete_at;
        }
        handoff.completions.iter().map(|done| done.at).find(|at| *at > signed)
    }

    fn reviewed_at(&self) -> Option<Timestamp> {
        let categories = &self.playbook.scorecard.categories;
        let mut latest = None;
        for category in categories.iter().filter(|category| category.when == MarkedWhen::Review) {
            let marked = self.handoff.marks.get(&category.id.value).filter(|marked| !marked.stale)?;
            latest = latest.max(Some(marked.at));
        }
        latest
    }
}

/// A period is no task: it has not begun, runs, or is over.
fn period(window: &Window, now: Timestamp) -> Reading {
    if window.opens_at.is_some_and(|opens| now < opens) {
        Reading::Waiting
    } else if now < window.due_at {
        Reading::Running
    } else {
        Reading::Met
    }
}
