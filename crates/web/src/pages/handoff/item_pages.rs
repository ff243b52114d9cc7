//! Adding, changing and removing an entry of a list: a page of its own that keeps what was typed until it is saved.

use askama::Template;
use axum::{
    Router,
    extract::Query,
    http::StatusCode,
    response::Response,
    routing::{get, post},
};
use throughline_app::{AppError, HandleOptions, read::HandoffView};
use throughline_domain::{
    HandoffId, ItemId, Key,
    access::Action,
    handoff::{Command, Fact, Stage, command},
    playbook::{Ask, asks::Need},
    record::{Body, List},
};
use throughline_http::{Problem, Web};

use super::{
    In, act, asks, items, record,
    seen::{says_the_same, touched_since},
    taken, wrong_field,
};
use crate::{
    answer::{failed, html_with},
    chrome::{Chrome, Place},
    failure::sentence,
    form::Posted,
    i18n::Text,
    key,
    pages::words,
    ui::{Control, Crumb, Draft, Tone},
    visit::{Answer, Visit},
};

/// The routes.
pub fn routes() -> Router<Web> {
    Router::new()
        .route("/handoffs/{id}/items/new", get(new_page).post(add))
        .route("/handoffs/{id}/items/{item}", get(edit_page).post(change))
        .route("/handoffs/{id}/items/{item}/remove", post(remove))
        .route("/handoffs/{id}/items/{item}/also/{ask}", post(also))
}

#[derive(Template)]
#[template(path = "pages/handoff/item.html")]
struct ItemPage {
    chrome: Chrome,
    t: Text,
    crumbs: Vec<Crumb>,
    title: String,
    question: Option<String>,
    help: Option<String>,
    refused: Option<String>,
    /// What is saved by now, where it was changed meanwhile.
    now: Option<items::ItemView>,
    action: String,
    back: String,
    /// From here one can go on to what is missing next.
    onward: bool,
    seen: u64,
    controls: Vec<Control>,
    remove: Option<String>,
    reason: Option<Control>,
}

type Pairs = Query<Vec<(String, String)>>;

/// What a form is about: its list, the ask it came from, where it leads back to.
struct About {
    list: List,
    ask: Option<Ask>,
    back: String,
    /// It leads back to the record, to the ask it came from.
    onward: bool,
    item: Option<ItemId>,
}

impl About {
    fn new(view: &HandoffView, query: &Posted, item: Option<ItemId>) -> Result<Self, AppError> {
        let id = view.loaded.handoff.id;
        let held =
            item.map(|item| view.loaded.handoff.record.items.get(&item).ok_or(AppError::NotFound("entry")));
        let list = match held.transpose()? {
            Some(held) => held.body.list(),
            None => query.one_of("list")?,
        };
        let ask = query.get("ask").and_then(|key| key.parse::<Key>().ok());
        let ask = ask.and_then(|key| view.loaded.playbook.as_ref()?.ask(&key).cloned());
        let ask = ask.filter(|ask| List::of(ask.kind) == Some(list));
        let promises = query.get("from") == Some("promises");
        let back = match &ask {
            _ if promises => format!("/handoffs/{id}/promises"),
            Some(ask) => format!("/handoffs/{id}#ask-{}", ask.id.value),
            None => format!("/handoffs/{id}"),
        };
        Ok(Self { list, onward: ask.is_some() && !promises, ask, back, item })
    }

    fn needs(&self) -> &[Need] {
        self.ask.as_ref().map_or(&[], |ask| &ask.needs)
    }
}

async fn new_page(visit: Visit, In(id): In<HandoffId>, Query(query): Pairs) -> Answer {
    let view = readable(&visit, id).await?;
    let query = Posted { action: visit.path().to_owned(), fields: query };
    let about = About::new(&view, &query, None)?;
    // Whoever comes from "Add champion" adds a champion.
    let role = about.ask.as_ref().and_then(|ask| ask.role);
    let kind = about.ask.as_ref().and_then(|ask| (ask.kinds.len() == 1).then(|| ask.kinds[0]));
    let mut fields: Vec<_> =
        role.map(|role| ("parts".to_owned(), words::data_name(role))).into_iter().collect();
    fields.extend(kind.map(|kind| ("kind".to_owned(), words::data_name(kind))));
    let values = Posted { action: visit.path().to_owned(), fields };
    Ok(page(&visit, &view, &about, &values, None))
}

async fn edit_page(visit: Visit, In((id, item)): In<(HandoffId, ItemId)>, Query(query): Pairs) -> Answer {
    let view = readable(&visit, id).await?;
    let query = Posted { action: visit.path().to_owned(), fields: query };
    let about = About::new(&view, &query, Some(item))?;
    let held = view.loaded.handoff.record.items.get(&item).ok_or(AppError::NotFound("entry"))?;
    let values = Posted { action: visit.path().to_owned(), ..items::typed(held) };
    Ok(page(&visit, &view, &about, &values, None))
}

async fn readable(visit: &Visit, id: HandoffId) -> Result<HandoffView, AppError> {
    let view = visit.web.app.view(&visit.caller, id).await?;
    if asks::takes_items(&view) { Ok(view) } else { Err(AppError::Forbidden(Action::Fill)) }
}

fn page(
    visit: &Visit,
    view: &HandoffView,
    about: &About,
    values: &Posted,
    why: Option<AppError>,
) -> Response {
    let t = &visit.t;
    let handoff = &view.loaded.handoff;
    let wrong = why.as_ref().and_then(|why| wrong_field(t, why));
    let draft = Draft {
        t,
        values,
        wrong: wrong.as_ref().map(|(field, reason)| (field.as_str(), reason.as_str())),
        prefix: "item",
    };
    let mut controls = items::controls(&draft, about.list, about.needs(), asks::currency(view));
    if let Some(field) = first_wanted(view, about).filter(|_| why.is_none()) {
        items::open_at(&mut controls, field);
    }
    // What the CSM hears themselves needs no reason; a reason given is kept all the same.
    let offered = matches!(handoff.stage, Stage::Offered { .. } | Stage::Assigned { .. });
    let gone = Draft { t, values, wrong: None, prefix: "gone" };
    let reason = |draft: &Draft<'_>| {
        Control::Line(
            draft.named("reason", key!("item-reason")).hint(t.get(key!("item-reason-hint"))),
            "text",
        )
    };
    if offered {
        controls.push(reason(&draft));
    }
    let meanwhile = about.item.filter(|_| matches!(why, Some(AppError::Stale { .. })));
    let now = meanwhile.and_then(|item| handoff.record.items.get(&item));
    let problem = why.map(Problem::from);
    let status = problem.as_ref().map_or(StatusCode::OK, |problem| problem.status);
    let what = words::one_of_list(t, about.list);
    let title = if about.item.is_some() { key!("item-edit") } else { key!("item-new") };
    let page = ItemPage {
        chrome: visit.chrome(Some(Place::Deals)),
        t: t.clone(),
        crumbs: record::crumbs(visit, view),
        title: t.with(title, ("what", what)).into(),
        question: about.ask.as_ref().map(|ask| ask.ask.clone()),
        help: about.ask.as_ref().and_then(|ask| ask.help.as_ref()).map(|help| help.trim().to_owned()),
        refused: problem.map(|problem| sentence(t, &problem)),
        now: now.map(|held| items::show(t, view, held, about.needs(), None)),
        action: values.action.clone(),
        back: about.back.clone(),
        onward: about.onward,
        seen: values.get("seen").and_then(|seen| seen.parse().ok()).unwrap_or(view.loaded.version),
        controls,
        remove: about
            .item
            .filter(|item| may_remove(view, *item))
            .map(|item| format!("/handoffs/{}/items/{item}/remove", handoff.id)),
        reason: offered.then(|| reason(&gone)),
    };
    html_with(status, &page)
}

/// Where the page opens: a new entry at its beginning, one that lacks something at what it lacks first. Who only
/// looks in, or was refused, reads from the top.
fn first_wanted(view: &HandoffView, about: &About) -> Option<&'static str> {
    let Some(item) = about.item else { return Some(items::main_field(about.list)) };
    let held = view.loaded.handoff.record.items.get(&item)?;
    held.lacks(about.needs()).first().map(|need| items::field_of(about.list, *need))
}

/// A promise somebody has decided on is settled, not removed.
fn may_remove(view: &HandoffView, item: ItemId) -> bool {
    view.loaded.handoff.record.items.get(&item).is_some_and(|held| match &held.body {
        Body::Promise(promise) => promise.life.decision.is_none() && promise.life.transferred_at.is_none(),
        _ => true,
    })
}

async fn add(visit: Visit, In(id): In<HandoffId>, Query(query): Pairs, posted: Posted) -> Answer {
    let view = readable(&visit, id).await?;
    let mut about = About::new(&view, &Posted { action: String::new(), fields: query }, None)?;
    // Whoever writes one line after the other comes back to where the next one is written.
    if let (Some("line"), Some(ask)) = (posted.get("from"), &about.ask) {
        about.back = format!("/handoffs/{id}#quick-{}-{}", ask.id.value, items::main_field(about.list));
    }
    let command = taken(|| {
        let (body, evidence) = (items::read(about.list, &posted)?, posted.evidence()?);
        Ok(command::AddItem { body, evidence, reason: posted.opt_text("reason")? })
    });
    finish(&visit, view, &about, command, &posted).await
}

async fn change(
    visit: Visit,
    In((id, item)): In<(HandoffId, ItemId)>,
    Query(query): Pairs,
    posted: Posted,
) -> Answer {
    let view = readable(&visit, id).await?;
    let about = About::new(&view, &Posted { action: String::new(), fields: query }, Some(item))?;
    let held = view.loaded.handoff.record.items.get(&item).ok_or(AppError::NotFound("entry"))?;
    let same = says_the_same(&posted, &items::typed(held));
    let seen = posted.opt_parse::<u64>("seen")?;
    if let Some(seen) = seen.filter(|seen| !same && *seen < view.loaded.version) {
        let touches = |fact: &Fact| match fact {
            Fact::ItemChanged { item: changed } => changed.id == item,
            _ => false,
        };
        if touched_since(&visit, id, seen, touches).await?.is_some() {
            // Shown once with the newer version seen, so that sending it again means it.
            let fields = posted.fields.iter().filter(|(name, _)| name != "seen").cloned().collect();
            let values = Posted { fields, action: posted.action.clone() };
            let why = AppError::Stale { current: view.loaded.version };
            return Ok(page(&visit, &view, &about, &values, Some(why)));
        }
    }
    let command = taken(|| {
        let (body, evidence) = (items::read(about.list, &posted)?, posted.evidence()?);
        Ok(command::ChangeItem { item, body, evidence, reason: posted.opt_text("reason")? })
    });
    finish(&visit, view, &about, command, &posted).await
}

async fn finish(
    visit: &Visit,
    view: HandoffView,
    about: &About,
    command: Result<Command, AppError>,
    posted: &Posted,
) -> Answer {
    let id = view.loaded.handoff.id;
    let handled = match command {
        Ok(command) => visit.web.app.handle(&visit.caller, id, command, HandleOptions::default()).await,
        Err(why) => Err(why),
    };
    Ok(match handled.and_then(throughline_app::Handled::passed) {
        Ok(loaded) => {
            let mut back = about.back.clone();
            if let (Some("next"), true, Some(ask)) = (posted.get("then"), about.onward, &about.ask) {
                let view = visit.web.app.view_of(&visit.caller, loaded).await?;
                back = record::onward(&view, &ask.id.value);
            }
            visit.back(&back, Tone::Good, &visit.t.get(key!("item-saved")))
        }
        Err(why @ (AppError::Broken(_) | AppError::NotSignedIn)) => failed(&why.into()),
        Err(why) => page(visit, &view, about, posted, Some(why)),
    })
}

async fn remove(visit: Visit, In((id, item)): In<(HandoffId, ItemId)>, posted: Posted) -> Answer {
    let back = match posted.get("back").map(crate::answer::safe_path) {
        Some(back) if back != "/" => back.to_owned(),
        _ => format!("/handoffs/{id}"),
    };
    let command = taken(|| Ok(command::RemoveItem { item, reason: posted.opt_text("reason")? }));
    Ok(act(&visit, id, command, &posted, &back, key!("item-removed")).await)
}

/// Somebody named already plays the part that is asked for, too.
async fn also(visit: Visit, In((id, item, ask)): In<(HandoffId, ItemId, Key)>, posted: Posted) -> Answer {
    let view = readable(&visit, id).await?;
    let found = view.loaded.playbook.as_ref().and_then(|playbook| playbook.ask(&ask));
    let role = found.and_then(|found| found.role).ok_or(AppError::NotFound("question"))?;
    let held = view.loaded.handoff.record.items.get(&item).ok_or(AppError::NotFound("entry"))?;
    let Body::Stakeholder(person) = &held.body else { return Err(AppError::NotFound("entry").into()) };
    let mut person = person.clone();
    if !person.parts.contains(&role) {
        person.parts.push(role);
    }
    let command = command::ChangeItem {
        item,
        body: Body::Stakeholder(person),
        evidence: held.evidence.clone(),
        reason: None,
    };
    let here = format!("/handoffs/{id}#ask-{ask}");
    let options = HandleOptions { if_version: Some(view.loaded.version), ..HandleOptions::default() };
    let handled = visit.web.app.handle(&visit.caller, id, command, options).await;
    Ok(match handled.and_then(throughline_app::Handled::passed) {
        Ok(loaded) => {
            let view = visit.web.app.view_of(&visit.caller, loaded).await?;
            let next = posted.get("then") == Some("next");
            let back = if next { record::onward(&view, &ask) } else { here };
            visit.back(&back, Tone::Good, &visit.t.get(key!("item-saved")))
        }
        Err(why) => visit.refused(why, &posted, &here).await,
    })
}
