//! What somebody chooses about their walk: to pass a step over, to hide it, to have it back.

use axum::{
    Router,
    http::{HeaderMap, HeaderValue},
    response::Response,
    routing::post,
};
use throughline_http::{Web, session::cookie};
use throughline_sample::walk::Task;

use crate::{
    answer::{redirect, safe_path},
    chrome::WalkWish,
    form::Posted,
    pages::parts,
};

/// The routes.
pub fn routes() -> Router<Web> {
    Router::new().route("/walk", post(choose).get(parts::above))
}

/// What a browser chose.
pub fn wish(headers: &HeaderMap) -> WalkWish {
    cookie(headers, WalkWish::COOKIE).map(|value| WalkWish::from_value(&value)).unwrap_or_default()
}

/// Keeps the choice; nothing is done to a handoff, so anybody may.
async fn choose(headers: HeaderMap, posted: Posted) -> Response {
    let mut wish = wish(&headers);
    match posted.typed("do") {
        "hide" => wish.hidden = true,
        "show" => wish.hidden = false,
        "skip" => {
            wish.hidden = false;
            if let Some(task) = Task::named(posted.typed("task"))
                && !wish.left_out.contains(&task)
            {
                wish.left_out.push(task);
            }
        }
        "anew" => wish = WalkWish::default(),
        _ => {}
    }
    redirect(safe_path(posted.typed("back")), HeaderValue::from_str(&wish.set_cookie()).ok())
}
