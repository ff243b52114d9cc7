//! Questions to lists: filters, order, keyset pages.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use throughline_domain::{HandoffId, ItemId, PersonId, Role};

use crate::views::PromiseRow;

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
}

/// Orders a list can have. Ties are broken by id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sort {
    /// Earliest open due time first; without one, last.
    #[default]
    Due,
    /// Last changed first.
    Updated,
    /// Signature, soonest first; without one, last.
    Signature,
    /// Account name.
    Account,
    /// Most missing first.
    Missing,
    /// Largest amount first, whatever the currency; without one, last.
    Amount,
}

/// A place in a list: the sort value and the id of the last row seen. Opaque to clients.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    /// The sort value as the store orders it.
    pub key: SortKey,
    /// The id.
    pub id: HandoffId,
}

/// A sort value: numbers order as numbers, text as bytes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(untagged)]
pub enum SortKey {
    /// Times in milliseconds, days, counts, minor units; what is missing sorts last as `i64::MAX`.
    Number(i64),
    /// Text, lower-case.
    Text(String),
}

impl Cursor {
    /// Where `row` stands.
    pub fn of(sort: Sort, row: &crate::views::HandoffRow) -> Self {
        Self { key: sort.key(row), id: row.id }
    }

    /// Whether its key is of the order's kind; a cursor of another order leads nowhere.
    pub fn fits(&self, sort: Sort) -> bool {
        matches!(self.key, SortKey::Text(_)) == (sort == Sort::Account)
    }
}

impl PromiseRow {
    /// Where it stands in lists: by decide-by time in milliseconds, without one last, then by item.
    pub fn place(&self) -> (i64, ItemId) {
        (self.decide_by.map_or(i64::MAX, Timestamp::as_millisecond), self.item)
    }
}

impl Sort {
    /// Every order.
    pub const ALL: [Sort; 6] =
        [Sort::Due, Sort::Updated, Sort::Signature, Sort::Account, Sort::Missing, Sort::Amount];

    /// The key of a row, such that ascending (key, id) is the order. Backends store it or compute the same.
    pub fn key(self, row: &crate::views::HandoffRow) -> SortKey {
        let number = |value: Option<i64>| SortKey::Number(value.unwrap_or(i64::MAX));
        match self {
            Sort::Due => number(row.next_due_at.map(Timestamp::as_millisecond)),
            Sort::Updated => number(Some(-row.updated_at.as_millisecond())),
            Sort::Signature => number(row.signature_on.map(|date| {
                i64::from(date.year()) * 10_000 + i64::from(date.month()) * 100 + i64::from(date.day())
            })),
            Sort::Account => SortKey::Text(row.account.to_lowercase()),
            Sort::Missing => number(Some(-i64::from(row.missing))),
            Sort::Amount => number(row.amount.map(|amount| amount.minor.saturating_neg())),
        }
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
