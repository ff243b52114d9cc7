//! Templates a company changed: its own words for the messages people are told, by the name of their kind.
//!
//! Whoever writes says what they changed, so that two who edit at once do not lose each other's words. A template that
//! goes back to the shipped words keeps its place and its number: what was read of it before is known to be old. Absent
//! on purpose: what a template may say, and whether it can be read.

use async_trait::async_trait;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use throughline_domain::{Actor, OrgId};

use crate::commit::StoreError;

/// Said when a template was changed since it was read.
pub const TEMPLATE_MOVED_ON: &str = "the template was changed meanwhile";

/// What a company says in place of a shipped template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplateRow {
    /// Of which kind of message.
    pub kind: String,
    /// Counts its changes, from 1; going back to the shipped one is a change.
    pub version: u64,
    /// The template; none: the shipped one again.
    pub source: Option<String>,
    /// When it was changed last.
    pub changed_at: Timestamp,
    /// By whom.
    pub changed_by: Actor,
    /// When it first failed as it reads now, and how; the shipped one stood in.
    pub failed: Option<TemplateFailure>,
}

/// How a template failed when it was needed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TemplateFailure {
    /// When, first.
    pub at: Timestamp,
    /// Where, and of what.
    pub reason: String,
}

/// A change of a company's templates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TemplateChange {
    /// Puts a template's next version. Conflicts unless what is there is the version before it.
    Put(TemplateRow),
    /// Notes that a version failed when it was needed. Nothing, when it is another's by now or failed before.
    Failed {
        /// Of which kind of message.
        kind: String,
        /// Which version.
        version: u64,
        /// How.
        failure: TemplateFailure,
    },
}

/// Looking at a company's templates.
#[async_trait]
pub trait Wording: Send + Sync {
    /// Every template an organisation ever changed, by kind.
    async fn templates(&self, org: OrgId) -> Result<Vec<TemplateRow>, StoreError>;
    /// Rises with every change of a template; 0 while there was none. Asked for each message, it costs little.
    async fn templates_mark(&self, org: OrgId) -> Result<u64, StoreError>;
}
