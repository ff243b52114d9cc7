//! Steps of the sequence: what each is to the process, who owes it, in which forms it can happen.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Due, Moment};
use crate::{
    ids::Key,
    people::Role,
    playbook::{asks::Choice, model::At, rule::Rule},
};

/// What a step is to the process; a playbook has each at most once, except `rating` and `other`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum StepKind {
    /// A CSM is nominated.
    Nomination,
    /// The record is complete (R3.2).
    Record,
    /// The CSM meets the customer before signature (R3.3).
    EarlyIntro,
    /// The receiving team reviews (R6.7).
    Review,
    /// The CSM answers the offer (R2.10).
    OfferAnswer,
    /// A returned record is answered (R2.10).
    ReturnAnswer,
    /// The internal call or its asynchronous form (R3.4).
    InternalCall,
    /// The AE introduces the CSM (R3.5).
    WarmIntro,
    /// The CSM's first contact (R3.6).
    FirstContact,
    /// A date for the kickoff is booked with the customer (R3.8).
    KickoffBooked,
    /// The kickoff is held (R3.7).
    Kickoff,
    /// The plan is confirmed (R3.9).
    PlanConfirmed,
    /// The AE stays available (R3.11): a period, not a task.
    Availability,
    /// A rating is given (R3.12).
    Rating,
    /// First measurable value (R3.10).
    FirstValue,
    /// Something of this playbook's own.
    Other,
}

impl StepKind {
    /// Steps that happen in the world and are reported; the others are read from other facts.
    pub fn is_reported(self) -> bool {
        matches!(
            self,
            StepKind::EarlyIntro
                | StepKind::InternalCall
                | StepKind::WarmIntro
                | StepKind::FirstContact
                | StepKind::KickoffBooked
                | StepKind::Kickoff
                | StepKind::FirstValue
                | StepKind::Other
        )
    }
}

/// A step of the sequence (R3.1): one owner, one clock.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// Its name in data.
    #[schemars(with = "Key")]
    pub id: At<Key>,
    /// How it is shown.
    pub title: String,
    /// What it is to the process.
    pub kind: StepKind,
    /// What it is for, in a sentence or two.
    pub about: Option<String>,
    /// Who owes it.
    pub owner: Role,
    /// Who takes part besides.
    #[serde(default)]
    pub with: Vec<Role>,
    /// How long it takes, in minutes.
    pub minutes: Option<u16>,
    /// How often it is hoped for: counted and shown, never demanded (R3.3).
    pub times: Option<Times>,
    /// Its clock.
    #[schemars(with = "Option<Due>")]
    pub due: Option<At<Due>>,
    /// In which forms it can happen; any when empty.
    #[serde(default)]
    pub forms: Vec<FormRule>,
    /// Whether the receiving side must confirm it before it counts (R0.10).
    #[serde(default)]
    pub confirmed_by_receiver: bool,
    /// The moment after which it can no longer happen (R0.2).
    pub until: Option<Moment>,
    /// Steps it presupposes: reporting this one confirms those (R0.10).
    #[serde(default)]
    #[schemars(with = "Vec<Key>")]
    pub confirms: Vec<At<Key>>,
    /// The step exists only when this rule holds.
    #[schemars(with = "Option<Rule>")]
    pub when: Option<At<Rule>>,
    /// For ratings: which.
    pub rating: Option<Key>,
    /// What to talk about.
    #[serde(default)]
    pub agenda: Vec<String>,
    /// What to tick off (R3.14).
    #[serde(default)]
    pub outcomes: Vec<Choice>,
}

/// How often something is hoped for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Times {
    /// At least so often.
    pub at_least: u8,
    /// At most so often.
    pub at_most: u8,
}

/// One form in which a step can happen.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FormRule {
    /// Its name in data, such as `mail`, `bridge_call`, `live`, `async`.
    #[schemars(with = "Key")]
    pub form: At<Key>,
    /// How it is shown.
    pub title: String,
    /// Allowed only when this rule holds.
    #[schemars(with = "Option<Rule>")]
    pub when: Option<At<Rule>>,
    /// The step counts only once it happened in this form, when this rule holds.
    #[schemars(with = "Option<Rule>")]
    pub required_when: Option<At<Rule>>,
}
