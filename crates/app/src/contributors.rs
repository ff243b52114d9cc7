//! Who works along on a handoff: added and taken off one by one, whoever else is changed in the same moment (R0.7).

use std::collections::BTreeSet;

use throughline_domain::{HandoffId, PersonId, Personal, Role, access::Action, handoff::command::SetSeat};

use crate::{App, AppError, Caller, HandleOptions, Handled, handle::TRIES};

/// Somebody who works along in a role.
#[derive(Debug, Clone)]
pub struct Contributing {
    /// In which role.
    pub role: Role,
    /// Who.
    pub person: PersonId,
    /// Why.
    pub reason: Option<Personal>,
}

impl App {
    /// Lets somebody work along in a role. A repeat changes nothing.
    ///
    /// # Errors
    /// A role nobody is accountable in; who is accountable in it already; who cannot sign in.
    pub async fn add_contributor(
        &self,
        caller: &Caller,
        id: HandoffId,
        who: Contributing,
    ) -> Result<Handled, AppError> {
        self.contribute(caller, id, who, |along, person| {
            along.insert(person);
        })
        .await
    }

    /// Takes somebody off who works along in a role. A repeat changes nothing.
    pub async fn remove_contributor(
        &self,
        caller: &Caller,
        id: HandoffId,
        who: Contributing,
    ) -> Result<Handled, AppError> {
        self.contribute(caller, id, who, |along, person| {
            along.remove(&person);
        })
        .await
    }

    async fn contribute(
        &self,
        caller: &Caller,
        id: HandoffId,
        who: Contributing,
        change: impl Fn(&mut BTreeSet<PersonId>, PersonId),
    ) -> Result<Handled, AppError> {
        for _ in 0..TRIES {
            let loaded = self.load(caller.org, id).await?;
            caller.may_on(Action::SetSeat, &loaded.handoff)?;
            let Some(mut seat) = loaded.handoff.seats.get(&who.role).cloned() else {
                let role = who.role.title();
                let reason =
                    format!("nobody is accountable as {role} here yet; give somebody that seat first");
                return Err(AppError::invalid("role", reason));
            };
            if seat.person == who.person {
                return Err(AppError::invalid("person", "is accountable in this role already"));
            }
            let before = seat.contributors.clone();
            change(&mut seat.contributors, who.person);
            if before == seat.contributors {
                return Ok(Handled { loaded, changed: false, shut: None, facts: Vec::new() });
            }
            let options = HandleOptions { if_version: Some(loaded.version), ..HandleOptions::default() };
            let command = SetSeat {
                role: who.role,
                person: seat.person,
                contributors: seat.contributors,
                reason: who.reason.clone(),
            };
            match self.handle(caller, id, command, options).await {
                // Somebody changed something else: who works along now is looked at again.
                Err(AppError::Stale { .. }) => {}
                other => return other,
            }
        }
        Err(AppError::Unavailable("others are always faster".to_owned()))
    }
}
