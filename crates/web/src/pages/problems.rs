//! A page for every problem type, as the `type` of an answer points to it; and the page for addresses that lead
//! nowhere.

use askama::Template;
use axum::{
    Router,
    extract::Path,
    response::{IntoResponse, Response},
    routing::get,
};
use throughline_http::{Problem, Web, problem::KINDS};

use crate::{
    answer::{failed, html},
    chrome::Chrome,
    visit::Guest,
};

/// The routes.
pub fn routes() -> Router<Web> {
    Router::new().route("/problems/{kind}", get(kind))
}

#[derive(Template)]
#[template(path = "pages/problem_kind.html")]
struct KindPage {
    chrome: Chrome,
    status: u16,
    title: &'static str,
    advice: &'static str,
    kind: &'static str,
}

async fn kind(guest: Guest, Path(wanted): Path<String>) -> Response {
    match KINDS.iter().copied().find(|(kind, ..)| *kind == wanted) {
        Some((kind, status, title, advice)) => {
            html(&KindPage { chrome: guest.chrome(), status, title, advice, kind }).into_response()
        }
        None => failed(&Problem::new("not-found", "there is no such problem")),
    }
}

/// Nothing is here.
pub async fn not_found(guest: Guest) -> Response {
    failed(&Problem::new("not-found", guest.t.get(crate::key!("failed-nothing-here"))))
}
