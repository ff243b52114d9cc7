//! `GET /api/v1/events`: what came, and what became of it.

use axum::{extract::State, http::Uri, routing::get};
use throughline_domain::access::Action;
use throughline_http::{ApiCaller, Web, extract::Query};
use throughline_store::EventSeen;

use crate::{
    answer::{Answered, json},
    page::{self, Listed, Paged, decode, maybe_more},
    spec::{Verb, Verbs},
};

pub(super) fn add(verbs: &mut Verbs) {
    verbs.add(
        Verb::get("/api/v1/events", "listEvents")
            .about("events", "Events received in the last week, newest first.")
            .right(Action::ManageSettings)
            .query::<Paged>()
            .answers::<Listed<EventSeen>>(200),
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
    let rows = web.app.events(&caller, decode(paged.after.as_deref())?, limit).await?;
    let next = maybe_more(&rows, limit, EventSeen::place);
    json(Listed::new(rows, next, &uri))
}
