//! Orders of lists, and where a row stands in each. One reckoning for every backend: a key that were worked out twice
//! would one day sort two ways.

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};
use throughline_domain::HandoffId;

use crate::views::HandoffRow;

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
    pub fn of(sort: Sort, row: &HandoffRow) -> Self {
        Self { key: sort.key(row), id: row.id }
    }

    /// Whether its key is of the order's kind; a cursor of another order leads nowhere.
    pub fn fits(&self, sort: Sort) -> bool {
        matches!(self.key, SortKey::Text(_)) == (sort == Sort::Account)
    }
}

/// Milliseconds of a day.
const DAY: i64 = 24 * 60 * 60 * 1_000;

/// Where a row stands in every order: ascending (key, id) is the order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SortKeys {
    /// By [`Sort::Due`].
    pub due: i64,
    /// By [`Sort::Updated`].
    pub updated: i64,
    /// By [`Sort::Signature`].
    pub signature: i64,
    /// By [`Sort::Account`].
    pub account: String,
    /// By [`Sort::Missing`].
    pub missing: i64,
    /// By [`Sort::Amount`].
    pub amount: i64,
}

impl SortKeys {
    /// Those of a row.
    pub fn of(row: &HandoffRow) -> Self {
        let day = |date: Date| {
            i64::from(date.year()) * 10_000 + i64::from(date.month()) * 100 + i64::from(date.day())
        };
        Self {
            due: row.next_due_at.map_or(i64::MAX, Timestamp::as_millisecond),
            updated: -row.updated_at.as_millisecond(),
            signature: row.signature_on.map_or(i64::MAX, day),
            account: row.account.to_lowercase(),
            missing: -i64::from(row.missing),
            amount: row.amount.as_ref().map_or(i64::MAX, |amount| amount.minor.saturating_neg()),
        }
    }

    /// The day of the last change, later days smaller.
    pub fn touched(&self) -> i64 {
        touched(self.updated)
    }
}

/// The day of an updated key, later days smaller: never smaller for a greater key.
pub fn touched(updated_key: i64) -> i64 {
    updated_key.div_euclid(DAY)
}

impl Sort {
    /// Every order.
    pub const ALL: [Sort; 6] =
        [Sort::Due, Sort::Updated, Sort::Signature, Sort::Account, Sort::Missing, Sort::Amount];

    /// Where a row stands in this order.
    pub fn key(self, row: &HandoffRow) -> SortKey {
        let keys = SortKeys::of(row);
        match self {
            Sort::Due => SortKey::Number(keys.due),
            Sort::Updated => SortKey::Number(keys.updated),
            Sort::Signature => SortKey::Number(keys.signature),
            Sort::Account => SortKey::Text(keys.account),
            Sort::Missing => SortKey::Number(keys.missing),
            Sort::Amount => SortKey::Number(keys.amount),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_later_day_is_never_a_greater_one() {
        assert_eq!([-DAY - 1, -DAY, -1, 0, DAY - 1, DAY].map(touched), [-2, -1, -1, 0, 0, 1]);
    }
}
