//! What is so now. Each stage carries exactly the facts that exist in it.

mod gates;
mod life;
mod meetings;
mod notices;
mod plan;
mod review;
mod signs;
mod steps;

pub use gates::*;
pub use life::*;
pub use meetings::*;
pub use notices::*;
pub use plan::*;
pub use review::*;
pub use signs::*;
pub use steps::*;

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    deal::{Deal, Standings},
    ids::*,
    people::Role,
    playbook::Gate,
    record::Record,
};

/// One deal's handoff.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Handoff {
    /// Which.
    pub id: HandoffId,
    /// The customer.
    pub account: AccountId,
    /// The newest reading of the deal.
    pub deal: Deal,
    /// Its standings in the order of the source's times.
    pub standings: Standings,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// The way it takes and why (R0.8).
    pub route: RouteTaken,
    /// Whether it lives.
    pub life: Life,
    /// How far it is.
    pub stage: Stage,
    /// Who holds which job on it.
    pub seats: BTreeMap<Role, Seat>,
    /// Who answers where nobody is mapped yet: the playbook's process owner.
    pub process_owner: PersonId,
    /// The customer's CSM when the deal came, for routes that go to them (R0.8).
    pub csm_of_record: Option<PersonId>,
    /// The nominated CSM (R0.3).
    pub nominated: Option<Nominated>,
    /// Who is to follow the CSM, until they accept (R0.7).
    pub successor: Option<Successor>,
    /// Who is to follow the AE, until they accept (R0.7).
    #[serde(default)]
    pub next_seller: Option<Successor>,
    /// The customer is to be introduced again after a change of CSM (R0.7).
    pub reintroduction: Option<Reintroduction>,
    /// What is known.
    pub record: Record,
    /// When the record became complete, while it is.
    pub complete_since: Option<Timestamp>,
    /// When it first became complete.
    pub first_complete_at: Option<Timestamp>,
    /// Every stretch in which it was complete, oldest first; the last may run on.
    pub completions: Vec<Completed>,
    /// Marks by category.
    pub marks: BTreeMap<Key, Marked>,
    /// Every offer made, oldest first.
    pub offers: Vec<OfferMade>,
    /// Every time the record came back.
    pub returns: Vec<Return>,
    /// Asks reopened after the offer, still to be reviewed again.
    pub reopened: Option<Reopened>,
    /// Changes after ownership moved, for the CSM to acknowledge (R0.11).
    pub amendments: Vec<Amendment>,
    /// Questions to the AE.
    pub questions: BTreeMap<QuestionId, Question>,
    /// What happened, by step.
    pub steps: BTreeMap<Key, StepState>,
    /// Gate histories.
    pub gates: BTreeMap<Gate, GateHistory>,
    /// Waivers.
    pub waivers: BTreeMap<WaiverId, Waiver>,
    /// The mutual success plan, once opened.
    pub plan: Option<Plan>,
    /// When the kickoff was confirmed to go ahead.
    pub kickoff_confirmed_at: Option<Timestamp>,
    /// Ratings given.
    pub ratings: BTreeMap<Key, Rated>,
    /// Who was answerable, since when; the last is now (R0.4).
    pub tenures: Vec<Tenure>,
    /// Who was told of which open clock (R3.13).
    #[serde(default)]
    pub notices: Vec<Notice>,
    /// Meetings that are planned, or were called off, by step (R3.3, R3.4, R3.5).
    #[serde(default)]
    pub meetings: BTreeMap<Key, MeetingState>,
    /// Early signs, oldest first, also those taken back (R6.8).
    #[serde(default)]
    pub signs: Vec<SignSeen>,
}

impl Handoff {
    /// Who is answerable to the customer now. There is always exactly one (R0.4).
    pub fn answerable(&self) -> PersonId {
        self.tenures.last().map_or(self.process_owner, |tenure| tenure.person)
    }

    /// Who was answerable at an instant, from the opening on.
    pub fn answerable_at(&self, at: Timestamp) -> Option<PersonId> {
        self.tenures.iter().rev().find(|tenure| tenure.since <= at).map(|tenure| tenure.person)
    }

    /// Who holds a job, or stands for whoever does (unmapped people answer through the process owner).
    pub fn holder(&self, role: Role) -> Option<PersonId> {
        match role {
            Role::Csm => self.csm(),
            _ => {
                self.seats.get(&role).map(|seat| if seat.unmapped { self.process_owner } else { seat.person })
            }
        }
    }

    /// Who holds a job and cannot act, so that the process owner answers for them.
    pub fn absent(&self, role: Role) -> Option<PersonId> {
        self.seats.get(&role).filter(|seat| seat.unmapped && role != Role::Csm).map(|seat| seat.person)
    }

    /// The bypass of a gate its mode enforced; what would only have been refused is none (R2.11).
    pub fn bypassed(&self, gate: Gate) -> Option<&Bypassed> {
        let bypassed = self.gates.get(&gate)?.bypassed.as_ref();
        bypassed.filter(|bypassed| !bypassed.would_have_been_refused)
    }

    /// The CSM: of the stage, else nominated.
    pub fn csm(&self) -> Option<PersonId> {
        self.stage.csm().or(self.nominated.as_ref().map(|nominated| nominated.csm))
    }

    /// The AE as mapped, whether or not they can sign in.
    pub fn seller(&self) -> PersonId {
        self.holder(Role::Ae).unwrap_or(self.process_owner)
    }

    /// What is known of a step.
    pub fn step(&self, id: &Key) -> Option<&StepState> {
        self.steps.get(id)
    }

    /// The return nobody answered yet.
    pub fn open_return(&self) -> Option<&Return> {
        self.returns.last().filter(|back| back.answered.is_none())
    }

    /// Whether a gate was passed.
    pub fn passed(&self, gate: Gate) -> Option<&Passed> {
        self.gates.get(&gate).and_then(|history| history.passed.as_ref())
    }
}
