//! `POST /api/v1/events/{source}`: an event as another system signed it.
//!
//! It is answered as soon as it is kept; what it says is read afterwards. So a sender waits for no decision of ours,
//! and an event we cannot act on now is not sent again and again.

use axum::{
    body::Bytes,
    extract::{DefaultBodyLimit, State, rejection::BytesRejection},
    http::{HeaderMap, StatusCode},
    response::IntoResponse,
    routing::post,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use throughline_app::events::{
    Arrival, Believed, Claims, EventBody, LARGEST_EVENT, NotBelieved, Received, header,
};
use throughline_http::{
    Problem, Web,
    extract::{Path, Query, unread},
};

use crate::{
    answer::{Answered, json},
    spec::{Verb, Verbs},
};

/// From where.
#[derive(Debug, Deserialize, JsonSchema)]
struct EventPath {
    /// The source, by the name it was added under.
    #[schemars(length(min = 1, max = 40), regex(pattern = "^[a-z0-9_-]+$"))]
    source: String,
}

/// For whom.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct EventQuery {
    /// The organisation, by slug; may be left out where the server holds only one.
    #[schemars(length(min = 1, max = 60))]
    org: Option<String>,
}

/// What a signed event says of itself (Standard Webhooks).
#[derive(JsonSchema)]
#[expect(dead_code, reason = "documents headers, which are read one by one")]
struct EventHeaders {
    /// The event's id in its source: the same each time it is sent.
    #[schemars(rename = "webhook-id", length(min = 1, max = 255))]
    id: String,
    /// When it was sent, in seconds since 1970; at most five minutes off.
    #[schemars(rename = "webhook-timestamp")]
    timestamp: String,
    /// `v1,` or `v1a,` and the signature of `id.timestamp.body` in base64; several with blanks between, while keys
    /// change.
    #[schemars(rename = "webhook-signature")]
    signature: String,
}

/// An event was taken.
#[derive(Debug, Serialize, JsonSchema)]
struct Taken {
    /// Whether it was here before: then nothing is done about it again.
    again: bool,
}

pub(super) fn add(verbs: &mut Verbs) {
    verbs.add(
        Verb::post("/api/v1/events/{source}", "receiveEvent")
            .about("events", "Tell of something that happened, signed by its source.")
            .notes(
                "The bytes are kept as they come and understood afterwards: 202 says that the event will not be lost, \
                 and `GET /api/v1/events` what became of it. The same `webhook-id` again is answered alike and done \
                 once. Whoever is not believed hears nothing of why; the server's log says it.",
            )
            .signed()
            .parts::<EventPath>()
            .query::<EventQuery>()
            .headers::<EventHeaders>()
            .body::<EventBody>()
            .answers::<Taken>(202),
        post(receive).layer(DefaultBodyLimit::max(LARGEST_EVENT)),
    );
}

async fn receive(
    State(web): State<Web>,
    Path(EventPath { source }): Path<EventPath>,
    Query(EventQuery { org }): Query<EventQuery>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Answered {
    let body = body.map_err(unread)?;
    let claims = Claims {
        id: one(&headers, header::ID),
        timestamp: one(&headers, header::TIMESTAMP),
        signatures: one(&headers, header::SIGNATURE),
    };
    let arrival = Arrival { org: org.as_deref(), source: &source, claims };
    let event = web.app.believe_event(arrival, &body).await.map_err(not_believed)?;
    // Counted once it is believed: nobody else can use up what a source may send.
    in_limits(&web, &event)?;
    let again = web.app.receive_event(event).await? == Received::Again;
    let mut response = json(Taken { again })?;
    *response.status_mut() = StatusCode::ACCEPTED;
    Ok(response.into_response())
}

/// A header that is there once.
fn one<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (Some(value), None) => value.to_str().ok(),
        _ => None,
    }
}

fn not_believed(why: NotBelieved) -> Problem {
    let detail = why.to_string();
    match why {
        NotBelieved::Signature => Problem::new("bad-signature", detail),
        NotBelieved::WhichOrganisation => Problem::new("bad-request", detail).with("field", "org".into()),
        NotBelieved::App(why) => why.into(),
    }
}

fn in_limits(web: &Web, event: &Believed) -> Result<(), Problem> {
    let (org, source) = event.counted_as();
    let allowance = web.shared.requests.caller(format!("event source {org} {source}").as_bytes());
    match allowance.filter(|allowance| !allowance.allowed) {
        Some(allowance) => {
            let detail =
                format!("more events than {} at once; wait {} seconds", allowance.limit, allowance.wait);
            Err(Problem { retry_after: Some(allowance.wait), ..Problem::new("too-many", detail) })
        }
        None => Ok(()),
    }
}
