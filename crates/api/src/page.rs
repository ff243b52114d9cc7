//! Lists in pages: a cursor nobody needs to understand, and the address of the next page.

use axum::http::Uri;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use throughline_app::gates::escaped;
use throughline_http::Problem;

/// Rows when none says how many.
pub const USUAL: u32 = 50;
/// The most rows of a page.
pub const MOST: u32 = 200;

/// A page of a list.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Listed<T> {
    /// The rows.
    pub rows: Vec<T>,
    /// The address of the next page; null on the last.
    pub next: Option<String>,
}

/// How many rows, and from where.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Paged {
    /// How many rows at most; 50 when left out.
    #[schemars(range(min = 1, max = 200))]
    pub limit: Option<u32>,
    /// Where the page begins: as found in `next`.
    #[schemars(length(max = 1000))]
    pub after: Option<String>,
}

impl<T> Listed<T> {
    /// A page with the address of the next: this one's, with another cursor.
    pub fn new<C: Serialize>(rows: Vec<T>, next: Option<C>, uri: &Uri) -> Self {
        let next = next.as_ref().map(|cursor| {
            let kept = uri
                .query()
                .unwrap_or_default()
                .split('&')
                .filter(|pair| !pair.is_empty() && !pair.starts_with("after="));
            let mut query: Vec<&str> = kept.collect();
            let cursor = format!("after={}", escaped(&encode(cursor)));
            query.push(&cursor);
            format!("{}?{}", uri.path(), query.join("&"))
        });
        Self { rows, next }
    }
}

/// The limit asked for, within bounds.
pub fn limit(asked: Option<u32>) -> Result<u32, Problem> {
    match asked.unwrap_or(USUAL) {
        limit @ 1..=MOST => Ok(limit),
        _ => {
            Err(Problem::new("bad-request", format!("limit is from 1 to {MOST}"))
                .with("field", "limit".into()))
        }
    }
}

/// Whether more may follow a stretch of this length.
pub fn maybe_more<T, C>(rows: &[T], limit: u32, place: impl Fn(&T) -> C) -> Option<C> {
    rows.last().filter(|_| rows.len() >= limit as usize).map(place)
}

pub(crate) fn encode(cursor: &impl Serialize) -> String {
    URL_SAFE_NO_PAD.encode(serde_json::to_vec(cursor).unwrap_or_default())
}

/// Reads a cursor this server wrote.
pub fn decode<C: DeserializeOwned>(text: Option<&str>) -> Result<Option<C>, Problem> {
    let Some(text) = text else { return Ok(None) };
    let read = URL_SAFE_NO_PAD.decode(text).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok());
    read.map(Some).ok_or_else(wrong)
}

/// The cursor is none of ours, or of another order.
pub fn wrong() -> Problem {
    Problem::new("bad-request", "after is no place in this list; take it from `next`")
        .with("field", "after".into())
}

/// A list written with commas.
pub fn split(text: Option<&str>) -> impl Iterator<Item = &str> {
    text.unwrap_or_default().split(',').map(str::trim).filter(|part| !part.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_page_keeps_the_filters_and_moves_the_cursor() {
        let uri: Uri = "/api/v1/handoffs?life=live&after=old&limit=2".parse().unwrap();
        let page = Listed::new(vec![1, 2], Some(("Ü", 7)), &uri);
        let next = page.next.unwrap();
        assert!(next.starts_with("/api/v1/handoffs?life=live&limit=2&after="), "{next}");
        let cursor = next.rsplit_once('=').unwrap().1;
        assert_eq!(decode::<(String, u8)>(Some(cursor)).unwrap(), Some(("Ü".to_owned(), 7)));
        assert_eq!(decode::<(String, u8)>(Some("nonsense")).unwrap_err().kind, "bad-request");
        assert!(Listed::new(vec![1], None::<u8>, &uri).next.is_none());
    }

    #[test]
    fn a_limit_out_of_bounds_is_told() {
        assert_eq!(limit(None).unwrap(), USUAL);
        assert!(limit(Some(0)).is_err());
        assert!(limit(Some(201)).is_err());
    }
}
