//! People named in commands: they must be here, able to sign in, and of the side that is asked for. The domain knows
//! ids only.

use std::collections::BTreeSet;

use throughline_domain::{
    OrgId, PersonId,
    handoff::{Command, command::*},
};
use throughline_store::PersonStatus;

use crate::{App, AppError};

/// Whom a command names: in which field, and whether only who receives accounts will do.
struct Named {
    field: &'static str,
    person: PersonId,
    receives: bool,
}

impl App {
    /// Refuses commands that name somebody who cannot do what they are named for.
    pub(crate) async fn check_named(&self, org: OrgId, command: &Command) -> Result<(), AppError> {
        for Named { field, person, receives } in named(command) {
            let Some(person) = self.store.person(org, person).await? else {
                return Err(AppError::invalid(field, "names nobody here"));
            };
            if !matches!(person.status, PersonStatus::Active | PersonStatus::Invited) {
                return Err(AppError::invalid(field, format!("names {}, who cannot sign in", person.name)));
            }
            if receives && !person.grants.iter().any(|grant| grant.role.receives()) {
                return Err(AppError::invalid(
                    field,
                    format!("names {}, who receives no accounts", person.name),
                ));
            }
        }
        Ok(())
    }
}

fn named(command: &Command) -> Vec<Named> {
    let receiver = |field, person| vec![Named { field, person, receives: true }];
    match command {
        Command::Nominate(Nominate { csm }) => receiver("csm", *csm),
        Command::Offer(Offer { to }) => receiver("to", *to),
        Command::Reassign(Reassign { to, .. }) => receiver("to", *to),
        Command::TakeOver(TakeOver { by, .. }) => receiver("by", *by),
        Command::SetSeat(SetSeat { person, contributors, .. }) => {
            let along = contributors.iter().map(|person| ("contributors", *person));
            let all: BTreeSet<_> = along.chain([("person", *person)]).collect();
            all.into_iter().map(|(field, person)| Named { field, person, receives: false }).collect()
        }
        _ => Vec::new(),
    }
}
