//! What measurement counts as what.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{calendar::Span, ids::Key};

/// What measurement counts as what (R6.2, R6.5, R6.6).
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Measurement {
    /// Time to first value aimed at, from close.
    pub first_value_within: Span,
    /// Fewer ratings than this are no pattern.
    pub pattern_from: u8,
    /// Which completeness rate stands first; both are always worked out (R6.1).
    #[serde(default)]
    pub complete_before: CompleteBefore,
    /// Quality tiers, best first; the first whose conditions hold.
    pub tiers: Vec<Tier>,
}

/// Before what a record must be complete to count as complete.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CompleteBefore {
    /// Before a CSM was assigned.
    #[default]
    Handoff,
    /// Before the kickoff.
    Kickoff,
}

/// A handoff-quality tier, frozen at the kickoff.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Tier {
    /// Its name in data.
    pub id: Key,
    /// How it is shown.
    pub title: String,
    /// The record was complete at assignment.
    #[serde(default)]
    pub complete: bool,
    /// At least this many categories marked clear.
    #[serde(default)]
    pub clear_marks: u8,
    /// At least this kickoff rating.
    #[serde(default)]
    pub kickoff_rating: u8,
}
