//! Requests another site makes a browser send are refused (reliability §4).
//!
//! The browser's own word decides: `Sec-Fetch-Site`, and where it is missing, `Origin`. No token in forms: there is
//! nothing to leak or to expire. Holds because safe methods change nothing, which a test of all routes keeps true.

use axum::{
    extract::{Request, State},
    http::{HeaderMap, Method, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

use crate::{Problem, Web, session::cookie};

/// Lets a request pass or answers `cross-site`.
pub async fn layer(State(web): State<Web>, request: Request, next: Next) -> Response {
    match check(&web, request.method(), request.uri().path(), request.headers()) {
        Ok(()) => next.run(request).await,
        Err(detail) => Problem::new("cross-site", detail).into_response(),
    }
}

fn check(web: &Web, method: &Method, path: &str, headers: &HeaderMap) -> Result<(), &'static str> {
    // A page of another site cannot make a browser send a bearer token without asking first, and is told no.
    if method.is_safe() || is_bearer(headers) {
        return Ok(());
    }
    // On the API nothing is done for whom nobody vouches: without the cookie there is nothing to forge.
    if path.starts_with("/api/") && cookie(headers, web.cookie_name()).is_none() {
        return Ok(());
    }
    match headers.get("sec-fetch-site").map(|site| site.as_bytes()) {
        Some(b"same-origin" | b"none") => Ok(()),
        Some(_) => Err("the browser says that another site made this request"),
        None => same_origin(web, headers),
    }
}

fn is_bearer(headers: &HeaderMap) -> bool {
    let value = headers.get(header::AUTHORIZATION).map(|value| value.as_bytes());
    value.and_then(|value| value.get(..7)).is_some_and(|scheme| scheme.eq_ignore_ascii_case(b"bearer "))
}

fn same_origin(web: &Web, headers: &HeaderMap) -> Result<(), &'static str> {
    let text = |name| headers.get(name).and_then(|value: &axum::http::HeaderValue| value.to_str().ok());
    let Some(origin) = text(header::ORIGIN) else {
        return Err("neither Sec-Fetch-Site nor Origin says where the request comes from");
    };
    let host = origin.split_once("://").map(|(_, host)| host);
    let ours = origin == web.settings.public_url || (host.is_some() && host == text(header::HOST));
    if ours { Ok(()) } else { Err("its Origin is another site") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::web;

    fn asked(method: Method, path: &str, sent: &[(&str, &str)]) -> bool {
        let mut headers = HeaderMap::new();
        for (name, value) in sent {
            headers.insert(axum::http::HeaderName::try_from(*name).unwrap(), value.parse().unwrap());
        }
        check(&web(), &method, path, &headers).is_ok()
    }

    const COOKIE: (&str, &str) = ("cookie", "throughline=secret");

    #[test]
    fn a_form_of_this_site_passes_and_of_another_does_not() {
        for site in ["same-origin", "none"] {
            assert!(asked(Method::POST, "/sign-in", &[("sec-fetch-site", site)]));
        }
        for site in ["cross-site", "same-site", "", "SAME-ORIGIN"] {
            assert!(!asked(Method::POST, "/sign-in", &[("sec-fetch-site", site)]));
            assert!(!asked(Method::PUT, "/api/v1/deals/a/b", &[COOKIE, ("sec-fetch-site", site)]));
        }
    }

    #[test]
    fn without_the_browsers_word_the_origin_decides() {
        assert!(asked(Method::POST, "/x", &[("origin", "http://localhost:8080")]));
        assert!(asked(Method::POST, "/x", &[("origin", "http://127.0.0.1:1"), ("host", "127.0.0.1:1")]));
        assert!(!asked(Method::POST, "/x", &[("origin", "https://evil.example"), ("host", "127.0.0.1:1")]));
        assert!(!asked(Method::POST, "/x", &[("origin", "null"), ("host", "null")]));
        assert!(!asked(Method::POST, "/x", &[]));
    }

    #[test]
    fn programs_with_a_token_and_safe_methods_are_no_matter() {
        let evil = ("sec-fetch-site", "cross-site");
        assert!(asked(Method::POST, "/api/v1/x", &[evil, ("authorization", "Bearer tl_x"), COOKIE]));
        assert!(asked(Method::GET, "/x", &[evil, COOKIE]));
        assert!(asked(Method::POST, "/api/v1/x", &[evil]));
        assert!(!asked(Method::POST, "/api/v1/x", &[evil, COOKIE, ("authorization", "Basic eA==")]));
    }
}
