//! Deciding: a command either becomes facts, was already so, or is refused with a reason.
//!
//! One file per part of the process. What follows from facts (completeness, the one move of ownership, paid
//! waivers) is worked out here, once, whatever command led to them.

mod consequences;
mod customer;
mod gates;
mod handover;
mod meetings;
mod news;
mod plan;
mod promise;
mod record;
mod review;
mod signs;
mod steps;
mod strike;

use std::collections::BTreeSet;

use jiff::Timestamp;
use uuid::Uuid;

pub use strike::strike;

use super::{command::*, evolve::evolve, fact::*, refusal::Refusal, state::*};
use crate::{
    access,
    calendar::Calendars,
    gate::{self, Gap, Judgement, Mode, Verdict},
    ids::*,
    people::{Actor, Role},
    personal::Personal,
    playbook::{Gate, Playbook},
    view::View,
};

/// What a decision rests on besides the state.
pub struct Context<'a> {
    /// The handoff's own version of the playbook; for `open` and `reroute` the one the route leads to. None when
    /// it is out of scope.
    pub playbook: Option<&'a Playbook>,
    /// Whose days and hours count.
    pub calendars: &'a Calendars,
    /// How far the organisation enforces.
    pub mode: Mode,
    /// Who acts.
    pub actor: Actor,
    /// Their roles.
    pub roles: &'a BTreeSet<Role>,
    /// The present.
    pub now: Timestamp,
    /// Gives a new id.
    pub fresh: &'a dyn Fn() -> Uuid,
}

/// What a command led to.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// These facts, at least one.
    Happened(Vec<Fact>),
    /// Nothing new: the answer to a repeat.
    AlreadySo,
    /// A gate refused; the attempt itself may be a fact.
    Shut {
        /// The facts of the refusal.
        facts: Vec<Fact>,
        /// Which gate.
        gate: Gate,
        /// Every gap.
        gaps: Vec<Gap>,
    },
}

/// Decides a command.
pub fn decide(
    handoff: Option<&Handoff>,
    context: &Context<'_>,
    command: Command,
) -> Result<Outcome, Refusal> {
    let verb = command.verb();
    customer::speaks_for_itself(context, &command)?;
    let desk = match (handoff, command) {
        (None, Command::Open(open)) => {
            return Ok(consequences::complete(None, context, news::open(context, open)));
        }
        (Some(_), Command::Open(_)) => return Ok(Outcome::AlreadySo),
        (None, other) => return Err(Refusal::Unknown { what: "handoff to", name: other.verb().to_owned() }),
        (Some(handoff), command) => (Desk { handoff, context, verb }, command),
    };
    let (desk, command) = desk;
    let outcome = match command {
        Command::Open(_) => Ok(Outcome::AlreadySo),
        Command::TakeNews(news) => desk.take_news(news),
        Command::Reroute(body) => desk.reroute(body),
        Command::SetSeat(body) => desk.set_seat(body),
        Command::GiveAnswer(body) => desk.answer(body),
        Command::Clear(body) => desk.clear(body),
        Command::DeclareNone(body) => desk.declare_none(body),
        Command::AddItem(body) => desk.add_item(body),
        Command::ChangeItem(body) => desk.change_item(body),
        Command::RemoveItem(body) => desk.remove_item(body),
        Command::Reopen(body) => desk.reopen(body),
        Command::AcknowledgeAmendments(_) => desk.acknowledge_amendments(),
        Command::DecidePromise(body) => desk.decide_promise(body),
        Command::CorrectPromise(body) => desk.correct_promise(body),
        Command::SettlePromise(body) => desk.settle_promise(body),
        Command::ConfirmCriterion(body) => desk.confirm_criterion(body),
        Command::Nominate(body) => desk.nominate(body),
        Command::Offer(body) => desk.offer(body),
        Command::WithdrawOffer(body) => desk.withdraw_offer(body),
        Command::Accept(_) => desk.accept(),
        Command::SendBack(body) => desk.send_back(body),
        Command::AnswerReturn(body) => desk.answer_return(body),
        Command::MarkCategory(body) => desk.mark(body),
        Command::AskQuestion(body) => desk.ask(body),
        Command::AnswerQuestion(body) => desk.answer_question(body),
        Command::AttemptGate(body) => desk.attempt(body.gate),
        Command::AskWaiver(body) => desk.ask_waiver(body),
        Command::GrantWaiver(body) => desk.grant_waiver(body),
        Command::DenyWaiver(body) => desk.deny_waiver(body),
        Command::ReportStep(body) => desk.report_step(body),
        Command::ConfirmStep(body) => desk.confirm_step(body),
        Command::DisputeStep(body) => desk.dispute_step(body),
        Command::CorrectStep(body) => desk.correct_step(body),
        Command::PlanMeeting(body) => desk.plan_meeting(body),
        Command::CallOffMeeting(body) => desk.call_off_meeting(body),
        Command::TakeOver(body) => desk.take_over(body),
        Command::Reassign(body) => desk.reassign(body),
        Command::HandOver(body) => desk.hand_over(body),
        Command::TakeOn(_) => desk.take_on(),
        Command::Decline(body) => desk.decline(body),
        Command::OpenPlan(_) => desk.open_plan(),
        Command::SetMilestone(body) => desk.set_milestone(body),
        Command::RemoveMilestone(body) => desk.remove_milestone(body),
        Command::CommitPrerequisite(body) => desk.commit_prerequisite(body),
        Command::ConfirmKickoff(_) => desk.confirm_kickoff(),
        Command::ConfirmPlan(body) => desk.confirm_plan(body),
        Command::ProposeMilestone(body) => desk.propose_milestone(body),
        Command::AnswerProposal(body) => desk.answer_proposal(body),
        Command::OwnMilestone(body) => desk.own_milestone(body),
        Command::CompleteMilestone(body) => desk.complete_milestone(body),
        Command::CommentPlan(body) => desk.comment_plan(body),
        Command::SignPlan(body) => desk.sign_plan(body),
        Command::Rate(body) => desk.rate(body),
        Command::NoteSign(body) => desk.note_sign(body),
        Command::TakeBackSign(body) => desk.take_back_sign(body),
        Command::Finish(_) => desk.finish(),
    }?;
    Ok(match outcome {
        Outcome::Happened(facts) => consequences::complete(handoff, context, facts),
        other => other,
    })
}

/// A handoff with everything a decision needs at hand.
struct Desk<'a> {
    handoff: &'a Handoff,
    context: &'a Context<'a>,
    verb: &'static str,
}

type Decided = Result<Outcome, Refusal>;

fn happened(facts: Vec<Fact>) -> Decided {
    Ok(if facts.is_empty() { Outcome::AlreadySo } else { Outcome::Happened(facts) })
}

impl<'a> Desk<'a> {
    fn playbook(&self) -> Result<&'a Playbook, Refusal> {
        self.context
            .playbook
            .ok_or_else(|| self.out_of_turn("the deal was routed to no process; re-route it first"))
    }

    fn out_of_turn(&self, because: &'static str) -> Refusal {
        let stage =
            if self.handoff.life.is_live() { self.handoff.stage.name() } else { self.handoff.life.name() };
        Refusal::OutOfTurn { command: self.verb, stage, because }
    }

    /// Moving the process needs a living handoff.
    fn live(&self) -> Result<(), Refusal> {
        if self.handoff.life.is_live() { Ok(()) } else { Err(self.out_of_turn("it no longer runs")) }
    }

    /// Working on the record or in aftercare needs one that lives or is done.
    fn running(&self) -> Result<(), Refusal> {
        if self.handoff.life.takes_reports() { Ok(()) } else { Err(self.out_of_turn("it no longer runs")) }
    }

    /// The state as it would be after some facts: what a decision on top of them looks at.
    fn after(&self, facts: &[Fact]) -> Handoff {
        fold(Some(self.handoff.clone()), self.context, facts).unwrap_or_else(|| self.handoff.clone())
    }

    fn judge(&self, gate: Gate) -> Result<Judgement, Refusal> {
        let playbook = self.playbook()?;
        Ok(gate::judge(self.handoff, playbook, self.context.calendars, self.context.now, gate))
    }

    /// Asks a gate; when it lets through, the pass is a fact and `then` follows.
    fn through(&self, gate: Gate, then: Vec<Fact>) -> Decided {
        let judgement = self.judge(gate)?;
        match judgement.verdict {
            Verdict::NotRequired => happened(then),
            Verdict::Pass | Verdict::Waived => {
                let mut facts = Vec::new();
                if self.handoff.passed(gate).is_none() {
                    facts.push(passed(&judgement));
                }
                facts.extend(then);
                happened(facts)
            }
            Verdict::Refused => Ok(self.shut(gate, judgement.gaps)),
        }
    }

    /// A refusal as facts: the same again within ten minutes by the same actor only counts (architecture).
    fn shut(&self, gate: Gate, gaps: Vec<Gap>) -> Outcome {
        let about: Vec<Covers> = gaps.iter().map(|gap| gap.about.clone()).collect();
        let last = self.handoff.gates.get(&gate).and_then(|history| history.last_refusal.as_ref());
        let repeat = last.is_some_and(|refused| {
            let soon = self.context.now.duration_since(refused.at) <= jiff::SignedDuration::from_mins(10);
            refused.by == self.context.actor && refused.gaps == about && soon
        });
        let fact =
            if repeat { Fact::GateRefusedAgain { gate } } else { Fact::GateRefused { gate, gaps: about } };
        Outcome::Shut { facts: vec![fact], gate, gaps }
    }

    /// Approving, reviewing and waiving are done by people, never by a program.
    fn by_a_person(&self, whose: &'static str) -> Result<PersonId, Refusal> {
        self.context.actor.person().ok_or(Refusal::NotYours(whose))
    }

    /// The receiving side speaks: somebody of customer success who did not sell this deal (R0.10, R6.7).
    fn receives(&self) -> bool {
        self.context.roles.iter().any(|role| role.receives()) && !sold(self.handoff, self.context.actor)
    }

    /// Who sells is for others to choose than those who receive.
    fn gives_seat(&self, seat: Role) -> Result<(), Refusal> {
        if access::gives_seat(self.context.roles, seat) {
            return Ok(());
        }
        Err(Refusal::NotYours("sales or RevOps choose who sells"))
    }

    /// Things in the world have happened by now.
    fn not_in_future(&self, field: &'static str, at: Timestamp) -> Result<(), Refusal> {
        let slack = jiff::SignedDuration::from_mins(5);
        if at.duration_since(self.context.now) > slack {
            return Err(Refusal::Invalid {
                field,
                reason: "lies in the future; report it once it has happened".into(),
            });
        }
        Ok(())
    }
}

fn passed(judgement: &Judgement) -> Fact {
    let waivers: BTreeSet<WaiverId> = judgement.waived.iter().map(|waived| waived.waiver).collect();
    Fact::GatePassed { gate: judgement.gate, waivers: waivers.into_iter().collect() }
}

fn unknown(what: &'static str, name: impl std::fmt::Display) -> Refusal {
    Refusal::Unknown { what, name: name.to_string() }
}

fn invalid(field: &'static str, reason: impl Into<String>) -> Refusal {
    Refusal::Invalid { field, reason: reason.into() }
}

/// Whether somebody has a selling part in the handoff, whatever other role they hold.
fn sold(handoff: &Handoff, actor: Actor) -> bool {
    let people = [actor.person(), actor.in_stead_of()];
    let is_one = |person: &PersonId| people.contains(&Some(*person));
    let selling = handoff.seats.iter().filter(|(role, _)| role.sells());
    selling.into_iter().any(|(_, seat)| is_one(&seat.person) || seat.contributors.iter().any(is_one))
}

/// Folds facts that are about to be recorded.
fn fold(handoff: Option<Handoff>, context: &Context<'_>, facts: &[Fact]) -> Option<Handoff> {
    let recorded = |fact: &Fact| Recorded { seq: 0, at: context.now, by: context.actor, fact: fact.clone() };
    facts.iter().fold(handoff, |state, fact| evolve(state, &recorded(fact)))
}

/// A sentence of the product's own where a person's would stand.
fn own_words(text: &'static str) -> Personal {
    Personal::parse(text).unwrap_or(Personal::ERASED)
}
