//! A form that was refused: what is wrong, and everything that was typed, ready to be sent again. No input is lost,
//! whichever form it came from, with scripts or without.

use askama::Template;
use axum::response::{IntoResponse, Response};
use serde_json::Value;
use throughline_app::AppError;
use throughline_http::Problem;

use crate::{
    answer::html_with,
    chrome::Chrome,
    form::Posted,
    ui::{Field, Gap, Person},
    visit::Visit,
};

/// A field as it was typed; long or many-lined ones get room.
struct Typed {
    field: Field,
    long: bool,
}

#[derive(Template)]
#[template(path = "pages/mend.html")]
struct MendPage {
    chrome: Chrome,
    detail: String,
    action: String,
    back: String,
    fields: Vec<Typed>,
    /// Sent along unseen: ids and versions nobody types.
    hidden: Vec<(String, String)>,
    gaps: Vec<Gap>,
}

/// Fields that carry no typed text.
fn is_hidden(name: &str) -> bool {
    matches!(
        name,
        "version"
            | "back"
            | "item"
            | "ask"
            | "step"
            | "number"
            | "gate"
            | "covers"
            | "waiver"
            | "question"
            | "id"
    )
}

/// The page for a refused form.
pub fn page(visit: &Visit, why: AppError, posted: &Posted, back: &str) -> Response {
    let problem = Problem::from(why);
    if matches!(problem.kind, "not-signed-in" | "broken") {
        return crate::answer::failed(&problem);
    }
    let wrong = problem.more.get("field").and_then(Value::as_str).map(str::to_owned);
    let (hidden, typed): (Vec<_>, Vec<_>) =
        posted.fields.iter().cloned().partition(|(name, _)| is_hidden(name));
    // A stale version would refuse for ever: sending again from here means it, so the version is left out.
    let hidden = hidden.into_iter().filter(|(name, _)| name != "version").collect();
    let page = MendPage {
        chrome: visit.chrome(None),
        detail: problem.detail.clone(),
        action: posted.action.clone(),
        back: back.to_owned(),
        fields: typed
            .into_iter()
            .enumerate()
            .map(|(place, (name, value))| {
                let label = name.replace('_', " ");
                let error = (wrong.as_deref() == Some(name.as_str())).then(|| problem.detail.clone());
                let long = value.len() > 60 || value.contains('\n');
                Typed {
                    field: Field::new(&name, label).value(value).error(error).id(format!("f-{place}")),
                    long,
                }
            })
            .collect(),
        hidden,
        gaps: gaps(&problem),
    };
    html_with(problem.status, &page).into_response()
}

/// The gaps of a shut gate, as the problem carries them.
fn gaps(problem: &Problem) -> Vec<Gap> {
    let list = problem.more.get("gaps").and_then(Value::as_array).cloned().unwrap_or_default();
    list.iter()
        .map(|gap| {
            let text = |name: &str| gap.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
            Gap {
                what: text("title"),
                why: text("owed_by"),
                owes: Person::named(text("owed_by")),
                href: String::new(),
            }
        })
        .collect()
}
