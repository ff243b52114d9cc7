//! The kickoff's agenda and the plan it begins with.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::{
    calendar::Span,
    ids::Key,
    playbook::{asks::Choice, model::At},
    record::Side,
};

/// One part of the kickoff agenda (R3.7).
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AgendaPart {
    /// How it is shown.
    pub title: String,
    /// How long, in minutes.
    pub minutes: u16,
    /// What happens.
    pub about: String,
    /// The asks it is filled from; missing answers show (R2.4).
    #[serde(default)]
    #[schemars(with = "Vec<Key>")]
    pub from: Vec<At<Key>>,
}

/// What a mutual success plan starts from.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PlanTemplate {
    /// Milestones to begin with.
    pub milestones: Vec<MilestoneTemplate>,
    /// What the customer commits to before the work starts (R4.1).
    pub prerequisites: Vec<Choice>,
}

/// A milestone to begin with.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MilestoneTemplate {
    /// What is reached.
    pub title: String,
    /// Who owns it.
    pub side: Side,
    /// Due this long after the kickoff.
    pub due: Span,
}
