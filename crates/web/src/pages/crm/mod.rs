//! A stand-in for the company's CRM, in the demo only: a deal page that asks the gates as a real one would, beside
//! what the gates answer. One screen for the story: refused, filled, passed.
//!
//! It acts as a program with rights of its own, never with those of who looks at it: a CRM asks with its token.

mod deal;
mod stages;

use askama::Template;
use axum::{
    Router,
    extract::Query,
    routing::{get, post},
};
use serde::Deserialize;
use throughline_app::{AppError, Caller};
use throughline_http::Web;
use throughline_store::{Cursor, HandoffFilter, Sort};

use crate::{
    answer::{Failed, html},
    chrome::Chrome,
    i18n::Text,
    pages::parts,
    ui::Stage,
    visit::{Answer, Visit},
};

/// The source that the demo's deals are known by.
pub const SOURCE: &str = "crm";
/// Deals on a page.
const PAGE: u32 = 25;

/// The routes.
pub fn routes() -> Router<Web> {
    Router::new()
        .route("/crm", get(list))
        .route("/crm/{external_id}", get(deal::page))
        .route("/crm/{external_id}/stage", post(deal::set_stage))
        .route("/crm/{external_id}/csm", post(deal::assign))
}

/// The stand-in itself, as a caller.
fn program(visit: &Visit) -> Caller {
    Caller::system(visit.caller.org)
}

fn only_in_the_demo(visit: &Visit) -> Result<(), Failed> {
    if visit.web.settings.demo {
        return Ok(());
    }
    Err(AppError::NotFound("page").into())
}

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    q: String,
    #[serde(default)]
    after: String,
}

struct Row {
    href: String,
    deal: String,
    account: String,
    amount: String,
    close: String,
    stage: Stage,
}

#[derive(Template)]
#[template(path = "pages/crm/list.html")]
struct ListPage {
    t: Text,
    chrome: Chrome,
    q: String,
    rows: Vec<Row>,
    first: Option<String>,
    next: Option<String>,
}

async fn list(visit: Visit, Query(asked): Query<Asked>) -> Answer {
    only_in_the_demo(&visit)?;
    let t = visit.t.clone();
    let q = asked.q.trim().chars().take(200).collect::<String>();
    let filter = HandoffFilter { text: (!q.is_empty()).then(|| q.clone()), ..HandoffFilter::default() };
    let after: Option<Cursor> = serde_json::from_str(&asked.after).ok();
    let started = after.is_some();
    let found = visit.web.app.handoffs(&program(&visit), filter, Sort::Account, after, PAGE).await?;
    let kept = parts::query_without(visit.path(), &["after"]);
    let link = |after: Option<String>| {
        let pairs: Vec<String> =
            [(!kept.is_empty()).then(|| kept.clone()), after].into_iter().flatten().collect();
        if pairs.is_empty() { "/crm".to_owned() } else { format!("/crm?{}", pairs.join("&")) }
    };
    let next = found.next.as_ref().and_then(|cursor| serde_json::to_string(cursor).ok());
    let rows = found
        .rows
        .into_iter()
        .filter(|row| row.deal.source == SOURCE)
        .map(|row| Row {
            href: format!("/crm/{}", throughline_app::gates::escaped(&row.deal.external_id)),
            deal: row.deal_name,
            account: row.account,
            amount: row.amount.map(|amount| t.money(amount)).unwrap_or_default(),
            close: row.signature_on.map(|date| t.date(date)).unwrap_or_default(),
            stage: super::words::stage_named(&row.life, &row.stage),
        })
        .collect();
    Ok(html(&ListPage {
        chrome: visit.chrome(None),
        rows,
        q,
        first: started.then(|| link(None)),
        next: next.map(|cursor| link(Some(format!("after={}", throughline_app::gates::escaped(&cursor))))),
        t,
    }))
}
