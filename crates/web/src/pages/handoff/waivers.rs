//! Waivers: asked for by one person, decided by another, a debt until paid, and never the same as complete.

use std::collections::BTreeSet;

use axum::{Router, routing::post};
use throughline_app::{AppError, gates::GapAnswer, read::HandoffView};
use throughline_domain::{
    HandoffId, Role, WaiverId,
    access::Action,
    clock,
    handoff::{Covers, Waiver, WaiverState, command},
    playbook::Gate,
};
use throughline_http::Web;

use super::{
    In, act,
    frame::{self, person, role},
    gates::local_input,
    taken,
};
use crate::{
    form::Posted,
    i18n::Text,
    key,
    pages::words,
    ui::{self, Choice, Tone},
    visit::{Answer, Visit},
};

/// The routes.
pub fn routes() -> Router<Web> {
    Router::new()
        .route("/handoffs/{id}/gates/{gate}/waivers", post(ask))
        .route("/handoffs/{id}/waivers/{waiver}/grant", post(grant))
        .route("/handoffs/{id}/waivers/{waiver}/deny", post(deny))
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

pub(super) struct WaiverView {
    pub(super) id: String,
    pub(super) gate: String,
    pub(super) tone: Tone,
    pub(super) icon: &'static str,
    pub(super) state: String,
    pub(super) covers: Vec<String>,
    pub(super) reason: String,
    pub(super) facts: Vec<String>,
    /// The form that grants it, with the latest end proposed.
    pub(super) grant: Option<Grant>,
    /// Why the reader cannot decide it.
    pub(super) shut: Option<String>,
}

pub(super) struct Grant {
    pub(super) base: String,
    pub(super) expires: Option<ui::Field>,
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

pub(super) fn waiver_view(visit: &Visit, view: &HandoffView, waiver: &Waiver) -> WaiverView {
    let t = &visit.t;
    let who = |actor| frame::who(t, view, actor);
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
    if waiver.asked_by == visit.caller.actor {
        return (None, Some(t.get(key!("gates-waiver-own")).into_owned()));
    }
    let may = visit.caller.acts_as(Action::DecideWaiver, &view.loaded.handoff, |mine| {
        roles.iter().any(|one| mine.contains(one))
    });
    if !may {
        let roles: Vec<String> = roles.into_iter().map(|one| role(t, one)).collect();
        return (None, Some(t.with(key!("gates-waiver-others"), ("roles", t.list(&roles))).into()));
    }
    let lost = view.gate(waiver.gate).is_some_and(|answer| {
        answer.gaps.iter().any(|one| one.gap.lost && waiver.covers.contains(&one.gap.about))
    });
    let playbook = view.loaded.playbook.as_ref();
    let longest =
        playbook.and_then(|playbook| clock::waiver_ends(waiver, playbook, &view.loaded.calendars, view.now));
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
