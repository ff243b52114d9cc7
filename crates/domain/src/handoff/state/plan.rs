//! The mutual success plan (R4.2).

use std::collections::BTreeMap;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    ids::*,
    people::Actor,
    personal::Personal,
    record::{Evidence, Side},
};

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
