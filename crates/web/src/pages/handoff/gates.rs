//! The gates: what each says now, what it misses and who owes it, how it was asked before; waivers, asked for, decided
//! and owed; another route; calling it done.

use std::collections::BTreeSet;

use askama::Template;
use axum::{
    Router,
    routing::{get, post},
};
use jiff::Timestamp;
use throughline_app::{
    AppError,
    gates::{GapAnswer, GateAnswer},
    read::HandoffView,
};
use throughline_domain::{
    HandoffId, Role, WaiverId,
    access::Action,
    calendar::Direction,
    gate::Verdict,
    handoff::{Covers, RouteTaken, Waiver, WaiverState, command},
    playbook::{Gate, Way},
};
use throughline_http::Web;

use super::{
    In, act,
    frame::{Frame, View, gap, mark, person, role},
    taken,
};
use crate::{
    answer::html,
    chrome::{Chrome, Place},
    form::Posted,
    i18n::Text,
    key,
    pages::words,
    ui::{self, Choice, GateMark, Tone},
    visit::{Answer, Visit},
};

/// The routes.
pub fn routes() -> Router<Web> {
    Router::new()
        .route("/handoffs/{id}/gates", get(show))
        .route("/handoffs/{id}/gates/{gate}/attempt", post(attempt))
        .route("/handoffs/{id}/gates/{gate}/waivers", post(ask))
        .route("/handoffs/{id}/waivers/{waiver}/grant", post(grant))
        .route("/handoffs/{id}/waivers/{waiver}/deny", post(deny))
        .route("/handoffs/{id}/finish", post(finish))
        .route("/handoffs/{id}/route", post(reroute))
}

/// A form that asks for a waiver: what still can happen, and apart from it what no longer can.
pub struct AskFor {
    /// Where it goes.
    pub action: String,
    /// Names its controls apart from those of other gates.
    pub prefix: String,
    /// Who decides.
    pub decided_by: String,
    /// Gaps that can wait.
    pub open: Vec<Choice>,
    /// Gaps that can only be closed as lost.
    pub lost: Vec<Choice>,
}

struct GateView {
    id: String,
    name: String,
    mark: GateMark,
    text: String,
    gaps: Vec<ui::Gap>,
    /// What a gate further ahead misses, folded away.
    folded: Vec<ui::Gap>,
    attempt: Option<String>,
    waiver: Option<AskFor>,
    history: Vec<String>,
}

struct WaiverView {
    id: String,
    gate: String,
    tone: Tone,
    icon: &'static str,
    state: String,
    covers: Vec<String>,
    reason: String,
    facts: Vec<String>,
    /// The form that grants it, with the latest end proposed.
    grant: Option<Grant>,
    /// Why the reader cannot decide it.
    shut: Option<String>,
}

struct Grant {
    base: String,
    expires: Option<ui::Field>,
}

#[derive(Template)]
#[template(path = "pages/handoff/gates.html")]
struct GatesPage {
    chrome: Chrome,
    f: Frame,
    gates: Vec<GateView>,
    waivers: Vec<WaiverView>,
    finish: bool,
    done_gaps: usize,
    route: String,
    because: String,
    routes: Vec<Choice>,
}

async fn show(visit: Visit, In(id): In<HandoffId>) -> Answer {
    let view = visit.web.app.view(&visit.caller, id).await?;
    let routes = if view.rights.contains(&Action::Reroute) { ways(&visit).await? } else { Vec::new() };
    let t = &visit.t;
    let handoff = &view.loaded.handoff;
    let mut waivers: Vec<&Waiver> = handoff.waivers.values().collect();
    waivers.sort_by_key(|waiver| (waiver.state != WaiverState::Asked, std::cmp::Reverse(waiver.asked_at)));
    let page = GatesPage {
        chrome: visit.chrome(Some(Place::Deals)),
        gates: gate_views(t, &view),
        waivers: waivers.into_iter().map(|waiver| waiver_view(&visit, &view, waiver)).collect(),
        finish: handoff.life.is_live()
            && view.rights.contains(&Action::Finish)
            && view.loaded.playbook.is_some(),
        done_gaps: view.gate(Gate::Done).map_or(0, |answer| answer.gaps.len()),
        route: handoff
            .route
            .playbook
            .as_ref()
            .map_or_else(|| t.get(key!("gates-route-none")).into_owned(), ToString::to_string),
        because: handoff.route.because.clone(),
        routes,
        f: Frame::new(&visit, &view, View::Gates),
    };
    Ok(html(&page))
}

/// Only the next gate shows what it misses at once; the others ask for much the same.
fn gate_views(t: &Text, view: &HandoffView) -> Vec<GateView> {
    let next = view.gates.iter().position(|answer| answer.verdict == Verdict::Refused);
    let mut shown: Vec<GateView> = view.gates.iter().map(|answer| gate_view(t, view, answer)).collect();
    for gate in shown.iter_mut().skip(next.map_or(0, |next| next + 1)) {
        gate.folded = std::mem::take(&mut gate.gaps);
    }
    shown
}

fn gate_view(t: &Text, view: &HandoffView, answer: &GateAnswer) -> GateView {
    let handoff = &view.loaded.handoff;
    let gate = answer.gate;
    let history = handoff.gates.get(&gate);
    let when = |at: Timestamp| t.moment(at);
    let who = |actor: throughline_domain::Actor| match actor.person() {
        Some(id) => person(view, id).name,
        None => t.get(key!("answer-by-program")).into_owned(),
    };
    let mut told = Vec::new();
    if let Some(history) = history {
        if let Some(passed) = &history.passed {
            let key =
                if passed.waivers.is_empty() { key!("gates-passed") } else { key!("gates-passed-waived") };
            told.push(t.with(key, (("name", who(passed.by)), ("time", when(passed.at)))).into_owned());
        }
        if let Some(refused) = &history.last_refusal {
            let args = (("n", history.refusals), ("name", who(refused.by)), ("time", when(refused.at)));
            told.push(t.with(key!("gates-refused"), args).into_owned());
        }
        if let Some(bypassed) = &history.bypassed {
            let key = if bypassed.would_have_been_refused {
                key!("gates-would-refuse")
            } else {
                key!("gates-bypassed")
            };
            told.push(
                t.with(key, (("found", bypassed.found.as_str()), ("time", when(bypassed.at)))).into_owned(),
            );
        }
    }
    let open = handoff.passed(gate).is_none();
    let text = match answer.verdict {
        Verdict::Pass if open => key!("gates-says-pass"),
        Verdict::Pass => key!("gates-says-passed"),
        Verdict::Waived if open => key!("gates-says-waivable"),
        Verdict::Waived => key!("gates-says-waived"),
        Verdict::NotRequired => key!("gates-says-not-required"),
        Verdict::Refused if answer.enforced => key!("gates-says-refused"),
        Verdict::Refused => key!("gates-says-observed"),
    };
    let live = handoff.life.is_live();
    let asks_for = (live && open && view.rights.contains(&Action::AskWaiver))
        .then(|| ask_for(t, handoff.id, gate, &answer.gaps));
    let decided_by = view.loaded.playbook.as_ref().and_then(|playbook| playbook.gate(gate));
    let decided_by: Vec<String> =
        decided_by.map_or_else(Vec::new, |rule| rule.waived_by.iter().map(|one| role(t, *one)).collect());
    GateView {
        id: format!("gate-{}", gate.name()),
        name: words::word(t, gate),
        mark: now_mark(answer, history),
        text: t.get(text).into_owned(),
        gaps: answer.gaps.iter().map(|one| gap(t, one)).collect(),
        folded: Vec::new(),
        attempt: (live && open && view.rights.contains(&Action::AttemptGate))
            .then(|| format!("/handoffs/{}/gates/{}/attempt", handoff.id, gate.name())),
        waiver: asks_for.flatten().map(|form| AskFor { decided_by: t.list(&decided_by), ..form }),
        history: told,
    }
}

/// What stood before stays; where the gate was not asked yet, what it would say now.
fn now_mark(answer: &GateAnswer, history: Option<&throughline_domain::handoff::GateHistory>) -> GateMark {
    match (mark(Some(answer.verdict), history), answer.verdict) {
        (GateMark::Ahead, Verdict::Refused) => GateMark::Refused,
        (GateMark::Ahead, Verdict::Waived) => GateMark::Waived,
        (held, _) => held,
    }
}

/// The form that asks for a waiver; none where no gap can be waived.
pub fn ask_for(t: &Text, id: HandoffId, gate: Gate, gaps: &[GapAnswer]) -> Option<AskFor> {
    let choices = |lost: bool| -> Vec<Choice> {
        gaps.iter()
            .filter(|one| one.gap.waivable && one.gap.lost == lost)
            .map(|one| {
                let value = serde_json::to_string(&one.gap.about).unwrap_or_default();
                let label =
                    (("what", one.gap.title.as_str()), ("problem", words::problem(t, &one.gap.problem)));
                Choice::new(value, t.with(key!("gates-gap"), label))
            })
            .collect()
    };
    let (open, lost) = (choices(false), choices(true));
    let action = format!("/handoffs/{id}/gates/{}/waivers", gate.name());
    let form = AskFor { action, prefix: gate.name().to_owned(), decided_by: String::new(), open, lost };
    (!form.open.is_empty() || !form.lost.is_empty()).then_some(form)
}

/// What a waiver covers, by its title.
pub fn covered(t: &Text, view: &HandoffView, about: &Covers) -> String {
    let playbook = view.loaded.playbook.as_ref();
    let items = &view.loaded.handoff.record.items;
    let found = match about {
        Covers::Ask { ask } => playbook.and_then(|playbook| playbook.ask(ask)).map(|ask| ask.ask.clone()),
        Covers::Commitment { item } | Covers::Correction { item } => {
            items.get(item).and_then(|item| match &item.body {
                throughline_domain::record::Body::Promise(promise) => Some(promise.what.to_string()),
                _ => None,
            })
        }
        Covers::Category { category } => {
            playbook.and_then(|playbook| playbook.category(category)).map(|category| category.title.clone())
        }
        Covers::Step { step } => {
            playbook.and_then(|playbook| playbook.step(step)).map(|step| step.title.clone())
        }
        Covers::Rating { rating } => {
            playbook.and_then(|playbook| playbook.rating(rating)).map(|rating| rating.title.clone())
        }
        Covers::Debt { waiver } => {
            view.loaded.handoff.waivers.get(waiver).map(|waiver| waiver.reason.to_string())
        }
        Covers::Return
        | Covers::Reopened
        | Covers::Acceptance
        | Covers::Ownership
        | Covers::Plan
        | Covers::NoRecord
        | Covers::NotLive => None,
    };
    found.unwrap_or_else(|| t.get(key!("gates-something")).into_owned())
}

fn waiver_view(visit: &Visit, view: &HandoffView, waiver: &Waiver) -> WaiverView {
    let t = &visit.t;
    let who = |actor: throughline_domain::Actor| match actor.person() {
        Some(id) => person(view, id).name,
        None => t.get(key!("answer-by-program")).into_owned(),
    };
    let asked = (("name", who(waiver.asked_by)), ("time", t.moment(waiver.asked_at)));
    let mut facts = vec![t.with(key!("gates-waiver-asked"), asked).into_owned()];
    let (tone, icon, state) = match &waiver.state {
        WaiverState::Asked => (Tone::Warn, "hourglass", key!("gates-state-asked")),
        WaiverState::Denied { by, at, reason } => {
            let args = (("name", who(*by)), ("time", t.moment(*at)), ("reason", reason.as_str()));
            facts.push(t.with(key!("gates-waiver-denied"), args).into_owned());
            (Tone::Bad, "circle-x", key!("gates-state-denied"))
        }
        WaiverState::Granted { by, at, expires_at } => {
            facts.push(
                t.with(key!("gates-waiver-granted"), (("name", who(*by)), ("time", t.moment(*at))))
                    .into_owned(),
            );
            match expires_at {
                None => (Tone::Calm, "circle-slash", key!("gates-state-lost")),
                Some(_) if waiver.paid_at.is_some() => (Tone::Good, "check", key!("gates-state-paid")),
                Some(end) if *end <= view.now => {
                    let args = (("name", person(view, waiver.debtor).name), ("time", t.due(*end)));
                    facts.push(t.with(key!("gates-waiver-expired"), args).into_owned());
                    (Tone::Bad, "alarm-clock", key!("gates-state-expired"))
                }
                Some(end) => {
                    let args = (("name", person(view, waiver.debtor).name), ("time", t.due(*end)));
                    facts.push(t.with(key!("gates-waiver-owed"), args).into_owned());
                    (Tone::Warn, "stamp", key!("gates-state-debt"))
                }
            }
        }
    };
    if let Some(used) = waiver.used_at {
        facts.push(t.with(key!("gates-waiver-used"), ("time", t.moment(used))).into_owned());
    }
    let (grant, shut) = decide(visit, view, waiver);
    WaiverView {
        id: format!("waiver-{}", waiver.id),
        gate: words::word(t, waiver.gate),
        tone,
        icon,
        state: t.get(state).into_owned(),
        covers: waiver.covers.iter().map(|about| covered(t, view, about)).collect(),
        reason: waiver.reason.to_string(),
        facts,
        grant,
        shut,
    }
}

/// The form that decides a waiver, or who does it instead.
fn decide(visit: &Visit, view: &HandoffView, waiver: &Waiver) -> (Option<Grant>, Option<String>) {
    let t = &visit.t;
    if waiver.state != WaiverState::Asked || !view.loaded.handoff.life.is_live() {
        return (None, None);
    }
    let rule = view.loaded.playbook.as_ref().and_then(|playbook| playbook.gate(waiver.gate));
    let roles: Vec<Role> = rule.map(|rule| rule.waived_by.clone()).unwrap_or_default();
    let mine = visit.caller.roles();
    if waiver.asked_by == visit.caller.actor {
        return (None, Some(t.get(key!("gates-waiver-own")).into_owned()));
    }
    if !view.rights.contains(&Action::DecideWaiver) || !roles.iter().any(|one| mine.contains(one)) {
        let roles: Vec<String> = roles.into_iter().map(|one| role(t, one)).collect();
        return (None, Some(t.with(key!("gates-waiver-others"), ("roles", t.list(&roles))).into()));
    }
    let lost = view.gate(waiver.gate).is_some_and(|answer| {
        answer.gaps.iter().any(|one| one.gap.lost && waiver.covers.contains(&one.gap.about))
    });
    let longest = rule
        .and_then(|rule| view.loaded.org.calendar.due(view.now, rule.waiver_lasts, Direction::After).ok());
    let field = ui::Field::new("expires_at", t.get(key!("gates-expires")))
        .id(format!("expires-{}", waiver.id))
        .value(longest.map(|end| local_input(t, end)).unwrap_or_default())
        .required();
    let field = match longest {
        Some(end) => field.hint(t.with(key!("gates-expires-hint"), ("time", t.due(end)))),
        None => field,
    };
    let base = format!("/handoffs/{}/waivers/{}", view.loaded.handoff.id, waiver.id);
    (Some(Grant { base, expires: (!lost).then_some(field) }), None)
}

/// An instant as a date-and-time input holds it, in the reader's zone.
pub fn local_input(t: &Text, at: Timestamp) -> String {
    at.to_zoned(t.zone().clone()).strftime("%Y-%m-%dT%H:%M").to_string()
}

/// Every way of the newest playbooks, for choosing another one by hand.
pub async fn ways(visit: &Visit) -> Result<Vec<Choice>, AppError> {
    let app = &visit.web.app;
    let names: BTreeSet<String> =
        app.list_playbooks(&visit.caller).await?.into_iter().map(|one| one.name).collect();
    let mut found = Vec::new();
    for name in names {
        let (published, playbook) = app.show_playbook(&visit.caller, &name, None).await?;
        for route in &playbook.routes {
            let value = format!("{}@{}/{}", published.name, published.version, route.id.value);
            found.push(Choice::new(value, format!("{}: {}", playbook.title, route.because)));
        }
    }
    Ok(found)
}

async fn attempt(visit: Visit, In((id, gate)): In<(HandoffId, Gate)>, posted: Posted) -> Answer {
    let back = format!("/handoffs/{id}/gates#gate-{}", gate.name());
    let command = taken(|| Ok(command::AttemptGate { gate }));
    Ok(act(&visit, id, command, &posted, &back, key!("gates-attempt-flash")).await)
}

async fn ask(visit: Visit, In((id, gate)): In<(HandoffId, Gate)>, posted: Posted) -> Answer {
    let back = format!("/handoffs/{id}/gates#waivers");
    let command = taken(|| {
        let covers = posted
            .all("covers")
            .map(|text| {
                serde_json::from_str(text).map_err(|_| AppError::invalid("covers", "cannot be chosen here"))
            })
            .collect::<Result<BTreeSet<Covers>, AppError>>()?;
        Ok(command::AskWaiver { gate, covers, reason: posted.text("reason")? })
    });
    Ok(act(&visit, id, command, &posted, &back, key!("gates-asked-flash")).await)
}

async fn grant(visit: Visit, In((id, waiver)): In<(HandoffId, WaiverId)>, posted: Posted) -> Answer {
    let back = format!("/handoffs/{id}/gates#waiver-{waiver}");
    let command =
        taken(|| Ok(command::GrantWaiver { waiver, expires_at: posted.opt_moment("expires_at", &visit.t)? }));
    Ok(act(&visit, id, command, &posted, &back, key!("gates-granted-flash")).await)
}

async fn deny(visit: Visit, In((id, waiver)): In<(HandoffId, WaiverId)>, posted: Posted) -> Answer {
    let back = format!("/handoffs/{id}/gates#waiver-{waiver}");
    let command = taken(|| Ok(command::DenyWaiver { waiver, reason: posted.text("reason")? }));
    Ok(act(&visit, id, command, &posted, &back, key!("gates-denied-flash")).await)
}

async fn finish(visit: Visit, In(id): In<HandoffId>, posted: Posted) -> Answer {
    let command = taken(|| Ok(command::Finish {}));
    let back = format!("/handoffs/{id}/gates#gate-done");
    Ok(act(&visit, id, command, &posted, &back, key!("gates-finish-flash")).await)
}

async fn reroute(visit: Visit, In(id): In<HandoffId>, posted: Posted) -> Answer {
    let back = format!("/handoffs/{id}/gates#route");
    let command = match chosen_way(&visit, &posted).await {
        Ok(route) => taken(|| Ok(command::Reroute { route, reason: posted.text("reason")? })),
        Err(why) => Err(why),
    };
    Ok(act(&visit, id, command, &posted, &back, key!("gates-route-flash")).await)
}

async fn chosen_way(visit: &Visit, posted: &Posted) -> Result<RouteTaken, AppError> {
    let refused = || AppError::invalid("route", "cannot be chosen here");
    let (of, route) = posted.need("route")?.split_once('/').ok_or_else(refused)?;
    let (name, version) = of.split_once('@').ok_or_else(refused)?;
    let version: u32 = version.parse().map_err(|_| refused())?;
    let (published, playbook) = visit.web.app.show_playbook(&visit.caller, name, Some(version)).await?;
    let route = playbook.routes.iter().find(|one| one.id.value.as_str() == route).ok_or_else(refused)?;
    let of = throughline_domain::playbook::PlaybookRef { name: published.name, version: published.version };
    Ok(RouteTaken {
        rule: None,
        playbook: (route.take == Way::This).then_some(of),
        variant: route.variant.clone(),
        csm: route.csm,
        because: posted.text("reason")?.to_string(),
    })
}
