//! The JSON API: a file per verb, each with its documentation beside its handler.
//!
//! A verb reads its input, asks the application, and shows the answer. Absent on purpose: rules, rights (the
//! application checks them, once), SQL. Idempotency and the document are made for all verbs alike.

pub mod answer;
pub mod deals;
pub mod directory;
pub mod events;
pub mod gates;
pub mod handoffs;
pub mod idempotency;
pub mod mail;
pub mod mine;
pub mod page;
pub mod people;
pub mod playbooks;
pub mod search;
pub mod spec;
pub mod week;

use std::sync::OnceLock;

use axum::{
    Router,
    body::Bytes,
    http::header,
    middleware::from_fn_with_state,
    response::{IntoResponse, Response},
    routing::{any, get},
};
use serde_json::Value;
use throughline_http::{Problem, Web};

pub use spec::{Verb, Verbs};

/// Every verb with its handler.
pub fn verbs() -> Verbs {
    let mut verbs = Verbs::default();
    gates::add(&mut verbs);
    deals::add(&mut verbs);
    handoffs::add(&mut verbs);
    people::add(&mut verbs);
    playbooks::add(&mut verbs);
    directory::add(&mut verbs);
    events::add(&mut verbs);
    mail::add(&mut verbs);
    mine::add(&mut verbs);
    week::add(&mut verbs);
    search::add(&mut verbs);
    verbs.add(
        Verb::get("/api/v1/openapi.json", "getOpenapi")
            .about("about", "This document.")
            .open()
            .answers::<Value>(200),
        get(document),
    );
    verbs
}

/// The routes, ready to be served beside the pages. [`throughline_http::layers()`] goes around both.
pub fn router(web: Web) -> Router {
    // Around each handler, not around the whole: a method that an address does not take is no request to remember.
    let remembering = from_fn_with_state(idempotency::Keys::new(web.clone()), idempotency::layer);
    let Verbs { routes, list } = verbs();
    let named = |path: &str| list.iter().any(|verb| verb.names_itself() && verb.path == path);
    let routes = routes.into_iter().fold(Router::new(), |router, (path, handler)| {
        let handler = if named(&path) { handler } else { handler.route_layer(remembering.clone()) };
        router.route(&path, handler)
    });
    routes.method_not_allowed_fallback(wrong_method).route("/api/{*rest}", any(nothing_here)).with_state(web)
}

/// The OpenAPI 3.1 document.
pub fn openapi() -> Value {
    spec::document(&verbs().list)
}

async fn document() -> Response {
    static TEXT: OnceLock<Bytes> = OnceLock::new();
    let text = TEXT.get_or_init(|| openapi().to_string().into());
    (
        [(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "public, max-age=300")],
        text.clone(),
    )
        .into_response()
}

async fn wrong_method() -> Problem {
    Problem::new("method-not-allowed", "this address does not take that method")
}

async fn nothing_here() -> Problem {
    Problem::new("not-found", "there is nothing at this address; /api/v1/openapi.json lists what there is")
}
