//! Events of other systems: who may send them, what came, and what became of it.

use askama::Template;
use axum::extract::Query;
use jiff::Timestamp;
use serde::Deserialize;
use throughline_app::{AppError, gates::escaped, sources::Keyed};
use throughline_store::{EventKey, EventPlace, EventState};

use super::{Part, tabs};
use crate::{
    answer::{html, html_with},
    chrome::{Chrome, Place},
    form::Posted,
    i18n::Text,
    key,
    pages::parts::{self, Wrong},
    ui::{Field, Pager, Tab, Tone},
    visit::{Answer, Visit},
};

/// Events on a page.
const PAGE: u32 = 50;

/// After which event the page begins.
#[derive(Deserialize)]
pub struct Asked {
    received: Option<i64>,
    #[serde(default)]
    source: String,
    #[serde(default)]
    id: String,
}

struct SourceRow {
    name: String,
    signs: String,
    has_secret: bool,
    since: Timestamp,
}

struct EventRow {
    id: String,
    source: String,
    came: Timestamp,
    tone: Tone,
    icon: &'static str,
    state: String,
    note: String,
    tries: u32,
}

/// A secret to be copied, shown on this answer alone.
struct Shown {
    name: String,
    secret: String,
    address: String,
}

struct SourceForm {
    name: Field,
    public_key: Field,
    refused: Option<String>,
}

#[derive(Template)]
#[template(path = "pages/settings/events.html")]
struct EventsPage {
    t: Text,
    chrome: Chrome,
    tabs: Vec<Tab>,
    on: bool,
    sources: Vec<SourceRow>,
    rows: Vec<EventRow>,
    pager: Pager,
    form: SourceForm,
    shown: Option<Shown>,
}

pub async fn page(visit: Visit, Query(asked): Query<Asked>) -> Answer {
    let Asked { received, source, id } = asked;
    let before = received.map(|received| EventPlace { received, source, id });
    Ok(html(&made(&visit, before, None, None).await?))
}

async fn made(
    visit: &Visit,
    before: Option<EventPlace>,
    typed: Option<(&Posted, &Wrong)>,
    shown: Option<Shown>,
) -> Result<EventsPage, AppError> {
    let t = visit.t.clone();
    let app = &visit.web.app;
    let sources = app.event_sources(&visit.caller).await?;
    let sources = sources.into_iter().map(|(name, source)| {
        let has_secret = matches!(source.key, EventKey::Secret { .. });
        let signs = if has_secret { key!("events-signs-secret") } else { key!("events-signs-key") };
        SourceRow { name, signs: t.get(signs).into_owned(), has_secret, since: source.changed_at }
    });
    let events = app.events(&visit.caller, before.clone(), PAGE).await?;
    let older = events.last().filter(|_| events.len() >= PAGE as usize).map(|event| {
        let EventPlace { received, source, id } = event.place();
        format!("/settings/events?received={received}&source={}&id={}", escaped(&source), escaped(&id))
    });
    let rows = events.into_iter().map(|event| {
        let (tone, icon, state) = match event.state {
            EventState::New => (Tone::Info, "clock", key!("events-state-new")),
            EventState::Done => (Tone::Good, "check", key!("events-state-done")),
            EventState::Refused => (Tone::Warn, "ban", key!("events-state-refused")),
        };
        EventRow {
            id: event.id,
            source: event.source,
            came: event.received_at,
            tone,
            icon,
            state: t.get(state).into_owned(),
            note: event.note.unwrap_or_default(),
            tries: event.tries,
        }
    });
    Ok(EventsPage {
        tabs: tabs(visit, Part::Events),
        chrome: visit.chrome(Some(Place::Settings)),
        on: app.takes_events(),
        sources: sources.collect(),
        rows: rows.collect(),
        pager: Pager { newer: before.map(|_| "/settings/events".to_owned()), older },
        form: form(&t, typed),
        shown,
        t,
    })
}

fn form(t: &Text, typed: Option<(&Posted, &Wrong)>) -> SourceForm {
    let wrong = typed.map(|(_, wrong)| wrong);
    let value = |field: &str| typed.map_or("", |(posted, _)| posted.typed(field));
    SourceForm {
        name: Field::new("name", t.get(key!("events-name")))
            .value(value("name"))
            .hint(t.get(key!("events-name-hint")))
            .required()
            .error(parts::at(wrong, "name")),
        public_key: Field::new("public_key", t.get(key!("events-public")))
            .value(value("public_key"))
            .hint(t.get(key!("events-public-hint")))
            .error(parts::at(wrong, "public_key")),
        refused: parts::beside(wrong, &["name", "public_key"]),
    }
}

/// Adds a source. The answer is the page itself, so that the secret is never part of an address or a cookie.
pub async fn add(visit: Visit, posted: Posted) -> Answer {
    let name = posted.typed("name").trim().to_owned();
    let key = Some(posted.typed("public_key")).filter(|key| !key.trim().is_empty());
    match visit.web.app.add_event_source(&visit.caller, &name, key).await {
        Ok(keyed) => shown(&visit, name, keyed).await,
        Err(why) => {
            let wrong = Wrong::of(&visit.t, why)?;
            Ok(html_with(wrong.status, &made(&visit, None, Some((&posted, &wrong)), None).await?))
        }
    }
}

/// Gives a source a new secret.
pub async fn rotate(visit: Visit, posted: Posted) -> Answer {
    let name = posted.typed("name").to_owned();
    let keyed = visit.web.app.rotate_event_source(&visit.caller, &name, None).await?;
    shown(&visit, name, keyed).await
}

/// Shows a source's secret again.
pub async fn show(visit: Visit, posted: Posted) -> Answer {
    let name = posted.typed("name").to_owned();
    let keyed = visit.web.app.show_event_source(&visit.caller, &name).await?;
    shown(&visit, name, keyed).await
}

/// Removes a source.
pub async fn remove(visit: Visit, posted: Posted) -> Answer {
    let name = posted.typed("name");
    visit.web.app.remove_event_source(&visit.caller, name).await?;
    Ok(visit.back("/settings/events", Tone::Good, &visit.t.with(key!("events-removed"), ("name", name))))
}

async fn shown(visit: &Visit, name: String, keyed: Keyed) -> Answer {
    let slug = visit.web.app.organisation(visit.caller.org).await?.slug;
    let address = visit.web.url(&format!("/api/v1/events/{name}?org={slug}"));
    let shown = keyed.secret.map(|secret| Shown { name, secret, address });
    Ok(html(&made(visit, None, None, shown).await?))
}
