//! The record: the playbook's own questions in its own order, each with its answer, why it is asked and what is
//! missing; beside it how far it is and who owes what.

use askama::Template;
use axum::{
    Router,
    extract::Query,
    routing::{get, post},
};
use throughline_app::read::HandoffView;
use throughline_domain::{
    HandoffId, Key, Role,
    gate::Verdict,
    handoff::{Life, command},
    playbook::{Gate, StepKind},
};
use throughline_http::Web;

use super::{
    In, act,
    asks::{AskBody, AskView, ask_view},
    callouts::{Callout, callouts},
    frame::{Frame, View, gap, meter, person, role},
    steps::timed,
    taken,
};
use crate::{
    answer::html,
    chrome::{Chrome, Place},
    form::Posted,
    i18n::Text,
    key,
    pages::words,
    ui::{self, Gap, Meter, Person},
    visit::{Answer, Visit},
};

/// The routes.
pub fn routes() -> Router<Web> {
    Router::new()
        .route("/handoffs/{id}", get(show))
        .route("/handoffs/{id}/reopen", post(reopen))
        .route("/handoffs/{id}/acknowledge", post(acknowledge))
}

struct SectionView {
    id: String,
    title: String,
    about: Option<String>,
    asks: Vec<AskView>,
    /// How many of the asks a gate wants are answered.
    done: String,
    /// Nothing is missing: on a phone it begins folded.
    finished: bool,
}

/// What stands beside the record, and is sent again with every save.
pub struct Summary {
    /// Words.
    pub t: Text,
    /// How far it is.
    pub meter: Meter,
    /// What is missing.
    pub gaps: Vec<Gap>,
    /// The first gate not passed, in a sentence, with its verdict.
    pub gate: (ui::GateMark, String),
    /// How long it took to complete, or has taken so far (R1.10).
    pub took: Option<String>,
    /// Where gates are.
    pub base: String,
}

#[derive(Template)]
#[template(path = "pages/handoff/record.html")]
struct RecordPage {
    chrome: Chrome,
    f: Frame,
    summary: Summary,
    group: String,
    callouts: Vec<Callout>,
    sections: Vec<SectionView>,
    people: Vec<(String, Person)>,
    steps: Vec<ui::Step>,
    reopen_reason: ui::Field,
    /// What was said a moment ago, with one key: the sentence, and where it is taken back.
    said: Option<(String, String)>,
    keys: Vec<(String, String)>,
    steps_by_key: Vec<String>,
}

async fn show(visit: Visit, In(id): In<HandoffId>, Query(query): Query<Vec<(String, String)>>) -> Answer {
    let view = visit.web.app.view(&visit.caller, id).await?;
    let said = query.iter().find(|(name, _)| name == "said").map(|(_, ask)| ask.as_str());
    Ok(html(&page(&visit, &view, said)))
}

fn page(visit: &Visit, view: &HandoffView, said: Option<&str>) -> RecordPage {
    let t = &visit.t;
    let f = Frame::new(visit, view, View::Record);
    let sections = view.loaded.playbook.iter().flat_map(|playbook| &playbook.sections);
    let sections: Vec<SectionView> = sections
        .map(|section| {
            let asks: Vec<_> = section.asks.iter().map(|ask| ask_view(visit, view, ask)).collect();
            let wanted = asks.iter().filter(|ask| ask.need.is_some());
            let (all, missing) = (wanted.clone().count(), wanted.filter(|ask| ask.problem.is_some()).count());
            SectionView {
                id: format!("section-{}", section.id.value),
                title: section.title.clone(),
                about: section.about.as_ref().map(|about| about.trim().to_owned()),
                done: t.with(key!("meter-of"), (("done", all - missing), ("all", all))).into(),
                finished: missing == 0,
                asks,
            }
        })
        .collect();
    let due = view
        .readings
        .iter()
        .filter(|one| one.reading.is_open() && one.due_at.is_some() && one.kind != StepKind::Availability);
    let mut due: Vec<_> = due.collect();
    due.sort_by_key(|one| one.due_at);
    RecordPage {
        chrome: visit.chrome(Some(Place::Deals)),
        summary: summary(t, view),
        group: group(view.loaded.handoff.id),
        callouts: callouts(t, view),
        people: people(t, view),
        steps: due.into_iter().take(4).map(|reading| timed(t, view, reading)).collect(),
        reopen_reason: ui::Field::new("reason", t.get(key!("record-reopen-reason"))).required(),
        said: sections.iter().flat_map(|section| &section.asks).find_map(|ask| taken_back(t, ask, said)),
        keys: keys(t),
        steps_by_key: STEPS.chars().map(String::from).collect(),
        sections,
        f,
    }
}

/// The keys that do something with the question one stands on, or lead to another.
const STEPS: &str = "njkev0123456789";

/// The keys that lead through the record, and what each does (U1).
fn keys(t: &Text) -> Vec<(String, String)> {
    let sent = format!("{} {}", t.get(key!("key-ctrl")), t.get(key!("key-enter")));
    let steps = [
        ("n", key!("record-key-missing")),
        ("j", key!("record-key-next")),
        ("k", key!("record-key-back")),
        ("e", key!("record-key-answer")),
        ("1–9", key!("record-key-choose")),
        ("0", key!("record-key-none")),
        ("u", key!("record-key-undo")),
        ("v", key!("record-key-evidence")),
        (sent.as_str(), key!("record-key-save")),
    ];
    steps.into_iter().map(|(keys, what)| (keys.to_owned(), t.get(what).into_owned())).collect()
}

/// That there are none of what an ask looks for, where it was said a moment ago and still stands.
fn taken_back(t: &Text, ask: &AskView, said: Option<&str>) -> Option<(String, String)> {
    let stands =
        matches!(ask.body, AskBody::List { may_take_back: true, .. }) && said == Some(ask.key.as_str());
    stands.then(|| {
        let sentence = t.with(key!("record-none-said"), ("question", ask.question.as_str()));
        (sentence.into_owned(), format!("{}/clear", ask.action))
    })
}

/// Where to go on after an ask: what is missing next, in the order of the record and round again; the ask itself where
/// nothing else is.
pub fn onward(view: &HandoffView, after: &Key) -> String {
    let asks = view.loaded.playbook.iter().flat_map(|playbook| playbook.asks()).map(|ask| &ask.id.value);
    let asks: Vec<&Key> = asks.collect();
    let from = asks.iter().position(|ask| *ask == after).map_or(0, |at| at + 1);
    let missing =
        |ask: &Key| view.asks.get(ask).is_some_and(|one| one.required.is_some() && !one.problems.is_empty());
    let round = asks[from..].iter().chain(&asks[..from]);
    let next = round.copied().find(|ask| *ask != after && missing(ask)).unwrap_or(after);
    format!("/handoffs/{}#ask-{next}", view.loaded.handoff.id)
}

/// The name under which forms of one handoff share its version.
pub fn group(id: HandoffId) -> String {
    format!("handoff-{id}")
}

/// What stands beside the record.
pub fn summary(t: &Text, view: &HandoffView) -> Summary {
    let handoff = &view.loaded.handoff;
    let next = Gate::ALL.into_iter().filter_map(|gate| view.gate(gate)).find(|answer| {
        let passed = handoff.passed(answer.gate).is_some();
        !passed && answer.verdict != Verdict::NotRequired
    });
    let gate = match next {
        None => (ui::GateMark::Pass, t.get(key!("record-gate-all-passed")).into_owned()),
        Some(answer) if answer.verdict == Verdict::Refused => {
            let args = (("gate", words::word(t, answer.gate)), ("n", answer.gaps.len()));
            (ui::GateMark::Refused, t.with(key!("record-gate-shut"), args).into())
        }
        Some(answer) => (
            ui::GateMark::Ahead,
            t.with(key!("record-gate-open"), ("gate", words::word(t, answer.gate))).into(),
        ),
    };
    Summary {
        t: t.clone(),
        meter: meter(view),
        gaps: view.gaps.iter().map(|one| gap(t, one)).collect(),
        gate,
        took: took(t, view),
        base: format!("/handoffs/{}", handoff.id),
    }
}

/// How long the record took from its opening to its first completion, or has been open so far. What no longer takes
/// answers waits for none.
fn took(t: &Text, view: &HandoffView) -> Option<String> {
    let handoff = &view.loaded.handoff;
    if matches!(handoff.life, Life::History | Life::OutOfScope) {
        return None;
    }
    let (key, until) = match (handoff.first_complete_at, handoff.complete_since) {
        (Some(first), Some(_)) => (key!("record-took"), first),
        (Some(first), None) => (key!("record-took-first"), first),
        (None, _) if handoff.life.takes_reports() => (key!("record-open-for"), view.now),
        (None, _) => return None,
    };
    Some(t.with(key, ("span", t.span(handoff.opened_at, until))).into_owned())
}

fn people(t: &Text, view: &HandoffView) -> Vec<(String, Person)> {
    let handoff = &view.loaded.handoff;
    let mut found: Vec<(String, Person)> = Role::ALL
        .into_iter()
        .filter(|one| *one != Role::Csm)
        .filter_map(|one| Some((role(t, one), person(view, handoff.seats.get(&one)?.person))))
        .collect();
    found.extend(handoff.csm().map(|csm| (role(t, Role::Csm), person(view, csm))));
    found
}

async fn reopen(visit: Visit, In(id): In<HandoffId>, posted: Posted) -> Answer {
    let back = match posted.get("asks") {
        Some(ask) => format!("/handoffs/{id}#ask-{ask}"),
        None => format!("/handoffs/{id}"),
    };
    let command =
        taken(|| Ok(command::Reopen { asks: posted.keys("asks")?, reason: posted.text("reason")? }));
    Ok(act(&visit, id, command, &posted, &back, key!("record-reopened-flash")).await)
}

async fn acknowledge(visit: Visit, In(id): In<HandoffId>, posted: Posted) -> Answer {
    let command = taken(|| Ok(command::AcknowledgeAmendments {}));
    let back = format!("/handoffs/{id}");
    Ok(act(&visit, id, command, &posted, &back, key!("record-acknowledged-flash")).await)
}

/// Where crumbs of pages below the record lead.
pub fn crumbs(visit: &Visit, view: &HandoffView) -> Vec<ui::Crumb> {
    let handoff = &view.loaded.handoff;
    vec![
        ui::Crumb::new(visit.t.get(Place::Deals.key()), "/deals"),
        ui::Crumb::new(handoff.deal.account.clone(), View::Record.href(handoff.id)),
    ]
}
