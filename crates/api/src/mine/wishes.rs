//! How one wants to be told: what is mailed, and when (R3.13).

use axum::{extract::State, http::HeaderMap, response::IntoResponse, routing::get};
use throughline_app::wishes::mark_of;
use throughline_domain::notify::Notify;
use throughline_http::{ApiCaller, Web, extract::Body};

use crate::{
    answer::{Answered, if_match, json, versioned},
    spec::{Verb, Verbs},
};

pub(super) fn add(verbs: &mut Verbs) {
    let path = "/api/v1/me/notifications";
    verbs.add(
        Verb::get(path, "getNotifications")
            .about("me", "What is mailed to you, and when. A token is nobody, and is mailed nothing.")
            .answers::<Notify>(200)
            .etag()
            .refuses(&["not-found"]),
        get(show).put(set),
    );
    verbs.list.push(
        Verb::put(path, "setNotifications")
            .about("me", "Set what is mailed to you, and when; what is left out is as for everybody at first.")
            .notes(
                "What waits to be mailed is timed anew. Everything lies in the product for you, mailed or not. \
                 `If-Match` is heeded, not required.",
            )
            .body::<Notify>()
            .answers::<Notify>(200)
            .etag()
            .if_match()
            .refuses(&["not-found"]),
    );
}

async fn show(State(web): State<Web>, ApiCaller(caller): ApiCaller) -> Answered {
    answered(web.app.my_wishes(&caller).await?)
}

async fn set(
    State(web): State<Web>,
    ApiCaller(caller): ApiCaller,
    headers: HeaderMap,
    Body(wishes): Body<Notify>,
) -> Answered {
    answered(web.app.set_my_wishes(&caller, wishes, if_match(&headers)?).await?)
}

fn answered(wishes: Notify) -> Answered {
    let mark = mark_of(&wishes);
    Ok(versioned(json(wishes)?.into_response(), mark))
}
