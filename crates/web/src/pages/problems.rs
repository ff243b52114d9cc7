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
    failure,
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
    title: String,
    advice: String,
    /// What programs are told.
    programs: &'static str,
    kind: &'static str,
}

async fn kind(guest: Guest, Path(wanted): Path<String>) -> Response {
    match KINDS.iter().copied().find(|(kind, ..)| *kind == wanted) {
        Some((kind, status, _, programs)) => {
            let said = failure::kind(kind);
            html(&KindPage {
                title: guest.t.get(said.title).into_owned(),
                advice: guest.t.get(said.advice).into_owned(),
                chrome: guest.chrome(),
                status,
                programs,
                kind,
            })
            .into_response()
        }
        None => failed(&Problem::new("not-found", "there is no such problem")),
    }
}

/// Nothing is here.
pub async fn not_found() -> Response {
    failed(&Problem::new("not-found", "there is nothing at this address"))
}
