//! Mail that arrived, and which answers by mail are awaited.
//!
//! A mail is kept as it came, once, before anybody reads it; its bytes go when it is done with, and what became of it
//! stays a while to be seen. What is awaited lies beside it: who may answer, until when, and by which addresses, of
//! which nothing but the hash of the secret is kept. Absent on purpose: what a mail means, and that an answer was used:
//! that is part of the commit it led to.

use async_trait::async_trait;
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use throughline_domain::{HandoffId, OrgId};
use uuid::Uuid;

use crate::{commit::StoreError, sweeps::Claim};

/// Said when a mail comes again.
pub const MAIL_IS_HERE: &str = "the mail is here already";
/// Said when a mail does not wait any more.
pub const MAIL_IS_OVER: &str = "the mail is done with already";
/// Said when an address is given to what nobody awaits, or is taken.
pub const NOT_AWAITED: &str = "this answer is not awaited, or its address is taken";

/// A mail that waits to be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailRow {
    /// Which (UUIDv7: sorts by receipt).
    pub id: Uuid,
    /// What tells it from every other mail: the same each time it comes.
    pub key: String,
    /// When it came.
    pub received_at: Timestamp,
    /// How often it was put off.
    pub tries: u32,
    /// The envelope's sender, where it is known.
    pub sent_by: Option<String>,
    /// The envelope's recipient, where it is known.
    pub sent_to: Option<String>,
    /// The bytes, as they came.
    pub raw: Vec<u8>,
}

/// What became of a mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum MailState {
    /// Not read yet.
    Waiting,
    /// It was an answer, and counts.
    Used,
    /// It asks for nothing: a program wrote it, or a calendar.
    Noted,
    /// Nothing could be made of it; somebody may want to look.
    Unused,
}

impl MailState {
    /// Every state.
    pub const ALL: [Self; 4] = [Self::Waiting, Self::Used, Self::Noted, Self::Unused];

    /// Its name in tables and answers.
    pub fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Used => "used",
            Self::Noted => "noted",
            Self::Unused => "unused",
        }
    }

    /// The state of a name.
    ///
    /// # Errors
    /// [`StoreError::Unreadable`] when no state has it.
    pub fn of(name: &str) -> Result<Self, StoreError> {
        let found = Self::ALL.into_iter().find(|state| state.name() == name);
        found.ok_or_else(|| StoreError::Unreadable(format!("a mail's state is `{name}`")))
    }
}

/// A mail as people look at it: without its words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MailSeen {
    /// Which.
    pub id: Uuid,
    /// When it came.
    pub received_at: Timestamp,
    /// How often it was put off.
    pub tries: u32,
    /// What it claims to come from; none before it was read, or where it does not say.
    pub from: Option<String>,
    /// Its subject; none before it was read.
    pub subject: Option<String>,
    /// The handoff it is about, where that is known.
    pub handoff: Option<HandoffId>,
    /// What became of it.
    pub state: MailState,
    /// Why, in words.
    pub note: Option<String>,
}

/// What was read in a mail and made of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailRead {
    /// What it claims to come from.
    pub from: Option<String>,
    /// Its subject.
    pub subject: Option<String>,
    /// The handoff it is about.
    pub handoff: Option<HandoffId>,
    /// What became of it.
    pub state: MailState,
    /// Why, in words.
    pub note: String,
}

/// An answer by mail that is awaited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AwaitedRow {
    /// Which: the id of the letter or parcel it answers.
    pub id: Uuid,
    /// About which handoff.
    pub handoff: HandoffId,
    /// The address it has to come from.
    pub from: String,
    /// Until when it counts.
    pub until: Timestamp,
    /// What the answer is for, as JSON.
    pub what: String,
}

/// A change of what came by mail, or is awaited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MailChange {
    /// Keeps a mail, to be read at once. Conflicts when one of its key is here already, whatever became of it.
    Receive(MailRow),
    /// Notes what became of a mail, and lets its bytes and its envelope go. Conflicts when it does not wait any more.
    Read {
        /// Which.
        id: Uuid,
        /// What became of it.
        read: MailRead,
    },
    /// Puts a mail off, and counts it. Conflicts when it does not wait any more.
    Later {
        /// Which.
        id: Uuid,
        /// Until then.
        at: Timestamp,
        /// Why.
        note: String,
    },
    /// Awaits an answer. A repeat changes nothing.
    Await(AwaitedRow),
    /// Gives what is awaited one more address. Conflicts when it is not awaited, or the address is taken.
    Address {
        /// What is awaited.
        awaited: Uuid,
        /// The SHA-256 of the address's secret, in hexadecimal.
        secret: String,
    },
    /// Forgets who wrote about a handoff, and awaits nothing about it any more.
    Forget {
        /// Which.
        handoff: HandoffId,
    },
    /// Forgets mail done with that was received before a time, and what was awaited until before one.
    Tidy {
        /// Mail received before this.
        received_before: Timestamp,
        /// What was awaited until before this.
        awaited_before: Timestamp,
    },
}

impl MailChange {
    /// Whether it leaves work for those who sweep.
    pub fn nudges(&self) -> bool {
        matches!(self, Self::Receive(_))
    }
}

/// Taking mail that waits, looking at what came, and finding what is awaited.
#[async_trait]
pub trait Mails: Send + Sync {
    /// Mail to be read by now, by receipt, oldest first, of all organisations.
    async fn claim_mails(&self, claim: Claim) -> Result<Vec<(OrgId, MailRow)>, StoreError>;
    /// A page of what came, newest first, before the last one seen; of one state, or of all.
    async fn mails(
        &self,
        org: OrgId,
        state: Option<MailState>,
        before: Option<Uuid>,
        limit: u32,
    ) -> Result<Vec<MailSeen>, StoreError>;
    /// What is awaited in answer to a letter or parcel.
    async fn awaited(&self, org: OrgId, id: Uuid) -> Result<Option<AwaitedRow>, StoreError>;
    /// What is awaited at an address, by its secret's hash, in any organisation.
    async fn awaited_at(&self, secret: &str) -> Result<Option<(OrgId, AwaitedRow)>, StoreError>;
    /// Takes a turn at something only one node does at a time, until `until`, if it is nobody's by `now`. With `held`,
    /// the turn taken until then is changed instead. False: it is somebody else's.
    async fn take_turn(
        &self,
        what: &str,
        held: Option<Timestamp>,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<bool, StoreError>;
}
