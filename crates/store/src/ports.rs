//! What a backend can do. Handlers hold these behind an `Arc`.
//!
//! Every `limit` is taken within bounds: at least 1; at most [`PAGE`] for pages of lists, [`STRETCH`] for journals,
//! ids and the outbox.

use std::collections::BTreeMap;

use async_trait::async_trait;
use throughline_domain::{AccountId, HandoffId, ItemId, OrgId, PersonId, TeamId, TokenId, deal::DealKey};
use uuid::Uuid;

use crate::{
    board::Counting, chain::*, commit::*, directory::*, drafts::Drafting, found::Finding, mails::Mails,
    parcels::Parcels, portal::Portals, query::*, saved::Viewing, sweeps::*, templates::Wording,
    told::Telling, views::*,
};

/// A handoff as last committed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// Its version.
    pub version: Version,
    /// The hash of its last journal row.
    pub head: Hash,
    /// The state as JSON.
    pub snapshot: String,
}

/// What an organisation's commits add up to. Counted beside the rows themselves, so that rows taken away are missed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// How many handoffs were ever opened.
    pub handoffs: u64,
    /// How many facts were ever committed.
    pub facts: u64,
}

/// The journal and its views.
#[async_trait]
pub trait Handoffs: Send + Sync {
    /// The state as last committed.
    async fn load(&self, org: OrgId, id: HandoffId) -> Result<Option<Stored>, StoreError>;
    /// Stores a unit of work, whole or not at all. Durable when it answers.
    async fn commit(&self, commit: Commit) -> Result<Version, CommitError>;
    /// A deal's newest reading.
    async fn deal(&self, org: OrgId, key: &DealKey) -> Result<Option<DealRow>, StoreError>;
    /// One row of the list.
    async fn row(&self, org: OrgId, id: HandoffId) -> Result<Option<HandoffRow>, StoreError>;
    /// A page of handoffs.
    async fn list(&self, org: OrgId, query: &HandoffQuery) -> Result<Page<HandoffRow>, StoreError>;
    /// How many handoffs a filter finds, counted up to `most`.
    async fn count(
        &self,
        org: OrgId,
        reach: &Reach,
        filter: &HandoffFilter,
        most: u32,
    ) -> Result<u32, StoreError>;
    /// The handoffs of one account, newest first, at most 100.
    async fn of_account(&self, org: OrgId, account: AccountId) -> Result<Vec<HandoffRow>, StoreError>;
    /// A page of promises, by decide-by time, then item.
    async fn promises(
        &self,
        org: OrgId,
        query: &PromiseQuery,
    ) -> Result<Page<PromiseRow, (i64, ItemId)>, StoreError>;
    /// The clocks of a handoff.
    async fn dues(&self, org: OrgId, id: HandoffId) -> Result<Vec<DueRow>, StoreError>;
    /// A stretch of a handoff's journal, after `after`, at most `limit` rows.
    async fn journal(
        &self,
        org: OrgId,
        id: HandoffId,
        after: u64,
        limit: u32,
    ) -> Result<Vec<JournalRow>, StoreError>;
    /// The newest stretch of a handoff's journal: rows before `before` (exclusive; none: from the end), newest first.
    async fn timeline(
        &self,
        org: OrgId,
        id: HandoffId,
        before: Option<u64>,
        limit: u32,
    ) -> Result<Vec<JournalRow>, StoreError>;
    /// The personal texts of a handoff that still exist.
    async fn texts(
        &self,
        org: OrgId,
        id: HandoffId,
    ) -> Result<BTreeMap<Uuid, ([u8; 16], String)>, StoreError>;
    /// Handoff ids after one, in order: for sweeps over everything.
    async fn ids(
        &self,
        org: OrgId,
        after: Option<HandoffId>,
        limit: u32,
    ) -> Result<Vec<HandoffId>, StoreError>;
    /// What its commits add up to.
    async fn tally(&self, org: OrgId) -> Result<Tally, StoreError>;
    /// Messages waiting to be made, oldest first.
    async fn outbox(&self, org: OrgId, limit: u32) -> Result<Vec<OutboxRow>, StoreError>;
    /// The answer remembered under an idempotency key.
    async fn remembered(&self, org: OrgId, key: &str) -> Result<Option<IdempotencyRow>, StoreError>;
}

/// Organisations, people, playbooks, sessions, tokens, letters, events.
#[async_trait]
pub trait Directory: Send + Sync {
    /// Makes changes and their audit row in one transaction. Conflicts (a taken slug, mail address or playbook
    /// version; a used-up link; what another node has done with) write nothing.
    async fn apply(&self, org: OrgId, changes: Vec<Change>, audit: Audit) -> Result<(), ApplyError>;
    /// All organisations, at most 1,000.
    async fn orgs(&self) -> Result<Vec<Org>, StoreError>;
    /// One organisation.
    async fn org(&self, id: OrgId) -> Result<Option<Org>, StoreError>;
    /// One person.
    async fn person(&self, org: OrgId, id: PersonId) -> Result<Option<Person>, StoreError>;
    /// These people, by id; who is not there is left out. At most 1,000.
    async fn people_of(
        &self,
        org: OrgId,
        ids: &std::collections::BTreeSet<PersonId>,
    ) -> Result<Vec<Person>, StoreError>;
    /// Everybody with this mail address, in any organisation: who may sign in.
    async fn people_by_email(&self, email: &str) -> Result<Vec<(OrgId, Person)>, StoreError>;
    /// A page of people by name (lower-case name, id), optionally with text in name or mail.
    async fn people(
        &self,
        org: OrgId,
        text: Option<&str>,
        after: Option<(String, PersonId)>,
        limit: u32,
    ) -> Result<Page<Person, (String, PersonId)>, StoreError>;
    /// Who has an alias.
    async fn person_by_alias(&self, org: OrgId, alias: &str) -> Result<Option<Person>, StoreError>;
    /// All teams, by name, at most 1,000.
    async fn teams(&self, org: OrgId) -> Result<Vec<Team>, StoreError>;
    /// Everybody in any of these teams, deactivated people included (their handoffs stay in reach).
    async fn team_people(
        &self,
        org: OrgId,
        teams: &std::collections::BTreeSet<TeamId>,
    ) -> Result<std::collections::BTreeSet<PersonId>, StoreError>;
    /// Everybody who holds a role and has not left, at most 1,000.
    async fn role_people(
        &self,
        org: OrgId,
        role: throughline_domain::Role,
    ) -> Result<Vec<Person>, StoreError>;
    /// One team.
    async fn team(&self, org: OrgId, id: TeamId) -> Result<Option<Team>, StoreError>;
    /// One account.
    async fn account(&self, org: OrgId, id: AccountId) -> Result<Option<Account>, StoreError>;
    /// Which account has an alias.
    async fn account_by_alias(&self, org: OrgId, alias: &str) -> Result<Option<Account>, StoreError>;
    /// All published playbook versions without their sources, by name and version.
    async fn playbooks(&self, org: OrgId) -> Result<Vec<PublishedPlaybook>, StoreError>;
    /// One published version, or the newest of a name.
    async fn playbook(
        &self,
        org: OrgId,
        name: &str,
        version: Option<u32>,
    ) -> Result<Option<PublishedPlaybook>, StoreError>;
    /// A token by its secret's hash, in any organisation.
    async fn token(&self, secret: &str) -> Result<Option<(OrgId, Token)>, StoreError>;
    /// All tokens, newest first, at most 1,000.
    async fn tokens(&self, org: OrgId) -> Result<Vec<Token>, StoreError>;
    /// One token by id.
    async fn token_by_id(&self, org: OrgId, id: TokenId) -> Result<Option<Token>, StoreError>;
    /// A session by its secret's hash, in any organisation.
    async fn session(&self, secret: &str) -> Result<Option<(OrgId, Session)>, StoreError>;
    /// A person's sessions, newest first.
    async fn sessions_of(&self, org: OrgId, person: PersonId) -> Result<Vec<Session>, StoreError>;
    /// A link by its secret's hash, in any organisation.
    async fn link(&self, secret: &str) -> Result<Option<(OrgId, Link)>, StoreError>;
    /// A page of letters, newest first; to one person or, for the mailbox, to all.
    async fn letters(
        &self,
        org: OrgId,
        to: Option<PersonId>,
        before: Option<Uuid>,
        limit: u32,
    ) -> Result<Vec<Letter>, StoreError>;
    /// A page of the audit log, newest first; `before` is the sequence number of the last row seen.
    async fn audit(
        &self,
        org: OrgId,
        before: Option<i64>,
        limit: u32,
    ) -> Result<Vec<(i64, Audit)>, StoreError>;
    /// A page of the events received, newest first, before the last one seen.
    async fn events(
        &self,
        org: OrgId,
        before: Option<EventPlace>,
        limit: u32,
    ) -> Result<Vec<EventSeen>, StoreError>;
}

/// Why changes to plain tables were not made.
#[derive(Debug, thiserror::Error)]
pub enum ApplyError {
    /// Something unique is taken, or a link is used up. Nothing was written.
    #[error("{0}")]
    Conflict(String),
    /// Somebody else changed the organisation, or the handoff it was decided on, meanwhile. Nothing was written.
    #[error("what it was decided on has changed meanwhile: it is at version {current}")]
    Stale {
        /// Its version now.
        current: u64,
    },
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A whole backend.
#[async_trait]
pub trait Store:
    Handoffs
    + Directory
    + Sweeps
    + Parcels
    + Mails
    + Telling
    + Wording
    + Drafting
    + Portals
    + Finding
    + Counting
    + Viewing
{
    /// Whether it can answer.
    async fn ready(&self) -> Result<(), StoreError>;
    /// What it is, for people: `sqlite`, `memory`.
    fn kind(&self) -> &'static str;
}
