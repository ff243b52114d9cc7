//! Checking a playbook file, and publishing it.

use axum::{extract::State, routing::post};
use schemars::JsonSchema;
use serde::Serialize;
use throughline_app::playbooks::PublishError;
use throughline_domain::{access::Action, playbook};
use throughline_http::{ApiCaller, Problem, Web, extract::Body};

use super::{FindingView, Source, summary::Summary};
use crate::{
    answer::{Answered, created, json},
    spec::{Verb, Verbs},
};

/// What a check found.
#[derive(Debug, Serialize, JsonSchema)]
struct Checked {
    /// Whether it could be published.
    sound: bool,
    /// What is wrong, and where.
    findings: Vec<FindingView>,
    /// What it holds, when it is sound.
    summary: Option<Summary>,
}

/// A version just published.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Published {
    /// The playbook's name.
    pub name: String,
    /// Its version: one more than before, or the same where nothing changed.
    pub version: u32,
}

pub(super) fn add(verbs: &mut Verbs) {
    verbs.add(
        Verb::post("/api/v1/playbooks/checks", "checkPlaybook")
            .about("playbooks", "Check a playbook file without publishing it.")
            .right(Action::ReadPlaybooks)
            .body::<Source>()
            .answers::<Checked>(200),
        post(check),
    );
    verbs.add(
        Verb::post("/api/v1/playbooks", "publishPlaybook")
            .about("playbooks", "Publish a new version. Running handoffs keep theirs.")
            .notes("A faulty file is `invalid`, with every finding in `findings`.")
            .right(Action::ManagePlaybooks)
            .body::<Source>()
            .answers::<Published>(201),
        post(publish),
    );
}

async fn check(ApiCaller(caller): ApiCaller, Body(Source { source }): Body<Source>) -> Answered {
    caller.may(Action::ReadPlaybooks)?;
    json(match playbook::load(&source) {
        Ok(playbook) => Checked { sound: true, findings: Vec::new(), summary: Some(Summary::of(&playbook)) },
        Err(findings) => Checked {
            sound: false,
            findings: findings.into_iter().map(FindingView::from).collect(),
            summary: None,
        },
    })
}

async fn publish(
    State(web): State<Web>,
    ApiCaller(caller): ApiCaller,
    Body(Source { source }): Body<Source>,
) -> Answered {
    let of = web.app.publish_playbook(&caller, &source).await.map_err(refused)?;
    created(Published { name: of.name, version: of.version })
}

/// Why a text was not published, with everything that is wrong with it.
pub(super) fn refused(why: PublishError) -> Problem {
    match why {
        PublishError::App(why) => why.into(),
        PublishError::Faulty(findings) => {
            let detail = findings.first().map_or_else(String::new, |first| format!("source: {first}"));
            let findings: Vec<FindingView> = findings.into_iter().map(FindingView::from).collect();
            let findings = serde_json::to_value(findings).unwrap_or_default();
            Problem::new("invalid", detail).with("field", "source".into()).with("findings", findings)
        }
    }
}
