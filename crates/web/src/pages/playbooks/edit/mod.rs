//! The editor: a playbook's draft as forms, its text beside them. Each change of a form is a change of the text, kept
//! on the server at once; the text may be anything, the forms show what can be read of it.

mod actions;
mod form;
mod names;
mod outline;
mod preview;
mod rule;
mod spec;

use askama::Template;
use axum::{
    Router,
    extract::{Path, Query},
    routing::{get, post},
};
use jiff::Timestamp;
use serde::Deserialize;
use throughline_app::AppError;
use throughline_domain::{
    Actor,
    access::Action,
    playbook::{
        Finding,
        edit::{Document, Way},
        load,
    },
};
use throughline_http::Web;
use throughline_store::DraftRow;

use self::{
    form::{Control, Errors},
    outline::{Group, Open, Tab, faults, groups, with_form},
    spec::Part,
};
use crate::{
    answer::html,
    chrome::{Chrome, Place},
    i18n::Text,
    key,
    ui::{Conflict, Tone},
    visit::{Answer, Visit},
};

/// The most findings shown beside the text; the rest are counted.
const SHOWN: usize = 20;

/// The routes.
pub fn routes() -> Router<Web> {
    Router::new()
        .route("/playbooks/{name}/edit", get(page))
        .route("/playbooks/{name}/edit/form", post(actions::save_form))
        .route("/playbooks/{name}/edit/items", post(actions::items))
        .route("/playbooks/{name}/edit/text", post(actions::save_text))
        .route("/playbooks/{name}/edit/drop", post(actions::drop_draft))
        .route("/playbooks/{name}/edit/preview", get(preview::page))
        .route("/playbooks/{name}/edit/publish", post(preview::publish))
}

/// The draft as it is, or the newest version where there is none.
pub(super) struct Ground {
    pub name: String,
    /// Counts the draft's changes; what the next is made on.
    pub version: u64,
    pub source: String,
    pub draft: Option<DraftRow>,
    /// The newest published version.
    pub newest: u32,
}

impl Ground {
    pub async fn of(visit: &Visit, name: &str) -> Result<Self, AppError> {
        visit.caller.may(Action::ManagePlaybooks)?;
        let app = &visit.web.app;
        let (published, _) = app.show_playbook(&visit.caller, name, None).await?;
        let version = app.playbook_draft_version(&visit.caller, name).await?;
        let draft = app.playbook_draft(&visit.caller, name).await?;
        let source = draft.as_ref().and_then(|row| row.source.clone());
        Ok(Self {
            name: published.name,
            version: draft.as_ref().map_or(version, |row| row.version),
            source: source.unwrap_or(published.source),
            draft,
            newest: published.version,
        })
    }
}

#[derive(Debug, Clone, Default, Deserialize)]
struct Asked {
    #[serde(default)]
    part: String,
    /// What is open.
    at: Option<String>,
}

/// A finding beside the text.
struct Found {
    place: String,
    reason: String,
    hint: Option<String>,
    href: Option<String>,
}

/// Who has drafted, and when.
struct Drafted {
    begun_by: String,
    begun_at: Timestamp,
    changed_by: String,
    changed_at: Timestamp,
    based_on: Option<u32>,
}

impl Drafted {
    async fn of(visit: &Visit, row: &DraftRow) -> Result<Self, AppError> {
        Ok(Self {
            begun_by: said(visit, row.begun_by).await?,
            begun_at: row.begun_at,
            changed_by: said(visit, row.changed_by).await?,
            changed_at: row.changed_at,
            based_on: row.based_on,
        })
    }
}

struct TabLink {
    href: String,
    title: String,
    current: bool,
    faults: usize,
}

#[derive(Template)]
#[template(path = "pages/playbooks/edit/page.html")]
struct EditPage {
    t: Text,
    chrome: Chrome,
    name: String,
    title: String,
    version: u64,
    newest: u32,
    drafted: Option<Drafted>,
    overtaken: Option<u32>,
    tabs: Vec<TabLink>,
    tab: &'static str,
    at: Option<String>,
    groups: Vec<Group>,
    unreadable: bool,
    notice: Option<(Tone, String)>,
    findings: Vec<Found>,
    more: usize,
    source: String,
    saved_at: Option<Timestamp>,
}

/// The answer to a text that saved itself: what it changes elsewhere on the page.
#[derive(Template)]
#[template(path = "pages/playbooks/edit/saved.html")]
struct SavedPart {
    t: Text,
    name: String,
    newest: u32,
    drafted: Option<Drafted>,
    tab: &'static str,
    tabs: Vec<TabLink>,
    at: Option<String>,
    version: u64,
    groups: Vec<Group>,
    unreadable: bool,
    findings: Vec<Found>,
    more: usize,
}

#[derive(Template)]
#[template(path = "pages/playbooks/edit/conflict.html")]
struct ConflictPart {
    t: Text,
    conflict: Conflict,
}

fn address(name: &str, tab: Tab, at: Option<&Way>) -> String {
    let base = format!("/playbooks/{name}/edit?part={}", tab.name());
    match at {
        Some(way) => format!("{base}&at={way}#open"),
        None => base,
    }
}

/// Who somebody is, for a reader.
async fn said(visit: &Visit, by: Actor) -> Result<String, AppError> {
    let t = &visit.t;
    Ok(match by.person() {
        Some(id) if id == visit.me.id => t.get(key!("editor-you")).into_owned(),
        Some(id) => {
            let named = visit.web.app.named(visit.caller.org, [id]).await?;
            named.get(&id).map_or_else(|| t.get(key!("editor-someone")).into_owned(), |one| one.name.clone())
        }
        None => t.get(key!("editor-program")).into_owned(),
    })
}

fn found(name: &str, findings: &[Finding], document: Option<&Document<'_>>) -> (Vec<Found>, usize) {
    let shown = findings.iter().take(SHOWN).map(|finding| Found {
        place: format!("{}:{}", finding.line, finding.column),
        reason: finding.reason.clone(),
        hint: finding.hint.clone(),
        href: document.map(|document| {
            let way = with_form(&document.way_at(finding.line, finding.column));
            address(name, Tab::of(&way), Some(&way))
        }),
    });
    (shown.collect(), findings.len().saturating_sub(SHOWN))
}

/// The page with something open, and something to say.
async fn made(
    visit: &Visit,
    ground: Ground,
    tab: Tab,
    open: Option<Open>,
    notice: Option<(Tone, String)>,
) -> Result<EditPage, AppError> {
    let t = visit.t.clone();
    let findings = load(&ground.source).err().unwrap_or_default();
    let document = Document::read(&ground.source).ok();
    let (shown, more) = found(&ground.name, &findings, document.as_ref());
    let about = document.as_ref().map(|document| faults(document, &findings)).unwrap_or_default();
    let title = document.as_ref().and_then(|document| document.root.text_of("title"));
    let drafted = match &ground.draft {
        Some(row) => Some(Drafted::of(visit, row).await?),
        None => None,
    };
    let overtaken = ground.draft.as_ref().and_then(|row| row.based_on).filter(|based| *based < ground.newest);
    Ok(EditPage {
        chrome: visit.chrome(Some(Place::Playbooks)),
        title: title.unwrap_or(&ground.name).to_owned(),
        version: ground.version,
        newest: ground.newest,
        saved_at: ground.draft.as_ref().map(|row| row.changed_at),
        drafted,
        overtaken: overtaken.map(|_| ground.newest),
        tabs: tabs(&t, &ground.name, tab, &about),
        tab: tab.name(),
        at: open.as_ref().map(|open| open.way.to_string()),
        groups: document
            .as_ref()
            .map(|document| groups(&t, tab, document, &about, open.as_ref()))
            .unwrap_or_default(),
        unreadable: document.is_none(),
        notice,
        findings: shown,
        more,
        source: ground.source.clone(),
        name: ground.name,
        t,
    })
}

fn tabs(t: &Text, name: &str, here: Tab, about: &[outline::Fault]) -> Vec<TabLink> {
    let link = |tab: Tab| TabLink {
        href: address(name, tab, None),
        title: t.get(tab.title()).into_owned(),
        current: tab == here,
        faults: about.iter().filter(|fault| Tab::of(&fault.way) == tab).count(),
    };
    Tab::ALL.map(link).into()
}

async fn page(visit: Visit, Path(name): Path<String>, Query(asked): Query<Asked>) -> Answer {
    let ground = Ground::of(&visit, &name).await?;
    let way = asked.at.as_deref().and_then(|at| at.parse::<Way>().ok()).filter(|way| Part::at(way).is_some());
    let tab = match &way {
        Some(way) => Tab::of(way),
        None => Tab::named(&asked.part),
    };
    // What is the whole of its tab needs no press to be opened.
    let way = way.or_else(|| (tab == Tab::Head).then(Way::default));
    let open = way.map(|way| Open { way, posted: None, errors: Errors::new() });
    Ok(html(&made(&visit, ground, tab, open, None).await?))
}
