//! Reading playbooks.

use axum::{extract::State, routing::get};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use throughline_domain::{
    access::Action,
    playbook::diff::{Change, diff},
};
use throughline_http::{
    ApiCaller, Web,
    extract::{Path, Query},
};

use super::{PlaybookPath, summary::Summary};
use crate::{
    answer::{Answered, json},
    spec::{Verb, Verbs},
};

/// A published version.
#[derive(Debug, Serialize, JsonSchema)]
struct Version {
    /// The playbook's name.
    name: String,
    /// Which version.
    version: u32,
    /// When it was published.
    published_at: Timestamp,
}

/// All published versions.
#[derive(Debug, Serialize, JsonSchema)]
struct Versions {
    /// By name and version.
    rows: Vec<Version>,
}

/// Which version.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Wanted {
    /// Which version; the newest when left out.
    #[schemars(range(min = 1, max = 4_294_967_295_u32))]
    version: Option<u32>,
}

/// A version with its file.
#[derive(Debug, Serialize, JsonSchema)]
struct Shown {
    /// The playbook's name.
    name: String,
    /// Which version.
    version: u32,
    /// When it was published.
    published_at: Timestamp,
    /// The file as it was published: YAML.
    source: String,
    /// What it holds, in short.
    summary: Summary,
}

/// Which versions to compare.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Between {
    /// The older version.
    #[schemars(range(min = 1, max = 4_294_967_295_u32))]
    from: u32,
    /// The newer version; the newest when left out.
    #[schemars(range(min = 1, max = 4_294_967_295_u32))]
    to: Option<u32>,
}

/// What differs.
#[derive(Debug, Serialize, JsonSchema)]
struct Differences {
    /// In the order of the document; empty when both mean the same.
    changes: Vec<Change>,
}

pub(super) fn add(verbs: &mut Verbs) {
    verbs.add(
        Verb::get("/api/v1/playbooks", "listPlaybooks")
            .about("playbooks", "All published playbook versions.")
            .right(Action::ReadPlaybooks)
            .answers::<Versions>(200),
        get(list),
    );
    verbs.add(
        Verb::get("/api/v1/playbooks/{name}", "getPlaybook")
            .about("playbooks", "A published version: its file, and in short what it holds.")
            .right(Action::ReadPlaybooks)
            .parts::<PlaybookPath>()
            .query::<Wanted>()
            .answers::<Shown>(200),
        get(show),
    );
    verbs.add(
        Verb::get("/api/v1/playbooks/{name}/diff", "diffPlaybook")
            .about("playbooks", "What differs between two versions, as differences of the process.")
            .right(Action::ReadPlaybooks)
            .parts::<PlaybookPath>()
            .query::<Between>()
            .answers::<Differences>(200),
        get(differences),
    );
}

async fn list(State(web): State<Web>, ApiCaller(caller): ApiCaller) -> Answered {
    let rows = web.app.list_playbooks(&caller).await?.into_iter();
    let rows =
        rows.map(|one| Version { name: one.name, version: one.version, published_at: one.at }).collect();
    json(Versions { rows })
}

async fn show(
    State(web): State<Web>,
    ApiCaller(caller): ApiCaller,
    Path(PlaybookPath { name }): Path<PlaybookPath>,
    Query(Wanted { version }): Query<Wanted>,
) -> Answered {
    let (published, compiled) = web.app.show_playbook(&caller, &name, version).await?;
    json(Shown {
        name: published.name,
        version: published.version,
        published_at: published.at,
        source: published.source,
        summary: Summary::of(&compiled),
    })
}

async fn differences(
    State(web): State<Web>,
    ApiCaller(caller): ApiCaller,
    Path(PlaybookPath { name }): Path<PlaybookPath>,
    Query(Between { from, to }): Query<Between>,
) -> Answered {
    let (_, old) = web.app.show_playbook(&caller, &name, Some(from)).await?;
    let (_, new) = web.app.show_playbook(&caller, &name, to).await?;
    json(Differences { changes: diff(&old, &new) })
}
