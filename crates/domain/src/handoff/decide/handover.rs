//! One AE hands the account to another, and whoever is named to follow, as AE or CSM, takes it on or declines (R0.7).
//!
//! Absent on purpose: the AE's seat given at once, because somebody left or the CRM says so ([`super::news`]), and how
//! a CSM's successor is named ([`super::steps`]).

use super::*;

impl Desk<'_> {
    /// Names who follows the AE.
    pub(super) fn hand_over(&self, body: HandOver) -> Decided {
        let HandOver { to, reason } = body;
        self.running()?;
        self.gives_seat(Role::Ae)?;
        let held = self.handoff.seats.get(&Role::Ae);
        if held.is_some_and(|seat| seat.person == to && !seat.unmapped) {
            return Err(invalid("to", "is the AE already"));
        }
        let named = self.handoff.next_seller.as_ref();
        if named.is_some_and(|named| named.to == to && named.reason == reason) {
            return Ok(Outcome::AlreadySo);
        }
        happened(vec![Fact::SellerNamed { to, reason }])
    }

    /// Whoever is named to follow, as AE or CSM, takes the account on.
    pub(super) fn take_on(&self) -> Decided {
        self.running()?;
        let me = self.context.actor.acts_as();
        if let Some(next) = self.handoff.next_seller.as_ref().filter(|next| me == Some(next.to)) {
            return happened(vec![Fact::SellerChanged { from: self.handoff.seller(), to: next.to }]);
        }
        if let (Some(next), Some(csm)) = (&self.handoff.successor, self.handoff.csm())
            && me == Some(next.to)
        {
            return self.succeed(csm, next.to);
        }
        let has_it = [Some(self.handoff.seller()), self.handoff.csm()].contains(&me) && me.is_some();
        if has_it {
            return Ok(Outcome::AlreadySo);
        }
        Err(Refusal::NotYours("nobody named you to follow here"))
    }

    /// Whoever is named to follow does not want to.
    pub(super) fn decline(&self, body: Decline) -> Decided {
        let me = self.context.actor.acts_as();
        let named = |next: &Option<Successor>| next.as_ref().map(|next| next.to).filter(|to| me == Some(*to));
        let (role, to) = match (named(&self.handoff.next_seller), named(&self.handoff.successor)) {
            (Some(to), _) => (Role::Ae, to),
            (None, Some(to)) => (Role::Csm, to),
            (None, None) => return Err(Refusal::NotYours("nobody named you to follow here")),
        };
        happened(vec![Fact::SuccessionDeclined { role, to, reason: body.reason }])
    }
}
