//! People at the customer (R1.3).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::personal::Personal;

/// A person at the customer (R1.3).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Stakeholder {
    /// Their name.
    pub name: Personal,
    /// Their parts: champion and economic buyer may be one person.
    pub parts: Vec<StakeholderRole>,
    /// Their title.
    #[serde(default)]
    pub title: Option<Personal>,
    /// How to reach them.
    #[serde(default)]
    pub contact: Option<Personal>,
    /// How much they move inside.
    #[serde(default)]
    pub influence: Option<Influence>,
    /// How much they want it.
    #[serde(default)]
    pub stance: Option<Stance>,
    /// What they want from the product for themselves.
    #[serde(default)]
    pub goals: Option<Personal>,
    /// What they said.
    #[serde(default)]
    pub said: Option<Personal>,
    /// Signed the contract.
    #[serde(default)]
    pub signed: bool,
    /// Drove the evaluation.
    #[serde(default)]
    pub drove: bool,
    /// Needs a win early.
    #[serde(default)]
    pub needs_early_win: bool,
    /// May block adoption.
    #[serde(default)]
    pub may_block: bool,
}

/// A person's part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum StakeholderRole {
    /// Advocates inside.
    Champion,
    /// Holds the budget.
    EconomicBuyer,
    /// Backs it from above.
    ExecutiveSponsor,
    /// Shapes opinion.
    Influencer,
    /// Configures.
    Admin,
    /// Tested it.
    Evaluator,
    /// Works with it every day.
    Operator,
    /// Pushed back.
    Skeptic,
    /// Owns the technical environment.
    ItOwner,
}

impl StakeholderRole {
    /// Every part, in the order forms list them.
    pub const ALL: [StakeholderRole; 9] = [
        StakeholderRole::Champion,
        StakeholderRole::EconomicBuyer,
        StakeholderRole::ExecutiveSponsor,
        StakeholderRole::Influencer,
        StakeholderRole::Admin,
        StakeholderRole::Evaluator,
        StakeholderRole::Operator,
        StakeholderRole::Skeptic,
        StakeholderRole::ItOwner,
    ];

    /// The name used in data.
    pub fn name(self) -> &'static str {
        match self {
            StakeholderRole::Champion => "champion",
            StakeholderRole::EconomicBuyer => "economic_buyer",
            StakeholderRole::ExecutiveSponsor => "executive_sponsor",
            StakeholderRole::Influencer => "influencer",
            StakeholderRole::Admin => "admin",
            StakeholderRole::Evaluator => "evaluator",
            StakeholderRole::Operator => "operator",
            StakeholderRole::Skeptic => "skeptic",
            StakeholderRole::ItOwner => "it_owner",
        }
    }
}

/// How much somebody moves inside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Influence {
    /// Little.
    Low,
    /// Some.
    Medium,
    /// Much.
    High,
}

/// How much somebody wants it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Stance {
    /// Against.
    Against,
    /// Doubts.
    Doubtful,
    /// Neither.
    Neutral,
    /// For it.
    For,
    /// Glows.
    Enthusiastic,
}
