//! People named in commands: they must be here, able to sign in, and of the side that is asked for. The domain knows
//! ids only.

use throughline_domain::{
    OrgId, PersonId, Role,
    access::{Action, reach},
    handoff::{Command, command::*},
};
use throughline_store::Person;

use crate::{App, AppError, Caller};

/// Whom a command names: in which field, and as what.
struct Named {
    field: &'static str,
    person: PersonId,
    needs: Needs,
}

/// What somebody must be to be named.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Needs {
    /// Anybody who can sign in: contributors help with what is not their job.
    SignIn,
    /// Whoever can answer an offer: a CSM, or who leads them.
    Offers,
    /// Whoever holds this role.
    Role(Role),
}

/// Whether somebody can be given a job: it is their role, or they lead those whose it is.
fn can_be(person: &Person, role: Role) -> bool {
    person.grants.iter().any(|grant| grant.role == role || Some(grant.role) == leads(role))
}

/// Whether somebody may act in a role for who holds it: it could be theirs, or they lead those whose it is.
pub(crate) fn stands_in_as(person: &Person, role: Role) -> bool {
    let leads_managers =
        role == Role::AeManager && person.grants.iter().any(|grant| grant.role == Role::SalesLeader);
    can_be(person, role) || leads_managers
}

fn leads(role: Role) -> Option<Role> {
    match role {
        Role::Ae => Some(Role::AeManager),
        Role::Csm => Some(Role::CsLeader),
        _ => None,
    }
}

impl Needs {
    pub(crate) fn met_by(self, person: &Person) -> bool {
        match self {
            Needs::SignIn => true,
            Needs::Offers => {
                person.grants.iter().any(|grant| reach(grant.role, Action::AnswerOffer).is_some())
            }
            Needs::Role(role) => can_be(person, role),
        }
    }

    pub(crate) fn title(self) -> &'static str {
        match self {
            Needs::SignIn => "person",
            Needs::Offers => Role::Csm.title(),
            Needs::Role(role) => role.title(),
        }
    }
}

impl App {
    /// Who can be given a job, by name: what a form offers is what the command takes.
    pub async fn candidates(&self, caller: &Caller, role: Role) -> Result<Vec<Person>, AppError> {
        caller.may(Action::ReadPeople)?;
        let mut found = Vec::new();
        for holds in [Some(role), leads(role)].into_iter().flatten() {
            found.extend(self.store.role_people(caller.org, holds).await?);
        }
        found.retain(|person| person.status.signs_in());
        found.sort_by(|one, other| (&one.name, one.id).cmp(&(&other.name, other.id)));
        found.dedup_by_key(|person| person.id);
        Ok(found)
    }

    /// Refuses commands that name somebody who cannot do what they are named for.
    pub(crate) async fn check_named(&self, org: OrgId, command: &Command) -> Result<(), AppError> {
        for Named { field, person, needs } in named(command) {
            let Some(person) = self.store.person(org, person).await? else {
                return Err(AppError::invalid(field, "names nobody here"));
            };
            if !person.status.signs_in() {
                return Err(AppError::invalid(field, format!("names {}, who cannot sign in", person.name)));
            }
            if !needs.met_by(&person) {
                let role = needs.title();
                return Err(AppError::invalid(
                    field,
                    format!("names {}, who does not have the role {role}", person.name),
                ));
            }
        }
        Ok(())
    }
}

fn named(command: &Command) -> Vec<Named> {
    let receiver = |field, person| vec![Named { field, person, needs: Needs::Offers }];
    match command {
        Command::Nominate(Nominate { csm }) => receiver("csm", *csm),
        Command::Offer(Offer { to }) => receiver("to", *to),
        Command::Reassign(Reassign { to, .. }) => receiver("to", *to),
        Command::TakeOver(TakeOver { by, .. }) => receiver("by", *by),
        Command::SetSeat(SetSeat { role, person, contributors, .. }) => {
            let seated = Named { field: "person", person: *person, needs: Needs::Role(*role) };
            let along =
                |person: &PersonId| Named { field: "contributors", person: *person, needs: Needs::SignIn };
            [seated].into_iter().chain(contributors.iter().map(along)).collect()
        }
        _ => Vec::new(),
    }
}
