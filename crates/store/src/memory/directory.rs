//! Plain tables, in memory.

use std::{cmp::Reverse, collections::BTreeSet};

use async_trait::async_trait;
use throughline_domain::{AccountId, OrgId, PersonId, Role, TeamId, TokenId};
use uuid::Uuid;

use super::{MemoryStore, Tables};
use crate::{commit::StoreError, directory::*, ports::*, query::*, sweeps::*};

impl MemoryStore {
    /// The first organisation that has what is looked for.
    fn anywhere<T>(&self, look: impl Fn(&Tables) -> Option<T>) -> Option<(OrgId, T)> {
        self.all().iter().find_map(|(org, tables)| Some((*org, look(tables)?)))
    }
}

#[async_trait]
impl Directory for MemoryStore {
    async fn apply(&self, org: OrgId, changes: Vec<Change>, audit: Audit) -> Result<(), ApplyError> {
        let nudges = changes.iter().any(Change::nudges);
        super::apply::apply(&mut self.all(), org, changes, audit)?;
        if nudges {
            self.bell.ring();
        }
        Ok(())
    }

    async fn orgs(&self) -> Result<Vec<Org>, StoreError> {
        Ok(self.all().values().filter_map(|tables| tables.org.clone()).take(STRETCH as usize).collect())
    }

    async fn org(&self, id: OrgId) -> Result<Option<Org>, StoreError> {
        Ok(self.read(id, |tables| tables.org.clone()))
    }

    async fn person(&self, org: OrgId, id: PersonId) -> Result<Option<Person>, StoreError> {
        Ok(self.read(org, |tables| tables.people.get(&id).cloned()))
    }

    async fn people_of(&self, org: OrgId, ids: &BTreeSet<PersonId>) -> Result<Vec<Person>, StoreError> {
        Ok(self.read(org, |tables| {
            let people = ids.iter().filter_map(|id| tables.people.get(id)).cloned();
            people.take(STRETCH as usize).collect()
        }))
    }

    async fn people_by_email(&self, email: &str) -> Result<Vec<(OrgId, Person)>, StoreError> {
        let email = folded(email);
        let all = self.all();
        let everybody =
            all.iter().flat_map(|(org, tables)| tables.people.values().map(|person| (*org, person)));
        let found =
            everybody.filter(|(_, person)| person.email.as_deref().map(folded).as_ref() == Some(&email));
        Ok(found.map(|(org, person)| (org, person.clone())).take(STRETCH as usize).collect())
    }

    async fn people(
        &self,
        org: OrgId,
        text: Option<&str>,
        after: Option<(String, PersonId)>,
        limit: u32,
    ) -> Result<Page<Person, (String, PersonId)>, StoreError> {
        let text = needle(text);
        let place = |person: &Person| (person.name.to_lowercase(), person.id);
        Ok(self.read(org, |tables| {
            let sought = |person: &&Person| {
                let fields = haystack(&[&person.name, person.email.as_deref().unwrap_or_default()]);
                text.as_ref().is_none_or(|text| fields.contains(text))
            };
            let mut rows: Vec<_> = tables.people.values().filter(sought).cloned().collect();
            rows.retain(|person| after.as_ref().is_none_or(|after| place(person) > *after));
            rows.sort_by_cached_key(place);
            let limit = bounded(limit, PAGE);
            let more = rows.len() > limit;
            rows.truncate(limit);
            let next = rows.last().filter(|_| more).map(place);
            Page { rows, next }
        }))
    }

    async fn person_by_alias(&self, org: OrgId, alias: &str) -> Result<Option<Person>, StoreError> {
        Ok(self.read(org, |tables| {
            tables.people.values().find(|person| person.aliases.contains(alias)).cloned()
        }))
    }

    async fn teams(&self, org: OrgId) -> Result<Vec<Team>, StoreError> {
        Ok(self.read(org, |tables| {
            let mut teams: Vec<_> = tables.teams.values().cloned().collect();
            teams.sort_by_cached_key(|team| (team.name.to_lowercase(), team.id));
            teams.truncate(STRETCH as usize);
            teams
        }))
    }

    async fn team_people(
        &self,
        org: OrgId,
        teams: &BTreeSet<TeamId>,
    ) -> Result<BTreeSet<PersonId>, StoreError> {
        Ok(self.read(org, |tables| {
            let of_them = |person: &&Person| person.team.is_some_and(|team| teams.contains(&team));
            tables.people.values().filter(of_them).map(|person| person.id).collect()
        }))
    }

    async fn role_people(&self, org: OrgId, role: Role) -> Result<Vec<Person>, StoreError> {
        Ok(self.read(org, |tables| {
            let here = |person: &&Person| person.status != PersonStatus::Deactivated;
            let all = tables.people.values().filter(here);
            let holds = |person: &&Person| person.grants.iter().any(|grant| grant.role == role);
            all.filter(holds).take(STRETCH as usize).cloned().collect()
        }))
    }

    async fn team(&self, org: OrgId, id: TeamId) -> Result<Option<Team>, StoreError> {
        Ok(self.read(org, |tables| tables.teams.get(&id).cloned()))
    }

    async fn account(&self, org: OrgId, id: AccountId) -> Result<Option<Account>, StoreError> {
        Ok(self.read(org, |tables| tables.accounts.get(&id).cloned()))
    }

    async fn account_by_alias(&self, org: OrgId, alias: &str) -> Result<Option<Account>, StoreError> {
        Ok(self.read(org, |tables| {
            tables.accounts.values().find(|account| account.aliases.contains(alias)).cloned()
        }))
    }

    async fn playbooks(&self, org: OrgId) -> Result<Vec<PublishedPlaybook>, StoreError> {
        let without_source =
            |playbook: &PublishedPlaybook| PublishedPlaybook { source: String::new(), ..playbook.clone() };
        Ok(self.read(org, |tables| tables.playbooks.values().map(without_source).collect()))
    }

    async fn playbook(
        &self,
        org: OrgId,
        name: &str,
        version: Option<u32>,
    ) -> Result<Option<PublishedPlaybook>, StoreError> {
        Ok(self.read(org, |tables| {
            let mut of_name = tables.playbooks.values().filter(|playbook| playbook.name == name);
            match version {
                Some(version) => of_name.find(|playbook| playbook.version == version).cloned(),
                None => of_name.next_back().cloned(),
            }
        }))
    }

    async fn token(&self, secret: &str) -> Result<Option<(OrgId, Token)>, StoreError> {
        Ok(self.anywhere(|tables| tables.tokens.values().find(|token| token.secret == secret).cloned()))
    }

    async fn tokens(&self, org: OrgId) -> Result<Vec<Token>, StoreError> {
        Ok(self.read(org, |tables| {
            let mut tokens: Vec<_> = tables.tokens.values().cloned().collect();
            tokens.sort_by_key(|token| Reverse((token.created_at.as_millisecond(), token.id)));
            tokens.truncate(STRETCH as usize);
            tokens
        }))
    }

    async fn token_by_id(&self, org: OrgId, id: TokenId) -> Result<Option<Token>, StoreError> {
        Ok(self.read(org, |tables| tables.tokens.get(&id).cloned()))
    }

    async fn session(&self, secret: &str) -> Result<Option<(OrgId, Session)>, StoreError> {
        Ok(self.anywhere(|tables| tables.sessions.get(secret).cloned()))
    }

    async fn sessions_of(&self, org: OrgId, person: PersonId) -> Result<Vec<Session>, StoreError> {
        Ok(self.read(org, |tables| {
            let theirs = tables.sessions.values().filter(|session| session.person == person);
            let mut sessions: Vec<_> = theirs.cloned().collect();
            sessions.sort_by_key(|session| {
                (Reverse(session.created_at.as_millisecond()), session.secret.clone())
            });
            sessions.truncate(STRETCH as usize);
            sessions
        }))
    }

    async fn link(&self, secret: &str) -> Result<Option<(OrgId, Link)>, StoreError> {
        Ok(self.anywhere(|tables| tables.links.get(secret).cloned()))
    }

    async fn letters(
        &self,
        org: OrgId,
        to: Option<PersonId>,
        before: Option<Uuid>,
        limit: u32,
    ) -> Result<Vec<Letter>, StoreError> {
        Ok(self.read(org, |tables| {
            let newest_first = tables.letters.values().rev();
            let asked = newest_first.filter(|letter| {
                (to.is_none() || letter.to == to) && before.is_none_or(|before| letter.id < before)
            });
            asked.take(bounded(limit, PAGE)).cloned().collect()
        }))
    }

    async fn audit(
        &self,
        org: OrgId,
        before: Option<i64>,
        limit: u32,
    ) -> Result<Vec<(i64, Audit)>, StoreError> {
        Ok(self.read(org, |tables| {
            let numbered = (1..).zip(tables.audit.iter().cloned());
            let mut rows: Vec<_> =
                numbered.filter(|(seq, _)| before.is_none_or(|before| *seq < before)).collect();
            rows.reverse();
            rows.truncate(bounded(limit, PAGE));
            rows
        }))
    }

    async fn events(
        &self,
        org: OrgId,
        before: Option<EventPlace>,
        limit: u32,
    ) -> Result<Vec<EventSeen>, StoreError> {
        Ok(self.read(org, |tables| {
            let mut seen: Vec<EventSeen> = tables.events.values().map(|event| event.row.seen()).collect();
            seen.retain(|event| before.as_ref().is_none_or(|before| event.place() < *before));
            seen.sort_by_cached_key(|event| Reverse(event.place()));
            seen.truncate(bounded(limit, PAGE));
            seen
        }))
    }
}
