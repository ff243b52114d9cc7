//! Who may send events: sources added, given new keys, removed.

use axum::{
    extract::State,
    routing::{delete, get, post},
};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use throughline_app::sources::Keyed;
use throughline_domain::access::Action;
use throughline_http::{
    ApiCaller, Web,
    extract::{Body, Path},
};
use throughline_store::{EventKey, EventSource};

use crate::{
    answer::{Answered, created, done, json},
    idempotency::HoldsSecret,
    spec::{Verb, Verbs},
};

/// Which source.
#[derive(Debug, Deserialize, JsonSchema)]
struct SourcePath {
    /// The source's name.
    name: String,
}

/// A source as it is to be.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct SourceBody {
    /// Its name, which its deals have as their source.
    #[schemars(length(min = 1, max = 40), regex(pattern = "^[a-z0-9_-]+$"))]
    name: String,
    /// The public half of its Ed25519 key, `whpk_…`; a secret is made when left out.
    #[serde(default)]
    #[schemars(length(max = 200))]
    public_key: Option<String>,
}

/// A source's next key.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct KeyBody {
    /// The public half of its Ed25519 key, `whpk_…`; a secret is made when left out.
    #[serde(default)]
    #[schemars(length(max = 200))]
    public_key: Option<String>,
}

/// A source without its secret.
#[derive(Debug, Serialize, JsonSchema)]
struct SourceView {
    /// Its name.
    name: String,
    /// Where it sends its events.
    path: String,
    /// The public half of its key; null: it signs with a secret.
    public_key: Option<String>,
    /// Since when its key counts.
    changed_at: Timestamp,
    /// When it was added.
    added_at: Timestamp,
}

impl SourceView {
    fn of(name: String, source: EventSource) -> Self {
        Self {
            path: format!("/api/v1/events/{name}"),
            name,
            public_key: match source.key {
                EventKey::Secret { .. } => None,
                EventKey::Public { key } => Some(key),
            },
            changed_at: source.changed_at,
            added_at: source.added_at,
        }
    }
}

/// All sources.
#[derive(Debug, Serialize, JsonSchema)]
struct Sources {
    /// By name, at most 50.
    rows: Vec<SourceView>,
}

/// A source just given a key.
#[derive(Debug, Serialize, JsonSchema)]
struct Made {
    /// The source.
    source: SourceView,
    /// What it signs with, `whsec_…`; null where it has a key of its own.
    secret: Option<String>,
}

pub(super) fn add(verbs: &mut Verbs) {
    let path = "/api/v1/event-sources";
    verbs.add(
        Verb::get(path, "listEventSources")
            .about("events", "Who may send events, without their secrets.")
            .right(Action::ManageSettings)
            .answers::<Sources>(200),
        get(list).post(make),
    );
    verbs.list.push(
        Verb::post(path, "addEventSource")
            .about("events", "Let another system send events.")
            .right(Action::ManageSettings)
            .body::<SourceBody>()
            .answers::<Made>(201),
    );
    verbs.add(
        Verb::post("/api/v1/event-sources/{name}/rotate", "rotateEventSource")
            .about("events", "Give a source a new key; the one before stays good for 24 hours.")
            .right(Action::ManageSettings)
            .parts::<SourcePath>()
            .body::<KeyBody>()
            .answers::<Made>(200),
        post(rotate),
    );
    verbs.add(
        Verb::delete("/api/v1/event-sources/{name}", "removeEventSource")
            .about("events", "Believe a source no longer, from now on.")
            .right(Action::ManageSettings)
            .parts::<SourcePath>()
            .answers_nothing(),
        delete(remove),
    );
}

async fn list(State(web): State<Web>, ApiCaller(caller): ApiCaller) -> Answered {
    let sources = web.app.event_sources(&caller).await?;
    json(Sources { rows: sources.into_iter().map(|(name, source)| SourceView::of(name, source)).collect() })
}

async fn make(
    State(web): State<Web>,
    ApiCaller(caller): ApiCaller,
    Body(body): Body<SourceBody>,
) -> Answered {
    let keyed = web.app.add_event_source(&caller, &body.name, body.public_key.as_deref()).await?;
    let mut response = created(made(body.name.trim().to_owned(), keyed))?;
    response.extensions_mut().insert(HoldsSecret);
    Ok(response)
}

async fn rotate(
    State(web): State<Web>,
    ApiCaller(caller): ApiCaller,
    Path(SourcePath { name }): Path<SourcePath>,
    Body(body): Body<KeyBody>,
) -> Answered {
    let keyed = web.app.rotate_event_source(&caller, &name, body.public_key.as_deref()).await?;
    let mut response = json(made(name, keyed))?;
    response.extensions_mut().insert(HoldsSecret);
    Ok(response)
}

async fn remove(
    State(web): State<Web>,
    ApiCaller(caller): ApiCaller,
    Path(SourcePath { name }): Path<SourcePath>,
) -> Answered {
    web.app.remove_event_source(&caller, &name).await?;
    done()
}

fn made(name: String, keyed: Keyed) -> Made {
    Made { source: SourceView::of(name, keyed.source), secret: keyed.secret }
}
