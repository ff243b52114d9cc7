//! A playbook in short: what a client needs to offer the right asks, steps and names.

use schemars::JsonSchema;
use serde::Serialize;
use throughline_domain::{
    Key, Role,
    playbook::{AskKind, Gate, Playbook, StepKind, TransferOn},
};

/// What a playbook holds.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Summary {
    /// How it is shown.
    pub title: String,
    /// What sort of company it suits.
    pub about: String,
    /// Who owns the process.
    pub process_owner: Role,
    /// When ownership moves.
    pub transfer_on: TransferOn,
    /// What the record asks.
    pub asks: Vec<AskSummary>,
    /// The gates it has.
    pub gates: Vec<Gate>,
    /// The steps, in order.
    pub steps: Vec<StepSummary>,
    /// Categories of the scorecard.
    pub categories: Vec<Key>,
    /// Ratings it asks for.
    pub ratings: Vec<Key>,
}

/// An ask in short.
#[derive(Debug, Serialize, JsonSchema)]
pub struct AskSummary {
    /// Its name in data.
    pub id: Key,
    /// Under which heading.
    pub section: Key,
    /// The question.
    pub ask: String,
    /// What an answer looks like.
    #[serde(rename = "type")]
    pub kind: AskKind,
    /// Always required.
    pub required: bool,
    /// The rule by which it is required.
    pub required_when: Option<String>,
    /// Who fills it.
    pub filled_by: Role,
}

/// A step in short.
#[derive(Debug, Serialize, JsonSchema)]
pub struct StepSummary {
    /// Its name in data.
    pub id: Key,
    /// How it is shown.
    pub title: String,
    /// What it is to the process.
    pub kind: StepKind,
    /// Whose it is.
    pub owner: Role,
}

impl Summary {
    /// Of a compiled playbook.
    pub fn of(playbook: &Playbook) -> Self {
        let asks =
            playbook.sections.iter().flat_map(|section| section.asks.iter().map(move |ask| (section, ask)));
        Self {
            title: playbook.title.clone(),
            about: playbook.about.clone(),
            process_owner: playbook.process_owner,
            transfer_on: playbook.transfer_on,
            asks: asks
                .map(|(section, ask)| AskSummary {
                    id: ask.id.value.clone(),
                    section: section.id.value.clone(),
                    ask: ask.ask.clone(),
                    kind: ask.kind,
                    required: ask.required,
                    required_when: ask.required_when.as_ref().map(|rule| rule.value.source().to_owned()),
                    filled_by: ask.filled_by,
                })
                .collect(),
            gates: playbook.gates.iter().map(|rule| rule.gate.value).collect(),
            steps: playbook
                .steps
                .iter()
                .map(|step| StepSummary {
                    id: step.id.value.clone(),
                    title: step.title.clone(),
                    kind: step.kind,
                    owner: step.owner,
                })
                .collect(),
            categories: playbook
                .scorecard
                .categories
                .iter()
                .map(|category| category.id.value.clone())
                .collect(),
            ratings: playbook.ratings.iter().map(|rating| rating.id.value.clone()).collect(),
        }
    }
}
