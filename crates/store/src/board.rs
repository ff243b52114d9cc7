//! Counting instead of listing: how handoffs spread over stages and lateness, and what each CSM holds. One answer each,
//! however many rows it is about.

use std::collections::BTreeSet;

use async_trait::async_trait;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use throughline_domain::{Money, OrgId, PersonId};

use crate::{
    commit::StoreError,
    query::{HandoffFilter, Reach},
};

/// The most rows a spread looks at; what it says of more is "at least".
pub const SPREAD: u32 = 20_000;
/// The most words of a kind that handoffs are told apart by.
pub const WORDS: u32 = 200;

/// The most that one handoff adds to a sum, in minor units: sums of many stay numbers.
const LARGEST: i64 = 100_000_000_000_000;

/// What an amount adds to a sum.
pub fn summand(arr: Money) -> i64 {
    arr.minor.clamp(-LARGEST, LARGEST)
}

/// How many handoffs are at a stage, and how their next due times lie.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spread {
    /// preparing, offered, assigned or owned.
    pub stage: String,
    /// All of them.
    pub all: u32,
    /// Past their next due time.
    pub late: u32,
    /// Due before the time that counts as soon.
    pub soon: u32,
}

/// When a due time is late, and before when it is soon.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lateness {
    /// Due before this is late.
    pub now: Timestamp,
    /// Due before this, and not late, is soon.
    pub soon: Timestamp,
}

/// What somebody holds of one currency, one stage, before or after its kickoff.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Load {
    /// The CSM, nominated or more.
    pub csm: PersonId,
    /// preparing, offered, assigned or owned.
    pub stage: String,
    /// Whether the kickoff was held.
    pub kicked_off: bool,
    /// How many live handoffs.
    pub all: u32,
    /// How many of them are past their next due time.
    pub late: u32,
    /// Their annual recurring revenue, of this currency alone; none: it is not known.
    pub arr: Option<Money>,
}

impl Load {
    /// Where it stands among all that are told: by person, stage, kickoff, and what is not known first.
    pub fn place(&self) -> (PersonId, String, bool, Option<String>) {
        let currency = self.arr.map(|arr| arr.currency.to_string());
        (self.csm, self.stage.clone(), self.kicked_off, currency)
    }
}

/// The words of the CRM's by which an organisation's handoffs are told apart, in order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DealWords {
    /// Size classes.
    pub segments: Vec<String>,
    /// Lead sources.
    pub lead_sources: Vec<String>,
}

/// Counting handoffs.
#[async_trait]
pub trait Counting: Send + Sync {
    /// How what a filter finds spreads over the stages, by stage; of the first [`SPREAD`] by due time.
    async fn spread(
        &self,
        org: OrgId,
        reach: &Reach,
        filter: &HandoffFilter,
        lateness: Lateness,
    ) -> Result<Vec<Spread>, StoreError>;
    /// What each of some CSMs holds of live handoffs, in order of [`Load::place`]. Late is what was due before `now`.
    async fn loads(
        &self,
        org: OrgId,
        csms: &BTreeSet<PersonId>,
        now: Timestamp,
    ) -> Result<Vec<Load>, StoreError>;
    /// The words handoffs are told apart by, at most [`WORDS`] of a kind.
    async fn words(&self, org: OrgId) -> Result<DealWords, StoreError>;
}
