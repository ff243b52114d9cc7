//! One handoff, in ten views, and everything that can be done to it. A file per view; what they share is here:
//! running a command, and the page a shut gate leads to.

pub mod answers;
pub mod asks;
pub mod brief;
pub mod callouts;
pub mod duties;
pub mod forms;
pub mod frame;
pub mod gates;
pub mod item_pages;
pub mod items;
pub mod meetings;
pub mod offer;
pub mod people;
pub mod plan;
pub mod plan_customers;
pub mod plan_mail;
pub mod plan_talk;
pub mod promises;
pub mod questions;
pub mod record;
pub mod reports;
pub mod review;
pub mod save;
mod seen;
pub mod sentences;
pub mod shut;
pub mod steps;
pub mod timeline;
pub mod track;
pub mod waivers;
mod workload;

use axum::{
    Router,
    extract::{FromRequestParts, Path},
    http::request::Parts,
    response::Response,
};
use serde::de::DeserializeOwned;
use throughline_app::{AppError, HandleOptions};
use throughline_domain::{
    HandoffId,
    handoff::{Command, Refusal},
};
use throughline_http::{Problem, Web};

use crate::{
    answer, failure,
    form::Posted,
    i18n::{Key, Text},
    ui::Tone,
    visit::Visit,
};

/// The routes of all views.
pub fn routes() -> Router<Web> {
    Router::new()
        .merge(record::routes())
        .merge(brief::routes())
        .merge(save::routes())
        .merge(item_pages::routes())
        .merge(people::routes())
        .merge(plan::routes())
        .merge(plan_customers::routes())
        .merge(plan_mail::routes())
        .merge(plan_talk::routes())
        .merge(promises::routes())
        .merge(questions::routes())
        .merge(offer::routes())
        .merge(review::routes())
        .merge(steps::routes())
        .merge(reports::routes())
        .merge(meetings::routes())
        .merge(timeline::routes())
        .merge(gates::routes())
        .merge(waivers::routes())
}

/// What an address names. Anything that is no id leads to a page that says that nothing is there.
pub struct In<T>(pub T);

impl<T: DeserializeOwned + Send> FromRequestParts<Web> for In<T> {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Response> {
        match Path::<T>::from_request_parts(parts, web).await {
            Ok(Path(named)) => Ok(Self(named)),
            Err(_) => Err(answer::failed(&Problem::new("not-found", "there is nothing at this address"))),
        }
    }
}

/// Reads a command from a form.
pub fn taken<C: Into<Command>>(read: impl FnOnce() -> Result<C, AppError>) -> Result<Command, AppError> {
    read().map(Into::into)
}

/// Runs a command. Done: back with a message. A shut gate: its gaps, each with the way to fill it. Refused
/// otherwise: the form again, as it was typed.
pub async fn act(
    visit: &Visit,
    id: HandoffId,
    command: Result<Command, AppError>,
    posted: &Posted,
    back: &str,
    done: Key,
) -> Response {
    let command = match command {
        Ok(command) => command,
        Err(why) => return visit.refused(why, posted, back).await,
    };
    match visit.web.app.handle(&visit.caller, id, command, HandleOptions::default()).await {
        Ok(handled) => match handled.shut {
            Some((gate, gaps)) => shut::page(visit, &handled.loaded, gate, gaps, posted, back).await,
            None => visit.back(back, Tone::Good, &visit.t.get(done)),
        },
        Err(why) => visit.refused(why, posted, back).await,
    }
}

/// The field a refusal is about and why, where it names one.
pub fn wrong_field(t: &Text, why: &AppError) -> Option<(String, String)> {
    let said = |reason| failure::reason(t, reason).into_owned();
    let (field, reason) = match why {
        AppError::Invalid { field, reason } => (field.as_str(), said(reason)),
        AppError::Refused(Refusal::Invalid { field, reason }) => (*field, said(reason)),
        AppError::Refused(refusal @ Refusal::NeedsReopening(_)) => ("reason", failure::refusal(t, refusal)),
        _ => return None,
    };
    let last = field.rsplit('.').next().unwrap_or(field);
    let field = if last == "evidence" { "source" } else { last };
    Some((field.to_owned(), reason))
}
