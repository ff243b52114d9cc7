//! Where one is signed in, and ending that (reliability §5, 7.5.2).

use axum::{
    extract::State,
    http::HeaderMap,
    routing::{delete, get},
};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use throughline_http::{ApiCaller, Problem, Web, extract::Path, session::cookie};

use crate::{
    answer::{Answered, done, json},
    spec::{Verb, Verbs},
};

/// Which session.
#[derive(Debug, Deserialize, JsonSchema)]
struct SessionPath {
    /// Which session.
    #[schemars(length(max = 64))]
    id: String,
}

/// A session.
#[derive(Debug, Serialize, JsonSchema)]
struct SessionView {
    /// Which; no secret.
    id: String,
    /// Since when.
    created_at: Timestamp,
    /// When it was last used.
    seen_at: Timestamp,
    /// What the browser called itself.
    agent: String,
    /// The one this request came with.
    current: bool,
}

/// Where one is signed in.
#[derive(Debug, Serialize, JsonSchema)]
struct Sessions {
    /// Newest first.
    rows: Vec<SessionView>,
}

pub(super) fn add(verbs: &mut Verbs) {
    verbs.add(
        Verb::get("/api/v1/me/sessions", "listSessions")
            .about("me", "Where you are signed in. A token is nobody, and has none.")
            .answers::<Sessions>(200)
            .refuses(&["not-found"]),
        get(list),
    );
    verbs.add(
        Verb::delete("/api/v1/me/sessions/{id}", "endSession")
            .about("me", "Sign out there.")
            .parts::<SessionPath>()
            .answers_nothing(),
        delete(end),
    );
}

async fn list(State(web): State<Web>, ApiCaller(caller): ApiCaller, headers: HeaderMap) -> Answered {
    person(&caller)?;
    let secret = cookie(&headers, web.cookie_name()).unwrap_or_default();
    let rows = web.app.my_sessions(&caller, &secret).await?.into_iter();
    let rows = rows.map(|(session, current)| SessionView {
        id: session.secret,
        created_at: session.created_at,
        seen_at: session.seen_at,
        agent: session.agent,
        current,
    });
    json(Sessions { rows: rows.collect() })
}

async fn end(
    State(web): State<Web>,
    ApiCaller(caller): ApiCaller,
    Path(SessionPath { id }): Path<SessionPath>,
) -> Answered {
    person(&caller)?;
    web.app.end_session(&caller, &id).await?;
    done()
}

fn person(caller: &throughline_app::Caller) -> Result<(), Problem> {
    caller.person().map(|_| ()).ok_or_else(|| Problem::new("not-found", "a token has no sessions"))
}
