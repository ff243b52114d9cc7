//! Moments clocks are tied to: when each was, or is expected to be, as now known.

use jiff::{SignedDuration, Timestamp, civil::Date};

use crate::{
    calendar::{Calendar, CalendarError, Calendars, Direction, Span, Unit},
    handoff::{Handoff, Stage},
    playbook::{Moment, Playbook, StepKind},
    view::View,
};

/// A moment as it is known: to the instant, or only the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Anchor {
    /// To the instant.
    At(Timestamp),
    /// The day, wherever whoever counts from it works.
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

    /// The instant from which it is over.
    pub fn end(self, calendar: &Calendar) -> Result<Timestamp, CalendarError> {
        match self {
            Anchor::At(at) => Ok(at),
            Anchor::On(date) => calendar.end_of_day(date),
        }
    }

    /// When a window that begins `span` away begins.
    pub(super) fn opens(
        self,
        calendar: &Calendar,
        span: Span,
        direction: Direction,
    ) -> Result<Timestamp, CalendarError> {
        calendar.due(self.start(calendar)?, span, direction)
    }

    /// When a window that ends `span` away ends. From a mere day, days are counted by dates and the last one
    /// counts whole: three business days before a Friday is over when the Tuesday is.
    pub(super) fn closes(
        self,
        calendar: &Calendar,
        span: Span,
        direction: Direction,
    ) -> Result<Timestamp, CalendarError> {
        match (self, span.unit()) {
            (Anchor::At(at), _) => calendar.due(at, span, direction),
            (Anchor::On(date), Unit::Hours | Unit::BusinessHours) => {
                calendar.due(calendar.end_of_day(date)?, span, direction)
            }
            (Anchor::On(date), Unit::Days | Unit::BusinessDays) => {
                let day = calendar.due(calendar.start_of_day(date)?, span, direction)?;
                calendar.end_of_day(calendar.local_date(day))
            }
        }
    }
}

/// When a moment was or is expected to be, as now known.
pub fn moment(
    handoff: &Handoff,
    playbook: &Playbook,
    calendars: &Calendars,
    now: Timestamp,
    moment: Moment,
) -> Option<Anchor> {
    View::new(handoff, playbook, calendars, now).moment(moment)
}

/// When the deal entered its won stage (R0.5): as the source states it; else when the news of it began, unless
/// the CRM's close date names an earlier day on which the deal was not known to be open still.
pub fn closed(handoff: &Handoff, calendar: &Calendar) -> Option<Anchor> {
    if let Some(at) = handoff.deal.stated_close() {
        return Some(Anchor::At(at));
    }
    let (heard, not_before) = handoff.standings.won()?;
    let stated = handoff.deal.close_on.filter(|date| {
        let still_open = not_before.is_some_and(|open| *date < calendar.local_date(open));
        *date < calendar.local_date(heard) && !still_open
    });
    Some(stated.map_or(Anchor::At(heard), Anchor::On))
}

impl View<'_> {
    pub(super) fn moment(&self, moment: Moment) -> Option<Anchor> {
        let handoff = self.handoff;
        let at = |at: Option<Timestamp>| at.map(Anchor::At);
        match moment {
            Moment::Opened => Some(Anchor::At(handoff.opened_at)),
            Moment::Signature => self.signed().or(handoff.deal.close_on.map(Anchor::On)),
            Moment::Closed => closed(handoff, self.calendars.house()),
            Moment::Nominated => at(handoff.nominated.as_ref().map(|nominated| nominated.at)),
            Moment::Offered => at(handoff.offers.last().map(|offer| offer.at)),
            Moment::Returned => at(handoff.returns.last().map(|back| back.at)),
            Moment::RecordComplete => at(handoff.complete_since),
            Moment::Assigned => at(handoff.stage.assigned_at()),
            Moment::Owned => at(match handoff.stage {
                Stage::Owned { since, .. } => Some(since),
                _ => None,
            }),
            Moment::InternalCall => at(self.ended(StepKind::InternalCall)),
            Moment::WarmIntro => at(self.ended(StepKind::WarmIntro)),
            Moment::FirstContact => at(self.happened(StepKind::FirstContact)),
            Moment::Kickoff => at(self.happened(StepKind::Kickoff).or_else(|| self.booked())),
            Moment::KickoffEnd => at(self.ended(StepKind::Kickoff)),
            Moment::PlanConfirmed => at(handoff.plan.as_ref().and_then(|plan| plan.first_confirmed_at)),
            Moment::FirstValue => at(self.happened(StepKind::FirstValue)),
        }
    }

    /// The instant from which a moment lies behind whoever works by a calendar; none while it is only expected. A
    /// signature that did not
    /// come on its day, or a kickoff that was booked and not held, shuts no window (R0.2).
    pub(super) fn behind(&self, moment: Moment, calendar: &Calendar) -> Option<Timestamp> {
        let known = match moment {
            Moment::Signature => self.signed(),
            Moment::Kickoff => self.happened(StepKind::Kickoff).map(Anchor::At),
            other => self.moment(other),
        };
        known?.end(calendar).ok()
    }

    fn signed(&self) -> Option<Anchor> {
        self.handoff.deal.signed_at.map(Anchor::At).or_else(|| closed(self.handoff, self.calendars.house()))
    }

    /// For when the kickoff is booked: the last booking made stands.
    fn booked(&self) -> Option<Timestamp> {
        self.told(StepKind::KickoffBooked)?.1.last()?.booked_for
    }

    fn happened(&self, kind: StepKind) -> Option<Timestamp> {
        let (step, reports) = self.told(kind)?;
        Some(self.completion(step, &reports).ok()??.happened_at)
    }

    fn ended(&self, kind: StepKind) -> Option<Timestamp> {
        let (step, reports) = self.told(kind)?;
        let report = self.completion(step, &reports).ok()??;
        // A meeting takes its time, but it was over when somebody told of it.
        let planned = || {
            let minutes = step.minutes.filter(|_| kind == StepKind::Kickoff)?;
            let end = report.happened_at.checked_add(SignedDuration::from_mins(minutes.into())).ok()?;
            Some(end.min(report.at.max(report.happened_at)))
        };
        Some(report.ended_at.or_else(planned).unwrap_or(report.happened_at))
    }
}
