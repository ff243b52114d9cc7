//! What is so now. Each stage carries exactly the facts that exist in it.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    deal::{Deal, Standings},
    ids::*,
    people::{Actor, Role},
    personal::Personal,
    playbook::{CsmChoice, Gate, PlaybookRef},
    record::{Evidence, Record, Side},
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
    /// The nominated CSM (R0.3).
    pub nominated: Option<Nominated>,
    /// What is known.
    pub record: Record,
    /// When the record became complete, while it is.
    pub complete_since: Option<Timestamp>,
    /// When it first became complete.
    pub first_complete_at: Option<Timestamp>,
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
}

/// The way a handoff takes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RouteTaken {
    /// The rule that decided; none when a person did.
    pub rule: Option<Key>,
    /// The playbook version; none: out of scope.
    pub playbook: Option<PlaybookRef>,
    /// The variant rules see.
    pub variant: Option<Key>,
    /// Who the account goes to.
    pub csm: CsmChoice,
    /// Why.
    pub because: String,
}

/// Whether a handoff lives.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "life", rename_all = "snake_case")]
pub enum Life {
    /// It runs.
    Live,
    /// It is done (R2.9); aftercare goes on.
    Done {
        /// Since when.
        at: Timestamp,
    },
    /// Lost or deleted before transfer: clocks stopped, out of every rate.
    Withdrawn {
        /// Since when.
        at: Timestamp,
        /// Why.
        reason: String,
    },
    /// Undone after transfer, kept in measurement.
    Cancelled {
        /// Since when.
        at: Timestamp,
        /// Why.
        reason: String,
    },
    /// Closed before the go-live date: for measurement only (R0.9).
    History,
    /// Routed to no process (R0.8).
    OutOfScope,
}

impl Life {
    /// Commands that move the process need a living handoff.
    pub fn is_live(&self) -> bool {
        matches!(self, Life::Live)
    }
    /// Living or in aftercare.
    pub fn takes_reports(&self) -> bool {
        matches!(self, Life::Live | Life::Done { .. })
    }
    /// The name used in data.
    pub fn name(&self) -> &'static str {
        match self {
            Life::Live => "live",
            Life::Done { .. } => "done",
            Life::Withdrawn { .. } => "withdrawn",
            Life::Cancelled { .. } => "cancelled",
            Life::History => "history",
            Life::OutOfScope => "out_of_scope",
        }
    }
}

/// How far a handoff is (R0.3).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "stage", rename_all = "snake_case")]
pub enum Stage {
    /// The record is being filled.
    Preparing,
    /// Offered to a CSM.
    Offered {
        /// Whom.
        to: PersonId,
        /// When.
        at: Timestamp,
    },
    /// Accepted: the implementation SLA clock runs.
    Assigned {
        /// Whom.
        to: PersonId,
        /// When.
        at: Timestamp,
    },
    /// Owned by customer success.
    Owned {
        /// By whom.
        by: PersonId,
        /// When they were assigned.
        assigned_at: Timestamp,
        /// Since when they own.
        since: Timestamp,
    },
}

impl Stage {
    /// The CSM it was offered to, assigned to or is owned by.
    pub fn csm(&self) -> Option<PersonId> {
        match self {
            Stage::Preparing => None,
            Stage::Offered { to, .. } | Stage::Assigned { to, .. } => Some(*to),
            Stage::Owned { by, .. } => Some(*by),
        }
    }
    /// When a CSM was assigned.
    pub fn assigned_at(&self) -> Option<Timestamp> {
        match self {
            Stage::Assigned { at, .. } => Some(*at),
            Stage::Owned { assigned_at, .. } => Some(*assigned_at),
            Stage::Preparing | Stage::Offered { .. } => None,
        }
    }
    /// Whether ownership has moved.
    pub fn is_owned(&self) -> bool {
        matches!(self, Stage::Owned { .. })
    }
    /// The name used in data.
    pub fn name(&self) -> &'static str {
        match self {
            Stage::Preparing => "preparing",
            Stage::Offered { .. } => "offered",
            Stage::Assigned { .. } => "assigned",
            Stage::Owned { .. } => "owned",
        }
    }
}

/// One accountable person and any number of contributors (R0.7).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Seat {
    /// The accountable person.
    pub person: PersonId,
    /// They cannot sign in yet: the process owner answers for them.
    pub unmapped: bool,
    /// Who works along.
    pub contributors: BTreeSet<PersonId>,
}

/// An offer, and when it was answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OfferMade {
    /// To whom.
    pub to: PersonId,
    /// When.
    pub at: Timestamp,
    /// When it was accepted, returned or taken back.
    pub answered_at: Option<Timestamp>,
}

/// A nomination.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Nominated {
    /// Whom.
    pub csm: PersonId,
    /// When.
    pub at: Timestamp,
}

/// A mark on the scorecard.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Marked {
    /// Which.
    pub mark: Mark,
    /// By whom.
    pub by: Actor,
    /// When.
    pub at: Timestamp,
    /// What was missing.
    pub note: Option<Personal>,
    /// What it looked at has changed since: it must be marked again.
    pub stale: bool,
}

/// clear / partial / unclear (R6.7).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Mark {
    /// Nothing to ask.
    Clear,
    /// Good enough; something is owed.
    Partial,
    /// Not good enough.
    Unclear,
}

/// The record came back (R2.10).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Return {
    /// The coded reason.
    pub code: Key,
    /// In words.
    pub reason: Personal,
    /// Who sent it back.
    pub by: Actor,
    /// When.
    pub at: Timestamp,
    /// What the AE did about it, and when.
    pub answered: Option<Answered>,
}

/// What was done about something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Answered {
    /// By whom.
    pub by: Actor,
    /// When.
    pub at: Timestamp,
    /// What.
    pub text: Personal,
}

/// Asks open again after they had been complete (R1.12).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Reopened {
    /// Which.
    pub asks: BTreeSet<Key>,
    /// Those not touched since.
    pub untouched: BTreeSet<Key>,
    /// Why.
    pub reason: Personal,
    /// By whom.
    pub by: Actor,
    /// When.
    pub at: Timestamp,
}

/// A change after ownership moved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Amendment {
    /// What changed.
    pub ask: Key,
    /// By whom.
    pub by: Actor,
    /// When.
    pub at: Timestamp,
    /// When the CSM acknowledged it.
    pub acknowledged_at: Option<Timestamp>,
}

/// A question to the AE (R3.11).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Question {
    /// The question.
    pub text: Personal,
    /// By whom.
    pub by: Actor,
    /// When.
    pub at: Timestamp,
    /// The answer.
    pub answer: Option<Answered>,
}

/// What is known of one step.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct StepState {
    /// Reports, oldest first; a correction replaces one.
    pub reports: Vec<Report>,
}

impl StepState {
    /// Reports that stand.
    pub fn standing(&self) -> impl Iterator<Item = &Report> {
        self.reports.iter().filter(|report| report.corrected.is_none())
    }
    /// The first time it happened, as now known.
    pub fn happened(&self) -> Option<&Report> {
        self.standing().min_by_key(|report| report.happened_at)
    }
    /// The report that now counts for booking: the last one made.
    pub fn latest(&self) -> Option<&Report> {
        self.standing().last()
    }
}

/// Somebody said that something happened (R0.1: always recorded).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Report {
    /// Its number within the step, from 0.
    pub number: u32,
    /// When it happened.
    pub happened_at: Timestamp,
    /// When it ended, where that matters.
    pub ended_at: Option<Timestamp>,
    /// For a booking: for when.
    pub booked_for: Option<Timestamp>,
    /// In which form.
    pub form: Option<Key>,
    /// How it is known.
    pub known_by: KnownBy,
    /// Who said so.
    pub by: Actor,
    /// When they said so.
    pub at: Timestamp,
    /// What was ticked off.
    pub outcomes: BTreeSet<Key>,
    /// What there is to say.
    pub note: Option<Personal>,
    /// When the receiving side confirmed it, or what confirmed it.
    pub counts_since: Option<Timestamp>,
    /// Somebody disputes it.
    pub disputed: Option<Personal>,
    /// A later report says otherwise.
    pub corrected: Option<Personal>,
}

/// How a step is known to be done (R0.10).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum KnownBy {
    /// A mail shows it.
    Mail,
    /// The calendar shows it.
    Calendar,
    /// A transcript shows it.
    Transcript,
    /// The CRM says so.
    Crm,
    /// Somebody says so.
    Attested,
}

/// What a gate has seen.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct GateHistory {
    /// The pass; it never un-happens.
    pub passed: Option<Passed>,
    /// Refused attempts.
    pub refusals: u32,
    /// When it was first attempted.
    pub first_attempt_at: Option<Timestamp>,
    /// The newest refusal.
    pub last_refusal: Option<Refused>,
    /// Passed by without asking.
    pub bypassed: Option<Bypassed>,
}

/// A pass.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Passed {
    /// When.
    pub at: Timestamp,
    /// Who asked.
    pub by: Actor,
    /// Waivers it needed; empty: a clean pass.
    pub waivers: Vec<WaiverId>,
}

/// A refused attempt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Refused {
    /// When, the newest repeat.
    pub at: Timestamp,
    /// Who asked.
    pub by: Actor,
    /// What was missing.
    pub gaps: Vec<Covers>,
}

/// A deal found past a gate (R2.11).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Bypassed {
    /// When it was noticed.
    pub at: Timestamp,
    /// Who did it, as far as is known.
    pub by: Actor,
    /// What was found.
    pub found: String,
    /// The mode did not enforce this gate: it would have been refused.
    pub would_have_been_refused: bool,
}

/// What a gap is about, and so what a waiver can cover.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "of", rename_all = "snake_case")]
pub enum Covers {
    /// An ask.
    Ask {
        /// Which.
        ask: Key,
    },
    /// A promise that waits for a decision.
    Commitment {
        /// Which.
        item: ItemId,
    },
    /// A promise that waits for the talk with the customer.
    Correction {
        /// Which.
        item: ItemId,
    },
    /// A category of the scorecard.
    Category {
        /// Which.
        category: Key,
    },
    /// A step.
    Step {
        /// Which.
        step: Key,
    },
    /// A returned record nobody answered.
    Return,
    /// Reopened asks nobody touched.
    Reopened,
    /// No CSM has accepted.
    Acceptance,
    /// Ownership has not moved.
    Ownership,
    /// The plan is not confirmed.
    Plan,
    /// A rating is not given.
    Rating {
        /// Which.
        rating: Key,
    },
    /// A waiver that has run out unpaid.
    Debt {
        /// Which.
        waiver: WaiverId,
    },
    /// There is no record at all.
    NoRecord,
    /// The handoff does not live.
    NotLive,
}

/// A waiver (R2.8).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Waiver {
    /// Which.
    pub id: WaiverId,
    /// At which gate.
    pub gate: Gate,
    /// What it covers.
    pub covers: BTreeSet<Covers>,
    /// Why.
    pub reason: Personal,
    /// Who asked.
    pub asked_by: Actor,
    /// When.
    pub asked_at: Timestamp,
    /// Who owes the answer until it is paid.
    pub debtor: PersonId,
    /// What became of it.
    pub state: WaiverState,
    /// The pass that used it.
    pub used_at: Option<Timestamp>,
    /// When what it covers was answered after all.
    pub paid_at: Option<Timestamp>,
}

/// What became of a waiver.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum WaiverState {
    /// Nobody has decided.
    Asked,
    /// Granted until it expires.
    Granted {
        /// By whom.
        by: Actor,
        /// When.
        at: Timestamp,
        /// Until when it is mere debt; none: what it covers can no longer happen, it is closed as lost.
        expires_at: Option<Timestamp>,
    },
    /// Not granted.
    Denied {
        /// By whom.
        by: Actor,
        /// When.
        at: Timestamp,
        /// Why.
        reason: Personal,
    },
}

/// The mutual success plan (R4.2).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Plan {
    /// When it was opened.
    pub opened_at: Timestamp,
    /// Milestones.
    pub milestones: BTreeMap<MilestoneId, Milestone>,
    /// What the customer committed to.
    pub prerequisites: BTreeMap<Key, Committed>,
    /// The confirmation in force; a change of the plan ends it.
    pub confirmed: Option<PlanConfirmed>,
    /// The first confirmation, which the clock reads.
    pub first_confirmed_at: Option<Timestamp>,
}

/// A milestone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Milestone {
    /// What is reached.
    pub title: Personal,
    /// Whose it is.
    pub side: Side,
    /// Who owns it, by name.
    pub owner: Option<Personal>,
    /// By when.
    pub due_on: Option<jiff::civil::Date>,
    /// When it was reached.
    pub reached_on: Option<jiff::civil::Date>,
}

/// The customer committed to a prerequisite.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Committed {
    /// When it was recorded.
    pub at: Timestamp,
    /// By whom.
    pub by: Actor,
    /// Where the customer said so.
    pub evidence: Evidence,
}

/// The plan's contents were confirmed (R3.9).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PlanConfirmed {
    /// How.
    pub form: PlanForm,
    /// When the customer did so.
    pub at: Timestamp,
    /// Who recorded it.
    pub by: Actor,
    /// Where it is found.
    pub evidence: Evidence,
}

/// How a plan is confirmed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PlanForm {
    /// Signed.
    Signed,
    /// Contents confirmed by mail.
    Mail,
}

/// A rating (R3.12).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Rated {
    /// 1 to 5.
    pub score: u8,
    /// The coded reason of a low one.
    pub reason: Option<Key>,
    /// In words.
    pub comment: Option<Personal>,
    /// By whom.
    pub by: Actor,
    /// When.
    pub at: Timestamp,
}

/// Somebody was answerable for the customer (R0.4).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Tenure {
    /// Who.
    pub person: PersonId,
    /// From this instant, until the next tenure begins.
    pub since: Timestamp,
    /// What moved it.
    pub moved_by: Move,
    /// The moment the playbook names had not come: a later one, or a take-over, moved it.
    pub bypassed: bool,
}

/// What moves ownership.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Move {
    /// The handoff was opened: the AE, or who stands for them.
    Opened,
    /// The AE changed.
    Reassigned,
    /// The CSM accepted.
    Acceptance,
    /// The warm introduction counted.
    WarmIntro,
    /// The kickoff was held.
    Kickoff,
    /// The CS leader took over.
    TakeOver,
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
            _ => self.seats.get(&role).map(|seat| if seat.unmapped { self.process_owner } else { seat.person }),
        }
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
