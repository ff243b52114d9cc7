//! The kickoff's agenda, in the parts and minutes of the playbook (R3.7), filled from the record and visibly incomplete
//! where it is (R2.4). It is the CSM's own sheet: what the customer gets is the invitation.

use askama::Template;
use axum::{Router, routing::get};
use throughline_app::read::HandoffView;
use throughline_domain::{
    HandoffId,
    gate::{Verdict, looks_at},
    handoff::meeting::meeting,
    playbook::{AgendaPart, Ask, Gate, Step, StepKind},
    record::List,
};
use throughline_http::Web;

use super::{Sheet, sheets};
use crate::{
    answer::html,
    chrome::{Chrome, Place},
    i18n::Text,
    key,
    pages::handoff::{
        In, answers,
        frame::{Frame, View, gap, person, role},
        items,
        review::{Quick, quick},
    },
    ui::{Gap, Person, Tab, Tone},
    visit::{Answer, Visit},
};

/// The routes.
pub fn routes() -> Router<Web> {
    Router::new().route("/handoffs/{id}/agenda", get(show))
}

/// What one ask brings to a part.
pub struct Line {
    /// What was asked.
    pub question: String,
    /// What the record says; empty where the answer is missing.
    pub answers: Vec<String>,
    /// Where it is answered.
    pub href: String,
}

/// One part of the kickoff.
pub struct Part {
    /// How it is shown.
    pub title: String,
    /// From which minute to which.
    pub span: String,
    /// How long.
    pub minutes: String,
    /// What happens.
    pub about: String,
    /// What it is filled from.
    pub lines: Vec<Line>,
}

impl Part {
    fn missing(&self) -> usize {
        self.lines.iter().filter(|line| line.answers.is_empty()).count()
    }
}

/// A milestone of the plan so far.
struct Milestone {
    title: String,
    who: String,
    due: String,
}

/// How many milestones stand on the agenda: the next ones. The plan has them all.
const MILESTONES: usize = 8;

/// Whether the kickoff goes ahead, and what is missing where it does not.
struct Ahead {
    tone: Tone,
    icon: &'static str,
    says: String,
    gaps: Vec<Gap>,
    /// Where it is confirmed, once nothing is missing.
    confirm: Option<String>,
}

#[derive(Template)]
#[template(path = "pages/handoff/brief/agenda.html")]
struct AgendaPage {
    chrome: Chrome,
    f: Frame,
    sheets: Vec<Tab>,
    parts: Vec<Part>,
    missing: usize,
    when: String,
    place: Option<String>,
    minutes: Option<String>,
    who: Vec<Person>,
    ahead: Option<Ahead>,
    milestones: Vec<Milestone>,
    /// What says how many there are besides.
    further: Option<String>,
    quick: Option<Quick>,
}

async fn show(visit: Visit, In(id): In<HandoffId>) -> Answer {
    let view = visit.web.app.view(&visit.caller, id).await?;
    let t = &visit.t;
    let playbook = view.loaded.playbook.as_ref();
    let step = playbook.and_then(|playbook| playbook.step_of(StepKind::Kickoff));
    let planned = playbook
        .zip(step)
        .and_then(|(playbook, step)| meeting(&view.loaded.handoff, playbook, &step.id.value));
    let parts = parts(t, &view);
    let milestones = milestones(t, &view);
    let whole: u32 = playbook.iter().flat_map(|one| &one.agenda).map(|part| u32::from(part.minutes)).sum();
    let page = AgendaPage {
        chrome: visit.chrome(Some(Place::Deals)),
        sheets: sheets(t, &view, Sheet::Agenda),
        missing: parts.iter().map(Part::missing).sum(),
        when: match &planned {
            Some(planned) => t.moment_full(planned.starts_at),
            None => t.get(key!("agenda-no-date")).into_owned(),
        },
        place: planned.and_then(|planned| planned.place.map(ToString::to_string)),
        minutes: (whole > 0).then(|| t.with(key!("steps-minutes"), ("n", whole)).into()),
        who: step.map_or_else(Vec::new, |step| who(t, &view, step)),
        ahead: step.and_then(|_| ahead(t, &view)),
        further: milestones
            .len()
            .checked_sub(MILESTONES)
            .filter(|more| *more > 0)
            .map(|more| t.with(key!("brief-more"), ("n", more)).into_owned()),
        milestones: milestones.into_iter().take(MILESTONES).collect(),
        quick: quick(t, &view),
        parts,
        f: Frame::new(&visit, &view, View::Brief),
    };
    Ok(html(&page))
}

/// The parts of the agenda, as far as the record fills them.
pub fn parts(t: &Text, view: &HandoffView) -> Vec<Part> {
    let mut begins: u32 = 0;
    let agenda = view.loaded.playbook.iter().flat_map(|playbook| &playbook.agenda);
    agenda
        .map(|part| {
            let ends = begins + u32::from(part.minutes);
            let span = t.with(key!("agenda-span"), (("from", begins), ("to", ends))).into_owned();
            begins = ends;
            one(t, view, part, span)
        })
        .collect()
}

/// How many answers the agenda misses.
pub fn missing(t: &Text, view: &HandoffView) -> usize {
    parts(t, view).iter().map(Part::missing).sum()
}

fn one(t: &Text, view: &HandoffView, part: &AgendaPart, span: String) -> Part {
    let asks = part.from.iter().filter_map(|id| view.loaded.playbook.as_ref()?.ask(&id.value));
    Part {
        title: part.title.clone(),
        span,
        minutes: t.with(key!("steps-minutes"), ("n", part.minutes)).into(),
        about: part.about.trim().to_owned(),
        lines: asks.map(|ask| line(t, view, ask)).collect(),
    }
}

fn line(t: &Text, view: &HandoffView, ask: &Ask) -> Line {
    let handoff = &view.loaded.handoff;
    let id = &ask.id.value;
    let answers: Vec<String> = match List::of(ask.kind) {
        None => {
            let held = handoff.record.answers.get(id);
            held.map(|held| answers::text(t, ask, &held.answer)).into_iter().collect()
        }
        Some(list) => {
            let held = handoff.record.list(list).filter(|item| looks_at(ask, item));
            let mut found: Vec<String> = held
                .map(|item| {
                    let shown = items::show(t, view, item, &[], None);
                    if shown.quoted { format!("“{}”", shown.title) } else { shown.title }
                })
                .collect();
            if found.is_empty() && handoff.record.none.contains_key(id) {
                found.push(t.get(key!("plan-none")).into_owned());
            }
            found
        }
    };
    Line { question: ask.ask.clone(), answers, href: format!("/handoffs/{}#ask-{id}", handoff.id) }
}

/// Who takes part for us: both sides of the house (R3.7).
fn who(t: &Text, view: &HandoffView, step: &Step) -> Vec<Person> {
    let handoff = &view.loaded.handoff;
    let roles = std::iter::once(step.owner).chain(step.with.iter().copied());
    let named = roles.filter_map(|one| {
        let holder = handoff.holder(one)?;
        Some(person(view, holder).as_a(role(t, one)))
    });
    named.collect()
}

fn ahead(t: &Text, view: &HandoffView) -> Option<Ahead> {
    let handoff = &view.loaded.handoff;
    if let Some(at) = handoff.kickoff_confirmed_at {
        let says = t.with(key!("steps-gone-ahead"), ("time", t.moment(at))).into_owned();
        return Some(Ahead { tone: Tone::Good, icon: "check", says, gaps: Vec::new(), confirm: None });
    }
    if !handoff.life.is_live() {
        return None;
    }
    let gate = view.gate(Gate::Kickoff)?;
    let shut = gate.verdict == Verdict::Refused;
    let steps = format!("/handoffs/{}/steps", handoff.id);
    Some(Ahead {
        tone: if shut { Tone::Warn } else { Tone::Info },
        icon: if shut { "circle-dashed" } else { "calendar-clock" },
        says: if shut {
            t.with(key!("agenda-shut"), ("n", gate.gaps.len())).into_owned()
        } else {
            t.get(key!("agenda-ready")).into_owned()
        },
        gaps: gate.gaps.iter().map(|one| gap(t, one)).collect(),
        confirm: (!shut).then_some(steps),
    })
}

/// The plan as far as it is drafted: the kickoff works on it (R4.2).
fn milestones(t: &Text, view: &HandoffView) -> Vec<Milestone> {
    let Some(plan) = &view.loaded.handoff.plan else { return Vec::new() };
    plan.by_due()
        .into_iter()
        .filter(|(_, one)| one.reached_on.is_none())
        .map(|(_, one)| {
            let side = crate::pages::words::word(t, one.side);
            Milestone {
                title: one.title.to_string(),
                who: one.owner.as_ref().map_or_else(|| side.clone(), |owner| format!("{side}, {owner}")),
                due: one.due_on.map(|due| t.date(due)).unwrap_or_default(),
            }
        })
        .collect()
}
