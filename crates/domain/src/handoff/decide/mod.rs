//! Deciding: a command either becomes facts, was already so, or is refused with a reason.
//!
//! One file per part of the process. What follows from facts (completeness, the one move of ownership, paid
//! waivers) is worked out here, once, whatever command led to them.

mod gates;
mod news;
mod plan;
mod promise;
mod record;
mod review;
mod steps;

use std::collections::BTreeSet;

use jiff::Timestamp;
use uuid::Uuid;

use super::{command::*, evolve::evolve, fact::*, refusal::Refusal, state::*};
use crate::{
    calendar::Calendar,
    gate::{self, Gap, Judgement, Mode, Verdict},
    ids::*,
    people::{Actor, Role},
    personal::Personal,
    playbook::{Gate, MarkedWhen, Playbook, StepKind, TransferOn},
};

/// What a decision rests on besides the state.
pub struct Context<'a> {
    /// The handoff's own version of the playbook; none when it is out of scope.
    pub playbook: Option<&'a Playbook>,
    /// The organisation's calendar.
    pub calendar: &'a Calendar,
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
pub fn decide(handoff: Option<&Handoff>, context: &Context<'_>, command: Command) -> Result<Outcome, Refusal> {
    let verb = command.verb();
    let desk = match (handoff, command) {
        (None, Command::Open(open)) => return Ok(complete(None, context, news::open(context, open))),
        (Some(_), Command::Open(_)) => return Ok(Outcome::AlreadySo),
        (None, _) => return Err(Refusal::Unknown { what: "handoff", name: String::new() }),
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
        Command::TakeOver(body) => desk.take_over(body),
        Command::OpenPlan(_) => desk.open_plan(),
        Command::SetMilestone(body) => desk.set_milestone(body),
        Command::RemoveMilestone(body) => desk.remove_milestone(body),
        Command::CommitPrerequisite(body) => desk.commit_prerequisite(body),
        Command::ConfirmKickoff(_) => desk.confirm_kickoff(),
        Command::ConfirmPlan(body) => desk.confirm_plan(body),
        Command::Rate(body) => desk.rate(body),
        Command::Finish(_) => desk.finish(),
    }?;
    Ok(match outcome {
        Outcome::Happened(facts) => complete(handoff, context, facts),
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
        self.context.playbook.ok_or_else(|| self.out_of_turn("the deal was routed to no process; re-route it first"))
    }

    fn out_of_turn(&self, because: &'static str) -> Refusal {
        let stage = if self.handoff.life.is_live() { self.handoff.stage.name() } else { self.handoff.life.name() };
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

    fn judge(&self, gate: Gate) -> Result<Judgement, Refusal> {
        let playbook = self.playbook()?;
        Ok(gate::judge(self.handoff, playbook, self.context.calendar, self.context.now, gate))
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
        let repeat = self.handoff.gates.get(&gate).and_then(|history| history.last_refusal.as_ref()).is_some_and(
            |refused| {
                refused.by == self.context.actor
                    && refused.gaps == about
                    && self.context.now.duration_since(refused.at) <= jiff::SignedDuration::from_mins(10)
            },
        );
        let fact = if repeat { Fact::GateRefusedAgain { gate } } else { Fact::GateRefused { gate, gaps: about } };
        Outcome::Shut { facts: vec![fact], gate, gaps }
    }

    /// Things in the world have happened by now.
    fn not_in_future(&self, field: &'static str, at: Timestamp) -> Result<(), Refusal> {
        let slack = jiff::SignedDuration::from_mins(5);
        if at.duration_since(self.context.now) > slack {
            return Err(Refusal::Invalid { field, reason: "lies in the future; report it once it has happened".into() });
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

/// Adds what follows from facts, until nothing more does.
fn complete(handoff: Option<&Handoff>, context: &Context<'_>, mut facts: Vec<Fact>) -> Outcome {
    if facts.is_empty() {
        return Outcome::AlreadySo;
    }
    let recorded = |fact: &Fact| Recorded { seq: 0, at: context.now, by: context.actor, fact: fact.clone() };
    let mut state = facts.iter().fold(handoff.cloned(), |state, fact| evolve(state, &recorded(fact)));
    // Each round can only finish what the one before made possible; the chain is three long.
    for _ in 0..4 {
        let (Some(now), Some(playbook)) = (&state, context.playbook) else { break };
        let Some(next) = consequence(now, playbook, context) else { break };
        state = evolve(state, &recorded(&next));
        facts.push(next);
    }
    Outcome::Happened(facts)
}

fn consequence(handoff: &Handoff, playbook: &Playbook, context: &Context<'_>) -> Option<Fact> {
    if !handoff.life.takes_reports() {
        return None;
    }
    let complete = gate::record_gaps(handoff, playbook, context.calendar, context.now).is_empty();
    match (complete, handoff.complete_since) {
        (true, None) => return Some(Fact::RecordCompleted),
        (false, Some(_)) => return Some(Fact::RecordIncomplete),
        _ => {}
    }
    if let Some(moved) = due_move(handoff, playbook, context.now) {
        return Some(moved);
    }
    if reopening_is_over(handoff, playbook) {
        return Some(Fact::ReopeningClosed);
    }
    paid_waiver(handoff, playbook, context)
}

/// Ownership moves at the playbook's moment, or at a later one that came first (R0.4).
fn due_move(handoff: &Handoff, playbook: &Playbook, now: Timestamp) -> Option<Fact> {
    let Stage::Assigned { to, .. } = handoff.stage else { return None };
    let counts = |kind| {
        let state = playbook.step_of(kind).and_then(|step| handoff.step(&step.id.value));
        state.is_some_and(|state| state.standing().any(|report| report.counts_since.is_some()))
    };
    let introduced = counts(StepKind::WarmIntro);
    let kicked_off = counts(StepKind::Kickoff);
    let (moved_by, bypassed) = match playbook.transfer_on {
        TransferOn::Acceptance => (Move::Acceptance, false),
        TransferOn::WarmIntro if introduced => (Move::WarmIntro, false),
        TransferOn::WarmIntro if kicked_off => (Move::Kickoff, true),
        TransferOn::Kickoff if kicked_off => (Move::Kickoff, false),
        TransferOn::WarmIntro | TransferOn::Kickoff => return None,
    };
    Some(Fact::OwnershipMoved { to, at: now, moved_by, bypassed, reason: None })
}

fn reopening_is_over(handoff: &Handoff, playbook: &Playbook) -> bool {
    let Some(reopened) = &handoff.reopened else { return false };
    let reviewed = |ask: &Key| {
        let category = playbook.ask(ask).and_then(|ask| ask.category.as_ref());
        let category = category.and_then(|id| playbook.category(id)).filter(|one| one.when == MarkedWhen::Review);
        category.is_none_or(|one| handoff.marks.get(&one.id.value).is_some_and(|marked| !marked.stale))
    };
    reopened.untouched.is_empty() && handoff.complete_since.is_some() && reopened.asks.iter().all(reviewed)
}

/// A used waiver is paid once its gate would no longer name what it covered.
fn paid_waiver(handoff: &Handoff, playbook: &Playbook, context: &Context<'_>) -> Option<Fact> {
    let owed = handoff.waivers.values().filter(|waiver| {
        let debt = matches!(waiver.state, WaiverState::Granted { expires_at: Some(_), .. });
        debt && waiver.used_at.is_some() && waiver.paid_at.is_none()
    });
    for waiver in owed {
        let mut bare = handoff.clone();
        bare.gates.remove(&waiver.gate);
        bare.waivers.clear();
        let judged = gate::judge(&bare, playbook, context.calendar, context.now, waiver.gate);
        if !judged.gaps.iter().any(|gap| waiver.covers.contains(&gap.about)) {
            return Some(Fact::WaiverPaid { waiver: waiver.id });
        }
    }
    None
}

/// A sentence of the product's own where a person's would stand.
fn own_words(text: &'static str) -> Personal {
    Personal::parse(text).unwrap_or(Personal::ERASED)
}
