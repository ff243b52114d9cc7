//! The gates: what each says now, what it misses and who owes it, how it was asked before; another route; calling it
//! done.

use std::collections::BTreeSet;

use askama::Template;
use axum::{
    Router,
    routing::{get, post},
};
use jiff::Timestamp;
use throughline_app::{AppError, gates::GateAnswer, read::HandoffView};
use throughline_domain::{
    HandoffId,
    access::Action,
    gate::Verdict,
    handoff::{RouteTaken, Waiver, WaiverState, command},
    playbook::{Gate, Way},
};
use throughline_http::Web;

use super::{
    In, act,
    frame::{self, Frame, View, gap, role},
    taken,
    track::mark,
    waivers::{AskFor, WaiverView, ask_for, waiver_view},
};
use crate::{
    answer::html,
    chrome::{Chrome, Place},
    form::Posted,
    i18n::Text,
    key,
    pages::words,
    ui::{self, Choice, GateMark},
    visit::{Answer, Visit},
};

/// The routes.
pub fn routes() -> Router<Web> {
    Router::new()
        .route("/handoffs/{id}/gates", get(show))
        .route("/handoffs/{id}/gates/{gate}/attempt", post(attempt))
        .route("/handoffs/{id}/finish", post(finish))
        .route("/handoffs/{id}/route", post(reroute))
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
    let who = |actor| frame::who(t, view, actor);
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
