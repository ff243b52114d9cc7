//! Import: a CRM's export comes in by hand. Uploaded, recognised, checked without writing, then imported; refused
//! rows are given back as a file.

mod choices;
mod file;
mod run;
mod uploads;
mod words;

use std::sync::Arc;

use askama::Template;
use axum::{
    Extension, Router,
    extract::{DefaultBodyLimit, Multipart, multipart::MultipartError},
    response::Response,
    routing::{get, post},
};
use throughline_app::{
    AppError,
    importing::{ImportError, ImportOptions, LARGEST_FILE},
};
use throughline_domain::{PersonId, access::Action};
use throughline_http::Web;

use self::uploads::{NotTaken, Uploads, Whose};
use super::parts::{self, Wrong};
use crate::{
    answer::{Failed, html, html_with, redirect},
    chrome::{Chrome, Place},
    form::Posted,
    i18n::Text,
    key,
    ui::Field,
    visit::{Answer, Visit},
};

/// The routes.
pub fn routes() -> Router<Web> {
    Router::new()
        .route("/import", get(page).post(upload).layer(DefaultBodyLimit::max(LARGEST_FILE + (1 << 20))))
        .route("/import/{key}", get(file::page))
        .route("/import/{key}/check", get(parts::above).post(file::check))
        .route("/import/{key}/run", get(parts::above).post(file::import))
        .route("/import/{key}/forget", post(file::forget))
        .route("/import/{key}/rejects.csv", get(file::rejects))
        .layer(Extension(Arc::<Uploads>::default()))
}

#[derive(Template)]
#[template(path = "pages/import/start.html")]
struct StartPage {
    t: Text,
    chrome: Chrome,
    go_live: Field,
    file_error: Option<String>,
    hint: Option<String>,
    last: Option<(String, String)>,
    megabytes: usize,
}

fn whose(visit: &Visit) -> Result<Whose, Failed> {
    let person: PersonId = visit.caller.person().ok_or(AppError::NotSignedIn)?;
    Ok(Whose { org: visit.caller.org, person })
}

async fn page(visit: Visit, Extension(uploads): Extension<Arc<Uploads>>) -> Answer {
    visit.caller.may(Action::SendDeals)?;
    Ok(html(&start(&visit, &uploads, None, None).await?))
}

async fn start(
    visit: &Visit,
    uploads: &Uploads,
    typed: Option<(&str, &Wrong)>,
    hint: Option<String>,
) -> Result<StartPage, Failed> {
    let t = visit.t.clone();
    let org = visit.web.app.organisation(visit.caller.org).await?;
    let today = org.calendar.local_date(visit.web.app.now());
    let go_live = match typed {
        Some((typed, _)) => typed.to_owned(),
        None => org.go_live_on.unwrap_or(today).to_string(),
    };
    let wrong = typed.map(|(_, wrong)| wrong);
    let last = uploads.last_of(whose(visit)?).map(|(key, name)| (format!("/import/{key}"), name));
    Ok(StartPage {
        chrome: visit.chrome(Some(Place::Import)),
        go_live: Field::new("go_live_on", t.get(key!("import-go-live")))
            .value(go_live)
            .hint(t.get(key!("import-go-live-hint")))
            .error(parts::at(wrong, "go_live_on")),
        file_error: wrong
            .filter(|wrong| wrong.field.as_deref() != Some("go_live_on"))
            .map(|wrong| wrong.text.clone()),
        hint,
        last,
        megabytes: LARGEST_FILE >> 20,
        t,
    })
}

/// What a multipart form brought.
#[derive(Default)]
struct Brought {
    name: String,
    bytes: Vec<u8>,
    go_live: String,
}

fn unreadable(visit: &Visit, why: &MultipartError) -> AppError {
    let text = match why.status() {
        axum::http::StatusCode::PAYLOAD_TOO_LARGE => {
            visit.t.with(key!("import-too-large"), ("mb", LARGEST_FILE >> 20)).into_owned()
        }
        _ => visit.t.get(key!("import-broken-upload")).into_owned(),
    };
    AppError::invalid("file", text)
}

async fn brought(visit: &Visit, form: &mut Multipart, found: &mut Brought) -> Result<(), AppError> {
    while let Some(mut part) = form.next_field().await.map_err(|why| unreadable(visit, &why))? {
        match part.name() {
            Some("file") => {
                found.name = part
                    .file_name()
                    .unwrap_or_default()
                    .chars()
                    .filter(|c| !c.is_control())
                    .take(120)
                    .collect();
                while let Some(chunk) = part.chunk().await.map_err(|why| unreadable(visit, &why))? {
                    if found.bytes.len() + chunk.len() > LARGEST_FILE {
                        let text = visit.t.with(key!("import-too-large"), ("mb", LARGEST_FILE >> 20));
                        return Err(AppError::invalid("file", text));
                    }
                    found.bytes.extend_from_slice(&chunk);
                }
            }
            Some("go_live_on") => {
                let text = part.text().await.map_err(|why| unreadable(visit, &why))?;
                found.go_live = text.chars().take(40).collect();
            }
            _ => {}
        }
    }
    if found.bytes.is_empty() {
        return Err(AppError::invalid("file", visit.t.get(key!("import-no-file"))));
    }
    Ok(())
}

/// Takes a file, finds out about it, and checks it at once.
async fn upload(visit: Visit, Extension(uploads): Extension<Arc<Uploads>>, mut form: Multipart) -> Answer {
    visit.caller.may(Action::SendDeals)?;
    let mut found = Brought::default();
    match taken(&visit, &uploads, &mut form, &mut found).await {
        Ok(to) => Ok(to),
        Err(why) => {
            let (wrong, hint) = match why {
                ImportError::Unreadable(why) => {
                    let text = match why.line() {
                        Some(line) => visit
                            .t
                            .with(key!("import-at-line"), (("line", line), ("why", why.to_string())))
                            .into_owned(),
                        None => why.to_string(),
                    };
                    (Wrong::at("file", text), Some(why.hint().to_owned()))
                }
                ImportError::App(why) => (Wrong::of(&visit.t, why)?, None),
            };
            let page = start(&visit, &uploads, Some((&found.go_live, &wrong)), hint).await?;
            Ok(html_with(wrong.status, &page))
        }
    }
}

async fn taken(
    visit: &Visit,
    uploads: &Arc<Uploads>,
    form: &mut Multipart,
    found: &mut Brought,
) -> Result<Response, ImportError> {
    brought(visit, form, found).await?;
    let chosen = vec![("go_live_on".to_owned(), found.go_live.clone())];
    Posted { action: String::new(), fields: chosen.clone() }.opt_date("go_live_on")?;
    let summary =
        visit.web.app.inspect_export(&visit.caller, &found.bytes, &ImportOptions::default()).await?;
    let key = visit.web.app.fresh_id();
    let name = if found.name.is_empty() {
        visit.t.get(key!("import-a-file")).into_owned()
    } else {
        found.name.clone()
    };
    let kept = (key, name, Arc::from(std::mem::take(&mut found.bytes)));
    let owner = Whose { org: visit.caller.org, person: visit.caller.person().ok_or(AppError::NotSignedIn)? };
    uploads.keep(owner, kept, summary, chosen, visit.web.app.now()).map_err(|why| {
        let text = match why {
            NotTaken::Busy => visit.t.get(key!("import-busy")),
            NotTaken::Full => visit.t.get(key!("import-full")),
        };
        AppError::Conflict(text.into_owned())
    })?;
    if let Some(upload) = uploads.get(owner, key, visit.web.app.now()) {
        run::begin(visit, uploads, &upload, true)?;
    }
    Ok(redirect(&format!("/import/{key}"), None))
}
