//! A posted form: read field by field, each refusal naming its field. What was typed is kept for showing again.

use std::collections::BTreeSet;

use axum::{
    extract::{FromRequest, Request},
    http::StatusCode,
    response::Response,
};
use jiff::{
    Timestamp,
    civil::{Date, DateTime},
};
use serde::de::DeserializeOwned;
use throughline_app::AppError;
use throughline_domain::{Currency, Key, Money, Personal, record::Evidence};
use throughline_http::Problem;

use crate::i18n::Text;

/// A posted form.
#[derive(Debug, Clone, Default)]
pub struct Posted {
    /// Where it was posted to.
    pub action: String,
    /// Names and values in the order they came.
    pub fields: Vec<(String, String)>,
}

impl<S: Send + Sync> FromRequest<S> for Posted {
    type Rejection = Response;

    async fn from_request(request: Request, state: &S) -> Result<Self, Response> {
        let action = request.uri().path_and_query().map_or_else(|| "/".to_owned(), ToString::to_string);
        let axum::Form(fields) =
            axum::Form::<Vec<(String, String)>>::from_request(request, state).await.map_err(|why| {
                let kind = match why.status() {
                    StatusCode::PAYLOAD_TOO_LARGE => "too-large",
                    StatusCode::UNSUPPORTED_MEDIA_TYPE => "unsupported-media-type",
                    _ => "bad-request",
                };
                crate::answer::failed(&Problem::new(kind, why.body_text()))
            })?;
        Ok(Self { action, fields })
    }
}

impl Posted {
    /// A form nobody has posted yet, filled with what is known.
    pub fn filled(fields: Vec<(String, String)>) -> Self {
        Self { action: String::new(), fields }
    }

    /// A field's value, trimmed; blank is none.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.fields
            .iter()
            .find(|(field, _)| field == name)
            .map(|(_, value)| value.trim())
            .filter(|value| !value.is_empty())
    }

    /// A field's value as typed; empty when it is not there.
    pub fn typed(&self, name: &str) -> &str {
        self.fields.iter().find(|(field, _)| field == name).map_or("", |(_, value)| value.as_str())
    }

    /// A field that must be filled.
    pub fn need(&self, name: &str) -> Result<&str, AppError> {
        self.get(name).ok_or_else(|| AppError::invalid(name, "must be filled in"))
    }

    /// All values of a field: ticked boxes.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> + 'a {
        self.fields
            .iter()
            .filter(move |(field, _)| field == name)
            .map(|(_, value)| value.trim())
            .filter(|value| !value.is_empty())
    }

    /// Whether a box is ticked.
    pub fn ticked(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// The version the form was made from, where it says.
    pub fn version(&self) -> Option<u64> {
        self.get("over").or_else(|| self.get("version")).and_then(|version| version.parse().ok())
    }

    /// A text that must be given.
    pub fn text(&self, name: &str) -> Result<Personal, AppError> {
        Personal::parse(self.typed(name)).map_err(|why| AppError::invalid(name, why.to_string()))
    }

    /// A text that may be left out.
    pub fn opt_text(&self, name: &str) -> Result<Option<Personal>, AppError> {
        if self.get(name).is_none() { Ok(None) } else { self.text(name).map(Some) }
    }

    /// Anything written as text: ids, keys.
    pub fn parse<T: std::str::FromStr<Err: std::fmt::Display>>(&self, name: &str) -> Result<T, AppError> {
        self.need(name)?.parse().map_err(|why: T::Err| AppError::invalid(name, why.to_string()))
    }

    /// The same, where it may be left out.
    pub fn opt_parse<T: std::str::FromStr<Err: std::fmt::Display>>(
        &self,
        name: &str,
    ) -> Result<Option<T>, AppError> {
        if self.get(name).is_none() { Ok(None) } else { self.parse(name).map(Some) }
    }

    /// One of an enum's names, as data writes them.
    pub fn one_of<T: DeserializeOwned>(&self, name: &str) -> Result<T, AppError> {
        let value = self.need(name)?;
        serde_json::from_value(serde_json::Value::String(value.to_owned()))
            .map_err(|_| AppError::invalid(name, "cannot be chosen here"))
    }

    /// The same, where it may be left out.
    pub fn opt_one_of<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>, AppError> {
        if self.get(name).is_none() { Ok(None) } else { self.one_of(name).map(Some) }
    }

    /// All chosen names of an enum.
    pub fn some_of<T: DeserializeOwned>(&self, name: &str) -> Result<Vec<T>, AppError> {
        self.all(name)
            .map(|value| {
                serde_json::from_value(serde_json::Value::String(value.to_owned()))
                    .map_err(|_| AppError::invalid(name, "cannot be chosen here"))
            })
            .collect()
    }

    /// Ticked keys of a playbook.
    pub fn keys(&self, name: &str) -> Result<BTreeSet<Key>, AppError> {
        self.all(name)
            .map(|key| key.parse::<Key>().map_err(|why| AppError::invalid(name, why.to_string())))
            .collect()
    }

    /// A date.
    pub fn opt_date(&self, name: &str) -> Result<Option<Date>, AppError> {
        let date = |value: &str| {
            value.parse::<Date>().map_err(|_| AppError::invalid(name, "is a date such as 2026-11-22"))
        };
        self.get(name).map(date).transpose()
    }

    /// A date that must be given.
    pub fn date(&self, name: &str) -> Result<Date, AppError> {
        self.opt_date(name)?.ok_or_else(|| AppError::invalid(name, "must be filled in"))
    }

    /// A local date and time of the reader, or a date alone (its noon); none when blank.
    pub fn opt_moment(&self, name: &str, t: &Text) -> Result<Option<Timestamp>, AppError> {
        let Some(value) = self.get(name) else { return Ok(None) };
        let refused = || AppError::invalid(name, "is a date and time such as 2026-11-22 14:30");
        let local: DateTime = match value.replace(' ', "T").parse::<DateTime>() {
            Ok(local) if value.len() > 10 => local,
            _ => value.parse::<Date>().map_err(|_| refused())?.at(12, 0, 0, 0),
        };
        let zoned = local.to_zoned(t.zone().clone()).map_err(|_| refused())?;
        Ok(Some(zoned.timestamp()))
    }

    /// A moment that must be given.
    pub fn moment(&self, name: &str, t: &Text) -> Result<Timestamp, AppError> {
        self.opt_moment(name, t)?.ok_or_else(|| AppError::invalid(name, "must be filled in"))
    }

    /// An amount in the field, its currency in `<field>_currency`.
    pub fn opt_money(&self, name: &str) -> Result<Option<Money>, AppError> {
        let Some(amount) = self.get(name) else { return Ok(None) };
        let field = format!("{name}_currency");
        let currency: Currency =
            self.need(&field)?.parse().map_err(|why: throughline_domain::money::NotACurrency| {
                AppError::invalid(&field, why.to_string())
            })?;
        Money::parse(amount, currency).map(Some).map_err(|why| AppError::invalid(name, why.to_string()))
    }

    /// Evidence from the fields `source`, `reference`, `speaker`, `said_on`, `quote`.
    pub fn evidence(&self) -> Result<Evidence, AppError> {
        Ok(Evidence {
            source: self.opt_one_of("source")?,
            reference: self.opt_text("reference")?,
            speaker: self.opt_text("speaker")?,
            on: self.opt_date("said_on")?,
            quote: self.opt_text("quote")?,
        })
    }

    /// Yes, no, or not said: a select with `yes` and `no`.
    pub fn opt_yes(&self, name: &str) -> Result<Option<bool>, AppError> {
        match self.get(name) {
            None => Ok(None),
            Some("yes") => Ok(Some(true)),
            Some("no") => Ok(Some(false)),
            Some(_) => Err(AppError::invalid(name, "is yes or no")),
        }
    }
}
