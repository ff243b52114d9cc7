//! What was told, in memory.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
};

use async_trait::async_trait;
use jiff::Timestamp;
use throughline_domain::{HandoffId, OrgId};
use uuid::Uuid;

use super::{Held, MemoryStore, handoffs::by_playbook};
use crate::{chain::JournalRow, commit::StoreError, directory::Letter, ports::Stored, query::*, told::*};

#[async_trait]
impl Telling for MemoryStore {
    async fn told(&self, org: OrgId, query: &ToldQuery) -> Result<Page<JournalRow, ToldPlace>, StoreError> {
        Ok(self.read(org, |tables| {
            let (from, until) = (query.from.as_second(), query.until.as_second());
            let held = tables.handoffs.values().filter(|held| asked(held, query));
            let facts = held.flat_map(|held| &held.journal).filter(|row| {
                let place = ToldPlace::of(row);
                TELLING.contains(&row.kind.as_str())
                    && (from..until).contains(&place.second)
                    && query.after.is_none_or(|after| place < after)
            });
            let mut rows: Vec<_> = facts.collect();
            rows.sort_by_key(|row| Reverse(ToldPlace::of(row)));
            let limit = bounded(query.limit, PAGE);
            let more = rows.len() > limit;
            rows.truncate(limit);
            let next = rows.last().filter(|_| more).map(|row| ToldPlace::of(row));
            Page { rows: rows.into_iter().cloned().collect(), next }
        }))
    }

    async fn letters_of(
        &self,
        org: OrgId,
        facts: &BTreeSet<(HandoffId, u64)>,
    ) -> Result<BTreeMap<(HandoffId, u64), Vec<Letter>>, StoreError> {
        let facts: BTreeSet<_> = facts.iter().copied().take(PAGE as usize).collect();
        Ok(self.read(org, |tables| {
            let fact = |letter: &&Letter| letter.handoff.zip(letter.follows);
            let told =
                tables.letters.values().filter(|letter| fact(letter).is_some_and(|it| facts.contains(&it)));
            by_fact(told.take(LETTERS as usize).cloned().collect(), &facts)
        }))
    }

    async fn waiting_post(
        &self,
        org: OrgId,
        letters: &BTreeSet<Uuid>,
    ) -> Result<BTreeMap<Uuid, Timestamp>, StoreError> {
        Ok(self.read(org, |tables| {
            let waits = |letter: &Uuid| Timestamp::from_millisecond(tables.post.get(letter)?.row.at).ok();
            let asked = letters.iter().take(LETTERS as usize);
            asked.filter_map(|letter| Some((*letter, waits(letter)?))).collect()
        }))
    }

    async fn load_many(
        &self,
        org: OrgId,
        ids: &BTreeSet<HandoffId>,
    ) -> Result<BTreeMap<HandoffId, Stored>, StoreError> {
        Ok(self.read(org, |tables| {
            let asked = ids.iter().take(PAGE as usize);
            asked.filter_map(|id| Some((*id, tables.handoffs.get(id)?.stored.clone()))).collect()
        }))
    }
}

fn asked(held: &Held, query: &ToldQuery) -> bool {
    let reached = match &query.reach {
        Reach::Organisation => true,
        Reach::People(people) => held.parts.iter().any(|part| people.contains(&part.person)),
    };
    reached && query.playbook.as_deref().is_none_or(|name| by_playbook(&held.row, name))
}
