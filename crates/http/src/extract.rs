//! Bodies, queries and path parts, read strictly: what does not fit is told with its place.

use axum::{
    body::Bytes,
    extract::{FromRequest, FromRequestParts, Request, rejection::BytesRejection},
    http::{HeaderMap, header, request::Parts},
};
use serde::de::DeserializeOwned;
use serde_json::{error::Category, json};

use crate::Problem;

/// The largest JSON body taken.
pub const MOST_JSON: usize = 1024 * 1024;
/// The largest file taken for an import; only that route allows it.
pub const MOST_UPLOAD: usize = 25 * 1024 * 1024;

/// A JSON body. An empty one reads as `{}`: not every verb has something to say.
#[derive(Debug, Clone)]
pub struct Body<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let json = is_json(request.headers());
        let bytes = Bytes::from_request(request, state).await.map_err(unread)?;
        if bytes.is_empty() {
            return read(b"{}").map(Self);
        }
        if !json {
            return Err(Problem::new(
                "unsupported-media-type",
                "the body is not declared as application/json",
            ));
        }
        read(&bytes).map(Self)
    }
}

/// What kept a body from being read.
pub fn unread(why: BytesRejection) -> Problem {
    if why.status() == axum::http::StatusCode::PAYLOAD_TOO_LARGE {
        return Problem::new("too-large", "the body is larger than this address takes");
    }
    Problem::new("slow-body", "the body did not arrive whole")
}

fn is_json(headers: &HeaderMap) -> bool {
    let Some(value) = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()) else {
        return false;
    };
    let essence = value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    essence == "application/json" || (essence.starts_with("application/") && essence.ends_with("+json"))
}

/// Reads JSON; a problem names line and column, or the field.
pub fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    let mut from = serde_json::Deserializer::from_slice(bytes);
    let value: T = serde_path_to_error::deserialize(&mut from).map_err(|why| {
        let path = why.path().to_string();
        unfit(why.inner(), &path)
    })?;
    from.end().map_err(|why| unfit(&why, ""))?;
    Ok(value)
}

fn unfit(why: &serde_json::Error, path: &str) -> Problem {
    if why.classify() != Category::Data {
        return Problem::new("bad-request", format!("the body is no JSON: {why}"))
            .with("line", json!(why.line()))
            .with("column", json!(why.column()));
    }
    let text = why.to_string();
    // The place in the text says little to whoever built the body by program: the field does.
    let reason = text.rsplit_once(" at line ").map_or(text.as_str(), |(reason, _)| reason);
    let field = if path == "." { "" } else { path };
    let detail = if field.is_empty() { reason.to_owned() } else { format!("{field}: {reason}") };
    Problem::new("invalid", detail).with("field", json!(field))
}

/// A query string. Unknown names are refused where the type refuses them.
#[derive(Debug, Clone)]
pub struct Query<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        match axum::extract::Query::<T>::from_request_parts(parts, state).await {
            Ok(axum::extract::Query(query)) => Ok(Self(query)),
            Err(why) => {
                let text = why.body_text();
                let reason = text.rsplit_once("query string: ").map_or(text.as_str(), |(_, reason)| reason);
                Err(Problem::new("bad-request", format!("the query does not fit: {reason}")))
            }
        }
    }
}

/// Parts of the path. What cannot be an id is the id of nothing.
#[derive(Debug, Clone)]
pub struct Path<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Path<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        match axum::extract::Path::<T>::from_request_parts(parts, state).await {
            Ok(axum::extract::Path(path)) => Ok(Self(path)),
            Err(why) if why.status().is_server_error() => {
                Err(throughline_app::AppError::broken(why.body_text()).into())
            }
            Err(why) => Err(Problem::new(
                "not-found",
                format!("there is nothing at this address: {}", why.body_text()),
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only read into")]
    struct Order {
        items: Vec<Item>,
    }

    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only read into")]
    struct Item {
        count: u8,
    }

    fn refused(body: &str) -> (&'static str, String) {
        let problem = read::<Order>(body.as_bytes()).unwrap_err();
        (problem.kind, problem.detail)
    }

    #[test]
    fn a_problem_names_the_field_or_the_place() {
        assert_eq!(
            refused(r#"{"items":[{"count":1},{"count":"x"}]}"#),
            ("invalid", "items[1].count: invalid type: string \"x\", expected u8".to_owned())
        );
        assert_eq!(
            refused(r#"{"items":[{"count":1,"colour":2}]}"#),
            ("invalid", "items[0].colour: unknown field `colour`, expected `count`".to_owned())
        );
        assert_eq!(refused("{}"), ("invalid", "missing field `items`".to_owned()));
        assert_eq!(refused("{").0, "bad-request");
        assert_eq!(refused("{\"items\":[]} x").0, "bad-request");
        assert!(refused("").1.contains("line 1 column 0"));
    }
}
