//! One visit: who is signed in, how they read, what the last action said. Every page begins here.

use std::net::IpAddr;

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, Method, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use jiff::tz::TimeZone;
use throughline_app::{AppError, Caller};
use throughline_domain::access::Action;
use throughline_http::{SignedIn, Web, limit::client_of, session::cookie};
use throughline_store::Person as StoredPerson;

use crate::{
    answer::{self, flash_cookie},
    chrome::{Chrome, First, Flash, Place, Reader, Theme, WalkPanel, WalkWish},
    form::Posted,
    i18n::{Locale, Text},
    pages::walk,
    ui::{Person, Tone},
};

/// The name of the cookie that carries a message over a redirect.
pub const FLASH_COOKIE: &str = "throughline_flash";
/// The name of the cookie that keeps the chosen language.
pub const LOCALE_COOKIE: &str = "throughline_locale";

/// Somebody signed in looks at a page or presses a button.
pub struct Visit {
    /// The server's state.
    pub web: Web,
    /// The caller for use cases.
    pub caller: Caller,
    /// Themselves.
    pub me: StoredPerson,
    /// The session's secret.
    pub secret: String,
    /// Words, dates and numbers for them.
    pub t: Text,
    /// Whether htmx asks for a part of the page.
    pub partial: bool,
    theme: Theme,
    path: String,
    flash: Option<Flash>,
    organisation: String,
    walk: Option<WalkPanel>,
    wish: WalkWish,
    sample_of: Option<String>,
    first: Option<First>,
}

impl FromRequestParts<Web> for Visit {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Response> {
        let signed = SignedIn::from_request_parts(parts, web).await?;
        Self::of(signed, parts, web).await.map_err(|why| answer::failed(&why.into()))
    }
}

impl Visit {
    /// A visit that does not keep the session in use.
    ///
    /// # Errors
    /// [`AppError::NotSignedIn`] without a session that stands.
    pub async fn watching(parts: &Parts, web: &Web) -> Result<Self, AppError> {
        let secret = cookie(&parts.headers, web.cookie_name()).ok_or(AppError::NotSignedIn)?;
        let (caller, person) = web.app.session_watcher(&secret).await?;
        Self::of(SignedIn { caller, person, secret }, parts, web).await
    }

    /// Whether the session still stands; with the rights there are by now.
    ///
    /// # Errors
    /// [`AppError::NotSignedIn`] when it has ended.
    pub async fn still(&mut self) -> Result<(), AppError> {
        (self.caller, self.me) = self.web.app.session_watcher(&self.secret).await?;
        Ok(())
    }

    async fn of(signed: SignedIn, parts: &Parts, web: &Web) -> Result<Self, AppError> {
        let org = web.app.organisation(signed.caller.org).await?;
        let zone = signed.person.zone.as_deref().and_then(|name| TimeZone::get(name).ok());
        let zone = zone.unwrap_or_else(|| org.calendar.zone().time_zone().clone());
        let t = Text::new(locale(&parts.headers), zone);
        let wish = walk::wish(&parts.headers);
        let walked = web.settings.demo || org.sample_of.is_some();
        let walked = walked && parts.method == Method::GET && !parts.headers.contains_key("hx-request");
        let walk = match walked {
            true => throughline_sample::walk::walk(&web.app, &signed.caller).await?,
            false => None,
        };
        let sample_of = match org.sample_of {
            Some(home) => Some(web.app.organisation(home).await?.name),
            None => None,
        };
        let first = first(web, &signed.caller, &t, parts.uri.path()).await?;
        Ok(Self {
            web: web.clone(),
            first,
            walk: walk.map(|walk| WalkPanel::of(&t, &walk, &wish)),
            wish,
            sample_of,
            t,
            partial: parts.headers.contains_key("hx-request"),
            theme: theme(&parts.headers),
            path: parts.uri.path_and_query().map_or_else(|| "/".to_owned(), ToString::to_string),
            flash: flash(&parts.headers),
            organisation: org.name,
            caller: signed.caller,
            me: signed.person,
            secret: signed.secret,
        })
    }

    /// What stands around a page at a place of the navigation.
    pub fn chrome(&self, here: Option<Place>) -> Chrome {
        let roles = self.caller.roles().into_iter().collect();
        let reader = Reader { person: Person::named(self.me.name.clone()), roles };
        Chrome::bare(self.t.clone(), self.theme)
            .signed_in(reader, self.organisation.clone(), &self.places(), here)
            .at(self.path.clone())
            .flash(self.flash.clone())
            .demo(self.web.settings.demo && self.sample_of.is_none())
            .walk(self.walk.clone(), self.wish.hidden)
            .sample_of(self.sample_of.clone())
            .first(self.first.clone())
    }

    /// Whether they look at their organisation's sample as one of its people.
    pub fn in_sample(&self) -> bool {
        self.sample_of.is_some()
    }

    fn places(&self) -> Vec<Place> {
        let may = |action| self.caller.may(action).is_ok();
        Place::ALL
            .into_iter()
            .filter(|place| match place {
                Place::Queue | Place::Week | Place::Deals | Place::Board => may(Action::Read),
                Place::DealDesk => may(Action::DecidePromise),
                Place::People => may(Action::ReadPeople),
                Place::Playbooks => may(Action::ReadPlaybooks),
                Place::Import => may(Action::SendDeals),
                Place::Settings => true,
                Place::Mailbox | Place::Crm => self.web.settings.demo && !self.in_sample(),
            })
            .collect()
    }

    /// Back to a page, with a message.
    pub fn back(&self, to: &str, tone: Tone, text: &str) -> Response {
        answer::redirect(to, Some(flash_cookie(tone, text)))
    }

    /// What was asked was refused: the reason, and the form as it was typed.
    pub async fn refused(&self, why: AppError, posted: &Posted, back: &str) -> Response {
        crate::pages::mend::page(self, why, posted, back).await
    }

    /// Where this page is, for forms that come back to it.
    pub fn path(&self) -> &str {
        &self.path
    }
}

/// What a list says first in an organisation without deals.
async fn first(web: &Web, caller: &Caller, t: &Text, path: &str) -> Result<Option<First>, AppError> {
    if !First::at(path) || !web.app.is_new(caller).await? {
        return Ok(None);
    }
    let sample = web.app.sample(caller).await?.is_some();
    Ok(First::of(t, path, |action| caller.may(action).is_ok(), sample))
}

/// The chosen language; of who has chosen none, the one their browser asks for.
pub fn locale(headers: &HeaderMap) -> Locale {
    let chosen = cookie(headers, LOCALE_COOKIE).and_then(|tag| Locale::from_tag(&tag));
    let asked = || headers.get(header::ACCEPT_LANGUAGE)?.to_str().ok().and_then(Locale::asked_for);
    chosen.or_else(asked).unwrap_or_default()
}

/// The chosen theme.
pub fn theme(headers: &HeaderMap) -> Theme {
    cookie(headers, Theme::COOKIE).map_or_else(Theme::default, |value| Theme::from_value(&value))
}

/// The message the last action left.
pub fn flash(headers: &HeaderMap) -> Option<Flash> {
    let value = cookie(headers, FLASH_COOKIE)?;
    let (tone, text) = value.split_once('.')?;
    let tone = match tone {
        "good" => Tone::Good,
        "bad" => Tone::Bad,
        _ => Tone::Info,
    };
    let text = answer::unescape(text)?;
    (!text.is_empty()).then_some(Flash { tone, text })
}

/// A visit by somebody not signed in: sign-in, welcome, set-up.
pub struct Guest {
    /// The server's state.
    pub web: Web,
    /// Words, dates and numbers.
    pub t: Text,
    /// What the browser calls itself.
    pub agent: String,
    /// Where they ask from: who guesses passwords is slowed down by it.
    pub client: IpAddr,
    theme: Theme,
    path: String,
    flash: Option<Flash>,
}

impl FromRequestParts<Web> for Guest {
    type Rejection = (StatusCode, &'static str);

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Self::Rejection> {
        let agent = parts.headers.get("user-agent").and_then(|agent| agent.to_str().ok()).unwrap_or_default();
        Ok(Self {
            web: web.clone(),
            t: Text::new(locale(&parts.headers), TimeZone::UTC),
            agent: agent.to_owned(),
            client: client_of(&web.shared.proxies, &parts.extensions, &parts.headers),
            theme: theme(&parts.headers),
            path: parts.uri.path_and_query().map_or_else(|| "/".to_owned(), ToString::to_string),
            flash: flash(&parts.headers),
        })
    }
}

impl Guest {
    /// What stands around the page.
    pub fn chrome(&self) -> Chrome {
        Chrome::bare(self.t.clone(), self.theme)
            .at(self.path.clone())
            .flash(self.flash.clone())
            .demo(self.web.settings.demo)
    }
}

/// Pages answer with this: a whole response either way.
pub type Answer = Result<Response, answer::Failed>;

impl IntoResponse for answer::Failed {
    fn into_response(self) -> Response {
        answer::failed(&self.0)
    }
}
