//! Refusals as RFC 9457 problems: one translation, no catch-all arm, a page for every type.

use std::sync::Arc;

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::{Map, Value, json};
use throughline_app::AppError;
use throughline_domain::handoff::Refusal;

/// A problem as it is answered.
#[derive(Debug, Clone)]
pub struct Problem {
    /// The status.
    pub status: StatusCode,
    /// The type's name: `/problems/<name>` explains it.
    pub kind: &'static str,
    /// What happened here, for programs and logs.
    pub detail: String,
    /// Why, as data: pages say it in their reader's language. None where the problem is none of the application's.
    pub cause: Option<Arc<AppError>>,
    /// Further members.
    pub more: Map<String, Value>,
    /// Seconds to wait before trying again.
    pub retry_after: Option<u64>,
    /// The current version, for `ETag` on a stale write.
    pub etag: Option<u64>,
}

/// Every problem type: name, status, title, what to do. The pages under `/problems/` and `docs/problems/` are made from it.
pub const KINDS: &[(&str, u16, &str, &str)] = &[
    (
        "not-signed-in",
        401,
        "Not signed in",
        "Send a session cookie, or an API token as `Authorization: Bearer tl_…`.",
    ),
    (
        "bad-signature",
        401,
        "Signature not good",
        "Sign `webhook-id.webhook-timestamp.body` with the source's key, as Standard Webhooks has it, within five minutes of sending. The operator's log says what did not fit.",
    ),
    (
        "forbidden",
        403,
        "Not allowed",
        "Your role does not allow this. Ask somebody whose role does, or an admin to change yours.",
    ),
    (
        "cross-site",
        403,
        "Cross-site request",
        "The request came from another site. Send it from this site's pages, or with an API token.",
    ),
    ("not-found", 404, "Not found", "There is nothing here, or nothing you may see. Check the id."),
    (
        "link-used-up",
        410,
        "Link used up",
        "A link of ours works once, and not for long. Ask whoever sent it for a fresh one.",
    ),
    (
        "method-not-allowed",
        405,
        "Method not allowed",
        "This address takes other methods; see the `Allow` header.",
    ),
    (
        "out-of-turn",
        409,
        "Out of turn",
        "It cannot be done at this stage. The detail says what would have to be so.",
    ),
    (
        "conflict",
        409,
        "Conflict",
        "Something unique is taken, or somebody has changed it meanwhile. Read it again.",
    ),
    (
        "needs-reopening",
        409,
        "Reopen first",
        "The record was offered. Reopen the ask with a reason, or send the change with a `reason`.",
    ),
    (
        "stale",
        412,
        "Changed meanwhile",
        "Somebody was faster. Read it again (the current `ETag` is given) and send your change anew.",
    ),
    ("too-large", 413, "Too large", "Send less at once."),
    ("unsupported-media-type", 415, "Unsupported media type", "Send `application/json`."),
    ("gate-shut", 422, "The gate is shut", "Every gap is listed with who owes it and where to close it."),
    ("invalid", 422, "Invalid input", "The detail names the field and what is wrong with it."),
    (
        "not-yours",
        403,
        "Somebody else must do it",
        "The process gives this to another person. The detail says whom.",
    ),
    ("waiver-authority", 403, "Not for you to waive", "The playbook names who grants waivers at this gate."),
    (
        "in-progress",
        409,
        "Still being done",
        "A request with this Idempotency-Key is under way. Send it again in a moment to get its answer.",
    ),
    ("key-reused", 422, "Idempotency key reused", "The key was used for another request. Take a new one."),
    ("precondition-required", 428, "Precondition required", "Send `If-Match` with the version you read."),
    ("too-many", 429, "Too many requests", "Wait as long as `Retry-After` says."),
    (
        "broken",
        500,
        "Something went wrong on our side",
        "It is logged with the given instance. Try again; if it stays, tell the operator.",
    ),
    ("unavailable", 503, "Not available now", "Nothing was changed. Try again after `Retry-After` seconds."),
    (
        "took-too-long",
        503,
        "Took too long",
        "It may or may not have been done. Read it again; with an Idempotency-Key, sending it again is safe.",
    ),
    (
        "slow-body",
        408,
        "The body did not arrive",
        "The connection was slow or broke off. Nothing was changed. Send it again.",
    ),
    ("bad-request", 400, "Bad request", "The request could not be read. The detail says where."),
];

impl Problem {
    /// A problem of a known type.
    pub fn new(kind: &'static str, detail: impl Into<String>) -> Self {
        let known = KINDS.iter().find(|(name, ..)| *name == kind);
        let (kind, status) = known.map_or(("broken", 500), |(name, status, ..)| (*name, *status));
        Self {
            status: StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
            kind,
            detail: detail.into(),
            cause: None,
            more: Map::new(),
            retry_after: None,
            etag: None,
        }
    }

    /// With one more member.
    #[must_use]
    pub fn with(mut self, name: &str, value: Value) -> Self {
        self.more.insert(name.to_owned(), value);
        self
    }

    /// The type in a few words, as the API says it.
    pub fn title(&self) -> &'static str {
        KINDS.iter().find(|(name, ..)| *name == self.kind).map_or("", |(_, _, title, _)| title)
    }

    /// The body as JSON.
    pub fn body(&self) -> Value {
        let mut body = json!({
            "type": format!("/problems/{}", self.kind),
            "title": self.title(),
            "status": self.status.as_u16(),
            "detail": self.detail,
        });
        if let Value::Object(map) = &mut body {
            map.extend(self.more.clone());
        }
        body
    }
}

impl From<AppError> for Problem {
    fn from(why: AppError) -> Self {
        let detail = why.to_string();
        let problem = match &why {
            AppError::NotSignedIn => Problem::new("not-signed-in", detail),
            AppError::NotFound(_) => Problem::new("not-found", detail),
            AppError::Forbidden(action) => Problem::new("forbidden", detail).with("action", json!(action)),
            AppError::Refused(refusal) => of_refusal(refusal, detail),
            AppError::Stale { current } => Problem {
                etag: Some(*current),
                ..Problem::new("stale", detail).with("current", json!(current))
            },
            AppError::Invalid { field, .. } => Problem::new("invalid", detail).with("field", json!(field)),
            AppError::Conflict(_) => Problem::new("conflict", detail),
            AppError::KeyReused => Problem::new("key-reused", detail),
            AppError::TooMany { seconds } => {
                Problem { retry_after: Some(*seconds), ..Problem::new("too-many", detail) }
            }
            AppError::Unavailable(why) => {
                tracing::warn!(%why, "store unavailable");
                Problem { retry_after: Some(2), ..Problem::new("unavailable", detail) }
            }
            AppError::Broken(why) => {
                let instance = uuid::Uuid::now_v7();
                tracing::error!(%why, %instance, "broken");
                Problem::new("broken", detail).with("instance", json!(instance))
            }
        };
        Problem { cause: Some(Arc::new(why)), ..problem }
    }
}

impl From<Refusal> for Problem {
    fn from(why: Refusal) -> Self {
        AppError::Refused(why).into()
    }
}

fn of_refusal(why: &Refusal, detail: String) -> Problem {
    match why {
        Refusal::GateShut { gate, gaps } => Problem::new("gate-shut", detail)
            .with("gate", json!(gate))
            .with("gaps", throughline_domain::personal::plain(json!(gaps))),
        Refusal::OutOfTurn { .. } => Problem::new("out-of-turn", detail),
        Refusal::NotYours(_) => Problem::new("not-yours", detail),
        Refusal::Unknown { what, .. } => Problem::new("invalid", detail).with("field", json!(what)),
        Refusal::Invalid { field, .. } => Problem::new("invalid", detail).with("field", json!(field)),
        Refusal::NeedsReopening(ask) => Problem::new("needs-reopening", detail).with("ask", json!(ask)),
        Refusal::NotWaivable(about) => Problem::new("invalid", detail).with("about", json!(about)),
        Refusal::WaiverAuthority { roles, .. } => {
            Problem::new("waiver-authority", detail).with("roles", json!(roles))
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = (self.status, Json(self.body())).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if let Some(version) = self.etag
            && let Ok(value) = HeaderValue::from_str(&format!("\"{version}\""))
        {
            headers.insert(header::ETAG, value);
        }
        // Pages turn the same problem into HTML; they read it from here.
        response.extensions_mut().insert(self);
        response
    }
}

/// The page of a problem type, as Markdown; none for an unknown one.
pub fn page(kind: &str) -> Option<String> {
    let (name, status, title, help) = KINDS.iter().find(|(name, ..)| *name == kind)?;
    let (also, example) = match *name {
        "gate-shut" => (
            "`gate` names the gate; `gaps` lists everything missing as a gate check tells it.",
            r#""gate": "handoff", "gaps": []"#,
        ),
        "invalid" => (
            "`field` is the path of what does not fit, where it can be told.",
            r#""field": "amount.currency""#,
        ),
        "bad-request" => (
            "`line` and `column` say where JSON breaks off; `field` names a query parameter.",
            r#""line": 1, "column": 17"#,
        ),
        "stale" => ("`current` and the `ETag` header give the version now.", r#""current": 8"#),
        "forbidden" => ("`action` names the right that is missing.", r#""action": "decide_promise""#),
        "broken" => (
            "`instance` is the mark under which it was logged.",
            r#""instance": "0198f2b6-3c1e-7a40-9d5b-2f6f3a7e1c55""#,
        ),
        "too-many" => ("`Retry-After` gives the seconds to wait; `RateLimit` what is left.", ""),
        "unavailable" | "took-too-long" | "in-progress" => ("`Retry-After` gives the seconds to wait.", ""),
        "precondition-required" => {
            ("Settings ask for it. Commands do not: they are decided on the newest state.", "")
        }
        _ => ("", ""),
    };
    let mut page = format!("# {title}\n\nType `/problems/{name}`, status {status}.\n\n{help}\n");
    if !also.is_empty() {
        page.push_str(&format!("\n{also}\n"));
    }
    let member = if example.is_empty() { String::new() } else { format!(",\n  {example}") };
    page.push_str(&format!(
        "\n```json\n{{\n  \"type\": \"/problems/{name}\",\n  \"title\": \"{title}\",\n  \"status\": {status},\n  \"detail\": \"…\"{member}\n}}\n```\n"
    ));
    Some(page)
}
