//! Meetings are planned, moved and called off before they are held (R3.3, R3.4, R3.5).

use super::*;
use crate::{
    handoff::meeting::{booked, is_meeting, is_planned},
    playbook::{Step, StepKind},
};

/// The shortest and the longest meeting, in minutes.
const MINUTES: std::ops::RangeInclusive<u16> = 5..=480;

impl Desk<'_> {
    pub(super) fn plan_meeting(&self, body: PlanMeeting) -> Decided {
        let PlanMeeting { step, starts_at, minutes, place } = body;
        let found = self.meeting_named(&step)?;
        if starts_at <= self.context.now {
            return Err(invalid("starts_at", "lies in the past; report that it was held instead"));
        }
        if let Some(odd) = minutes.filter(|minutes| !MINUTES.contains(minutes)) {
            let (least, most) = (MINUTES.start(), MINUTES.end());
            return Err(invalid("minutes", format!("a meeting takes {least} to {most} minutes, not {odd}")));
        }
        if found.kind == StepKind::Kickoff && booked(self.handoff, self.playbook()?) != Some(starts_at) {
            let why = "the kickoff's date is booked with the customer: report or correct that booking";
            return Err(invalid("starts_at", why));
        }
        let same = self.handoff.meetings.get(&step).is_some_and(|held| {
            let called_off = held.called_off.is_some();
            !called_off && (held.starts_at, held.minutes, &held.place) == (starts_at, minutes, &place)
        });
        if same {
            return Ok(Outcome::AlreadySo);
        }
        happened(vec![Fact::MeetingPlanned { step, starts_at, minutes, place }])
    }

    pub(super) fn call_off_meeting(&self, body: CallOffMeeting) -> Decided {
        let CallOffMeeting { step, reason } = body;
        let found = self.meeting_named(&step)?;
        if !is_planned(found.kind) {
            return Err(invalid("step", "the kickoff is called off by correcting its booking"));
        }
        match self.handoff.meetings.get(&step) {
            None => Err(self.out_of_turn("no time is planned for it")),
            Some(held) if held.called_off.is_some() => Ok(Outcome::AlreadySo),
            Some(held) if held.starts_at <= self.context.now => {
                Err(self.out_of_turn("its time has come; report whether it was held"))
            }
            Some(_) => happened(vec![Fact::MeetingCalledOff { step, reason }]),
        }
    }

    fn meeting_named(&self, id: &Key) -> Result<&Step, Refusal> {
        self.running()?;
        let step = self.playbook()?.step(id).ok_or_else(|| unknown("step", id))?;
        if is_meeting(step.kind) { Ok(step) } else { Err(invalid("step", "is no meeting")) }
    }
}
