//! The customer's portal: the pages somebody at the customer sees, without an account and without scripts (R4.1, R4.2,
//! R4.4).
//!
//! They have a layout of their own, from which nothing leads to a page of the staff, and a session of their own, which
//! opens nothing else. What is shown is `PortalView` and nothing beside it. Absent on purpose: scripts, but for the one
//! that tells the reader's zone; whatever is done here is a plain form.

mod acts;
mod entrance;
mod forms;
mod plan;
mod shown;
mod sign;
pub mod signed;

use std::net::IpAddr;

use askama::Template;
use axum::{
    Router,
    extract::{FromRequestParts, Path},
    http::{HeaderMap, HeaderValue, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use jiff::{civil::Date, tz::TimeZone};
use serde::de::DeserializeOwned;
use throughline_app::{AppError, portal::Visitor, secrets};
use throughline_http::{
    Problem, Web,
    limit::client_of,
    session::{PortalCookie, cookie, portal_cookie},
};
use throughline_sample::walk::walk_of_customer;

use crate::{
    answer::{self, redirect},
    chrome::{Chrome, Flash, Theme, WalkPanel},
    i18n::{Key, Text},
    key,
    pages::walk,
    ui::{Person, Tone},
    visit,
};

/// The longest browser's secret that is taken for one.
const LONGEST_BROWSER: usize = 100;

/// The name of the cookie a script of the portal keeps the reader's zone in.
const ZONE_COOKIE: &str = "throughline_zone";

/// The longest name of a zone that is looked for.
const LONGEST_ZONE: usize = 64;

/// The routes.
pub fn routes() -> Router<Web> {
    Router::new()
        .merge(entrance::routes())
        .merge(plan::routes())
        .merge(acts::routes())
        .merge(sign::routes())
        .merge(signed::routes())
}

/// What the portal's layout needs beside the chrome.
pub struct Frame {
    /// The company that looks after them; empty while nobody is in.
    pub company: Person,
    /// Who is in.
    pub reader: Option<Person>,
    /// Whose times they read; none where no time is shown.
    pub zone: Option<String>,
}

impl Frame {
    fn outside() -> Self {
        Self { company: Person::named(""), reader: None, zone: None }
    }
}

/// A page of the portal that cannot be shown: what is wrong, in the portal's own frame. Nothing of the product's words
/// for it, and nothing that leads to the staff's pages.
#[derive(Debug)]
pub struct Lost(pub Problem);

/// What a page of the portal answers.
pub type Answer = Result<Response, Lost>;

impl From<AppError> for Lost {
    fn from(why: AppError) -> Self {
        Self(why.into())
    }
}

/// What cannot be shown, in the portal's own frame.
#[derive(Template)]
#[template(path = "pages/portal/lost.html")]
pub struct LostPage {
    chrome: Chrome,
    f: Frame,
    text: Key,
}

/// The page of a problem for a reader at a customer.
pub fn lost(chrome: Chrome, problem: &Problem) -> LostPage {
    let text = match problem.status {
        StatusCode::FORBIDDEN => key!("portal-lost-forbidden"),
        StatusCode::TOO_MANY_REQUESTS => key!("portal-lost-wait"),
        StatusCode::PAYLOAD_TOO_LARGE => key!("portal-lost-large"),
        StatusCode::NOT_FOUND | StatusCode::GONE | StatusCode::METHOD_NOT_ALLOWED => key!("portal-lost-text"),
        _ if problem.kind == "took-too-long" => key!("portal-lost-late"),
        status if status.is_server_error() => key!("portal-lost-again"),
        _ => key!("portal-lost-request"),
    };
    LostPage { chrome, f: Frame::outside(), text }
}

impl IntoResponse for Lost {
    fn into_response(self) -> Response {
        answer::failed(&self.0)
    }
}

/// What an address of a plan names. Anything that is no id is not there.
pub struct In<T>(pub T);

impl<T: DeserializeOwned + Send> FromRequestParts<Web> for In<T> {
    type Rejection = Lost;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Lost> {
        match Path::<T>::from_request_parts(parts, web).await {
            Ok(Path(named)) => Ok(Self(named)),
            Err(_) => Err(AppError::NotFound("page").into()),
        }
    }
}

/// Somebody at the door: their browser, and whoever it is in as.
pub struct Door {
    /// The server's state.
    pub web: Web,
    /// Words, dates and numbers.
    pub t: Text,
    /// Where they ask from.
    pub client: IpAddr,
    /// What this browser is known by, where it is known.
    pub browser: Option<String>,
    zone: Option<TimeZone>,
    theme: Theme,
    path: String,
    flash: Option<Flash>,
    session: Option<String>,
}

impl FromRequestParts<Web> for Door {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Self::Rejection> {
        let held = |what| cookie(&parts.headers, web.portal_cookie_name(what));
        let browser = held(PortalCookie::Browser);
        Ok(Self {
            t: Text::new(visit::locale(&parts.headers), TimeZone::UTC),
            client: client_of(&web.shared.proxies, &parts.extensions, &parts.headers),
            browser: browser.filter(|value| (20..=LONGEST_BROWSER).contains(&value.len())),
            zone: zone(&parts.headers),
            theme: visit::theme(&parts.headers),
            path: parts.uri.path_and_query().map_or_else(|| "/portal".to_owned(), ToString::to_string),
            flash: visit::flash(&parts.headers),
            session: held(PortalCookie::Session),
            web: web.clone(),
        })
    }
}

impl Door {
    fn chrome(&self) -> Chrome {
        Chrome::bare(self.t.clone(), self.theme).at(self.path.clone()).flash(self.flash.clone())
    }

    /// The secret this browser is known by, and the header that makes it known by it.
    fn known(&self) -> (String, Option<HeaderValue>) {
        let secret = self.browser.clone().unwrap_or_else(|| secrets::secret(""));
        let cookie = portal_cookie(&self.web, PortalCookie::Browser, Some(&secret));
        (secret, cookie)
    }

    /// Whoever this browser is in as.
    async fn visitor(&self) -> Result<Option<Visitor>, AppError> {
        let Some(session) = &self.session else { return Ok(None) };
        match self.web.app.portal_visitor(session).await {
            Ok(visitor) => Ok(Some(visitor)),
            Err(AppError::NotSignedIn) => Ok(None),
            Err(other) => Err(other),
        }
    }
}

/// Somebody at a customer who is in. Others are sent to where a link is asked for.
pub struct Inside {
    /// The server's state.
    pub web: Web,
    /// Who.
    pub visitor: Visitor,
    /// Words, dates and numbers, in the zone of the visitor's browser; where it tells none, in the company's.
    pub t: Text,
    /// The company's zone, whose day counts.
    zone: TimeZone,
    company: String,
    theme: Theme,
    path: String,
    flash: Option<Flash>,
    walk: Option<WalkPanel>,
    walk_hidden: bool,
}

impl FromRequestParts<Web> for Inside {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Response> {
        let Ok(door) = Door::from_request_parts(parts, web).await;
        let failed = |why: AppError| Lost::from(why).into_response();
        let Some(visitor) = door.visitor().await.map_err(failed)? else {
            return Err(redirect("/portal", None));
        };
        let org = web.app.organisation(visitor.org).await.map_err(failed)?;
        let zone = org.calendar.zone().time_zone().clone();
        let t = Text::new(visit::locale(&parts.headers), door.zone.clone().unwrap_or_else(|| zone.clone()));
        let wish = walk::wish(&parts.headers);
        let walk = match web.settings.demo {
            true => walk_of_customer(&web.app, org.id, visitor.person.id, visitor.person.account).await,
            false => Ok(None),
        };
        Ok(Self {
            web: web.clone(),
            visitor,
            walk: walk.map_err(failed)?.map(|walk| WalkPanel::of(&t, &walk, &wish)),
            walk_hidden: wish.hidden,
            t,
            zone,
            company: org.name,
            theme: door.theme,
            path: door.path,
            flash: door.flash,
        })
    }
}

impl Inside {
    fn chrome(&self) -> Chrome {
        Chrome::bare(self.t.clone(), self.theme)
            .at(self.path.clone())
            .flash(self.flash.clone())
            .walk(self.walk.clone(), self.walk_hidden)
    }

    fn frame(&self) -> Frame {
        Frame {
            company: Person::named(self.company.clone()),
            reader: Some(Person::named(self.visitor.person.name.clone())),
            zone: Some(self.t.zone_name().replace('_', " ")),
        }
    }

    /// Today where the company is: what is due or reached on a day is held against it.
    fn today(&self) -> Date {
        self.web.app.now().to_zoned(self.zone.clone()).date()
    }

    /// Back to a page, with a message.
    fn back(&self, to: &str, text: &str) -> Response {
        redirect(to, Some(answer::flash_cookie(Tone::Good, text)))
    }
}

/// The zone a reader's browser says it is in; anything that is no zone says nothing.
fn zone(headers: &HeaderMap) -> Option<TimeZone> {
    let name = cookie(headers, ZONE_COOKIE).filter(|name| name.len() <= LONGEST_ZONE)?;
    TimeZone::get(&name).ok()
}

/// The same answer with one more cookie.
fn with_cookie(mut response: Response, cookie: Option<HeaderValue>) -> Response {
    if let Some(cookie) = cookie {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}
