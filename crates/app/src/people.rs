//! People and teams: who they are, what they may do, and who the owners in a CRM really are.

mod absence;
mod entrance;
mod leaving;
pub mod moving;
pub mod pasted;
mod sessions;

use std::collections::BTreeSet;

use throughline_domain::{
    PersonId, TeamId,
    access::{Action, Grant},
};
use throughline_store::{Change, Person, PersonStatus, Team};

pub use self::absence::{NewAbsence, Presence};
pub use self::sessions::{IDLE_HOURS, SESSION_HOURS};
use crate::{App, AppError, Caller, orgs::line};

/// A person as asked for.
#[derive(Debug, Clone)]
pub struct NewPerson {
    /// Their name.
    pub name: String,
    /// Their mail address.
    pub email: String,
    /// What they may do.
    pub grants: BTreeSet<Grant>,
    /// Their team.
    pub team: Option<TeamId>,
}

impl App {
    /// One person.
    pub async fn person(&self, caller: &Caller, id: PersonId) -> Result<Person, AppError> {
        caller.may(Action::ReadPeople)?;
        self.store.person(caller.org, id).await?.ok_or(AppError::NotFound("person"))
    }

    /// Changes name, roles and team of a person.
    pub async fn change_person(
        &self,
        caller: &Caller,
        id: PersonId,
        new: NewPerson,
    ) -> Result<Person, AppError> {
        self.anew(|| self.put_person(caller, id, new.clone())).await
    }

    async fn put_person(&self, caller: &Caller, id: PersonId, new: NewPerson) -> Result<Person, AppError> {
        caller.may(Action::ManagePeople)?;
        let mut person = self.person(caller, id).await?;
        person.name = line("name", &new.name, 200)?;
        person.email =
            if new.email.trim().is_empty() { person.email } else { Some(mail_address(&new.email)?) };
        if person.status != PersonStatus::NotInvited && new.grants.is_empty() {
            return Err(AppError::invalid("roles", "give at least one role, or deactivate them"));
        }
        person.grants = new.grants;
        let moved = person.team != new.team;
        person.team = new.team;
        let detail = serde_json::json!({ "grants": person.grants, "team": person.team });
        let audit = self.audit(caller, "change-person", &id.to_string(), detail);
        let mut changes = vec![Change::PutPerson(person.clone())];
        if moved {
            changes.extend(self.team_changed(caller.org).await?);
        }
        self.apply(caller, changes, audit).await?;
        Ok(person)
    }

    /// Makes or changes a team.
    pub async fn put_team(
        &self,
        caller: &Caller,
        id: Option<TeamId>,
        name: &str,
        manager: Option<PersonId>,
    ) -> Result<Team, AppError> {
        caller.may(Action::ManagePeople)?;
        let name = line("name", name, 100)?;
        let known = match id {
            Some(id) => Some(self.store.team(caller.org, id).await?.ok_or(AppError::NotFound("team"))?),
            None => None,
        };
        if let Some(manager) = manager {
            self.person(caller, manager).await?;
        }
        let team = Team {
            id: id.unwrap_or_else(|| TeamId(self.fresh_id())),
            name,
            manager,
            calendar: known.and_then(|known| known.calendar),
        };
        let audit = self.audit(caller, "put-team", &team.id.to_string(), serde_json::Value::Null);
        self.apply(caller, vec![Change::PutTeam(team.clone())], audit).await?;
        Ok(team)
    }

    /// Says who an imported owner really is: aliases and seats go over (R0.7, import).
    pub async fn map_person(&self, caller: &Caller, from: PersonId, to: PersonId) -> Result<u32, AppError> {
        caller.may(Action::ManagePeople)?;
        let mut stub = self.person(caller, from).await?;
        let mut real = self.person(caller, to).await?;
        if stub.status != PersonStatus::NotInvited {
            return Err(AppError::Conflict(format!("{} is no owner from an import", stub.name)));
        }
        if from == to || !real.status.signs_in() {
            return Err(AppError::invalid("to", "must be somebody who can sign in"));
        }
        real.aliases.append(&mut stub.aliases);
        stub.mapped_to = Some(to);
        let audit = self.audit(caller, "map-person", &from.to_string(), serde_json::json!({ "to": to }));
        // At once: a deal that comes in now must find who is meant before the seats go over.
        self.store.apply(caller.org, vec![Change::PutPerson(stub), Change::PutPerson(real)], audit).await?;
        self.move_seats(caller, from, to, "mapped to the person behind the CRM owner", false).await
    }
}

/// A mail address, lower-case, shaped enough to send to.
pub fn mail_address(text: &str) -> Result<String, AppError> {
    let email = text.trim().to_lowercase();
    if email.is_empty() {
        return Err(AppError::invalid("email", "must not be blank"));
    }
    let shaped = email.len() <= 254
        && email.split_once('@').is_some_and(|(local, domain)| {
            !local.is_empty() && domain.contains('.') && !domain.starts_with('.') && !domain.ends_with('.')
        })
        && !email.contains(|c: char| {
            c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | ',' | ';' | '"')
        });
    if shaped {
        Ok(email)
    } else {
        Err(AppError::invalid(
            "email",
            format!("`{}` is no mail address", email.chars().take(60).collect::<String>()),
        ))
    }
}
