//! Saving an answer: while it is typed, or with a button. Two people on one record, or one in two windows, hinder each
//! other only where both change the same answer; then both answers are shown and one is chosen.

use askama::Template;
use axum::{
    Router,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Response},
    routing::post,
};
use throughline_app::{AppError, HandleOptions, handle::Loaded};
use throughline_domain::{
    HandoffId, Key,
    handoff::{Command, Fact, Recorded, command},
    playbook::Ask,
};
use throughline_http::{Problem, Web};

use super::{
    In, act, answers,
    asks::{AskView, ask_view},
    record::{self, Summary, summary},
    seen::{knew, touched_since},
    taken, wrong_field,
};
use crate::{
    answer::html_with,
    chrome::{Chrome, Place},
    failure::sentence,
    form::Posted,
    i18n::Text,
    key,
    ui::{Conflict, Tone},
    visit::{Answer, Visit},
};

/// The routes.
pub fn routes() -> Router<Web> {
    Router::new()
        .route("/handoffs/{id}/answers/{ask}", post(answer))
        .route("/handoffs/{id}/answers/{ask}/none", post(none))
        .route("/handoffs/{id}/answers/{ask}/clear", post(clear))
}

#[derive(Template)]
#[template(path = "pages/handoff/saved.html")]
struct Saved {
    t: Text,
    summary: Summary,
    ask: AskView,
}

#[derive(Template)]
#[template(path = "pages/handoff/conflict.html")]
struct ConflictPart {
    t: Text,
    conflict: Conflict,
}

#[derive(Template)]
#[template(path = "pages/handoff/conflict_page.html")]
struct ConflictPage {
    chrome: Chrome,
    t: Text,
    conflict: Conflict,
    action: String,
    fields: Vec<(String, String)>,
}

/// What came of a save.
enum Outcome {
    Saved(Box<Loaded>),
    Clash(Conflict),
}

async fn answer(
    visit: Visit,
    In((id, ask)): In<(HandoffId, Key)>,
    headers: HeaderMap,
    posted: Posted,
) -> Answer {
    let back = format!("/handoffs/{id}#ask-{ask}");
    let seen = headers.get(header::IF_MATCH).and_then(|tag| tag.to_str().ok());
    let seen = seen.and_then(|tag| tag.trim_matches('"').parse().ok()).or_else(|| posted.version());
    let outcome = save(&visit, id, &ask, seen, &posted).await;
    if !visit.partial {
        return Ok(match outcome {
            Ok(Outcome::Saved(_)) => visit.back(&back, Tone::Good, &visit.t.get(key!("record-saved-flash"))),
            Ok(Outcome::Clash(conflict)) => clash_page(&visit, conflict, &posted),
            Err(why) => visit.refused(why, &posted, &back).await,
        });
    }
    Ok(match outcome {
        Ok(Outcome::Saved(loaded)) => saved_part(&visit, *loaded, &ask).await?,
        Ok(Outcome::Clash(conflict)) => {
            let tag = etag(conflict.version);
            let part = ConflictPart { t: visit.t.clone(), conflict };
            (StatusCode::PRECONDITION_FAILED, tag, fragment(&part)).into_response()
        }
        Err(why) => refused_part(&visit.t, why),
    })
}

/// Saves at the newest version, unless the same answer was changed since the one that was seen: by somebody else, or by
/// the same person in another window.
async fn save(
    visit: &Visit,
    id: HandoffId,
    ask: &Key,
    seen: Option<u64>,
    posted: &Posted,
) -> Result<Outcome, AppError> {
    let app = &visit.web.app;
    for _ in 0..3 {
        let view = app.view(&visit.caller, id).await?;
        let found = view
            .loaded
            .playbook
            .as_ref()
            .and_then(|playbook| playbook.ask(ask))
            .ok_or(AppError::NotFound("question"))?;
        let given = answers::read(found, posted)?;
        let held = view.loaded.handoff.record.answers.get(ask).map(|held| &held.answer);
        let unseen = held != given.as_ref() && !knew(found, posted, held);
        if let Some(seen) = seen.filter(|seen| unseen && *seen < view.loaded.version) {
            let touches = |fact: &Fact| matches!(fact, Fact::Answered { ask: of, .. } | Fact::Cleared { ask: of } if of == ask);
            if let Some(theirs) = touched_since(visit, id, seen, touches).await? {
                let who = match theirs.by.person() {
                    Some(by) => {
                        app.named(visit.caller.org, [by]).await?.remove(&by).map(|person| person.name)
                    }
                    None => None,
                };
                let shown = |answer: Option<&_>| {
                    answer.map_or_else(String::new, |answer| answers::text(&visit.t, found, answer))
                };
                return Ok(Outcome::Clash(clash(
                    visit,
                    found,
                    id,
                    view.loaded.version,
                    &theirs,
                    (who, shown(given.as_ref()), shown(held)),
                )));
            }
        }
        let command = match given {
            Some(answer) => Command::from(command::GiveAnswer {
                ask: ask.clone(),
                answer,
                reason: posted.opt_text("reason")?,
            }),
            None => command::Clear { ask: ask.clone(), reason: posted.opt_text("reason")? }.into(),
        };
        let options = HandleOptions { if_version: Some(view.loaded.version), ..HandleOptions::default() };
        match app.handle(&visit.caller, id, command, options).await {
            // Somebody was quicker between reading and writing: look again at what they changed.
            Err(AppError::Stale { .. }) => {}
            Err(why) => return Err(why),
            Ok(handled) => return Ok(Outcome::Saved(Box::new(handled.passed()?))),
        }
    }
    Err(AppError::Unavailable("the record changes too quickly".to_owned()))
}

fn clash(
    visit: &Visit,
    ask: &Ask,
    id: HandoffId,
    version: u64,
    theirs: &Recorded,
    (who, mine, held): (Option<String>, String, String),
) -> Conflict {
    let t = &visit.t;
    let by = if theirs.by == visit.caller.actor {
        t.with(key!("conflict-own-way"), ("time", t.moment(theirs.at)))
    } else {
        let name = who.unwrap_or_else(|| t.get(key!("answer-by-program")).into_owned());
        t.with(key!("conflict-their-way"), (("name", name), ("time", t.moment(theirs.at))))
    };
    Conflict {
        label: ask.ask.clone(),
        mine,
        theirs: held,
        by: by.into(),
        version,
        href: format!("/handoffs/{id}#ask-{}", ask.id.value),
    }
}

async fn saved_part(visit: &Visit, loaded: Loaded, ask: &Key) -> Result<Response, crate::answer::Failed> {
    let view = visit.web.app.view_of(&visit.caller, loaded).await?;
    let found = view.loaded.playbook.as_ref().and_then(|playbook| playbook.ask(ask));
    let found = found.ok_or(AppError::NotFound("question"))?;
    let tag = etag(view.loaded.version);
    let part =
        Saved { t: visit.t.clone(), summary: summary(&visit.t, &view), ask: ask_view(visit, &view, found) };
    Ok((StatusCode::OK, tag, fragment(&part)).into_response())
}

/// Something is wrong with what was typed: shown in the form, which keeps it.
fn refused_part(t: &Text, why: AppError) -> Response {
    let detail = wrong_field(t, &why).map(|(_, reason)| reason);
    let problem = Problem::from(why);
    let part = RefusedPart { text: detail.unwrap_or_else(|| sentence(t, &problem)) };
    let status =
        if problem.status.is_client_error() { StatusCode::UNPROCESSABLE_ENTITY } else { problem.status };
    (status, fragment(&part)).into_response()
}

#[derive(Template)]
#[template(path = "pages/handoff/refused.html")]
struct RefusedPart {
    text: String,
}

fn clash_page(visit: &Visit, conflict: Conflict, posted: &Posted) -> Response {
    let fields = posted
        .fields
        .iter()
        .filter(|(name, _)| !matches!(name.as_str(), "version" | "over") && !name.starts_with("before."))
        .cloned()
        .collect();
    let page = ConflictPage {
        chrome: visit.chrome(Some(Place::Deals)),
        t: visit.t.clone(),
        conflict,
        action: posted.action.clone(),
        fields,
    };
    html_with(StatusCode::CONFLICT, &page)
}

fn fragment(part: &impl Template) -> Html<String> {
    Html(part.render().unwrap_or_default())
}

fn etag(version: u64) -> [(HeaderName, HeaderValue); 1] {
    let value = HeaderValue::from_str(&format!("\"{version}\"")).unwrap_or(HeaderValue::from_static("\"0\""));
    [(header::ETAG, value)]
}

async fn none(visit: Visit, In((id, ask)): In<(HandoffId, Key)>, posted: Posted) -> Answer {
    let mut back = format!("/handoffs/{id}#ask-{ask}");
    if posted.get("then") == Some("next") {
        let view = visit.web.app.view(&visit.caller, id).await?;
        back = record::onward(&view, &ask).replacen('#', &format!("?said={ask}#"), 1);
    }
    let command = taken(|| Ok(command::DeclareNone { ask, note: posted.opt_text("note")? }));
    Ok(act(&visit, id, command, &posted, &back, key!("record-saved-flash")).await)
}

async fn clear(visit: Visit, In((id, ask)): In<(HandoffId, Key)>, posted: Posted) -> Answer {
    let back = format!("/handoffs/{id}#ask-{ask}");
    let command = taken(|| Ok(command::Clear { ask, reason: posted.opt_text("reason")? }));
    Ok(act(&visit, id, command, &posted, &back, key!("record-cleared-flash")).await)
}
