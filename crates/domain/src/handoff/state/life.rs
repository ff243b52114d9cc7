//! The way a handoff takes, whether it lives, how far it is, and who holds what.

use std::collections::BTreeSet;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    ids::*,
    people::Actor,
    personal::Personal,
    playbook::{CsmChoice, PlaybookRef},
};

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
        /// Since when customer success owns it; a change of CSM does not move this.
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

/// Who is to follow the CSM (R0.7): named with a reason, and CSM only once they accept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Successor {
    /// Whom.
    pub to: PersonId,
    /// Who named them.
    pub by: Actor,
    /// When.
    pub at: Timestamp,
    /// Why.
    pub reason: Personal,
}

/// The customer knew another CSM and is introduced again (R0.7).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Reintroduction {
    /// Introductions from here on count: when the successor was named.
    pub since: Timestamp,
    /// Whom the customer knew.
    pub from: PersonId,
}

/// A nomination.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Nominated {
    /// Whom.
    pub csm: PersonId,
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
    /// The AE changed, or the CSM once they owned it.
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
