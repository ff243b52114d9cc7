//! The mutual success plan, the kickoff's confirmation, and ratings (R3.7, R3.9, R3.12, R4).

use super::*;
use crate::{
    calendar::Direction,
    clock,
    playbook::{Moment, StepKind},
};

/// Most milestones a plan holds.
pub(super) const MOST_MILESTONES: usize = 300;

impl Desk<'_> {
    pub(super) fn open_plan(&self) -> Decided {
        if self.handoff.plan.is_some() {
            return Ok(Outcome::AlreadySo);
        }
        self.live()?;
        let playbook = self.playbook()?;
        let calendars = self.context.calendars;
        let calendar = calendars.house();
        let kickoff = clock::moment(self.handoff, playbook, calendars, self.context.now, Moment::Kickoff)
            .and_then(|anchor| anchor.start(calendar).ok());
        let due = |span| {
            let at = calendar.due(kickoff?, span, Direction::After).ok()?;
            Some(calendar.local_date(at))
        };
        let milestone = |template: &crate::playbook::MilestoneTemplate| {
            let title = Personal::parse(&template.title).unwrap_or(Personal::ERASED);
            let milestone = Milestone {
                title,
                side: template.side,
                owner: None,
                due_on: due(template.due),
                reached_on: None,
            };
            (MilestoneId((self.context.fresh)()), milestone)
        };
        let milestones = playbook.plan.milestones.iter().map(milestone).collect();
        self.through(Gate::CsAccess, vec![Fact::PlanOpened { milestones }])
    }

    pub(super) fn set_milestone(&self, body: SetMilestone) -> Decided {
        let SetMilestone { id, milestone } = body;
        let plan = self.plan()?;
        let today = self.context.calendars.house().local_date(self.context.now);
        if milestone.reached_on.is_some_and(|on| on > today) {
            return Err(invalid("milestone.reached_on", "lies in the future"));
        }
        let id = match id {
            Some(id) => match plan.milestones.get(&id) {
                None => return Err(unknown("milestone", id)),
                Some(held) if *held == milestone => return Ok(Outcome::AlreadySo),
                Some(_) => id,
            },
            None if plan.milestones.len() >= MOST_MILESTONES => {
                return Err(invalid(
                    "milestone",
                    format!("a plan holds at most {MOST_MILESTONES} milestones"),
                ));
            }
            None => MilestoneId((self.context.fresh)()),
        };
        happened(vec![Fact::MilestoneSet { id, milestone }])
    }

    pub(super) fn remove_milestone(&self, body: RemoveMilestone) -> Decided {
        let RemoveMilestone { id, reason } = body;
        if !self.plan()?.milestones.contains_key(&id) {
            return Err(unknown("milestone", id));
        }
        happened(vec![Fact::MilestoneRemoved { id, reason }])
    }

    pub(super) fn commit_prerequisite(&self, body: CommitPrerequisite) -> Decided {
        let CommitPrerequisite { prerequisite, evidence } = body;
        let plan = self.plan()?;
        if !self.playbook()?.plan.prerequisites.iter().any(|known| known.id == prerequisite) {
            return Err(unknown("prerequisite", prerequisite));
        }
        if !evidence.is_given() {
            return Err(invalid("evidence", "say where the customer committed to it"));
        }
        if plan.prerequisites.get(&prerequisite).is_some_and(|held| held.evidence == evidence) {
            return Ok(Outcome::AlreadySo);
        }
        happened(vec![Fact::PrerequisiteCommitted { prerequisite, evidence }])
    }

    pub(super) fn confirm_kickoff(&self) -> Decided {
        if self.handoff.kickoff_confirmed_at.is_some() {
            return Ok(Outcome::AlreadySo);
        }
        self.live()?;
        let (calendars, now) = (self.context.calendars, self.context.now);
        if clock::moment(self.handoff, self.playbook()?, calendars, now, Moment::Kickoff).is_none() {
            return Err(self.out_of_turn("book a date with the customer first"));
        }
        self.through(Gate::Kickoff, vec![Fact::KickoffConfirmed])
    }

    pub(super) fn confirm_plan(&self, body: ConfirmPlan) -> Decided {
        let ConfirmPlan { form, at, evidence } = body;
        let plan = self.plan()?;
        self.not_in_future("at", at)?;
        if !evidence.is_given() {
            return Err(invalid("evidence", "say where the signature or the mail is found, and whose it is"));
        }
        if plan.milestones.is_empty() {
            return Err(self.out_of_turn("an empty plan cannot be confirmed; add a milestone"));
        }
        if plan
            .confirmed
            .as_ref()
            .is_some_and(|held| held.form == form && held.at == at && held.evidence == evidence)
        {
            return Ok(Outcome::AlreadySo);
        }
        happened(vec![Fact::PlanConfirmed { form, at, evidence }])
    }

    pub(super) fn rate(&self, body: Rate) -> Decided {
        let Rate { rating, score, reason, comment } = body;
        self.running()?;
        let playbook = self.playbook()?;
        let found = playbook.rating(&rating).ok_or_else(|| unknown("rating", &rating))?;
        if !(1..=5).contains(&score) {
            return Err(invalid("score", "is from 1 to 5"));
        }
        match &reason {
            Some(code) if !found.reasons.iter().any(|known| known.id == *code) => {
                return Err(unknown("reason", code));
            }
            None if score <= found.low => return Err(invalid("reason", "a low rating asks for a reason")),
            _ => {}
        }
        if !self.may_rate_now(playbook, &rating) {
            return Err(self.out_of_turn("its moment has not come"));
        }
        if self
            .handoff
            .ratings
            .get(&rating)
            .is_some_and(|held| held.score == score && held.reason == reason && held.comment == comment)
        {
            return Ok(Outcome::AlreadySo);
        }
        happened(vec![Fact::Rated { rating, score, reason, comment }])
    }

    /// A rating opens with the window of its step; where that waits for something that was waived, at once.
    fn may_rate_now(&self, playbook: &Playbook, rating: &Key) -> bool {
        let step = playbook.steps.iter().find(|step| step.rating.as_ref() == Some(rating));
        let Some((step, due)) = step.and_then(|step| Some((step, step.due.as_ref()?))) else { return true };
        let (calendars, now) = (self.context.calendars, self.context.now);
        match clock::window(self.handoff, playbook, calendars, now, step) {
            Some(window) => window.opens_at.is_none_or(|opens| opens <= now),
            None => self.is_waived(playbook, due.value.anchor),
        }
    }

    /// Whether the step that would make a moment was waived, so that nobody waits for it.
    fn is_waived(&self, playbook: &Playbook, moment: Moment) -> bool {
        let kind = match moment {
            Moment::InternalCall => StepKind::InternalCall,
            Moment::WarmIntro => StepKind::WarmIntro,
            Moment::FirstContact => StepKind::FirstContact,
            Moment::Kickoff | Moment::KickoffEnd => StepKind::Kickoff,
            Moment::FirstValue => StepKind::FirstValue,
            _ => return false,
        };
        let Some(step) = playbook.step_of(kind) else { return false };
        let about = Covers::Step { step: step.id.value.clone() };
        self.handoff.waivers.values().any(|waiver| {
            matches!(waiver.state, WaiverState::Granted { .. }) && waiver.covers.contains(&about)
        })
    }

    pub(super) fn plan(&self) -> Result<&Plan, Refusal> {
        self.running()?;
        self.handoff.plan.as_ref().ok_or_else(|| self.out_of_turn("the plan is not open yet"))
    }
}
