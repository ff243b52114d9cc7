//! A form that was refused: what is wrong, in words and at its field, and the form as it was filled, ready to be sent
//! again. No input is lost, whichever form it came from, with scripts or without.

use askama::Template;
use axum::response::Response;
use throughline_app::AppError;
use throughline_http::Problem;

use super::handoff::{forms, wrong_field};
use crate::{
    answer::{failed, html_with},
    chrome::{Chrome, Place},
    failure,
    form::Posted,
    key,
    ui::{Control, Field},
    visit::Visit,
};

#[derive(Template)]
#[template(path = "pages/mend.html")]
struct MendPage {
    chrome: Chrome,
    /// What is wrong, in a sentence.
    title: String,
    /// What to do about it.
    advice: String,
    /// Where it can be done: label and address.
    link: Option<(String, String)>,
    action: String,
    back: String,
    controls: Vec<Control>,
    /// Sent along unseen: what the form's address or page gave it.
    hidden: Vec<(String, String)>,
}

/// The page for a refused form.
pub async fn page(visit: &Visit, why: AppError, posted: &Posted, back: &str) -> Response {
    let t = &visit.t;
    let wrong = wrong_field(t, &why).map(|(field, reason)| (field, sentence(&reason)));
    let problem = Problem::from(why);
    if matches!(problem.kind, "not-signed-in" | "broken") {
        return failed(&problem);
    }
    let pointed = wrong.as_ref().map(|(field, reason)| (field.as_str(), reason.as_str()));
    let controls = match form_behind(visit, posted, pointed).await {
        Ok(found) => found.unwrap_or_else(|| plain(posted, pointed)),
        Err(why) => return failed(&why.into()),
    };
    let fields: Vec<&Field> = controls.iter().flat_map(Control::fields).collect();
    let hidden = posted.fields.iter().filter(|(name, _)| {
        // A stale version would refuse for ever: sending again from here means it.
        name != "version" && !fields.iter().any(|field| field.name == *name)
    });
    let hidden = hidden.cloned().collect();
    let at = wrong.as_ref().and_then(|(name, _)| fields.iter().find(|field| field.name == *name));
    let (title, link) = match at {
        Some(field) => (
            t.with(key!("mend-field"), ("field", field.label.as_str())).into_owned(),
            wrong.as_ref().map(|(_, reason)| (reason.clone(), format!("#{}", field.control_id()))),
        ),
        None if problem.kind == "gate-shut" => {
            let gates = back.split(['?', '#']).next().and_then(|path| path.split('/').nth(2));
            let gates = gates.map(|id| format!("/handoffs/{id}/gates"));
            (failure::sentence(t, &problem), gates.map(|to| (t.get(key!("mend-gates")).into_owned(), to)))
        }
        None => (failure::sentence(t, &problem), None),
    };
    // The field says it better.
    let advice =
        (at.is_none() && problem.kind != "invalid").then(|| t.get(failure::kind(problem.kind).advice));
    let page = MendPage {
        chrome: visit.chrome(posted.action.starts_with("/handoffs/").then_some(Place::Deals)),
        title,
        advice: advice.unwrap_or_default().into_owned(),
        link,
        action: posted.action.clone(),
        back: back.to_owned(),
        controls,
        hidden,
    };
    html_with(problem.status, &page)
}

/// The form this was posted from, where it is one of a handoff's.
async fn form_behind(
    visit: &Visit,
    posted: &Posted,
    wrong: Option<(&str, &str)>,
) -> Result<Option<Vec<Control>>, AppError> {
    let id = posted.action.strip_prefix("/handoffs/").and_then(|rest| rest.split('/').next());
    let Some(id) = id.and_then(|id| id.parse().ok()) else { return Ok(None) };
    let view = visit.web.app.view(&visit.caller, id).await?;
    forms::behind(visit, &view, posted, wrong).await
}

/// What was typed, where the form itself is not known.
fn plain(posted: &Posted, wrong: Option<(&str, &str)>) -> Vec<Control> {
    let typed = posted.fields.iter().filter(|(name, _)| !matches!(name.as_str(), "version" | "back" | "id"));
    let field = |(place, (name, _)): (usize, &(String, String))| {
        let field = Field::new(name, sentence(&name.replace('_', " "))).id(format!("f-{place}"));
        Control::Area(field).typed(posted, wrong)
    };
    typed.enumerate().map(field).collect()
}

/// With a capital at its beginning.
fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
