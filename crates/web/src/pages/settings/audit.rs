//! The audit log of everything outside handoffs, and the check of the journal's chains, a stretch at a time.

use askama::Template;
use axum::extract::Query;
use jiff::Timestamp;
use serde::Deserialize;
use throughline_app::{AppError, inspect::Progress};
use throughline_domain::HandoffId;
use throughline_store::{Audit, Tally};

use super::{
    Part,
    audit_words::{Names, ROUTINE, said},
    tabs,
};
use crate::{
    answer::html,
    chrome::{Chrome, Place},
    i18n::Text,
    ui::{Pager, Tab},
    visit::{Answer, Visit},
};

/// Rows on a page.
const PAGE: usize = 50;
/// Rows read at once, and how often for one page: routine is passed over, but not for ever.
const READ: u32 = 200;
const READS: usize = 5;
/// Handoffs checked by one press.
const STRETCH: u32 = 500;

#[derive(Deserialize)]
pub struct Asked {
    before: Option<i64>,
    /// Routine too.
    #[serde(default)]
    all: String,
}

/// What the stretches before found, so that the last one can tell of all.
#[derive(Deserialize)]
pub struct Stretch {
    after: Option<String>,
    opened: Option<u64>,
    committed: Option<u64>,
    #[serde(default)]
    handoffs: u64,
    #[serde(default)]
    facts: u64,
    #[serde(default)]
    known: u64,
    #[serde(default)]
    broken: u64,
}

impl Stretch {
    fn so_far(&self) -> Result<Progress, AppError> {
        let after = match self.after.as_deref().filter(|after| !after.is_empty()) {
            Some(after) => {
                Some(after.parse::<HandoffId>().map_err(|_| AppError::invalid("after", "is no handoff"))?)
            }
            None => None,
        };
        let committed = self.opened.zip(self.committed);
        Ok(Progress {
            after,
            committed: committed.map(|(handoffs, facts)| Tally { handoffs, facts }),
            handoffs: self.handoffs,
            facts: self.facts,
            known: self.known,
            broken: self.broken,
        })
    }
}

/// Where the next stretch is asked for.
fn href(so_far: &Progress) -> String {
    let Progress { after, committed, handoffs, facts, known, broken } = so_far;
    let after = after.map(|id| id.to_string()).unwrap_or_default();
    let Tally { handoffs: opened, facts: committed } = committed.unwrap_or_default();
    format!(
        "/settings/audit/verify?after={after}&opened={opened}&committed={committed}&handoffs={handoffs}\
         &facts={facts}&known={known}&broken={broken}"
    )
}

struct Row {
    seq: i64,
    at: Timestamp,
    who: String,
    what: String,
    href: Option<String>,
    rest: String,
}

/// What a check of the chains found.
struct Found {
    handoffs: u64,
    facts: u64,
    all_broken: u64,
    broken: Vec<(String, String)>,
    gone: Tally,
    next: Option<String>,
}

impl Found {
    /// Whether nothing is wrong with what was looked at.
    fn is_whole(&self) -> bool {
        self.all_broken == 0 && self.gone == Tally::default()
    }
}

#[derive(Template)]
#[template(path = "pages/settings/audit.html")]
struct AuditPage {
    t: Text,
    chrome: Chrome,
    tabs: Vec<Tab>,
    rows: Vec<Row>,
    pager: Pager,
    all: bool,
    found: Option<Found>,
}

pub async fn page(visit: Visit, Query(asked): Query<Asked>) -> Answer {
    Ok(html(&made(&visit, &asked, None).await?))
}

async fn made(visit: &Visit, asked: &Asked, found: Option<Found>) -> Result<AuditPage, AppError> {
    let t = visit.t.clone();
    let all = !asked.all.is_empty();
    let (log, older) = read(visit, asked.before, all).await?;
    let names = Names::of(visit, &log).await?;
    let rows = log
        .iter()
        .map(|(seq, row)| {
            let said = said(&t, &names, row);
            Row {
                seq: *seq,
                at: row.at,
                who: names.who(&t, row.by),
                what: said.text,
                href: said.href,
                rest: said.rest,
            }
        })
        .collect();
    let kept = if all { "all=yes&" } else { "" };
    let newest = if all { "/settings/audit?all=yes" } else { "/settings/audit" };
    Ok(AuditPage {
        tabs: tabs(visit, Part::Audit),
        chrome: visit.chrome(Some(Place::Settings)),
        rows,
        pager: Pager {
            newer: asked.before.map(|_| newest.to_owned()),
            older: older.map(|seq| format!("/settings/audit?{kept}before={seq}")),
        },
        all,
        found,
        t,
    })
}

/// A page of rows, newest first, and where the next one begins; with routine or without.
async fn read(
    visit: &Visit,
    before: Option<i64>,
    all: bool,
) -> Result<(Vec<(i64, Audit)>, Option<i64>), AppError> {
    let mut log: Vec<(i64, Audit)> = Vec::new();
    let mut place = before;
    for _ in 0..READS {
        let rows = visit.web.app.audit_log(&visit.caller, place, READ).await?;
        let ended = rows.len() < READ as usize;
        for (seq, row) in rows {
            if log.len() == PAGE {
                return Ok((log, place));
            }
            place = Some(seq);
            if all || !ROUTINE.contains(&row.action.as_str()) {
                log.push((seq, row));
            }
        }
        if ended {
            return Ok((log, None));
        }
    }
    Ok((log, place))
}

/// Checks the next stretch of handoffs. Reading alone: a plain link asks for it.
pub async fn verify(visit: Visit, Query(stretch): Query<Stretch>) -> Answer {
    let verified = visit.web.app.verify_journals(&visit.caller, stretch.so_far()?, STRETCH).await?;
    let so_far = verified.so_far;
    let broken = verified
        .broken
        .into_iter()
        .take(100)
        .map(|one| (format!("/handoffs/{}", one.handoff), one.to_string()))
        .collect();
    let found = Found {
        handoffs: so_far.handoffs,
        facts: so_far.facts,
        all_broken: so_far.broken,
        broken,
        gone: verified.missing.unwrap_or_default(),
        next: verified.missing.is_none().then(|| href(&so_far)),
    };
    Ok(html(&made(&visit, &Asked { before: None, all: String::new() }, Some(found)).await?))
}
