//! Days off from a calendar file or by country: found, put into the calendar's form to be looked over, and saved by
//! the form like those typed by hand.

use axum::extract::{Multipart, multipart::MultipartError};
use throughline_app::{
    AppError,
    holidays::{self, Holiday, LARGEST_FILE},
};
use throughline_domain::{access::Action, calendar::Calendar};

use super::{
    countries,
    parts::{self, Wrong},
};
use crate::{
    form::Posted,
    i18n::Text,
    key,
    ui::{Choice, Field},
    visit::Visit,
};

/// Where days off can be taken from, beside a calendar's form.
pub struct Sources {
    /// Where the two forms are posted to: this with `/file` and `/country` behind it.
    pub action: String,
    pub country: Field,
    pub countries: Vec<Choice>,
    pub file_error: Option<String>,
    pub refused: Option<String>,
    pub megabytes: usize,
}

impl Sources {
    pub fn new(t: &Text, action: String, wrong: Option<&Wrong>) -> Self {
        let named =
            |one: &holidays::Country| Choice::new(one.code, countries::name_of(t, one.code, one.name));
        let countries = holidays::countries().iter().map(named).collect();
        Self {
            action,
            country: Field::new("country", t.get(key!("settings-days-country")))
                .hint(t.get(key!("settings-days-country-hint")))
                .required()
                .error(parts::at(wrong, "country")),
            countries,
            file_error: parts::at(wrong, "file"),
            refused: parts::beside(wrong, &["country", "file"]),
            megabytes: LARGEST_FILE >> 20,
        }
    }
}

/// Days off that were found, and what is to be told of them.
pub struct Taken {
    pub days: Vec<Holiday>,
    skipped: Vec<String>,
}

impl Taken {
    /// By the country that was chosen.
    pub fn by_country(visit: &Visit, posted: &Posted, calendar: &Calendar) -> Result<Self, AppError> {
        visit.caller.may(Action::ManageSettings)?;
        let period = holidays::usual_period(calendar.local_date(visit.web.app.now()))?;
        Ok(Self { days: holidays::by_country(posted.need("country")?, period)?, skipped: Vec::new() })
    }

    /// From the file that was sent.
    pub async fn from_file(
        visit: &Visit,
        mut form: Multipart,
        calendar: &Calendar,
    ) -> Result<Self, AppError> {
        visit.caller.may(Action::ManageSettings)?;
        let bytes = brought(visit, &mut form).await?;
        let period = holidays::usual_period(calendar.local_date(visit.web.app.now()))?;
        let found = holidays::from_file(&bytes, period)?;
        let named =
            |one: holidays::Skipped| if one.name.is_empty() { one.entry.to_string() } else { one.name };
        Ok(Self { days: found.days, skipped: found.skipped.into_iter().map(named).collect() })
    }

    /// The calendar with them, and what was found, in a sentence.
    pub fn into_calendar(self, t: &Text, calendar: &Calendar) -> Result<(Calendar, String), AppError> {
        let with = holidays::with_days(calendar, &self.days)?;
        let new = with.holidays().len() - calendar.holidays().len();
        let mut told =
            t.with(key!("settings-days-found"), (("n", self.days.len()), ("new", new))).into_owned();
        if let Some(first) = self.skipped.first() {
            let args = (("n", self.skipped.len()), ("first", first.as_str()));
            told = format!("{told} {}", t.with(key!("settings-days-skipped"), args));
        }
        Ok((with, told))
    }
}

async fn brought(visit: &Visit, form: &mut Multipart) -> Result<Vec<u8>, AppError> {
    let large =
        || AppError::invalid("file", visit.t.with(key!("settings-days-large"), ("mb", LARGEST_FILE >> 20)));
    let unreadable = |why: MultipartError| match why.status() {
        axum::http::StatusCode::PAYLOAD_TOO_LARGE => large(),
        _ => AppError::invalid("file", visit.t.get(key!("settings-days-broken"))),
    };
    let mut bytes = Vec::new();
    while let Some(mut part) = form.next_field().await.map_err(unreadable)? {
        if part.name() != Some("file") {
            continue;
        }
        while let Some(chunk) = part.chunk().await.map_err(unreadable)? {
            if bytes.len() + chunk.len() > LARGEST_FILE {
                return Err(large());
            }
            bytes.extend_from_slice(&chunk);
        }
    }
    if bytes.is_empty() {
        return Err(AppError::invalid("file", visit.t.get(key!("settings-days-no-file"))));
    }
    Ok(bytes)
}
