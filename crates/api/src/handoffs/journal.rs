//! `GET /api/v1/handoffs/{id}/journal`: the journal as it is kept, one fact a line, for whoever verifies it.
//!
//! Facts are sealed as they were hashed; the texts beside them follow in lines of their own.
//! The length is bounded; the command line exports any.

use axum::{
    body::Bytes,
    extract::State,
    http::{HeaderValue, header},
    response::IntoResponse,
    routing::get,
};
use serde_json::json;
use throughline_domain::access::Action;
use throughline_http::{ApiCaller, Web, extract::Path};

use super::HandoffPath;
use crate::{
    answer::Answered,
    spec::{Verb, Verbs},
};

/// Facts a handoff may have before its journal is too long for one answer; the command line exports any length.
const MOST: u32 = 20_000;
const STRETCH: u32 = 1_000;

pub(super) fn add(verbs: &mut Verbs) {
    verbs.add(
        Verb::get("/api/v1/handoffs/{id}/journal", "exportJournal")
            .about("audit", "A handoff's journal as it is kept, one JSON object a line.")
            .notes(
                "Each `fact` line holds the exact `body` that was hashed, with `prev` and `hash`; each `text` line a \
                 personal text with the salt of its hash. Verify it without this server.",
            )
            .right(Action::Audit)
            .parts::<HandoffPath>()
            .answers_as(200, "application/x-ndjson", None)
            .refuses(&["too-large"]),
        get(journal),
    );
}

async fn journal(
    State(web): State<Web>,
    ApiCaller(caller): ApiCaller,
    Path(HandoffPath { id }): Path<HandoffPath>,
) -> Answered {
    caller.may(Action::Audit)?;
    let loaded = web.app.load(caller.org, id).await?;
    caller.may_on(Action::Read, &loaded.handoff)?;
    let store = web.app.store();
    let mut lines = Vec::new();
    let mut after = 0;
    loop {
        let rows =
            store.journal(caller.org, id, after, STRETCH).await.map_err(throughline_app::AppError::from)?;
        let Some(last) = rows.last() else { break };
        after = last.seq;
        if after > u64::from(MOST) {
            return Err(throughline_http::Problem::new(
                "too-large",
                "the journal is too long for one answer; export it with the command line",
            ));
        }
        for row in &rows {
            lines.extend(json!({ "fact": row }).to_string().into_bytes());
            lines.push(b'\n');
        }
    }
    let texts = store.texts(caller.org, id).await.map_err(throughline_app::AppError::from)?;
    for (text, (salt, words)) in texts {
        let salt: String = salt.iter().map(|byte| format!("{byte:02x}")).collect();
        lines.extend(json!({ "text": { "id": text, "salt": salt, "text": words } }).to_string().into_bytes());
        lines.push(b'\n');
    }
    let mut response = Bytes::from(lines).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/x-ndjson"));
    if let Ok(name) = HeaderValue::try_from(format!("attachment; filename=\"journal-{id}.ndjson\"")) {
        headers.insert(header::CONTENT_DISPOSITION, name);
    }
    Ok(response)
}
