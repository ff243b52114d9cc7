//! Mail that came in: from whom, what became of it, and why.
//!
//! A stranger writes every line of it, so it is text and nothing else. Absent on purpose: the words of a mail. They go
//! once it is read; what counted stands with the handoff, and whoever should look at the rest was written to.

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;
use axum::extract::Query;
use jiff::Timestamp;
use serde::Deserialize;
use throughline_app::AppError;
use throughline_domain::{HandoffId, access::Action};
use throughline_store::{MailSeen, MailState};
use uuid::Uuid;

use super::{Part, tabs};
use crate::{
    answer::html,
    chrome::{Chrome, Place},
    i18n::{Key, Text},
    key,
    ui::{Pager, Shown, Tab, Tone},
    visit::{Answer, Visit},
};

/// Mails on a page.
const PAGE: u32 = 25;

/// Which mail, and after which one the page begins.
#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    became: String,
    before: Option<String>,
}

impl Shown for MailState {
    fn tone(&self) -> Tone {
        match self {
            Self::Waiting => Tone::Info,
            Self::Used => Tone::Good,
            Self::Noted => Tone::Calm,
            Self::Unused => Tone::Warn,
        }
    }
    fn icon(&self) -> &'static str {
        match self {
            Self::Waiting => "clock",
            Self::Used => "check",
            Self::Noted => "info",
            Self::Unused => "ban",
        }
    }
    fn key(&self) -> Key {
        match self {
            Self::Waiting => key!("incoming-waiting"),
            Self::Used => key!("incoming-used"),
            Self::Noted => key!("incoming-noted"),
            Self::Unused => key!("incoming-unused"),
        }
    }
}

struct Row {
    from: String,
    subject: String,
    came: Timestamp,
    state: MailState,
    note: String,
    tries: u32,
    /// The customer it is about, with their page.
    about: Option<(String, String)>,
}

#[derive(Template)]
#[template(path = "pages/settings/incoming.html")]
struct IncomingPage {
    t: Text,
    chrome: Chrome,
    tabs: Vec<Tab>,
    states: Vec<Tab>,
    on: bool,
    filtered: bool,
    rows: Vec<Row>,
    pager: Pager,
}

pub async fn page(visit: Visit, Query(asked): Query<Asked>) -> Answer {
    let (t, app) = (visit.t.clone(), &visit.web.app);
    let state = MailState::ALL.into_iter().find(|state| state.name() == asked.became);
    let before: Option<Uuid> = asked.before.as_deref().and_then(|id| id.parse().ok());
    let found = app.mails_received(&visit.caller, state, before, PAGE).await?;
    let older = found.last().filter(|_| found.len() >= PAGE as usize).map(|last| href(state, Some(last.id)));
    let accounts = accounts(&visit, &found).await?;
    let rows = found.into_iter().map(|mail| Row {
        about: mail.handoff.and_then(|id| Some((accounts.get(&id)?.clone(), format!("/handoffs/{id}")))),
        from: mail.from.unwrap_or_else(|| {
            let waits = mail.state == MailState::Waiting;
            let none = if waits { key!("incoming-unread") } else { key!("incoming-nobody") };
            t.get(none).into_owned()
        }),
        subject: mail.subject.unwrap_or_default(),
        came: mail.received_at,
        state: mail.state,
        note: mail.note.unwrap_or_default(),
        tries: mail.tries,
    });
    Ok(html(&IncomingPage {
        tabs: tabs(&visit, Part::Incoming),
        chrome: visit.chrome(Some(Place::Settings)),
        states: states(&t, state),
        on: app.takes_mail(),
        filtered: state.is_some(),
        rows: rows.collect(),
        pager: Pager { newer: before.map(|_| href(state, None)), older },
        t,
    }))
}

/// The customers of the handoffs that mails are about, as far as the reader may see them.
async fn accounts(visit: &Visit, mails: &[MailSeen]) -> Result<BTreeMap<HandoffId, String>, AppError> {
    let ids: BTreeSet<HandoffId> = mails.iter().filter_map(|mail| mail.handoff).collect();
    let mut accounts = BTreeMap::new();
    for id in ids {
        match visit.web.app.load(visit.caller.org, id).await {
            Ok(loaded) if visit.caller.can(Action::Read, &loaded.handoff) => {
                accounts.insert(id, loaded.handoff.deal.account.clone());
            }
            Ok(_) | Err(AppError::NotFound(_)) => {}
            Err(why) => return Err(why),
        }
    }
    Ok(accounts)
}

fn states(t: &Text, here: Option<MailState>) -> Vec<Tab> {
    let tab = |label: Key, state: Option<MailState>| Tab {
        label: t.get(label).into_owned(),
        href: href(state, None),
        current: here == state,
        count: None,
    };
    let each = MailState::ALL.into_iter().map(|state| tab(state.key(), Some(state)));
    std::iter::once(tab(key!("incoming-all"), None)).chain(each).collect()
}

fn href(state: Option<MailState>, before: Option<Uuid>) -> String {
    let became = state.map(|state| format!("became={}", state.name()));
    let before = before.map(|id| format!("before={id}"));
    let asked: Vec<String> = became.into_iter().chain(before).collect();
    if asked.is_empty() { "/settings/mail".to_owned() } else { format!("/settings/mail?{}", asked.join("&")) }
}
