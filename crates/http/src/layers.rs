//! What stands around every handler, in one order, so that no front end forgets a part.

use std::time::Duration;

use axum::{
    Router,
    extract::{DefaultBodyLimit, Request, State},
    http::{HeaderName, HeaderValue, header},
    middleware::{Next, from_fn, from_fn_with_state},
    response::{IntoResponse, Response},
};
use tower_http::{CompressionLevel, catch_panic::CatchPanicLayer, compression::CompressionLayer};

use crate::{
    Problem, Web, csrf,
    extract::MOST_JSON,
    headers, health,
    limit::{Allowance, client_of},
    metrics,
    session::cookie,
};

/// The longest a request may take, with its body.
const LONGEST: Duration = Duration::from_secs(30);
/// The longest for a declared large body: 25 MB over a slow line.
const LONGEST_UPLOAD: Duration = Duration::from_secs(180);

/// Puts `/healthz`, `/readyz` and `/metrics` beside the routes, and around everything: headers, counting, panics
/// caught, time and size limits, rate limits, cross-site requests refused, answers packed for whoever takes them so.
///
/// Packing gives no secret away by its length: a secret is shown once, in the answer to a request that no other site can
/// make somebody's browser send.
///
/// A route that takes more than [`MOST_JSON`] says so with a `DefaultBodyLimit` of its own.
pub fn layers(router: Router, web: &Web) -> Router {
    // The last one is outermost.
    router
        .merge(health::router(web.clone()))
        .layer(DefaultBodyLimit::max(MOST_JSON))
        .layer(from_fn_with_state(web.clone(), csrf::layer))
        .layer(from_fn_with_state(web.clone(), rate))
        .layer(from_fn(in_time))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(CompressionLayer::new().quality(CompressionLevel::Fastest))
        .layer(from_fn_with_state(web.clone(), metrics::layer))
        .layer(from_fn_with_state(web.clone(), headers::layer))
}

async fn in_time(request: Request, next: Next) -> Response {
    let length = request
        .headers()
        .get(header::CONTENT_LENGTH)
        .and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    let longest = if length.is_some_and(|length| length > MOST_JSON) { LONGEST_UPLOAD } else { LONGEST };
    match tokio::time::timeout(longest, next.run(request)).await {
        Ok(response) => response,
        Err(_) => {
            let detail = format!("it took longer than {} seconds", longest.as_secs());
            Problem { retry_after: Some(5), ..Problem::new("took-too-long", detail) }.into_response()
        }
    }
}

fn panicked(panic: Box<dyn std::any::Any + Send>) -> Response {
    let text = panic.downcast_ref::<String>().map(String::as_str).or(panic.downcast_ref::<&str>().copied());
    let why = format!("panicked: {}", text.unwrap_or("without a text"));
    Problem::from(throughline_app::AppError::broken(why)).into_response()
}

async fn rate(State(web): State<Web>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    // A balancer asks these often; files are cheap and many a page.
    if matches!(path, "/healthz" | "/readyz") || path.starts_with("/assets/") {
        return next.run(request).await;
    }
    let api = path.starts_with("/api/");
    let headers = request.headers();
    let requests = &web.shared.requests;
    let allowance = match (headers.get(header::AUTHORIZATION), cookie(headers, web.cookie_name())) {
        (Some(token), _) => requests.caller(token.as_bytes()),
        (None, Some(session)) => requests.caller(session.as_bytes()),
        (None, None) => requests.stranger(client_of(&web.shared.proxies, request.extensions(), headers)),
    };
    let Some(allowance) = allowance else { return next.run(request).await };
    if !allowance.allowed {
        let detail =
            format!("more requests than {} at once; wait {} seconds", allowance.limit, allowance.wait);
        let problem = Problem { retry_after: Some(allowance.wait), ..Problem::new("too-many", detail) };
        return told(problem.into_response(), allowance);
    }
    let response = next.run(request).await;
    if api { told(response, allowance) } else { response }
}

/// `RateLimit` as the working group's drafts write it: what is left, and when there is more.
fn told(mut response: Response, allowance: Allowance) -> Response {
    let value = format!("\"default\";r={};t={}", allowance.remaining, allowance.wait);
    if let Ok(value) = HeaderValue::try_from(value) {
        response.headers_mut().insert(HeaderName::from_static("ratelimit"), value);
    }
    response
}
