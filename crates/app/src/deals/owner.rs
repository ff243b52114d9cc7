//! The people a CRM names: found here, or added as people nobody has invited yet (R0.7).

use std::collections::BTreeSet;

use throughline_domain::{
    PersonId, Personal, Role,
    deal::{CrmPerson, DealKey},
    handoff::Seat,
};
use throughline_store::{ApplyError, Change, Org, Person, PersonStatus};

use crate::{App, AppError, Caller};

impl App {
    /// Who answers for people nobody has mapped. The playbook names the role; the organisation's own choice among
    /// those who hold it, else whoever has held it longest; where nobody does, the organisation's choice all the same.
    pub(super) async fn process_owner(&self, org: &Org, role: Role) -> Result<Option<PersonId>, AppError> {
        let holders = self.store.role_people(org.id, role).await?;
        let able = holders.iter().filter(|person| person.status.signs_in());
        let chosen = able.min_by_key(|person| {
            let chosen = org.process_owner == Some(person.id);
            (!chosen, person.status != PersonStatus::Active, person.created_at, person.id)
        });
        Ok(chosen.map(|person| person.id).or(org.process_owner))
    }

    /// The AE's seat: whoever the CRM names, or who stands in where it names nobody.
    pub(super) async fn seat_for(
        &self,
        caller: &Caller,
        org: &Org,
        key: &DealKey,
        owner: Option<&CrmPerson>,
        stand_in: PersonId,
    ) -> Result<Seat, AppError> {
        let seat = |person, unmapped| Seat { person, unmapped, contributors: BTreeSet::new() };
        let Some(owner) = owner.filter(|owner| is_named(owner)) else {
            return Ok(seat(stand_in, false));
        };
        let person = self.mapped_person(caller, org, key, owner).await?;
        Ok(seat(person.id, !person.status.signs_in()))
    }

    /// The person behind a CRM's owner: known by id or mail there, by mail here, or new and not invited.
    pub(super) async fn mapped_person(
        &self,
        caller: &Caller,
        org: &Org,
        key: &DealKey,
        named: &CrmPerson,
    ) -> Result<Person, AppError> {
        if let Some(person) = self.known_person(org, key, named).await? {
            return Ok(person);
        }
        let aliases = aliases(&key.source, named);
        let email = mail_of(named);
        let fallback = email.or_else(|| named.external_id.clone()).unwrap_or_else(|| "Unknown owner".into());
        let person = Person {
            id: PersonId(self.fresh_id()),
            name: named.name.as_ref().map_or(fallback, |name| name.as_str().to_owned()),
            email: None,
            grants: BTreeSet::new(),
            team: None,
            status: PersonStatus::NotInvited,
            zone: None,
            password: None,
            aliases: aliases.clone(),
            mapped_to: None,
            notify: Default::default(),
            away: Default::default(),
            created_at: self.now(),
        };
        let audit = self.audit(caller, "add-owner-from-crm", &person.id.to_string(), serde_json::Value::Null);
        match self.store.apply(org.id, vec![Change::PutPerson(person.clone())], audit).await {
            Ok(()) => Ok(person),
            // Another of their deals came in the same moment.
            Err(ApplyError::Conflict(_)) => {
                let added = self.known_person(org, key, named).await?;
                added.ok_or_else(|| AppError::Conflict("the owner could not be added; try again".into()))
            }
            Err(other) => Err(other.into()),
        }
    }

    /// The person behind a CRM's owner, when they are known here.
    pub(super) async fn known_person(
        &self,
        org: &Org,
        key: &DealKey,
        named: &CrmPerson,
    ) -> Result<Option<Person>, AppError> {
        for alias in &aliases(&key.source, named) {
            if let Some(person) = self.store.person_by_alias(org.id, alias).await? {
                return self.really(org, person).await.map(Some);
            }
        }
        let Some(email) = mail_of(named) else { return Ok(None) };
        let known = self.store.people_by_email(&email).await?.into_iter().find(|(of, _)| *of == org.id);
        match known {
            Some((_, person)) => self.really(org, person).await.map(Some),
            None => Ok(None),
        }
    }

    async fn really(&self, org: &Org, person: Person) -> Result<Person, AppError> {
        match person.mapped_to {
            Some(id) => Ok(self.store.person(org.id, id).await?.unwrap_or(person)),
            None => Ok(person),
        }
    }
}

/// Whether a CRM says anything of a person.
fn is_named(owner: &CrmPerson) -> bool {
    owner.external_id.is_some() || owner.email.is_some() || owner.name.is_some()
}

fn mail_of(named: &CrmPerson) -> Option<String> {
    let email = named.email.as_ref().map(|email| email.as_str().trim().to_lowercase());
    email.filter(|email| email.contains('@'))
}

fn aliases(source: &str, named: &CrmPerson) -> BTreeSet<String> {
    let id = named.external_id.as_ref().map(|id| format!("{source}:{id}"));
    let email =
        named.email.as_ref().map(|email| format!("{source}:{}", email.as_str().trim().to_lowercase()));
    let mut aliases: BTreeSet<String> = id.into_iter().chain(email).collect();
    if aliases.is_empty() {
        aliases.extend(
            named.name.as_ref().map(|name| format!("{source}:name:{}", name.as_str().to_lowercase())),
        );
    }
    aliases
}

/// A CRM person from plain parts; blanks are left out.
pub fn crm_person(external_id: Option<String>, name: Option<&str>, email: Option<&str>) -> Option<CrmPerson> {
    let text = |text: Option<&str>| text.and_then(|text| Personal::parse(text).ok());
    let person = CrmPerson {
        external_id: external_id.filter(|id| !id.trim().is_empty()),
        name: text(name),
        email: text(email),
    };
    is_named(&person).then_some(person)
}
