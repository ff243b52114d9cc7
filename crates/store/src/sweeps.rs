//! Work that waits, and who does it: what any number of nodes take from one store without doing anything twice.
//!
//! A node claims a few things for a while and does them. What it finishes it takes off by a commit or a change; what it
//! does not, because it fell or was slow, is anybody's again when its claim ends. So nothing is lost with a node, and
//! every effect must be one that a late node's repeat cannot double: those changes conflict on what is gone.
//!
//! Times are compared in milliseconds. Absent on purpose: any wish to be told first. Whoever sweeps looks now and then;
//! a nudge only saves the wait.

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use throughline_domain::{HandoffId, OrgId, PersonId, deal::DealKey};
use uuid::Uuid;

use crate::{commit::*, query::STRETCH, views::*};

/// The most letters one mail carries.
pub const BAG: u32 = 100;
/// How far a claim on the post looks for people: through so many letters that are due. With more than that due at once
/// it takes fewer people than it may; the next claim goes on.
pub const POST_WINDOW: u32 = 5 * STRETCH;

/// Said when a message is not on the outbox any more.
pub const DELIVERED: &str = "the message was delivered already";
/// Said when a letter is not on the post any more.
pub const GONE_FROM_POST: &str = "the letter was mailed or given up already";
/// Said when an event comes again.
pub const EVENT_IS_HERE: &str = "the event is here already";
/// Said when an event is not new any more.
pub const EVENT_IS_OVER: &str = "the event is done with already";

/// No claim lasts longer. One that seems to was made by a clock that was ahead, and holds nobody up: whatever two nodes
/// do at once has one effect.
pub const LONGEST_CLAIM: SignedDuration = SignedDuration::from_millis(crate::longest_claim_ms!());

/// Says in SQL that a claim holds nobody up: it has run out, or is longer than [`LONGEST_CLAIM`]. Takes the name of the
/// column that has its end, and that of the parameter that has the time it is, both in milliseconds.
#[macro_export]
macro_rules! claim_is_free {
    ($until:literal, $now:literal) => {
        concat!(
            "(",
            $until,
            " <= ",
            $now,
            " OR ",
            $until,
            " > ",
            $now,
            " + ",
            $crate::longest_claim_ms!(),
            ")"
        )
    };
}

/// The milliseconds of [`LONGEST_CLAIM`], as a literal that SQL can be written with.
#[macro_export]
macro_rules! longest_claim_ms {
    () => {
        3_600_000
    };
}

/// One node's claim: what it takes is nobody else's until `until`; what it does not finish is free again then.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Claim {
    /// The time it is.
    pub now: Timestamp,
    /// How long it has for it.
    pub until: Timestamp,
    /// At most so many, 1 to [`STRETCH`].
    pub limit: u32,
}

/// What a look at a handoff's clocks found when nothing happened: how its views read now.
#[derive(Debug, Clone)]
pub struct Look {
    /// In which organisation.
    pub org: OrgId,
    /// Which handoff.
    pub id: HandoffId,
    /// The version that was looked at.
    pub version: Version,
    /// The `until` of the claim it was looked at under: whoever was told to look again since has ended it.
    pub until: Timestamp,
    /// What lists show now.
    pub row: HandoffRow,
    /// Its clocks as they read now.
    pub dues: Vec<DueRow>,
    /// When they want the next look; none: never.
    pub look_at: Option<Timestamp>,
}

/// The letters that wait to be mailed to one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bag {
    /// In which organisation.
    pub org: OrgId,
    /// To whom.
    pub person: PersonId,
    /// Which, the longest due first, at most [`BAG`].
    pub letters: Vec<Posting>,
}

/// A letter that waits to be mailed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Posting {
    /// Which.
    pub letter: Uuid,
    /// How often it was put off.
    pub tries: u32,
}

/// An event as it was received from outside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventRow {
    /// From where.
    pub source: String,
    /// What the source calls it; unique in the source.
    pub id: String,
    /// When it came.
    pub received_at: Timestamp,
    /// How often it was put off.
    pub tries: u32,
    /// The bytes, as they came.
    pub body: Vec<u8>,
}

/// What became of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum EventState {
    /// Not understood yet.
    New,
    /// Understood and acted on.
    Done,
    /// Nothing to act on, and never will be.
    Refused,
}

impl EventState {
    /// Every state.
    pub const ALL: [Self; 3] = [Self::New, Self::Done, Self::Refused];

    /// Its name in tables and answers.
    pub fn name(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Done => "done",
            Self::Refused => "refused",
        }
    }

    /// The state of a name.
    ///
    /// # Errors
    /// [`StoreError::Unreadable`] when no state has it.
    pub fn of(name: &str) -> Result<Self, StoreError> {
        let found = Self::ALL.into_iter().find(|state| state.name() == name);
        found.ok_or_else(|| StoreError::Unreadable(format!("an event's state is `{name}`")))
    }
}

/// An event as people look at it: without what it said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct EventSeen {
    /// From where.
    pub source: String,
    /// What the source calls it.
    pub id: String,
    /// When it came.
    pub received_at: Timestamp,
    /// How often it was put off.
    pub tries: u32,
    /// What became of it.
    pub state: EventState,
    /// Why, in words; none before anything was made of it.
    pub note: Option<String>,
}

impl EventSeen {
    /// Where it stands in lists.
    pub fn place(&self) -> EventPlace {
        EventPlace {
            received: self.received_at.as_millisecond(),
            source: self.source.clone(),
            id: self.id.clone(),
        }
    }
}

/// A place in the list of events.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct EventPlace {
    /// When it came, in milliseconds.
    pub received: i64,
    /// From where.
    pub source: String,
    /// What the source calls it.
    pub id: String,
}

/// A letter on the post, as somebody looks who wants to time it anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OnPost {
    /// Which.
    pub letter: Uuid,
    /// When it is mailed, to the millisecond.
    pub at: Timestamp,
    /// How often it was put off.
    pub tries: u32,
}

/// Taking what waits. Claims reach over all organisations; what they give says whose it is.
#[async_trait]
pub trait Sweeps: Send + Sync {
    /// Handoffs whose clocks want a look by `claim.now`, earliest first, of all organisations, with the time they wanted
    /// it at, in whole milliseconds.
    async fn claim_looks(&self, claim: Claim) -> Result<Vec<(OrgId, HandoffId, Timestamp)>, StoreError>;
    /// Notes that a handoff was looked at and nothing happened. False: it has moved on since, was to be looked at again
    /// or is somebody else's by now, and nothing was written.
    async fn looked(&self, look: Look) -> Result<bool, StoreError>;
    /// Messages waiting to be made, oldest first, of all organisations.
    async fn claim_outbox(&self, claim: Claim) -> Result<Vec<(OrgId, OutboxRow)>, StoreError>;
    /// Letters to be mailed by now: for each person taken all of theirs that are due, up to [`BAG`], so that one mail
    /// can carry them; people in the order of their earliest. `limit` counts people. Fewer than `limit` does not mean
    /// that nothing more is due (see [`POST_WINDOW`]); none does.
    async fn claim_post(&self, claim: Claim) -> Result<Vec<Bag>, StoreError>;
    /// A page of the letters that wait to be mailed to one person, taken or not, by id, after the last one seen.
    async fn on_post(
        &self,
        org: OrgId,
        person: PersonId,
        after: Option<Uuid>,
        limit: u32,
    ) -> Result<Vec<OnPost>, StoreError>;
    /// Events received and not yet understood, due by now, by receipt, oldest first, of all organisations.
    async fn claim_events(&self, claim: Claim) -> Result<Vec<(OrgId, EventRow)>, StoreError>;
    /// Deals that have no handoff, by source and external id: to see whether one should be opened by now.
    async fn deals_without(
        &self,
        org: OrgId,
        after: Option<DealKey>,
        limit: u32,
    ) -> Result<Vec<DealRow>, StoreError>;
    /// Waits until work may be waiting, at most so long. Only a nudge: it may come for nothing, and it may not come.
    async fn nudged(&self, at_most: std::time::Duration);
}
