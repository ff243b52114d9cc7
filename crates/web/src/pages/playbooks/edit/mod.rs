//! The editor: a playbook's draft as forms, its text beside them. Each change of a form is a change of the text, kept
//! on the server at once; the text may be anything, the forms show what can be read of it.

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
    http::{HeaderValue, StatusCode, header},
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
        edit::{Change, Document, NotChanged, Way, change_all},
        load,
    },
};
use throughline_http::Web;
use throughline_store::DraftRow;

use self::{
    form::{Control, Errors},
    outline::{Group, Open, Tab, faults, groups, with_form},
    rule::RuleForm,
    spec::{Kind, Part},
};
use crate::{
    answer::{html, html_with},
    chrome::{Chrome, Place},
    form::Posted,
    i18n::Text,
    key,
    pages::parts::Wrong,
    ui::{Conflict, Tone},
    visit::{Answer, Visit},
};

/// The most findings shown beside the text; the rest are counted.
const SHOWN: usize = 20;

/// The routes.
pub fn routes() -> Router<Web> {
    Router::new()
        .route("/playbooks/{name}/edit", get(page))
        .route("/playbooks/{name}/edit/form", post(save_form))
        .route("/playbooks/{name}/edit/items", post(items))
        .route("/playbooks/{name}/edit/text", post(save_text))
        .route("/playbooks/{name}/edit/drop", post(drop_draft))
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
    tab_title: String,
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
    tab: &'static str,
    tabs: Vec<TabLink>,
    tab_title: String,
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
        Some(row) => Some(Drafted {
            begun_by: said(visit, row.begun_by).await?,
            begun_at: row.begun_at,
            changed_by: said(visit, row.changed_by).await?,
            changed_at: row.changed_at,
            based_on: row.based_on,
        }),
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
        tab_title: t.get(tab.title()).into_owned(),
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
    let open = way.map(|way| Open { way, posted: None, errors: Errors::new() });
    Ok(html(&made(&visit, ground, tab, open, None).await?))
}

/// The part a form was made from, wherever it stands by now.
fn still(document: &Document<'_>, way: &Way, part: Part, was: &str) -> Option<Way> {
    let named = |way: &Way| document.get(way)?.text_of(part.named_by()?);
    if part.named_by().is_none() || named(way) == Some(was) {
        return document.get(way).map(|_| way.clone());
    }
    let (list, _) = way.split()?;
    let count = document.get(&list)?.items().len();
    (0..count).map(|index| list.nth(index)).find(|way| named(way) == Some(was))
}

fn not_changed(visit: &Visit, why: &NotChanged) -> String {
    let t = &visit.t;
    match why {
        NotChanged::Unreadable(finding) => {
            t.with(key!("editor-unreadable"), ("finding", finding.to_string())).into_owned()
        }
        NotChanged::NotThere(_) => t.get(key!("editor-not-there")).into_owned(),
        NotChanged::OnlyByHand(way) => t.with(key!("editor-by-hand"), ("way", way.to_string())).into_owned(),
    }
}

/// Keeps a form's changes, or does what one of its buttons asks for and shows it again.
async fn save_form(visit: Visit, Path(name): Path<String>, mut posted: Posted) -> Answer {
    let ground = Ground::of(&visit, &name).await?;
    let asked: Way = posted.typed("at").parse().map_err(|_| AppError::NotFound("part of the playbook"))?;
    let part = Part::at(&asked).ok_or(AppError::NotFound("part of the playbook"))?;
    let tab = Tab::of(&asked);
    let source = ground.source.clone();
    let Ok(document) = Document::read(&source) else {
        let text = visit.t.get(key!("editor-text-first")).into_owned();
        return refused(&visit, ground, tab, None, text).await;
    };
    let Some(way) = still(&document, &asked, part, posted.typed("was")) else {
        let text = visit.t.get(key!("editor-not-there")).into_owned();
        return refused(&visit, ground, tab, None, text).await;
    };
    let pressed = posted.get("do").unwrap_or("save").to_owned();
    if pressed != "save" && pressed != "close" {
        press(&mut posted, part, &pressed);
        let open = Open { way, posted: Some(posted), errors: Errors::new() };
        return Ok(html(&made(&visit, ground, tab, Some(open), None).await?));
    }
    if posted.version() != Some(ground.version) {
        let text = match &ground.draft {
            Some(row) => {
                let by = said(&visit, row.changed_by).await?;
                visit.t.with(key!("editor-stale-by"), ("by", by)).into_owned()
            }
            None => visit.t.get(key!("editor-stale")).into_owned(),
        };
        let open = Open { way, posted: Some(posted), errors: Errors::new() };
        let page = made(&visit, ground, tab, Some(open), Some((Tone::Warn, text))).await?;
        return Ok(html_with(StatusCode::PRECONDITION_FAILED, &page));
    }
    let made_changes = form::changes(&visit.t, part, &way, &document, &posted);
    let mut changes = match made_changes {
        Ok(changes) => changes,
        Err(errors) => {
            let text = visit.t.get(key!("editor-check-marked")).into_owned();
            let open = Open { way, posted: Some(posted), errors };
            let page = made(&visit, ground, tab, Some(open), Some((Tone::Bad, text))).await?;
            return Ok(html_with(StatusCode::UNPROCESSABLE_ENTITY, &page));
        }
    };
    changes.extend(followers(&document, part, &way, &posted));
    let to = if pressed == "close" { None } else { Some(&way) };
    match change_all(&source, &changes) {
        Ok(new) => {
            keep(&visit, ground, &new, &address(&name, tab, to), tab, Some((way.clone(), posted))).await
        }
        Err(why) => {
            let text = not_changed(&visit, &why);
            refused(&visit, ground, tab, Some((way, posted)), text).await
        }
    }
}

/// What names the part by its old name, where it got a new one.
fn followers(document: &Document<'_>, part: Part, way: &Way, posted: &Posted) -> Vec<Change> {
    let named = part.named_by().filter(|key| *key == "id");
    let old = named.and_then(|key| document.get(way)?.text_of(key));
    let new = named.and_then(|key| posted.get(key));
    match (old, new) {
        (Some(old), Some(new)) if old != new && !old.is_empty() => form::renamed(part, document, old, new),
        _ => Vec::new(),
    }
}

/// A button within a rule: `add:when`, `remove:when:3`.
fn press(posted: &mut Posted, part: Part, pressed: &str) {
    let mut words = pressed.split(':');
    let (what, field, at) = (words.next().unwrap_or_default(), words.next(), words.next());
    let spec = part.fields().iter().find(|spec| Some(spec.key) == field);
    let Some(spec) = spec.filter(|spec| matches!(spec.kind, Kind::Rule { .. } | Kind::Required)) else {
        return;
    };
    let mut form = RuleForm::posted(posted, spec.key);
    form.press(what, at.and_then(|at| at.parse().ok()));
    let prefix = format!("{}.", spec.key);
    posted.fields.retain(|(name, _)| !name.starts_with(&prefix));
    posted.fields.extend(form.fields(spec.key));
}

async fn refused(
    visit: &Visit,
    ground: Ground,
    tab: Tab,
    typed: Option<(Way, Posted)>,
    text: String,
) -> Answer {
    let open = typed.map(|(way, posted)| Open { way, posted: Some(posted), errors: Errors::new() });
    let page = made(visit, ground, tab, open, Some((Tone::Bad, text))).await?;
    Ok(html_with(StatusCode::UNPROCESSABLE_ENTITY, &page))
}

/// Keeps a new text and goes on; overtaken, shows what was typed on what is there by now.
async fn keep(
    visit: &Visit,
    ground: Ground,
    new: &str,
    to: &str,
    tab: Tab,
    typed: Option<(Way, Posted)>,
) -> Answer {
    let app = &visit.web.app;
    if new == ground.source {
        return Ok(crate::answer::redirect(to, None));
    }
    match app.keep_playbook_draft(&visit.caller, &ground.name, new, Some(ground.version)).await {
        Ok(_) => Ok(crate::answer::redirect(to, None)),
        Err(AppError::Stale { .. } | AppError::Conflict(_)) => {
            let ground = Ground::of(visit, &ground.name).await?;
            let text = visit.t.get(key!("editor-stale")).into_owned();
            let open = typed.map(|(way, posted)| Open { way, posted: Some(posted), errors: Errors::new() });
            let page = made(visit, ground, tab, open, Some((Tone::Warn, text))).await?;
            Ok(html_with(StatusCode::PRECONDITION_FAILED, &page))
        }
        Err(why) => {
            let wrong = Wrong::of(why)?;
            refused(visit, ground, tab, typed, wrong.text).await
        }
    }
}

/// Adds, moves or takes away an item of a list.
async fn items(visit: Visit, Path(name): Path<String>, posted: Posted) -> Answer {
    let ground = Ground::of(&visit, &name).await?;
    let list: Way = posted.typed("list").parse().map_err(|_| AppError::NotFound("part of the playbook"))?;
    let part = Part::in_list(&list).ok_or(AppError::NotFound("part of the playbook"))?;
    let tab = Tab::of(&list);
    let source = ground.source.clone();
    let Ok(document) = Document::read(&source) else {
        let text = visit.t.get(key!("editor-text-first")).into_owned();
        return refused(&visit, ground, tab, None, text).await;
    };
    if posted.version() != Some(ground.version) {
        let text = visit.t.get(key!("editor-stale")).into_owned();
        let page = made(&visit, ground, tab, None, Some((Tone::Warn, text))).await?;
        return Ok(html_with(StatusCode::PRECONDITION_FAILED, &page));
    }
    let count = document.get(&list).map_or(0, |node| node.items().len());
    let index: usize = posted.opt_parse("index")?.unwrap_or(0);
    let (change, open) = match posted.get("do") {
        Some("up") if index > 0 && index < count => (Change::Swap { list, first: index - 1 }, None),
        Some("down") if index + 1 < count => (Change::Swap { list, first: index }, None),
        Some("remove") if index < count => (Change::Remove { way: list.nth(index) }, None),
        Some("add") => {
            // The last route takes what is left; a new one comes before it.
            let at = if part == Part::Route { count.saturating_sub(1) } else { count };
            let Some(value) = form::blank(&visit.t, part, &document) else {
                return Ok(crate::answer::redirect(&address(&name, tab, None), None));
            };
            let open = list.nth(at);
            let held = document.get(&list).is_some();
            let change = if held {
                Change::Insert { list, at, value }
            } else {
                let value = throughline_domain::playbook::edit::Value::List(vec![value]);
                Change::Set { way: list, value, after: Vec::new() }
            };
            (change, Some(open))
        }
        _ => return Ok(crate::answer::redirect(&address(&name, tab, None), None)),
    };
    match change_all(&source, [&change]) {
        Ok(new) => keep(&visit, ground, &new, &address(&name, tab, open.as_ref()), tab, None).await,
        Err(why) => {
            let text = not_changed(&visit, &why);
            refused(&visit, ground, tab, None, text).await
        }
    }
}

/// Keeps the text, whatever it is.
async fn save_text(visit: Visit, Path(name): Path<String>, posted: Posted) -> Answer {
    let ground = Ground::of(&visit, &name).await?;
    let tab = Tab::named(posted.typed("part"));
    let at = posted.get("at").and_then(|at| at.parse::<Way>().ok());
    // A text that was never sent is no empty one.
    if !posted.fields.iter().any(|(name, _)| name == "source") {
        return Err(AppError::invalid("source", "must be filled in").into());
    }
    let mut text = posted.typed("source").replace("\r\n", "\n");
    if !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
    let kept = if text == ground.source && posted.version() == Some(ground.version) {
        Ok(ground.version)
    } else {
        let app = &visit.web.app;
        let kept = app.keep_playbook_draft(&visit.caller, &ground.name, &text, posted.version()).await;
        kept.map(|row| row.version)
    };
    let version = match kept {
        Ok(version) => version,
        Err(AppError::Stale { .. } | AppError::Conflict(_)) => {
            return overtaken(&visit, &name, tab, &text).await;
        }
        Err(why) => {
            let wrong = Wrong::of(why)?;
            return refused(&visit, Ground { source: text, ..ground }, tab, None, wrong.text).await;
        }
    };
    if !visit.partial {
        return Ok(crate::answer::redirect(&address(&name, tab, at.as_ref()), None));
    }
    let t = visit.t.clone();
    let findings = load(&text).err().unwrap_or_default();
    let document = Document::read(&text).ok();
    let (shown, more) = found(&name, &findings, document.as_ref());
    let about = document.as_ref().map(|document| faults(document, &findings)).unwrap_or_default();
    let part = SavedPart {
        tab: tab.name(),
        tabs: tabs(&t, &name, tab, &about),
        tab_title: t.get(tab.title()).into_owned(),
        groups: document.as_ref().map(|document| groups(&t, tab, document, &about, None)).unwrap_or_default(),
        unreadable: document.is_none(),
        at: at.map(|at| at.to_string()),
        findings: shown,
        more,
        name,
        version,
        t,
    };
    let mut response = html(&part);
    if let Ok(tag) = HeaderValue::try_from(format!("\"{version}\"")) {
        response.headers_mut().insert(header::ETAG, tag);
    }
    Ok(response)
}

/// Somebody else was faster than the text: both are told apart, nothing is lost.
async fn overtaken(visit: &Visit, name: &str, tab: Tab, typed: &str) -> Answer {
    let ground = Ground::of(visit, name).await?;
    let t = visit.t.clone();
    if !visit.partial {
        let text = t.get(key!("editor-stale")).into_owned();
        let page =
            made(visit, Ground { source: typed.to_owned(), ..ground }, tab, None, Some((Tone::Warn, text)));
        return Ok(html_with(StatusCode::PRECONDITION_FAILED, &page.await?));
    }
    let by = match &ground.draft {
        Some(row) => format!("{}, {}", said(visit, row.changed_by).await?, t.time(row.changed_at)),
        None => t.with(key!("playbook-version"), ("n", ground.newest)).into_owned(),
    };
    let lines = |text: &str| t.with(key!("editor-n-lines"), ("n", text.lines().count())).into_owned();
    let conflict = Conflict {
        label: t.get(key!("playbook-source")).into_owned(),
        mine: lines(typed),
        theirs: lines(&ground.source),
        by,
        version: ground.version,
        href: address(name, tab, None),
    };
    Ok(html_with(StatusCode::PRECONDITION_FAILED, &ConflictPart { t, conflict }))
}

/// Drops the draft.
async fn drop_draft(visit: Visit, Path(name): Path<String>, posted: Posted) -> Answer {
    match visit.web.app.drop_playbook_draft(&visit.caller, &name, posted.version()).await {
        Ok(()) => {
            let text = visit.t.get(key!("editor-dropped"));
            Ok(visit.back(&format!("/playbooks/{name}"), Tone::Good, &text))
        }
        Err(why) => Ok(visit.refused(why, &posted, &format!("/playbooks/{name}/edit")).await),
    }
}
