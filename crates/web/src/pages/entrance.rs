//! The ways in and out: sign-in, the one-time links of invitation and set-up, sign-out, theme and language.

use askama::Template;
use axum::{
    Router,
    extract::Query,
    http::{HeaderValue, StatusCode, header},
    response::Response,
    routing::{get, post},
};
use serde::Deserialize;
use throughline_app::{AppError, orgs, people, secrets};
use throughline_domain::{OrgId, PersonId};
use throughline_http::{Problem, Web, session::session_cookie};

use crate::{
    answer::{self, html, html_of, html_with, redirect, safe_path},
    chrome::{Chrome, Theme},
    failure::sentence,
    form::Posted,
    i18n::Locale,
    key,
    pages::{
        parts::{self, Wrong},
        start::START,
    },
    ui::Field,
    visit::{Answer, Guest, LOCALE_COOKIE, Visit},
};

/// The routes.
pub fn routes() -> Router<Web> {
    Router::new()
        .route("/", get(home))
        .route("/sign-in", get(sign_in_page).post(sign_in))
        .route("/sign-out", post(sign_out))
        .route("/welcome", get(welcome_page).post(welcome))
        .route("/setup", get(setup_page).post(setup))
        .route("/theme", post(theme))
        .route("/language", post(language))
}

#[derive(Template)]
#[template(path = "pages/sign_in.html")]
struct SignInPage {
    chrome: Chrome,
    next: String,
    email: Field,
    password: Field,
    refused: Option<String>,
}

#[derive(Template)]
#[template(path = "pages/welcome.html")]
struct WelcomePage {
    chrome: Chrome,
    key: String,
    name: String,
    password: Field,
    refused: Option<String>,
}

#[derive(Template)]
#[template(path = "pages/setup.html")]
struct SetupPage {
    chrome: Chrome,
    key: String,
    company: Field,
    zone: Field,
    name: Field,
    email: Field,
    password: Field,
    refused: Option<String>,
}

#[derive(Deserialize)]
struct Next {
    #[serde(default)]
    next: String,
}

#[derive(Deserialize)]
struct WithKey {
    #[serde(default)]
    key: String,
}

async fn home(_visit: Visit) -> Response {
    redirect("/queue", None)
}

fn sign_in_form(guest: &Guest, next: &str, email: &str, refused: Option<String>) -> SignInPage {
    let t = &guest.t;
    SignInPage {
        chrome: guest.chrome(),
        next: safe_path(next).to_owned(),
        email: Field::new("email", t.get(key!("sign-in-email")))
            .value(email)
            .required()
            .autocomplete("username"),
        password: Field::new("password", t.get(key!("sign-in-password")))
            .required()
            .autocomplete("current-password"),
        refused,
    }
}

async fn sign_in_page(guest: Guest, Query(query): Query<Next>) -> Response {
    html(&sign_in_form(&guest, &query.next, "", None))
}

async fn sign_in(guest: Guest, posted: Posted) -> Response {
    let (email, next) = (posted.typed("email").trim().to_owned(), posted.typed("next").to_owned());
    let password = posted.typed("password").to_owned();
    match guest.web.sign_in(guest.client, &email, password, &guest.agent).await {
        Ok((_, _, secret)) => entered(&guest.web, &secret, safe_path(&next)),
        Err(why) => {
            let problem = Problem::from(why);
            let text = match problem.kind {
                "not-signed-in" => guest.t.get(key!("sign-in-refused")).into_owned(),
                _ => sentence(&guest.t, &problem),
            };
            html_of(&problem, &sign_in_form(&guest, &next, &email, Some(text)))
        }
    }
}

fn entered(web: &Web, secret: &str, next: &str) -> Response {
    redirect(next, session_cookie(web, Some(secret)))
}

async fn sign_out(visit: Visit) -> Answer {
    visit.web.app.sign_out(&visit.caller, &visit.secret).await?;
    Ok(redirect("/sign-in", session_cookie(&visit.web, None)))
}

async fn welcome_page(guest: Guest, Query(query): Query<WithKey>) -> Answer {
    let person = guest.web.app.welcomed(&query.key).await.map_err(used_up)?;
    Ok(html(&welcome_form(&guest, query.key, person.name, None)))
}

fn welcome_form(guest: &Guest, key: String, name: String, wrong: Option<&Wrong>) -> WelcomePage {
    WelcomePage {
        chrome: guest.chrome(),
        key,
        name,
        password: new_password(guest).error(parts::at(wrong, "password")),
        refused: parts::beside(wrong, &["password"]),
    }
}

fn new_password(guest: &Guest) -> Field {
    Field::new("password", guest.t.get(key!("password-new")))
        .hint(guest.t.with(key!("password-hint"), ("n", secrets::SHORTEST_PASSWORD)))
        .required()
        .autocomplete("new-password")
}

fn used_up(why: AppError) -> answer::Failed {
    match why {
        AppError::NotFound(_) => Problem::new("link-used-up", "the link is used up").into(),
        other => other.into(),
    }
}

async fn welcome(guest: Guest, posted: Posted) -> Answer {
    let key = posted.typed("key").to_owned();
    let person = guest.web.app.welcomed(&key).await.map_err(used_up)?;
    match guest.web.app.welcome(&key, posted.typed("password").to_owned()).await {
        Ok((org, id)) => Ok(begin(&guest, org, id, "/queue").await?),
        Err(why) => {
            let wrong = Wrong::of(&guest.t, why)?;
            Ok(html_with(wrong.status, &welcome_form(&guest, key, person.name, Some(&wrong))))
        }
    }
}

async fn begin(guest: &Guest, org: OrgId, id: PersonId, next: &str) -> Result<Response, answer::Failed> {
    let secret = guest.web.app.open_session(org, id, &guest.agent).await?;
    Ok(entered(&guest.web, &secret, next))
}

fn setup_form(guest: &Guest, key: String, posted: &Posted, wrong: &[Wrong]) -> SetupPage {
    let t = &guest.t;
    let error = |name: &str| wrong.iter().find_map(|one| parts::at(Some(one), name));
    let field = |name: &'static str, label: crate::i18n::Key| {
        Field::new(name, t.get(label)).value(posted.typed(name)).required().error(error(name))
    };
    let shown = ["company", "zone", "name", "email", "password"];
    let zone = if posted.get("zone").is_some() { posted.typed("zone") } else { "Europe/Berlin" };
    SetupPage {
        chrome: guest.chrome(),
        key,
        company: field("company", key!("setup-company")),
        zone: field("zone", key!("setup-zone")).value(zone).hint(t.get(key!("setup-zone-hint"))),
        name: field("name", key!("setup-name")).autocomplete("name"),
        email: field("email", key!("sign-in-email")).autocomplete("username"),
        password: new_password(guest).error(error("password")),
        refused: wrong.iter().find_map(|one| parts::beside(Some(one), &shown)),
    }
}

/// What is wrong with the fields, all of it at once, by the rules of the application.
fn setup_faults(guest: &Guest, posted: &Posted) -> Result<Vec<Wrong>, answer::Failed> {
    let checked = [
        orgs::line("company", posted.typed("company"), 200).err(),
        orgs::calendar_in(posted.typed("zone").trim()).err(),
        orgs::line("name", posted.typed("name"), 200).err(),
        people::mail_address(posted.typed("email")).err(),
        secrets::password_fits(posted.typed("password")).err(),
    ];
    checked.into_iter().flatten().map(|why| Wrong::of(&guest.t, why)).collect()
}

async fn setup_page(guest: Guest, Query(query): Query<WithKey>) -> Response {
    html(&setup_form(&guest, query.key, &Posted::default(), &[]))
}

async fn setup(guest: Guest, posted: Posted) -> Answer {
    let key = posted.typed("key").to_owned();
    let faults = setup_faults(&guest, &posted)?;
    if !faults.is_empty() {
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        return Ok(html_with(status, &setup_form(&guest, key, &posted, &faults)));
    }
    let field = |name: &str| posted.typed(name).to_owned();
    let made = guest
        .web
        .app
        .set_up(
            &key,
            &field("company"),
            field("zone").trim(),
            &field("name"),
            &field("email"),
            field("password"),
        )
        .await;
    match made {
        Ok((org, id)) => Ok(begin(&guest, org, id, START).await?),
        Err(AppError::NotFound("link")) => Err(used_up(AppError::NotFound("link"))),
        Err(why) => {
            let wrong = Wrong::of(&guest.t, why)?;
            Ok(html_with(wrong.status, &setup_form(&guest, key, &posted, &[wrong])))
        }
    }
}

async fn theme(posted: Posted) -> Response {
    let theme = Theme::from_value(posted.typed("theme"));
    redirect(safe_path(posted.typed("back")), HeaderValue::from_str(&theme.set_cookie()).ok())
}

async fn language(posted: Posted) -> Response {
    let locale = Locale::from_tag(posted.typed("locale")).unwrap_or_default();
    let cookie =
        format!("{LOCALE_COOKIE}={}; Path=/; Max-Age=31536000; SameSite=Lax; HttpOnly", locale.tag());
    let mut response = redirect(safe_path(posted.typed("back")), None);
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}
