//! Who acts: roles, actors, and the two sides of the changeover.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::ids::{PersonId, PortalPersonId, TokenId};

/// A job in the process. A person may hold several (R0.15).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Account executive: sold the deal, knows what was said.
    Ae,
    /// Manages AEs.
    AeManager,
    /// Solutions engineer.
    Se,
    /// Decides on prices and terms outside the standard.
    DealDesk,
    /// Decides on promised features and dates.
    Product,
    /// Coaches sales.
    Enablement,
    /// Customer success manager: receives the account.
    Csm,
    /// Runs the implementation.
    Implementation,
    /// Leads customer success; CS operations.
    CsLeader,
    /// Owns process, data and measurement.
    RevOps,
    /// Leads sales.
    SalesLeader,
    /// Reads credit and exports.
    Finance,
    /// Reads everything, changes nothing.
    Auditor,
    /// Runs the installation: people, tokens, settings.
    Admin,
}

impl Role {
    /// Every role, in the order pages list them.
    pub const ALL: [Role; 14] = [
        Role::Ae,
        Role::AeManager,
        Role::Se,
        Role::DealDesk,
        Role::Product,
        Role::Enablement,
        Role::Csm,
        Role::Implementation,
        Role::CsLeader,
        Role::RevOps,
        Role::SalesLeader,
        Role::Finance,
        Role::Auditor,
        Role::Admin,
    ];

    /// The name used in data.
    pub fn name(self) -> &'static str {
        match self {
            Role::Ae => "ae",
            Role::AeManager => "ae_manager",
            Role::Se => "se",
            Role::DealDesk => "deal_desk",
            Role::Product => "product",
            Role::Enablement => "enablement",
            Role::Csm => "csm",
            Role::Implementation => "implementation",
            Role::CsLeader => "cs_leader",
            Role::RevOps => "rev_ops",
            Role::SalesLeader => "sales_leader",
            Role::Finance => "finance",
            Role::Auditor => "auditor",
            Role::Admin => "admin",
        }
    }

    /// How English texts name it.
    pub fn title(self) -> &'static str {
        match self {
            Role::Ae => "AE",
            Role::AeManager => "AE manager",
            Role::Se => "SE",
            Role::DealDesk => "deal desk",
            Role::Product => "product",
            Role::Enablement => "enablement",
            Role::Csm => "CSM",
            Role::Implementation => "implementation manager",
            Role::CsLeader => "CS leader",
            Role::RevOps => "RevOps",
            Role::SalesLeader => "sales leader",
            Role::Finance => "finance",
            Role::Auditor => "auditor",
            Role::Admin => "admin",
        }
    }

    /// The receiving team marks the scorecard and confirms what sales reports (R0.10, R6.7).
    pub fn receives(self) -> bool {
        matches!(self, Role::Csm | Role::CsLeader | Role::Implementation)
    }

    /// Sales never marks its own record (R6.7).
    pub fn sells(self) -> bool {
        matches!(self, Role::Ae | Role::AeManager | Role::Se | Role::SalesLeader)
    }
}

impl std::fmt::Display for Role {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.title())
    }
}

impl std::str::FromStr for Role {
    type Err = NotARole;
    fn from_str(text: &str) -> Result<Self, NotARole> {
        Role::ALL
            .into_iter()
            .find(|role| role.name() == text)
            .ok_or_else(|| NotARole(text.chars().take(40).collect()))
    }
}

/// Text that names no role.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is no role; one of ae, ae_manager, se, deal_desk, product, enablement, csm, implementation, cs_leader, rev_ops, sales_leader, finance, auditor, admin"
)]
pub struct NotARole(String);

/// Who did something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "actor", rename_all = "snake_case")]
pub enum Actor {
    /// Somebody signed in.
    Person {
        /// Who.
        id: PersonId,
    },
    /// Somebody signed in who did it for somebody away (R0.7).
    StandIn {
        /// Who did it.
        id: PersonId,
        /// In whose stead.
        of: PersonId,
    },
    /// A program with an API token.
    Token {
        /// Which.
        id: TokenId,
    },
    /// Somebody at the customer, in the portal. No role is theirs: what they may ask for is a table of its own
    /// ([`crate::access::customer_right`]).
    Customer {
        /// Who.
        id: PortalPersonId,
    },
    /// The product itself: an import, a sweep, a rule of the playbook.
    System,
}

impl Actor {
    /// The person who did it, when it was one who works in the organisation.
    pub fn person(self) -> Option<PersonId> {
        match self {
            Actor::Person { id } | Actor::StandIn { id, .. } => Some(id),
            Actor::Token { .. } | Actor::Customer { .. } | Actor::System => None,
        }
    }

    /// Whose doing it counts as: the absent person's, where a stand-in did it.
    pub fn acts_as(self) -> Option<PersonId> {
        match self {
            Actor::StandIn { of, .. } => Some(of),
            other => other.person(),
        }
    }

    /// In whose stead it was done.
    pub fn in_stead_of(self) -> Option<PersonId> {
        match self {
            Actor::StandIn { of, .. } => Some(of),
            Actor::Person { .. } | Actor::Token { .. } | Actor::Customer { .. } | Actor::System => None,
        }
    }

    /// Who at the customer did it, when they did it themselves.
    pub fn customer(self) -> Option<PortalPersonId> {
        match self {
            Actor::Customer { id } => Some(id),
            Actor::Person { .. } | Actor::StandIn { .. } | Actor::Token { .. } | Actor::System => None,
        }
    }

    /// Whether somebody at the customer did it themselves.
    pub fn is_customer(self) -> bool {
        self.customer().is_some()
    }

    /// Whether the same person stands behind both, in their own name or another's: then neither checks the other.
    pub fn is_one_with(self, other: Actor) -> bool {
        let behind = |actor: Actor| [actor.person(), actor.in_stead_of()];
        self == other || behind(self).into_iter().flatten().any(|one| behind(other).contains(&Some(one)))
    }
}
