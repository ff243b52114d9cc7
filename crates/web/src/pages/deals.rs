//! All handoffs in the reader's reach: filters and order in the address, a page at a time; and opening the record of a
//! deal nobody has opened yet.

mod open;
pub mod row;

use std::collections::BTreeSet;

use askama::Template;
use axum::{Router, extract::Query, routing::get};
use throughline_app::gates::escaped;
use throughline_domain::{
    HandoffId, Role,
    access::{self, Action},
};
use throughline_http::Web;
use throughline_store::{Cursor, HandoffFilter, PersonStatus, Sort, SortKey};

use crate::{
    answer::html,
    chrome::{Chrome, Place},
    form::Posted,
    i18n::{Key, Text},
    key,
    ui::{Choice, Field, Pager},
    visit::{Answer, Visit},
};
use row::{Row, rows};

/// The routes.
pub fn routes() -> Router<Web> {
    Router::new().route("/deals", get(show)).merge(open::routes())
}

/// How many rows a page has.
const PAGE: u32 = 50;
/// In the place of a CSM: where nobody is one.
const NOBODY: &str = "none";
/// Counting stops here; "1,000 or more" says enough.
const COUNTED: u32 = 1_000;

#[derive(Template)]
#[template(path = "pages/deals.html")]
struct DealsPage {
    chrome: Chrome,
    t: Text,
    rows: Vec<Row>,
    count: String,
    may_open: bool,
    filtered: bool,
    text: Field,
    stage: (Field, Vec<Choice>),
    life: (Field, Vec<Choice>),
    ae: (Field, Vec<Choice>),
    csm: (Field, Vec<Choice>),
    due: Field,
    incomplete: Field,
    bypassed: Field,
    sort: (Field, Vec<Choice>),
    pager: Pager,
}

const STAGES: [(&str, Key); 4] = [
    ("preparing", key!("stage-preparing")),
    ("offered", key!("stage-offered")),
    ("assigned", key!("stage-assigned")),
    ("owned", key!("stage-owned")),
];

const LIVES: [(&str, Key); 7] = [
    ("live", key!("deals-life-live")),
    ("done", key!("stage-done")),
    ("withdrawn", key!("stage-withdrawn")),
    ("cancelled", key!("stage-cancelled")),
    ("history", key!("stage-history")),
    ("out_of_scope", key!("stage-out-of-scope")),
    ("all", key!("deals-life-all")),
];

const SORTS: [(Sort, &str, Key); 6] = [
    (Sort::Due, "due", key!("deals-sort-due")),
    (Sort::Updated, "updated", key!("deals-sort-updated")),
    (Sort::Signature, "signature", key!("deals-sort-signature")),
    (Sort::Account, "account", key!("deals-sort-account")),
    (Sort::Missing, "missing", key!("deals-sort-missing")),
    (Sort::Amount, "amount", key!("deals-sort-amount")),
];

async fn show(visit: Visit, Query(query): Query<Vec<(String, String)>>) -> Answer {
    let app = &visit.web.app;
    let t = &visit.t;
    let query = Posted { action: String::new(), fields: query };
    let filter = filter(&query, t);
    let sort = SORTS
        .iter()
        .find(|(_, name, _)| query.get("sort") == Some(name))
        .map_or(Sort::Due, |(sort, ..)| *sort);
    let after = query.get("after").and_then(cursor).filter(|after| after.fits(sort));
    let page = app.handoffs(&visit.caller, filter.clone(), sort, after.clone(), PAGE).await?;
    let count = app.count_handoffs(&visit.caller, &filter, COUNTED).await?;
    let people =
        app.list_people(&visit.caller, None, None, 200).await.map(|page| page.rows).unwrap_or_default();
    let with_role = |role: Role, chosen: Option<&str>| -> Vec<Choice> {
        people
            .iter()
            .filter(|person| person.status != PersonStatus::Deactivated && person.mapped_to.is_none())
            .filter(|person| {
                let seller_of_old = role == Role::Ae && person.status == PersonStatus::NotInvited;
                seller_of_old || person.grants.iter().any(|grant| grant.role == role)
            })
            .map(|person| {
                let id = person.id.to_string();
                let is_chosen = chosen == Some(id.as_str());
                Choice::new(id, person.name.clone()).chosen(is_chosen)
            })
            .collect()
    };
    let field = |name: &str, label: Key| Field::new(name, t.get(label)).value(query.typed(name));
    let options = |list: &[(&str, Key)], chosen: &str| -> Vec<Choice> {
        list.iter().map(|(value, key)| Choice::new(*value, t.get(*key)).chosen(*value == chosen)).collect()
    };
    let sorts: Vec<(&str, Key)> = SORTS.iter().map(|(_, name, key)| (*name, *key)).collect();
    let nobody =
        Choice::new(NOBODY, t.get(key!("queue-unnominated"))).chosen(query.get("csm") == Some(NOBODY));
    let csms = [nobody].into_iter().chain(with_role(Role::Csm, query.get("csm"))).collect();
    let shown = rows(&visit, page.rows).await?;
    let asked: String = query
        .fields
        .iter()
        .filter(|(name, value)| name != "after" && !value.trim().is_empty())
        .map(|(name, value)| format!("{}={}&", escaped(name), escaped(value.trim())))
        .collect();
    let page = DealsPage {
        chrome: visit.chrome(Some(Place::Deals)),
        count: if count >= COUNTED {
            t.with(key!("deals-many"), ("n", COUNTED)).into()
        } else {
            t.number(count)
        },
        may_open: access::allowed_somewhere(&visit.caller.grants, Action::Open),
        filtered: !asked.is_empty(),
        text: field("q", key!("deals-search")),
        stage: (field("stage", key!("deals-stage")), options(&STAGES, query.typed("stage"))),
        life: (field("life", key!("deals-life")), options(&LIVES, query.get("life").unwrap_or("live"))),
        ae: (field("ae", key!("role-ae")), with_role(Role::Ae, query.get("ae"))),
        csm: (field("csm", key!("role-csm")), csms),
        due: field("due", key!("deals-due-before")),
        incomplete: field("incomplete", key!("deals-incomplete")).ticked(query.ticked("incomplete")),
        bypassed: field("bypassed", key!("deals-bypassed")).ticked(query.ticked("bypassed")),
        sort: (field("sort", key!("deals-sort")), options(&sorts, query.get("sort").unwrap_or("due"))),
        pager: Pager {
            newer: after.map(|_| format!("/deals?{}", asked.trim_end_matches('&'))),
            older: page.next.map(|next| format!("/deals?{asked}after={}", escaped(&named(&next)))),
        },
        rows: shown,
        t: t.clone(),
    };
    Ok(html(&page))
}

/// The filter an address asks for. What cannot be read asks for nothing.
fn filter(query: &Posted, t: &Text) -> HandoffFilter {
    let one_of = |name: &str, known: &[(&str, Key)]| -> BTreeSet<String> {
        query.all(name).filter(|value| known.iter().any(|(one, _)| one == value)).map(str::to_owned).collect()
    };
    let mut life = one_of("life", &LIVES);
    if query.get("life").is_none() {
        life.insert("live".to_owned());
    }
    if life.contains("all") {
        life.clear();
    }
    HandoffFilter {
        life,
        stage: one_of("stage", &STAGES),
        ae: query.get("ae").and_then(|id| id.parse().ok()),
        csm: query.get("csm").and_then(|id| id.parse().ok()),
        owes: query.get("owes").and_then(|id| id.parse().ok()),
        text: query.get("q").map(|text| text.chars().take(200).collect()),
        incomplete: query.ticked("incomplete").then_some(true),
        bypassed: query.ticked("bypassed").then_some(true),
        open_waivers: query.ticked("waivers").then_some(true),
        open_questions: query.ticked("questions").then_some(true),
        nominated: (query.get("csm") == Some(NOBODY)).then_some(false),
        due_before: query.opt_moment("due", t).ok().flatten(),
        ..HandoffFilter::default()
    }
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
