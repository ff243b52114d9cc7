//! Names for things. An id never travels bare: mixing up two kinds is a compile error.

use std::{fmt, str::FromStr};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::parse_str(text).map(Self)
            }
        }

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }
    )*};
}

ids! {
    /// An organisation: the tenant every row leads with.
    OrgId;
    /// Somebody who works in the organisation, invited or not.
    PersonId;
    /// A team of people, with a manager.
    TeamId;
    /// A customer of the organisation.
    AccountId;
    /// One deal's handoff (UUIDv7: lists sort by birth).
    HandoffId;
    /// One item of a list in the record: a promise, a criterion, a stakeholder…
    ItemId;
    /// A question from the CSM to the AE.
    QuestionId;
    /// A waiver, from asking to its end.
    WaiverId;
    /// A milestone of the mutual success plan.
    MilestoneId;
    /// What somebody at the customer proposes to the plan.
    ProposalId;
    /// Somebody at the customer who was let into the portal.
    PortalPersonId;
    /// An API token (not its secret).
    TokenId;
    /// One published, immutable version of a playbook.
    PlaybookId;
}

/// A name a playbook gives to something of its own: an ask, a step, a scorecard category.
///
/// Lower-case letters, digits and `_`, starting with a letter, at most 64 long: safe in a URL, in CEL and as a key.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(transparent)]
#[schemars(extend("pattern" = "^[a-z][a-z0-9_]{0,63}$"))]
pub struct Key(String);

/// Text that cannot be a [`Key`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a name: use lower-case letters, digits and `_`, starting with a letter, at most 64")]
pub struct NotAKey(String);

impl Key {
    /// The key as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Key {
    type Err = NotAKey;
    fn from_str(text: &str) -> Result<Self, NotAKey> {
        let shaped = text.len() <= 64
            && text.starts_with(|c: char| c.is_ascii_lowercase())
            && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
        if shaped { Ok(Self(text.to_owned())) } else { Err(NotAKey(text.chars().take(80).collect())) }
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Key {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from)?.parse().map_err(serde::de::Error::custom)
    }
}
