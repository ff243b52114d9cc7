//! What was sent: everybody's own letters, and in the demo company all of them, as a mail server would have them.

use askama::Template;
use axum::{
    Router,
    extract::{Path, Query},
    routing::get,
};
use jiff::Timestamp;
use serde::Deserialize;
use throughline_app::{AppError, Caller};
use throughline_http::Web;
use throughline_store::Letter;
use uuid::Uuid;

use crate::{
    answer::{Failed, html},
    chrome::{Chrome, Place},
    i18n::Text,
    key,
    ui::{Pager, Person},
    visit::{Answer, Visit},
};

/// Letters on a page.
const PAGE: u32 = 25;

/// The routes.
pub fn routes() -> Router<Web> {
    Router::new()
        .route("/mailbox", get(all))
        .route("/mailbox/{id}", get(one_of_all))
        .route("/letters", get(mine))
        .route("/letters/{id}", get(one_of_mine))
}

#[derive(Deserialize, Default)]
struct Asked {
    before: Option<String>,
}

/// A letter in the list.
struct Row {
    href: String,
    to: Person,
    subject: String,
    preview: String,
    at: Timestamp,
    current: bool,
}

/// A letter, opened.
struct Opened {
    subject: String,
    to: Person,
    email: String,
    at: Timestamp,
    paragraphs: Vec<String>,
    link: Option<String>,
}

#[derive(Template)]
#[template(path = "pages/mailbox.html")]
struct MailboxPage {
    t: Text,
    chrome: Chrome,
    all: bool,
    rows: Vec<Row>,
    open: Option<Opened>,
    chosen: bool,
    pager: Pager,
}

/// Whose letters are looked at.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Whose {
    /// The demo company's mail, all of it.
    All,
    Mine,
}

impl Whose {
    fn href(self) -> &'static str {
        match self {
            Self::All => "/mailbox",
            Self::Mine => "/letters",
        }
    }

    async fn letters(self, visit: &Visit, before: Option<Uuid>, limit: u32) -> Result<Vec<Letter>, AppError> {
        match self {
            // The mailbox stands for the mail server of an invented company; nobody's real mail is in it.
            Self::All => visit.web.app.letters(&Caller::system(visit.caller.org), true, before, limit).await,
            Self::Mine => visit.web.app.letters(&visit.caller, false, before, limit).await,
        }
    }
}

fn only_in_the_demo(visit: &Visit) -> Result<(), Failed> {
    if visit.web.settings.demo {
        return Ok(());
    }
    Err(AppError::NotFound("page").into())
}

async fn all(visit: Visit, Query(asked): Query<Asked>) -> Answer {
    only_in_the_demo(&visit)?;
    page(&visit, Whose::All, &asked, None).await
}

async fn one_of_all(visit: Visit, Path(id): Path<String>, Query(asked): Query<Asked>) -> Answer {
    only_in_the_demo(&visit)?;
    page(&visit, Whose::All, &asked, Some(&id)).await
}

async fn mine(visit: Visit, Query(asked): Query<Asked>) -> Answer {
    page(&visit, Whose::Mine, &asked, None).await
}

async fn one_of_mine(visit: Visit, Path(id): Path<String>, Query(asked): Query<Asked>) -> Answer {
    page(&visit, Whose::Mine, &asked, Some(&id)).await
}

async fn page(visit: &Visit, whose: Whose, asked: &Asked, id: Option<&str>) -> Answer {
    let t = visit.t.clone();
    let before: Option<Uuid> = asked.before.as_deref().and_then(|before| before.parse().ok());
    let letters = whose.letters(visit, before, PAGE).await?;
    let open = match id {
        Some(id) => Some(the_letter(visit, whose, &letters, id).await?),
        None => letters.first().cloned(),
    };
    let people = letters.iter().chain(open.as_ref()).filter_map(|letter| letter.to);
    let people = visit.web.app.named(visit.caller.org, people).await?;
    let to = |letter: &Letter| {
        let person = letter.to.and_then(|id| people.get(&id));
        Person::named(
            person.map_or_else(|| t.get(key!("mail-outside")).into_owned(), |person| person.name.clone()),
        )
    };
    let kept = before.map(|before| format!("?before={before}")).unwrap_or_default();
    let older = letters.last().filter(|_| letters.len() == PAGE as usize).map(|letter| letter.id);
    let rows = letters
        .iter()
        .map(|letter| Row {
            href: format!("{}/{}{kept}#letter", whose.href(), letter.id),
            to: to(letter),
            subject: letter.subject.clone(),
            preview: letter.body.split_whitespace().take(16).collect::<Vec<_>>().join(" "),
            at: letter.at,
            current: open.as_ref().is_some_and(|open| open.id == letter.id),
        })
        .collect();
    let open = open.map(|letter| Opened {
        to: to(&letter),
        email: letter.to.and_then(|id| people.get(&id)?.email.clone()).unwrap_or_default(),
        at: letter.at,
        paragraphs: letter
            .body
            .split("\n\n")
            .map(|part| part.trim().to_owned())
            .filter(|part| !part.is_empty())
            .collect(),
        link: letter.link.filter(|link| link.starts_with('/')),
        subject: letter.subject,
    });
    Ok(html(&MailboxPage {
        chrome: visit.chrome((whose == Whose::All).then_some(Place::Mailbox)),
        all: whose == Whose::All,
        rows,
        open,
        chosen: id.is_some(),
        pager: Pager {
            newer: before.map(|_| whose.href().to_owned()),
            older: older.map(|id| format!("{}?before={id}", whose.href())),
        },
        t,
    }))
}

/// A letter by its id: on this page, or the one just before the next id.
async fn the_letter(visit: &Visit, whose: Whose, page: &[Letter], id: &str) -> Result<Letter, Failed> {
    let missing = || Failed::from(AppError::NotFound("letter"));
    let id: Uuid = id.parse().map_err(|_| missing())?;
    if let Some(letter) = page.iter().find(|letter| letter.id == id) {
        return Ok(letter.clone());
    }
    let after = Uuid::from_u128(id.as_u128().saturating_add(1));
    let found = whose.letters(visit, Some(after), 1).await?;
    found.into_iter().find(|letter| letter.id == id).ok_or_else(missing)
}
