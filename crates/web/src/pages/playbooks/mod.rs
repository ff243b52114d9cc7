//! Playbooks: what processes there are, each laid out for a reader, its file, its versions and what changed between
//! them; and the way a new version comes in.

mod edit;
mod process;
mod publish;
pub mod words;

use std::collections::BTreeMap;

use askama::Template;
use axum::{
    Router,
    extract::{Path, Query},
    http::{HeaderValue, header},
    response::IntoResponse,
    routing::get,
};
use jiff::Timestamp;
use serde::Deserialize;
use throughline_app::AppError;
use throughline_domain::{
    access::Action,
    playbook::diff::{Change, ChangeKind, diff},
};
use throughline_http::Web;
use throughline_store::PublishedPlaybook;

use self::process::{Item, Part};
use crate::{
    answer::html,
    chrome::{Chrome, Place},
    i18n::{Key, Text},
    key,
    ui::{Crumb, Shown, Tab, Tone},
    visit::{Answer, Visit},
};

/// The routes.
pub fn routes() -> Router<Web> {
    Router::new()
        .route("/playbooks", get(list))
        .route("/publish-playbook", get(publish::page).post(publish::publish))
        .route("/playbooks/{name}", get(process_page))
        .route("/playbooks/{name}/file", get(file_page))
        .route("/playbooks/{name}/file.yaml", get(download))
        .route("/playbooks/{name}/versions", get(versions_page))
        .merge(edit::routes())
}

/// A change as a pill shows it.
pub(super) struct ChangeMark(ChangeKind);

impl Shown for ChangeMark {
    fn tone(&self) -> Tone {
        match self.0 {
            ChangeKind::Added => Tone::Good,
            ChangeKind::Removed => Tone::Bad,
            ChangeKind::Changed => Tone::Info,
        }
    }
    fn icon(&self) -> &'static str {
        match self.0 {
            ChangeKind::Added => "plus",
            ChangeKind::Removed => "x",
            ChangeKind::Changed => "pencil-line",
        }
    }
    fn key(&self) -> Key {
        match self.0 {
            ChangeKind::Added => key!("playbook-added"),
            ChangeKind::Removed => key!("playbook-removed"),
            ChangeKind::Changed => key!("playbook-changed"),
        }
    }
}

/// One difference.
pub(super) struct DiffRow {
    mark: ChangeMark,
    what: String,
    before: String,
    after: String,
}

fn diff_rows(changes: Vec<Change>) -> Vec<DiffRow> {
    changes
        .into_iter()
        .map(|change| DiffRow {
            mark: ChangeMark(change.kind),
            what: change.what,
            before: change.before.unwrap_or_default(),
            after: change.after.unwrap_or_default(),
        })
        .collect()
}

struct Row {
    name: String,
    title: String,
    about: String,
    version: u32,
    at: Timestamp,
    asks: usize,
    required: usize,
    steps: usize,
    gates: usize,
    in_use: bool,
}

#[derive(Template)]
#[template(path = "pages/playbooks/list.html")]
struct ListPage {
    t: Text,
    chrome: Chrome,
    rows: Vec<Row>,
    may_manage: bool,
}

fn may_manage(visit: &Visit) -> bool {
    visit.caller.may(Action::ManagePlaybooks).is_ok()
}

async fn list(visit: Visit) -> Answer {
    let app = &visit.web.app;
    let mut newest: BTreeMap<String, PublishedPlaybook> = BTreeMap::new();
    for one in app.list_playbooks(&visit.caller).await? {
        newest.insert(one.name.clone(), one);
    }
    let org = app.organisation(visit.caller.org).await?;
    let mut rows = Vec::with_capacity(newest.len());
    for (name, published) in newest {
        let (_, playbook) = app.show_playbook(&visit.caller, &name, Some(published.version)).await?;
        rows.push(Row {
            title: playbook.title.clone(),
            about: playbook.about.trim().to_owned(),
            version: published.version,
            at: published.at,
            asks: playbook.asks().count(),
            required: playbook.asks().filter(|ask| ask.required).count(),
            steps: playbook.steps.len(),
            gates: playbook.gates.len(),
            in_use: org.playbook == name,
            name,
        });
    }
    Ok(html(&ListPage {
        t: visit.t.clone(),
        chrome: visit.chrome(Some(Place::Playbooks)),
        rows,
        may_manage: may_manage(&visit),
    }))
}

#[derive(Deserialize)]
struct Asked {
    version: Option<u32>,
    from: Option<u32>,
    to: Option<u32>,
}

/// What stands above every view of one playbook.
struct Head {
    crumbs: Vec<Crumb>,
    name: String,
    title: String,
    version: u32,
    at: Timestamp,
    newest: bool,
    tabs: Vec<Tab>,
    may_manage: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum View {
    Process,
    File,
    Versions,
}

async fn versions(visit: &Visit, name: &str) -> Result<Vec<PublishedPlaybook>, AppError> {
    let mut all = visit.web.app.list_playbooks(&visit.caller).await?;
    all.retain(|one| one.name == name);
    all.sort_by_key(|one| std::cmp::Reverse(one.version));
    if all.is_empty() { Err(AppError::NotFound("playbook")) } else { Ok(all) }
}

fn head(
    visit: &Visit,
    all: &[PublishedPlaybook],
    shown: &PublishedPlaybook,
    title: &str,
    view: View,
) -> Head {
    let t = &visit.t;
    let newest = all.first().is_none_or(|newest| newest.version == shown.version);
    let query = if newest { String::new() } else { format!("?version={}", shown.version) };
    let tab = |of, label: Key, part: &str, count| Tab {
        label: t.get(label).into_owned(),
        href: format!("/playbooks/{}{part}{query}", shown.name),
        current: of == view,
        count,
    };
    Head {
        crumbs: vec![Crumb::new(t.get(key!("nav-playbooks")), "/playbooks")],
        tabs: vec![
            tab(View::Process, key!("playbook-tab-process"), "", None),
            tab(View::File, key!("playbook-tab-file"), "/file", None),
            tab(View::Versions, key!("playbook-tab-versions"), "/versions", Some(all.len() as u64)),
        ],
        name: shown.name.clone(),
        title: title.to_owned(),
        version: shown.version,
        at: shown.at,
        newest,
        may_manage: may_manage(visit),
    }
}

/// A section of the record as the page shows it.
struct SectionRow {
    id: String,
    title: String,
    about: String,
    asks: Vec<Item>,
}

impl SectionRow {
    fn asks(&self) -> &[Item] {
        &self.asks
    }
}

#[derive(Template)]
#[template(path = "pages/playbooks/process.html")]
struct ProcessPage {
    t: Text,
    chrome: Chrome,
    head: Head,
    about: String,
    summary: Vec<(String, String)>,
    sections: Vec<SectionRow>,
    parts: Vec<Part>,
}

async fn process_page(visit: Visit, Path(name): Path<String>, Query(asked): Query<Asked>) -> Answer {
    let all = versions(&visit, &name).await?;
    let (shown, playbook) = visit.web.app.show_playbook(&visit.caller, &name, asked.version).await?;
    let t = visit.t.clone();
    Ok(html(&ProcessPage {
        chrome: visit.chrome(Some(Place::Playbooks)),
        head: head(&visit, &all, &shown, &playbook.title, View::Process),
        about: playbook.about.trim().to_owned(),
        summary: process::summary(&t, &playbook),
        sections: process::record(&t, &playbook)
            .into_iter()
            .map(|(section, asks)| SectionRow {
                id: section.id.value.to_string(),
                title: section.title,
                about: section.about.unwrap_or_default(),
                asks,
            })
            .collect(),
        parts: process::parts(&t, &playbook),
        t,
    }))
}

#[derive(Template)]
#[template(path = "pages/playbooks/file.html")]
struct FilePage {
    t: Text,
    chrome: Chrome,
    head: Head,
    source: String,
}

async fn file_page(visit: Visit, Path(name): Path<String>, Query(asked): Query<Asked>) -> Answer {
    let all = versions(&visit, &name).await?;
    let (shown, playbook) = visit.web.app.show_playbook(&visit.caller, &name, asked.version).await?;
    Ok(html(&FilePage {
        t: visit.t.clone(),
        chrome: visit.chrome(Some(Place::Playbooks)),
        head: head(&visit, &all, &shown, &playbook.title, View::File),
        source: shown.source,
    }))
}

async fn download(visit: Visit, Path(name): Path<String>, Query(asked): Query<Asked>) -> Answer {
    let (shown, _) = visit.web.app.show_playbook(&visit.caller, &name, asked.version).await?;
    let file = format!("attachment; filename=\"{}@{}.yaml\"", shown.name, shown.version);
    let file = HeaderValue::from_str(&file).unwrap_or(HeaderValue::from_static("attachment"));
    let kind = HeaderValue::from_static("application/yaml; charset=utf-8");
    Ok(([(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, file)], shown.source).into_response())
}

struct VersionRow {
    version: u32,
    at: Timestamp,
    from: bool,
    to: bool,
}

#[derive(Template)]
#[template(path = "pages/playbooks/versions.html")]
struct VersionsPage {
    t: Text,
    chrome: Chrome,
    head: Head,
    rows: Vec<VersionRow>,
    compared: Option<(u32, u32)>,
    changes: Vec<DiffRow>,
}

async fn versions_page(visit: Visit, Path(name): Path<String>, Query(asked): Query<Asked>) -> Answer {
    let all = versions(&visit, &name).await?;
    let app = &visit.web.app;
    let (shown, playbook) = app.show_playbook(&visit.caller, &name, asked.version).await?;
    // Without a choice: the newest against the one before.
    let (to, before) = (all.first().map_or(1, |one| one.version), all.get(1).map(|one| one.version));
    let to = asked.to.unwrap_or(to);
    let compared = asked.from.or(before).map(|from| (from, to));
    let mut changes = Vec::new();
    if let Some((from, to)) = compared {
        let (_, old) = app.show_playbook(&visit.caller, &name, Some(from)).await?;
        let (_, new) = app.show_playbook(&visit.caller, &name, Some(to)).await?;
        changes = diff_rows(diff(&old, &new));
    }
    let rows = all
        .iter()
        .map(|one| VersionRow {
            version: one.version,
            at: one.at,
            from: compared.is_some_and(|(from, _)| from == one.version),
            to: compared.is_some_and(|(_, to)| to == one.version),
        })
        .collect();
    Ok(html(&VersionsPage {
        t: visit.t.clone(),
        chrome: visit.chrome(Some(Place::Playbooks)),
        head: head(&visit, &all, &shown, &playbook.title, View::Versions),
        rows,
        compared,
        changes,
    }))
}
