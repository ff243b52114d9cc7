//! Deals that are known and have no handoff yet: who may see them, and who may open their record. A right reaches such
//! a deal as it would reach the handoff, were its owner the AE (R0.15).

use throughline_domain::{
    HandoffId, PersonId,
    access::Action,
    deal::{Deal, DealKey},
};
use throughline_store::{DealRow, Org};

use super::{DealAnswer, DealOptions, House, Taken};
use crate::{App, AppError, Caller};

impl App {
    /// The newest reading of a deal, with its handoff. One with a handoff is seen by whoever may read that; one
    /// without by whoever sends deals, and by whoever could read its handoff.
    pub async fn known_deal(
        &self,
        caller: &Caller,
        key: &DealKey,
    ) -> Result<(Deal, Option<HandoffId>), AppError> {
        caller.may(Action::Read)?;
        let row = self.store.deal(caller.org, key).await?.ok_or(AppError::NotFound("deal"))?;
        if let Some(id) = row.handoff {
            let loaded = self.load(caller.org, id).await?;
            if !caller.can(Action::Read, &loaded.handoff) {
                return Err(AppError::NotFound("deal"));
            }
            return Ok((loaded.handoff.deal, Some(id)));
        }
        let deal = reading(&row)?;
        if caller.may(Action::SendDeals).is_err() {
            let org = self.organisation(caller.org).await?;
            let ae = self.ae_to_be(&org, &deal, org.process_owner).await?;
            if !caller.would_reach(Action::Read, ae) {
                return Err(AppError::NotFound("deal"));
            }
        }
        Ok((deal, None))
    }

    /// Opens the record of a deal that is known but does not open by itself yet: somebody asks for it.
    ///
    /// # Errors
    /// Not found, for who could not open the record of its owner's deals.
    pub async fn open_deal(&self, caller: &Caller, key: &DealKey) -> Result<DealAnswer, AppError> {
        caller.may(Action::Open)?;
        let row = self.store.deal(caller.org, key).await?.ok_or(AppError::NotFound("deal"))?;
        if let Some(id) = row.handoff {
            let known = self.load(caller.org, id).await?;
            if !caller.can(Action::Open, &known.handoff) {
                return Err(AppError::NotFound("deal"));
            }
            return Ok(DealAnswer { handoff: Some(id), taken: Taken::Unchanged });
        }
        let deal = reading(&row)?;
        self.put_deal(caller, deal, DealOptions { open_now: true, ..DealOptions::default() }).await
    }

    /// Checks that somebody may open a deal's record by hand: as it is known, and as they tell it.
    pub(super) async fn may_open(
        &self,
        caller: &Caller,
        house: &House,
        known: Option<&DealRow>,
        told: &Deal,
    ) -> Result<(), AppError> {
        let stand_in = house.process_owner;
        if let Some(row) = known {
            let ae = self.ae_to_be(&house.org, &reading(row)?, stand_in).await?;
            if !caller.would_reach(Action::Open, ae) {
                return Err(AppError::NotFound("deal"));
            }
        }
        let ae = self.ae_to_be(&house.org, told, stand_in).await?;
        if caller.would_reach(Action::Open, ae) { Ok(()) } else { Err(AppError::Forbidden(Action::Open)) }
    }

    /// Who would be the AE of a deal's handoff: its owner, when they are known here.
    async fn ae_to_be(
        &self,
        org: &Org,
        deal: &Deal,
        stand_in: Option<PersonId>,
    ) -> Result<Option<PersonId>, AppError> {
        match &deal.owner {
            Some(owner) => Ok(self.known_person(org, &deal.key, owner).await?.map(|person| person.id)),
            None => Ok(stand_in),
        }
    }
}

fn reading(row: &DealRow) -> Result<Deal, AppError> {
    serde_json::from_str(&row.body).map_err(AppError::broken)
}
