//! The way in: one's mail address, then a link that comes by mail, then a button. In another browser than the one that
//! asked a code is mailed, too.
//!
//! Whoever asks gets the same answer, known or not, and as fast. Looking at a link changes nothing: programs that look
//! through mail do, and they press no buttons.

use askama::Template;
use axum::{
    Router,
    extract::Query,
    http::StatusCode,
    response::Response,
    routing::{get, post},
};
use serde::Deserialize;
use throughline_app::{
    AppError,
    portal::{CODE_TRIES, CodeOf, Entered, KEY_MINUTES},
};
use throughline_domain::{AccountId, OrgId};
use throughline_http::{
    Problem, Web,
    session::{PortalCookie, portal_cookie},
};
use uuid::Uuid;

use super::{Answer, Door, Frame, Inside, with_cookie};
use crate::{
    answer::{flash_cookie, html, html_of, html_with, redirect},
    chrome::Chrome,
    form::Posted,
    key,
    pages::parts::{self, Wrong},
    ui::{Field, Tone},
};

/// The routes.
pub fn routes() -> Router<Web> {
    Router::new()
        .route("/portal", get(ask_page).post(ask))
        .route("/portal/sent", get(sent))
        .route("/portal/enter", get(enter_page).post(enter))
        .route("/portal/code", get(code_page).post(code))
        .route("/portal/leave", post(leave))
}

#[derive(Template)]
#[template(path = "pages/portal/ask.html")]
struct AskPage {
    chrome: Chrome,
    f: Frame,
    at: String,
    email: Field,
    refused: Option<String>,
}

#[derive(Template)]
#[template(path = "pages/portal/sent.html")]
struct SentPage {
    chrome: Chrome,
    f: Frame,
    at: String,
}

#[derive(Template)]
#[template(path = "pages/portal/enter.html")]
struct EnterPage {
    chrome: Chrome,
    f: Frame,
    key: String,
    name: String,
    company: String,
    same_browser: bool,
}

#[derive(Template)]
#[template(path = "pages/portal/code.html")]
struct CodePage {
    chrome: Chrome,
    f: Frame,
    org: OrgId,
    key: Uuid,
    code: Field,
}

#[derive(Template)]
#[template(path = "pages/portal/over.html")]
struct OverPage {
    chrome: Chrome,
    f: Frame,
}

/// For whose account a link is asked; anything else asks for every one.
#[derive(Deserialize)]
struct At {
    #[serde(default)]
    at: String,
}

impl At {
    fn account(&self) -> Option<AccountId> {
        self.at.parse().ok()
    }

    /// As it stands in addresses.
    fn written(account: Option<AccountId>) -> String {
        account.map(|account| account.to_string()).unwrap_or_default()
    }
}

#[derive(Deserialize)]
struct WithKey {
    #[serde(default)]
    key: String,
}

/// Which code.
#[derive(Deserialize)]
struct OfCode {
    #[serde(default)]
    r#in: String,
    #[serde(default)]
    key: String,
}

impl OfCode {
    fn code(&self) -> Option<CodeOf> {
        Some(CodeOf { org: self.r#in.parse().ok()?, key: self.key.parse().ok()? })
    }

    /// Where it is typed.
    fn path(of: CodeOf) -> String {
        format!("/portal/code?in={}&key={}", of.org, of.key)
    }
}

fn ask_form(door: &Door, account: Option<AccountId>, email: &str, wrong: Option<&Wrong>) -> AskPage {
    AskPage {
        chrome: door.chrome(),
        f: Frame::outside(),
        at: At::written(account),
        email: Field::new("email", door.t.get(key!("portal-ask-email")))
            .value(email)
            .required()
            .autocomplete("email")
            .error(parts::at(wrong, "email")),
        refused: parts::beside(wrong, &["email"]),
    }
}

/// The cookie is there before anything is asked for, so that the link that comes finds this browser again.
async fn ask_page(door: Door, Query(asked): Query<At>) -> Answer {
    let account = asked.account();
    if let Some(visitor) = door.visitor().await?
        && account.is_none_or(|account| account == visitor.person.account)
    {
        return Ok(redirect("/portal/plan", None));
    }
    let (_, cookie) = door.known();
    Ok(with_cookie(html(&ask_form(&door, account, "", None)), cookie))
}

async fn ask(door: Door, posted: Posted) -> Answer {
    let (account, email) = (posted.get("at").and_then(|at| at.parse().ok()), posted.typed("email").trim());
    let (browser, cookie) = door.known();
    match door.web.ask_portal_link(door.client, email, account, browser) {
        Ok(()) => {
            Ok(with_cookie(redirect(&format!("/portal/sent?at={}", At::written(account)), None), cookie))
        }
        Err(AppError::Invalid { .. }) => {
            let wrong = Wrong::at("email", door.t.get(key!("portal-ask-no-address")));
            Ok(html_with(wrong.status, &ask_form(&door, account, email, Some(&wrong))))
        }
        Err(why) => Ok(wait(&door, why, account, email)),
    }
}

/// They have to wait, and are told how long.
fn wait(door: &Door, why: AppError, account: Option<AccountId>, email: &str) -> Response {
    let problem = Problem::from(why);
    let minutes = problem.retry_after.unwrap_or(60).div_ceil(60);
    let text = door.t.with(key!("portal-ask-wait"), ("n", minutes)).into_owned();
    let wrong = Wrong { status: problem.status, field: None, text };
    html_of(&problem, &ask_form(door, account, email, Some(&wrong)))
}

async fn sent(door: Door, Query(asked): Query<At>) -> Response {
    html(&SentPage { chrome: door.chrome(), f: Frame::outside(), at: At::written(asked.account()) })
}

/// What a link is. Nothing is used up by it.
async fn enter_page(door: Door, Query(query): Query<WithKey>) -> Answer {
    match door.web.app.portal_link(&query.key, door.browser.as_deref()).await {
        Ok(shown) => Ok(html(&EnterPage {
            chrome: door.chrome(),
            f: Frame::outside(),
            key: query.key,
            name: shown.name,
            company: shown.company,
            same_browser: shown.same_browser,
        })),
        Err(why) => over(&door, why),
    }
}

/// The link or the code is over, whatever it was.
fn over(door: &Door, why: AppError) -> Answer {
    match why {
        AppError::NotFound(_) => {
            Ok(html_with(StatusCode::GONE, &OverPage { chrome: door.chrome(), f: Frame::outside() }))
        }
        other => Err(other.into()),
    }
}

async fn enter(door: Door, posted: Posted) -> Answer {
    let (browser, cookie) = door.known();
    match door.web.app.enter_portal(posted.typed("key").trim(), &browser).await {
        Ok(Entered::In(session)) => Ok(let_in(&door, &session)),
        Ok(Entered::NeedsCode(of)) => Ok(with_cookie(redirect(&OfCode::path(of), None), cookie)),
        Err(why @ AppError::TooMany { .. }) => Ok(wait(&door, why, None, "")),
        Err(why) => over(&door, why),
    }
}

fn let_in(door: &Door, session: &str) -> Response {
    with_cookie(
        redirect("/portal/plan", None),
        portal_cookie(&door.web, PortalCookie::Session, Some(session)),
    )
}

fn code_form(door: &Door, of: CodeOf, wrong: Option<&Wrong>) -> CodePage {
    let hint = (("n", KEY_MINUTES), ("tries", CODE_TRIES));
    CodePage {
        chrome: door.chrome().at(OfCode::path(of)),
        f: Frame::outside(),
        org: of.org,
        key: of.key,
        code: Field::new("code", door.t.get(key!("portal-code")))
            .hint(door.t.with(key!("portal-code-hint"), hint))
            .required()
            .autocomplete("one-time-code")
            .error(parts::at(wrong, "code")),
    }
}

async fn code_page(door: Door, Query(of): Query<OfCode>) -> Answer {
    match of.code() {
        Some(of) => Ok(html(&code_form(&door, of, None))),
        None => over(&door, AppError::NotFound("code")),
    }
}

async fn code(door: Door, posted: Posted) -> Answer {
    let of = OfCode { r#in: posted.typed("in").to_owned(), key: posted.typed("key").to_owned() };
    let (Some(of), Some(browser)) = (of.code(), door.browser.as_deref()) else {
        return over(&door, AppError::NotFound("code"));
    };
    match door.web.app.enter_portal_by_code(of, posted.typed("code"), browser).await {
        Ok(session) => Ok(let_in(&door, &session)),
        Err(AppError::Invalid { .. }) => {
            let wrong = Wrong::at("code", door.t.get(key!("portal-code-wrong")));
            Ok(html_with(wrong.status, &code_form(&door, of, Some(&wrong))))
        }
        Err(why) => over(&door, why),
    }
}

async fn leave(inside: Inside) -> Answer {
    inside.web.app.leave_portal(&inside.visitor).await?;
    let gone = flash_cookie(Tone::Good, &inside.t.get(key!("portal-left")));
    let at = format!("/portal?at={}", inside.visitor.person.account);
    let cleared = portal_cookie(&inside.web, PortalCookie::Session, None);
    Ok(with_cookie(redirect(&at, Some(gone)), cleared))
}
