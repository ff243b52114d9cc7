//! Parcels: mail to any mailbox, the customer's too, and the calendar files that go with it.
//!
//! A parcel waits in the transaction that made it necessary, so it exists as often as that happened: once. Its words are
//! kept until it is sent or given up, and no longer; to whom it went, and what became of it, stays to be seen. Beside
//! the parcels lies what calendars were told last of each meeting, since the next thing they are told counts on from
//! there. Absent on purpose: any word of a mail, and who may be written to.

use async_trait::async_trait;
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use throughline_domain::{HandoffId, Key, OrgId};
use uuid::Uuid;

use crate::{commit::StoreError, sweeps::Claim};

/// Said when a parcel is not waiting any more.
pub const PARCEL_IS_OVER: &str = "the parcel was sent or given up already";
/// Said when calendars have been told something else of a meeting meanwhile.
pub const INVITE_MOVED_ON: &str = "calendars were told of the meeting meanwhile";
/// What is left of an address and a subject that were forgotten.
pub const FORGOTTEN: &str = "[erased]";

/// A mail that waits to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParcelRow {
    /// Which (UUIDv7: sorts by birth).
    pub id: Uuid,
    /// About which handoff.
    pub handoff: HandoffId,
    /// What it is, in a word: `meeting`, `meeting_cancelled`, `plan_to_confirm`.
    pub what: String,
    /// Since when it waits, and may be sent.
    pub at: Timestamp,
    /// How often it was put off.
    pub tries: u32,
    /// The address it goes to.
    pub to: String,
    /// Its subject.
    pub subject: String,
    /// The whole mail as JSON.
    pub mail: String,
}

/// What became of a parcel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ParcelState {
    /// It is to be sent.
    Waiting,
    /// A mail server has it.
    Sent,
    /// It will not be sent.
    GivenUp,
}

impl ParcelState {
    /// Every state.
    pub const ALL: [Self; 3] = [Self::Waiting, Self::Sent, Self::GivenUp];

    /// Its name in tables and answers.
    pub fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Sent => "sent",
            Self::GivenUp => "given_up",
        }
    }

    /// The state of a name.
    ///
    /// # Errors
    /// [`StoreError::Unreadable`] when no state has it.
    pub fn of(name: &str) -> Result<Self, StoreError> {
        let found = Self::ALL.into_iter().find(|state| state.name() == name);
        found.ok_or_else(|| StoreError::Unreadable(format!("a parcel's state is `{name}`")))
    }
}

/// A parcel as people look at it: without its words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ParcelSeen {
    /// Which.
    pub id: Uuid,
    /// What it is, in a word.
    pub what: String,
    /// Since when it waited.
    pub at: Timestamp,
    /// How often it was put off.
    pub tries: u32,
    /// The address it goes or went to.
    pub to: String,
    /// Its subject.
    pub subject: String,
    /// What became of it.
    pub state: ParcelState,
    /// Why it waits still, or was given up.
    pub note: Option<String>,
}

/// What calendars were told last of a meeting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InviteRow {
    /// Of which handoff.
    pub handoff: HandoffId,
    /// Which step's meeting.
    pub step: Key,
    /// The number of what was told.
    pub sequence: u32,
    /// What was told, as JSON; empty once it was forgotten.
    pub told: String,
}

/// A change of what is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ParcelChange {
    /// Lets a mail wait to be sent. A repeat changes nothing.
    Send(ParcelRow),
    /// Notes that a mail server has it, and lets its words go. Conflicts when it does not wait any more.
    Sent {
        /// Which.
        id: Uuid,
    },
    /// Gives it up with a reason, and lets its words go. Conflicts when it does not wait any more.
    GivenUp {
        /// Which.
        id: Uuid,
        /// Why.
        note: String,
    },
    /// Puts it off, and counts it. Conflicts when it does not wait any more.
    Later {
        /// Which.
        id: Uuid,
        /// Until then.
        at: Timestamp,
        /// Why.
        note: String,
    },
    /// Keeps what calendars are told of a meeting. Conflicts when what they were told last is not `after`; none: they
    /// were told nothing yet.
    Invite {
        /// What they are told.
        row: InviteRow,
        /// The number of what they were told last.
        after: Option<u32>,
    },
    /// Forgets every address, subject and word of a handoff's mail, and of what calendars were told but the number. What
    /// still waits is given up.
    Forget {
        /// Whose.
        handoff: HandoffId,
    },
    /// The same of a handoff's mail to one address alone, in whatever case it was written.
    ForgetTo {
        /// Whose.
        handoff: HandoffId,
        /// The address, lower-case.
        address: String,
    },
}

impl ParcelChange {
    /// Whether it leaves work for those who sweep.
    pub fn nudges(&self) -> bool {
        matches!(self, Self::Send(_))
    }
}

/// Taking parcels that wait, and looking at them.
#[async_trait]
pub trait Parcels: Send + Sync {
    /// Parcels to be sent by now, the longest due first, of all organisations.
    async fn claim_parcels(&self, claim: Claim) -> Result<Vec<(OrgId, ParcelRow)>, StoreError>;
    /// A page of a handoff's parcels, newest first, before the last one seen.
    async fn parcels(
        &self,
        org: OrgId,
        handoff: HandoffId,
        before: Option<Uuid>,
        limit: u32,
    ) -> Result<Vec<ParcelSeen>, StoreError>;
    /// What calendars were told of a handoff's meetings, by step.
    async fn invites(&self, org: OrgId, handoff: HandoffId) -> Result<Vec<InviteRow>, StoreError>;
}
