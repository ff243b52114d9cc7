//! `/api/v1/accounts/{id}/portal-people`: who of a customer is let into the portal (R4.2).

use axum::{
    extract::State,
    routing::{delete, get},
};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use throughline_app::portal::NewPortalPerson;
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
        let PortalPerson { id, account, name, email, may_sign, granted_by, granted_at, revoked_at } = person;
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
                "They are mailed the way in, which holds no secret. Named again by the same address, they get another \
                 name or the right to sign; once revoked, they are let in anew. Needs a server that sends mail.",
            )
            .right(Action::Plan)
            .parts::<AccountPath>()
            .body::<PortalPersonBody>()
            .answers::<PortalPersonView>(201),
        axum::routing::post(grant),
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
    Body(PortalPersonBody { name, email, may_sign }): Body<PortalPersonBody>,
) -> Answered {
    let new = NewPortalPerson { name, email, may_sign };
    created(PortalPersonView::from(web.app.grant_portal(&caller, id, new).await?))
}

async fn revoke(
    State(web): State<Web>,
    ApiCaller(caller): ApiCaller,
    Path(PortalPersonPath { id, person }): Path<PortalPersonPath>,
) -> Answered {
    json(PortalPersonView::from(web.app.revoke_portal(&caller, id, person).await?))
}
