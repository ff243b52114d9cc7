//! Small things several pages need: what is wrong with a form shown in place, places of long lists in addresses.

use axum::{
    http::{StatusCode, Uri},
    response::Response,
};
use throughline_app::{AppError, gates::escaped};
use throughline_domain::PersonId;
use throughline_http::Problem;

use crate::{
    answer::{Failed, redirect, safe_path, unescape},
    failure,
    i18n::Text,
};

/// What is wrong with a form that is shown again as it was typed.
#[derive(Debug, Clone)]
pub struct Wrong {
    /// The answer's status.
    pub status: StatusCode,
    /// The field it is about, when it is about one.
    pub field: Option<String>,
    /// In a sentence.
    pub text: String,
}

impl Wrong {
    /// A refusal that the form itself can answer; anything else is a page of its own.
    pub fn of(t: &Text, why: AppError) -> Result<Self, Failed> {
        let (field, text) = match &why {
            AppError::Invalid { field, reason } => {
                (Some(field.clone()), failure::reason(t, reason).into_owned())
            }
            AppError::Conflict(text) => (None, failure::reason(t, text).into_owned()),
            AppError::Refused(refusal) => (None, failure::refusal(t, refusal)),
            AppError::Stale { .. } => (None, t.get(failure::kind("stale").advice).into_owned()),
            _ => return Err(why.into()),
        };
        Ok(Self { status: Problem::from(why).status, field, text })
    }

    /// A fault of a field, found by the page itself.
    pub fn at(field: &str, text: impl Into<String>) -> Self {
        Self { status: StatusCode::UNPROCESSABLE_ENTITY, field: Some(field.to_owned()), text: text.into() }
    }
}

/// The text for a field's error, when what is wrong is about this field.
pub fn at(wrong: Option<&Wrong>, field: &str) -> Option<String> {
    wrong.filter(|wrong| wrong.field.as_deref() == Some(field)).map(|wrong| wrong.text.clone())
}

/// The text for a notice above the form: what is wrong with none of the fields it shows.
pub fn beside(wrong: Option<&Wrong>, shown: &[&str]) -> Option<String> {
    let wrong = wrong?;
    match wrong.field.as_deref() {
        Some(field) if shown.contains(&field) => None,
        Some(field) => Some(format!("{}: {}", field.replace('_', " "), wrong.text)),
        None => Some(wrong.text.clone()),
    }
}

/// A place in the list of people as part of an address.
pub fn people_cursor(place: &(String, PersonId)) -> String {
    escaped(&format!("{}~{}", place.1, place.0))
}

/// The place an address names; none for anything else.
pub fn people_place(cursor: &str) -> Option<(String, PersonId)> {
    let (id, name) = cursor.split_once('~')?;
    Some((name.to_owned(), id.parse().ok()?))
}

/// A query string without the pairs of the given names: what a link to the same list keeps.
pub fn query_without(path: &str, names: &[&str]) -> String {
    let Some((_, query)) = path.split_once('?') else { return String::new() };
    let kept: Vec<&str> = query
        .split('&')
        .filter(|pair| {
            let name = pair.split('=').next().unwrap_or_default();
            let name = unescape(name).unwrap_or_default();
            !pair.is_empty() && !names.contains(&name.as_str())
        })
        .collect();
    kept.join("&")
}

/// A form that was shown again stands at the address it was posted to; who reloads that address, or changes the
/// theme there, goes to the page above it.
pub async fn above(uri: Uri) -> Response {
    let path = uri.path().trim_end_matches('/');
    let above = path.rsplit_once('/').map_or("/", |(above, _)| above);
    redirect(safe_path(above), None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_in_the_list_of_people_comes_back_whatever_the_name_holds() {
        for name in ["maya", "a~b & c=d", "łukasz", ""] {
            let place = (name.to_owned(), PersonId("01890a5d-ac96-774b-bcce-b302099a8057".parse().unwrap()));
            assert_eq!(people_place(&unescape(&people_cursor(&place)).unwrap()), Some(place));
        }
        assert_eq!(people_place("nonsense"), None);
    }

    #[test]
    fn a_link_to_the_same_list_keeps_its_filters_and_drops_the_place() {
        assert_eq!(query_without("/people?q=a%20b&after=x&show=all", &["after"]), "q=a%20b&show=all");
        assert_eq!(query_without("/people", &["after"]), "");
    }
}
