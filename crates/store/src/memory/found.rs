//! Finding things, in memory.

use async_trait::async_trait;
use throughline_domain::{AccountId, OrgId};

use super::{Held, MemoryStore, Tables};
use crate::{commit::StoreError, found::*, query::*};

#[async_trait]
impl Finding for MemoryStore {
    async fn find(&self, org: OrgId, query: &FindQuery) -> Result<Page<Found, FindPlace>, StoreError> {
        Ok(self.read(org, |tables| {
            let mut found: Vec<_> = match query.sought {
                Sought::Handoffs => tables.handoffs_found(query),
                Sought::Accounts => tables.accounts_found(query),
                Sought::People => tables.people_found(query),
            };
            found.retain(|(place, _)| query.after.as_ref().is_none_or(|after| place > after));
            found.sort_by(|(one, _), (other, _)| one.cmp(other));
            let limit = bounded(query.limit, PAGE);
            let more = found.len() > limit;
            found.truncate(limit);
            let next = found.last().filter(|_| more).map(|(place, _)| place.clone());
            Page { rows: found.into_iter().map(|(_, found)| found).collect(), next }
        }))
    }
}

impl Tables {
    fn handoffs_found(&self, query: &FindQuery) -> Vec<(FindPlace, Found)> {
        let reached = self.handoffs.values().filter(|held| held.reached(&query.reach));
        reached
            .filter_map(|held| {
                let row = &held.row;
                let words = words(&[&row.account, &row.deal_name]);
                let word = query.asked.matches(&words)?.to_owned();
                let place = FindPlace { word, rank: rank(row.opened_at), id: row.id.0 };
                Some((place, Found::Handoff(Box::new(row.clone()))))
            })
            .collect()
    }

    fn accounts_found(&self, query: &FindQuery) -> Vec<(FindPlace, Found)> {
        let reached = |account: AccountId| match query.reach {
            Reach::Organisation => true,
            Reach::People(_) => {
                let mut theirs = self.handoffs.values().filter(|held| held.row.account_id == account);
                theirs.any(|held| held.reached(&query.reach))
            }
        };
        let accounts = self.accounts.values().filter(|account| reached(account.id));
        accounts
            .filter_map(|account| {
                let word = query.asked.matches(&words(&[&account.name]))?.to_owned();
                Some((FindPlace { word, rank: 0, id: account.id.0 }, Found::Account(account.clone())))
            })
            .collect()
    }

    fn people_found(&self, query: &FindQuery) -> Vec<(FindPlace, Found)> {
        let people = self.people.values();
        people
            .filter_map(|person| {
                let names = [person.name.as_str(), person.email.as_deref().unwrap_or_default()];
                let word = query.asked.matches(&words(&names))?.to_owned();
                Some((FindPlace { word, rank: 0, id: person.id.0 }, Found::Person(Box::new(person.clone()))))
            })
            .collect()
    }
}

impl Held {
    /// Whether any of these people has a part in it.
    fn reached(&self, reach: &Reach) -> bool {
        match reach {
            Reach::Organisation => true,
            Reach::People(people) => self.parts.iter().any(|part| people.contains(&part.person)),
        }
    }
}
