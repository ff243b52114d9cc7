//! The words of every message: the list of them, and one to be read, changed and tried.

mod lines;
mod one;
mod words;

use askama::Template;
use jiff::Timestamp;
use throughline_app::{AppError, templates::OwnTemplate};
use throughline_domain::Actor;
use throughline_messages::{Group, Kind};

pub use self::one::{page as show, restore, save};
use super::{Part, tabs};
use crate::{
    answer::html,
    chrome::{Chrome, Place},
    i18n::Text,
    key,
    ui::{Tab, Tone},
    visit::{Answer, Visit},
};

/// Whose words a template has, and whether they failed.
struct State {
    tone: Tone,
    icon: &'static str,
    text: String,
}

impl State {
    fn of(t: &Text, own: &OwnTemplate) -> Self {
        let (tone, icon, text) = match (&own.source, &own.failed) {
            (None, _) => (Tone::Calm, "circle-dashed", key!("templates-shipped")),
            (Some(_), None) => (Tone::Info, "pencil-line", key!("templates-own")),
            (Some(_), Some(_)) => (Tone::Bad, "triangle-alert", key!("templates-failing")),
        };
        Self { tone, icon, text: t.get(text).into_owned() }
    }
}

struct Row {
    href: String,
    title: String,
    purpose: String,
    state: State,
    at: Option<Timestamp>,
    by: String,
}

struct Rows {
    id: String,
    title: String,
    rows: Vec<Row>,
}

#[derive(Template)]
#[template(path = "pages/settings/templates/list.html")]
struct ListPage {
    t: Text,
    chrome: Chrome,
    tabs: Vec<Tab>,
    groups: Vec<Rows>,
}

/// All templates, by what they are for.
pub async fn page(visit: Visit) -> Answer {
    let t = visit.t.clone();
    let mut groups: Vec<Rows> = Group::ALL
        .into_iter()
        .map(|group| Rows {
            id: format!("group-{}", group.name()),
            title: t.get(words::heading(group)).into_owned(),
            rows: Vec::new(),
        })
        .collect();
    for own in visit.web.app.own_templates(&visit.caller).await? {
        let place = Group::ALL.iter().position(|group| *group == own.kind.group());
        let Some(group) = place.and_then(|place| groups.get_mut(place)) else { continue };
        let (title, purpose) = words::words(own.kind);
        group.rows.push(Row {
            href: address(own.kind),
            title: t.get(title).into_owned(),
            purpose: t.get(purpose).into_owned(),
            state: State::of(&t, &own),
            at: own.changed.map(|(at, _)| at),
            by: changed_by(&visit, &own).await?,
        });
    }
    Ok(html(&ListPage {
        tabs: tabs(&visit, Part::Templates),
        chrome: visit.chrome(Some(Place::Settings)),
        groups,
        t,
    }))
}

fn address(kind: Kind) -> String {
    format!("/settings/templates/{}", kind.name())
}

/// Who changed a template last, in words; nothing where nobody did.
async fn changed_by(visit: &Visit, own: &OwnTemplate) -> Result<String, AppError> {
    let Some((_, by)) = own.changed else { return Ok(String::new()) };
    let t = &visit.t;
    let name = match (by.person(), by) {
        (Some(id), _) => {
            let named = visit.web.app.named(visit.caller.org, [id]).await?;
            named
                .get(&id)
                .map_or_else(|| t.get(key!("templates-someone")).into_owned(), |one| one.name.clone())
        }
        (None, Actor::System) => t.get(key!("settings-audit-system")).into_owned(),
        (None, _) => t.get(key!("templates-program")).into_owned(),
    };
    Ok(t.with(key!("templates-changed-by"), ("name", name)).into_owned())
}
