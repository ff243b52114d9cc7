//! What the record asks: sections, typed asks, and when each is required.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{model::At, rule::Rule};
use crate::{
    ids::Key,
    people::Role,
    record::{PromiseKind, StakeholderRole},
};

/// A heading of the record with the asks below it.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Section {
    /// Its name in data.
    #[schemars(with = "Key")]
    pub id: At<Key>,
    /// The heading.
    pub title: String,
    /// What the receiving team does with it, in a sentence.
    pub about: Option<String>,
    /// The asks, in the order they are shown.
    pub asks: Vec<Ask>,
}

/// One thing the record asks.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Ask {
    /// Its name in data, unique in the playbook.
    #[schemars(with = "Key")]
    pub id: At<Key>,
    /// The question as it is asked.
    pub ask: String,
    /// How to answer it well, in a sentence or two.
    pub help: Option<String>,
    /// What an answer looks like.
    #[serde(rename = "type")]
    pub kind: AskKind,
    /// For `choice`: what can be chosen.
    #[serde(default)]
    pub options: Vec<Choice>,
    /// For `choice`: more than one may be chosen.
    #[serde(default)]
    pub many: bool,
    /// For `stakeholders`: only people in this part count.
    pub role: Option<StakeholderRole>,
    /// For `promises`: only promises of these kinds count; all when empty.
    #[serde(default)]
    pub kinds: Vec<PromiseKind>,
    /// What every item of a list must carry to count.
    #[serde(default)]
    pub needs: Vec<Need>,
    /// For lists: how many items are wanted.
    #[serde(default = "one")]
    pub min: u8,
    /// For lists: whether "there are none" is an answer.
    #[serde(default)]
    pub allow_none: bool,
    /// Who owes the answer.
    #[serde(default = "ae")]
    pub filled_by: Role,
    /// Who works with it. Nobody's use: not an ask (R1.10).
    pub used_by: Vec<Role>,
    /// Always required.
    #[serde(default)]
    pub required: bool,
    /// Required when this rule holds.
    #[schemars(with = "Option<Rule>")]
    pub required_when: Option<At<Rule>>,
    /// The CRM field that answers it until a person does (R1.9).
    pub from_crm: Option<CrmField>,
    /// The scorecard category under which the receiving team reviews it.
    pub category: Option<Key>,
}

fn one() -> u8 {
    1
}

fn ae() -> Role {
    Role::Ae
}

/// What an answer looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AskKind {
    /// Free text.
    Text,
    /// The customer's own words, with who said it and where (R1.1).
    Words,
    /// One or several of the options.
    Choice,
    /// A calendar date.
    Date,
    /// An amount with its currency.
    Money,
    /// A number.
    Number,
    /// Yes or no.
    YesNo,
    /// A person at the customer, by name.
    Person,
    /// Promises, concessions, impressions (R1.2).
    Promises,
    /// Success criteria (R1.1).
    Criteria,
    /// People at the customer (R1.3).
    Stakeholders,
    /// What could derail momentum (R1.8).
    Risks,
    /// Tools to connect (R1.7).
    Integrations,
    /// Data to move (R1.7).
    DataMoves,
}

impl AskKind {
    /// Whether the answer is a list of items.
    pub fn is_list(self) -> bool {
        matches!(
            self,
            AskKind::Promises
                | AskKind::Criteria
                | AskKind::Stakeholders
                | AskKind::Risks
                | AskKind::Integrations
                | AskKind::DataMoves
        )
    }
}

/// One option of a choice.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// Its name in data.
    pub id: Key,
    /// How it is shown.
    pub label: String,
}

/// What an item must carry to count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Need {
    /// Where it was said (any item).
    Evidence,
    /// A criterion's measure.
    Measure,
    /// A stakeholder's title.
    Title,
    /// A stakeholder's mail address or telephone number.
    Contact,
    /// A stakeholder's influence.
    Influence,
    /// A stakeholder's stance: how much they want it.
    Stance,
    /// A stakeholder's own goals.
    Goals,
    /// What a stakeholder said.
    Said,
    /// When a promise is due; one left soft needs no date.
    Due,
    /// Whether a promise stands in the contract.
    InContract,
    /// How strongly a promise was made.
    Strength,
    /// Who owes a promise, or owns an integration or a risk on the customer's side.
    Owner,
    /// Where data come from.
    From,
    /// In which format data come.
    Format,
    /// What would soften a risk.
    Mitigation,
}

impl Need {
    /// Whether items of a list can carry it.
    pub fn fits(self, kind: AskKind) -> bool {
        match self {
            Need::Evidence => kind.is_list(),
            Need::Measure => kind == AskKind::Criteria,
            Need::Title | Need::Contact | Need::Influence | Need::Stance | Need::Goals | Need::Said => {
                kind == AskKind::Stakeholders
            }
            Need::Due | Need::InContract | Need::Strength => kind == AskKind::Promises,
            Need::Owner => {
                matches!(
                    kind,
                    AskKind::Promises | AskKind::Risks | AskKind::Integrations | AskKind::DataMoves
                )
            }
            Need::From | Need::Format => kind == AskKind::DataMoves,
            Need::Mitigation => kind == AskKind::Risks,
        }
    }

    /// The name used in data and texts.
    pub fn name(self) -> &'static str {
        match self {
            Need::Evidence => "evidence",
            Need::Measure => "measure",
            Need::Title => "title",
            Need::Contact => "contact",
            Need::Influence => "influence",
            Need::Stance => "stance",
            Need::Goals => "goals",
            Need::Said => "said",
            Need::Due => "due",
            Need::InContract => "in_contract",
            Need::Strength => "strength",
            Need::Owner => "owner",
            Need::From => "from",
            Need::Format => "format",
            Need::Mitigation => "mitigation",
        }
    }
}

/// CRM fields that can answer an ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CrmField {
    /// Plan or tier bought.
    Plan,
    /// The amount.
    Amount,
    /// Annual recurring revenue.
    Arr,
    /// Contract term in months.
    TermMonths,
    /// Discount in percent.
    DiscountPercent,
    /// First renewal.
    RenewsOn,
    /// Who else was evaluated.
    Competitor,
    /// Size class.
    Segment,
    /// New business, renewal, expansion…
    DealType,
}
