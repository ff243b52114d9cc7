//! Finding the deals of somebody's walk.

use std::collections::BTreeMap;

use throughline_app::{App, AppError, Caller};
use throughline_domain::{
    AccountId, Actor, OrgId, PortalPersonId, access::Action, deal::DealKey, handoff::Handoff,
};

use super::{Part, Walk};
use crate::SOURCE;

/// The walk of somebody at the made-up company; none where there is none for their roles, or its deals are not there.
///
/// # Errors
/// Only when the store cannot answer.
pub async fn walk(app: &App, caller: &Caller) -> Result<Option<Walk>, AppError> {
    let Some(part) = Part::of(caller.roles()) else { return Ok(None) };
    let mut handoffs = handoffs(app, caller.org, part).await?;
    handoffs.retain(|_, handoff| caller.can(Action::Read, handoff));
    Ok(Walk::over(part, caller.actor, &handoffs))
}

/// The walk of somebody who was let in at an account; none where that is not the prepared customer.
///
/// # Errors
/// Only when the store cannot answer.
pub async fn walk_of_customer(
    app: &App,
    org: OrgId,
    me: PortalPersonId,
    account: AccountId,
) -> Result<Option<Walk>, AppError> {
    let mut handoffs = handoffs(app, org, Part::Customer).await?;
    handoffs.retain(|_, handoff| handoff.account == account);
    Ok(Walk::over(Part::Customer, Actor::Customer { id: me }, &handoffs))
}

async fn handoffs(app: &App, org: OrgId, part: Part) -> Result<BTreeMap<&'static str, Handoff>, AppError> {
    let mut found = BTreeMap::new();
    for deal in part.deals() {
        let key = DealKey { source: SOURCE.to_owned(), external_id: deal.to_owned() };
        let row = app.store().deal(org, &key).await?;
        if let Some(id) = row.and_then(|row| row.handoff) {
            found.insert(deal, app.load(org, id).await?.handoff);
        }
    }
    Ok(found)
}
