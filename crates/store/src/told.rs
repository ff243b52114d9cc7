//! Who was told of which clock, and when, over a whole organisation: reminders and escalations, the newest first, and
//! the letters they became.
//!
//! Absent on purpose: a table of its own. What was told are facts in journals; a backend has an index that leads to
//! them.

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;
use jiff::Timestamp;
use throughline_domain::{HandoffId, OrgId};
use uuid::Uuid;

use crate::{chain::JournalRow, commit::StoreError, directory::Letter, ports::Stored, query::*};

/// The kinds of the facts that tell.
pub const TELLING: [&str; 2] = ["escalated", "reminded"];
/// The most letters that facts of one page became.
pub const LETTERS: u32 = 5_000;

/// Which of what was told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToldQuery {
    /// Whose handoffs the asker may see.
    pub reach: Reach,
    /// Only by any version of the playbook of this name.
    pub playbook: Option<String>,
    /// Not before this, to the second.
    pub from: Timestamp,
    /// Before this, to the second.
    pub until: Timestamp,
    /// Only what comes after this place; none: from the newest.
    pub after: Option<ToldPlace>,
    /// At most this many, 1 to [`PAGE`].
    pub limit: u32,
}

/// Where something told stands in a list: by the second it was told, then by handoff and fact, the last first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ToldPlace {
    /// The second it was told in, since 1970.
    pub second: i64,
    /// About which handoff.
    pub handoff: HandoffId,
    /// The place of the fact in its journal.
    pub seq: u64,
}

impl ToldPlace {
    /// Where a fact stands.
    pub fn of(row: &JournalRow) -> Self {
        Self { second: row.at.as_second(), handoff: row.handoff, seq: row.seq }
    }

    /// The second as journals have it: what indexes are made of.
    pub fn second_text(&self) -> String {
        to_the_second(Timestamp::from_second(self.second).unwrap_or_default())
    }
}

/// A time as a journal begins to write it, up to the second: these sort as the times do.
pub fn to_the_second(at: Timestamp) -> String {
    at.to_string().chars().take(19).collect()
}

/// What was told.
#[async_trait]
pub trait Telling: Send + Sync {
    /// A page of what was told, the newest first.
    async fn told(&self, org: OrgId, query: &ToldQuery) -> Result<Page<JournalRow, ToldPlace>, StoreError>;
    /// The letters that facts became, by fact: of the first [`PAGE`] facts, at most [`LETTERS`].
    async fn letters_of(
        &self,
        org: OrgId,
        facts: &BTreeSet<(HandoffId, u64)>,
    ) -> Result<BTreeMap<(HandoffId, u64), Vec<Letter>>, StoreError>;
    /// Which of these letters still wait to be mailed, and until when: of the first [`LETTERS`].
    async fn waiting_post(
        &self,
        org: OrgId,
        letters: &BTreeSet<Uuid>,
    ) -> Result<BTreeMap<Uuid, Timestamp>, StoreError>;
    /// Several states as last committed, of the first [`PAGE`] asked for; who is not there is left out.
    async fn load_many(
        &self,
        org: OrgId,
        ids: &BTreeSet<HandoffId>,
    ) -> Result<BTreeMap<HandoffId, Stored>, StoreError>;
}

/// Letters under the facts they tell of, each fact's in the order they were made.
pub fn by_fact(
    mut letters: Vec<Letter>,
    facts: &BTreeSet<(HandoffId, u64)>,
) -> BTreeMap<(HandoffId, u64), Vec<Letter>> {
    letters.sort_by_key(|letter| letter.id);
    let mut found: BTreeMap<_, Vec<Letter>> = BTreeMap::new();
    for letter in letters {
        if let Some(fact) = letter.handoff.zip(letter.follows).filter(|fact| facts.contains(fact)) {
            found.entry(fact).or_default().push(letter);
        }
    }
    found
}
