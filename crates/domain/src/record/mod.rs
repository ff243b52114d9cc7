//! What the record holds: answers and items, each with where it came from.
//!
//! An item stands in one list; an ask is a view over a list (all stakeholders who are champions). Absent on
//! purpose: whether anything is required or enough; that is the playbook's question, answered in [`crate::gate`].

mod answer;
mod item;
mod other;
mod promise;
mod stakeholder;

pub use answer::*;
pub use item::*;
pub use other::*;
pub use promise::*;
pub use stakeholder::*;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::ids::{ItemId, Key};

/// Everything known so far.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Record {
    /// Answers to single asks.
    pub answers: BTreeMap<Key, Answered>,
    /// Lists for which somebody said "there are none".
    pub none: BTreeMap<Key, NoneDeclared>,
    /// Items of all lists, oldest first (ids sort by birth).
    pub items: BTreeMap<ItemId, Item>,
}

impl Record {
    /// The items of one list.
    pub fn list(&self, list: List) -> impl Iterator<Item = &Item> {
        self.items.values().filter(move |item| item.body.list() == list)
    }

    /// What the account's next deal starts from (R0.7): everything but promises, which each deal makes anew,
    /// and what the customer said to a criterion of this one.
    pub fn to_carry(&self) -> Vec<Carried> {
        let carried = |item: &Item| {
            let body = match &item.body {
                Body::Promise(_) => return None,
                Body::Criterion(criterion) => {
                    Body::Criterion(Criterion { confirmation: None, ..criterion.clone() })
                }
                other => other.clone(),
            };
            Some(Carried { body, evidence: item.evidence.clone() })
        };
        self.items.values().filter_map(carried).collect()
    }

    /// The promises with their items.
    pub fn promises(&self) -> impl Iterator<Item = (&Item, &Promise)> {
        self.items.values().filter_map(|item| match &item.body {
            Body::Promise(promise) => Some((item, promise)),
            _ => None,
        })
    }
}
