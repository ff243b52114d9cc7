//! Which deals take which way, and to whom the account goes.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    ids::Key,
    playbook::{model::At, rule::Rule},
};

/// Which deals take which way (R0.8). The first rule that holds decides.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Route {
    /// Its name in data.
    #[schemars(with = "Key")]
    pub id: At<Key>,
    /// When it holds; always, when left out.
    #[schemars(with = "Option<Rule>")]
    pub when: Option<At<Rule>>,
    /// Which process.
    pub take: Way,
    /// The variant rules see as `variant`.
    pub variant: Option<Key>,
    /// Who the account goes to.
    #[serde(default)]
    pub csm: CsmChoice,
    /// Why, as shown.
    pub because: String,
}

/// Which process a route leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// This playbook.
    This,
    /// None: out of scope, counted, never as complete; the CSM of record is told.
    None,
}

/// Who the account goes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CsmChoice {
    /// Somebody the CS leader picks.
    #[default]
    Named,
    /// The CSM who already has the account.
    OfRecord,
    /// The pool's owner.
    Pooled,
}
