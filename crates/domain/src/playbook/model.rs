//! The document itself.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    asks::{Ask, Section},
    process::*,
    rule::Rule,
};
use crate::{ids::Key, people::Role};

/// A value with its place in the file.
pub type At<T> = serde_saphyr::Spanned<T>;

/// Which version of which playbook: immutable once published.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
pub struct PlaybookRef {
    /// Its name, such as `default`.
    pub name: String,
    /// Counts up with every publication.
    pub version: u32,
}

impl std::fmt::Display for PlaybookRef {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}@{}", self.name, self.version)
    }
}

/// A whole handoff process.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Playbook {
    /// Its name: lower-case, with `-`.
    #[schemars(with = "String")]
    pub playbook: At<String>,
    /// How it is shown.
    pub title: String,
    /// What sort of company it suits, and where it comes from.
    pub about: String,
    /// Who owns the process; answers for people nobody has mapped yet.
    pub process_owner: Role,
    /// When a deal's record opens (R0.5).
    #[schemars(with = "Rule")]
    pub opens_when: At<Rule>,
    /// When ownership moves (R0.4).
    pub transfer_on: TransferOn,
    /// Always-required asks at most (R1.10).
    pub required_at_most: u8,
    /// Which deals take which way, first match first.
    pub routes: Vec<Route>,
    /// What the record asks.
    pub sections: Vec<Section>,
    /// Promise routing.
    pub promises: PromiseRules,
    /// The gates.
    pub gates: Vec<GateRule>,
    /// Offer and refusal.
    pub offer: OfferRules,
    /// The scorecard.
    pub scorecard: Scorecard,
    /// The sequence and its clocks.
    pub steps: Vec<Step>,
    /// Ratings.
    pub ratings: Vec<Rating>,
    /// The kickoff agenda.
    pub agenda: Vec<AgendaPart>,
    /// The plan to begin with.
    pub plan: PlanTemplate,
    /// Reminders and the escalation ladder.
    pub escalation: Escalation,
    /// Tiers and thresholds.
    pub measurement: Measurement,
}

/// The moment ownership moves (R0.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TransferOn {
    /// When the CSM accepts.
    Acceptance,
    /// When the warm introduction counts.
    WarmIntro,
    /// When the kickoff is held.
    Kickoff,
}

impl Playbook {
    /// Every ask, in order.
    pub fn asks(&self) -> impl Iterator<Item = &Ask> {
        self.sections.iter().flat_map(|section| section.asks.iter())
    }

    /// An ask by name.
    pub fn ask(&self, id: &Key) -> Option<&Ask> {
        self.asks().find(|ask| ask.id.value == *id)
    }

    /// The section an ask stands in.
    pub fn section_of(&self, ask: &Key) -> Option<&Section> {
        self.sections.iter().find(|section| section.asks.iter().any(|one| one.id.value == *ask))
    }

    /// A gate's rule; none when the playbook has no such gate.
    pub fn gate(&self, gate: Gate) -> Option<&GateRule> {
        self.gates.iter().find(|rule| rule.gate.value == gate)
    }

    /// A step by name.
    pub fn step(&self, id: &Key) -> Option<&Step> {
        self.steps.iter().find(|step| step.id.value == *id)
    }

    /// The first step of a kind.
    pub fn step_of(&self, kind: StepKind) -> Option<&Step> {
        self.steps.iter().find(|step| step.kind == kind)
    }

    /// A scorecard category by name.
    pub fn category(&self, id: &Key) -> Option<&Category> {
        self.scorecard.categories.iter().find(|category| category.id.value == *id)
    }

    /// A rating by name.
    pub fn rating(&self, id: &Key) -> Option<&Rating> {
        self.ratings.iter().find(|rating| rating.id.value == *id)
    }
}
