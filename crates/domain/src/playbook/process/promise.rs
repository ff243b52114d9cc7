//! Where promises go before they count.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::{
    calendar::Span,
    people::Role,
    playbook::{model::At, rule::Rule},
};

/// Where promises go before they count (R2.6).
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PromiseRules {
    /// The first rule that holds routes the promise; none: it passes by rule. A rule that fails to run routes it.
    pub routing: Vec<PromiseRoute>,
    /// Undecided this long after routing: escalates.
    pub decide_within: Span,
    /// To whom.
    pub escalate_to: Role,
}

/// One routing rule.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PromiseRoute {
    /// When it holds; always, when left out.
    #[schemars(with = "Option<Rule>")]
    pub when: Option<At<Rule>>,
    /// Who decides.
    pub to: Role,
    /// Why, as shown to the AE.
    pub because: String,
}
