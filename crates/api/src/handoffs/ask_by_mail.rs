//! `POST /api/v1/handoffs/{id}/plan/ask-by-mail`: the customer is asked to confirm the plan by answering a mail (R3.9);
//! `…/{mail}/take-back`: the mail stays here, when it was held and has not left yet.

use axum::{extract::State, http::StatusCode, response::IntoResponse, routing::post};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use throughline_app::inbox::PlanSent;
use throughline_domain::{HandoffId, ItemId, access::Action};
use throughline_http::{
    ApiCaller, Web,
    extract::{Body, Path},
};
use uuid::Uuid;

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
    /// The mail waits ten seconds before it leaves, and can be taken back until nine of them are over.
    #[serde(default)]
    hold: bool,
}

/// A mail is on its way.
#[derive(Debug, Serialize, JsonSchema)]
struct AskedByMail {
    /// For which handoff.
    handoff: HandoffId,
    /// The address it goes to.
    to: String,
    /// Which mail: to take it back.
    mail: Uuid,
    /// Not before when it leaves.
    leaves_at: Timestamp,
}

/// Which mail.
#[derive(Debug, Deserialize, JsonSchema)]
struct MailPath {
    /// Which handoff.
    id: HandoffId,
    /// Which mail, as asking by mail answered it.
    mail: Uuid,
}

/// A mail that does not leave.
#[derive(Debug, Serialize, JsonSchema)]
struct TakenBack {
    /// For which handoff.
    handoff: HandoffId,
    /// The address it would have gone to.
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
    verbs.add(
        Verb::post("/api/v1/handoffs/{id}/plan/ask-by-mail/{mail}/take-back", "takePlanMailBack")
            .about("handoffs", "Take a mail back that asks to confirm the plan and has not left yet.")
            .notes(
                "Only what was sent with `hold`, or from a page, waits before it leaves; whoever was to get it can be \
                 asked again at once. A mail that has left, or is about to, is a conflict.",
            )
            .right(Action::Plan)
            .parts::<MailPath>()
            .answers::<TakenBack>(200),
        post(take_back),
    );
}

async fn ask(
    State(web): State<Web>,
    ApiCaller(caller): ApiCaller,
    Path(HandoffPath { id }): Path<HandoffPath>,
    Body(AskBody { stakeholder, hold }): Body<AskBody>,
) -> Answered {
    let sent = if hold {
        web.app.ask_plan_by_mail_soon(&caller, id, stakeholder).await?
    } else {
        web.app.ask_plan_by_mail(&caller, id, stakeholder).await?
    };
    let PlanSent { to, mail, leaves_at } = sent;
    let mut response = json(AskedByMail { handoff: id, to: to.address.to_string(), mail, leaves_at })?;
    *response.status_mut() = StatusCode::ACCEPTED;
    Ok(response.into_response())
}

async fn take_back(
    State(web): State<Web>,
    ApiCaller(caller): ApiCaller,
    Path(MailPath { id, mail }): Path<MailPath>,
) -> Answered {
    let to = web.app.take_plan_mail_back(&caller, id, mail).await?;
    Ok(json(TakenBack { handoff: id, to })?.into_response())
}
