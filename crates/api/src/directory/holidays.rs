//! Days off to take into a calendar: looked up by country, or read from a calendar file. Nothing is saved here.

use axum::{
    extract::State,
    routing::{get, post},
};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use throughline_app::{
    AppError,
    holidays::{self, Found, Holiday, LARGEST_FILE, Period, Skipped},
};
use throughline_domain::access::Action;
use throughline_http::{
    ApiCaller, Web,
    extract::{Body, Query},
};

use crate::{
    answer::{Answered, json},
    spec::{Verb, Verbs},
};

/// Which country, and which years.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Wanted {
    /// The country's two letters, as in ISO 3166-1.
    #[schemars(length(min = 2, max = 2))]
    country: String,
    /// The first year; last year when left out.
    #[schemars(range(min = 1900, max = 2150))]
    from: Option<i16>,
    /// How many years; seven when left out.
    #[schemars(range(min = 1, max = 50))]
    years: Option<u8>,
}

/// A calendar file, and which years of it are wanted.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct FileBody {
    /// The file's text (RFC 5545).
    #[schemars(length(min = 1, max = LARGEST_FILE))]
    file: String,
    /// The first year; last year when left out.
    #[serde(default)]
    #[schemars(range(min = 1900, max = 2150))]
    from: Option<i16>,
    /// How many years; seven when left out.
    #[serde(default)]
    #[schemars(range(min = 1, max = 50))]
    years: Option<u8>,
}

/// A day off.
#[derive(Debug, Serialize, JsonSchema)]
struct Day {
    /// The day.
    on: Date,
    /// What it is called; empty where nobody says.
    name: String,
}

impl From<Holiday> for Day {
    fn from(day: Holiday) -> Self {
        Self { on: day.on, name: day.name }
    }
}

/// An entry that gives no day off.
#[derive(Debug, Serialize, JsonSchema)]
struct SkippedView {
    /// Its place among the file's entries, from 1.
    entry: usize,
    /// What it is called.
    name: String,
    /// Why it gives none.
    why: String,
}

impl From<Skipped> for SkippedView {
    fn from(one: Skipped) -> Self {
        Self { entry: one.entry, name: one.name, why: one.why.to_owned() }
    }
}

/// Days off that were found.
#[derive(Debug, Serialize, JsonSchema)]
struct FoundView {
    /// The days, by date.
    days: Vec<Day>,
    /// Entries of the file that give none.
    skipped: Vec<SkippedView>,
    /// How many days of the file lie outside the years asked for.
    outside: usize,
}

impl From<Found> for FoundView {
    fn from(found: Found) -> Self {
        Self {
            days: found.days.into_iter().map(Day::from).collect(),
            skipped: found.skipped.into_iter().map(SkippedView::from).collect(),
            outside: found.outside,
        }
    }
}

pub(super) fn add(verbs: &mut Verbs) {
    verbs.add(
        Verb::get("/api/v1/holidays", "findHolidays")
            .about("settings", "National days off of a country, to take into a calendar.")
            .right(Action::ManageSettings)
            .query::<Wanted>()
            .answers::<FoundView>(200),
        get(by_country),
    );
    verbs.add(
        Verb::post("/api/v1/holidays/read", "readHolidays")
            .about("settings", "Days off of a calendar file, to take into a calendar. Nothing is saved.")
            .right(Action::ManageSettings)
            .body::<FileBody>()
            .answers::<FoundView>(200),
        post(in_file),
    );
}

fn period(web: &Web, from: Option<i16>, years: Option<u8>) -> Result<Period, AppError> {
    let usual = holidays::usual_period(web.app.now().to_zoned(jiff::tz::TimeZone::UTC).date())?;
    match (from, years) {
        (None, None) => Ok(usual),
        (from, years) => holidays::period(from.unwrap_or_else(|| usual.from.year()), years.unwrap_or(7)),
    }
}

async fn by_country(
    State(web): State<Web>,
    ApiCaller(caller): ApiCaller,
    Query(wanted): Query<Wanted>,
) -> Answered {
    caller.may(Action::ManageSettings)?;
    let days = holidays::by_country(&wanted.country, period(&web, wanted.from, wanted.years)?)?;
    json(FoundView::from(Found { days, ..Found::default() }))
}

async fn in_file(
    State(web): State<Web>,
    ApiCaller(caller): ApiCaller,
    Body(body): Body<FileBody>,
) -> Answered {
    caller.may(Action::ManageSettings)?;
    let period = period(&web, body.from, body.years)?;
    json(FoundView::from(holidays::from_file(body.file.as_bytes(), period)?))
}
