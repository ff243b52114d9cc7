//! All handoffs in the reader's reach: filters and order in the address, a page at a time; the reader's own on top of
//! what they owe; and opening the record of a deal nobody has opened yet.

pub mod filters;
mod open;
pub mod row;

use std::collections::BTreeSet;

use askama::Template;
use axum::{Router, extract::Query, routing::get};
use throughline_app::{AppError, gates::escaped};
use throughline_domain::{HandoffId, PersonId, Role, access::Action};
use throughline_http::Web;
use throughline_store::{Cursor, HandoffFilter, Sort, SortKey, ViewPlace};

use crate::{
    answer::{html, redirect},
    chrome::{Chrome, Place},
    i18n::Text,
    key,
    pages::views,
    ui::Pager,
    visit::{Answer, Visit},
};
use filters::{Asked, Bar};
use row::{Group, Row, grouped, rows};

/// The routes.
pub fn routes() -> Router<Web> {
    Router::new().route("/deals", get(show)).merge(open::routes())
}

/// How many rows a page has.
const PAGE: u32 = 50;
/// How many deals with questions stand above the list.
const ASKED: u32 = 5;
/// Counting stops here; "1,000 or more" says enough.
const COUNTED: u32 = 1_000;

/// Questions to the reader, whoever waits for the answers.
struct Questions {
    title: String,
    rows: Vec<Row>,
    /// All of them, where there are more.
    all: Option<String>,
}

#[derive(Template)]
#[template(path = "pages/deals.html")]
struct DealsPage {
    chrome: Chrome,
    t: Text,
    groups: Vec<Group>,
    count: String,
    may_open: bool,
    may_import: bool,
    filtered: bool,
    bar: Bar,
    views: views::Bar,
    questions: Option<Questions>,
    board: String,
    pager: Pager,
}

async fn show(visit: Visit, Query(query): Query<Vec<(String, String)>>) -> Answer {
    let app = &visit.web.app;
    let t = &visit.t;
    let unasked = query.is_empty();
    let after = query.iter().find(|(name, _)| name == "after").map(|(_, place)| place.clone());
    let asked = Asked::read(&visit, query).await?;
    let views = views::Bar::of(&visit, ViewPlace::Deals, &asked.canonical()).await?;
    if let Some(first) = views.first.as_deref().filter(|_| unasked) {
        return Ok(redirect(first, None));
    }
    let after = after.as_deref().and_then(cursor).filter(|after| after.fits(asked.sort));
    let page = app.handoffs(&visit.caller, asked.filter.clone(), asked.sort, after.clone(), PAGE).await?;
    let count = app.count_handoffs(&visit.caller, &asked.filter, COUNTED).await?;
    let questions = match visit.caller.person().filter(|me| asked.is_own(*me) && after.is_none()) {
        Some(me) => questions(&visit, me).await?,
        None => None,
    };
    let shown = rows(&visit, page.rows).await?;
    let kept = asked.canonical();
    let kept = if kept.is_empty() { kept } else { format!("{kept}&") };
    let page = DealsPage {
        chrome: visit.chrome(Some(Place::Deals)),
        count: counted(t, count),
        may_open: visit.caller.may(Action::Open).is_ok(),
        may_import: visit.caller.may(Action::SendDeals).is_ok(),
        filtered: asked.narrows(),
        groups: if asked.sort == Sort::Due {
            grouped(shown)
        } else {
            vec![Group { when: None, rows: shown }]
                .into_iter()
                .filter(|group| !group.rows.is_empty())
                .collect()
        },
        bar: Bar::of(&visit, &asked, "/deals", views.all().to_owned()).await?,
        questions,
        board: address("/board", &asked.without(&["sort", "as"])),
        pager: Pager {
            newer: after.map(|_| views.begin(&asked.canonical())),
            older: page.next.map(|next| format!("/deals?{kept}after={}", escaped(&named(&next)))),
        },
        views,
        t: t.clone(),
    };
    Ok(html(&page))
}

/// An address with its query, or without one.
pub fn address(path: &str, query: &str) -> String {
    if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
}

/// A count that stops somewhere.
pub fn counted(t: &Text, count: u32) -> String {
    if count >= COUNTED { t.with(key!("deals-many"), ("n", COUNTED)).into() } else { t.number(count) }
}

/// What the receiving team asked the reader and nobody has answered.
async fn questions(visit: &Visit, me: PersonId) -> Result<Option<Questions>, AppError> {
    if !visit.caller.roles().contains(&Role::Ae) {
        return Ok(None);
    }
    let app = &visit.web.app;
    let filter = HandoffFilter {
        ae: Some(me),
        open_questions: Some(true),
        life: BTreeSet::from(["live".to_owned()]),
        ..HandoffFilter::default()
    };
    let page = app.handoffs(&visit.caller, filter.clone(), Sort::Due, None, ASKED).await?;
    if page.rows.is_empty() {
        return Ok(None);
    }
    let count = match page.next {
        None => page.rows.len() as u32,
        Some(_) => app.count_handoffs(&visit.caller, &filter, COUNTED).await?,
    };
    Ok(Some(Questions {
        title: visit.t.with(key!("board-asked"), ("n", count)).into_owned(),
        all: page.next.map(|_| "/deals?ae=me&questions=on".to_owned()),
        rows: rows(visit, page.rows).await?,
    }))
}

/// A place in the list as an address holds it.
pub fn named(cursor: &Cursor) -> String {
    match &cursor.key {
        SortKey::Number(number) => format!("{}~n{number}", cursor.id),
        SortKey::Text(text) => format!("{}~t{text}", cursor.id),
    }
}

/// The place an address names; none for anything else.
pub fn cursor(text: &str) -> Option<Cursor> {
    let (id, key) = text.split_once('~')?;
    let id: HandoffId = id.parse().ok()?;
    let key = match key.split_at_checked(1)? {
        ("n", number) => SortKey::Number(number.parse().ok()?),
        ("t", text) => SortKey::Text(text.to_owned()),
        _ => return None,
    };
    Some(Cursor { key, id })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_in_the_list_comes_back_from_its_address_and_nonsense_leads_nowhere() {
        let id: HandoffId = "0197a000-0000-7000-8000-000000000001".parse().unwrap();
        for key in [SortKey::Number(-5), SortKey::Text("öl & ~ gas".to_owned())] {
            let place = Cursor { key, id };
            assert_eq!(cursor(&named(&place)), Some(place));
        }
        for nonsense in [
            "",
            "~",
            "x~n1",
            "0197a000-0000-7000-8000-000000000001~",
            "0197a000-0000-7000-8000-000000000001~nx",
        ] {
            assert_eq!(cursor(nonsense), None, "{nonsense}");
        }
    }
}
