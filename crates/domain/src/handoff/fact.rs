//! What happened. Every shape ever shipped stays readable: golden files hold each.

use std::collections::BTreeSet;

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

use super::state::*;
use crate::{
    clock::{Matter, Whom},
    deal::{Deal, Standing},
    ids::*,
    people::{Actor, Role},
    personal::Personal,
    playbook::Gate,
    record::*,
};

/// A fact with its place in the journal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Recorded {
    /// Counts up from 1 within a handoff.
    pub seq: u64,
    /// When it was recorded.
    pub at: Timestamp,
    /// Who did it.
    pub by: Actor,
    /// What happened.
    pub fact: Fact,
}

/// What can happen to a handoff.
#[expect(missing_docs, reason = "a field's type and its variant's sentence say what it is")]
#[expect(
    clippy::large_enum_variant,
    reason = "few facts are held at once, and a deal is read far more often than moved"
)]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Fact {
    /// A record was opened for a deal.
    Opened {
        id: HandoffId,
        account: AccountId,
        deal: Deal,
        route: RouteTaken,
        life: Life,
        seller: Seat,
        process_owner: PersonId,
    },
    /// The customer had a CSM when the deal came: who is told, or nominated, where the route says so.
    CsmOfRecord { csm: PersonId },
    /// A person chose another way (R0.8).
    Rerouted { route: RouteTaken, life: Life, reason: Personal },
    /// The CRM told something newer.
    DealRead { deal: Deal },
    /// The CRM told something older than what is known; only the order of standings changes.
    DealHeard { at: Timestamp, standing: Standing },
    /// A seat was given, filled or changed.
    Seated { role: Role, seat: Seat, reason: Option<Personal> },

    /// An ask was answered.
    Answered { ask: Key, answer: Answer, provenance: Provenance },
    /// An answer was taken back.
    Cleared { ask: Key },
    /// "There are none."
    NoneDeclared { ask: Key, note: Option<Personal> },
    /// An item was added.
    ItemAdded { item: Item },
    /// An item was changed.
    ItemChanged { item: Item },
    /// An item was removed.
    ItemRemoved { item: ItemId, reason: Option<Personal> },
    /// Asks were touched: reopened ones are answered for, marks that looked at them are stale.
    ChangeNoticed { asks: BTreeSet<Key>, stale: BTreeSet<Key> },
    /// The record became complete.
    RecordCompleted,
    /// The record is no longer complete.
    RecordIncomplete,
    /// Asks were opened again.
    Reopened { asks: BTreeSet<Key>, reason: Personal },
    /// The reopened asks are answered and reviewed again.
    ReopeningClosed,
    /// Something changed after ownership moved.
    Amended { ask: Key },
    /// The CSM has seen the amendments.
    AmendmentsAcknowledged,

    /// A promise was sent for a decision.
    PromiseRouted { item: ItemId, to: Role, because: String },
    /// It was decided.
    PromiseDecided { item: ItemId, verdict: DecisionVerdict, reason: Personal },
    /// The customer was told.
    PromiseCorrected { item: ItemId, evidence: Evidence },
    /// It ended.
    PromiseSettled { item: ItemId, outcome: PromiseOutcome, on: Date, note: Option<Personal> },
    /// The customer spoke to a criterion.
    CriterionConfirmed { item: ItemId, confirmation: CriterionConfirmed, words: Option<Personal> },

    /// A CSM was nominated.
    Nominated { csm: PersonId },
    /// The record was offered.
    Offered { to: PersonId },
    /// The offer was taken back.
    OfferWithdrawn { reason: Personal },
    /// It was accepted.
    Accepted { by: PersonId },
    /// It came back.
    Returned { code: Key, reason: Personal },
    /// The AE answered a return.
    ReturnAnswered { text: Personal },
    /// A category was marked.
    Marked { category: Key, mark: Mark, note: Option<Personal> },
    /// A question was asked.
    Asked { question: QuestionId, text: Personal },
    /// And answered.
    QuestionAnswered { question: QuestionId, text: Personal },

    /// Somebody is to follow the CSM (R0.7).
    SuccessorNamed { to: PersonId, reason: Personal },
    /// They accepted: the account, its promises and its plan are theirs.
    CsmChanged { from: PersonId, to: PersonId, introduce_again: bool },

    /// Somebody is to follow the AE (R0.7).
    SellerNamed { to: PersonId, reason: Personal },
    /// Another is AE: they accepted, or were given the seat. What was promised is theirs to see through.
    SellerChanged { from: PersonId, to: PersonId },
    /// Who was named to follow does not.
    SuccessionDeclined { role: Role, to: PersonId, reason: Personal },

    /// A gate let a request through.
    GatePassed { gate: Gate, waivers: Vec<WaiverId> },
    /// A gate refused.
    GateRefused { gate: Gate, gaps: Vec<Covers> },
    /// The same refusal again, soon after.
    GateRefusedAgain { gate: Gate },
    /// A deal was found past a gate.
    Bypassed { gate: Gate, found: String, would_have_been_refused: bool },
    /// What was found past the gate had not happened: the report was corrected.
    BypassLifted { gate: Gate, reason: Personal },
    /// A waiver was asked for.
    WaiverAsked { waiver: WaiverId, gate: Gate, covers: BTreeSet<Covers>, reason: Personal, debtor: PersonId },
    /// And granted.
    WaiverGranted { waiver: WaiverId, expires_at: Option<Timestamp> },
    /// Or denied.
    WaiverDenied { waiver: WaiverId, reason: Personal },
    /// What it covered was answered after all.
    WaiverPaid { waiver: WaiverId },

    /// Something happened in the world.
    StepReported { step: Key, report: Report },
    /// The receiving side confirms it.
    StepConfirmed { step: Key, number: u32 },
    /// Somebody disputes it.
    StepDisputed { step: Key, number: u32, reason: Personal },
    /// It did not happen so; the corrected report follows, if there is one.
    StepCorrected { step: Key, number: u32, reason: Personal },
    /// When a step's meeting takes place.
    MeetingPlanned { step: Key, starts_at: Timestamp, minutes: Option<u16>, place: Option<Personal> },
    /// It does not take place after all.
    MeetingCalledOff { step: Key, reason: Option<Personal> },
    /// Ownership moved: the one fact that does it (R0.4).
    OwnershipMoved { to: PersonId, at: Timestamp, moved_by: Move, bypassed: bool, reason: Option<Personal> },

    /// The plan was opened, with the playbook's milestones.
    PlanOpened { milestones: Vec<(MilestoneId, Milestone)> },
    /// A milestone was set.
    MilestoneSet { id: MilestoneId, milestone: Milestone },
    /// A milestone was removed.
    MilestoneRemoved { id: MilestoneId, reason: Option<Personal> },
    /// The customer committed to a prerequisite.
    PrerequisiteCommitted { prerequisite: Key, evidence: Evidence },
    /// The kickoff may go ahead.
    KickoffConfirmed,
    /// The plan was confirmed.
    PlanConfirmed { form: PlanForm, at: Timestamp, evidence: Evidence },
    /// The customer proposed a milestone, or another shape of one. Not in the plan.
    MilestoneProposed {
        proposal: ProposalId,
        of: Option<MilestoneId>,
        milestone: Milestone,
        /// The milestone as it stood then. What was written before this was kept has none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        base: Option<Milestone>,
    },
    /// It was accepted, and the milestone was set; or declined.
    ProposalAnswered { proposal: ProposalId, accepted: bool, reason: Option<Personal> },
    /// Somebody of either side said something to the plan, or to a milestone.
    PlanCommented { milestone: Option<MilestoneId>, text: Personal },
    /// The customer signed the plan; that it is confirmed by it follows.
    PlanSigned {
        name: Personal,
        imprint: String,
        consent: String,
        proof: Proof,
        /// What the company was called then. What was written before this was kept has none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        company: Option<String>,
    },
    /// A rating was given.
    Rated { rating: Key, score: u8, reason: Option<Key>, comment: Option<Personal> },

    /// The receiving team noticed an early sign (R6.8).
    SignSeen { number: u32, sign: EarlySign, note: Option<Personal> },
    /// It was none after all.
    SignTakenBack { number: u32, reason: Option<Personal> },

    /// The owner of an open clock was reminded.
    Reminded { matter: Matter, due_at: Timestamp, nth: u32 },
    /// Somebody else was told that it ran out.
    Escalated { matter: Matter, due_at: Timestamp, whom: Whom },

    /// The deal was lost or deleted.
    Withdrawn { reason: String },
    /// It came back.
    Resumed,
    /// The deal was undone after transfer.
    Cancelled { reason: String },
    /// It is done (R2.9).
    Finished,

    /// Personal texts were erased: how many, never which words. No step of the process: it may happen at any stage, and
    /// what was decided on the words before it comes too late.
    TextsErased { texts: u32 },
}

impl Fact {
    /// Whether it only says that somebody was told of an open clock: no step of the process.
    pub fn is_notice(&self) -> bool {
        matches!(self, Fact::Reminded { .. } | Fact::Escalated { .. })
    }
}
