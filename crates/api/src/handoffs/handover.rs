//! `GET /api/v1/handoffs/{id}/handover`: what goes along when the account gets another AE or CSM (R0.7). The change
//! itself is a command: `hand-over` or `reassign`, then `take-on` or `decline`.

use axum::{extract::State, routing::get};
use throughline_app::handover::GoesAlong;
use throughline_domain::access::Action;
use throughline_http::{ApiCaller, Web, extract::Path};

use super::HandoffPath;
use crate::{
    answer::{Answered, json},
    spec::{Verb, Verbs},
};

pub(super) fn add(verbs: &mut Verbs) {
    verbs.add(
        Verb::get("/api/v1/handoffs/{id}/handover", "getHandover")
            .about("handoffs", "What goes along when the account gets another AE or CSM.")
            .right(Action::Read)
            .parts::<HandoffPath>()
            .answers::<GoesAlong>(200),
        get(show),
    );
}

async fn show(
    State(web): State<Web>,
    ApiCaller(caller): ApiCaller,
    Path(HandoffPath { id }): Path<HandoffPath>,
) -> Answered {
    json(web.app.goes_along(&caller, id).await?)
}
