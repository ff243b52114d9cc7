//! Who of a customer may come into the portal, by which key, and who is in.
//!
//! A person is somebody's verified mailbox at one account: at two accounts they are two. A key is asked for by a browser
//! and leaves by mail; its secret is made when the mail is handed over, and only the hash is kept. It is used once.
//! Absent on purpose: what a portal shows, how long a key lives, and how often one is asked for.

use async_trait::async_trait;
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use throughline_domain::{AccountId, Actor, HandoffId, OrgId, PortalPersonId};
use uuid::Uuid;

use crate::commit::StoreError;

/// Said when an account has another person of this address.
pub const PORTAL_ADDRESS_TAKEN: &str = "somebody else of this account has the address";
/// Said when a person was changed since they were read.
pub const PORTAL_PERSON_CHANGED: &str = "the person was changed meanwhile; look again";
/// Said when a key was used, was tried too often, or is not there.
pub const PORTAL_KEY_IS_OVER: &str = "the key was used, was tried too often, or is gone";
/// Said when a key's or a session's secret is another's.
pub const PORTAL_SECRET_TAKEN: &str = "the secret is taken";
/// Most people of one account that are answered.
pub const PORTAL_PEOPLE: u32 = 200;

/// Somebody at a customer who was let into the portal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PortalPerson {
    /// Which.
    pub id: PortalPersonId,
    /// Counts its changes, from 1. Beside the row's text, so that whoever writes that alone counts on.
    #[serde(skip)]
    pub version: u64,
    /// Of which account.
    pub account: AccountId,
    /// Their name.
    pub name: String,
    /// Their mail address, lower-case. Unique in the account.
    pub email: String,
    /// Whether they may sign for the customer.
    pub may_sign: bool,
    /// Who let them in.
    pub granted_by: Actor,
    /// When.
    pub granted_at: Timestamp,
    /// Since when they may not come in any more.
    pub revoked_at: Option<Timestamp>,
}

/// What a key is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PortalKeyKind {
    /// A link, for the browser that asked for it.
    Link,
    /// A code that lets another browser in.
    Code,
    /// A code that proves who signs.
    Signature,
}

impl PortalKeyKind {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::Link, Self::Code, Self::Signature];

    /// Its name in tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::Link => "link",
            Self::Code => "code",
            Self::Signature => "signature",
        }
    }

    /// The kind of a name.
    ///
    /// # Errors
    /// [`StoreError::Unreadable`] when no kind has it.
    pub fn of(name: &str) -> Result<Self, StoreError> {
        let found = Self::ALL.into_iter().find(|kind| kind.name() == name);
        found.ok_or_else(|| StoreError::Unreadable(format!("a portal key's kind is `{name}`")))
    }
}

/// A key that was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PortalKey {
    /// Which: the id of the parcel it leaves with.
    pub id: Uuid,
    /// Whose.
    pub person: PortalPersonId,
    /// What it is.
    pub kind: PortalKeyKind,
    /// Which handoff it is for, where it is for one.
    pub handoff: Option<HandoffId>,
    /// The SHA-256 of what the asking browser holds, in hexadecimal.
    pub browser: String,
    /// The SHA-256 of its secret, in hexadecimal; none until the mail is handed over.
    pub secret: Option<String>,
    /// How often a code was tried.
    pub tries: u32,
    /// When it was asked for.
    pub asked_at: Timestamp,
    /// Until when it is good.
    pub expires_at: Timestamp,
    /// When it was used.
    pub used_at: Option<Timestamp>,
}

/// A browser somebody at a customer is in with. The secret is kept only as a hash.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PortalSession {
    /// The SHA-256 of the cookie's secret, in hexadecimal.
    pub secret: String,
    /// Whose.
    pub person: PortalPersonId,
    /// Since when.
    pub created_at: Timestamp,
    /// When it was last used, to the minute.
    pub seen_at: Timestamp,
}

/// A change of who comes into the portal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PortalChange {
    /// Lets somebody in, in version 1, or changes what they may, in the version after the one that is kept. Conflicts when
    /// it is another, and when another of the account has the address.
    Put(PortalPerson),
    /// Ends everything somebody holds: sessions and keys.
    Leave(PortalPersonId),
    /// Forgets somebody, with everything they hold.
    Forget(PortalPersonId),
    /// Keeps a key that was asked for. A repeat changes nothing.
    Ask(PortalKey),
    /// Gives a key its secret, in place of one it had. Conflicts when it was used or is not there.
    Hand {
        /// Which.
        key: Uuid,
        /// The SHA-256 of its secret, in hexadecimal.
        secret: String,
        /// Until when it is good.
        expires_at: Timestamp,
    },
    /// Counts that a code is tried, before it is compared. Conflicts when it was tried as often, was used or is not there.
    Try {
        /// Which.
        key: Uuid,
        /// How often it may be.
        most: u32,
    },
    /// Uses a key. Conflicts when it was used or is not there.
    Use {
        /// Which.
        key: Uuid,
        /// When.
        at: Timestamp,
    },
    /// Makes a session.
    PutSession(PortalSession),
    /// Notes that a session was used. One that has ended stays so.
    SeeSession {
        /// Its secret's hash.
        secret: String,
        /// When.
        at: Timestamp,
    },
    /// Ends a session, by its secret's hash.
    EndSession(String),
    /// Forgets keys asked for, and sessions last used, before a time.
    Tidy {
        /// Keys asked for before this.
        asked_before: Timestamp,
        /// Sessions not used since before this.
        seen_before: Timestamp,
    },
}

/// Finding who comes into the portal.
#[async_trait]
pub trait Portals: Send + Sync {
    /// Who was let in for an account, revoked or not, by when; at most [`PORTAL_PEOPLE`].
    async fn portal_people(&self, org: OrgId, account: AccountId) -> Result<Vec<PortalPerson>, StoreError>;
    /// One of them.
    async fn portal_person(&self, org: OrgId, id: PortalPersonId)
    -> Result<Option<PortalPerson>, StoreError>;
    /// Everybody of this address, at any account of any organisation; at most [`PORTAL_PEOPLE`].
    async fn portal_people_by_email(&self, email: &str) -> Result<Vec<(OrgId, PortalPerson)>, StoreError>;
    /// A key.
    async fn portal_key(&self, org: OrgId, id: Uuid) -> Result<Option<PortalKey>, StoreError>;
    /// A key by its secret's hash, in any organisation.
    async fn portal_key_of(&self, secret: &str) -> Result<Option<(OrgId, PortalKey)>, StoreError>;
    /// How many keys of a kind somebody has asked for since a time.
    async fn portal_asked(
        &self,
        org: OrgId,
        person: PortalPersonId,
        kind: PortalKeyKind,
        since: Timestamp,
    ) -> Result<u32, StoreError>;
    /// A session by its secret's hash, in any organisation.
    async fn portal_session(&self, secret: &str) -> Result<Option<(OrgId, PortalSession)>, StoreError>;
}
