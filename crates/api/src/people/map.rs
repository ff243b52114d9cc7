//! Saying who an owner known from an import really is.

use axum::{extract::State, routing::post};
use schemars::JsonSchema;
use serde::Deserialize;
use throughline_domain::{PersonId, access::Action};
use throughline_http::{
    ApiCaller, Web,
    extract::{Body, Path},
};

use super::{Moved, PersonPath};
use crate::{
    answer::{Answered, json},
    spec::{Verb, Verbs},
};

/// Who somebody is.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Mapping {
    /// Who they really are.
    to: PersonId,
}

pub(super) fn add(verbs: &mut Verbs) {
    verbs.add(
        Verb::post("/api/v1/people/{id}/map", "mapPerson")
            .about("people", "Say who an owner known from an import is: names and seats go over.")
            .right(Action::ManagePeople)
            .parts::<PersonPath>()
            .body::<Mapping>()
            .answers::<Moved>(200),
        post(map),
    );
}

async fn map(
    State(web): State<Web>,
    ApiCaller(caller): ApiCaller,
    Path(PersonPath { id }): Path<PersonPath>,
    Body(Mapping { to }): Body<Mapping>,
) -> Answered {
    let handoffs = web.app.map_person(&caller, id, to).await?;
    json(Moved { handoffs, dry_run: false })
}
