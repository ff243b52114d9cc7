//! Drafts of playbooks: a version somebody is working on, by the playbook's name, kept on the server until it is
//! published or dropped.
//!
//! Whoever writes says what they wrote on, so that two who edit at once do not lose each other's work. A draft that was
//! published or dropped keeps its number: what was read of it before is known to be old. Absent on purpose: what a
//! playbook may say; a draft may be faulty, and no playbook at all.

use async_trait::async_trait;
use jiff::Timestamp;
use throughline_domain::{Actor, OrgId};

use crate::commit::StoreError;

/// Said when a draft was changed since it was read.
pub const DRAFT_MOVED_ON: &str = "the draft was changed meanwhile";

/// A draft of a playbook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftRow {
    /// The playbook's name, as it was when the draft was begun.
    pub name: String,
    /// Counts its changes, from 1; dropping it is a change.
    pub version: u64,
    /// The text; none: published or dropped.
    pub source: Option<String>,
    /// The published version it was begun on; none where there was none.
    pub based_on: Option<u32>,
    /// When it was begun.
    pub begun_at: Timestamp,
    /// By whom.
    pub begun_by: Actor,
    /// When it was changed last.
    pub changed_at: Timestamp,
    /// By whom.
    pub changed_by: Actor,
}

/// Looking at drafts of playbooks.
#[async_trait]
pub trait Drafting: Send + Sync {
    /// The draft of a playbook, or what is known of the last one.
    async fn draft(&self, org: OrgId, name: &str) -> Result<Option<DraftRow>, StoreError>;
    /// Every draft an organisation ever had, by name; of those there are, the text is left out as empty.
    async fn drafts(&self, org: OrgId) -> Result<Vec<DraftRow>, StoreError>;
}
