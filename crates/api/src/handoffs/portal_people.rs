//! `/api/v1/accounts/{id}/portal-people`: who of a customer is let into the portal (R4.2).

use axum::{
    extract::State,
    routing::{delete, get, patch},
};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use throughline_app::portal::{NewPortalPerson, PortalPersonChange};
use throughline_domain::{AccountId, Actor, PortalPersonId, access::Action};
use throughline_http::{
    ApiCaller, Web,
    extract::{Body, Path},
};
use throughline_store::PortalPerson;

use crate::{
    answer::{Answered, created, json},
    spec::{Verb, Verbs},
};

/// Which account.
#[derive(Debug, Deserialize, JsonSchema)]
struct AccountPath {
    /// Which account.
    id: AccountId,
}

/// Which person of which account.
#[derive(Debug, Deserialize, JsonSchema)]
struct PortalPersonPath {
    /// Which account.
    id: AccountId,
    /// Which person.
    person: PortalPersonId,
}

/// Somebody as they are to be let in.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct PortalPersonBody {
    /// Their name.
    #[schemars(length(min = 1, max = 200))]
    name: String,
    /// Their mail address: whoever reads its mail is them.
    #[schemars(length(min = 3, max = 254))]
    email: String,
    /// Whether they may sign for the customer.
    #[serde(default)]
    may_sign: bool,
    /// Whether they are let in again, where they were once and are no more.
    #[serde(default)]
    again: bool,
}

/// What changes of somebody who is in.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct PortalPersonChangeBody {
    /// Another name; left out it stays.
    #[schemars(length(min = 1, max = 200))]
    #[serde(default)]
    name: Option<String>,
    /// Whether they may sign for the customer; left out it stays.
    #[serde(default)]
    may_sign: Option<bool>,
}

/// Somebody at a customer who was let into the portal.
#[derive(Debug, Serialize, JsonSchema)]
struct PortalPersonView {
    /// Which.
    id: PortalPersonId,
    /// Of which account.
    account: AccountId,
    /// Their name.
    name: String,
    /// Their mail address.
    email: String,
    /// Whether they may sign for the customer.
    may_sign: bool,
    /// Who let them in.
    granted_by: Actor,
    /// When.
    granted_at: Timestamp,
    /// Since when they may not come in any more.
    revoked_at: Option<Timestamp>,
}

impl From<PortalPerson> for PortalPersonView {
    fn from(person: PortalPerson) -> Self {
        let PortalPerson { id, account, name, email, may_sign, granted_by, granted_at, revoked_at, .. } =
            person;
        Self { id, account, name, email, may_sign, granted_by, granted_at, revoked_at }
    }
}

/// Who was let in.
#[derive(Debug, Serialize, JsonSchema)]
struct PortalPeople {
    /// By when, revoked or not.
    rows: Vec<PortalPersonView>,
}

pub(super) fn add(verbs: &mut Verbs) {
    verbs.add(
        Verb::get("/api/v1/accounts/{id}/portal-people", "listPortalPeople")
            .about("handoffs", "Who of a customer is let into the portal.")
            .right(Action::Plan)
            .parts::<AccountPath>()
            .answers::<PortalPeople>(200),
        get(list),
    );
    verbs.add(
        Verb::post("/api/v1/accounts/{id}/portal-people", "grantPortal")
            .about("handoffs", "Let somebody of a customer into the portal.")
            .notes(
                "They are mailed the way in, which holds no secret. Whoever was let in no more is let in only where \
                 `again` says so; whoever is in is changed by `changePortal`. Needs a server that sends mail.",
            )
            .right(Action::Plan)
            .parts::<AccountPath>()
            .body::<PortalPersonBody>()
            .answers::<PortalPersonView>(201),
        axum::routing::post(grant),
    );
    verbs.add(
        Verb::patch("/api/v1/accounts/{id}/portal-people/{person}", "changePortal")
            .about("handoffs", "Give somebody of a customer another name, or give or take the right to sign.")
            .notes("For who is in; who is let in no more stays out. No mail is due for it.")
            .right(Action::Plan)
            .parts::<PortalPersonPath>()
            .body::<PortalPersonChangeBody>()
            .answers::<PortalPersonView>(200),
        patch(change),
    );
    verbs.add(
        Verb::delete("/api/v1/accounts/{id}/portal-people/{person}", "revokePortal")
            .about("handoffs", "Let somebody of a customer into the portal no more.")
            .notes("What they hold ends at once: sessions, links and codes. What they did stays.")
            .right(Action::Plan)
            .parts::<PortalPersonPath>()
            .answers::<PortalPersonView>(200),
        delete(revoke),
    );
}

async fn list(
    State(web): State<Web>,
    ApiCaller(caller): ApiCaller,
    Path(AccountPath { id }): Path<AccountPath>,
) -> Answered {
    let people = web.app.portal_people(&caller, id).await?;
    json(PortalPeople { rows: people.into_iter().map(PortalPersonView::from).collect() })
}

async fn grant(
    State(web): State<Web>,
    ApiCaller(caller): ApiCaller,
    Path(AccountPath { id }): Path<AccountPath>,
    Body(PortalPersonBody { name, email, may_sign, again }): Body<PortalPersonBody>,
) -> Answered {
    let new = NewPortalPerson { name, email, may_sign, again };
    created(PortalPersonView::from(web.app.grant_portal(&caller, id, new).await?))
}

async fn change(
    State(web): State<Web>,
    ApiCaller(caller): ApiCaller,
    Path(PortalPersonPath { id, person }): Path<PortalPersonPath>,
    Body(PortalPersonChangeBody { name, may_sign }): Body<PortalPersonChangeBody>,
) -> Answered {
    let change = PortalPersonChange { name, may_sign };
    json(PortalPersonView::from(web.app.change_portal(&caller, id, person, change).await?))
}

async fn revoke(
    State(web): State<Web>,
    ApiCaller(caller): ApiCaller,
    Path(PortalPersonPath { id, person }): Path<PortalPersonPath>,
) -> Answered {
    json(PortalPersonView::from(web.app.revoke_portal(&caller, id, person).await?))
}
