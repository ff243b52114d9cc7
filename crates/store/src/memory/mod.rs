//! A store in memory: what the contract means, in as few words as possible. For tests and for trying things out.
//!
//! Absent on purpose: durability, and speed on large sets: lists are sorted whole.

mod apply;
mod board;
mod directory;
mod drafts;
mod found;
mod handoffs;
mod mails;
mod parcels;
mod portal;
mod saved;
mod sweeps;
mod templates;
#[cfg(test)]
mod tests;
mod told;

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use async_trait::async_trait;
use throughline_domain::{
    AccountId, HandoffId, Key, OrgId, PersonId, PortalPersonId, TeamId, TokenId, deal::DealKey,
};
use uuid::Uuid;

use crate::{
    bell::Bell,
    chain::JournalRow,
    commit::*,
    directory::*,
    drafts::DraftRow,
    mails::AwaitedRow,
    parcels::InviteRow,
    portal::*,
    ports::*,
    saved::{SavedView, ViewChoice},
    templates::TemplateRow,
    views::*,
};

/// A store that forgets everything when it is dropped.
#[derive(Default)]
pub struct MemoryStore {
    orgs: Mutex<BTreeMap<OrgId, Tables>>,
    bell: Bell,
    /// What one node does at a time, and until when it has the turn, in milliseconds.
    turns: Mutex<BTreeMap<String, i64>>,
}

impl MemoryStore {
    /// An empty one.
    pub fn new() -> Self {
        Self::default()
    }

    /// Nothing panics while the lock is held; were it so, what is there is still whole.
    fn all(&self) -> MutexGuard<'_, BTreeMap<OrgId, Tables>> {
        self.orgs.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn turns(&self) -> MutexGuard<'_, BTreeMap<String, i64>> {
        self.turns.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn read<T>(&self, org: OrgId, look: impl FnOnce(&Tables) -> T) -> T {
        let all = self.all();
        match all.get(&org) {
            Some(tables) => look(tables),
            None => look(&Tables::default()),
        }
    }
}

/// What one organisation has. Cloned before a batch of changes, so that a conflict leaves nothing behind.
#[derive(Default, Clone)]
struct Tables {
    handoffs: BTreeMap<HandoffId, Arc<Held>>,
    deals: BTreeMap<DealKey, DealRow>,
    outbox: BTreeMap<Uuid, sweeps::Waiting<OutboxRow>>,
    post: BTreeMap<Uuid, sweeps::Waiting<sweeps::Due>>,
    events: BTreeMap<(String, String), sweeps::Waiting<sweeps::Event>>,
    parcels: BTreeMap<Uuid, sweeps::Waiting<parcels::Parcel>>,
    invites: BTreeMap<(HandoffId, Key), InviteRow>,
    mails: BTreeMap<Uuid, sweeps::Waiting<mails::Mail>>,
    awaited: BTreeMap<Uuid, AwaitedRow>,
    /// By the hash of an address's secret.
    awaited_at: BTreeMap<String, Uuid>,
    answers: BTreeMap<String, IdempotencyRow>,
    org: Option<Org>,
    /// The organisation's version when all clocks were last to be looked at again.
    looks_from: u64,
    people: BTreeMap<PersonId, Person>,
    teams: BTreeMap<TeamId, Team>,
    accounts: BTreeMap<AccountId, Account>,
    playbooks: BTreeMap<(String, u32), PublishedPlaybook>,
    tokens: BTreeMap<TokenId, Token>,
    sessions: BTreeMap<String, Session>,
    links: BTreeMap<String, Link>,
    letters: BTreeMap<Uuid, Letter>,
    templates: BTreeMap<String, TemplateRow>,
    drafts: BTreeMap<String, DraftRow>,
    views: BTreeMap<Uuid, SavedView>,
    view_choices: BTreeMap<(PersonId, Uuid), ViewChoice>,
    portal_people: BTreeMap<PortalPersonId, PortalPerson>,
    portal_keys: BTreeMap<Uuid, PortalKey>,
    /// By the hash of the cookie's secret.
    portal_sessions: BTreeMap<String, PortalSession>,
    audit: Vec<Audit>,
}

/// One handoff with everything that hangs on it.
#[derive(Clone)]
struct Held {
    stored: Stored,
    row: HandoffRow,
    journal: Vec<JournalRow>,
    texts: BTreeMap<Uuid, ([u8; 16], String)>,
    dues: Vec<DueRow>,
    /// When its clocks want a look, and until when it is claimed for one, in milliseconds.
    look: Option<i64>,
    claimed: i64,
    promises: Vec<PromiseRow>,
    parts: Vec<PartRow>,
}

#[async_trait]
impl Store for MemoryStore {
    async fn ready(&self) -> Result<(), StoreError> {
        Ok(())
    }

    fn kind(&self) -> &'static str {
        "memory"
    }
}
