//! What a page answers: HTML, a redirect with a message, or a problem, of which a page is made around the handlers.

use askama::Template;
use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Response},
};
use throughline_app::{AppError, gates::escaped};
use throughline_http::Problem;

use crate::{ui::Tone, visit::FLASH_COOKIE};

/// A use case failed; a page is made of it, with the problem's status.
#[derive(Debug)]
pub struct Failed(pub Problem);

impl From<AppError> for Failed {
    fn from(why: AppError) -> Self {
        Self(why.into())
    }
}

impl From<Problem> for Failed {
    fn from(problem: Problem) -> Self {
        Self(problem)
    }
}

/// A rendered page. The message of the last action was shown with it, so its cookie goes.
pub fn html(page: &impl Template) -> Response {
    html_with(StatusCode::OK, page)
}

/// A rendered page with a status.
pub fn html_with(status: StatusCode, page: &impl Template) -> Response {
    match page.render() {
        Ok(text) => {
            let clear =
                HeaderValue::from_static("throughline_flash=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax");
            (status, [(header::SET_COOKIE, clear)], Html(text)).into_response()
        }
        Err(why) => failed(&AppError::broken(why).into()),
    }
}

/// A rendered page with a problem's status, and when to try again where the problem says.
pub fn html_of(problem: &Problem, page: &impl Template) -> Response {
    let mut response = html_with(problem.status, page);
    wait(&mut response, problem);
    response
}

fn wait(response: &mut Response, problem: &Problem) {
    if let Some(seconds) = problem.retry_after {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
}

/// See other, with a message in a cookie.
pub fn redirect(to: &str, cookie: Option<HeaderValue>) -> Response {
    let location = HeaderValue::from_str(to).unwrap_or(HeaderValue::from_static("/"));
    let mut response = (StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response();
    if let Some(cookie) = cookie {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// The cookie that carries a message over a redirect.
pub fn flash_cookie(tone: Tone, text: &str) -> HeaderValue {
    let tone = match tone {
        Tone::Good => "good",
        Tone::Bad => "bad",
        _ => "info",
    };
    let short: String = text.chars().take(400).collect();
    HeaderValue::from_str(&format!(
        "{FLASH_COOKIE}={tone}.{}; Path=/; Max-Age=60; HttpOnly; SameSite=Lax",
        escaped(&short)
    ))
    .unwrap_or(HeaderValue::from_static("throughline_flash=; Path=/; Max-Age=0"))
}

/// Undoes the percent encoding of a cookie or a query value.
pub fn unescape(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let pair = [rest.next()?, rest.next()?];
            bytes.push(u8::from_str_radix(std::str::from_utf8(&pair).ok()?, 16).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok()
}

/// A path of this site to go to next; anything else is the start page (no open redirects).
pub fn safe_path(wanted: &str) -> &str {
    let inside = wanted.starts_with('/') && !wanted.starts_with("//") && !wanted.contains(['\\', '\r', '\n']);
    if inside { wanted } else { "/" }
}

/// A problem as it is answered. Whoever knows the reader makes a page of it: [`crate::failure::layer`].
pub fn failed(problem: &Problem) -> Response {
    problem.clone().into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_paths_of_this_site_are_followed() {
        assert_eq!(safe_path("/handoffs/1?a=b"), "/handoffs/1?a=b");
        for outside in [
            "https://evil.example",
            "//evil.example",
            "/\\evil.example",
            "javascript:alert(1)",
            "",
            "/a\r\nb",
        ] {
            assert_eq!(safe_path(outside), "/", "{outside}");
        }
    }

    #[test]
    fn a_message_comes_back_from_its_cookie() {
        let cookie = flash_cookie(Tone::Good, "Gespeichert: 5 % für “Lindner”; ok");
        let value = cookie.to_str().unwrap().split([';', '=']).nth(1).unwrap().to_owned();
        assert_eq!(unescape(value.split_once('.').unwrap().1).unwrap(), "Gespeichert: 5 % für “Lindner”; ok");
    }
}
