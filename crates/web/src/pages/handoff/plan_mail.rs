//! Asking the customer by mail to confirm the plan (R3.9): whom, the mail as they would read it, and what became of
//! those who were asked. Nothing is sent before it was looked at.

use askama::Template;
use axum::{
    Router,
    extract::Query,
    http::StatusCode,
    routing::{get, post},
};
use jiff::Timestamp;
use serde::Deserialize;
use throughline_app::{
    AppError,
    inbox::{PlanAsked, PlanContact, PlanMail, plan_contacts},
    read::HandoffView,
};
use throughline_domain::{HandoffId, ItemId, access::Action};
use throughline_http::Web;
use throughline_store::ParcelState;

use super::{
    In,
    frame::{Frame, View},
    meetings::{MailState, mail_state},
};
use crate::{
    answer::{html, html_with},
    chrome::{Chrome, Place},
    form::Posted,
    i18n::Text,
    key,
    pages::parts::Wrong,
    ui::{Choice, Field, Tone},
    visit::{Answer, Visit},
};

/// The routes.
pub fn routes() -> Router<Web> {
    Router::new()
        .route("/handoffs/{id}/plan/ask-by-mail", get(look).post(send))
        .route("/handoffs/{id}/plan/ask-by-mail/take-back", post(take_back))
}

/// Asking by mail, as the plan shows it.
pub struct AskShown {
    /// To choose whom.
    pub(super) form: Option<(Field, Vec<Choice>)>,
    /// Why nobody can be asked, and where that is mended.
    pub(super) absent: Option<(String, Option<String>)>,
    /// Who was asked.
    pub(super) asked: Vec<AskedShown>,
}

/// Somebody who was asked.
pub struct AskedShown {
    pub(super) to: String,
    pub(super) at: String,
    pub(super) tone: Tone,
    pub(super) icon: &'static str,
    pub(super) state: String,
    /// Whether their answer is awaited, in a sentence.
    pub(super) answer: Option<String>,
    /// Why it has not left.
    pub(super) note: Option<String>,
    /// While it can be taken back.
    pub(super) held: Option<HeldShown>,
}

/// A mail that can be taken back.
pub struct HeldShown {
    pub(super) mail: String,
    /// Until when, in a sentence.
    pub(super) until: String,
    /// How many seconds that is from now.
    pub(super) seconds: i64,
}

/// What the plan shows of asking by mail; none where there is nothing to ask and nobody was asked.
pub async fn shown(visit: &Visit, view: &HandoffView) -> Result<Option<AskShown>, AppError> {
    let (t, app, handoff) = (&visit.t, &visit.web.app, &view.loaded.handoff);
    let Some(plan) = &handoff.plan else { return Ok(None) };
    let asked = app.plan_asked(&visit.caller, handoff.id).await?;
    let asks = plan.confirmed.is_none() && handoff.life.is_live() && view.rights.contains(&Action::Plan);
    let contacts = plan_contacts(handoff);
    let record = || Some(View::Record.href(handoff.id));
    let absent = if !asks {
        None
    } else if !app.asks_by_mail() {
        Some((t.get(key!("plan-mail-off")).into_owned(), None))
    } else if plan.milestones.is_empty() {
        Some((t.get(key!("plan-mail-empty")).into_owned(), None))
    } else if contacts.is_empty() {
        Some((t.get(key!("plan-mail-nobody")).into_owned(), record()))
    } else {
        None
    };
    let form = (asks && absent.is_none()).then(|| whom(t, &contacts, None));
    if form.is_none() && absent.is_none() && asked.is_empty() {
        return Ok(None);
    }
    Ok(Some(AskShown {
        form,
        absent,
        asked: asked.into_iter().map(|one| asked_shown(t, one, app.now())).collect(),
    }))
}

fn whom(t: &Text, contacts: &[PlanContact], chosen: Option<ItemId>) -> (Field, Vec<Choice>) {
    let choice = |one: &PlanContact| {
        let label = format!("{} · {}", one.name, one.address);
        Choice::new(one.item.to_string(), label).chosen(chosen == Some(one.item) || contacts.len() == 1)
    };
    let field = Field::new("stakeholder", t.get(key!("plan-mail-whom"))).required();
    (field, contacts.iter().map(choice).collect())
}

fn asked_shown(t: &Text, one: PlanAsked, now: Timestamp) -> AskedShown {
    let mut shown = mail_state(t, &one.parcel);
    if one.held_until.is_some() {
        (shown.tone, shown.state) = (Tone::Info, t.get(key!("plan-mail-held")).into_owned());
    }
    let MailState { tone, icon, state, note } = shown;
    // Nobody answers what never left.
    let leaves = one.parcel.state != ParcelState::GivenUp;
    let answer = match one.awaited_until.filter(|_| leaves) {
        Some(until) => Some(t.with(key!("plan-mail-awaited"), ("time", t.moment(until))).into_owned()),
        None if one.changed && leaves => Some(t.get(key!("plan-mail-changed")).into_owned()),
        None => None,
    };
    let held = one.held_until.map(|until| HeldShown {
        mail: one.parcel.id.to_string(),
        until: t.with(key!("plan-mail-held-until"), ("time", t.time_to_the_second(until))).into_owned(),
        seconds: until.duration_since(now).as_secs(),
    });
    AskedShown { held, to: one.parcel.to, at: t.moment(one.parcel.at), tone, icon, state, answer, note }
}

#[derive(Deserialize)]
struct Chosen {
    #[serde(default)]
    stakeholder: String,
}

#[derive(Template)]
#[template(path = "pages/handoff/plan_mail.html")]
struct MailPage {
    chrome: Chrome,
    f: Frame,
    field: Field,
    choices: Vec<Choice>,
    mail: Option<Preview>,
    refused: Option<String>,
}

struct Preview {
    stakeholder: ItemId,
    to: String,
    subject: String,
    text: String,
}

impl MailPage {
    fn choices(&self) -> &[Choice] {
        &self.choices
    }
}

async fn made(
    visit: &Visit,
    id: HandoffId,
    chosen: &str,
    mut wrong: Option<Wrong>,
) -> Result<(StatusCode, MailPage), crate::answer::Failed> {
    let view = visit.web.app.view(&visit.caller, id).await?;
    visit.caller.may_on(Action::Plan, &view.loaded.handoff)?;
    let item: Option<ItemId> = chosen.parse().ok();
    let mut mail = None;
    if let Some(stakeholder) = item {
        match visit.web.app.plan_mail(&visit.caller, id, stakeholder).await {
            Ok(PlanMail { to, subject, text }) => {
                let to = to.address.to_string();
                mail = Some(Preview { stakeholder, to, subject, text });
            }
            Err(AppError::NotFound(_)) if wrong.is_none() => {
                let text = visit.t.get(key!("plan-mail-gone"));
                wrong = Some(Wrong::at("stakeholder", text));
            }
            Err(why) if wrong.is_none() => wrong = Some(Wrong::of(&visit.t, why)?),
            Err(_) => {}
        }
    } else if wrong.is_none() {
        wrong = Some(Wrong::at("stakeholder", visit.t.get(key!("plan-mail-choose"))));
    }
    let (field, choices) = whom(&visit.t, &plan_contacts(&view.loaded.handoff), item);
    let at_field = wrong.as_ref().filter(|wrong| wrong.field.as_deref() == Some("stakeholder"));
    let page = MailPage {
        chrome: visit.chrome(Some(Place::Deals)),
        field: field.error(at_field.map(|wrong| wrong.text.clone())),
        refused: wrong.as_ref().filter(|wrong| wrong.field.is_none()).map(|wrong| wrong.text.clone()),
        choices,
        mail,
        f: Frame::new(visit, &view, View::Plan),
    };
    Ok((wrong.map_or(StatusCode::OK, |wrong| wrong.status), page))
}

/// The mail as they would read it.
async fn look(visit: Visit, In(id): In<HandoffId>, Query(chosen): Query<Chosen>) -> Answer {
    let (_, page) = made(&visit, id, &chosen.stakeholder, None).await?;
    Ok(html(&page))
}

/// It goes out.
async fn send(visit: Visit, In(id): In<HandoffId>, posted: Posted) -> Answer {
    let asked = async {
        let stakeholder = posted.parse::<ItemId>("stakeholder")?;
        visit.web.app.ask_plan_by_mail_soon(&visit.caller, id, stakeholder).await
    };
    match asked.await {
        Ok(sent) => {
            let text = visit.t.with(key!("plan-mail-flash"), ("to", sent.to.address.as_str()));
            Ok(visit.back(&format!("/handoffs/{id}/plan#plan-mail"), Tone::Good, &text))
        }
        Err(AppError::NotFound("stakeholder")) => {
            let wrong = Wrong::at("stakeholder", visit.t.get(key!("plan-mail-gone")));
            let (status, page) = made(&visit, id, posted.typed("stakeholder"), Some(wrong)).await?;
            Ok(html_with(status, &page))
        }
        Err(why) => {
            let wrong = Wrong::of(&visit.t, why)?;
            let (status, page) = made(&visit, id, posted.typed("stakeholder"), Some(wrong)).await?;
            Ok(html_with(status, &page))
        }
    }
}

/// It stays here, when it has not left yet.
async fn take_back(visit: Visit, In(id): In<HandoffId>, posted: Posted) -> Answer {
    let back = format!("/handoffs/{id}/plan#plan-mail");
    let taken = async {
        let mail = posted.parse::<uuid::Uuid>("mail")?;
        visit.web.app.take_plan_mail_back(&visit.caller, id, mail).await
    };
    match taken.await {
        Ok(to) => {
            let text = visit.t.with(key!("plan-mail-taken-back"), ("to", to));
            Ok(visit.back(&back, Tone::Good, &text))
        }
        // Too late by a moment: there is nothing to mend, only to know.
        Err(AppError::Conflict(_)) => {
            Ok(visit.back(&back, Tone::Bad, &visit.t.get(key!("plan-mail-too-late"))))
        }
        Err(why) => Err(why.into()),
    }
}
