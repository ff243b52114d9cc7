//! `GET /api/v1/me/letters`: what was sent to the caller.

use axum::{extract::State, http::Uri, routing::get};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;
use throughline_domain::HandoffId;
use throughline_http::{ApiCaller, Problem, Web, extract::Query};
use uuid::Uuid;

use crate::{
    answer::{Answered, json},
    page::{self, Listed, Paged, decode, maybe_more},
    spec::{Verb, Verbs},
};

/// A message.
#[derive(Debug, Serialize, JsonSchema)]
struct LetterView {
    /// Which.
    id: Uuid,
    /// About which handoff.
    handoff: Option<HandoffId>,
    /// Subject.
    subject: String,
    /// Plain text.
    body: String,
    /// Where it leads.
    url: Option<String>,
    /// When it was sent.
    at: Timestamp,
    /// When it was read.
    read_at: Option<Timestamp>,
}

pub(super) fn add(verbs: &mut Verbs) {
    verbs.add(
        Verb::get("/api/v1/me/letters", "listLetters")
            .about("me", "What was sent to you, newest first. A token is nobody, and gets nothing.")
            .query::<Paged>()
            .answers::<Listed<LetterView>>(200)
            .refuses(&["not-found"]),
        get(list),
    );
}

async fn list(
    State(web): State<Web>,
    ApiCaller(caller): ApiCaller,
    uri: Uri,
    Query(paged): Query<Paged>,
) -> Answered {
    if caller.person().is_none() {
        return Err(Problem::new("not-found", "a token gets no letters"));
    }
    let limit = page::limit(paged.limit)?;
    let before: Option<Uuid> = decode(paged.after.as_deref())?;
    let letters = web.app.letters(&caller, false, before, limit).await?;
    let next = maybe_more(&letters, limit, |letter| letter.id);
    let rows = letters.into_iter().map(|letter| LetterView {
        id: letter.id,
        handoff: letter.handoff,
        subject: letter.subject,
        body: letter.body,
        url: letter.link.map(|link| web.url(&link)),
        at: letter.at,
        read_at: letter.read_at,
    });
    json(Listed::new(rows.collect(), next, &uri))
}
