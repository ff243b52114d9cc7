//! `GET /api/v1/handoffs/{id}/introduction-draft`: the warm introduction, ready to be edited and sent (R3.5).

use axum::{extract::State, routing::get};
use schemars::JsonSchema;
use serde::Serialize;
use throughline_domain::access::Action;
use throughline_http::{ApiCaller, Web, extract::Path};

use super::HandoffPath;
use crate::{
    answer::{Answered, json},
    spec::{Verb, Verbs},
};

/// A mail to be edited and sent.
#[derive(Debug, Serialize, JsonSchema)]
struct Draft {
    /// Its subject.
    subject: String,
    /// Its text.
    body: String,
}

pub(super) fn add(verbs: &mut Verbs) {
    verbs.add(
        Verb::get("/api/v1/handoffs/{id}/introduction-draft", "getIntroductionDraft")
            .about("handoffs", "A draft of the warm introduction.")
            .right(Action::Read)
            .parts::<HandoffPath>()
            .answers::<Draft>(200),
        get(draft),
    );
}

async fn draft(
    State(web): State<Web>,
    ApiCaller(caller): ApiCaller,
    Path(HandoffPath { id }): Path<HandoffPath>,
) -> Answered {
    let (subject, body) = web.app.introduction_draft(&caller, id).await?;
    json(Draft { subject, body })
}
