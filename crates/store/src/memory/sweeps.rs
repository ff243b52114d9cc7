//! Work that waits, in memory.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use async_trait::async_trait;
use jiff::Timestamp;
use throughline_domain::{HandoffId, OrgId, PersonId, deal::DealKey};
use uuid::Uuid;

use super::{MemoryStore, Tables, apply::conflict};
use crate::{columns::at_millis, commit::*, ports::ApplyError, query::*, sweeps::*};

/// Something that waits to be taken.
#[derive(Clone)]
pub(super) struct Waiting<T> {
    pub row: T,
    /// Until when it is somebody's, in milliseconds.
    pub claimed: i64,
}

impl<T> Waiting<T> {
    pub fn of(row: T) -> Self {
        Self { row, claimed: 0 }
    }
}

/// A letter on the post.
#[derive(Clone)]
pub(super) struct Due {
    person: PersonId,
    pub at: i64,
    tries: u32,
}

/// An event and what became of it.
#[derive(Clone)]
pub(super) struct Event {
    row: EventRow,
    due: i64,
    state: EventState,
    note: Option<String>,
}

impl Event {
    pub fn seen(&self) -> EventSeen {
        let EventRow { source, id, received_at, tries, .. } = self.row.clone();
        EventSeen { source, id, received_at, tries, state: self.state, note: self.note.clone() }
    }

    /// Whether it is done with and old.
    pub fn is_over(&self, before: Timestamp) -> bool {
        let old = self.row.received_at.as_millisecond() < before.as_millisecond();
        self.state != EventState::New && old
    }
}

/// Whether nobody holds it: no claim, one that has run out, or one that nobody makes.
pub(super) fn is_free(claimed_until: i64, now: i64) -> bool {
    claimed_until <= now || i128::from(claimed_until - now) > LONGEST_CLAIM.as_millis()
}

/// Marks the first of what is free, in order, up to the limit, and gives it.
pub(super) fn take<'a, K: Ord, T>(
    claim: Claim,
    free: impl Iterator<Item = (K, &'a mut i64, T)>,
) -> impl Iterator<Item = T> {
    let now = claim.now.as_millisecond();
    let mut free: Vec<_> = free.filter(|(_, claimed, _)| is_free(**claimed, now)).collect();
    free.sort_by(|one, other| one.0.cmp(&other.0));
    let taken = free.into_iter().take(bounded(claim.limit, STRETCH));
    taken.map(move |(_, claimed, row)| {
        *claimed = claim.until.as_millisecond();
        row
    })
}

#[async_trait]
impl Sweeps for MemoryStore {
    async fn claim_looks(&self, claim: Claim) -> Result<Vec<(OrgId, HandoffId, Timestamp)>, StoreError> {
        let (mut all, now) = (self.all(), claim.now.as_millisecond());
        let handoffs = all.iter_mut().flat_map(|(org, tables)| {
            tables.handoffs.iter_mut().map(move |(id, held)| (*org, *id, Arc::make_mut(held)))
        });
        let due = handoffs.filter_map(|(org, id, held)| {
            let look = held.look.filter(|look| *look <= now)?;
            Some(((look, org, id), &mut held.claimed, (org, id, at_millis(look))))
        });
        Ok(take(claim, due).collect())
    }

    async fn looked(&self, look: Look) -> Result<bool, StoreError> {
        let mut all = self.all();
        let held = all.get_mut(&look.org).and_then(|tables| tables.handoffs.get_mut(&look.id));
        let as_seen = held.filter(|held| {
            held.stored.version == look.version && held.claimed == look.until.as_millisecond()
        });
        let Some(held) = as_seen.map(Arc::make_mut) else { return Ok(false) };
        (held.row, held.dues) = (look.row, look.dues);
        (held.look, held.claimed) = (look.look_at.map(Timestamp::as_millisecond), 0);
        Ok(true)
    }

    async fn claim_outbox(&self, claim: Claim) -> Result<Vec<(OrgId, OutboxRow)>, StoreError> {
        let mut all = self.all();
        let waiting = all.iter_mut().flat_map(|(org, tables)| {
            tables
                .outbox
                .iter_mut()
                .map(move |(id, waiting)| ((*id, *org), &mut waiting.claimed, (*org, waiting.row.clone())))
        });
        Ok(take(claim, waiting).collect())
    }

    async fn claim_post(&self, claim: Claim) -> Result<Vec<Bag>, StoreError> {
        let (mut all, now) = (self.all(), claim.now.as_millisecond());
        let mut theirs: BTreeMap<(OrgId, PersonId), Vec<(i64, Uuid)>> = BTreeMap::new();
        for (org, tables) in all.iter() {
            for (letter, waiting) in &tables.post {
                if is_free(waiting.claimed, now) && waiting.row.at <= now {
                    let bag = theirs.entry((*org, waiting.row.person)).or_default();
                    bag.push((waiting.row.at, *letter));
                }
            }
        }
        let mut people: Vec<_> = theirs.into_iter().collect();
        people.iter_mut().for_each(|(_, letters)| letters.sort());
        people.sort_by_key(|(whose, letters)| (letters.first().map(|(at, _)| *at), *whose));
        people.truncate(bounded(claim.limit, STRETCH));
        let bag = |((org, person), mut letters): ((OrgId, PersonId), Vec<(i64, Uuid)>)| {
            letters.truncate(BAG as usize);
            let post = &mut all.entry(org).or_default().post;
            let mut take = |(_, letter): (i64, Uuid)| {
                let waiting = post.get_mut(&letter)?;
                waiting.claimed = claim.until.as_millisecond();
                Some(Posting { letter, tries: waiting.row.tries })
            };
            Bag { org, person, letters: letters.into_iter().filter_map(&mut take).collect() }
        };
        Ok(people.into_iter().map(bag).collect())
    }

    async fn on_post(
        &self,
        org: OrgId,
        person: PersonId,
        after: Option<Uuid>,
        limit: u32,
    ) -> Result<Vec<OnPost>, StoreError> {
        Ok(self.read(org, |tables| {
            let theirs = tables.post.iter().filter(|(_, waiting)| waiting.row.person == person);
            let next = theirs.filter(|(letter, _)| after.is_none_or(|after| **letter > after));
            let shown = next.map(|(letter, waiting)| {
                let at = Timestamp::from_millisecond(waiting.row.at).unwrap_or(Timestamp::MAX);
                OnPost { letter: *letter, at, tries: waiting.row.tries }
            });
            shown.take(bounded(limit, PAGE)).collect()
        }))
    }

    async fn claim_events(&self, claim: Claim) -> Result<Vec<(OrgId, EventRow)>, StoreError> {
        let (mut all, now) = (self.all(), claim.now.as_millisecond());
        let events = all.iter_mut().flat_map(|(org, tables)| {
            let new = tables.events.iter_mut().filter(|(_, event)| event.row.state == EventState::New);
            let due = new.filter(move |(_, event)| event.row.due <= now);
            due.map(move |(key, event)| {
                let row = event.row.row.clone();
                ((row.received_at.as_millisecond(), *org, key), &mut event.claimed, (*org, row))
            })
        });
        Ok(take(claim, events).collect())
    }

    async fn deals_without(
        &self,
        org: OrgId,
        after: Option<DealKey>,
        limit: u32,
    ) -> Result<Vec<DealRow>, StoreError> {
        Ok(self.read(org, |tables| {
            let without = tables.deals.values().filter(|deal| deal.handoff.is_none());
            let next = without.filter(|deal| after.as_ref().is_none_or(|after| deal.key > *after));
            next.take(bounded(limit, STRETCH)).cloned().collect()
        }))
    }

    async fn nudged(&self, at_most: Duration) {
        self.bell.heard(at_most).await;
    }
}

impl Tables {
    pub fn post(&mut self, letter: Uuid, person: PersonId, at: Timestamp) {
        let due = Due { person, at: at.as_millisecond(), tries: 0 };
        self.post.entry(letter).or_insert_with(|| Waiting::of(due));
    }

    pub fn take_off_post(&mut self, letters: &[Uuid]) -> Result<(), ApplyError> {
        for letter in letters {
            if self.post.remove(letter).is_none() {
                return conflict(GONE_FROM_POST);
            }
        }
        Ok(())
    }

    pub fn put_off_post(&mut self, letters: &[Uuid], at: Timestamp) -> Result<(), ApplyError> {
        for letter in letters {
            let Some(waiting) = self.post.get_mut(letter) else { return conflict(GONE_FROM_POST) };
            (waiting.claimed, waiting.row.at) = (0, at.as_millisecond());
            waiting.row.tries += 1;
        }
        Ok(())
    }

    pub fn time_post_anew(&mut self, now: Timestamp, letters: &[(Uuid, Option<Timestamp>)]) {
        for (letter, at) in letters {
            let waiting = self.post.get_mut(letter);
            let free = waiting.filter(|waiting| is_free(waiting.claimed, now.as_millisecond()));
            match (free, at) {
                (Some(waiting), Some(at)) => waiting.row.at = at.as_millisecond(),
                (Some(_), None) => drop(self.post.remove(letter)),
                (None, _) => {}
            }
        }
    }

    pub fn receive(&mut self, row: EventRow) -> Result<(), ApplyError> {
        let key = (row.source.clone(), row.id.clone());
        if self.events.contains_key(&key) {
            return conflict(EVENT_IS_HERE);
        }
        let due = row.received_at.as_millisecond();
        let event = Event { row, due, state: EventState::New, note: None };
        self.events.insert(key, Waiting::of(event));
        Ok(())
    }

    fn new_event(&mut self, source: String, id: String) -> Result<&mut Waiting<Event>, ApplyError> {
        let event = self.events.get_mut(&(source, id));
        match event.filter(|event| event.row.state == EventState::New) {
            Some(event) => Ok(event),
            None => conflict(EVENT_IS_OVER),
        }
    }

    pub fn settle(
        &mut self,
        source: String,
        id: String,
        state: EventState,
        note: String,
    ) -> Result<(), ApplyError> {
        let event = self.new_event(source, id)?;
        (event.row.state, event.row.note) = (state, Some(note));
        event.row.row.body.clear();
        Ok(())
    }

    pub fn put_off_event(
        &mut self,
        source: String,
        id: String,
        at: Timestamp,
        note: String,
    ) -> Result<(), ApplyError> {
        let event = self.new_event(source, id)?;
        (event.row.due, event.row.note, event.claimed) = (at.as_millisecond(), Some(note), 0);
        event.row.row.tries += 1;
        Ok(())
    }

    pub fn look_again(&mut self) {
        self.looks_from = self.org.as_ref().map_or(0, |org| org.version);
        for held in self.handoffs.values_mut().filter(|held| held.row.life == "live") {
            let held = Arc::make_mut(held);
            (held.look, held.claimed) = (Some(0), 0);
        }
    }
}
