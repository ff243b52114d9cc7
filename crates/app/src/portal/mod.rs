//! The customer's side: who is let in, how they come in without an account, what they see, and what they do (R4.1, R4.2,
//! R4.4).
//!
//! Somebody at a customer is a verified mailbox at one account, and reaches nothing else. What they see is put together
//! field by field ([`view`]); nothing of the handoff is passed on whole. Absent on purpose: pages, cookies, and how
//! often one network address may ask.

mod acts;
mod entrance;
mod people;
mod seal;
mod sign;
pub mod view;

use jiff::SignedDuration;
use throughline_domain::{Actor, HandoffId, OrgId};
use throughline_store::PortalPerson;

pub use self::{
    acts::PortalAct,
    entrance::{CodeOf, Entered, LinkShown},
    people::{NewPortalPerson, PortalPersonChange},
    seal::{
        LARGEST_SEALED, PlanDocument, SealedMilestone, SealedPlace, SealedPlan, SealedSignature, Unsealed,
        Verified, verify_sealed,
    },
    sign::{SignForm, consent},
    view::{PortalNeed, PortalView},
};
use crate::{App, AppError, Caller, handle::Loaded};

/// How long a link or a code lives once its mail is handed over, in minutes.
pub const KEY_MINUTES: i64 = 10;
/// How often somebody may ask for a key of one kind within an hour.
pub const KEYS_AN_HOUR: u32 = 5;
/// How often a code may be tried.
pub const CODE_TRIES: u32 = 5;
/// How long a key that was asked for may wait for its mail to leave.
const WAITS: SignedDuration = SignedDuration::from_hours(1);

/// Somebody at a customer who is in.
#[derive(Debug, Clone)]
pub struct Visitor {
    /// In which organisation's portal.
    pub org: OrgId,
    /// Who.
    pub person: PortalPerson,
    /// The hash of their session's secret: what a code to sign is bound to.
    session: String,
}

impl Visitor {
    /// As caller: without a role and without a right, so that every way but the portal's is shut.
    fn caller(&self) -> Caller {
        Caller {
            actor: Actor::Customer { id: self.person.id },
            actions: Some([].into()),
            ..Caller::system(self.org)
        }
    }
}

impl App {
    /// A handoff as far as a visitor reaches it: of their account, in the process, and with a CSM. What is only being
    /// sold to them is not theirs to see.
    async fn visited(&self, visitor: &Visitor, id: HandoffId) -> Result<Loaded, AppError> {
        let not_there = || AppError::NotFound("handoff");
        // Before anything else is read of it, so that another's id and an unknown one take the same way.
        let row = self.store.row(visitor.org, id).await?.ok_or_else(not_there)?;
        if row.account_id != visitor.person.account {
            return Err(not_there());
        }
        let loaded = self.load(visitor.org, id).await?;
        let handoff = &loaded.handoff;
        let theirs = handoff.account == visitor.person.account
            && handoff.life.takes_reports()
            && handoff.stage.assigned_at().is_some();
        if theirs { Ok(loaded) } else { Err(not_there()) }
    }
}
