//! Saved views: the list of deals or the board with its filters under a name.

use axum::{
    extract::State,
    http::HeaderMap,
    response::IntoResponse,
    routing::{get, put},
};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use throughline_app::views::{LONGEST_NAME, MyView, NewView, query_of};
use throughline_domain::{PersonId, access::Action};
use throughline_http::{
    ApiCaller, Web,
    extract::{Body, Path},
};
use throughline_store::{SavedView, Shared, ViewChoice, ViewPlace};
use uuid::Uuid;

use crate::{
    answer::{Answered, created, done, if_match, json, versioned},
    spec::{Verb, Verbs},
};

/// Which view.
#[derive(Debug, Deserialize, JsonSchema)]
struct ViewPath {
    /// Which view.
    id: Uuid,
}

/// A view.
#[derive(Debug, Serialize, JsonSchema)]
struct ViewView {
    /// Which.
    id: Uuid,
    /// Whose.
    owner: PersonId,
    /// What it is called.
    name: String,
    /// Of which page.
    place: ViewPlace,
    /// Its filters as the page's address has them, after the question mark.
    query: String,
    /// Who sees it beside its owner.
    shared: Shared,
    /// Counts its changes: what `If-Match` takes, quoted.
    version: u64,
    /// When it was changed last.
    changed_at: Timestamp,
}

impl From<SavedView> for ViewView {
    fn from(view: SavedView) -> Self {
        Self {
            id: view.id,
            owner: view.owner,
            query: query_of(&view.filter),
            name: view.name,
            place: view.place,
            shared: view.shared,
            version: view.version,
            changed_at: view.changed_at,
        }
    }
}

/// A view in the list, with what you made of it.
#[derive(Debug, Serialize, JsonSchema)]
struct Seen {
    /// The view.
    #[serde(flatten)]
    view: ViewView,
    /// It stands above the list for you.
    pinned: bool,
    /// Its page opens with it for you.
    first: bool,
    /// You may rename, share and remove it.
    may_change: bool,
}

impl From<MyView> for Seen {
    fn from(one: MyView) -> Self {
        let MyView { view, choice, may_change } = one;
        Self { view: view.into(), pinned: choice.pinned, first: choice.first, may_change }
    }
}

/// The views you see.
#[derive(Debug, Serialize, JsonSchema)]
struct Views {
    /// By name.
    rows: Vec<Seen>,
}

/// A view to save.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NewBody {
    /// What it is called.
    #[schemars(length(min = 1, max = LONGEST_NAME))]
    name: String,
    /// Of which page.
    place: ViewPlace,
    /// Its filters as the page's address has them, after the question mark: `stage=offered&when=late`.
    #[schemars(length(max = 8000))]
    query: String,
    /// Who sees it beside you; nobody when left out.
    #[serde(default)]
    shared: Option<Shared>,
}

/// What is to change of a view; what is left out stays.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ChangeBody {
    /// What it is called.
    #[schemars(length(min = 1, max = LONGEST_NAME))]
    name: Option<String>,
    /// Its filters.
    #[schemars(length(max = 8000))]
    query: Option<String>,
    /// Who sees it beside its owner.
    shared: Option<Shared>,
}

/// What you make of a view.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ChoiceBody {
    /// It stands above the list for you.
    pinned: bool,
    /// Its page opens with it for you: one of each page at most.
    first: bool,
}

pub(super) fn add(verbs: &mut Verbs) {
    let (all, one) = ("/api/v1/me/views", "/api/v1/me/views/{id}");
    verbs.add(
        Verb::get(all, "listViews")
            .about("me", "The saved views you see: yours, your teams', and everybody's.")
            .right(Action::Read)
            .answers::<Views>(200)
            .refuses(&["not-found"]),
        get(list).post(save),
    );
    verbs.list.push(
        Verb::post(all, "saveView")
            .about("me", "Save a view: filters of the list or the board under a name.")
            .notes(
                "Only filters of these pages can be saved, never another address. Sharing takes the right \
                 `share_views`, as far as it reaches: one's teams, or everybody.",
            )
            .right(Action::Read)
            .body::<NewBody>()
            .answers::<ViewView>(201)
            .refuses(&["not-found"]),
    );
    verbs.add(
        Verb::put(one, "changeView")
            .about("me", "Rename or share a view, or change what it shows.")
            .notes("`If-Match` is heeded, not required.")
            .right(Action::Read)
            .parts::<ViewPath>()
            .body::<ChangeBody>()
            .answers::<ViewView>(200)
            .etag()
            .if_match(),
        put(change).delete(remove),
    );
    verbs.list.push(
        Verb::delete(one, "removeView")
            .about("me", "Remove a view, for everybody who sees it.")
            .right(Action::Read)
            .parts::<ViewPath>()
            .answers_nothing(),
    );
    verbs.add(
        Verb::put("/api/v1/me/views/{id}/choice", "chooseView")
            .about("me", "Pin a view, or let its page open with it: for you alone.")
            .right(Action::Read)
            .parts::<ViewPath>()
            .body::<ChoiceBody>()
            .answers_nothing(),
        put(choose),
    );
}

async fn list(State(web): State<Web>, ApiCaller(caller): ApiCaller) -> Answered {
    json(Views { rows: web.app.my_views(&caller).await?.into_iter().map(Seen::from).collect() })
}

async fn save(State(web): State<Web>, ApiCaller(caller): ApiCaller, Body(body): Body<NewBody>) -> Answered {
    let NewBody { name, place, query, shared } = body;
    let new = NewView { name, place, query, shared: shared.unwrap_or(Shared::Nobody) };
    created(ViewView::from(web.app.save_view(&caller, new).await?))
}

async fn change(
    State(web): State<Web>,
    ApiCaller(caller): ApiCaller,
    headers: HeaderMap,
    Path(ViewPath { id }): Path<ViewPath>,
    Body(body): Body<ChangeBody>,
) -> Answered {
    let ChangeBody { name, query, shared } = body;
    let version = if_match(&headers)?;
    let view = web.app.change_view(&caller, id, name.as_deref(), query.as_deref(), shared, version).await?;
    let version = view.version;
    Ok(versioned(json(ViewView::from(view))?.into_response(), version))
}

async fn remove(
    State(web): State<Web>,
    ApiCaller(caller): ApiCaller,
    Path(ViewPath { id }): Path<ViewPath>,
) -> Answered {
    web.app.remove_view(&caller, id).await?;
    done()
}

async fn choose(
    State(web): State<Web>,
    ApiCaller(caller): ApiCaller,
    Path(ViewPath { id }): Path<ViewPath>,
    Body(ChoiceBody { pinned, first }): Body<ChoiceBody>,
) -> Answered {
    web.app.choose_view(&caller, id, ViewChoice { pinned, first }).await?;
    done()
}
