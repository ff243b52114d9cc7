//! `GET /api/v1/audit`: who changed what beside the handoffs; those have their own journal.

use axum::{extract::State, http::Uri, routing::get};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;
use throughline_domain::{Actor, access::Action};
use throughline_http::{ApiCaller, Web, extract::Query};

use crate::{
    answer::{Answered, json},
    page::{self, Listed, Paged, decode, maybe_more},
    spec::{Verb, Verbs},
};

/// Somebody changed something.
#[derive(Debug, Serialize, JsonSchema)]
struct Entry {
    /// Its number.
    seq: i64,
    /// When.
    at: Timestamp,
    /// Who.
    by: Actor,
    /// What, as a verb.
    action: String,
    /// On what: an id or a name.
    subject: String,
    /// Further detail.
    detail: Value,
}

pub(super) fn add(verbs: &mut Verbs) {
    verbs.add(
        Verb::get("/api/v1/audit", "listAudit")
            .about("audit", "The audit log, newest first.")
            .right(Action::Audit)
            .query::<Paged>()
            .answers::<Listed<Entry>>(200),
        get(list),
    );
}

async fn list(
    State(web): State<Web>,
    ApiCaller(caller): ApiCaller,
    uri: Uri,
    Query(paged): Query<Paged>,
) -> Answered {
    let limit = page::limit(paged.limit)?;
    let before: Option<i64> = decode(paged.after.as_deref())?;
    let rows = web.app.audit_log(&caller, before, limit).await?;
    let next = maybe_more(&rows, limit, |(seq, _)| *seq);
    let rows = rows.into_iter().map(|(seq, audit)| Entry {
        seq,
        at: audit.at,
        by: audit.by,
        action: audit.action,
        subject: audit.subject,
        detail: audit.detail,
    });
    json(Listed::new(rows.collect(), next, &uri))
}
