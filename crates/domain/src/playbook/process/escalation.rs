//! Reminders before a due time, escalation after it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::calendar::Span;

/// Reminders before, escalation after (R3.13).
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Escalation {
    /// Remind this long before a due time.
    pub remind_before: Vec<Span>,
    /// Then, this long after it, tell these in turn.
    pub ladder: Vec<Rung>,
}

/// One rung of the ladder.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rung {
    /// Who.
    pub tell: Told,
    /// How long after the due time.
    pub after: Span,
}

/// Who is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Told {
    /// Who owes the step.
    Owner,
    /// Their manager.
    Manager,
    /// The process owner.
    RevOps,
    /// The CS leader.
    CsLeader,
}
