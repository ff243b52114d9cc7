//! What publishing a draft would change: the process, and how the last deals would have fared by it.

use askama::Template;
use axum::{extract::Path, http::StatusCode};
use throughline_app::{
    AppError,
    drafts::{Answers, Preview, Tried},
    playbooks::PublishError,
};
use throughline_domain::gate::{GateTrial, Verdict};

use super::{
    super::{DiffRow, diff_rows},
    Found, Ground, found,
};
use crate::{
    answer::{html, html_with},
    chrome::{Chrome, Place},
    form::Posted,
    i18n::Text,
    key,
    pages::words::{problem, word},
    ui::Tone,
    visit::{Answer, Visit},
};
use throughline_domain::playbook::edit::Document;

/// Most gaps told of one gate of one deal.
const GAPS: usize = 4;

/// A gate's answers, by the version in force and by the draft.
struct Counted {
    gate: String,
    before: Answers,
    after: Answers,
}

/// A gate that answers a deal otherwise.
struct Changed {
    gate: String,
    tone: Tone,
    icon: &'static str,
    said: String,
    anew: Vec<String>,
    no_more: Vec<String>,
}

/// A deal that fares otherwise.
struct Deal {
    href: String,
    account: String,
    name: String,
    route: Option<(String, String)>,
    gates: Vec<Changed>,
}

impl Deal {
    fn gates(&self) -> &[Changed] {
        &self.gates
    }
}

struct Shown {
    version: u32,
    against: Option<u32>,
    name: String,
    changes: Vec<DiffRow>,
    open: u32,
    tried: usize,
    gates: Vec<Counted>,
    deals: Vec<Deal>,
}

#[derive(Template)]
#[template(path = "pages/playbooks/edit/preview.html")]
struct PreviewPage {
    t: Text,
    chrome: Chrome,
    name: String,
    version: u64,
    overtaken: Option<(u32, u32)>,
    refused: Option<String>,
    findings: Vec<Found>,
    more: usize,
    shown: Option<Shown>,
}

pub async fn page(visit: Visit, Path(name): Path<String>) -> Answer {
    let ground = Ground::of(&visit, &name).await?;
    if ground.draft.is_none() {
        let text = visit.t.get(key!("editor-no-draft"));
        return Ok(visit.back(&format!("/playbooks/{name}/edit"), Tone::Info, &text));
    }
    let page = made(&visit, ground).await?;
    let status = if page.shown.is_some() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(html_with(status, &page))
}

async fn made(visit: &Visit, ground: Ground) -> Result<PreviewPage, AppError> {
    let t = visit.t.clone();
    let (mut findings, mut more, mut shown) = (Vec::new(), 0, None);
    match visit.web.app.preview_playbook(&visit.caller, &ground.source).await {
        Ok(preview) => shown = Some(of(&t, preview)),
        Err(PublishError::Faulty(faults)) => {
            (findings, more) = found(&ground.name, &faults, Document::read(&ground.source).ok().as_ref());
        }
        Err(PublishError::App(why)) => return Err(why),
    }
    let based_on = ground.draft.as_ref().and_then(|row| row.based_on);
    Ok(PreviewPage {
        chrome: visit.chrome(Some(Place::Playbooks)),
        overtaken: based_on.filter(|based| *based < ground.newest).map(|based| (based, ground.newest)),
        name: ground.name,
        version: ground.version,
        refused: None,
        findings,
        more,
        shown,
        t,
    })
}

fn of(t: &Text, preview: Preview) -> Shown {
    let Preview { of, against, changes, open, gates, deals } = preview;
    Shown {
        version: of.version,
        against,
        name: of.name,
        changes: diff_rows(changes),
        open,
        tried: deals.len(),
        gates: gates
            .into_iter()
            .map(|count| Counted { gate: word(t, count.gate), before: count.before, after: count.after })
            .collect(),
        deals: deals.into_iter().filter(|deal| deal.trial.differs()).map(|deal| told(t, deal)).collect(),
    }
}

fn told(t: &Text, deal: Tried) -> Deal {
    let trial = deal.trial;
    let way =
        |route: Option<throughline_domain::Key>| route.map(|route| route.to_string()).unwrap_or_default();
    Deal {
        href: format!("/handoffs/{}", deal.handoff_id),
        account: deal.account,
        name: deal.deal_name,
        route: (trial.route_before != trial.route_after)
            .then(|| (way(trial.route_before), way(trial.route_after))),
        gates: trial.gates.into_iter().filter(GateTrial::differs).map(|gate| changed(t, gate)).collect(),
    }
}

fn changed(t: &Text, trial: GateTrial) -> Changed {
    let verdict = |verdict: Verdict| {
        t.get(match verdict {
            Verdict::Pass => key!("editor-verdict-pass"),
            Verdict::Refused => key!("editor-verdict-refused"),
            Verdict::Waived => key!("editor-verdict-waived"),
            Verdict::NotRequired => key!("editor-verdict-not-required"),
        })
        .into_owned()
    };
    let (tone, icon) = match (trial.before, trial.after) {
        (before, Verdict::Refused) if before != Verdict::Refused => (Tone::Bad, "octagon-x"),
        (Verdict::Refused, Verdict::Pass) => (Tone::Good, "circle-check"),
        _ => (Tone::Info, "info"),
    };
    let said = if trial.before == trial.after {
        t.with(key!("editor-still"), ("verdict", verdict(trial.after))).into_owned()
    } else {
        let pair = (("before", verdict(trial.before)), ("after", verdict(trial.after)));
        t.with(key!("editor-turns"), pair).into_owned()
    };
    let gaps = |gaps: &[throughline_domain::gate::Gap]| -> Vec<String> {
        let mut said: Vec<String> = gaps
            .iter()
            .take(GAPS)
            .map(|gap| format!("{}: {}", gap.title, problem(t, &gap.problem)))
            .collect();
        if gaps.len() > GAPS {
            said.push(t.with(key!("editor-n-more"), ("n", gaps.len() - GAPS)).into_owned());
        }
        said
    };
    Changed {
        gate: word(t, trial.gate),
        tone,
        icon,
        said,
        anew: gaps(&trial.asked_anew),
        no_more: gaps(&trial.asked_no_more),
    }
}

/// Publishes the draft as it was previewed, over the version it was held against.
pub async fn publish(visit: Visit, Path(name): Path<String>, posted: Posted) -> Answer {
    let over = posted.get("over").and_then(|over| over.parse().ok());
    let app = &visit.web.app;
    let refused = match app.publish_playbook_draft(&visit.caller, &name, posted.version(), over).await {
        Ok(of) => {
            let said = (("name", of.name.clone()), ("version", of.version));
            let text = visit.t.with(key!("playbook-published"), said);
            return Ok(visit.back(&format!("/playbooks/{}", of.name), Tone::Good, &text));
        }
        Err(PublishError::Faulty(_)) => None,
        Err(PublishError::App(AppError::Stale { .. } | AppError::Conflict(_))) => {
            Some(visit.t.get(key!("editor-preview-stale")).into_owned())
        }
        Err(PublishError::App(AppError::Invalid { field, .. })) if field == "playbook" => {
            Some(visit.t.get(key!("editor-name-taken")).into_owned())
        }
        Err(PublishError::App(why)) => return Err(why.into()),
    };
    // Somebody changed it, or spoilt it: what would be published now is shown first.
    let ground = Ground::of(&visit, &name).await?;
    if ground.draft.is_none() {
        return Ok(html(&made(&visit, ground).await?));
    }
    let status =
        if refused.is_some() { StatusCode::PRECONDITION_FAILED } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(html_with(status, &PreviewPage { refused, ..made(&visit, ground).await? }))
}
