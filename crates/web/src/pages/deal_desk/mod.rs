//! The deal desk: promises that wait for a decision, and those that were decided (R2.6). Approve, counter or decline
//! with a reason, in place.

mod card;

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;
use axum::{
    Router,
    extract::{Path, Query},
    routing::get,
};
use serde::Deserialize;
use throughline_app::{AppError, HandleOptions};
use throughline_domain::{
    HandoffId, ItemId, Role,
    access::Action,
    handoff::{Handoff, command::DecidePromise},
    record::PromiseState,
};
use throughline_http::Web;
use throughline_store::PromiseRow;

use self::card::{Card, Typed, card};
use super::{parts::Wrong, words};
use crate::{
    answer::{html, html_with, redirect},
    chrome::{Chrome, Place, role_key},
    form::Posted,
    i18n::Text,
    key,
    ui::{Shown, Tab, Tone},
    visit::{Answer, Visit},
};

/// Promises on a page.
const PAGE: u32 = 20;

/// What decided promises can be, in the order the filter lists them.
const DECIDED: [PromiseState; 9] = [
    PromiseState::Approved,
    PromiseState::ToBeCorrected,
    PromiseState::Countered,
    PromiseState::Declined,
    PromiseState::Transferred,
    PromiseState::Kept,
    PromiseState::Late,
    PromiseState::Broken,
    PromiseState::Released,
];

/// The routes.
pub fn routes() -> Router<Web> {
    Router::new()
        .route("/deal-desk", get(page))
        .route("/deal-desk/{handoff}/{item}", get(|| async { redirect("/deal-desk", None) }).post(decide))
}

#[derive(Deserialize, Default)]
struct Asked {
    #[serde(default)]
    view: String,
    #[serde(default)]
    state: String,
    #[serde(default)]
    after: String,
}

#[derive(Template)]
#[template(path = "pages/deal_desk/page.html")]
struct DeskPage {
    t: Text,
    chrome: Chrome,
    tabs: Vec<Tab>,
    states: Vec<Tab>,
    /// Where the forms come back to.
    place: Vec<(&'static str, String)>,
    decided: bool,
    for_whom: String,
    cards: Vec<Card>,
    refused: Option<String>,
    first: Option<String>,
    next: Option<String>,
}

impl Asked {
    fn is_decided(&self) -> bool {
        self.view == "decided"
    }

    /// The state that is filtered by, when it is one.
    fn state(&self) -> Option<PromiseState> {
        DECIDED.into_iter().find(|state| words::data_name(*state) == self.state)
    }

    fn after(&self) -> Option<(i64, ItemId)> {
        let (millis, item) = self.after.split_once('.')?;
        Some((millis.parse().ok()?, item.parse().ok()?))
    }

    /// The same place as fields of a form.
    fn place(&self) -> Vec<(&'static str, String)> {
        vec![("view", self.view.clone()), ("state", self.state.clone()), ("after", self.after.clone())]
    }

    /// The address of the same view at another place.
    fn href(&self, after: Option<(i64, ItemId)>) -> String {
        let mut parts = Vec::new();
        if self.is_decided() {
            parts.push("view=decided".to_owned());
        }
        if let Some(state) = self.state() {
            parts.push(format!("state={}", words::data_name(state)));
        }
        if let Some((millis, item)) = after {
            parts.push(format!("after={millis}.{item}"));
        }
        if parts.is_empty() { "/deal-desk".to_owned() } else { format!("/deal-desk?{}", parts.join("&")) }
    }
}

async fn page(visit: Visit, Query(asked): Query<Asked>) -> Answer {
    Ok(html(&made(&visit, &asked, None).await?))
}

async fn made(visit: &Visit, asked: &Asked, typed: Option<&Typed<'_>>) -> Result<DeskPage, AppError> {
    let t = visit.t.clone();
    let wanted: Vec<PromiseState> = match (asked.is_decided(), asked.state()) {
        (false, _) => vec![PromiseState::AwaitingDecision],
        (true, Some(state)) => vec![state],
        (true, None) => DECIDED.to_vec(),
    };
    let wanted: BTreeSet<String> = wanted.into_iter().map(words::data_name).collect();
    let found = visit.web.app.commitments(&visit.caller, wanted, asked.after(), PAGE).await?;
    // What passed by rule was nobody's decision.
    let rows: Vec<PromiseRow> = found.rows.into_iter().filter(|row| row.routed_to.is_some()).collect();
    let mut handoffs: BTreeMap<HandoffId, Handoff> = BTreeMap::new();
    for id in rows.iter().map(|row| row.handoff).collect::<BTreeSet<_>>() {
        handoffs.insert(id, visit.web.app.load(visit.caller.org, id).await?.handoff);
    }
    let deciders = handoffs.values().flat_map(|handoff| {
        handoff.record.promises().filter_map(|(_, promise)| promise.life.decision.as_ref()?.by.person())
    });
    let ids: BTreeSet<_> = rows.iter().map(|row| row.ae).chain(deciders).collect();
    let people = visit.web.app.named(visit.caller.org, ids).await?;
    let cards: Vec<Card> = rows
        .into_iter()
        .filter_map(|row| {
            let handoff = handoffs.get(&row.handoff)?;
            card(visit, row, handoff, &people, typed)
        })
        .collect();
    // A promise that is no longer in the list cannot show what is wrong in its own place.
    let refused =
        typed.filter(|_| !cards.iter().any(|card| card.is_open())).map(|typed| typed.wrong.text.clone());
    Ok(DeskPage {
        tabs: tabs(&t, asked.is_decided()),
        states: states(&t, asked),
        decided: asked.is_decided(),
        place: asked.place(),
        for_whom: for_whom(visit),
        chrome: visit.chrome(Some(Place::DealDesk)),
        cards,
        refused,
        first: asked.after().map(|_| asked.href(None)),
        next: found.next.map(|place| asked.href(Some(place))),
        t,
    })
}

fn for_whom(visit: &Visit) -> String {
    let roles = visit.caller.roles();
    if roles.contains(&Role::RevOps) {
        return visit.t.get(key!("desk-for-all")).into_owned();
    }
    let names: Vec<_> = roles.into_iter().map(|role| visit.t.get(role_key(role))).collect();
    visit.t.with(key!("desk-for-roles"), ("roles", visit.t.list(&names))).into_owned()
}

fn tabs(t: &Text, decided: bool) -> Vec<Tab> {
    let tab = |label, href: &str, current| Tab { label, href: href.to_owned(), current, count: None };
    vec![
        tab(t.get(key!("desk-tab-open")).into_owned(), "/deal-desk", !decided),
        tab(t.get(key!("desk-tab-decided")).into_owned(), "/deal-desk?view=decided", decided),
    ]
}

fn states(t: &Text, asked: &Asked) -> Vec<Tab> {
    if !asked.is_decided() {
        return Vec::new();
    }
    let all = Tab {
        label: t.get(key!("desk-state-all")).into_owned(),
        href: "/deal-desk?view=decided".to_owned(),
        current: asked.state().is_none(),
        count: None,
    };
    let each = DECIDED.into_iter().map(|state| Tab {
        label: t.get(words::promise_life(state).key()).into_owned(),
        href: format!("/deal-desk?view=decided&state={}", words::data_name(state)),
        current: asked.state() == Some(state),
        count: None,
    });
    std::iter::once(all).chain(each).collect()
}

/// Decides one promise, and shows the list it was decided from.
async fn decide(visit: Visit, Path((handoff, item)): Path<(String, String)>, posted: Posted) -> Answer {
    let asked = Asked {
        view: posted.typed("view").to_owned(),
        state: posted.typed("state").to_owned(),
        after: posted.typed("after").to_owned(),
    };
    let wanted = item.clone();
    let done = async {
        let id: HandoffId = handoff.parse().map_err(|_| AppError::NotFound("handoff"))?;
        let item: ItemId = item.parse().map_err(|_| AppError::NotFound("promise"))?;
        let command =
            DecidePromise { item, verdict: posted.one_of("verdict")?, reason: posted.text("reason")? };
        visit.caller.may(Action::DecidePromise)?;
        visit.web.app.handle(&visit.caller, id, command, HandleOptions::default()).await?.passed()
    };
    match done.await {
        Ok(handled) => {
            let account = handled.handoff.deal.account;
            let text = visit.t.with(key!("desk-decided"), ("account", account));
            Ok(visit.back(&asked.href(asked.after()), Tone::Good, &text))
        }
        Err(why) => {
            let wrong = Wrong::of(&visit.t, why)?;
            let typed = Typed { item: &wanted, reason: posted.typed("reason"), wrong: &wrong };
            Ok(html_with(wrong.status, &made(&visit, &asked, Some(&typed)).await?))
        }
    }
}
