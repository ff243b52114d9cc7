//! Search: deals, customers and people by how their names begin, as a page and as lines for the command palette.
//!
//! The page works without scripts; the palette asks for the same lines without a page around them.

use askama::Template;
use axum::{Router, extract::Query, routing::get};
use serde::Deserialize;
use throughline_app::{
    AppError,
    gates::escaped,
    search::{Hits, Results, Search},
};
use throughline_domain::access::Action;
use throughline_http::Web;
use throughline_store::{Account, FindPlace, HandoffRow, Person as StoredPerson, PersonStatus, Sought};

use crate::{
    answer::html,
    chrome::Chrome,
    i18n::{Key, Text},
    key,
    pages::{
        deals::row::{Row, rows},
        people::grant_words,
        words,
    },
    ui::{Person, Stage, Tab},
    visit::{Answer, Visit},
};

/// The routes.
pub fn routes() -> Router<Web> {
    Router::new().route("/search", get(show)).route("/search/lines", get(lines))
}

/// Rows of each sort on the page of all sorts, and on the page of one.
const SHOWN: u32 = 10;
const PAGE: u32 = 50;
/// Lines of each sort in the palette.
const LINES: u32 = 5;
/// The longest text that is asked for, in characters.
const LONGEST: usize = 200;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    q: String,
    kind: String,
    after: String,
}

impl Asked {
    fn text(&self) -> String {
        self.q.trim().chars().take(LONGEST).collect()
    }

    fn only(&self) -> Option<Sought> {
        Sought::ALL.into_iter().find(|sought| named(*sought) == self.kind)
    }
}

/// A sort of thing as addresses name it.
fn named(sought: Sought) -> &'static str {
    match sought {
        Sought::Handoffs => "deals",
        Sought::Accounts => "customers",
        Sought::People => "people",
    }
}

fn title(sought: Sought) -> Key {
    match sought {
        Sought::Handoffs => key!("search-deals"),
        Sought::Accounts => key!("search-customers"),
        Sought::People => key!("search-people"),
    }
}

/// A place in a list as an address holds it.
fn written(place: &FindPlace) -> String {
    escaped(&format!("{}~{}~{}", place.id, place.rank, place.word))
}

/// The place an address names; none for anything else.
fn read(text: &str) -> Option<FindPlace> {
    let mut parts = text.splitn(3, '~');
    let (id, rank, word) = (parts.next()?, parts.next()?, parts.next()?);
    Some(FindPlace { word: word.to_owned(), rank: rank.parse().ok()?, id: id.parse().ok()? })
}

/// The address of a search of one sort.
fn address(text: &str, sought: Sought, after: Option<&FindPlace>) -> String {
    let after = after.map(|place| format!("&after={}", written(place))).unwrap_or_default();
    format!("/search?q={}&kind={}{after}", escaped(text), named(sought))
}

/// What was found of one sort.
struct Section<T> {
    rows: Vec<T>,
    /// The whole list of that sort, where this is not all of it.
    all: Option<String>,
}

/// A customer: their deals are what there is of them.
struct Customer {
    name: String,
    href: String,
}

impl Customer {
    fn of(account: Account) -> Self {
        Self { href: format!("/deals?life=all&q={}", escaped(&account.name)), name: account.name }
    }
}

/// Somebody of the company.
struct Somebody {
    person: Person,
    email: String,
    roles: String,
    status: PersonStatus,
    href: String,
}

impl Somebody {
    fn of(t: &Text, person: StoredPerson) -> Self {
        Self {
            href: format!("/people/{}", person.id),
            email: person.email.unwrap_or_default(),
            roles: t.list(&person.grants.iter().map(|grant| grant_words(t, *grant)).collect::<Vec<_>>()),
            status: person.status,
            person: Person::named(person.name),
        }
    }
}

#[derive(Template)]
#[template(path = "pages/search/page.html")]
struct SearchPage {
    chrome: Chrome,
    t: Text,
    q: String,
    kind: &'static str,
    tabs: Vec<Tab>,
    deals: Option<Section<Row>>,
    customers: Option<Section<Customer>>,
    people: Option<Section<Somebody>>,
    found: bool,
    first: Option<String>,
    next: Option<String>,
    may_read: bool,
}

impl SearchPage {
    /// Whether one sort alone is shown, page by page.
    fn is_narrow(&self) -> bool {
        !self.kind.is_empty()
    }
}

/// What is found; nothing where nothing is asked.
async fn found(visit: &Visit, search: &Search) -> Result<Results, AppError> {
    if search.text.is_empty() {
        return Ok(Results::default());
    }
    visit.web.app.search(&visit.caller, search).await
}

async fn show(visit: Visit, Query(asked): Query<Asked>) -> Answer {
    let (q, only) = (asked.text(), asked.only());
    let after = only.and_then(|_| read(&asked.after));
    let limit = if only.is_some() { PAGE } else { SHOWN };
    let search = Search { text: q.clone(), only, after: after.clone(), limit };
    let found = found(&visit, &search).await?;
    let t = visit.t.clone();
    let nothing = found.is_empty();
    let next = only.and_then(|sought| {
        let next = match sought {
            Sought::Handoffs => found.handoffs.as_ref()?.next.as_ref(),
            Sought::Accounts => found.accounts.as_ref()?.next.as_ref(),
            Sought::People => found.people.as_ref()?.next.as_ref(),
        };
        Some(address(&q, sought, Some(next?)))
    });
    let all = |sought: Sought, more: bool| (more && only.is_none()).then(|| address(&q, sought, None));
    let deals = match found.handoffs {
        Some(Hits { rows: found, next }) => {
            Some(Section { all: all(Sought::Handoffs, next.is_some()), rows: rows(&visit, found).await? })
        }
        None => None,
    };
    let customers = found.accounts.map(|hits| Section {
        all: all(Sought::Accounts, hits.next.is_some()),
        rows: hits.rows.into_iter().map(Customer::of).collect(),
    });
    let people = found.people.map(|hits| Section {
        all: all(Sought::People, hits.next.is_some()),
        rows: hits.rows.into_iter().map(|person| Somebody::of(&t, person)).collect(),
    });
    let sorts = [None].into_iter().chain(Sought::ALL.map(Some)).filter(|_| !q.is_empty());
    let tabs = sorts.map(|sought| Tab {
        label: t.get(sought.map_or(key!("search-everything"), title)).into_owned(),
        href: sought.map_or(format!("/search?q={}", escaped(&q)), |sought| address(&q, sought, None)),
        current: sought == only,
        count: None,
    });
    let tabs: Vec<Tab> = tabs.collect();
    let may_read = visit.caller.may(Action::Read).is_ok();
    Ok(html(&SearchPage {
        chrome: visit.chrome(None),
        tabs,
        kind: only.map_or("", named),
        found: !nothing,
        first: after.and(only).map(|sought| address(&q, sought, None)),
        next,
        deals,
        customers,
        people,
        may_read,
        q,
        t,
    }))
}

/// One line of the palette.
struct Line {
    href: String,
    icon: &'static str,
    title: String,
    sub: String,
    stage: Option<Stage>,
}

/// The lines of one sort.
struct Group {
    title: String,
    lines: Vec<Line>,
}

#[derive(Template)]
#[template(path = "pages/search/lines.html")]
struct Lines {
    t: Text,
    groups: Vec<Group>,
}

async fn lines(visit: Visit, Query(asked): Query<Asked>) -> Answer {
    let found = found(&visit, &Search { text: asked.text(), limit: LINES, ..Search::default() }).await?;
    let t = visit.t.clone();
    let handoff = |row: HandoffRow| Line {
        href: format!("/handoffs/{}", row.id),
        icon: "handshake",
        title: row.account,
        sub: row.deal_name,
        stage: Some(words::stage_named(&row.life, &row.stage)),
    };
    let customer = |account: Account| {
        let Customer { name, href } = Customer::of(account);
        let sub = t.with(key!("search-customer-deals"), ("name", name.as_str())).into_owned();
        Line { href, icon: "building", title: name, sub, stage: None }
    };
    let person = |person: StoredPerson| {
        let somebody = Somebody::of(&t, person);
        let sub = if somebody.roles.is_empty() { somebody.email } else { somebody.roles };
        Line { href: somebody.href, icon: "users", title: somebody.person.name, sub, stage: None }
    };
    let groups = [
        (Sought::Handoffs, found.handoffs.map(|hits| hits.rows.into_iter().map(handoff).collect())),
        (Sought::Accounts, found.accounts.map(|hits| hits.rows.into_iter().map(customer).collect())),
        (Sought::People, found.people.map(|hits| hits.rows.into_iter().map(person).collect())),
    ];
    let groups = groups.into_iter().filter_map(|(sought, lines)| {
        let lines: Vec<Line> = lines?;
        (!lines.is_empty()).then(|| Group { title: t.get(title(sought)).into_owned(), lines })
    });
    Ok(html(&Lines { groups: groups.collect(), t }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_comes_back_from_its_address_and_nonsense_leads_nowhere() {
        let id = "0197a000-0000-7000-8000-000000000001".parse().unwrap();
        let place = FindPlace { word: "öl~7".to_owned(), rank: -5, id };
        let address = crate::answer::unescape(&written(&place)).unwrap();
        assert_eq!(read(&address), Some(place));
        for nonsense in ["", "~~", "x~1~a", "0197a000-0000-7000-8000-000000000001~a~b"] {
            assert_eq!(read(nonsense), None, "{nonsense}");
        }
    }
}
