//! The brief: the account on one page, laid out from what the record holds, to be read in two minutes (R5.2) on a
//! screen or on A4.

use askama::Template;
use axum::{Router, routing::get};
use throughline_app::read::HandoffView;
use throughline_domain::{
    HandoffId,
    playbook::{StepKind, asks::Section},
    record::{Answered, Body, Influence, List, PromiseState, Provenance, StakeholderRole},
};
use throughline_http::Web;

use super::{
    Sheet,
    block::{Block, blocks},
    open::{Before, before, open, open_besides},
    sheets,
};
use crate::{
    answer::html,
    chrome::{Chrome, Place},
    i18n::Text,
    key,
    pages::handoff::{
        In,
        frame::{Frame, View, meter},
        steps::timed,
    },
    ui::{Gap, Step, Tab, Tone},
    visit::{Answer, Visit},
};

/// The routes.
pub fn routes() -> Router<Web> {
    Router::new().route("/handoffs/{id}/brief", get(show))
}

/// One figure of the line at the top.
pub struct Glance {
    /// What it counts.
    pub label: String,
    /// How many.
    pub value: String,
    /// What that means.
    pub note: String,
    /// How it stands.
    pub tone: Tone,
    href: String,
}

#[derive(Template)]
#[template(path = "pages/handoff/brief/one_page.html")]
struct BriefPage {
    chrome: Chrome,
    f: Frame,
    sheets: Vec<Tab>,
    glance: Vec<Glance>,
    blocks: Vec<Block>,
    open: Vec<Gap>,
    /// How much is open besides, and where all of it is.
    open_more: Option<(String, String)>,
    next: Vec<Step>,
    before: Option<Before>,
    empty: bool,
    stamp: String,
}

/// How much of what is open the brief tells beside all else.
const OPEN: usize = 5;

async fn show(visit: Visit, In(id): In<HandoffId>) -> Answer {
    let view = visit.web.app.view(&visit.caller, id).await?;
    let t = &visit.t;
    let empty = is_empty(&view);
    let (open, more) = opened(t, &view);
    let page = BriefPage {
        chrome: visit.chrome(Some(Place::Deals)),
        sheets: sheets(t, &view, Sheet::Brief),
        glance: glance(t, &view),
        empty,
        blocks: if empty { Vec::new() } else { blocks(t, &view) },
        open_more: more.map(|text| (text, format!("{}#call-open", Sheet::Call.href(id)))),
        open,
        next: next(t, &view),
        before: before(&visit, &view),
        stamp: t
            .with(key!("brief-stamp"), (("time", t.moment(view.now)), ("version", view.loaded.version)))
            .into(),
        f: Frame::new(&visit, &view, View::Brief),
    };
    Ok(html(&page))
}

/// What is open, the first of it, and a word on how much there is besides.
pub fn opened(t: &Text, view: &HandoffView) -> (Vec<Gap>, Option<String>) {
    let mut all = if is_empty(view) { open(t, view) } else { open_besides(t, view) };
    let besides = if is_empty(view) { 0 } else { all.len().saturating_sub(OPEN) };
    all.truncate(all.len() - besides);
    (all, (besides > 0).then(|| t.with(key!("brief-more"), ("n", besides)).into_owned()))
}

/// Whether nobody has told anything yet; what the CRM knows by itself is no brief.
pub fn is_empty(view: &HandoffView) -> bool {
    let record = &view.loaded.handoff.record;
    let by_crm = |held: &Answered| matches!(held.provenance, Provenance::Crm { .. });
    record.items.is_empty() && record.none.is_empty() && record.answers.values().all(by_crm)
}

/// What is to be done next, with when and by whom.
pub fn next(t: &Text, view: &HandoffView) -> Vec<Step> {
    let open = view
        .readings
        .iter()
        .filter(|one| one.reading.is_open() && one.due_at.is_some() && one.kind != StepKind::Availability);
    let mut open: Vec<_> = open.collect();
    open.sort_by_key(|one| one.due_at);
    open.into_iter().take(4).map(|reading| timed(t, view, reading)).collect()
}

/// Four figures: how far the record is, what was promised, what could go wrong, who carries it.
pub fn glance(t: &Text, view: &HandoffView) -> Vec<Glance> {
    let handoff = &view.loaded.handoff;
    let at = |part: &str| format!("/handoffs/{}{part}", handoff.id);
    let said = |key| t.get(key).into_owned();
    let mut all = Vec::new();
    let meter = meter(view);
    if meter.all > 0 {
        all.push(Glance {
            label: said(key!("brief-glance-record")),
            value: t.with(key!("meter-of"), (("done", meter.done), ("all", meter.all))).into(),
            note: if meter.is_full() {
                said(key!("record-complete"))
            } else {
                t.with(key!("brief-glance-missing"), ("n", meter.all - meter.done)).into()
            },
            tone: if meter.is_full() { Tone::Good } else { Tone::Warn },
            href: at(""),
        });
    }
    let waits = |state| matches!(state, PromiseState::AwaitingDecision | PromiseState::ToBeCorrected);
    let waiting = handoff.record.promises().filter(|(_, promise)| waits(promise.life.state())).count();
    let promises = handoff.record.promises().count();
    all.push(Glance {
        label: said(key!("brief-glance-promises")),
        value: t.number(promises),
        note: match (promises, waiting) {
            (0, _) => said(key!("brief-glance-none")),
            (_, 0) => said(key!("brief-glance-settled")),
            (_, n) => t.with(key!("brief-glance-waiting"), ("n", n)).into(),
        },
        tone: if waiting > 0 { Tone::Warn } else { Tone::Calm },
        href: at("/promises"),
    });
    let severity = |item: &throughline_domain::record::Item| match &item.body {
        Body::Risk(risk) => risk.severity,
        _ => None,
    };
    let risks = handoff.record.list(List::Risks).count();
    let severe =
        handoff.record.list(List::Risks).filter(|item| severity(item) == Some(Influence::High)).count();
    all.push(Glance {
        label: said(key!("brief-glance-risks")),
        value: t.number(risks),
        note: match (risks, severe) {
            (0, _) => said(key!("brief-glance-none")),
            (_, 0) => said(key!("brief-glance-mild")),
            (_, n) => t.with(key!("brief-glance-severe"), ("n", n)).into(),
        },
        tone: if severe > 0 { Tone::Bad } else { Tone::Calm },
        href: at(&risks_section(view)),
    });
    all.push(people(t, view));
    all
}

/// Where the record asks for risks.
fn risks_section(view: &HandoffView) -> String {
    let sections = view.loaded.playbook.iter().flat_map(|playbook| &playbook.sections);
    let asks_for =
        |section: &&Section| section.asks.iter().any(|ask| List::of(ask.kind) == Some(List::Risks));
    sections
        .filter(asks_for)
        .map(|section| format!("#section-{}", section.id.value))
        .next()
        .unwrap_or_default()
}

fn people(t: &Text, view: &HandoffView) -> Glance {
    let record = &view.loaded.handoff.record;
    let champion = record.list(List::Stakeholders).find_map(|item| match &item.body {
        Body::Stakeholder(person) if person.parts.contains(&StakeholderRole::Champion) => {
            Some(person.name.to_string())
        }
        _ => None,
    });
    Glance {
        label: t.get(key!("word-list-stakeholders")).into_owned(),
        value: t.number(record.list(List::Stakeholders).count()),
        tone: if champion.is_some() { Tone::Calm } else { Tone::Warn },
        note: match champion {
            Some(name) => t.with(key!("brief-glance-champion"), ("name", name)).into(),
            None => t.get(key!("brief-glance-no-champion")).into_owned(),
        },
        href: Sheet::Map.href(view.loaded.handoff.id),
    }
}
