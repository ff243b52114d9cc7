//! A form that was refused, shown again in its place as it was typed, with what is wrong with it in words for the
//! customer: how the process works inside is none of theirs.

use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

use axum::http::StatusCode;
use throughline_app::AppError;
use throughline_domain::handoff::Refusal;
use throughline_http::Problem;

use super::{Inside, Lost};
use crate::{failure::reason, form::Posted, key, ui::Field};

/// What was typed into a form that was refused.
pub struct Typed<'a> {
    /// Which form of the page.
    pub form: String,
    /// What it held.
    pub posted: &'a Posted,
    /// The answer's status.
    pub status: StatusCode,
    /// The field it is about, when it is about one.
    field: Option<String>,
    /// In a sentence.
    text: String,
    /// The page has the form, so that it is said there.
    shown: AtomicBool,
}

impl<'a> Typed<'a> {
    /// A refusal the form itself can answer; anything else is a page of its own.
    pub fn of(inside: &Inside, form: String, posted: &'a Posted, why: AppError) -> Result<Self, Lost> {
        let said = |text| reason(&inside.t, text).into_owned();
        let (field, text) = match &why {
            AppError::Invalid { field, reason } => (Some(last(field)), sentence(&said(reason))),
            AppError::Refused(Refusal::Invalid { field, reason }) => {
                (Some(last(field)), sentence(&said(reason)))
            }
            AppError::Refused(Refusal::Unknown { .. }) => {
                (None, inside.t.get(key!("portal-gone")).into_owned())
            }
            AppError::Refused(Refusal::NotYours(_)) => {
                (None, inside.t.get(key!("portal-not-yours")).into_owned())
            }
            AppError::Refused(_) => (None, inside.t.get(key!("portal-changed")).into_owned()),
            AppError::TooMany { .. } => (None, inside.t.get(key!("portal-too-often")).into_owned()),
            _ => return Err(why.into()),
        };
        let shown = AtomicBool::new(false);
        Ok(Self { form, posted, status: Problem::from(why).status, field, text, shown })
    }

    /// With a sentence of the page's own, about a field or about none.
    pub fn saying(self, field: Option<&str>, text: impl Into<String>) -> Self {
        Self { field: field.map(str::to_owned), text: text.into(), ..self }
    }

    /// What is wrong, where the page does not have the form any more: it is said above everything then. Asked for once
    /// the page is made.
    pub fn homeless(&self) -> Option<String> {
        (!self.shown.load(Relaxed)).then(|| self.text.clone())
    }

    /// Said above the form: the field it is about is not shown.
    pub fn above(self) -> Self {
        Self { field: None, ..self }
    }
}

/// What is wrong with a value, as a sentence.
fn sentence(reason: &str) -> String {
    let mut letters = reason.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    let end = if reason.is_empty() || reason.ends_with('.') { "" } else { "." };
    format!("{first}{}{end}", letters.as_str())
}

fn last(field: &str) -> String {
    field.rsplit('.').next().unwrap_or(field).to_owned()
}

/// A field of a form, with an id of its own; filled as it was typed where this form was refused.
pub fn field(typed: Option<&Typed<'_>>, form: &str, field: Field) -> Field {
    let id = format!("{form}-{}", field.name);
    let Some(typed) = typed.filter(|typed| typed.form == form) else { return field.id(id) };
    typed.shown.store(true, Relaxed);
    let value = typed.posted.typed(&field.name).to_owned();
    let wrong = (typed.field.as_deref() == Some(field.name.as_str())).then(|| typed.text.clone());
    field.value(value).error(wrong).id(id)
}

/// What is wrong with a form and with none of the fields it shows.
pub fn beside(typed: Option<&Typed<'_>>, form: &str, shown: &[&str]) -> Option<String> {
    let typed = typed.filter(|typed| typed.form == form)?;
    typed.shown.store(true, Relaxed);
    match typed.field.as_deref() {
        Some(field) if shown.contains(&field) => None,
        _ => Some(typed.text.clone()),
    }
}

/// Whether this form was refused, so that its fold is open.
pub fn refused(typed: Option<&Typed<'_>>, form: &str) -> bool {
    typed.is_some_and(|typed| typed.form == form)
}
