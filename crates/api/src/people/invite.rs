//! Inviting somebody, and a fresh link for who forgot their password. The link is in the answer and nowhere else.

use axum::{extract::State, response::Response, routing::post};
use schemars::JsonSchema;
use serde::Serialize;
use throughline_domain::access::Action;
use throughline_http::{
    ApiCaller, Web,
    extract::{Body, Path},
};

use super::{PersonBody, PersonPath, PersonView};
use crate::{
    answer::{Answered, created, json},
    idempotency::HoldsSecret,
    spec::{Verb, Verbs},
};

/// Somebody invited.
#[derive(Debug, Serialize, JsonSchema)]
struct Invited {
    /// Who.
    person: PersonView,
    /// Where they set their password, once, within three days. Shown only here.
    link: String,
}

/// A link to set a password.
#[derive(Debug, Serialize, JsonSchema)]
struct FreshLink {
    /// Where they set their password, once, within three days. Shown only here.
    link: String,
}

pub(super) fn add(verbs: &mut Verbs) {
    verbs.add(
        Verb::post("/api/v1/people", "invitePerson")
            .about("people", "Invite somebody. Inviting again makes a fresh link.")
            .right(Action::ManagePeople)
            .body::<PersonBody>()
            .answers::<Invited>(201),
        post(invite),
    );
    verbs.add(
        Verb::post("/api/v1/people/{id}/reset-password", "resetPassword")
            .about("people", "A fresh link for who forgot their password. Their sessions end.")
            .right(Action::ManagePeople)
            .parts::<PersonPath>()
            .answers::<FreshLink>(200),
        post(reset),
    );
}

async fn invite(
    State(web): State<Web>,
    ApiCaller(caller): ApiCaller,
    Body(body): Body<PersonBody>,
) -> Answered {
    let (person, path) = web.app.invite(&caller, body.into()).await?;
    Ok(secret(created(Invited { person: person.into(), link: web.url(&path) })?))
}

async fn reset(
    State(web): State<Web>,
    ApiCaller(caller): ApiCaller,
    Path(PersonPath { id }): Path<PersonPath>,
) -> Answered {
    let path = web.app.reset_password(&caller, id).await?;
    Ok(secret(json(FreshLink { link: web.url(&path) })?))
}

pub(super) fn secret(mut response: Response) -> Response {
    response.extensions_mut().insert(HoldsSecret);
    response
}
