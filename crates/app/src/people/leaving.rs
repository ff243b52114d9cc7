//! Work going from one person to another, and people leaving only with a successor (R0.7).

use std::collections::BTreeSet;

use throughline_domain::{
    HandoffId, PersonId, Personal, Role,
    access::Action,
    handoff::{Life, Stage, command},
};
use throughline_store::{
    Change, Cursor, HandoffFilter, HandoffQuery, HandoffRow, Page, Person, PersonStatus, Reach, Sort,
};

use crate::{App, AppError, Caller, HandleOptions, named::can_be};

impl App {
    /// Handoffs on which somebody has open duties.
    pub async fn duties(
        &self,
        caller: &Caller,
        id: PersonId,
        limit: u32,
    ) -> Result<Vec<HandoffRow>, AppError> {
        caller.may(Action::ReadPeople)?;
        let filter = HandoffFilter {
            part: Some(id),
            life: BTreeSet::from(["live".to_owned()]),
            ..HandoffFilter::default()
        };
        let query = HandoffQuery { reach: Reach::Organisation, filter, sort: Sort::Due, after: None, limit };
        Ok(self.store.list(caller.org, &query).await?.rows)
    }

    /// Moves every live seat of one person to another. Returns how many handoffs changed.
    pub async fn reassign(
        &self,
        caller: &Caller,
        from: PersonId,
        to: PersonId,
        reason: &str,
    ) -> Result<u32, AppError> {
        caller.may(Action::ManagePeople)?;
        let successor = self.person(caller, to).await?;
        if !successor.status.signs_in() {
            return Err(AppError::invalid("to", "must be somebody who can sign in"));
        }
        Personal::parse(reason).map_err(|why| AppError::invalid("reason", why.to_string()))?;
        // Said before the first seat has moved.
        for role in self.roles_held(caller, from).await? {
            if !can_be(&successor, role) {
                let reason =
                    format!("{} does not have the role {role}, which is to be taken over", successor.name);
                return Err(AppError::invalid("to", reason));
            }
        }
        self.move_seats(caller, from, to, reason, true).await
    }

    /// Those of some people who could take over everything somebody is accountable for.
    pub async fn successors(
        &self,
        caller: &Caller,
        from: PersonId,
        among: Vec<Person>,
    ) -> Result<Vec<Person>, AppError> {
        caller.may(Action::ManagePeople)?;
        let roles = self.roles_held(caller, from).await?;
        let fits = |person: &Person| {
            person.id != from && person.status.signs_in() && roles.iter().all(|role| can_be(person, *role))
        };
        Ok(among.into_iter().filter(fits).collect())
    }

    pub(super) async fn move_seats(
        &self,
        caller: &Caller,
        from: PersonId,
        to: PersonId,
        reason: &str,
        csm_too: bool,
    ) -> Result<u32, AppError> {
        let trusted = Caller::system_for(caller);
        let mut moved = 0;
        let mut after = None;
        loop {
            let page = self.parts_of(caller, from, after).await?;
            for row in page.rows {
                moved += u32::from(self.move_seat(&trusted, row.id, from, to, reason, csm_too).await?);
            }
            after = page.next;
            if after.is_none() {
                return Ok(moved);
            }
        }
    }

    /// The jobs somebody is accountable for on handoffs that go on.
    async fn roles_held(&self, caller: &Caller, id: PersonId) -> Result<BTreeSet<Role>, AppError> {
        let mut roles = BTreeSet::new();
        let mut after = None;
        loop {
            let page = self.parts_of(caller, id, after).await?;
            for row in page.rows {
                let handoff = self.load(caller.org, row.id).await?.handoff;
                if handoff.life.takes_reports() {
                    let held = handoff.seats.iter().filter(|(_, seat)| seat.person == id);
                    roles.extend(held.map(|(role, _)| *role));
                }
            }
            after = page.next;
            if after.is_none() {
                return Ok(roles);
            }
        }
    }

    async fn parts_of(
        &self,
        caller: &Caller,
        id: PersonId,
        after: Option<Cursor>,
    ) -> Result<Page<HandoffRow>, AppError> {
        let filter = HandoffFilter { part: Some(id), ..HandoffFilter::default() };
        let query =
            HandoffQuery { reach: Reach::Organisation, filter, sort: Sort::Account, after, limit: 200 };
        Ok(self.store.list(caller.org, &query).await?)
    }

    async fn move_seat(
        &self,
        trusted: &Caller,
        id: HandoffId,
        from: PersonId,
        to: PersonId,
        reason: &str,
        csm_too: bool,
    ) -> Result<bool, AppError> {
        let loaded = self.load(trusted.org, id).await?;
        if !loaded.handoff.life.takes_reports() {
            return Ok(false);
        }
        let reason = Personal::parse(reason).ok();
        let mut changed = false;
        for (role, seat) in loaded.handoff.seats.clone() {
            let holds = seat.person == from || seat.contributors.contains(&from);
            if !holds {
                continue;
            }
            let person = if seat.person == from { to } else { seat.person };
            let contributors =
                seat.contributors.into_iter().map(|one| if one == from { to } else { one }).collect();
            let command = command::SetSeat { role, person, contributors, reason: reason.clone() };
            // Roles were looked at before the first move; whom an owner is mapped to needs none.
            changed |= self.handle_named(trusted, id, command).await?.changed;
        }
        let nominated = loaded.handoff.nominated.as_ref().is_some_and(|nominated| nominated.csm == from);
        if csm_too
            && nominated
            && loaded.handoff.life == Life::Live
            && loaded.handoff.stage == Stage::Preparing
        {
            changed |= self
                .handle(trusted, id, command::Nominate { csm: to }, HandleOptions::default())
                .await?
                .changed;
        }
        Ok(changed)
    }

    /// Deactivates somebody. Whoever has open duties leaves only with a successor (R0.7).
    pub async fn deactivate(
        &self,
        caller: &Caller,
        id: PersonId,
        successor: Option<PersonId>,
    ) -> Result<u32, AppError> {
        caller.may(Action::ManagePeople)?;
        let mut person = self.person(caller, id).await?;
        if caller.person() == Some(id) {
            return Err(AppError::Conflict("nobody deactivates themselves".into()));
        }
        let org = self.organisation(caller.org).await?;
        let mut moved = 0;
        match successor {
            Some(to) if to != id => {
                moved = self.reassign(caller, id, to, &format!("{} left", person.name)).await?
            }
            _ => {}
        }
        let left = self.open_duties(caller, id).await?;
        if let Some(first) = left.first() {
            let which = format!("{} ({} open, first: {})", person.name, left.len(), first);
            return Err(AppError::Conflict(format!(
                "{which} has duties nobody has taken over; name a successor, or let their offers be answered first"
            )));
        }
        if org.process_owner == Some(id) {
            return Err(AppError::Conflict(
                "they own the process; choose another process owner first".into(),
            ));
        }
        person.status = PersonStatus::Deactivated;
        person.password = None;
        let audit = self.audit(
            caller,
            "deactivate-person",
            &id.to_string(),
            serde_json::json!({ "successor": successor }),
        );
        self.store
            .apply(caller.org, vec![Change::PutPerson(person), Change::EndSessionsOf(id)], audit)
            .await?;
        Ok(moved)
    }

    async fn open_duties(&self, caller: &Caller, id: PersonId) -> Result<Vec<String>, AppError> {
        let mut open = Vec::new();
        for row in self.duties(caller, id, 200).await? {
            let handoff = self.load(caller.org, row.id).await?.handoff;
            let seated = handoff.seats.values().any(|seat| seat.person == id && !seat.unmapped);
            if seated || handoff.csm() == Some(id) || handoff.answerable() == id {
                open.push(row.account);
            }
        }
        Ok(open)
    }
}
