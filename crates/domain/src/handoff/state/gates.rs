//! What gates have seen, what a gap is about, and waivers (R0.13, R2.8, R2.11).

use std::collections::BTreeSet;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{ids::*, people::Actor, personal::Personal, playbook::Gate};

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

impl std::fmt::Display for Covers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Covers::Ask { ask } => write!(f, "the ask `{ask}`"),
            Covers::Commitment { .. } => f.write_str("the decision on a promise"),
            Covers::Correction { .. } => f.write_str("the talk with the customer about a promise"),
            Covers::Category { category } => write!(f, "the review of `{category}`"),
            Covers::Step { step } => write!(f, "the step `{step}`"),
            Covers::Return => f.write_str("the answer to a return"),
            Covers::Reopened => f.write_str("reopened parts of the record"),
            Covers::Acceptance => f.write_str("acceptance by a CSM"),
            Covers::Ownership => f.write_str("ownership"),
            Covers::Plan => f.write_str("the plan"),
            Covers::Rating { rating } => write!(f, "the rating `{rating}`"),
            Covers::Debt { .. } => f.write_str("an earlier waiver that has run out"),
            Covers::NoRecord => f.write_str("the record itself"),
            Covers::NotLive => f.write_str("a handoff that has ended"),
        }
    }
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
