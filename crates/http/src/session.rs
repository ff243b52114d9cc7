//! Who asks: a session cookie on pages, a bearer token or the cookie on the API.

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, HeaderValue, header, request::Parts},
    response::{IntoResponse, Redirect, Response},
};
use throughline_app::{AppError, Caller, gates::escaped, held::Held};
use throughline_store::Person;

use crate::{Problem, Web};

/// Somebody signed in on a page. Others are sent to the sign-in page and back.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// The caller for use cases.
    pub caller: Caller,
    /// Themselves.
    pub person: Person,
    /// The session's secret, for signing out.
    pub secret: String,
}

impl FromRequestParts<Web> for SignedIn {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Response> {
        let found = match cookie(&parts.headers, web.cookie_name()) {
            Some(secret) => {
                web.app.session_caller(&secret).await.map(|(caller, person)| (caller, person, secret))
            }
            None => Err(AppError::NotSignedIn),
        };
        match found {
            Ok((caller, person, secret)) => Ok(Self { caller, person, secret }),
            Err(AppError::NotSignedIn) => {
                let wanted = parts.uri.path_and_query().map_or("/", |wanted| wanted.as_str());
                let back = if parts.method == axum::http::Method::GET { wanted } else { "/" };
                let to = format!("/sign-in?next={}", escaped(back));
                // A partial update cannot follow a redirect to a whole page: the client is told to go there.
                if parts.headers.contains_key("hx-request") {
                    return Err(([("hx-redirect", to)], axum::http::StatusCode::UNAUTHORIZED).into_response());
                }
                Err(Redirect::to(&to).into_response())
            }
            Err(other) => Err(Problem::from(other).into_response()),
        }
    }
}

/// A program with a token, or a browser with a session, on the API.
#[derive(Debug, Clone)]
pub struct ApiCaller(pub Caller);

impl FromRequestParts<Web> for ApiCaller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Problem> {
        let mut caller = who(parts, web).await?;
        caller.held = parts.extensions.get::<Held>().cloned();
        Ok(Self(caller))
    }
}

async fn who(parts: &Parts, web: &Web) -> Result<Caller, Problem> {
    if let Some(header) = parts.headers.get(header::AUTHORIZATION) {
        let secret = header.to_str().ok().and_then(|value| {
            let (scheme, secret) = value.split_once(' ')?;
            scheme.eq_ignore_ascii_case("bearer").then(|| secret.trim())
        });
        return match secret {
            Some(secret) => Ok(web.app.token_caller(secret).await?),
            None => Err(AppError::NotSignedIn.into()),
        };
    }
    match cookie(&parts.headers, web.cookie_name()) {
        Some(secret) => Ok(web.app.session_caller(&secret).await?.0),
        None => Err(AppError::NotSignedIn.into()),
    }
}

/// A cookie's value.
pub fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(';'))
        .find_map(|pair| {
            let (key, value) = pair.trim().split_once('=')?;
            (key == name).then(|| value.to_owned())
        })
}

/// The header that sets the session cookie, or clears it when `secret` is none.
pub fn session_cookie(web: &Web, secret: Option<&str>) -> Option<HeaderValue> {
    kept_for(web, web.cookie_name(), secret, throughline_app::people::SESSION_HOURS)
}

/// A cookie of the customer's portal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PortalCookie {
    /// The secret of who is in.
    Session,
    /// What makes a browser the one that asked: links are bound to it.
    Browser,
}

/// The header that sets a cookie of the portal, or clears it when `secret` is none.
pub fn portal_cookie(web: &Web, what: PortalCookie, secret: Option<&str>) -> Option<HeaderValue> {
    let hours = match what {
        PortalCookie::Session => throughline_app::people::SESSION_HOURS,
        PortalCookie::Browser => BROWSER_HOURS,
    };
    kept_for(web, web.portal_cookie_name(what), secret, hours)
}

/// How long a browser stays the one that asked: far longer than a link lives.
const BROWSER_HOURS: i64 = 30 * 24;

fn kept_for(web: &Web, name: &str, secret: Option<&str>, hours: i64) -> Option<HeaderValue> {
    let secure = if web.settings.secure { "; Secure" } else { "" };
    let (value, age) = match secret {
        Some(secret) => (secret, hours * 3600),
        None => ("", 0),
    };
    HeaderValue::from_str(&format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={age}{secure}"))
        .ok()
}
