//! The journal and its views, in memory.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use async_trait::async_trait;
use jiff::Timestamp;
use throughline_domain::{AccountId, HandoffId, ItemId, OrgId, PersonId, deal::DealKey};
use uuid::Uuid;

use super::{Held, MemoryStore, Tables, sweeps::Waiting};
use crate::{chain::JournalRow, commit::*, ports::*, query::*, sort::*, views::*};

#[async_trait]
impl Handoffs for MemoryStore {
    async fn load(&self, org: OrgId, id: HandoffId) -> Result<Option<Stored>, StoreError> {
        Ok(self.read(org, |tables| tables.handoffs.get(&id).map(|held| held.stored.clone())))
    }

    async fn commit(&self, commit: Commit) -> Result<Version, CommitError> {
        let nudges = commit.nudges();
        let version = self.all().entry(commit.org).or_default().commit(commit)?;
        if nudges {
            self.bell.ring();
        }
        Ok(version)
    }

    async fn deal(&self, org: OrgId, key: &DealKey) -> Result<Option<DealRow>, StoreError> {
        Ok(self.read(org, |tables| tables.deals.get(key).cloned()))
    }

    async fn row(&self, org: OrgId, id: HandoffId) -> Result<Option<HandoffRow>, StoreError> {
        Ok(self.read(org, |tables| tables.handoffs.get(&id).map(|held| held.row.clone())))
    }

    async fn list(&self, org: OrgId, query: &HandoffQuery) -> Result<Page<HandoffRow>, StoreError> {
        if query.after.as_ref().is_some_and(|after| !after.fits(query.sort)) {
            return Ok(Page { rows: Vec::new(), next: None });
        }
        Ok(self.read(org, |tables| {
            let place = |row: &HandoffRow| (query.sort.key(row), row.id);
            let after = query.after.as_ref().map(|after| (after.key.clone(), after.id));
            let mut rows: Vec<_> = tables.matching(&query.reach, &query.filter).collect();
            rows.retain(|row| after.as_ref().is_none_or(|after| place(row) > *after));
            rows.sort_by_cached_key(|row| place(row));
            let limit = bounded(query.limit, PAGE);
            let more = rows.len() > limit;
            rows.truncate(limit);
            let next = rows.last().filter(|_| more).map(|row| Cursor::of(query.sort, row));
            Page { rows: rows.into_iter().cloned().collect(), next }
        }))
    }

    async fn count(
        &self,
        org: OrgId,
        reach: &Reach,
        filter: &HandoffFilter,
        most: u32,
    ) -> Result<u32, StoreError> {
        let found = self.read(org, |tables| tables.matching(reach, filter).take(most as usize).count());
        Ok(u32::try_from(found).unwrap_or(most))
    }

    async fn of_account(&self, org: OrgId, account: AccountId) -> Result<Vec<HandoffRow>, StoreError> {
        Ok(self.read(org, |tables| {
            let all = tables.handoffs.values().map(|held| &held.row);
            let mut rows: Vec<_> = all.filter(|row| row.account_id == account).collect();
            rows.sort_by_key(|row| std::cmp::Reverse((row.opened_at.as_millisecond(), row.id)));
            rows.into_iter().take(100).cloned().collect()
        }))
    }

    async fn promises(
        &self,
        org: OrgId,
        query: &PromiseQuery,
    ) -> Result<Page<PromiseRow, (i64, ItemId)>, StoreError> {
        Ok(self.read(org, |tables| {
            let asked = |row: &&PromiseRow| {
                (query.routed_to.is_empty()
                    || row.routed_to.is_some_and(|role| query.routed_to.contains(&role)))
                    && (query.state.is_empty() || query.state.contains(&row.state))
                    && query.after.is_none_or(|after| row.place() > after)
            };
            let all = tables.handoffs.values().flat_map(|held| &held.promises);
            let mut rows: Vec<_> = all.filter(asked).cloned().collect();
            rows.sort_by_key(PromiseRow::place);
            let limit = bounded(query.limit, PAGE);
            let more = rows.len() > limit;
            rows.truncate(limit);
            let next = rows.last().filter(|_| more).map(PromiseRow::place);
            Page { rows, next }
        }))
    }

    async fn dues(&self, org: OrgId, id: HandoffId) -> Result<Vec<DueRow>, StoreError> {
        Ok(self
            .read(org, |tables| tables.handoffs.get(&id).map(|held| held.dues.clone()).unwrap_or_default()))
    }

    async fn journal(
        &self,
        org: OrgId,
        id: HandoffId,
        after: u64,
        limit: u32,
    ) -> Result<Vec<JournalRow>, StoreError> {
        Ok(self.read(org, |tables| {
            let rows = tables.handoffs.get(&id).into_iter().flat_map(|held| &held.journal);
            rows.filter(|row| row.seq > after).take(bounded(limit, STRETCH)).cloned().collect()
        }))
    }

    async fn timeline(
        &self,
        org: OrgId,
        id: HandoffId,
        before: Option<u64>,
        limit: u32,
    ) -> Result<Vec<JournalRow>, StoreError> {
        Ok(self.read(org, |tables| {
            let rows = tables.handoffs.get(&id).into_iter().flat_map(|held| held.journal.iter().rev());
            let earlier = rows.filter(|row| before.is_none_or(|before| row.seq < before));
            earlier.take(bounded(limit, STRETCH)).cloned().collect()
        }))
    }

    async fn texts(
        &self,
        org: OrgId,
        id: HandoffId,
    ) -> Result<BTreeMap<Uuid, ([u8; 16], String)>, StoreError> {
        Ok(self
            .read(org, |tables| tables.handoffs.get(&id).map(|held| held.texts.clone()).unwrap_or_default()))
    }

    async fn ids(
        &self,
        org: OrgId,
        after: Option<HandoffId>,
        limit: u32,
    ) -> Result<Vec<HandoffId>, StoreError> {
        Ok(self.read(org, |tables| {
            let ids = tables.handoffs.keys().copied();
            ids.filter(|id| after.is_none_or(|after| *id > after)).take(bounded(limit, STRETCH)).collect()
        }))
    }

    async fn tally(&self, org: OrgId) -> Result<Tally, StoreError> {
        Ok(self.read(org, |tables| {
            let facts = tables.handoffs.values().map(|held| held.journal.len() as u64).sum();
            Tally { handoffs: tables.handoffs.len() as u64, facts }
        }))
    }

    async fn outbox(&self, org: OrgId, limit: u32) -> Result<Vec<OutboxRow>, StoreError> {
        Ok(self.read(org, |tables| {
            let waiting = tables.outbox.values().map(|waiting| waiting.row.clone());
            waiting.take(bounded(limit, STRETCH)).collect()
        }))
    }

    async fn remembered(&self, org: OrgId, key: &str) -> Result<Option<IdempotencyRow>, StoreError> {
        Ok(self.read(org, |tables| tables.answers.get(key).cloned()))
    }
}

impl Tables {
    /// All checks come before the first change, so a refused commit leaves no trace.
    fn commit(&mut self, commit: Commit) -> Result<Version, CommitError> {
        if commit.idempotency.as_ref().is_some_and(|row| self.answers.contains_key(&row.key)) {
            return Err(CommitError::KeyUsed);
        }
        let held = self.handoffs.get(&commit.id);
        let current = held.map_or(0, |held| held.stored.version);
        if current != commit.expected {
            return Err(CommitError::Stale { current });
        }
        if let Some(deal) = &commit.deal
            && let Some(kept) = self.deals.get(&deal.key)
        {
            match kept.handoff {
                Some(other) if other != commit.id => return Err(CommitError::DealTaken(other)),
                None if kept.source_time > deal.source_time => return Err(CommitError::Stale { current }),
                _ => {}
            }
        }
        let (version, head) = commit.follows(held.map(|held| held.stored.head.as_str()))?;

        let stored = Stored { version, head, snapshot: commit.snapshot };
        let look = commit.look_at.map(Timestamp::as_millisecond);
        let again = commit.as_of < self.looks_from && commit.row.life == "live";
        let look = if again { Some(0) } else { look };
        let texts = commit.texts.into_iter().map(|text| (text.id, (text.salt, text.text)));
        if let Some(held) = self.handoffs.get_mut(&commit.id).map(Arc::make_mut) {
            held.stored = stored;
            held.row = commit.row;
            held.journal.extend(commit.journal);
            if let Some(erase) = &commit.erase {
                held.texts.retain(|text, _| !erase.takes(*text));
            }
            held.texts.extend(texts);
            held.dues = commit.dues;
            (held.look, held.claimed) = (look, 0);
            held.promises = commit.promises.unwrap_or_else(|| std::mem::take(&mut held.promises));
            held.parts = commit.parts.unwrap_or_else(|| std::mem::take(&mut held.parts));
        } else {
            let held = Held {
                stored,
                row: commit.row,
                journal: commit.journal,
                texts: texts.collect(),
                dues: commit.dues,
                look,
                claimed: 0,
                promises: commit.promises.unwrap_or_default(),
                parts: commit.parts.unwrap_or_default(),
            };
            self.handoffs.insert(commit.id, Arc::new(held));
        }
        if commit.erase.is_some() {
            let id = commit.id.to_string();
            let quoting = self.answers.values_mut().filter(|answer| answer.body.contains(&id));
            quoting.for_each(|answer| answer.body.clear());
        }
        self.deals.extend(commit.deal.map(|deal| (deal.key.clone(), deal)));
        self.outbox.extend(commit.outbox.into_iter().map(|row| (row.id, Waiting::of(row))));
        self.answers.extend(commit.idempotency.map(|row| (row.key.clone(), row)));
        Ok(version)
    }

    pub(super) fn matching<'a>(
        &'a self,
        reach: &'a Reach,
        filter: &'a HandoffFilter,
    ) -> impl Iterator<Item = &'a HandoffRow> {
        let text = needle(filter.text.as_deref());
        self.handoffs
            .values()
            .filter(move |held| held.admitted(reach, filter, text.as_deref()))
            .map(|held| &held.row)
    }
}

/// Whether a handoff runs by any version of a playbook.
pub(super) fn by_playbook(row: &HandoffRow, name: &str) -> bool {
    row.playbook.as_deref().is_some_and(|playbook| playbook.starts_with(&versions_of(name)))
}

impl Held {
    fn admitted(&self, reach: &Reach, filter: &HandoffFilter, text: Option<&str>) -> bool {
        let row = &self.row;
        let takes_part = |person: PersonId| self.parts.iter().any(|part| part.person == person);
        let one_of = |all: &BTreeSet<String>, own: &String| all.is_empty() || all.contains(own);
        let reached = match reach {
            Reach::Organisation => true,
            Reach::People(people) => people.iter().any(|person| takes_part(*person)),
        };
        let due_at = row.next_due_at.map(Timestamp::as_millisecond);
        reached
            && one_of(&filter.life, &row.life)
            && one_of(&filter.stage, &row.stage)
            && filter.ae.is_none_or(|ae| row.ae == ae)
            && filter.csm.is_none_or(|csm| row.csm == Some(csm))
            && filter.part.is_none_or(takes_part)
            && filter.owes.is_none_or(|person| row.next_person == Some(person))
            && filter.playbook.as_deref().is_none_or(|name| by_playbook(row, name))
            && text.is_none_or(|text| haystack(&[&row.account, &row.deal_name]).contains(text))
            && filter.incomplete.is_none_or(|incomplete| (row.missing > 0) == incomplete)
            && filter.bypassed.is_none_or(|bypassed| row.bypassed == bypassed)
            && filter.due_before.is_none_or(|before| due_at.is_some_and(|due| due < before.as_millisecond()))
            && filter.open_waivers.is_none_or(|open| (row.open_waivers > 0) == open)
            && filter.open_questions.is_none_or(|open| (row.open_questions > 0) == open)
            && filter.nominated.is_none_or(|nominated| row.csm.is_some() == nominated)
            && filter.parts.as_ref().is_none_or(|people| people.iter().any(|person| takes_part(*person)))
            && filter.due_from.is_none_or(|from| due_at.is_none_or(|due| due >= from.as_millisecond()))
            && filter.segment.as_ref().is_none_or(|segment| row.segment.as_ref() == Some(segment))
            && filter.lead_source.as_ref().is_none_or(|source| row.lead_source.as_ref() == Some(source))
            && filter.refused.is_none_or(|refused| row.refused == refused)
            && (filter.credit.is_empty()
                || row.credit.is_some_and(|credit| filter.credit.contains(credit.name())))
            && filter.kicked_off.is_none_or(|kicked_off| row.kicked_off == kicked_off)
    }
}
