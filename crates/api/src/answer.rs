//! Answers: a value as JSON, personal texts as plain strings, the version as `ETag`.

use axum::{
    Json,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use throughline_app::AppError;
use throughline_domain::personal;
use throughline_http::Problem;

/// What a handler gives.
pub type Answered = Result<Response, Problem>;

/// A value without personal texts.
pub fn json(value: impl Serialize) -> Answered {
    Ok(Json(value).into_response())
}

/// A value whose personal texts are shown as plain strings; erased ones are null.
pub fn shown(value: impl Serialize) -> Answered {
    let value = serde_json::to_value(value).map_err(AppError::broken)?;
    Ok(Json(personal::plain(value)).into_response())
}

/// Something was made.
pub fn created(value: impl Serialize) -> Answered {
    let mut response = shown(value)?;
    *response.status_mut() = StatusCode::CREATED;
    Ok(response)
}

/// Done, and nothing to say.
pub fn done() -> Answered {
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// With a version as `ETag`.
pub fn versioned(mut response: Response, version: u64) -> Response {
    if let Ok(value) = HeaderValue::try_from(format!("\"{version}\"")) {
        response.headers_mut().insert(header::ETAG, value);
    }
    response
}

/// The version `If-Match` asks for; none when it is absent or `*`.
pub fn if_match(headers: &HeaderMap) -> Result<Option<u64>, Problem> {
    let Some(value) = headers.get(header::IF_MATCH) else { return Ok(None) };
    let text = value.to_str().unwrap_or_default().trim();
    if text == "*" {
        return Ok(None);
    }
    let version =
        text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).and_then(|text| text.parse().ok());
    match version {
        Some(version) => Ok(Some(version)),
        None => Err(Problem::new("bad-request", "If-Match is the ETag you read, such as \"7\", or *")),
    }
}

/// The version `If-Match` must name; none for `*`: whatever is there by now.
pub fn must_match(headers: &HeaderMap) -> Result<Option<u64>, Problem> {
    if headers.contains_key(header::IF_MATCH) {
        return if_match(headers);
    }
    Err(Problem::new("precondition-required", "send If-Match with the ETag you read, or * to write over it"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn if_match_is_an_etag_or_a_star() {
        let asked = |value: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::IF_MATCH, HeaderValue::from_static(value));
            if_match(&headers).map_err(|problem| problem.kind)
        };
        assert_eq!(asked("\"7\""), Ok(Some(7)));
        assert_eq!(asked("*"), Ok(None));
        for odd in ["7", "W/\"7\"", "\"x\"", "\"1\", \"2\"", ""] {
            assert_eq!(asked(odd), Err("bad-request"), "{odd}");
        }
        assert_eq!(if_match(&HeaderMap::new()).map_err(|problem| problem.kind), Ok(None));
    }
}
