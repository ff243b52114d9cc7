//! What the receiving team says of a handoff: the answer to an offer, the scorecard, the ratings.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    ids::Key,
    people::Role,
    playbook::{asks::Choice, model::At},
};

/// Offer, acceptance and refusal (R2.10).
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OfferRules {
    /// Reasons a CSM can give.
    pub refusal_codes: Vec<Choice>,
    /// An unanswered offer goes here.
    pub escalate_to: Role,
    /// A second return brings these in.
    pub second_return_to: Vec<Role>,
}

/// The receiving team's scorecard (R6.7).
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Scorecard {
    /// Unreviewed records go here.
    pub escalate_to: Role,
    /// What is marked.
    pub categories: Vec<Category>,
}

/// One category.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Category {
    /// Its name in data.
    #[schemars(with = "Key")]
    pub id: At<Key>,
    /// How it is shown.
    pub title: String,
    /// The question behind it.
    pub question: String,
    /// When it is marked.
    pub when: MarkedWhen,
    /// What *unclear* does.
    #[serde(default = "returns")]
    pub unclear: MarkEffect,
    /// What *partial* does.
    #[serde(default = "follow_up")]
    pub partial: MarkEffect,
}

fn returns() -> MarkEffect {
    MarkEffect::Returns
}

fn follow_up() -> MarkEffect {
    MarkEffect::FollowUp
}

/// When a category is marked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum MarkedWhen {
    /// Before acceptance: it is part of the review.
    Review,
    /// After the warm introduction.
    AfterIntro,
}

/// What a mark does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum MarkEffect {
    /// The record goes back to the AE; the gate stays shut.
    Returns,
    /// Passes; the AE owes a follow-up.
    FollowUp,
    /// Is only noted.
    Note,
}

/// A rating the CSM gives (R3.12).
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rating {
    /// Its name in data, such as `kickoff` or `day60`.
    #[schemars(with = "Key")]
    pub id: At<Key>,
    /// How it is shown.
    pub title: String,
    /// The question.
    pub question: String,
    /// This score or less asks for a coded reason (R6.6).
    pub low: u8,
    /// The reasons.
    pub reasons: Vec<Choice>,
}
