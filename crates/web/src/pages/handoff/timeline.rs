//! What happened, newest first: every fact as a sentence, with who, when and the start of its hash.

use std::collections::BTreeSet;

use askama::Template;
use axum::{Router, extract::Query, routing::get};
use throughline_domain::{HandoffId, PersonId, handoff::Fact};
use throughline_http::Web;

use super::{
    In,
    frame::{Frame, View},
    sentences,
};
use crate::{
    answer::html,
    chrome::{Chrome, Place},
    form::Posted,
    key,
    ui::{Pager, Person},
    visit::{Answer, Visit},
};

/// The routes.
pub fn routes() -> Router<Web> {
    Router::new().route("/handoffs/{id}/timeline", get(show))
}

/// How many facts a page shows.
const PAGE: u32 = 50;

struct Entry {
    seq: u64,
    who: Person,
    at: jiff::Timestamp,
    text: String,
    detail: Vec<String>,
    hash: String,
    whole_hash: String,
}

#[derive(Template)]
#[template(path = "pages/handoff/timeline.html")]
struct TimelinePage {
    chrome: Chrome,
    f: Frame,
    entries: Vec<Entry>,
    pager: Pager,
}

async fn show(visit: Visit, In(id): In<HandoffId>, Query(query): Query<Vec<(String, String)>>) -> Answer {
    let app = &visit.web.app;
    let view = app.view(&visit.caller, id).await?;
    let t = &visit.t;
    let query = Posted { action: String::new(), fields: query };
    let before: Option<u64> = query.get("before").and_then(|before| before.parse().ok());
    let mut rows = app.timeline(&visit.caller, id, before, PAGE + 1).await?;
    let more = rows.len() > PAGE as usize;
    rows.truncate(PAGE as usize);
    let mut named: BTreeSet<PersonId> = BTreeSet::new();
    for row in &rows {
        named.extend(row.recorded.by.person());
        named.extend(row.recorded.by.in_stead_of());
        named.extend(sentences::people(&row.recorded.fact));
    }
    let people = app.named(visit.caller.org, named).await?;
    let name = |id: PersonId| {
        people.get(&id).map_or_else(|| t.get(key!("evidence-somebody")).into_owned(), |one| one.name.clone())
    };
    let customers = rows.iter().filter_map(|row| row.recorded.by.customer());
    let customers = app.portal_named(visit.caller.org, customers).await?;
    let ratings = visit.caller.sees_ratings(&view.loaded.handoff);
    let oldest = rows.last().map(|row| row.recorded.seq);
    let entries = rows
        .into_iter()
        .map(|row| {
            let (text, detail) = match &row.recorded.fact {
                Fact::Rated { rating, .. } if !ratings => (sentences::rated(t, &view, rating), Vec::new()),
                Fact::SignSeen { .. } if !ratings => {
                    (t.get(key!("tell-sign-unseen")).into_owned(), Vec::new())
                }
                Fact::SignTakenBack { .. } if !ratings => {
                    (t.get(key!("tell-sign-taken-back")).into_owned(), Vec::new())
                }
                fact => sentences::tell(t, &view, &name, fact),
            };
            Entry {
                seq: row.recorded.seq,
                who: match (row.recorded.by.person(), row.recorded.by.in_stead_of()) {
                    (Some(id), Some(of)) => {
                        let args = (("name", name(id)), ("of", name(of)));
                        Person::named(t.with(key!("people-acts-for"), args))
                    }
                    (Some(id), None) => Person::named(name(id)),
                    (None, _) => match row.recorded.by.customer() {
                        Some(id) => Person::named(match customers.get(&id) {
                            Some(one) => t.with(key!("timeline-customer"), ("name", one.name.clone())),
                            None => t.get(key!("settings-audit-customer")),
                        }),
                        None => Person::named(t.get(key!("timeline-product"))),
                    },
                },
                at: row.recorded.at,
                text,
                detail,
                hash: row.hash.chars().take(8).collect(),
                whole_hash: row.hash,
            }
        })
        .collect();
    let base = View::Timeline.href(id);
    let page = TimelinePage {
        chrome: visit.chrome(Some(Place::Deals)),
        f: Frame::new(&visit, &view, View::Timeline),
        entries,
        pager: Pager {
            newer: before.map(|_| base.clone()),
            older: oldest.filter(|_| more).map(|oldest| format!("{base}?before={oldest}")),
        },
    };
    Ok(html(&page))
}
