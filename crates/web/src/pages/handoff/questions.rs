//! Questions to the AE and their answers: asked and kept here, so that they can be counted and found again (R3.11).

use askama::Template;
use axum::{
    Router,
    routing::{get, post},
};
use throughline_app::read::HandoffView;
use throughline_domain::{
    Actor, HandoffId, QuestionId,
    access::Action,
    handoff::{Question, command},
};
use throughline_http::Web;

use super::{
    In, act,
    frame::{self, Frame, View},
    taken,
};
use crate::{
    answer::html,
    chrome::{Chrome, Place},
    form::Posted,
    key,
    ui::Person,
    visit::{Answer, Visit},
};

/// The routes.
pub fn routes() -> Router<Web> {
    Router::new()
        .route("/handoffs/{id}/questions", get(show).post(ask))
        .route("/handoffs/{id}/questions/{question}", post(answer))
}

struct QuestionView {
    id: String,
    who: Person,
    when: jiff::Timestamp,
    text: String,
    answer: Option<(Person, jiff::Timestamp, String)>,
    form: Option<String>,
}

#[derive(Template)]
#[template(path = "pages/handoff/questions.html")]
struct QuestionsPage {
    chrome: Chrome,
    f: Frame,
    may_ask: bool,
    questions: Vec<QuestionView>,
}

async fn show(visit: Visit, In(id): In<HandoffId>) -> Answer {
    let view = visit.web.app.view(&visit.caller, id).await?;
    let handoff = &view.loaded.handoff;
    let running = handoff.life.takes_reports();
    let mut asked: Vec<(&QuestionId, &Question)> = handoff.questions.iter().collect();
    asked.sort_by_key(|(_, question)| (question.answer.is_some(), std::cmp::Reverse(question.at)));
    let may_answer = running && view.rights.contains(&Action::AnswerQuestion);
    let shown = |(key, question): (&QuestionId, &Question)| QuestionView {
        id: format!("question-{key}"),
        who: somebody(&visit, &view, question.by),
        when: question.at,
        text: question.text.to_string(),
        answer: question
            .answer
            .as_ref()
            .map(|answer| (somebody(&visit, &view, answer.by), answer.at, answer.text.to_string())),
        form: (may_answer && question.answer.is_none()).then(|| format!("/handoffs/{id}/questions/{key}")),
    };
    let page = QuestionsPage {
        chrome: visit.chrome(Some(Place::Deals)),
        may_ask: running && view.rights.contains(&Action::Ask),
        questions: asked.into_iter().map(shown).collect(),
        f: Frame::new(&visit, &view, View::Questions),
    };
    Ok(html(&page))
}

fn somebody(visit: &Visit, view: &HandoffView, actor: Actor) -> Person {
    Person::named(frame::who(&visit.t, view, actor))
}

async fn ask(visit: Visit, In(id): In<HandoffId>, posted: Posted) -> Answer {
    let back = format!("/handoffs/{id}/questions");
    let command = taken(|| Ok(command::AskQuestion { text: posted.text("text")? }));
    Ok(act(&visit, id, command, &posted, &back, key!("questions-asked-flash")).await)
}

async fn answer(visit: Visit, In((id, question)): In<(HandoffId, QuestionId)>, posted: Posted) -> Answer {
    let back = format!("/handoffs/{id}/questions#question-{question}");
    let command = taken(|| Ok(command::AnswerQuestion { question, text: posted.text("text")? }));
    Ok(act(&visit, id, command, &posted, &back, key!("questions-answered-flash")).await)
}
