//! What somebody does in the editor: saves a form or the text, adds, moves and takes away, drops the draft.

use axum::{
    extract::Path,
    http::{HeaderValue, StatusCode, header},
};
use throughline_app::AppError;
use throughline_domain::playbook::{
    edit::{Change, Document, NotChanged, Value, Way, change_all},
    load,
};

use super::{
    ConflictPart, Drafted, Ground, SavedPart, address,
    form::{self, Errors},
    found, made,
    outline::{Open, Tab, faults, groups},
    rule::RuleForm,
    said,
    spec::{Kind, Part},
    tabs,
};
use crate::{
    answer::{html, html_with, redirect},
    form::Posted,
    key,
    pages::parts::Wrong,
    ui::{Conflict, Tone},
    visit::{Answer, Visit},
};

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
pub async fn save_form(visit: Visit, Path(name): Path<String>, mut posted: Posted) -> Answer {
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
        return Ok(redirect(to, None));
    }
    match app.keep_playbook_draft(&visit.caller, &ground.name, new, Some(ground.version)).await {
        Ok(_) => Ok(redirect(to, None)),
        Err(AppError::Stale { .. } | AppError::Conflict(_)) => {
            let ground = Ground::of(visit, &ground.name).await?;
            let text = visit.t.get(key!("editor-stale")).into_owned();
            let open = typed.map(|(way, posted)| Open { way, posted: Some(posted), errors: Errors::new() });
            let page = made(visit, ground, tab, open, Some((Tone::Warn, text))).await?;
            Ok(html_with(StatusCode::PRECONDITION_FAILED, &page))
        }
        Err(why) => {
            let wrong = Wrong::of(&visit.t, why)?;
            refused(visit, ground, tab, typed, wrong.text).await
        }
    }
}

/// Adds, moves or takes away an item of a list.
pub async fn items(visit: Visit, Path(name): Path<String>, posted: Posted) -> Answer {
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
                return Ok(redirect(&address(&name, tab, None), None));
            };
            let open = list.nth(at);
            let held = document.get(&list).is_some();
            let change = if held {
                Change::Insert { list, at, value }
            } else {
                let value = Value::List(vec![value]);
                Change::Set { way: list, value, after: Vec::new() }
            };
            (change, Some(open))
        }
        _ => return Ok(redirect(&address(&name, tab, None), None)),
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
pub async fn save_text(visit: Visit, Path(name): Path<String>, posted: Posted) -> Answer {
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
        Ok(ground.draft.clone())
    } else {
        let app = &visit.web.app;
        app.keep_playbook_draft(&visit.caller, &ground.name, &text, posted.version()).await.map(Some)
    };
    let draft = match kept {
        Ok(draft) => draft,
        Err(AppError::Stale { .. } | AppError::Conflict(_)) => {
            return overtaken(&visit, &name, tab, &text).await;
        }
        Err(why) => {
            let wrong = Wrong::of(&visit.t, why)?;
            return refused(&visit, Ground { source: text, ..ground }, tab, None, wrong.text).await;
        }
    };
    if !visit.partial {
        return Ok(redirect(&address(&name, tab, at.as_ref()), None));
    }
    let t = visit.t.clone();
    let version = draft.as_ref().map_or(ground.version, |row| row.version);
    let drafted = match &draft {
        Some(row) => Some(Drafted::of(&visit, row).await?),
        None => None,
    };
    let findings = load(&text).err().unwrap_or_default();
    let document = Document::read(&text).ok();
    let (shown, more) = found(&name, &findings, document.as_ref());
    let about = document.as_ref().map(|document| faults(document, &findings)).unwrap_or_default();
    let part = SavedPart {
        newest: ground.newest,
        drafted,
        tab: tab.name(),
        tabs: tabs(&t, &name, tab, &about),
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
pub async fn drop_draft(visit: Visit, Path(name): Path<String>, posted: Posted) -> Answer {
    match visit.web.app.drop_playbook_draft(&visit.caller, &name, posted.version()).await {
        Ok(()) => {
            let text = visit.t.get(key!("editor-dropped"));
            Ok(visit.back(&format!("/playbooks/{name}"), Tone::Good, &text))
        }
        Err(why) => Ok(visit.refused(why, &posted, &format!("/playbooks/{name}/edit")).await),
    }
}
