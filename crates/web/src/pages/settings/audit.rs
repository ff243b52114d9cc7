//! The audit log of everything outside handoffs, and the check of the journal's chains, a stretch at a time.

use askama::Template;
use axum::extract::Query;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;
use throughline_app::AppError;
use throughline_domain::{Actor, HandoffId};

use super::{Part, tabs};
use crate::{
    answer::html,
    chrome::{Chrome, Place},
    i18n::Text,
    key,
    ui::{Pager, Tab},
    visit::{Answer, Visit},
};

/// Rows on a page.
const PAGE: u32 = 50;
/// Handoffs checked by one press.
const STRETCH: u32 = 500;

#[derive(Deserialize)]
pub struct Asked {
    before: Option<i64>,
}

#[derive(Deserialize)]
pub struct Stretch {
    after: Option<String>,
    /// What the stretches before found, so that the last one can tell of all.
    #[serde(default)]
    handoffs: u64,
    #[serde(default)]
    facts: u64,
    #[serde(default)]
    broken: u64,
}

struct Row {
    seq: i64,
    at: Timestamp,
    who: String,
    action: String,
    subject: String,
    detail: String,
}

/// What a check of the chains found.
struct Found {
    handoffs: u64,
    facts: u64,
    all_broken: u64,
    broken: Vec<(String, String)>,
    gone: u64,
    next: Option<String>,
}

#[derive(Template)]
#[template(path = "pages/settings/audit.html")]
struct AuditPage {
    t: Text,
    chrome: Chrome,
    tabs: Vec<Tab>,
    rows: Vec<Row>,
    pager: Pager,
    found: Option<Found>,
}

pub async fn page(visit: Visit, Query(asked): Query<Asked>) -> Answer {
    Ok(html(&made(&visit, asked.before, None).await?))
}

async fn made(visit: &Visit, before: Option<i64>, found: Option<Found>) -> Result<AuditPage, AppError> {
    let (t, app) = (visit.t.clone(), &visit.web.app);
    let log = app.audit_log(&visit.caller, before, PAGE).await?;
    let people = app.named(visit.caller.org, log.iter().filter_map(|(_, row)| row.by.person())).await?;
    let older = (log.len() == PAGE as usize).then(|| log.last().map(|(seq, _)| *seq)).flatten();
    let rows = log
        .into_iter()
        .map(|(seq, row)| Row {
            seq,
            at: row.at,
            who: match row.by {
                Actor::Person { id } => {
                    people.get(&id).map_or_else(|| id.to_string(), |person| person.name.clone())
                }
                Actor::Token { id } => {
                    t.with(key!("settings-audit-token"), ("id", id.to_string())).into_owned()
                }
                Actor::System => t.get(key!("settings-audit-system")).into_owned(),
            },
            action: row.action,
            subject: row.subject,
            detail: if row.detail == Value::Null { String::new() } else { row.detail.to_string() },
        })
        .collect();
    Ok(AuditPage {
        tabs: tabs(visit, Part::Audit),
        chrome: visit.chrome(Some(Place::Settings)),
        rows,
        pager: Pager {
            newer: before.map(|_| "/settings/audit".to_owned()),
            older: older.map(|seq| format!("/settings/audit?before={seq}")),
        },
        found,
        t,
    })
}

/// Checks the next stretch of handoffs. Reading alone: a plain link asks for it.
pub async fn verify(visit: Visit, Query(stretch): Query<Stretch>) -> Answer {
    let after = match stretch.after.as_deref().filter(|after| !after.is_empty()) {
        Some(after) => {
            Some(after.parse::<HandoffId>().map_err(|_| AppError::invalid("after", "is no handoff"))?)
        }
        None => None,
    };
    let verified = visit.web.app.verify_journals(&visit.caller, after, STRETCH).await?;
    let handoffs = stretch.handoffs.saturating_add(verified.handoffs);
    let facts = stretch.facts.saturating_add(verified.facts);
    let all_broken = stretch.broken.saturating_add(verified.broken.len() as u64);
    let next = verified.next.map(|id| {
        format!("/settings/audit/verify?after={id}&handoffs={handoffs}&facts={facts}&broken={all_broken}")
    });
    let broken = verified
        .broken
        .into_iter()
        .take(100)
        .map(|one| (format!("/handoffs/{}", one.handoff), one.to_string()))
        .collect();
    let gone = verified.gone;
    let found = Found { handoffs, facts, all_broken, broken, gone, next };
    Ok(html(&made(&visit, None, Some(found)).await?))
}
