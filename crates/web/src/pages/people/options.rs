//! People by what is typed into a field that names one: lines for the browser to complete it with.

use askama::Template;
use axum::extract::Query;
use serde::Deserialize;
use throughline_store::PersonStatus;

use super::pick::written;
use crate::{
    answer::html,
    visit::{Answer, Visit},
};

/// People looked through, and lines given: a browser shows no more at once.
const LOOKED_AT: u32 = 50;
const LINES: usize = 12;
/// The longest text that is asked for, in characters.
const LONGEST: usize = 200;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    q: String,
    /// Also those who cannot sign in: they may have sold what is looked for.
    any: String,
}

#[derive(Template)]
#[template(path = "pages/people/options.html")]
struct Options {
    people: Vec<String>,
}

pub async fn lines(visit: Visit, Query(asked): Query<Asked>) -> Answer {
    let q: String = asked.q.trim().chars().take(LONGEST).collect();
    let found = match q.is_empty() {
        true => Vec::new(),
        false => visit.web.app.list_people(&visit.caller, Some(&q), None, LOOKED_AT).await?.rows,
    };
    let fits = |status: PersonStatus| match asked.any.is_empty() {
        true => status.signs_in(),
        false => status != PersonStatus::Deactivated,
    };
    let people = found.iter().filter(|person| fits(person.status)).take(LINES).map(written).collect();
    Ok(html(&Options { people }))
}
