//! Who works along: one by one, without saying all others again (R0.7).

use axum::{extract::State, routing::post};
use schemars::JsonSchema;
use serde::Deserialize;
use throughline_app::contributors::Contributing;
use throughline_domain::{PersonId, Personal, Role, access::Action};
use throughline_http::{
    ApiCaller, Web,
    extract::{Body, Path},
};

use super::{HandoffPath, show, view::View};
use crate::{
    answer::Answered,
    spec::{Verb, Verbs},
};

/// Somebody who works along.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ContributorBody {
    /// In which role: of the accountable person they help.
    role: Role,
    /// Who.
    person: PersonId,
    /// Why.
    #[serde(default)]
    reason: Option<Personal>,
}

impl From<ContributorBody> for Contributing {
    fn from(ContributorBody { role, person, reason }: ContributorBody) -> Self {
        Self { role, person, reason }
    }
}

pub(super) fn add(verbs: &mut Verbs) {
    verbs.add(
        Verb::post("/api/v1/handoffs/{id}/add-contributor", "addContributor")
            .about("handoffs", "Let somebody work along in a role: a split AE, a partner's seller.")
            .notes("They have a part in the handoff from then on. The accountable person stays who they are.")
            .right(Action::SetSeat)
            .parts::<HandoffPath>()
            .body::<ContributorBody>()
            .etag()
            .answers::<View>(200)
            .refuses(&["out-of-turn"]),
        post(put),
    );
    verbs.add(
        Verb::post("/api/v1/handoffs/{id}/remove-contributor", "removeContributor")
            .about("handoffs", "Take somebody off who works along in a role.")
            .right(Action::SetSeat)
            .parts::<HandoffPath>()
            .body::<ContributorBody>()
            .etag()
            .answers::<View>(200)
            .refuses(&["out-of-turn"]),
        post(remove),
    );
}

async fn put(
    State(web): State<Web>,
    ApiCaller(caller): ApiCaller,
    Path(HandoffPath { id }): Path<HandoffPath>,
    Body(body): Body<ContributorBody>,
) -> Answered {
    let handled = web.app.add_contributor(&caller, id, body.into()).await?;
    show::after(&web, &caller, handled.loaded).await
}

async fn remove(
    State(web): State<Web>,
    ApiCaller(caller): ApiCaller,
    Path(HandoffPath { id }): Path<HandoffPath>,
    Body(body): Body<ContributorBody>,
) -> Answered {
    let handled = web.app.remove_contributor(&caller, id, body.into()).await?;
    show::after(&web, &caller, handled.loaded).await
}
