//! What went wrong, as a page for whoever reads it: in their language and theme, with what to do about it.
//!
//! A handler answers a problem as data and knows nothing of its reader; the layer here knows the request and makes the
//! page. So a problem from anywhere reads alike: from a handler, from a route that takes another method, from a limit.
//! Absent on purpose: anything for programs. What they ask for stays JSON.

mod kinds;
mod reasons;
mod words;

use askama::Template;
use axum::{
    extract::Request,
    http::{HeaderName, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{Html, IntoResponse, Response},
};
use jiff::tz::TimeZone;
use throughline_app::gates::escaped;
use throughline_http::Problem;

use crate::{
    chrome::{Chrome, Theme},
    i18n::{Key, Text},
    key,
    pages::portal,
    visit,
};

pub use kinds::{Kind, Way, kind};
pub use reasons::reason;
pub use words::{refusal, sentence, told};

/// Addresses that programs ask: their problems stay as they are.
const FOR_PROGRAMS: [&str; 6] = ["/api/", "/assets/", "/live", "/healthz", "/readyz", "/metrics"];

/// Makes a page of every problem that a person meets. Stands around all routes, and around the layers that refuse
/// before any route is reached; what one has made, the other lets pass.
pub async fn layer(request: Request, next: Next) -> Response {
    let Some(reader) = Reader::of(&request) else { return next.run(request).await };
    let mut response = next.run(request).await;
    match problem_in(&mut response) {
        Some(problem) => reader.shown(response, &problem),
        None => response,
    }
}

/// The problem an answer carries, or stands for.
fn problem_in(response: &mut Response) -> Option<Problem> {
    if let Some(problem) = response.extensions_mut().remove::<Problem>() {
        return Some(problem);
    }
    let status = response.status();
    let headers = response.headers();
    let is_plain =
        headers.get(header::CONTENT_TYPE).is_none_or(|kind| kind.as_bytes().starts_with(b"text/plain"));
    // A partial update that is sent elsewhere has its answer.
    if !(status.is_client_error() || status.is_server_error())
        || !is_plain
        || headers.contains_key("hx-redirect")
    {
        return None;
    }
    let kind = match status {
        StatusCode::UNAUTHORIZED => "not-signed-in",
        StatusCode::FORBIDDEN => "forbidden",
        StatusCode::NOT_FOUND => "not-found",
        StatusCode::METHOD_NOT_ALLOWED => "method-not-allowed",
        StatusCode::REQUEST_TIMEOUT => "slow-body",
        StatusCode::CONFLICT => "conflict",
        StatusCode::GONE => "link-used-up",
        StatusCode::PAYLOAD_TOO_LARGE => "too-large",
        StatusCode::UNSUPPORTED_MEDIA_TYPE => "unsupported-media-type",
        StatusCode::UNPROCESSABLE_ENTITY => "invalid",
        StatusCode::TOO_MANY_REQUESTS => "too-many",
        StatusCode::SERVICE_UNAVAILABLE => "unavailable",
        status if status.is_client_error() => "bad-request",
        _ => "broken",
    };
    // What such an answer says was written for programs.
    Some(Problem { status, ..Problem::new(kind, "") })
}

/// Who asked, as far as a page has to know.
struct Reader {
    t: Text,
    theme: Theme,
    /// The address, to come back to; the start page where that cannot be looked at.
    path: String,
    looks: bool,
    is_portal: bool,
    /// Whether htmx asks for a part of a page.
    partial: bool,
    /// Whether a form that saves itself asks: it says itself where things stand.
    saves_itself: bool,
}

#[derive(Template)]
#[template(path = "pages/failed.html")]
struct FailedPage {
    chrome: Chrome,
    status: u16,
    title: String,
    told: String,
    advice: String,
    ways: Vec<(Key, String)>,
}

#[derive(Template)]
#[template(path = "pages/failed_part.html")]
struct FailedPart {
    title: String,
    told: String,
    advice: String,
}

impl Reader {
    fn of(request: &Request) -> Option<Self> {
        let (uri, headers) = (request.uri(), request.headers());
        let path = uri.path();
        if FOR_PROGRAMS.iter().any(|start| path.starts_with(start)) {
            return None;
        }
        let looks = matches!(*request.method(), Method::GET | Method::HEAD);
        let whole = uri.path_and_query().map_or("/", |path| path.as_str());
        Some(Self {
            t: Text::new(visit::locale(headers), TimeZone::UTC),
            theme: visit::theme(headers),
            is_portal: path == "/portal" || path.starts_with("/portal/"),
            path: if looks { whole } else { "/" }.to_owned(),
            looks,
            partial: headers.contains_key("hx-request"),
            saves_itself: headers.contains_key(header::IF_MATCH),
        })
    }

    /// The answer with the problem's page in place of what it held; its headers stay.
    fn shown(&self, mut response: Response, problem: &Problem) -> Response {
        let text = match (self.partial, self.is_portal) {
            (true, _) => self.part(problem).render(),
            (false, true) => portal::lost(self.chrome(), problem).render(),
            (false, false) => self.page(problem).render(),
        };
        let text = text.unwrap_or_else(|why| {
            tracing::error!(%why, "the page of a problem cannot be written");
            self.t.get(kind(problem.kind).title).into_owned()
        });
        let (parts, body) = (problem.status, Html(text)).into_response().into_parts();
        let headers = response.headers_mut();
        headers.remove(header::CONTENT_LENGTH);
        headers.extend(parts.headers);
        // Elsewhere than in its target, so that nothing that was typed there is swapped away.
        if self.partial && !self.saves_itself {
            for (name, value) in
                [("hx-retarget", "#flash"), ("hx-reswap", "innerHTML"), ("hx-reselect", "#failed")]
            {
                headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
            }
        }
        *response.status_mut() = parts.status;
        *response.body_mut() = body;
        response
    }

    fn chrome(&self) -> Chrome {
        Chrome::bare(self.t.clone(), self.theme).at(self.path.clone())
    }

    fn page(&self, problem: &Problem) -> FailedPage {
        let FailedPart { title, told, advice } = self.part(problem);
        let home = (key!("failed-home"), "/".to_owned());
        let ways = match kind(problem.kind).way {
            Way::SignIn => {
                vec![(key!("failed-sign-in"), format!("/sign-in?next={}", escaped(&self.path)))]
            }
            Way::Again if self.looks => vec![(key!("failed-again"), self.path.clone()), home],
            Way::Again | Way::Home => vec![home],
        };
        FailedPage { chrome: self.chrome(), status: problem.status.as_u16(), title, told, advice, ways }
    }

    fn part(&self, problem: &Problem) -> FailedPart {
        let Kind { title, advice, .. } = kind(problem.kind);
        FailedPart {
            title: self.t.get(title).into_owned(),
            told: told(&self.t, problem),
            advice: self.t.get(advice).into_owned(),
        }
    }
}
