//! The offer: who is nominated, who is offered the record, what they answer, and what a return asks to be mended.

use axum::{Router, routing::post};
use throughline_app::read::HandoffView;
use throughline_domain::{
    HandoffId, PersonId,
    access::Action,
    gate::Verdict,
    handoff::{Stage, command},
    playbook::Gate,
};
use throughline_http::Web;

use super::{
    In, act,
    frame::{gap, person},
    review::{back, who},
    taken,
    workload::{self, WorkRow, csm_choices},
};
use crate::{
    form::Posted,
    i18n::Text,
    key,
    pages::words,
    ui::{self, Choice, Person},
    visit::{Answer, Visit},
};

/// The routes.
pub fn routes() -> Router<Web> {
    Router::new()
        .route("/handoffs/{id}/nominate", post(nominate))
        .route("/handoffs/{id}/offer", post(offer))
        .route("/handoffs/{id}/withdraw-offer", post(withdraw))
        .route("/handoffs/{id}/accept", post(accept))
        .route("/handoffs/{id}/reassign", post(reassign))
        .route("/handoffs/{id}/return", post(send_back))
        .route("/handoffs/{id}/answer-return", post(answer_return))
}

/// Where the offer stands, and what the reader can do about it.
pub(super) struct OfferView {
    pub(super) text: String,
    pub(super) who: Option<Person>,
    /// CSMs to nominate or offer to.
    pub(super) csms: Option<Vec<Choice>>,
    /// What each of them holds.
    pub(super) workload: Vec<WorkRow>,
    pub(super) may_nominate: bool,
    pub(super) may_offer: bool,
    /// Whether the reader may bring somebody in who could take it.
    pub(super) may_invite: bool,
    /// The gate the next request asks, where it is shut.
    pub(super) shut: Option<(String, Vec<ui::Gap>)>,
    pub(super) accept: bool,
    pub(super) send_back: Option<Vec<Choice>>,
    pub(super) withdraw: bool,
    /// Who may follow the CSM.
    pub(super) follow: Option<Vec<Choice>>,
    /// Somebody is to follow, and why.
    pub(super) successor: Option<(String, String)>,
    pub(super) past: Vec<String>,
}

pub(super) struct ReturnView {
    pub(super) code: String,
    pub(super) reason: String,
    pub(super) by: String,
    pub(super) answer: Option<(String, String)>,
    pub(super) may_answer: bool,
}

pub(super) async fn offer_view(
    visit: &Visit,
    view: &HandoffView,
) -> Result<OfferView, throughline_app::AppError> {
    let t = &visit.t;
    let handoff = &view.loaded.handoff;
    let live = handoff.life.is_live() && view.loaded.playbook.is_some();
    let may = |action: Action| live && view.rights.contains(&action);
    let preparing = handoff.stage == Stage::Preparing;
    let may_nominate = preparing && may(Action::Nominate);
    let may_offer = preparing && may(Action::Offer);
    let (csms, workload) = if may_nominate || may_offer {
        let (choices, workload) = workload::candidates(visit, view).await?;
        (Some(choices), workload)
    } else {
        (None, Vec::new())
    };
    let shut = |gate: Gate| {
        let answer = view
            .gate(gate)
            .filter(|answer| answer.verdict == Verdict::Refused && handoff.passed(gate).is_none())?;
        let args = (("gate", words::word(t, gate)), ("n", answer.gaps.len()));
        Some((
            t.with(key!("record-gate-shut"), args).into_owned(),
            answer.gaps.iter().map(|one| gap(t, one)).collect(),
        ))
    };
    let mut shown = OfferView {
        text: String::new(),
        who: handoff.csm().map(|csm| person(view, csm)),
        csms,
        workload,
        may_nominate,
        may_offer,
        may_invite: visit.caller.may(Action::ManagePeople).is_ok(),
        shut: None,
        accept: false,
        send_back: None,
        withdraw: false,
        follow: None,
        successor: None,
        past: Vec::new(),
    };
    match &handoff.stage {
        Stage::Preparing => {
            shown.text = match &handoff.nominated {
                None => t.get(key!("review-nobody")).into_owned(),
                Some(nominated) => {
                    t.with(key!("review-nominated"), ("time", t.moment(nominated.at))).into_owned()
                }
            };
            shown.shut = shut(Gate::Handoff).filter(|_| live);
        }
        Stage::Offered { to, at } => {
            shown.text = t.with(key!("review-offered"), ("time", t.moment(*at))).into_owned();
            let mine = visit.caller.acts_for(*to);
            let leader = throughline_domain::Role::CsLeader;
            let leads = visit.caller.acts_as(Action::AnswerOffer, handoff, |roles| roles.contains(&leader));
            shown.accept = mine && may(Action::AnswerOffer);
            shown.send_back = ((mine || leads) && may(Action::AnswerOffer)).then(|| codes(view));
            shown.withdraw = may(Action::Offer);
            shown.shut = shut(Gate::CsmAssignment);
        }
        Stage::Assigned { at, .. } => {
            shown.text = t.with(key!("review-assigned"), ("time", t.moment(*at))).into_owned();
        }
        Stage::Owned { since, .. } => {
            shown.text = t.with(key!("review-owned"), ("time", t.moment(*since))).into_owned();
        }
    }
    if let Some(named) = &handoff.successor {
        let args = (("name", person(view, named.to).name), ("time", t.moment(named.at)));
        shown.successor =
            Some((t.with(key!("review-successor"), args).into_owned(), named.reason.to_string()));
        shown.accept |= visit.caller.acts_for(named.to) && may(Action::AnswerOffer);
    }
    if handoff.stage.assigned_at().is_some() && may(Action::Reassign) {
        shown.follow = Some(csm_choices(visit, view).await?);
    }
    let past = handoff.offers.iter().rev().map(|offer| {
        let name = person(view, offer.to).name;
        match offer.answered_at {
            Some(answered) => {
                let args = (("name", name), ("time", t.moment(offer.at)), ("answered", t.moment(answered)));
                t.with(key!("review-offer-answered"), args).into_owned()
            }
            None => {
                t.with(key!("review-offer-open"), (("name", name), ("time", t.moment(offer.at)))).into_owned()
            }
        }
    });
    shown.past = past.collect();
    Ok(shown)
}

/// Why a record can be sent back.
pub fn codes(view: &HandoffView) -> Vec<Choice> {
    let codes = view.loaded.playbook.iter().flat_map(|playbook| &playbook.offer.refusal_codes);
    codes.map(|code| Choice::new(code.id.to_string(), code.label.clone())).collect()
}

pub(super) fn returns(t: &Text, view: &HandoffView) -> Vec<ReturnView> {
    let codes = view
        .loaded
        .playbook
        .as_ref()
        .map(|playbook| playbook.offer.refusal_codes.clone())
        .unwrap_or_default();
    let may_answer = view.loaded.handoff.life.is_live() && view.rights.contains(&Action::AnswerReturn);
    let shown = view.loaded.handoff.returns.iter().rev().map(|back| {
        let code = codes
            .iter()
            .find(|code| code.id == back.code)
            .map_or_else(|| back.code.to_string(), |code| code.label.clone());
        let by = (("name", who(t, view, back.by)), ("time", t.moment(back.at)));
        ReturnView {
            code,
            reason: back.reason.to_string(),
            by: t.with(key!("review-returned-by"), by).into(),
            answer: back.answered.as_ref().map(|answered| {
                let by = (("name", who(t, view, answered.by)), ("time", t.moment(answered.at)));
                (answered.text.to_string(), t.with(key!("review-answered-by"), by).into_owned())
            }),
            may_answer: may_answer && back.answered.is_none(),
        }
    });
    shown.collect()
}

async fn nominate(visit: Visit, In(id): In<HandoffId>, posted: Posted) -> Answer {
    let command = taken(|| Ok(command::Nominate { csm: posted.parse::<PersonId>("csm")? }));
    Ok(act(&visit, id, command, &posted, &back(id, "offer"), key!("review-nominated-flash")).await)
}

async fn offer(visit: Visit, In(id): In<HandoffId>, posted: Posted) -> Answer {
    let command = taken(|| Ok(command::Offer { to: posted.parse::<PersonId>("csm")? }));
    Ok(act(&visit, id, command, &posted, &back(id, "offer"), key!("review-offered-flash")).await)
}

async fn withdraw(visit: Visit, In(id): In<HandoffId>, posted: Posted) -> Answer {
    let command = taken(|| Ok(command::WithdrawOffer { reason: posted.text("reason")? }));
    Ok(act(&visit, id, command, &posted, &back(id, "offer"), key!("review-withdrawn-flash")).await)
}

async fn accept(visit: Visit, In(id): In<HandoffId>, posted: Posted) -> Answer {
    let command = taken(|| Ok(command::Accept {}));
    Ok(act(&visit, id, command, &posted, &back(id, "offer"), key!("review-accepted-flash")).await)
}

async fn reassign(visit: Visit, In(id): In<HandoffId>, posted: Posted) -> Answer {
    let command = taken(|| {
        Ok(command::Reassign { to: posted.parse::<PersonId>("to")?, reason: posted.text("reason")? })
    });
    Ok(act(&visit, id, command, &posted, &back(id, "offer"), key!("review-reassigned-flash")).await)
}

async fn send_back(visit: Visit, In(id): In<HandoffId>, posted: Posted) -> Answer {
    let command =
        taken(|| Ok(command::SendBack { code: posted.parse("code")?, reason: posted.text("reason")? }));
    Ok(act(&visit, id, command, &posted, &back(id, "return"), key!("review-returned-flash")).await)
}

async fn answer_return(visit: Visit, In(id): In<HandoffId>, posted: Posted) -> Answer {
    let command = taken(|| Ok(command::AnswerReturn { text: posted.text("text")? }));
    Ok(act(&visit, id, command, &posted, &back(id, "return"), key!("review-answered-flash")).await)
}
