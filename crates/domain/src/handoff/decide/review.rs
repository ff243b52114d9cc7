//! Nomination, offer, review, acceptance and return; questions between CSM and AE (R0.3, R2.10, R6.7).

use super::*;
use crate::{
    gate::judge::effect,
    playbook::{MarkEffect, MarkedWhen, StepKind},
};

/// Most questions one handoff keeps.
const MOST_QUESTIONS: usize = 500;

impl Desk<'_> {
    pub(super) fn nominate(&self, body: Nominate) -> Decided {
        self.live()?;
        self.playbook()?;
        if self.handoff.stage != Stage::Preparing {
            return Err(self.out_of_turn("it has been offered; take the offer back first"));
        }
        if self.handoff.nominated.as_ref().is_some_and(|nominated| nominated.csm == body.csm) {
            return Ok(Outcome::AlreadySo);
        }
        happened(vec![Fact::Nominated { csm: body.csm }])
    }

    pub(super) fn offer(&self, body: Offer) -> Decided {
        self.live()?;
        match &self.handoff.stage {
            Stage::Preparing => {}
            Stage::Offered { to, .. } if *to == body.to => return Ok(Outcome::AlreadySo),
            _ => return Err(self.out_of_turn("it has been offered; take the offer back first")),
        }
        let mut then = Vec::new();
        if self.handoff.nominated.as_ref().is_none_or(|nominated| nominated.csm != body.to) {
            then.push(Fact::Nominated { csm: body.to });
        }
        then.push(Fact::Offered { to: body.to });
        // A passed gate stays passed, but a record that came back or was reopened is not offered half-mended.
        if let Some(passed) = self.handoff.passed(Gate::Handoff) {
            let waived = passed.waivers.iter().filter_map(|waiver| self.handoff.waivers.get(waiver));
            let waived: BTreeSet<&Covers> = waived.flat_map(|waiver| &waiver.covers).collect();
            let mut gaps =
                gate::record_gaps(self.handoff, self.playbook()?, self.context.calendars, self.context.now);
            gaps.retain(|gap| !waived.contains(&gap.about));
            if !gaps.is_empty() {
                return Ok(self.shut(Gate::Handoff, gaps));
            }
        }
        self.through(Gate::Handoff, then)
    }

    pub(super) fn withdraw_offer(&self, body: WithdrawOffer) -> Decided {
        self.live()?;
        if !matches!(self.handoff.stage, Stage::Offered { .. }) {
            return Err(self.out_of_turn("there is no open offer"));
        }
        happened(vec![Fact::OfferWithdrawn { reason: body.reason }])
    }

    pub(super) fn accept(&self) -> Decided {
        self.running()?;
        if let (Some(next), Some(csm)) = (&self.handoff.successor, self.handoff.csm())
            && self.context.actor.acts_as() == Some(next.to)
        {
            return self.succeed(csm, next.to);
        }
        match self.handoff.stage {
            Stage::Offered { to, .. } => {
                self.live()?;
                if self.context.actor.acts_as() != Some(to) {
                    return Err(Refusal::NotYours("the record was offered to somebody else"));
                }
                self.through(Gate::CsmAssignment, vec![Fact::Accepted { by: to }])
            }
            Stage::Assigned { to: csm, .. } | Stage::Owned { by: csm, .. }
                if self.context.actor.acts_as() == Some(csm) =>
            {
                Ok(Outcome::AlreadySo)
            }
            _ => Err(self.out_of_turn("it must be offered to you first")),
        }
    }

    pub(super) fn send_back(&self, body: SendBack) -> Decided {
        let SendBack { code, reason } = body;
        self.live()?;
        let Stage::Offered { to, .. } = self.handoff.stage else {
            return Err(self.out_of_turn("only an offered record can be sent back"));
        };
        if self.context.actor.acts_as() != Some(to) && !self.context.roles.contains(&Role::CsLeader) {
            return Err(Refusal::NotYours("the record was offered to somebody else"));
        }
        if !self.playbook()?.offer.refusal_codes.iter().any(|known| known.id == code) {
            return Err(unknown("refusal code", code));
        }
        happened(vec![Fact::Returned { code, reason }])
    }

    pub(super) fn answer_return(&self, body: AnswerReturn) -> Decided {
        self.live()?;
        if self.handoff.open_return().is_none() {
            return Err(self.out_of_turn("nothing came back that waits for an answer"));
        }
        happened(vec![Fact::ReturnAnswered { text: body.text }])
    }

    pub(super) fn mark(&self, body: MarkCategory) -> Decided {
        let MarkCategory { category, mark, note } = body;
        self.running()?;
        let playbook = self.playbook()?;
        let found = playbook.category(&category).ok_or_else(|| unknown("category", &category))?;
        self.by_a_person("a record is reviewed by a person, never by a program")?;
        if !self.receives() {
            return Err(Refusal::NotYours("the receiving team marks the scorecard, never sales"));
        }
        if mark != Mark::Clear && note.is_none() {
            return Err(invalid("note", "say what is missing, so that it can be mended"));
        }
        if found.when == MarkedWhen::AfterIntro && !self.introduced(playbook) {
            return Err(self.out_of_turn("this is marked after the warm introduction"));
        }
        if self
            .handoff
            .marks
            .get(&category)
            .is_some_and(|held| held.mark == mark && held.note == note && !held.stale)
        {
            return Ok(Outcome::AlreadySo);
        }
        let mut facts = vec![Fact::Marked { category, mark, note: note.clone() }];
        let returns = effect(found, mark) == MarkEffect::Returns && found.when == MarkedWhen::Review;
        if returns && self.handoff.life.is_live() && matches!(self.handoff.stage, Stage::Offered { .. }) {
            let code = "unclear".parse().map_err(|_| invalid("category", "has no code"))?;
            facts.push(Fact::Returned { code, reason: note.unwrap_or_else(|| own_words("marked unclear")) });
        }
        happened(facts)
    }

    fn introduced(&self, playbook: &Playbook) -> bool {
        let step = playbook.step_of(StepKind::WarmIntro);
        self.handoff.stage.is_owned()
            || step
                .and_then(|step| self.handoff.step(&step.id.value))
                .is_some_and(|state| state.happened().is_some())
    }

    pub(super) fn ask(&self, body: AskQuestion) -> Decided {
        self.running()?;
        if self.handoff.questions.len() >= MOST_QUESTIONS {
            return Err(invalid(
                "text",
                format!("is one question too many: {MOST_QUESTIONS} were asked here"),
            ));
        }
        happened(vec![Fact::Asked { question: QuestionId((self.context.fresh)()), text: body.text }])
    }

    pub(super) fn answer_question(&self, body: AnswerQuestion) -> Decided {
        let AnswerQuestion { question, text } = body;
        self.running()?;
        let asked = self.handoff.questions.get(&question).ok_or_else(|| unknown("question", question))?;
        if asked.answer.as_ref().is_some_and(|answer| answer.text == text) {
            return Ok(Outcome::AlreadySo);
        }
        happened(vec![Fact::QuestionAnswered { question, text }])
    }
}
