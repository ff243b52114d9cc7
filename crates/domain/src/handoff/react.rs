//! What the world should be told of a fact. Intents name people by their part; texts are made later.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{fact::*, state::*};
use crate::{
    clock::{Matter, Whom},
    ids::{PersonId, PortalPersonId},
    people::{Actor, Role},
    playbook::{Gate, Playbook},
    record::{Body, DecisionVerdict, Item},
};

/// One thing to be told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Intent {
    /// To whom.
    pub to: Recipient,
    /// What.
    pub message: Message,
}

/// Who is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "to", rename_all = "snake_case")]
pub enum Recipient {
    /// One person.
    Person {
        /// Who.
        id: PersonId,
    },
    /// Everybody who holds a role in the organisation.
    Role {
        /// Which.
        role: Role,
    },
    /// The manager of a person.
    ManagerOf {
        /// Whose.
        id: PersonId,
    },
    /// Whoever takes part in the handoff's meetings, the customer's people too: by mail and calendar.
    Guests,
    /// Somebody at the customer who comes into the portal: by mail.
    Customer {
        /// Who.
        id: PortalPersonId,
    },
    /// Everybody at the customer who comes into the portal: by mail.
    Customers,
}

/// What is told. The text is made from it and the state when it is sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "message", rename_all = "snake_case")]
pub enum Message {
    /// A record waits for its AE.
    RecordOpened,
    /// You are to follow as AE or CSM: what goes along, before you accept (R0.7).
    HandoverAsked {
        /// In which role.
        role: Role,
    },
    /// Another is AE or CSM: what they take over.
    HandedOver {
        /// In which role.
        role: Role,
        /// After whom.
        from: PersonId,
        /// Who follows.
        to: PersonId,
    },
    /// Who was named to follow declined.
    HandoverDeclined {
        /// In which role.
        role: Role,
        /// Who.
        to: PersonId,
    },
    /// You are to receive this account.
    Nominated,
    /// The record is offered to you, with its brief.
    Offered,
    /// The CSM accepted; here is the draft of the introduction.
    IntroductionDraft,
    /// Your record came back.
    Returned {
        /// How often it has by now.
        times: u32,
    },
    /// A gate refused.
    GateRefused {
        /// Which.
        gate: Gate,
        /// How many things it misses.
        gaps: u32,
    },
    /// A deal was found past a gate.
    Bypassed {
        /// Which.
        gate: Gate,
    },
    /// A promise waits for your decision.
    PromiseRouted,
    /// Your promise was decided.
    PromiseDecided {
        /// How.
        verdict: DecisionVerdict,
    },
    /// The CSM asks you something.
    Question,
    /// Your question is answered.
    QuestionAnswered,
    /// A waiver waits for a decision.
    WaiverAsked {
        /// At which gate.
        gate: Gate,
    },
    /// Your waiver was decided.
    WaiverDecided {
        /// Whether it was granted.
        granted: bool,
    },
    /// A step was reported; please confirm it.
    PleaseConfirm,
    /// You own the account now.
    OwnershipMoved,
    /// The record was opened again.
    Reopened,
    /// Something changed after you took over.
    Amended,
    /// The kickoff goes ahead, with its agenda.
    KickoffConfirmed,
    /// A rating came in.
    Rated,
    /// What you proposed to the plan is answered.
    ProposalAnswered {
        /// Whether it is in the plan.
        accepted: bool,
    },
    /// We said something to the plan, which the customer reads in the portal.
    PlanCommented,
    /// The customer did something themselves, in the portal.
    CustomerActed {
        /// What.
        act: CustomerAct,
    },
    /// It stopped: lost, deleted, undone.
    Stopped,
    /// A deal at an account of yours takes no handoff.
    RoutedToNone,
    /// What calendars hold of the handoff's meetings may be out of date: who takes part is told what changed.
    Meetings,
    /// Something of yours is due (R3.13).
    Reminder {
        /// What.
        about: Matter,
        /// When.
        due_at: Timestamp,
    },
    /// Something of somebody else's is overdue, and it comes to you.
    Escalation {
        /// What.
        about: Matter,
        /// When it was due.
        due_at: Timestamp,
    },
}

/// What a customer does themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CustomerAct {
    /// A criterion is still right.
    Confirmed,
    /// A criterion is not right any more; their new words stand.
    Corrected,
    /// They committed to a prerequisite.
    Committed,
    /// They propose something to the plan.
    Proposed,
    /// They changed who owns a milestone, or whether it was reached.
    Moved,
    /// They said something to the plan.
    Commented,
    /// They signed the plan.
    Signed,
}

impl CustomerAct {
    /// What a fact is, where a customer did it. What only follows from another is told with it.
    fn of(fact: &Fact) -> Option<Self> {
        Some(match fact {
            Fact::CriterionConfirmed { words: None, .. } => CustomerAct::Confirmed,
            Fact::CriterionConfirmed { words: Some(_), .. } => CustomerAct::Corrected,
            Fact::PrerequisiteCommitted { .. } => CustomerAct::Committed,
            Fact::MilestoneProposed { .. } => CustomerAct::Proposed,
            Fact::MilestoneSet { .. } => CustomerAct::Moved,
            Fact::PlanCommented { .. } => CustomerAct::Commented,
            Fact::PlanSigned { .. } => CustomerAct::Signed,
            _ => return None,
        })
    }
}

/// Who owes what a clock runs on: a person, or everybody of a role where nobody in particular does.
pub fn owner_of(handoff: &Handoff, playbook: Option<&Playbook>, matter: &Matter) -> Recipient {
    let somebody = |role: Role| match handoff.holder(role) {
        Some(id) => Recipient::Person { id },
        None => Recipient::Role { role },
    };
    let owner = match matter {
        Matter::Step { step } => {
            playbook.and_then(|playbook| playbook.step(step)).map(|step| somebody(step.owner))
        }
        Matter::Promise { item } => {
            let found = handoff.record.promises().find(|(one, _)| one.id == *item);
            found.and_then(|(_, promise)| promise.life.routed.as_ref()).map(|routed| somebody(routed.to))
        }
        Matter::Waiver { waiver } => {
            handoff.waivers.get(waiver).map(|waiver| Recipient::Person { id: waiver.debtor })
        }
    };
    owner.unwrap_or(Recipient::Person { id: handoff.process_owner })
}

/// What follows a fact, given the state after it.
pub fn react(handoff: &Handoff, playbook: Option<&Playbook>, recorded: &Recorded) -> Vec<Intent> {
    let mut out = Vec::new();
    let mut tell = |to: Recipient, message: Message| out.push(Intent { to, message });
    let person = |id| Recipient::Person { id };
    let seller = handoff.seller();
    let csm = handoff.csm();
    match &recorded.fact {
        Fact::Opened { life: Life::Live, .. } => tell(person(seller), Message::RecordOpened),
        // A renewal or an expansion stays with the CSM who has the account; they are told (R0.8).
        Fact::CsmOfRecord { csm } if handoff.life == Life::OutOfScope => {
            tell(person(*csm), Message::RoutedToNone)
        }
        Fact::Rerouted { life: Life::OutOfScope, .. } => {
            let to = handoff.csm_of_record.map_or(Recipient::Role { role: Role::CsLeader }, person);
            tell(to, Message::RoutedToNone);
        }
        Fact::Nominated { csm } => tell(person(*csm), Message::Nominated),
        Fact::Offered { to } => tell(person(*to), Message::Offered),
        Fact::Accepted { .. } => tell(person(seller), Message::IntroductionDraft),
        Fact::Returned { .. } => {
            let times = u32::try_from(handoff.returns.len()).unwrap_or(u32::MAX);
            tell(person(seller), Message::Returned { times });
            if times >= 2 {
                for role in playbook.map_or(&[][..], |playbook| &playbook.offer.second_return_to) {
                    let to = match role {
                        Role::AeManager => Recipient::ManagerOf { id: seller },
                        role => Recipient::Role { role: *role },
                    };
                    tell(to, Message::Returned { times });
                }
            }
        }
        Fact::GateRefused { gate, gaps } => {
            let gaps = u32::try_from(gaps.len()).unwrap_or(u32::MAX);
            tell(person(seller), Message::GateRefused { gate: *gate, gaps });
        }
        // What a mode does not enforce is only marked (R0.14).
        Fact::Bypassed { gate, would_have_been_refused: false, .. } => {
            tell(person(seller), Message::Bypassed { gate: *gate });
            tell(Recipient::Role { role: Role::RevOps }, Message::Bypassed { gate: *gate });
        }
        Fact::PromiseRouted { to, .. } => tell(Recipient::Role { role: *to }, Message::PromiseRouted),
        Fact::PromiseDecided { verdict, .. } => {
            tell(person(seller), Message::PromiseDecided { verdict: *verdict })
        }
        Fact::Asked { .. } => tell(person(seller), Message::Question),
        Fact::QuestionAnswered { question, .. } => {
            if let Some(asker) = handoff.questions.get(question).and_then(|asked| asked.by.person()) {
                tell(person(asker), Message::QuestionAnswered);
            }
        }
        Fact::WaiverAsked { gate, .. } => {
            let roles = playbook.and_then(|playbook| playbook.gate(*gate)).map(|rule| rule.waived_by.clone());
            for role in roles.unwrap_or_default() {
                tell(Recipient::Role { role }, Message::WaiverAsked { gate: *gate });
            }
        }
        Fact::WaiverGranted { waiver, .. } | Fact::WaiverDenied { waiver, .. } => {
            let asker = handoff.waivers.get(waiver).and_then(|waiver| waiver.asked_by.person());
            let granted = matches!(recorded.fact, Fact::WaiverGranted { .. });
            if let Some(asker) = asker {
                tell(person(asker), Message::WaiverDecided { granted });
            }
        }
        Fact::StepReported { report, .. } if report.counts_since.is_none() => {
            if let Some(csm) = csm {
                tell(person(csm), Message::PleaseConfirm);
            }
        }
        Fact::SuccessorNamed { to, .. } => tell(person(*to), Message::HandoverAsked { role: Role::Csm }),
        Fact::SellerNamed { to, .. } => tell(person(*to), Message::HandoverAsked { role: Role::Ae }),
        Fact::CsmChanged { from, to, .. } => {
            for id in [*to, *from, seller] {
                tell(person(id), Message::HandedOver { role: Role::Csm, from: *from, to: *to });
            }
        }
        Fact::SellerChanged { from, to } => {
            for id in [Some(*to), Some(*from), csm].into_iter().flatten() {
                tell(person(id), Message::HandedOver { role: Role::Ae, from: *from, to: *to });
            }
        }
        Fact::SuccessionDeclined { role, to, .. } => {
            let holder = if *role == Role::Csm { csm } else { Some(seller) };
            let told = holder.unwrap_or(handoff.process_owner);
            tell(person(told), Message::HandoverDeclined { role: *role, to: *to });
            tell(Recipient::ManagerOf { id: told }, Message::HandoverDeclined { role: *role, to: *to });
        }
        Fact::OwnershipMoved { to, .. } => {
            tell(person(*to), Message::OwnershipMoved);
            tell(person(seller), Message::OwnershipMoved);
        }
        Fact::Reopened { .. } => {
            if let Some(csm) = csm {
                tell(person(csm), Message::Reopened);
            }
        }
        Fact::Amended { .. } => {
            if let Some(csm) = csm {
                tell(person(csm), Message::Amended);
            }
        }
        Fact::KickoffConfirmed => {
            for id in [Some(seller), csm].into_iter().flatten() {
                tell(person(id), Message::KickoffConfirmed);
            }
        }
        Fact::Rated { .. } => {
            tell(person(seller), Message::Rated);
            tell(Recipient::ManagerOf { id: seller }, Message::Rated);
        }
        Fact::ProposalAnswered { proposal, accepted, .. } => {
            let held = handoff.plan.as_ref().and_then(|plan| plan.proposals.get(proposal));
            if let Some(Actor::Customer { id }) = held.map(|held| held.by) {
                tell(Recipient::Customer { id }, Message::ProposalAnswered { accepted: *accepted });
            }
        }
        Fact::PlanCommented { .. } => {
            let hear = handoff.plan.as_ref().map(Plan::hear_the_last_comment).unwrap_or_default();
            for to in hear {
                tell(to, Message::PlanCommented);
            }
        }
        Fact::Reminded { matter, due_at, .. } => {
            let to = owner_of(handoff, playbook, matter);
            tell(to, Message::Reminder { about: matter.clone(), due_at: *due_at });
        }
        Fact::Escalated { matter, due_at, whom } => {
            let owner = owner_of(handoff, playbook, matter);
            let to = match whom {
                Whom::Owner => owner,
                Whom::Manager => match owner {
                    Recipient::Person { id } | Recipient::ManagerOf { id } => Recipient::ManagerOf { id },
                    Recipient::Role { .. }
                    | Recipient::Guests
                    | Recipient::Customer { .. }
                    | Recipient::Customers => person(handoff.process_owner),
                },
                Whom::ProcessOwner => person(handoff.process_owner),
                Whom::Role { role } => Recipient::Role { role: *role },
            };
            tell(to, Message::Escalation { about: matter.clone(), due_at: *due_at });
        }
        Fact::Withdrawn { .. } | Fact::Cancelled { .. } => {
            for id in [Some(seller), csm].into_iter().flatten() {
                tell(person(id), Message::Stopped);
            }
        }
        _ => {}
    }
    if let Some(act) = CustomerAct::of(&recorded.fact).filter(|_| recorded.by.is_customer()) {
        out.push(Intent { to: person(handoff.answerable()), message: Message::CustomerActed { act } });
    }
    if moves_meetings(handoff, &recorded.fact) {
        out.push(Intent { to: Recipient::Guests, message: Message::Meetings });
    }
    out.dedup();
    out
}

/// Whether a fact may change when the handoff's meetings are, who takes part, or whether they go ahead at all.
fn moves_meetings(handoff: &Handoff, fact: &Fact) -> bool {
    let stakeholder = |item: &Item| matches!(item.body, Body::Stakeholder(_));
    let may = match fact {
        Fact::MeetingPlanned { .. } | Fact::MeetingCalledOff { .. } | Fact::KickoffConfirmed => true,
        Fact::StepReported { report, .. } => report.booked_for.is_some(),
        Fact::ItemAdded { item } | Fact::ItemChanged { item } => stakeholder(item),
        Fact::StepConfirmed { .. }
        | Fact::StepDisputed { .. }
        | Fact::StepCorrected { .. }
        | Fact::ItemRemoved { .. }
        | Fact::Seated { .. }
        | Fact::Nominated { .. }
        | Fact::Offered { .. }
        | Fact::OfferWithdrawn { .. }
        | Fact::Accepted { .. }
        | Fact::Returned { .. }
        | Fact::CsmChanged { .. }
        | Fact::SellerChanged { .. }
        | Fact::OwnershipMoved { .. }
        | Fact::Withdrawn { .. }
        | Fact::Cancelled { .. }
        | Fact::Resumed => true,
        // Whatever waits to be sent may quote them.
        Fact::TextsErased { .. } => return true,
        _ => false,
    };
    may && (!handoff.meetings.is_empty() || handoff.kickoff_confirmed_at.is_some())
}
