//! Success criteria, risks, tools to connect and data to move (R1.1, R1.7, R1.8).

use jiff::{Timestamp, civil::Date};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{Evidence, Influence};
use crate::{people::Actor, personal::Personal};

/// What success is, in the customer's words (R1.1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Criterion {
    /// As the customer said it.
    pub words: Personal,
    /// How the customer will measure it.
    #[serde(default)]
    pub measure: Option<Personal>,
    /// By when they expect it.
    #[serde(default)]
    pub by_on: Option<Date>,
    /// What the customer says to it now (R4.1). Set by the process.
    #[serde(default)]
    #[schemars(skip_deserializing)]
    pub confirmation: Option<CriterionConfirmed>,
}

impl Criterion {
    /// What an answer is bound to: words, measure and day as they were read. SHA-256 in hexadecimal.
    pub fn imprint(&self) -> String {
        let read = (self.words.as_str(), self.measure.as_ref().map(Personal::as_str), self.by_on);
        // Texts and days can always be written.
        let written = serde_json::to_string(&read).unwrap_or_else(|_| format!("{read:?}"));
        Sha256::digest(written).iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// The customer confirmed or corrected a criterion; in this form recorded by the CSM as attested.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CriterionConfirmed {
    /// Whether it is still right as it was.
    pub still_accurate: bool,
    /// When they said so.
    pub at: Timestamp,
    /// Who recorded it.
    pub by: Actor,
    /// Where they said it.
    pub evidence: Evidence,
}

/// What could derail momentum (R1.8).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Risk {
    /// What.
    pub what: Personal,
    /// What sort.
    pub kind: RiskKind,
    /// How much it would hurt.
    #[serde(default)]
    pub severity: Option<Influence>,
    /// Who at the customer or with us watches it.
    #[serde(default)]
    pub owner: Option<Personal>,
    /// What would soften it.
    #[serde(default)]
    pub mitigation: Option<Personal>,
}

/// What sort of risk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RiskKind {
    /// An objection nobody resolved.
    Objection,
    /// Something the buyer did not understand.
    Confusion,
    /// No backing from above.
    ExecutiveBacking,
    /// Nobody on their side owns it.
    CustomerOwnership,
    /// People must change how they work.
    ChangeManagement,
    /// Too few hands.
    Resourcing,
    /// The product is not there yet.
    ProductMaturity,
    /// A technical dependency.
    Technical,
    /// Time.
    Timeline,
    /// Anything else.
    Other,
}

impl RiskKind {
    /// Every kind, in the order forms list them.
    pub const ALL: [RiskKind; 10] = [
        RiskKind::Objection,
        RiskKind::Confusion,
        RiskKind::ExecutiveBacking,
        RiskKind::CustomerOwnership,
        RiskKind::ChangeManagement,
        RiskKind::Resourcing,
        RiskKind::ProductMaturity,
        RiskKind::Technical,
        RiskKind::Timeline,
        RiskKind::Other,
    ];
}

/// A tool to connect (R1.7).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Integration {
    /// Which tool.
    pub tool: String,
    /// What should flow.
    #[serde(default)]
    pub what: Option<Personal>,
    /// Who owns it there.
    #[serde(default)]
    pub owner: Option<Personal>,
    /// The first value needs it.
    #[serde(default)]
    pub needed_first: bool,
}

/// Data to move (R1.7).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DataMove {
    /// What.
    pub what: Personal,
    /// From where.
    #[serde(default)]
    pub from: Option<String>,
    /// In which format.
    #[serde(default)]
    pub format: Option<String>,
    /// Who owns it there.
    #[serde(default)]
    pub owner: Option<Personal>,
}
