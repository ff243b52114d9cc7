//! A new version: typed, pasted or uploaded; checked, compared with the one in force, published. Whatever is wrong
//! is shown with its line, and the text stays.

use askama::Template;
use axum::{
    extract::{Multipart, Query, multipart::MultipartError},
    response::Response,
};
use serde::Deserialize;
use throughline_app::{AppError, playbooks::PublishError};
use throughline_domain::{
    access::Action,
    playbook::{Finding, diff::diff, load},
};

use super::{DiffRow, diff_rows};
use crate::{
    answer::{Failed, html, html_with},
    chrome::{Chrome, Place},
    i18n::Text,
    key,
    pages::parts::Wrong,
    ui::{Field, Tone},
    visit::{Answer, Visit},
};

/// The largest file taken, in bytes; twenty times the largest that ships.
const LARGEST: usize = 1 << 20;
/// Lines shown around a finding.
const AROUND: usize = 2;

#[derive(Deserialize)]
pub struct From {
    #[serde(default)]
    from: String,
}

/// A line of the file beside a finding.
struct Line {
    number: usize,
    text: String,
    here: bool,
}

/// A finding with the lines it stands in.
struct Found {
    place: String,
    reason: String,
    hint: Option<String>,
    lines: Vec<Line>,
}

/// What a check came to.
struct Checked {
    name: String,
    against: Option<u32>,
    changes: Vec<DiffRow>,
}

#[derive(Template)]
#[template(path = "pages/playbooks/publish.html")]
struct PublishPage {
    t: Text,
    chrome: Chrome,
    source: Field,
    refused: Option<String>,
    findings: Vec<Found>,
    checked: Option<Checked>,
}

pub async fn page(visit: Visit, Query(from): Query<From>) -> Answer {
    visit.caller.may(Action::ManagePlaybooks)?;
    let source = match from.from.as_str() {
        "" => String::new(),
        name => visit.web.app.show_playbook(&visit.caller, name, None).await?.0.source,
    };
    Ok(html(&made(&visit, &source)))
}

fn made(visit: &Visit, source: &str) -> PublishPage {
    let t = visit.t.clone();
    PublishPage {
        chrome: visit.chrome(Some(Place::Playbooks)),
        source: Field::new("source", t.get(key!("playbook-source")))
            .value(source)
            .hint(t.get(key!("playbook-source-hint"))),
        refused: None,
        findings: Vec::new(),
        checked: None,
        t,
    }
}

fn found(findings: Vec<Finding>, source: &str) -> Vec<Found> {
    let lines: Vec<&str> = source.lines().collect();
    findings
        .into_iter()
        .take(50)
        .map(|finding| {
            let at = usize::try_from(finding.line).unwrap_or(1).max(1);
            let first = at.saturating_sub(AROUND).max(1);
            let shown = (first..=at + AROUND).filter_map(|number| {
                let text = lines.get(number - 1)?.chars().take(160).collect();
                Some(Line { number, text, here: number == at })
            });
            Found {
                place: format!("{}:{}", finding.line, finding.column),
                reason: finding.reason.clone(),
                hint: finding.hint.clone(),
                lines: shown.collect(),
            }
        })
        .collect()
}

#[derive(Default)]
struct Brought {
    source: String,
    publish: bool,
}

fn unreadable(visit: &Visit, why: &MultipartError) -> AppError {
    let text = match why.status() {
        axum::http::StatusCode::PAYLOAD_TOO_LARGE => {
            visit.t.with(key!("playbook-too-large"), ("kb", LARGEST >> 10))
        }
        _ => visit.t.get(key!("import-broken-upload")),
    };
    AppError::invalid("source", text)
}

async fn brought(visit: &Visit, form: &mut Multipart, found: &mut Brought) -> Result<(), AppError> {
    while let Some(part) = form.next_field().await.map_err(|why| unreadable(visit, &why))? {
        let name = part.name().unwrap_or_default().to_owned();
        let bytes = part.bytes().await.map_err(|why| unreadable(visit, &why))?;
        let text = || String::from_utf8_lossy(&bytes).replace("\r\n", "\n");
        match name.as_str() {
            "source" if found.source.is_empty() => found.source = text(),
            // A chosen file takes the place of the text.
            "file" if !bytes.is_empty() => found.source = text(),
            "do" => found.publish = bytes.as_ref() == b"publish",
            _ => {}
        }
    }
    if found.source.len() > LARGEST {
        return Err(AppError::invalid(
            "source",
            visit.t.with(key!("playbook-too-large"), ("kb", LARGEST >> 10)),
        ));
    }
    if found.source.trim().is_empty() {
        return Err(AppError::invalid("source", visit.t.get(key!("playbook-empty"))));
    }
    Ok(())
}

/// Checks a file, or publishes it.
pub async fn publish(visit: Visit, mut form: Multipart) -> Answer {
    visit.caller.may(Action::ManagePlaybooks)?;
    let mut came = Brought::default();
    if let Err(why) = brought(&visit, &mut form, &mut came).await {
        return refused(&visit, &came.source, why);
    }
    if !came.publish {
        return check(&visit, &came.source).await;
    }
    match visit.web.app.publish_playbook(&visit.caller, &came.source).await {
        Ok(of) => {
            let text = visit
                .t
                .with(key!("playbook-published"), (("name", of.name.clone()), ("version", of.version)));
            Ok(visit.back(&format!("/playbooks/{}", of.name), Tone::Good, &text))
        }
        Err(PublishError::Faulty(findings)) => Ok(faulty(&visit, findings, &came.source)),
        Err(PublishError::App(why)) => refused(&visit, &came.source, why),
    }
}

fn refused(visit: &Visit, source: &str, why: AppError) -> Answer {
    let wrong = Wrong::of(&visit.t, why)?;
    let page = PublishPage { refused: Some(wrong.text), ..made(visit, source) };
    Ok(html_with(wrong.status, &page))
}

fn faulty(visit: &Visit, findings: Vec<Finding>, source: &str) -> Response {
    let page = PublishPage { findings: found(findings, source), ..made(visit, source) };
    html_with(axum::http::StatusCode::UNPROCESSABLE_ENTITY, &page)
}

async fn check(visit: &Visit, source: &str) -> Result<Response, Failed> {
    let new = match load(source) {
        Ok(playbook) => playbook,
        Err(findings) => return Ok(faulty(visit, findings, source)),
    };
    let name = new.playbook.value.clone();
    let (against, changes) = match visit.web.app.show_playbook(&visit.caller, &name, None).await {
        Ok((published, old)) => (Some(published.version), diff_rows(diff(&old, &new))),
        Err(AppError::NotFound(_)) => (None, Vec::new()),
        Err(why) => return Err(why.into()),
    };
    Ok(html(&PublishPage { checked: Some(Checked { name, against, changes }), ..made(visit, source) }))
}
