//! Out of office: who is away from when until when, and who stands in (R0.7). Entered by themselves, by who leads
//! their team, or by who manages people.

use jiff::civil::Date;
use throughline_domain::{
    PersonId, Role,
    absence::{Absence, MOST_STOOD_FOR, check_days},
    access::Action,
};
use throughline_store::{Change, Org, Person};

use crate::{App, AppError, Caller, named::stands_in_as};

/// How many stand-ins of stand-ins are looked through for a circle.
const MOST_LOOKED_THROUGH: usize = 50;

/// An absence as asked for.
#[derive(Debug, Clone, Copy)]
pub struct NewAbsence {
    /// The first day.
    pub from: Date,
    /// The last day.
    pub until: Date,
    /// Who stands in.
    pub stand_in: PersonId,
}

/// How it stands with somebody's being away.
#[derive(Debug, Clone)]
pub struct Presence {
    /// The absence they are on or go on.
    pub absence: Option<Absence>,
    /// Whether they are away today.
    pub away_now: bool,
    /// Who does their part now: the stand-in, or who stands in for that one.
    pub stood_in_by: Option<Person>,
    /// For whom they stand in today.
    pub stands_in_for: Vec<Person>,
}

/// The roles in which somebody can have a part in a handoff, and so needs a stand-in.
fn has_duties(role: Role) -> bool {
    !matches!(role, Role::Admin | Role::Auditor | Role::Finance | Role::Enablement)
}

/// The first role of somebody away that another could not act in.
fn unfit(absent: &Person, stand_in: &Person) -> Option<Role> {
    let held = absent.grants.iter().map(|grant| grant.role).filter(|role| has_duties(*role));
    held.into_iter().find(|role| !stands_in_as(stand_in, *role))
}

impl App {
    /// How it stands with somebody's being away.
    pub async fn presence(&self, caller: &Caller, id: PersonId) -> Result<Presence, AppError> {
        let person = self.person(caller, id).await?;
        let org = self.organisation(caller.org).await?;
        let away_now = self.absence_now(&org, &person).is_some();
        let stood_in_by = if away_now { self.stand_in(&org, &person).await? } else { None };
        let steads = self.steads_of(caller.org, &person).await?;
        let absent = self.named(caller.org, steads.iter().map(|stead| stead.person)).await?;
        Ok(Presence {
            absence: self.absence_ahead(&org, &person).cloned(),
            away_now,
            stood_in_by,
            stands_in_for: absent.into_values().collect(),
        })
    }

    /// Whether the caller may enter when somebody is away.
    pub async fn may_set_absence(&self, caller: &Caller, person: &Person) -> Result<bool, AppError> {
        let manages = caller.may(Action::ManagePeople).is_ok();
        if manages || caller.person() == Some(person.id) {
            return Ok(true);
        }
        let manager = self.manager_of(caller.org, person).await?;
        Ok(manager.is_some_and(|manager| caller.person() == Some(manager.id)))
    }

    /// Enters when somebody is away; the absence entered before is replaced.
    ///
    /// # Errors
    /// A stand-in who cannot sign in, could not act in a role of theirs, or whose own stand-in on the same days leads
    /// back to them; days that cannot be.
    pub async fn set_absence(
        &self,
        caller: &Caller,
        id: PersonId,
        new: NewAbsence,
    ) -> Result<Person, AppError> {
        let mut person = self.absent_to_be(caller, id).await?;
        let org = self.organisation(caller.org).await?;
        check_days(new.from, new.until, self.day_of(&org, &person))
            .map_err(|(field, reason)| AppError::invalid(field, reason))?;
        let absence = Absence {
            from: new.from,
            until: new.until,
            stand_in: new.stand_in,
            set_by: caller.actor,
            set_at: self.now(),
        };
        let mut stand_in = self.checked_stand_in(&org, &person, &absence).await?;
        let mut changes = self.without_hint(&org, &person, Some(stand_in.id)).await?;
        if !stand_in.away.stands_in_for.contains(&id) {
            self.forget_past(&org, &mut stand_in).await?;
            if stand_in.away.stands_in_for.len() >= MOST_STOOD_FOR {
                let reason = format!("stands in for {MOST_STOOD_FOR} people already");
                return Err(AppError::invalid("stand_in", format!("{} {reason}", stand_in.name)));
            }
            stand_in.away.stands_in_for.insert(id);
            changes.push(Change::PutPerson(stand_in));
        }
        let detail = serde_json::json!({ "from": new.from, "until": new.until, "stand_in": new.stand_in });
        person.away.absence = Some(absence);
        changes.push(Change::PutPerson(person.clone()));
        let audit = self.audit(caller, "set-absence", &id.to_string(), detail);
        self.store.apply(caller.org, changes, audit).await?;
        Ok(person)
    }

    /// They are here again, or do not go: nobody stands in any more.
    pub async fn end_absence(&self, caller: &Caller, id: PersonId) -> Result<Person, AppError> {
        let mut person = self.absent_to_be(caller, id).await?;
        if person.away.absence.is_none() {
            return Ok(person);
        }
        let org = self.organisation(caller.org).await?;
        let mut changes = self.without_hint(&org, &person, None).await?;
        person.away.absence = None;
        changes.push(Change::PutPerson(person.clone()));
        let audit = self.audit(caller, "end-absence", &id.to_string(), serde_json::Value::Null);
        self.store.apply(caller.org, changes, audit).await?;
        Ok(person)
    }

    async fn absent_to_be(&self, caller: &Caller, id: PersonId) -> Result<Person, AppError> {
        let person = self.person(caller, id).await?;
        if !self.may_set_absence(caller, &person).await? {
            return Err(AppError::Forbidden(Action::ManagePeople));
        }
        if !person.status.signs_in() {
            return Err(AppError::Conflict(format!(
                "{} cannot sign in, so nothing waits for them",
                person.name
            )));
        }
        Ok(person)
    }

    /// Whether somebody could stand in for an absence: they, or the reason why not.
    async fn checked_stand_in(
        &self,
        org: &Org,
        person: &Person,
        absence: &Absence,
    ) -> Result<Person, AppError> {
        let wrong = |reason: String| Err(AppError::invalid("stand_in", reason));
        if absence.stand_in == person.id {
            return wrong("must be somebody else".to_owned());
        }
        let Some(stand_in) = self.store.person(org.id, absence.stand_in).await? else {
            return wrong("names nobody here".to_owned());
        };
        if !stand_in.status.signs_in() {
            return wrong(format!("names {}, who cannot sign in", stand_in.name));
        }
        if let Some(role) = unfit(person, &stand_in) {
            return wrong(format!("names {}, who could not act as {role}", stand_in.name));
        }
        let mut at = stand_in.clone();
        for _ in 0..MOST_LOOKED_THROUGH {
            let ahead = self.absence_ahead(org, &at).filter(|theirs| theirs.meets(absence));
            let Some(next) = ahead.map(|theirs| theirs.stand_in) else { break };
            if next == person.id {
                let name = &at.name;
                return wrong(format!("leads in a circle: {} stands in for {name} then", person.name));
            }
            match self.store.person(org.id, next).await? {
                Some(next) => at = next,
                None => break,
            }
        }
        Ok(stand_in)
    }

    /// Those who could stand in for somebody, of some people.
    pub fn fit_to_stand_in(&self, person: &Person, among: Vec<Person>) -> Vec<Person> {
        let fits =
            |one: &Person| one.id != person.id && one.status.signs_in() && unfit(person, one).is_none();
        among.into_iter().filter(fits).collect()
    }

    /// Takes somebody off the list of whom their stand-in of before stands in for, unless that one stays.
    async fn without_hint(
        &self,
        org: &Org,
        person: &Person,
        stays: Option<PersonId>,
    ) -> Result<Vec<Change>, AppError> {
        let before = person.away.absence.as_ref().map(|absence| absence.stand_in);
        let Some(before) = before.filter(|before| Some(*before) != stays) else { return Ok(Vec::new()) };
        let before = self.store.person(org.id, before).await?;
        Ok(before
            .filter(|before| before.away.stands_in_for.contains(&person.id))
            .map(|mut before| {
                before.away.stands_in_for.remove(&person.id);
                Change::PutPerson(before)
            })
            .into_iter()
            .collect())
    }

    /// Forgets for whom somebody stood in whose absence is over.
    async fn forget_past(&self, org: &Org, stand_in: &mut Person) -> Result<(), AppError> {
        let mut kept = stand_in.away.stands_in_for.clone();
        for id in &stand_in.away.stands_in_for {
            let absent = self.store.person(org.id, *id).await?;
            let ahead = absent.as_ref().and_then(|absent| self.absence_ahead(org, absent));
            if ahead.is_none_or(|ahead| ahead.stand_in != stand_in.id) {
                kept.remove(id);
            }
        }
        stand_in.away.stands_in_for = kept;
        Ok(())
    }
}
