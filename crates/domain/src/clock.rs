//! Clocks: how the sequence runs against its windows (R0.2), and who is being waited for.
//!
//! Nothing ticks. A reading is worked out from the state and the playbook's rule when somebody asks, so a late
//! CRM message puts every reading right at once. Absent on purpose: the present time; it is passed in.

use jiff::{Timestamp, civil::Date};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    calendar::{Calendar, CalendarError, Direction},
    gate::deal_facts,
    handoff::Handoff,
    ids::{Key, PersonId},
    people::Role,
    playbook::{Due, Moment, Playbook, Step, StepKind},
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

/// A moment as it is known: to the instant, or only the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Anchor {
    /// To the instant.
    At(Timestamp),
    /// The day, in the calendar's zone.
    On(Date),
}

impl Anchor {
    /// Its first instant.
    pub fn start(self, calendar: &Calendar) -> Result<Timestamp, CalendarError> {
        match self {
            Anchor::At(at) => Ok(at),
            Anchor::On(date) => calendar.start_of_day(date),
        }
    }
    /// Its last instant.
    pub fn end(self, calendar: &Calendar) -> Result<Timestamp, CalendarError> {
        match self {
            Anchor::At(at) => Ok(at),
            Anchor::On(date) => calendar.end_of_day(date),
        }
    }
}

/// When a moment was or will be, as now known.
pub fn moment(handoff: &Handoff, playbook: &Playbook, calendar: &Calendar, moment: Moment) -> Option<Anchor> {
    let at = |at: Option<Timestamp>| at.map(Anchor::At);
    match moment {
        Moment::Opened => Some(Anchor::At(handoff.opened_at)),
        Moment::Signature => at(handoff.deal.signed_at)
            .or_else(|| closed(handoff, calendar))
            .or(handoff.deal.close_on.map(Anchor::On)),
        Moment::Closed => closed(handoff, calendar),
        Moment::Nominated => at(handoff.nominated.as_ref().map(|nominated| nominated.at)),
        Moment::Offered => at(handoff.offers.last().map(|offer| offer.at)),
        Moment::Returned => at(handoff.returns.last().map(|back| back.at)),
        Moment::RecordComplete => at(handoff.complete_since),
        Moment::Assigned => at(handoff.stage.assigned_at()),
        Moment::Owned => at(match handoff.stage {
            crate::handoff::Stage::Owned { since, .. } => Some(since),
            _ => None,
        }),
        Moment::InternalCall => at(ended(handoff, playbook, StepKind::InternalCall)),
        Moment::WarmIntro => at(ended(handoff, playbook, StepKind::WarmIntro)),
        Moment::FirstContact => at(happened(handoff, playbook, StepKind::FirstContact)),
        Moment::Kickoff => {
            let booked = || {
                let step = playbook.step_of(StepKind::KickoffBooked)?;
                handoff.step(&step.id.value)?.latest()?.booked_for
            };
            at(happened(handoff, playbook, StepKind::Kickoff).or_else(booked))
        }
        Moment::KickoffEnd => at(ended(handoff, playbook, StepKind::Kickoff)),
        Moment::PlanConfirmed => at(handoff.plan.as_ref().and_then(|plan| plan.first_confirmed_at)),
        Moment::FirstValue => at(happened(handoff, playbook, StepKind::FirstValue)),
    }
}

/// When the deal entered its won stage (R0.5): as the source states it; else when the news of it began, unless
/// the CRM's close date names an earlier day.
pub fn closed(handoff: &Handoff, calendar: &Calendar) -> Option<Anchor> {
    if let Some(at) = handoff.deal.stated_close() {
        return Some(Anchor::At(at));
    }
    let heard = handoff.standings.won_since()?;
    match handoff.deal.close_on {
        Some(date) if date < calendar.local_date(heard) => Some(Anchor::On(date)),
        _ => Some(Anchor::At(heard)),
    }
}

fn happened(handoff: &Handoff, playbook: &Playbook, kind: StepKind) -> Option<Timestamp> {
    let step = playbook.step_of(kind)?;
    Some(handoff.step(&step.id.value)?.happened()?.happened_at)
}

fn ended(handoff: &Handoff, playbook: &Playbook, kind: StepKind) -> Option<Timestamp> {
    let step = playbook.step_of(kind)?;
    let report = handoff.step(&step.id.value)?.happened()?;
    let planned = || {
        let minutes = if kind == StepKind::Kickoff { step.minutes? } else { return None };
        report.happened_at.checked_add(jiff::SignedDuration::from_mins(minutes.into())).ok()
    };
    Some(report.ended_at.or_else(planned).unwrap_or(report.happened_at))
}

/// Reads every clock of the playbook. A handoff that no longer lives has none (R0.6).
pub fn readings(handoff: &Handoff, playbook: &Playbook, calendar: &Calendar, now: Timestamp) -> Vec<StepReading> {
    if !handoff.life.takes_reports() {
        return Vec::new();
    }
    let facts = deal_facts(handoff, calendar, now);
    playbook
        .steps
        .iter()
        .filter(|step| step.when.as_ref().is_none_or(|rule| rule.value.holds(&facts).unwrap_or(true)))
        .map(|step| read(handoff, playbook, calendar, now, step))
        .collect()
}

/// Reads the clock of one step.
pub fn read(handoff: &Handoff, playbook: &Playbook, calendar: &Calendar, now: Timestamp, step: &Step) -> StepReading {
    let done_at = done_at(handoff, playbook, step);
    let window = step.due.as_ref().and_then(|due| window(handoff, playbook, calendar, &due.value));
    let over = step
        .until
        .and_then(|until| moment(handoff, playbook, calendar, until)?.end(calendar).ok())
        .is_some_and(|end| end <= now);
    let reading = match (&window, done_at) {
        (Some(window), done) if step.kind == StepKind::Availability => period(window, done, now),
        (Some(window), Some(done)) => window.done(done),
        (Some(window), None) => {
            if over || window.shuts_at.is_some_and(|shut| shut < now) {
                Reading::Missed
            } else {
                window.open(now)
            }
        }
        (None, Some(_)) => Reading::Met,
        (None, None) if over => Reading::Missed,
        (None, None) => Reading::Waiting,
    };
    StepReading {
        step: step.id.value.clone(),
        title: step.title.clone(),
        kind: step.kind,
        owner: step.owner,
        person: handoff.holder(step.owner),
        reading,
        opens_at: window.as_ref().and_then(|window| window.opens_at),
        due_at: window.as_ref().map(|window| window.due_at),
        done_at,
    }
}

fn period(window: &Window, _done: Option<Timestamp>, now: Timestamp) -> Reading {
    if now < window.due_at { Reading::Running } else { Reading::Met }
}

/// When a step was done, read from whatever fact tells it.
pub fn done_at(handoff: &Handoff, playbook: &Playbook, step: &Step) -> Option<Timestamp> {
    match step.kind {
        StepKind::Nomination => handoff.nominated.as_ref().map(|nominated| nominated.at),
        StepKind::Record => handoff.complete_since.and(handoff.first_complete_at),
        StepKind::Review => reviewed_at(handoff, playbook),
        StepKind::OfferAnswer => handoff.offers.last().and_then(|offer| offer.answered_at),
        StepKind::ReturnAnswer => handoff.returns.last()?.answered.as_ref().map(|answered| answered.at),
        StepKind::PlanConfirmed => handoff.plan.as_ref()?.first_confirmed_at,
        StepKind::Rating => handoff.ratings.get(step.rating.as_ref()?).map(|rated| rated.at),
        StepKind::Availability => None,
        StepKind::EarlyIntro
        | StepKind::InternalCall
        | StepKind::WarmIntro
        | StepKind::FirstContact
        | StepKind::KickoffBooked
        | StepKind::Kickoff
        | StepKind::FirstValue
        | StepKind::Other => handoff.step(&step.id.value)?.happened().map(|report| report.happened_at),
    }
}

fn reviewed_at(handoff: &Handoff, playbook: &Playbook) -> Option<Timestamp> {
    let review = playbook
        .scorecard
        .categories
        .iter()
        .filter(|category| category.when == crate::playbook::MarkedWhen::Review);
    let mut latest = None;
    for category in review {
        let marked = handoff.marks.get(&category.id.value).filter(|marked| !marked.stale)?;
        latest = latest.max(Some(marked.at));
    }
    latest
}

/// A window with its ends worked out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// When it begins; before it, done is early.
    pub opens_at: Option<Timestamp>,
    /// When it ends; after it, done is late.
    pub due_at: Timestamp,
    /// After this instant done is missed; only windows before an anchor have one.
    pub shuts_at: Option<Timestamp>,
}

impl Window {
    fn done(&self, at: Timestamp) -> Reading {
        if self.opens_at.is_some_and(|opens| at < opens) {
            Reading::Early
        } else if at <= self.due_at {
            Reading::Met
        } else if self.shuts_at.is_some_and(|shut| at > shut) {
            Reading::Missed
        } else {
            Reading::Late
        }
    }
    fn open(&self, now: Timestamp) -> Reading {
        if self.opens_at.is_some_and(|opens| now < opens) {
            Reading::Waiting
        } else if now <= self.due_at {
            Reading::Running
        } else {
            Reading::Overdue
        }
    }
}

/// The window of a due rule; none while its anchor is not known or the arithmetic leaves the calendar.
pub fn window(handoff: &Handoff, playbook: &Playbook, calendar: &Calendar, due: &Due) -> Option<Window> {
    let anchor = moment(handoff, playbook, calendar, due.anchor)?;
    let (start, end) = (anchor.start(calendar).ok()?, anchor.end(calendar).ok()?);
    let rolled = |at: Timestamp| if due.roll { calendar.next_opening(at).unwrap_or(at) } else { at };
    if let Some(within) = due.within {
        let due_at = calendar.due(end, within, Direction::After).ok()?;
        let opens_at = match due.opens {
            Some(opens) => calendar.due(start, opens, Direction::After).ok()?,
            None => start,
        };
        return Some(Window { opens_at: Some(opens_at), due_at: rolled(due_at), shuts_at: None });
    }
    let opens_at = due.from.and_then(|from| calendar.due(start, from, Direction::Before).ok());
    let due_at = match due.to {
        Some(to) => calendar.due(end, to, Direction::Before).ok()?,
        None => end,
    };
    Some(Window { opens_at, due_at, shuts_at: Some(end) })
}
