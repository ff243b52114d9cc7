//! `Idempotency-Key`: the same request under the same key is done once, and its first answer given again
//! (reliability Q12).
//!
//! Done and remembered are one transaction: a command on a handoff keeps its key in its own commit, and any other change
//! waits until its answer is known ([`throughline_app::held`]). What repeats harmlessly by nature, such as a deal's
//! reading, is remembered right after it. Refusals are not remembered, because nothing was done; a shut gate is,
//! because its attempt is a fact.

use std::{
    collections::HashSet,
    sync::{Arc, Mutex, PoisonError},
};

use axum::{
    body::{Body, Bytes, to_bytes},
    extract::{FromRequestParts, Request, State},
    http::{HeaderName, HeaderValue, StatusCode, header, request::Parts},
    middleware::Next,
    response::{IntoResponse, Response},
};
use throughline_app::{
    AppError, Caller,
    held::{Held, Settled},
    remember::scoped,
    secrets,
};
use throughline_domain::OrgId;
use throughline_http::{ApiCaller, Problem, Web, extract::MOST_JSON};
use throughline_store::IdempotencyRow;

const KEY: HeaderName = HeaderName::from_static("idempotency-key");
const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");
/// The largest answer remembered whole.
const MOST_ANSWER: usize = 4 * 1024 * 1024;
/// How often a request that others overtook is worked on anew.
const TRIES: usize = 5;
/// Kept in place of an answer that held a secret. No answer reads like it, and an erased one is empty.
const SECRET: &str = "held a secret";

/// Keys under way in this process.
#[derive(Clone)]
pub struct Keys {
    web: Web,
    under_way: Arc<Mutex<HashSet<(OrgId, String)>>>,
}

impl Keys {
    /// None yet.
    pub fn new(web: Web) -> Self {
        Self { web, under_way: Arc::default() }
    }

    fn begin(&self, org: OrgId, key: &str) -> Result<UnderWay, Problem> {
        let slot = (org, key.to_owned());
        if !self.under_way.lock().unwrap_or_else(PoisonError::into_inner).insert(slot.clone()) {
            let problem = Problem::new("in-progress", "the first request with this key is still being done");
            return Err(Problem { retry_after: Some(1), ..problem });
        }
        Ok(UnderWay { keys: self.under_way.clone(), slot })
    }
}

struct UnderWay {
    keys: Arc<Mutex<HashSet<(OrgId, String)>>>,
    slot: (OrgId, String),
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.keys.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.slot);
    }
}

/// For handlers that keep the key in their own transaction: what to keep, and what was answered before.
#[derive(Debug, Clone)]
pub struct Remember {
    /// The key as kept.
    pub key: String,
    /// The request's hash.
    pub request: String,
    /// The answer given before; it is to be given again.
    pub before: Option<IdempotencyRow>,
}

/// On an answer: its handler has kept the key.
#[derive(Debug, Clone, Copy)]
pub struct Kept;

/// On an answer: somebody else had done the same in this very moment, and this is told again.
#[derive(Debug, Clone, Copy)]
pub struct Again;

/// On an answer: it holds a secret, which is shown once and not kept.
#[derive(Debug, Clone, Copy)]
pub struct HoldsSecret;

/// Answers again what was answered before, or lets the request through and remembers its answer.
pub async fn layer(State(keys): State<Keys>, request: Request, next: Next) -> Response {
    if request.method().is_safe() || !request.headers().contains_key(KEY) {
        return next.run(request).await;
    }
    answer(keys, request, next).await.unwrap_or_else(IntoResponse::into_response)
}

async fn answer(keys: Keys, request: Request, next: Next) -> Result<Response, Problem> {
    let (mut parts, body) = request.into_parts();
    let key = key_of(&parts)?;
    let ApiCaller(caller) = ApiCaller::from_request_parts(&mut parts, &keys.web).await?;
    let bytes = to_bytes(body, MOST_JSON).await.map_err(too_large)?;
    let request = hash(&parts, &bytes);
    let key = scoped(&caller, &key);
    let _under_way = keys.begin(caller.org, &key)?;

    let before = keys.web.app.remembered(&caller, &key).await?;
    if before.as_ref().is_some_and(|row| row.request != request) {
        return Err(AppError::KeyReused.into());
    }
    let replayed = before.is_some();
    if let Some(row) = before.as_ref().filter(|row| row.body.parse::<u64>().is_err()) {
        return replay(row);
    }
    parts.extensions.insert(Remember { key: key.clone(), request: request.clone(), before });
    for _ in 0..TRIES {
        let mut parts = parts.clone();
        let held = Held::default();
        parts.extensions.insert(held.clone());
        let mut response = next.clone().run(Request::from_parts(parts, Body::from(bytes.clone()))).await;
        if replayed || response.extensions().get::<Again>().is_some() {
            response.headers_mut().insert(REPLAYED, HeaderValue::from_static("true"));
            return Ok(response);
        }
        if response.extensions().get::<Kept>().is_some() {
            return Ok(response);
        }
        if !response.status().is_success() {
            // What stands in the way may be what the same request did a moment ago, at another node.
            let twin = keys.web.app.remembered(&caller, &key).await?;
            let twin = twin.filter(|row| row.request == request && row.body.parse::<u64>().is_err());
            return twin.as_ref().map_or(Ok(response), replay);
        }
        let caller = Caller { held: Some(held), ..caller.clone() };
        if let Some(response) = remember(&keys.web, &caller, &key, &request, response).await? {
            return Ok(response);
        }
    }
    Err(AppError::Unavailable("others are always faster".to_owned()).into())
}

fn key_of(parts: &Parts) -> Result<String, Problem> {
    let text = parts.headers.get(KEY).and_then(|key| key.to_str().ok()).unwrap_or_default();
    let shaped = (1..=255).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic());
    if shaped {
        Ok(text.to_owned())
    } else {
        Err(Problem::new("bad-request", "Idempotency-Key is 1 to 255 printable characters, without blanks"))
    }
}

fn too_large(why: axum::Error) -> Problem {
    // The limit is the only error told by this name; everything else is a broken line.
    if why.to_string().contains("limit") {
        return Problem::new("too-large", "the body is larger than this address takes");
    }
    Problem::new("slow-body", "the body did not arrive whole")
}

fn hash(parts: &Parts, body: &Bytes) -> String {
    let content_type = parts.headers.get(header::CONTENT_TYPE).map_or(&b""[..], |value| value.as_bytes());
    let if_match = parts.headers.get(header::IF_MATCH).map_or(&b""[..], |value| value.as_bytes());
    let mut text = format!("{} {}\n", parts.method, parts.uri);
    for part in [content_type, if_match, body.as_ref()] {
        text.push_str(&String::from_utf8_lossy(part));
        text.push('\n');
    }
    secrets::hash(&text)
}

fn replay(row: &IdempotencyRow) -> Result<Response, Problem> {
    let status = StatusCode::from_u16(row.status).map_err(AppError::broken)?;
    if row.body == SECRET {
        return Err(Problem::new(
            "conflict",
            "this was done; its answer held a secret, which is shown once and not kept",
        ));
    }
    if row.body.is_empty() && status != StatusCode::NO_CONTENT {
        return Err(Problem::new(
            "conflict",
            "this was done; its answer showed a handoff whose texts were erased since, and went with them",
        ));
    }
    let json = (status != StatusCode::NO_CONTENT).then(|| HeaderValue::from_static("application/json"));
    let mut response = (status, row.body.clone()).into_response();
    response.headers_mut().remove(header::CONTENT_TYPE);
    if let Some(json) = json {
        response.headers_mut().insert(header::CONTENT_TYPE, json);
    }
    response.headers_mut().insert(REPLAYED, HeaderValue::from_static("true"));
    Ok(response)
}

/// Stores an answer with what led to it; none: others were faster, and it must be worked out anew.
async fn remember(
    web: &Web,
    caller: &Caller,
    key: &str,
    request: &str,
    response: Response,
) -> Result<Option<Response>, Problem> {
    let (parts, body) = response.into_parts();
    let bytes = to_bytes(body, MOST_ANSWER).await.map_err(AppError::broken)?;
    let secret = parts.extensions.get::<HoldsSecret>().is_some();
    let text = if secret { SECRET.to_owned() } else { String::from_utf8_lossy(&bytes).into_owned() };
    let row = IdempotencyRow {
        key: key.to_owned(),
        request: request.to_owned(),
        status: parts.status.as_u16(),
        body: text,
        at: web.app.now(),
    };
    let is_done = caller.held.as_ref().is_none_or(Held::is_empty);
    match web.app.settle(caller, row).await {
        Ok(Settled::Kept) => {}
        Ok(Settled::Overtaken) => return Ok(None),
        Ok(Settled::Before(row)) if row.request != request => return Err(AppError::KeyReused.into()),
        Ok(Settled::Before(row)) => return replay(&row).map(Some),
        // It is done: the answer must not say otherwise.
        Err(why) if is_done => tracing::warn!(%why, "an answer could not be remembered"),
        Err(why) => return Err(why.into()),
    }
    Ok(Some(Response::from_parts(parts, Body::from(bytes))))
}
