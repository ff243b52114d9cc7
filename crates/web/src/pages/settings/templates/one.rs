//! One template: its text to be changed, what comes of it, what it can name, and how it differs from the shipped one.

use askama::Template;
use axum::{extract::Path, http::StatusCode};
use jiff::Timestamp;
use throughline_app::{
    AppError,
    templates::{OwnTemplate, SaveError},
};
use throughline_domain::access::Action;
use throughline_messages::{Checked, Kind, TemplateError, variables};

use super::{
    State, address, changed_by,
    lines::{Line, Mark, compared},
    words,
};
use crate::{
    answer::{html, html_with},
    chrome::{Chrome, Place},
    form::Posted,
    i18n::Text,
    key,
    ui::Tone,
    visit::{Answer, Visit},
};

/// Lines shown around a fault.
const AROUND: usize = 2;

struct Failed {
    at: Timestamp,
    reason: String,
}

struct Near {
    number: usize,
    text: String,
    here: bool,
}

struct Fault {
    place: String,
    reason: String,
    hint: Option<String>,
    sample: Option<String>,
    lines: Vec<Near>,
}

struct Sample {
    name: &'static str,
    subject: String,
    paragraphs: Vec<String>,
}

#[derive(Template)]
#[template(path = "pages/settings/templates/one.html")]
struct OnePage {
    t: Text,
    chrome: Chrome,
    href: String,
    title: String,
    purpose: String,
    state: State,
    at: Option<Timestamp>,
    by: String,
    failed: Option<Failed>,
    refused: Option<String>,
    theirs: Option<String>,
    fault: Option<Fault>,
    unsaved: bool,
    version: u64,
    text: String,
    may_restore: bool,
    lines: Vec<Line>,
    samples: Vec<Sample>,
    names: Vec<(String, String)>,
    has_lists: bool,
    example_or: &'static str,
    example_list: &'static str,
}

/// A template as it stands.
pub async fn page(visit: Visit, Path(kind): Path<String>) -> Answer {
    let own = held(&visit, &kind).await?;
    let text = own.text().to_owned();
    Ok(html(&made(&visit, own, &text).await?))
}

/// Saves what was typed, or says what would come of it.
pub async fn save(visit: Visit, Path(kind): Path<String>, posted: Posted) -> Answer {
    let own = held(&visit, &kind).await?;
    let (kind, text) = (own.kind, posted.typed("text").replace("\r\n", "\n"));
    if posted.get("do") == Some("check") {
        let changed = text != own.text();
        let page = made(&visit, own, &text).await?;
        let status = if page.fault.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
        return Ok(html_with(status, &OnePage { unsaved: changed && page.fault.is_none(), ..page }));
    }
    let saved = visit.web.app.save_template(&visit.caller, kind, Some(&text), posted.version()).await;
    match saved {
        Ok(_) => Ok(visit.back(&address(kind), Tone::Good, &visit.t.get(key!("templates-saved")))),
        // The page finds the fault again and shows it.
        Err(SaveError::Faulty(_)) => {
            Ok(html_with(StatusCode::UNPROCESSABLE_ENTITY, &made(&visit, own, &text).await?))
        }
        Err(SaveError::App(AppError::Stale { .. } | AppError::Conflict(_))) => {
            overtaken(&visit, kind, &text).await
        }
        Err(SaveError::App(why)) => Err(why.into()),
    }
}

/// Goes back to the shipped words.
pub async fn restore(visit: Visit, Path(kind): Path<String>, posted: Posted) -> Answer {
    let own = held(&visit, &kind).await?;
    let (kind, text) = (own.kind, own.text().to_owned());
    match visit.web.app.save_template(&visit.caller, kind, None, posted.version()).await {
        Ok(_) => Ok(visit.back(&address(kind), Tone::Good, &visit.t.get(key!("templates-restored")))),
        Err(SaveError::App(AppError::Stale { .. } | AppError::Conflict(_))) => {
            overtaken(&visit, kind, &text).await
        }
        Err(SaveError::App(why)) => Err(why.into()),
        Err(SaveError::Faulty(fault)) => Err(AppError::broken(fault).into()),
    }
}

/// Somebody else was faster: both texts, and the version that the next save replaces.
async fn overtaken(visit: &Visit, kind: Kind, typed: &str) -> Answer {
    let own = visit.web.app.own_template(&visit.caller, kind).await?;
    let theirs = own.text().to_owned();
    let page = OnePage {
        refused: Some(visit.t.get(key!("templates-stale")).into_owned()),
        theirs: Some(theirs),
        ..made(visit, own, typed).await?
    };
    Ok(html_with(StatusCode::PRECONDITION_FAILED, &page))
}

async fn held(visit: &Visit, kind: &str) -> Result<OwnTemplate, AppError> {
    visit.caller.may(Action::ManageSettings)?;
    let kind = kind.parse::<Kind>().map_err(|_| AppError::NotFound("message"))?;
    visit.web.app.own_template(&visit.caller, kind).await
}

async fn made(visit: &Visit, own: OwnTemplate, text: &str) -> Result<OnePage, AppError> {
    let t = visit.t.clone();
    let (title, purpose) = words::words(own.kind);
    let (samples, fault) = match visit.web.app.check_template(&visit.caller, own.kind, text)? {
        Ok(samples) => (samples.into_iter().map(Sample::from).collect(), None),
        Err(fault) => (Vec::new(), Some(Fault::of(fault, text))),
    };
    let names = variables(own.kind);
    Ok(OnePage {
        chrome: visit.chrome(Some(Place::Settings)),
        href: address(own.kind),
        title: t.get(title).into_owned(),
        purpose: t.get(purpose).into_owned(),
        state: State::of(&t, &own),
        at: own.changed.map(|(at, _)| at),
        by: changed_by(visit, &own).await?,
        lines: compared(own.kind.shipped(), text),
        version: own.version,
        may_restore: own.source.is_some(),
        failed: own.failed.map(|failed| Failed { at: failed.at, reason: failed.reason }),
        refused: None,
        theirs: None,
        fault,
        unsaved: false,
        text: text.to_owned(),
        samples,
        has_lists: names.iter().any(|(name, _)| name.contains("[]")),
        names,
        example_or: "{{ csm or \"the CSM\" }}",
        example_list: "{% for promise in brief.promises %}\n- {{ promise }}\n{% endfor %}",
        t,
    })
}

impl From<Checked> for Sample {
    fn from(checked: Checked) -> Self {
        let Checked { sample, written } = checked;
        let paragraphs = written.text.trim_end().split("\n\n").map(str::to_owned).collect();
        Self { name: sample, subject: written.subject.as_str().to_owned(), paragraphs }
    }
}

impl Fault {
    fn of(fault: TemplateError, text: &str) -> Self {
        let at = fault.line.max(1);
        let first = at.saturating_sub(AROUND).max(1);
        let near = text.lines().enumerate().skip(first - 1).take(AROUND + 1 + at - first);
        Self {
            place: match fault.column {
                Some(column) => format!("{}:{column}", fault.line),
                None => fault.line.to_string(),
            },
            reason: fault.reason,
            hint: fault.hint,
            sample: fault.sample.map(str::to_owned),
            lines: near
                .map(|(place, text)| Near {
                    number: place + 1,
                    text: text.chars().take(160).collect(),
                    here: place + 1 == at,
                })
                .collect(),
        }
    }
}
