//! `GET /api/v1/search`: deals, customers and people by how the words of their names begin.

use axum::{extract::State, routing::get};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use throughline_app::{
    gates::escaped,
    search::{Hits, Search},
};
use throughline_domain::AccountId;
use throughline_http::{ApiCaller, Problem, Web, extract::Query};
use throughline_store::{Account, HandoffRow, Sought};

use crate::{
    answer::{Answered, json},
    page::{self, Listed, decode, encode},
    people::PersonView,
    spec::{Verb, Verbs},
};

/// The longest text that is asked for, in characters.
const LONGEST: usize = 200;
/// Rows of each sort when none says how many.
const USUAL: u32 = 10;

/// What is sought.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Wanted {
    /// Beginnings of words, all of which must be in the name; case does not matter.
    #[schemars(length(max = LONGEST))]
    q: String,
    /// Only one sort of thing; all when left out.
    kind: Option<FoundKind>,
    /// How many rows of each sort at most; 10 when left out.
    #[schemars(range(min = 1, max = 200))]
    limit: Option<u32>,
    /// Where the page of that one sort begins: as found in `next`.
    #[schemars(length(max = 1000))]
    after: Option<String>,
}

/// A sort of thing that can be found.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum FoundKind {
    /// Deals with a handoff, by account and deal.
    Handoffs,
    /// Customers.
    Accounts,
    /// People of the organisation, by name and address.
    People,
}

impl From<FoundKind> for Sought {
    fn from(kind: FoundKind) -> Self {
        match kind {
            FoundKind::Handoffs => Self::Handoffs,
            FoundKind::Accounts => Self::Accounts,
            FoundKind::People => Self::People,
        }
    }
}

/// A customer.
#[derive(Debug, Serialize, JsonSchema)]
struct AccountFound {
    /// Which.
    id: AccountId,
    /// Its name.
    name: String,
}

/// What was found, by sort; null for what was not asked for or is not yours to see.
#[derive(Debug, Serialize, JsonSchema)]
struct SearchFound {
    /// Deals, newest first of those found by the same word.
    handoffs: Option<Listed<HandoffRow>>,
    /// Customers you may see a handoff of.
    accounts: Option<Listed<AccountFound>>,
    /// People of the organisation.
    people: Option<Listed<PersonView>>,
}

pub(crate) fn add(verbs: &mut Verbs) {
    verbs.add(
        Verb::get("/api/v1/search", "search")
            .about("about", "Find deals, customers and people by how the words of their names begin.")
            .notes(
                "Only what you may read is found. A page may hold fewer rows than asked for and still name a `next` \
                 one: one request looks so far and no further.",
            )
            .query::<Wanted>()
            .answers::<SearchFound>(200)
            .refuses(&["forbidden"]),
        get(search),
    );
}

async fn search(
    State(web): State<Web>,
    ApiCaller(caller): ApiCaller,
    Query(wanted): Query<Wanted>,
) -> Answered {
    if wanted.q.chars().count() > LONGEST {
        let detail = format!("q is longer than {LONGEST} characters");
        return Err(Problem::new("bad-request", detail).with("field", "q".into()));
    }
    if wanted.after.is_some() && wanted.kind.is_none() {
        let detail = "after is a place in the list of one kind; say which kind";
        return Err(Problem::new("bad-request", detail).with("field", "kind".into()));
    }
    let limit = page::limit(wanted.limit.or(Some(USUAL)))?;
    let (only, after) = (wanted.kind.map(Sought::from), decode(wanted.after.as_deref())?);
    let search = Search { text: wanted.q, only, after, limit };
    let found = web.app.search(&caller, &search).await?;
    let account = |Account { id, name, .. }| AccountFound { id, name };
    json(SearchFound {
        handoffs: found.handoffs.map(|hits| listed(hits, |row| row, "handoffs", &search)),
        accounts: found.accounts.map(|hits| listed(hits, account, "accounts", &search)),
        people: found.people.map(|hits| listed(hits, PersonView::from, "people", &search)),
    })
}

/// A page of one sort; the next one is of that sort alone.
fn listed<T, V>(hits: Hits<T>, view: impl Fn(T) -> V, kind: &str, search: &Search) -> Listed<V> {
    let next = hits.next.map(|place| {
        let (q, after) = (escaped(&search.text), escaped(&encode(&place)));
        format!("/api/v1/search?q={q}&kind={kind}&limit={}&after={after}", search.limit)
    });
    Listed { rows: hits.rows.into_iter().map(view).collect(), next }
}
