//! What an answer by mail does: it confirms a plan, or answers a question. Nothing else can be done by mail.

use throughline_domain::{
    Personal,
    handoff::{PlanForm, command::AnswerQuestion, command::ConfirmPlan},
    record::{Evidence, Source},
};
use throughline_messages::{Assent, CameByMail};

use super::{
    answers::Asked,
    reading::{Answer, Meaning},
};
use crate::{
    App, AppError, Caller, HandleOptions,
    handle::{Loaded, TRIES},
};

impl App {
    /// Does what an answer asks for. `known`: it comes from whom it is awaited from.
    pub(super) async fn effect(&self, answer: &Answer<'_>, known: bool) -> Result<Meaning, AppError> {
        let asked: Asked = serde_json::from_str(&answer.awaited.what).map_err(AppError::broken)?;
        let mut attempt = 1;
        loop {
            let loaded = self.load(answer.org, answer.awaited.handoff).await?;
            let done = match &asked {
                Asked::Plan { plan, name } => self.confirms(answer, &loaded, known, plan, name).await,
                Asked::Question { question, person } => {
                    let answer_to = (*question, *person);
                    self.answers_question(answer, &loaded, known, answer_to).await
                }
            };
            match done {
                // Decided on what is not so any more: looked at anew.
                Err(AppError::Stale { .. }) if attempt < TRIES => attempt += 1,
                // Another mail was faster, or this one on another node.
                Err(AppError::KeyReused) => {
                    let note = "what it answers was answered by mail before";
                    return Ok(Meaning::noted(Some(answer.awaited.handoff), note));
                }
                other => return other,
            }
        }
    }

    async fn confirms(
        &self,
        answer: &Answer<'_>,
        loaded: &Loaded,
        known: bool,
        asked: &str,
        name: &str,
    ) -> Result<Meaning, AppError> {
        let (about, mail, handoff) = (loaded.handoff.id, answer.mail, &loaded.handoff);
        let look = |note: &str, reason| {
            let why = CameByMail::of(reason, mail, &answer.awaited.from);
            Ok(Meaning::unused(Some(about), note).shown_to(handoff.answerable(), why))
        };
        if !known {
            return look("not from whom the plan was sent to: nothing is confirmed", CameByMail::STRANGER);
        }
        let Some(plan) = &handoff.plan else { return look("there is no plan", CameByMail::REFUSED) };
        if plan.confirmed.is_some() {
            let noted = "the plan is confirmed already";
            return match mail.assent {
                Assent::Yes => Ok(Meaning::noted(Some(about), noted)),
                Assent::Unclear => look(noted, CameByMail::CHANGED),
            };
        }
        if plan.imprint() != asked {
            return look("the plan has changed since it was sent: nothing is confirmed", CameByMail::CHANGED);
        }
        if mail.assent != Assent::Yes {
            return look("says something else than yes: nothing is confirmed", CameByMail::UNCLEAR);
        }
        let text = |text: &str| Personal::parse(text).ok();
        let reference = match &mail.id {
            Some(id) => format!("{} {id}", mail.subject),
            None => mail.subject.clone(),
        };
        let evidence = Evidence {
            source: Some(Source::Mail),
            reference: text(&reference),
            speaker: text(&format!("{name}, {}", answer.awaited.from)),
            on: Some(loaded.calendars.house().local_date(answer.row.received_at)),
            quote: text(&mail.text),
        };
        let command = ConfirmPlan { form: PlanForm::Mail, at: answer.row.received_at, evidence };
        let caller = Caller::system(answer.org);
        match self.handle(&caller, about, command, options(answer, loaded)).await {
            Ok(_) => Ok(Meaning::used(about, "the plan is confirmed")),
            Err(why @ (AppError::Refused(_) | AppError::Invalid { .. })) => {
                look(&format!("the plan cannot be confirmed: {why}"), CameByMail::REFUSED)
            }
            Err(other) => Err(other),
        }
    }

    async fn answers_question(
        &self,
        answer: &Answer<'_>,
        loaded: &Loaded,
        known: bool,
        (question, person): (throughline_domain::QuestionId, throughline_domain::PersonId),
    ) -> Result<Meaning, AppError> {
        let (about, mail, handoff) = (loaded.handoff.id, answer.mail, &loaded.handoff);
        let look = |note: &str, reason| {
            let why = CameByMail::of(reason, mail, &answer.awaited.from);
            Ok(Meaning::unused(Some(about), note).shown_to(person, why))
        };
        if !known {
            return look("not from whom the question was sent to: nothing is answered", CameByMail::STRANGER);
        }
        match handoff.questions.get(&question) {
            Some(asked) if asked.answer.is_some() => {
                return look("the question was answered before", CameByMail::CHANGED);
            }
            Some(_) => {}
            None => return look("there is no such question", CameByMail::REFUSED),
        }
        let Ok(text) = Personal::parse(&mail.text) else {
            return look("there is nothing new in it", CameByMail::UNCLEAR);
        };
        let caller = match self.caller(answer.org, person).await {
            Ok(caller) => caller,
            Err(AppError::NotSignedIn) => {
                return look("whoever it is from cannot sign in (any more)", CameByMail::REFUSED);
            }
            Err(other) => return Err(other),
        };
        let command = AnswerQuestion { question, text };
        match self.handle(&caller, about, command, options(answer, loaded)).await {
            Ok(_) => Ok(Meaning::used(about, "the question is answered")),
            Err(
                why @ (AppError::Refused(_)
                | AppError::Invalid { .. }
                | AppError::Forbidden(_)
                | AppError::NotFound(_)),
            ) => look(&format!("the question cannot be answered: {why}"), CameByMail::REFUSED),
            Err(other) => Err(other),
        }
    }
}

/// On the state that was looked at alone, and using the awaited answer up. Its key stays for as long as it is awaited.
fn options(answer: &Answer<'_>, loaded: &Loaded) -> HandleOptions {
    HandleOptions {
        if_version: Some(loaded.version),
        idempotency: Some((answer.key(), answer.row.id.to_string())),
        kept_until: Some(answer.awaited.until),
    }
}
