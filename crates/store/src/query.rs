//! Questions to lists: filters, order, keyset pages.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use throughline_domain::{ItemId, PersonId, Role};

use crate::{sort::*, views::PromiseRow};

/// The most rows a page of a list holds; a larger limit gives this many.
pub const PAGE: u32 = 200;
/// The most rows a stretch of a journal, a sweep's ids or the outbox gives at once.
pub const STRETCH: u32 = 1_000;

/// A limit within its bounds: at least one row, at most `most`.
pub fn bounded(limit: u32, most: u32) -> usize {
    limit.clamp(1, most) as usize
}

/// Text as searches compare it: lower-case by Unicode, the two small sigmas as one. Accents count.
pub fn folded(text: &str) -> String {
    text.to_lowercase().replace('ς', "σ")
}

/// What a text search looks through, folded. The unit separator keeps a match from spanning two fields.
pub fn haystack(fields: &[&str]) -> String {
    folded(&fields.join("\u{1f}"))
}

/// What a text search looks for, folded; none: nothing is asked, everything matches.
pub fn needle(text: Option<&str>) -> Option<String> {
    text.map(str::trim).filter(|text| !text.is_empty()).map(folded)
}

/// Whose handoffs a list may show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reach {
    /// Everything of the organisation.
    Organisation,
    /// Handoffs any of these people has a part in.
    People(BTreeSet<PersonId>),
}

/// Which handoffs, in which order, from where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HandoffQuery {
    /// Whose the asker may see.
    pub reach: Reach,
    /// Only these.
    pub filter: HandoffFilter,
    /// In this order.
    pub sort: Sort,
    /// After this place; none: from the start.
    pub after: Option<Cursor>,
    /// At most this many, 1 to [`PAGE`].
    pub limit: u32,
}

/// Filters; all given must hold.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct HandoffFilter {
    /// One of these lives; all when empty.
    pub life: BTreeSet<String>,
    /// One of these stages; all when empty.
    pub stage: BTreeSet<String>,
    /// This AE.
    pub ae: Option<PersonId>,
    /// This CSM.
    pub csm: Option<PersonId>,
    /// This person has a part.
    pub part: Option<PersonId>,
    /// This person owes the next missing thing.
    pub owes: Option<PersonId>,
    /// By any version of the playbook of this name.
    #[serde(default)]
    pub playbook: Option<String>,
    /// Text in account or deal name, without regard to case.
    pub text: Option<String>,
    /// Only with something missing (true) or nothing (false).
    pub incomplete: Option<bool>,
    /// Only bypassed ones (true) or not (false).
    pub bypassed: Option<bool>,
    /// Only with an open due time before this.
    pub due_before: Option<Timestamp>,
    /// Only with waivers to decide (true).
    pub open_waivers: Option<bool>,
    /// Only with questions nobody has answered (true) or without (false).
    pub open_questions: Option<bool>,
    /// Only with a CSM, nominated or more (true), or where nobody is (false).
    pub nominated: Option<bool>,
    /// Any of these people has a part; none: whoever has.
    #[serde(default)]
    pub parts: Option<BTreeSet<PersonId>>,
    /// Only with nothing due before this: with the next due time then or later, or without one.
    #[serde(default)]
    pub due_from: Option<Timestamp>,
    /// Of this size class, as the CRM writes it.
    #[serde(default)]
    pub segment: Option<String>,
    /// From this source, as the CRM writes it.
    #[serde(default)]
    pub lead_source: Option<String>,
    /// Only where some gate was refused and not passed since (true), or not (false).
    #[serde(default)]
    pub refused: Option<bool>,
    /// With the credit in one of these states, by name; any when empty.
    #[serde(default)]
    pub credit: BTreeSet<String>,
    /// Only where the kickoff was held (true) or not (false).
    #[serde(default)]
    pub kicked_off: Option<bool>,
}

/// What the name of a playbook's every version begins with, as rows have it.
pub fn versions_of(playbook: &str) -> String {
    format!("{playbook}@")
}

impl PromiseRow {
    /// Where it stands in lists: by decide-by time in milliseconds, without one last, then by item.
    pub fn place(&self) -> (i64, ItemId) {
        (self.decide_by.map_or(i64::MAX, Timestamp::as_millisecond), self.item)
    }
}

/// A page of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T, C = Cursor> {
    /// The rows.
    pub rows: Vec<T>,
    /// Where the next page begins; none: this was the last.
    pub next: Option<C>,
}

/// Which promises.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PromiseQuery {
    /// Waiting for one of these roles; any when empty.
    pub routed_to: BTreeSet<Role>,
    /// In one of these states; any when empty.
    pub state: BTreeSet<String>,
    /// After this place (decide-by in milliseconds, item id).
    pub after: Option<(i64, ItemId)>,
    /// At most this many, 1 to [`PAGE`].
    pub limit: u32,
}
