//! `POST /api/v1/handoffs/{id}/erasures`: personal texts forgotten for good, with every copy the product made.

use axum::{extract::State, routing::post};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use throughline_app::erase::Forget;
use throughline_domain::access::Action;
use throughline_http::{
    ApiCaller, Web,
    extract::{Body, Path},
};

use super::HandoffPath;
use crate::{
    answer::{Answered, json},
    spec::{Verb, Verbs},
};

/// What is to be forgotten. There is no way back.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(tag = "erase", rename_all = "snake_case", deny_unknown_fields)]
enum Erasure {
    /// Every personal text of the handoff.
    Everything,
    /// Every text that contains a name, a mail address or a phrase.
    Mentioning {
        /// Which, without regard to case.
        #[schemars(length(min = 3, max = 200))]
        phrase: String,
    },
}

/// What was forgotten.
#[derive(Debug, Serialize, JsonSchema)]
struct Erased {
    /// How many texts; the journal keeps that each was there.
    texts: usize,
}

pub(super) fn add(verbs: &mut Verbs) {
    verbs.add(
        Verb::post("/api/v1/handoffs/{id}/erasures", "eraseTexts")
            .about("audit", "Erase personal texts of a handoff, in the record, its history and its letters.")
            .notes("The journal keeps its facts and its chain still verifies; what was said reads as erased, and a fact tells that it was. The version moves on.")
            .right(Action::ManageSettings)
            .parts::<HandoffPath>()
            .body::<Erasure>()
            .answers::<Erased>(200),
        post(erase),
    );
}

async fn erase(
    State(web): State<Web>,
    ApiCaller(caller): ApiCaller,
    Path(HandoffPath { id }): Path<HandoffPath>,
    Body(body): Body<Erasure>,
) -> Answered {
    let forget = match body {
        Erasure::Everything => Forget::Everything,
        Erasure::Mentioning { phrase } => Forget::Mentioning(phrase),
    };
    json(Erased { texts: web.app.erase(&caller, id, &forget).await? })
}
