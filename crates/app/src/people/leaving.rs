//! Work going from one person to another, and people leaving only with a successor (R0.7).

use std::collections::{BTreeMap, BTreeSet};

use throughline_domain::{
    HandoffId, PersonId, Personal,
    access::Action,
    handoff::{Handoff, Life, Stage, command},
};
use throughline_store::{
    Change, Cursor, HandoffFilter, HandoffQuery, HandoffRow, Page, Person, PersonStatus, Reach, Sort,
};

use super::moving::{Moving, PlannedMove};
use crate::{App, AppError, Caller, HandleOptions, named::Needs};

/// What somebody is to take over: each job, with an account it is held on.
type Jobs = BTreeMap<Needs, String>;

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
        self.check_successor(caller, from, to).await?;
        Personal::parse(reason).map_err(|why| AppError::invalid("reason", why.to_string()))?;
        self.move_seats(caller, from, to, reason, true).await
    }

    /// Refuses whoever could not do everything they would take over: said before the first seat has moved.
    pub async fn check_successor(
        &self,
        caller: &Caller,
        from: PersonId,
        to: PersonId,
    ) -> Result<(), AppError> {
        caller.may(Action::ManagePeople)?;
        let successor = self.person(caller, to).await?;
        if from == to {
            return Err(AppError::invalid("to", "must be somebody else"));
        }
        if !successor.status.signs_in() {
            return Err(AppError::invalid("to", "must be somebody who can sign in"));
        }
        let jobs = self.jobs_held(caller, from).await?;
        match jobs.iter().find(|(job, _)| !job.met_by(&successor)) {
            None => Ok(()),
            Some((job, account)) => {
                let (name, role) = (&successor.name, job.title());
                let reason =
                    format!("{name} does not have the role {role}, which is to be taken over for {account}");
                Err(AppError::invalid("to", reason))
            }
        }
    }

    /// Those of some people who could take over everything somebody is accountable for or nominated to.
    pub async fn successors(
        &self,
        caller: &Caller,
        from: PersonId,
        among: Vec<Person>,
    ) -> Result<Vec<Person>, AppError> {
        caller.may(Action::ManagePeople)?;
        let jobs = self.jobs_held(caller, from).await?;
        let fits = |person: &Person| {
            person.id != from && person.status.signs_in() && jobs.keys().all(|job| job.met_by(person))
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

    /// What would go over from somebody: the jobs they are accountable for on handoffs that go on, and being nominated.
    async fn jobs_held(&self, caller: &Caller, id: PersonId) -> Result<Jobs, AppError> {
        let mut jobs = Jobs::new();
        let mut after = None;
        loop {
            let page = self.parts_of(caller, id, after).await?;
            for row in page.rows {
                let handoff = self.load(caller.org, row.id).await?.handoff;
                if handoff.life.takes_reports() {
                    let held = handoff.seats.iter().filter(|(_, seat)| seat.person == id);
                    let seats = held.map(|(role, _)| Needs::Role(*role));
                    for job in seats.chain(is_nominated(&handoff, id).then_some(Needs::Offers)) {
                        jobs.entry(job).or_insert_with(|| row.account.clone());
                    }
                }
            }
            after = page.next;
            if after.is_none() {
                return Ok(jobs);
            }
        }
    }

    pub(super) async fn parts_of(
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
        if csm_too && is_nominated(&loaded.handoff, from) {
            changed |= self
                .handle(trusted, id, command::Nominate { csm: to }, HandleOptions::default())
                .await?
                .changed;
        }
        Ok(changed)
    }

    /// What leaving would move, handoff by handoff, refused like the leaving itself. Nothing is changed.
    pub async fn plan_leaving(
        &self,
        caller: &Caller,
        id: PersonId,
        successor: Option<PersonId>,
    ) -> Result<Vec<PlannedMove>, AppError> {
        let person = self.may_leave(caller, id).await?;
        let Some(to) = successor.filter(|to| *to != id) else {
            self.refuse_to_leave(caller, &person, |handoff| holds_on(handoff, id)).await?;
            return Ok(Vec::new());
        };
        self.check_successor(caller, id, to).await?;
        self.refuse_to_leave(caller, &person, |handoff| handoff.stage.csm() == Some(id)).await?;
        self.plan_moves(caller, id, &Moving { to: vec![to], ..Moving::default() }).await
    }

    /// The person, unless they are who asks or own the process.
    async fn may_leave(&self, caller: &Caller, id: PersonId) -> Result<Person, AppError> {
        caller.may(Action::ManagePeople)?;
        let person = self.person(caller, id).await?;
        if caller.person() == Some(id) {
            return Err(AppError::Conflict("nobody deactivates themselves".into()));
        }
        if self.organisation(caller.org).await?.process_owner == Some(id) {
            return Err(AppError::Conflict(
                "they own the process; choose another process owner first".into(),
            ));
        }
        Ok(person)
    }

    /// Deactivates somebody. Whoever has open duties leaves only with a successor (R0.7).
    pub async fn deactivate(
        &self,
        caller: &Caller,
        id: PersonId,
        successor: Option<PersonId>,
    ) -> Result<u32, AppError> {
        let mut person = self.may_leave(caller, id).await?;
        let successor = successor.filter(|to| *to != id);
        let mut moved = 0;
        if let Some(to) = successor {
            self.check_successor(caller, id, to).await?;
            // What no successor can be given would keep them here after everything else has gone.
            self.refuse_to_leave(caller, &person, |handoff| handoff.stage.csm() == Some(id)).await?;
            moved = self.reassign(caller, id, to, &format!("{} left", person.name)).await?;
        }
        self.refuse_to_leave(caller, &person, |handoff| {
            let seated = handoff.seats.values().any(|seat| seat.person == id && !seat.unmapped);
            seated || handoff.csm() == Some(id) || handoff.answerable() == id
        })
        .await?;
        person.status = PersonStatus::Deactivated;
        person.password = None;
        let audit = self.audit(
            caller,
            "deactivate-person",
            &id.to_string(),
            serde_json::json!({ "successor": successor }),
        );
        self.apply(caller, vec![Change::PutPerson(person), Change::EndSessionsOf(id)], audit).await?;
        Ok(moved)
    }

    async fn refuse_to_leave(
        &self,
        caller: &Caller,
        person: &Person,
        holds: impl Fn(&Handoff) -> bool,
    ) -> Result<(), AppError> {
        let mut held = Vec::new();
        for row in self.duties(caller, person.id, 200).await? {
            if holds(&self.load(caller.org, row.id).await?.handoff) {
                held.push(row.account);
            }
        }
        let Some(first) = held.first() else { return Ok(()) };
        let which = format!("{} ({} open, first: {first})", person.name, held.len());
        Err(AppError::Conflict(format!(
            "{which} has duties nobody has taken over; name a successor, or let their offers be answered first"
        )))
    }
}

/// Whether somebody would leave something behind that is nobody else's.
fn holds_on(handoff: &Handoff, id: PersonId) -> bool {
    let seated = handoff.seats.values().any(|seat| seat.person == id && !seat.unmapped);
    seated || handoff.csm() == Some(id) || handoff.answerable() == id
}

/// Whether somebody is to receive an account that can still be given to another without asking anybody.
pub(super) fn is_nominated(handoff: &Handoff, id: PersonId) -> bool {
    let nominated = handoff.nominated.as_ref().is_some_and(|nominated| nominated.csm == id);
    nominated && handoff.life == Life::Live && handoff.stage == Stage::Preparing
}
