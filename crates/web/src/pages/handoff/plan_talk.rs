//! What the customer proposed to the plan and how it is answered, and what both sides said to it (R4.2). The customer
//! reads every answer and every comment; that is said where they are written.

use axum::{
    Router,
    routing::{get, post},
};
use throughline_app::read::HandoffView;
use throughline_domain::{
    HandoffId, MilestoneId, ProposalId,
    access::Action,
    handoff::{Plan, Proposal, Signature, command},
};
use throughline_http::Web;

use super::{In, act, frame::who, taken};
use crate::{
    form::Posted,
    i18n::{Key, Text},
    key,
    pages::words::word,
    ui::{Field, Person, Tone},
    visit::{Answer, Visit},
};

/// The routes.
pub fn routes() -> Router<Web> {
    Router::new()
        .route("/handoffs/{id}/plan/proposals/{proposal}", post(answer))
        .route("/handoffs/{id}/plan/comments", post(comment))
        .route("/handoffs/{id}/plan/signed/{number}/{file}", get(signed))
}

/// Something the customer proposed.
pub struct ProposalShown {
    pub(super) id: String,
    pub(super) title: String,
    pub(super) facts: Vec<String>,
    /// The milestone it would change, as it is now.
    pub(super) instead: Option<String>,
    pub(super) who: Person,
    pub(super) at: String,
    pub(super) tone: Tone,
    pub(super) icon: &'static str,
    pub(super) state: String,
    pub(super) reason: Option<String>,
    /// Where it is answered, and why it is declined.
    pub(super) form: Option<(String, Field)>,
}

/// Something said.
pub struct SaidShown {
    pub(super) who: Person,
    pub(super) ours: bool,
    pub(super) at: String,
    pub(super) text: String,
}

/// The files of a signature.
pub struct FilesShown {
    pub(super) name: String,
    pub(super) about: String,
    pub(super) plan: String,
    pub(super) seal: String,
    /// The same on paper, and the seal of that.
    pub(super) paper: Vec<(String, String)>,
}

impl FilesShown {
    pub(super) fn paper(&self) -> &[(String, String)] {
        &self.paper
    }
}

/// What was signed, now and before, to be downloaded with its seal; nothing on a server that seals nothing.
pub fn files(visit: &Visit, view: &HandoffView) -> Vec<FilesShown> {
    let handoff = &view.loaded.handoff;
    let Some(plan) = handoff.plan.as_ref().filter(|_| visit.web.app.seals()) else { return Vec::new() };
    let base = format!("/handoffs/{}/plan/signed", handoff.id);
    let t = &visit.t;
    let of = |about: Key, one: &Signature| {
        let args = (("name", one.name.to_string()), ("date", t.date(t.local_date(one.at))));
        t.with(about, args).into_owned()
    };
    let in_force = plan.in_force().into_iter().map(|signed| (signed, key!("plan-file-of")));
    let earlier = plan.superseded().into_iter().rev().map(|signed| (signed, key!("plan-file-earlier")));
    in_force
        .chain(earlier)
        .map(|((number, one), about)| FilesShown {
            name: one.name.to_string(),
            about: of(about, one),
            plan: format!("{base}/{number}/plan.json"),
            seal: format!("{base}/{number}/plan.seal.json"),
            paper: crate::pages::portal::signed::on_paper(&format!("{base}/{number}")),
        })
        .collect()
}

/// What the customer proposed: what waits first, then the newest.
pub fn proposals(t: &Text, view: &HandoffView, may: bool) -> Vec<ProposalShown> {
    let Some(plan) = &view.loaded.handoff.plan else { return Vec::new() };
    let mut all: Vec<_> = plan.proposals.iter().collect();
    all.sort_by_key(|(_, one)| (one.answer.is_some(), std::cmp::Reverse(one.at)));
    all.into_iter().map(|(id, one)| shown(t, view, plan, (*id, one), may)).collect()
}

fn shown(
    t: &Text,
    view: &HandoffView,
    plan: &Plan,
    (id, one): (ProposalId, &Proposal),
    may: bool,
) -> ProposalShown {
    let (tone, icon, state) = match one.answer.as_ref().map(|answer| answer.accepted) {
        None => (Tone::Warn, "hourglass", key!("plan-proposal-open")),
        Some(true) => (Tone::Good, "check", key!("plan-proposal-accepted")),
        Some(false) => (Tone::Calm, "x", key!("plan-proposal-declined")),
    };
    let mut facts = vec![word(t, one.milestone.side)];
    facts.extend(one.milestone.owner.as_ref().map(ToString::to_string));
    facts.extend(
        one.milestone.due_on.map(|due| t.with(key!("item-due-on"), ("date", t.date(due))).into_owned()),
    );
    let changes = one.of.map(|of| match plan.milestones.get(&of) {
        Some(now) => {
            let mut parts = vec![now.title.to_string(), word(t, now.side)];
            parts.extend(now.owner.as_ref().map(ToString::to_string));
            parts.extend(
                now.due_on.map(|due| t.with(key!("item-due-on"), ("date", t.date(due))).into_owned()),
            );
            t.with(key!("plan-proposal-instead"), ("what", parts.join(" · "))).into_owned()
        }
        None => t.get(key!("plan-proposal-gone")).into_owned(),
    });
    let base = format!("/handoffs/{}/plan/proposals/{id}", view.loaded.handoff.id);
    let field = || {
        Field::new("reason", t.get(key!("plan-proposal-reason")))
            .id(format!("reason-{id}"))
            .hint(t.get(key!("plan-customer-reads")))
    };
    ProposalShown {
        id: format!("proposal-{id}"),
        title: one.milestone.title.to_string(),
        facts,
        instead: changes,
        who: Person::named(who(t, view, one.by)),
        at: t.moment(one.at),
        tone,
        icon,
        state: t.get(state).into_owned(),
        reason: one.answer.as_ref().and_then(|answer| answer.reason.as_ref()).map(ToString::to_string),
        form: (may && one.answer.is_none()).then(|| (base, field())),
    }
}

/// What was said to the plan, or to one milestone; oldest first.
pub fn said(t: &Text, view: &HandoffView, milestone: Option<MilestoneId>) -> Vec<SaidShown> {
    let comments = view.loaded.handoff.plan.iter().flat_map(|plan| &plan.comments);
    comments
        .filter(|one| one.milestone == milestone)
        .map(|one| SaidShown {
            who: Person::named(who(t, view, one.by)),
            ours: !one.by.is_customer(),
            at: t.moment(one.at),
            text: one.text.to_string(),
        })
        .collect()
}

/// The field of a comment; none to who may not comment.
pub fn say(t: &Text, view: &HandoffView, milestone: Option<MilestoneId>) -> Option<Field> {
    let handoff = &view.loaded.handoff;
    let may = view.rights.contains(&Action::Plan) && handoff.life.takes_reports() && handoff.plan.is_some();
    let id = milestone.map_or_else(|| "say".to_owned(), |id| format!("say-{id}"));
    may.then(|| {
        Field::new("text", t.get(key!("plan-say"))).id(id).hint(t.get(key!("plan-customer-reads"))).required()
    })
}

async fn answer(visit: Visit, In((id, proposal)): In<(HandoffId, ProposalId)>, posted: Posted) -> Answer {
    let accept = posted.get("answer") == Some("accept");
    let command = taken(|| {
        let reason = posted.opt_text("reason")?;
        Ok(command::AnswerProposal { proposal, accept, reason: reason.filter(|_| !accept) })
    });
    let done =
        if accept { key!("plan-proposal-accepted-flash") } else { key!("plan-proposal-declined-flash") };
    let back = format!("/handoffs/{id}/plan#proposals");
    Ok(act(&visit, id, command, &posted, &back, done).await)
}

/// A signed plan, or its seal, as a file.
async fn signed(visit: Visit, In((id, number, file)): In<(HandoffId, usize, String)>) -> Answer {
    let sealed = visit.web.app.sealed_plan(&visit.caller, id, number).await?;
    Ok(crate::pages::portal::signed::download(&visit.web.app, sealed, &file).await?)
}

async fn comment(visit: Visit, In(id): In<HandoffId>, posted: Posted) -> Answer {
    let of = posted.opt_parse::<MilestoneId>("milestone");
    let back = match &of {
        Ok(Some(milestone)) => format!("/handoffs/{id}/plan#milestone-{milestone}"),
        _ => format!("/handoffs/{id}/plan#talk"),
    };
    let command = taken(|| Ok(command::CommentPlan { milestone: of?, text: posted.text("text")? }));
    Ok(act(&visit, id, command, &posted, &back, key!("plan-said-flash")).await)
}
