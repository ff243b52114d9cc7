//! Who comes into the portal, in memory.

use async_trait::async_trait;
use jiff::Timestamp;
use throughline_domain::{AccountId, OrgId, PortalPersonId};
use uuid::Uuid;

use super::{MemoryStore, Tables, apply::conflict};
use crate::{commit::StoreError, portal::*, ports::ApplyError};

#[async_trait]
impl Portals for MemoryStore {
    async fn portal_people(&self, org: OrgId, account: AccountId) -> Result<Vec<PortalPerson>, StoreError> {
        Ok(self.read(org, |tables| {
            let mut people: Vec<_> =
                tables.portal_people.values().filter(|one| one.account == account).cloned().collect();
            people.sort_by_key(|one| (one.granted_at.as_millisecond(), one.id));
            people.truncate(PORTAL_PEOPLE as usize);
            people
        }))
    }

    async fn portal_person(
        &self,
        org: OrgId,
        id: PortalPersonId,
    ) -> Result<Option<PortalPerson>, StoreError> {
        Ok(self.read(org, |tables| tables.portal_people.get(&id).cloned()))
    }

    async fn portal_people_by_email(&self, email: &str) -> Result<Vec<(OrgId, PortalPerson)>, StoreError> {
        let all = self.all();
        let found = all.iter().flat_map(|(org, tables)| {
            let people = tables.portal_people.values().filter(|one| one.email == email);
            people.map(|one| (*org, one.clone()))
        });
        Ok(found.take(PORTAL_PEOPLE as usize).collect())
    }

    async fn portal_key(&self, org: OrgId, id: Uuid) -> Result<Option<PortalKey>, StoreError> {
        Ok(self.read(org, |tables| tables.portal_keys.get(&id).cloned()))
    }

    async fn portal_key_of(&self, secret: &str) -> Result<Option<(OrgId, PortalKey)>, StoreError> {
        let all = self.all();
        Ok(all.iter().find_map(|(org, tables)| {
            let key = tables.portal_keys.values().find(|key| key.secret.as_deref() == Some(secret))?;
            Some((*org, key.clone()))
        }))
    }

    async fn portal_asked(
        &self,
        org: OrgId,
        person: PortalPersonId,
        kind: PortalKeyKind,
        since: Timestamp,
    ) -> Result<u32, StoreError> {
        let asked =
            |key: &&PortalKey| (key.person, key.kind) == (person, kind) && !is_before(key.asked_at, since);
        let count = self.read(org, |tables| tables.portal_keys.values().filter(asked).count());
        Ok(u32::try_from(count).unwrap_or(u32::MAX))
    }

    async fn portal_session(&self, secret: &str) -> Result<Option<(OrgId, PortalSession)>, StoreError> {
        let all = self.all();
        Ok(all.iter().find_map(|(org, tables)| Some((*org, tables.portal_sessions.get(secret)?.clone()))))
    }
}

/// In milliseconds, as tables compare times.
fn is_before(at: Timestamp, before: Timestamp) -> bool {
    at.as_millisecond() < before.as_millisecond()
}

impl Tables {
    /// `others` are the tables of the other organisations.
    pub fn portal(&mut self, change: PortalChange, others: &[&Tables]) -> Result<(), ApplyError> {
        match change {
            PortalChange::Put(person) => {
                let same = |one: &PortalPerson| {
                    one.id != person.id && one.account == person.account && one.email == person.email
                };
                if self.portal_people.values().any(same) {
                    return conflict(PORTAL_ADDRESS_TAKEN);
                }
                if self.portal_people.get(&person.id).map_or(0, |held| held.version) + 1 != person.version {
                    return conflict(PORTAL_PERSON_CHANGED);
                }
                self.portal_people.insert(person.id, person);
            }
            PortalChange::Leave(person) => self.leave_portal(person),
            PortalChange::Forget(person) => {
                self.leave_portal(person);
                self.portal_people.remove(&person);
            }
            PortalChange::Ask(key) => {
                self.portal_keys.entry(key.id).or_insert(key);
            }
            PortalChange::Hand { key, secret, expires_at } => {
                let taken = |tables: &Tables| {
                    let others = tables.portal_keys.values().filter(|one| one.id != key);
                    others.into_iter().any(|one| one.secret.as_ref() == Some(&secret))
                };
                if taken(self) || others.iter().any(|one| taken(one)) {
                    return conflict(PORTAL_SECRET_TAKEN);
                }
                let held = self.unused_key(key)?;
                (held.secret, held.expires_at) = (Some(secret), expires_at);
            }
            PortalChange::Try { key, most } => {
                let held = self.unused_key(key)?;
                if held.tries >= most {
                    return conflict(PORTAL_KEY_IS_OVER);
                }
                held.tries += 1;
            }
            PortalChange::Use { key, at } => self.unused_key(key)?.used_at = Some(at),
            PortalChange::PutSession(session) => {
                if others.iter().any(|other| other.portal_sessions.contains_key(&session.secret)) {
                    return conflict(PORTAL_SECRET_TAKEN);
                }
                self.portal_sessions.insert(session.secret.clone(), session);
            }
            PortalChange::SeeSession { secret, at } => {
                if let Some(held) = self.portal_sessions.get_mut(&secret) {
                    held.seen_at = at;
                }
            }
            PortalChange::EndSession(secret) => {
                self.portal_sessions.remove(&secret);
            }
            PortalChange::Tidy { asked_before, seen_before } => {
                self.portal_keys.retain(|_, key| !is_before(key.asked_at, asked_before));
                self.portal_sessions.retain(|_, session| !is_before(session.seen_at, seen_before));
            }
        }
        Ok(())
    }

    fn leave_portal(&mut self, person: PortalPersonId) {
        self.portal_keys.retain(|_, key| key.person != person);
        self.portal_sessions.retain(|_, session| session.person != person);
    }

    fn unused_key(&mut self, id: Uuid) -> Result<&mut PortalKey, ApplyError> {
        match self.portal_keys.get_mut(&id).filter(|key| key.used_at.is_none()) {
            Some(key) => Ok(key),
            None => conflict(PORTAL_KEY_IS_OVER),
        }
    }
}
