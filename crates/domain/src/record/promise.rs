//! Promises, and their life from captured to kept or not (R1.2, R2.6).

use jiff::{Timestamp, civil::Date};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Evidence;
use crate::{
    money::Money,
    people::{Actor, Role},
    personal::Personal,
};

/// Anything the customer may now expect (R1.2).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Promise {
    /// What was promised, in plain words.
    pub what: Personal,
    /// What sort.
    pub kind: PromiseKind,
    /// How strongly.
    #[serde(default)]
    pub strength: Option<Strength>,
    /// Who owes it.
    #[serde(default)]
    pub owed_by: Option<Side>,
    /// By when.
    #[serde(default)]
    pub due_on: Option<Date>,
    /// Whether it stands in the contract.
    #[serde(default)]
    pub in_contract: Option<bool>,
    /// Whether it is within what is always sold.
    #[serde(default)]
    pub standard: Option<bool>,
    /// What it is worth, where that can be said.
    #[serde(default)]
    pub amount: Option<Money>,
    /// Where its life stands. Set by the process, never by hand.
    #[serde(default)]
    #[schemars(skip_deserializing)]
    pub life: PromiseLife,
}

/// What sort of promise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PromiseKind {
    /// What the product can do.
    Capability,
    /// A result the customer will have.
    Outcome,
    /// A feature by a date.
    FeatureDate,
    /// Implementation work beyond the standard.
    Implementation,
    /// A price not visible in the contract.
    Price,
    /// Terms not visible in the contract.
    Terms,
    /// A named person.
    NamedResource,
    /// A service level beyond the standard.
    Sla,
    /// Money back under a condition.
    Refund,
    /// A level of support.
    Support,
    /// That something will connect.
    Integration,
    /// How soon value comes.
    TimeToValue,
    /// Anything else.
    Other,
}

impl PromiseKind {
    /// Every kind, in the order forms list them.
    pub const ALL: [PromiseKind; 13] = [
        PromiseKind::Capability,
        PromiseKind::Outcome,
        PromiseKind::FeatureDate,
        PromiseKind::Implementation,
        PromiseKind::Price,
        PromiseKind::Terms,
        PromiseKind::NamedResource,
        PromiseKind::Sla,
        PromiseKind::Refund,
        PromiseKind::Support,
        PromiseKind::Integration,
        PromiseKind::TimeToValue,
        PromiseKind::Other,
    ];

    /// The name used in data and rules.
    pub fn name(self) -> &'static str {
        match self {
            PromiseKind::Capability => "capability",
            PromiseKind::Outcome => "outcome",
            PromiseKind::FeatureDate => "feature_date",
            PromiseKind::Implementation => "implementation",
            PromiseKind::Price => "price",
            PromiseKind::Terms => "terms",
            PromiseKind::NamedResource => "named_resource",
            PromiseKind::Sla => "sla",
            PromiseKind::Refund => "refund",
            PromiseKind::Support => "support",
            PromiseKind::Integration => "integration",
            PromiseKind::TimeToValue => "time_to_value",
            PromiseKind::Other => "other",
        }
    }
}

/// How strongly a promise was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Strength {
    /// Said outright.
    Promised,
    /// Understood from what was said.
    Implied,
    /// Left open so that it sounds like yes.
    Soft,
}

impl Strength {
    /// The name used in data and rules.
    pub fn name(self) -> &'static str {
        match self {
            Strength::Promised => "promised",
            Strength::Implied => "implied",
            Strength::Soft => "soft",
        }
    }
}

/// Whose it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// The vendor's.
    Us,
    /// The customer's.
    Customer,
    /// A partner's.
    Partner,
}

impl Side {
    /// The name used in data and rules.
    pub fn name(self) -> &'static str {
        match self {
            Side::Us => "us",
            Side::Customer => "customer",
            Side::Partner => "partner",
        }
    }
}

/// The life of a promise (R2.6): captured → routed → decided → handed over → kept or not.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct PromiseLife {
    /// Where it was sent for a decision; none while unrouted or when it passed by rule.
    pub routed: Option<Routed>,
    /// What was decided.
    pub decision: Option<Decision>,
    /// The talk with the customer after a no or a counter.
    pub corrected: Option<Corrected>,
    /// When it went over to the CSM with ownership.
    pub transferred_at: Option<Timestamp>,
    /// How it ended.
    pub settled: Option<Settled>,
}

impl PromiseLife {
    /// The state in one word.
    pub fn state(&self) -> PromiseState {
        match (&self.settled, &self.decision) {
            (Some(settled), _) => settled.outcome.into(),
            (None, Some(decision))
                if decision.verdict != DecisionVerdict::Approved && self.corrected.is_none() =>
            {
                PromiseState::ToBeCorrected
            }
            (None, _) if self.transferred_at.is_some() => PromiseState::Transferred,
            (None, Some(decision)) => match decision.verdict {
                DecisionVerdict::Approved => PromiseState::Approved,
                DecisionVerdict::Countered => PromiseState::Countered,
                DecisionVerdict::Declined => PromiseState::Declined,
            },
            (None, None) if self.routed.is_some() => PromiseState::AwaitingDecision,
            (None, None) => PromiseState::Captured,
        }
    }
}

/// A promise's state in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PromiseState {
    /// Written down; passes by rule.
    Captured,
    /// Waiting for deal desk or product.
    AwaitingDecision,
    /// Stands as promised.
    Approved,
    /// Stands changed, and the customer knows.
    Countered,
    /// Does not stand, and the customer knows.
    Declined,
    /// Countered or declined; the customer does not know yet: the AE owes the talk.
    ToBeCorrected,
    /// Handed over to the CSM.
    Transferred,
    /// Kept in time.
    Kept,
    /// Kept late.
    Late,
    /// Broken.
    Broken,
    /// The customer released us from it.
    Released,
}

/// Sent for a decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Routed {
    /// To whom.
    pub to: Role,
    /// When.
    pub at: Timestamp,
    /// Why.
    pub because: String,
}

/// A decision on a promise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Decision {
    /// What.
    pub verdict: DecisionVerdict,
    /// By whom.
    pub by: Actor,
    /// When.
    pub at: Timestamp,
    /// Why; for a counter, what stands instead.
    pub reason: Personal,
}

/// What was decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DecisionVerdict {
    /// Stands.
    Approved,
    /// Stands changed.
    Countered,
    /// Does not stand.
    Declined,
}

/// The AE told the customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Corrected {
    /// Who recorded it.
    pub by: Actor,
    /// When.
    pub at: Timestamp,
    /// Where the talk is found.
    pub evidence: Evidence,
}

/// How a promise ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Settled {
    /// How.
    pub outcome: PromiseOutcome,
    /// When it happened.
    pub on: Date,
    /// Who recorded it.
    pub by: Actor,
    /// What there is to say.
    pub note: Option<Personal>,
}

/// How a promise ended, in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PromiseOutcome {
    /// In time.
    Kept,
    /// Kept, but late.
    Late,
    /// Not kept.
    Broken,
    /// The customer let it go.
    Released,
}

impl From<PromiseOutcome> for PromiseState {
    fn from(outcome: PromiseOutcome) -> Self {
        match outcome {
            PromiseOutcome::Kept => PromiseState::Kept,
            PromiseOutcome::Late => PromiseState::Late,
            PromiseOutcome::Broken => PromiseState::Broken,
            PromiseOutcome::Released => PromiseState::Released,
        }
    }
}
