//! Search over everything a reader may see: deals by account and name, customers, people.
//!
//! Reach is that of the lists, so nobody finds what they may not read. Absent on purpose: what stands inside a record;
//! its texts are erased on demand and are not copied into an index.

use throughline_domain::access::Action;
use throughline_store::{
    Account, Asked, FindPlace, FindQuery, Found, HandoffRow, Page, Person, Reach, Sought,
};

use crate::{App, AppError, Caller};

/// How often a walk that ended before its page was full goes on, for one page.
const WALKS: usize = 4;

/// What is sought.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Search {
    /// Beginnings of words, all of which must be there. Front ends bound its length.
    pub text: String,
    /// Only one sort of thing; none: all.
    pub only: Option<Sought>,
    /// After this place in the list of that one sort.
    pub after: Option<FindPlace>,
    /// At most so many of each sort, 1 to 200.
    pub limit: u32,
}

/// What was found of one sort.
pub type Hits<T> = Page<T, FindPlace>;

/// What was found; none: it was not asked for, or is not the asker's to see.
#[derive(Debug, Default)]
pub struct Results {
    /// Deals, by the word they were found by, newest first.
    pub handoffs: Option<Hits<HandoffRow>>,
    /// Customers the asker may see a handoff of.
    pub accounts: Option<Hits<Account>>,
    /// People of the organisation.
    pub people: Option<Hits<Person>>,
}

impl Results {
    /// Whether nothing was found. A list that goes on has not been looked through.
    pub fn is_empty(&self) -> bool {
        let nothing = |rows: usize, next: bool| rows == 0 && !next;
        self.handoffs.as_ref().is_none_or(|hits| nothing(hits.rows.len(), hits.next.is_some()))
            && self.accounts.as_ref().is_none_or(|hits| nothing(hits.rows.len(), hits.next.is_some()))
            && self.people.as_ref().is_none_or(|hits| nothing(hits.rows.len(), hits.next.is_some()))
    }
}

impl App {
    /// Finds what is called so, within the asker's reach.
    ///
    /// # Errors
    /// [`AppError::Forbidden`] for a sort of thing the asker may see nowhere, when it is asked for by itself.
    pub async fn search(&self, caller: &Caller, search: &Search) -> Result<Results, AppError> {
        let mut results = Results::default();
        for sought in Sought::ALL {
            if search.only.is_some_and(|only| only != sought) {
                continue;
            }
            let right = if sought == Sought::People { Action::ReadPeople } else { Action::Read };
            let reach = match caller.reach(right) {
                Ok(reach) => reach,
                Err(AppError::Forbidden(_)) if search.only.is_none() => continue,
                Err(why) => return Err(why),
            };
            let found = self.hits(caller, search, sought, reach).await?;
            match sought {
                Sought::Handoffs => results.handoffs = Some(only(found, handoff)),
                Sought::Accounts => results.accounts = Some(only(found, account)),
                Sought::People => results.people = Some(only(found, person)),
            }
        }
        Ok(results)
    }

    async fn hits(
        &self,
        caller: &Caller,
        search: &Search,
        sought: Sought,
        reach: Reach,
    ) -> Result<Hits<Found>, AppError> {
        let limit = search.limit.clamp(1, 200);
        let after = search.only.and(search.after.clone());
        let mut query = FindQuery { sought, asked: Asked::of(&search.text), reach, after, limit };
        let mut rows = Vec::new();
        for _ in 0..WALKS {
            query.limit = limit - u32::try_from(rows.len()).unwrap_or(limit).min(limit - 1);
            let page = self.store.find(caller.org, &query).await?;
            rows.extend(page.rows);
            query.after = page.next;
            if query.after.is_none() || rows.len() >= limit as usize {
                break;
            }
        }
        Ok(Page { rows, next: query.after })
    }
}

fn only<T>(found: Hits<Found>, of: impl Fn(Found) -> Option<T>) -> Hits<T> {
    Page { rows: found.rows.into_iter().filter_map(of).collect(), next: found.next }
}

fn handoff(found: Found) -> Option<HandoffRow> {
    if let Found::Handoff(row) = found { Some(*row) } else { None }
}

fn account(found: Found) -> Option<Account> {
    if let Found::Account(account) = found { Some(account) } else { None }
}

fn person(found: Found) -> Option<Person> {
    if let Found::Person(person) = found { Some(*person) } else { None }
}
