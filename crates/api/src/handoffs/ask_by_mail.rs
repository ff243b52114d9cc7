//! `POST /api/v1/handoffs/{id}/plan/ask-by-mail`: the customer is asked to confirm the plan by answering a mail (R3.9).

use axum::{extract::State, http::StatusCode, response::IntoResponse, routing::post};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use throughline_domain::{HandoffId, ItemId, access::Action};
use throughline_http::{
    ApiCaller, Web,
    extract::{Body, Path},
};

use super::HandoffPath;
use crate::{
    answer::{Answered, json},
    spec::{Verb, Verbs},
};

/// Who is asked.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct AskBody {
    /// A stakeholder of the record, by the id of the item; a mail address must stand under their contact.
    stakeholder: ItemId,
}

/// A mail is on its way.
#[derive(Debug, Serialize, JsonSchema)]
struct AskedByMail {
    /// For which handoff.
    handoff: HandoffId,
    /// The address it goes to.
    to: String,
}

pub(super) fn add(verbs: &mut Verbs) {
    verbs.add(
        Verb::post("/api/v1/handoffs/{id}/plan/ask-by-mail", "askPlanByMail")
            .about("handoffs", "Ask somebody at the customer to confirm the plan by answering a mail.")
            .notes(
                "A plain yes from the address it was sent to confirms the plan as it was sent, once; anything else is \
                 shown to whoever is answerable. Needs a server that sends mail and takes answers.",
            )
            .right(Action::Plan)
            .parts::<HandoffPath>()
            .body::<AskBody>()
            .answers::<AskedByMail>(202),
        post(ask),
    );
}

async fn ask(
    State(web): State<Web>,
    ApiCaller(caller): ApiCaller,
    Path(HandoffPath { id }): Path<HandoffPath>,
    Body(AskBody { stakeholder }): Body<AskBody>,
) -> Answered {
    let to = web.app.ask_plan_by_mail(&caller, id, stakeholder).await?;
    let mut response = json(AskedByMail { handoff: id, to: to.address.to_string() })?;
    *response.status_mut() = StatusCode::ACCEPTED;
    Ok(response.into_response())
}
