//! `GET /api/v1/handoffs/{id}/timeline`: what happened, newest first.

use axum::{extract::State, http::Uri, routing::get};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use throughline_app::{AppError, read::TimelineEntry};
use throughline_domain::{Actor, HandoffId, access::Action, handoff::Fact};
use throughline_http::{
    ApiCaller, Problem, Web,
    extract::{Path, Query},
};

use super::HandoffPath;
use crate::{
    answer::{Answered, shown},
    page::{self, Listed, Paged, decode, maybe_more},
    spec::{Verb, Verbs},
};

/// A fact, where it stands.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
struct Entry {
    /// Its place in the journal, from 1.
    seq: u64,
    /// When it was recorded.
    at: Timestamp,
    /// Who did it.
    by: Actor,
    /// What happened: `kind` and what belongs to it. A rating that is not yours to see is only named.
    fact: Value,
    /// Its hash in the chain.
    hash: String,
}

pub(super) fn add(verbs: &mut Verbs) {
    verbs.add(
        Verb::get("/api/v1/handoffs/{id}/timeline", "getTimeline")
            .about("handoffs", "What happened to a handoff, newest first.")
            .right(Action::Read)
            .parts::<HandoffPath>()
            .query::<Paged>()
            .answers::<Listed<Entry>>(200),
        get(timeline),
    );
}

async fn timeline(
    State(web): State<Web>,
    ApiCaller(caller): ApiCaller,
    Path(HandoffPath { id }): Path<HandoffPath>,
    uri: Uri,
    Query(paged): Query<Paged>,
) -> Answered {
    let limit = page::limit(paged.limit)?;
    let before: Option<u64> = decode(paged.after.as_deref())?;
    let ratings = sees_ratings(&web, &caller, id).await?;
    let entries = web.app.timeline(&caller, id, before, limit).await?;
    let next = maybe_more(&entries, limit, |entry| entry.recorded.seq).filter(|seq| *seq > 1);
    let rows = entries.into_iter().map(|entry| told(entry, ratings)).collect::<Result<Vec<_>, _>>()?;
    shown(Listed::new(rows, next, &uri))
}

async fn sees_ratings(web: &Web, caller: &throughline_app::Caller, id: HandoffId) -> Result<bool, Problem> {
    let loaded = web.app.load(caller.org, id).await?;
    Ok(caller.sees_ratings(&loaded.handoff))
}

fn told(entry: TimelineEntry, ratings: bool) -> Result<Entry, AppError> {
    let recorded = entry.recorded;
    let fact = match recorded.fact {
        Fact::Rated { rating, .. } if !ratings => json!({ "kind": "rated", "rating": rating }),
        Fact::SignSeen { .. } if !ratings => json!({ "kind": "sign_seen" }),
        Fact::SignTakenBack { .. } if !ratings => json!({ "kind": "sign_taken_back" }),
        fact => serde_json::to_value(fact).map_err(AppError::broken)?,
    };
    Ok(Entry { seq: recorded.seq, at: recorded.at, by: recorded.by, fact, hash: entry.hash })
}
