//! Drafts of playbooks: kept, dropped, tried on deals, published.

use axum::{
    extract::State,
    http::HeaderMap,
    routing::{get, post},
};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use throughline_app::{
    AppError,
    drafts::{GateCount, Preview, TRIED, Tried},
};
use throughline_domain::{
    Actor,
    access::Action,
    playbook::{self, diff::Change},
};
use throughline_http::{
    ApiCaller, Web,
    extract::{Body, Path, Query},
};
use throughline_store::DraftRow;

use super::{
    FindingView, PlaybookPath, Source,
    write::{Published, refused},
};
use crate::{
    answer::{Answered, created, done, if_match, json, versioned},
    spec::{Verb, Verbs},
};

/// A draft with what is wrong with it.
#[derive(Debug, Serialize, JsonSchema)]
struct DraftView {
    /// The playbook it is a draft of.
    name: String,
    /// Counts its changes: what `If-Match` takes, quoted.
    version: u64,
    /// The published version it was begun on.
    based_on: Option<u32>,
    /// When it was begun.
    begun_at: Timestamp,
    /// By whom.
    begun_by: Actor,
    /// When it was changed last.
    changed_at: Timestamp,
    /// By whom.
    changed_by: Actor,
    /// The text: YAML, as it was typed.
    source: String,
    /// What keeps it from being published, and where.
    findings: Vec<FindingView>,
}

/// What publishing would change.
#[derive(Debug, Serialize, JsonSchema)]
struct PreviewView {
    /// The playbook it would be a version of.
    name: String,
    /// The version it would become.
    version: u32,
    /// The version it is held against.
    against: Option<u32>,
    /// The differences, in the order of the document.
    changes: Vec<Change>,
    /// Living handoffs by an earlier version; they keep it. Counted up to 10,000.
    open_handoffs: u32,
    /// How each gate answers for the deals it was tried on, as if asked today for the first time.
    gates: Vec<GateCount>,
    /// Those deals, changed last first.
    #[schemars(length(max = TRIED))]
    deals: Vec<Tried>,
}

impl From<DraftRow> for DraftView {
    fn from(row: DraftRow) -> Self {
        let DraftRow { name, version, source, based_on, begun_at, begun_by, changed_at, changed_by } = row;
        let source = source.unwrap_or_default();
        let findings = playbook::load(&source).err().unwrap_or_default();
        let findings = findings.into_iter().map(FindingView::from).collect();
        Self { name, version, based_on, begun_at, begun_by, changed_at, changed_by, source, findings }
    }
}

impl From<Preview> for PreviewView {
    fn from(preview: Preview) -> Self {
        let Preview { of, against, changes, open, gates, deals } = preview;
        Self { name: of.name, version: of.version, against, changes, open_handoffs: open, gates, deals }
    }
}

pub(super) fn add(verbs: &mut Verbs) {
    let one = "/api/v1/playbooks/{name}/draft";
    verbs.add(
        Verb::get(one, "getPlaybookDraft")
            .about("playbooks", "The version somebody is working on, with what is wrong with it so far.")
            .right(Action::ManagePlaybooks)
            .parts::<PlaybookPath>()
            .answers::<DraftView>(200)
            .etag(),
        get(show).put(keep).delete(drop),
    );
    verbs.list.push(
        Verb::put(one, "keepPlaybookDraft")
            .about("playbooks", "Keep a draft's text, faults and all.")
            .notes(
                "The first change begins a draft on the newest version. `If-Match` is heeded, not required; `\"0\"` asks \
                 that there was never one.",
            )
            .right(Action::ManagePlaybooks)
            .parts::<PlaybookPath>()
            .body::<Source>()
            .answers::<DraftView>(200)
            .etag()
            .if_match(),
    );
    verbs.list.push(
        Verb::delete(one, "dropPlaybookDraft")
            .about("playbooks", "Drop the draft. What is published stays.")
            .right(Action::ManagePlaybooks)
            .parts::<PlaybookPath>()
            .answers_nothing()
            .if_match(),
    );
    verbs.add(
        Verb::get("/api/v1/playbooks/{name}/draft/preview", "previewPlaybookDraft")
            .about(
                "playbooks",
                "What publishing the draft would change: differences, and the last deals tried by it.",
            )
            .notes("A faulty draft is `invalid`, with every finding in `findings`.")
            .right(Action::ManagePlaybooks)
            .parts::<PlaybookPath>()
            .answers::<PreviewView>(200),
        get(preview),
    );
    verbs.add(
        Verb::post("/api/v1/playbooks/{name}/draft/publish", "publishPlaybookDraft")
            .about("playbooks", "Publish the draft as a new version. Running handoffs keep theirs.")
            .notes("A faulty draft is `invalid`, with every finding in `findings`. A version that came meanwhile is a `conflict`: preview again, and say so in `over`.")
            .right(Action::ManagePlaybooks)
            .parts::<PlaybookPath>()
            .query::<Over>()
            .answers::<Published>(201)
            .if_match(),
        post(publish),
    );
}

/// What a draft was held against before it is published.
#[derive(Debug, Deserialize, JsonSchema)]
struct Over {
    /// The version of the preview's `against`, 0 for none. Left out: the version the draft was begun on.
    over: Option<u32>,
}

fn whole(row: DraftRow) -> Answered {
    let version = row.version;
    Ok(versioned(json(DraftView::from(row))?, version))
}

async fn show(
    State(web): State<Web>,
    ApiCaller(caller): ApiCaller,
    Path(PlaybookPath { name }): Path<PlaybookPath>,
) -> Answered {
    whole(web.app.playbook_draft(&caller, &name).await?.ok_or(AppError::NotFound("draft"))?)
}

async fn keep(
    State(web): State<Web>,
    ApiCaller(caller): ApiCaller,
    Path(PlaybookPath { name }): Path<PlaybookPath>,
    headers: HeaderMap,
    Body(Source { source }): Body<Source>,
) -> Answered {
    whole(web.app.keep_playbook_draft(&caller, &name, &source, if_match(&headers)?).await?)
}

async fn drop(
    State(web): State<Web>,
    ApiCaller(caller): ApiCaller,
    Path(PlaybookPath { name }): Path<PlaybookPath>,
    headers: HeaderMap,
) -> Answered {
    web.app.drop_playbook_draft(&caller, &name, if_match(&headers)?).await?;
    done()
}

async fn preview(
    State(web): State<Web>,
    ApiCaller(caller): ApiCaller,
    Path(PlaybookPath { name }): Path<PlaybookPath>,
) -> Answered {
    let draft = web.app.playbook_draft(&caller, &name).await?.ok_or(AppError::NotFound("draft"))?;
    let source = draft.source.unwrap_or_default();
    let preview = web.app.preview_playbook(&caller, &source).await.map_err(refused)?;
    json(PreviewView::from(preview))
}

async fn publish(
    State(web): State<Web>,
    ApiCaller(caller): ApiCaller,
    Path(PlaybookPath { name }): Path<PlaybookPath>,
    Query(Over { over }): Query<Over>,
    headers: HeaderMap,
) -> Answered {
    let version = if_match(&headers)?;
    let of = web.app.publish_playbook_draft(&caller, &name, version, over).await.map_err(refused)?;
    created(Published { name: of.name, version: of.version })
}
