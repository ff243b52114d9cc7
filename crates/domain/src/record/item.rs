//! Items of lists: one body per list, and what an item can lack.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Criterion, DataMove, Evidence, Integration, Promise, Provenance, Risk, Stakeholder, Strength};
use crate::{
    ids::ItemId,
    playbook::{AskKind, asks::Need},
};

/// One item of a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Item {
    /// Which.
    pub id: ItemId,
    /// What it says.
    pub body: Body,
    /// Where it was said.
    pub evidence: Evidence,
    /// Where it came from.
    pub provenance: Provenance,
    /// When it was first recorded.
    pub at: Timestamp,
}

impl Item {
    /// What the item lacks of what is needed.
    pub fn lacks(&self, needs: &[Need]) -> Vec<Need> {
        needs.iter().copied().filter(|need| !self.carries(*need)).collect()
    }

    fn carries(&self, need: Need) -> bool {
        match (&self.body, need) {
            (_, Need::Evidence) => self.evidence.is_given(),
            (Body::Criterion(criterion), Need::Measure) => criterion.measure.is_some(),
            (Body::Stakeholder(person), need) => match need {
                Need::Title => person.title.is_some(),
                Need::Contact => person.contact.is_some(),
                Need::Influence => person.influence.is_some(),
                Need::Stance => person.stance.is_some(),
                Need::Goals => person.goals.is_some(),
                Need::Said => person.said.is_some(),
                _ => true,
            },
            (Body::Promise(promise), need) => match need {
                // What was only left hoping has no date to keep (R1.2).
                Need::Due => promise.due_on.is_some() || promise.strength == Some(Strength::Soft),
                Need::InContract => promise.in_contract.is_some(),
                Need::Owner => promise.owed_by.is_some(),
                Need::Strength => promise.strength.is_some(),
                _ => true,
            },
            (Body::Risk(risk), Need::Owner) => risk.owner.is_some(),
            (Body::Risk(risk), Need::Mitigation) => risk.mitigation.is_some(),
            (Body::Integration(tool), Need::Owner) => tool.owner.is_some(),
            (Body::DataMove(data), Need::Owner) => data.owner.is_some(),
            (Body::DataMove(data), Need::From) => data.from.is_some(),
            (Body::DataMove(data), Need::Format) => data.format.is_some(),
            _ => true,
        }
    }
}

/// What an item of an earlier deal leaves to the next one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Carried {
    /// What it says.
    pub body: Body,
    /// Where it was said.
    #[serde(default)]
    pub evidence: Evidence,
}

/// The lists of the record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum List {
    /// Promises.
    Promises,
    /// Success criteria.
    Criteria,
    /// Stakeholders.
    Stakeholders,
    /// Risks.
    Risks,
    /// Integrations.
    Integrations,
    /// Data to move.
    DataMoves,
}

impl List {
    /// The list an ask looks at.
    pub fn of(kind: AskKind) -> Option<List> {
        match kind {
            AskKind::Promises => Some(List::Promises),
            AskKind::Criteria => Some(List::Criteria),
            AskKind::Stakeholders => Some(List::Stakeholders),
            AskKind::Risks => Some(List::Risks),
            AskKind::Integrations => Some(List::Integrations),
            AskKind::DataMoves => Some(List::DataMoves),
            _ => None,
        }
    }

    /// The name used in data.
    pub fn name(self) -> &'static str {
        match self {
            List::Promises => "promises",
            List::Criteria => "criteria",
            List::Stakeholders => "stakeholders",
            List::Risks => "risks",
            List::Integrations => "integrations",
            List::DataMoves => "data_moves",
        }
    }
}

/// What an item says.
#[expect(clippy::large_enum_variant, reason = "promises are what a record has most of")]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "list", rename_all = "snake_case")]
pub enum Body {
    /// A promise.
    Promise(Promise),
    /// A success criterion.
    Criterion(Criterion),
    /// A person at the customer.
    Stakeholder(Stakeholder),
    /// A risk.
    Risk(Risk),
    /// A tool to connect.
    Integration(Integration),
    /// Data to move.
    DataMove(DataMove),
}

impl Body {
    /// Which list it belongs to.
    pub fn list(&self) -> List {
        match self {
            Body::Promise(_) => List::Promises,
            Body::Criterion(_) => List::Criteria,
            Body::Stakeholder(_) => List::Stakeholders,
            Body::Risk(_) => List::Risks,
            Body::Integration(_) => List::Integrations,
            Body::DataMove(_) => List::DataMoves,
        }
    }
}
