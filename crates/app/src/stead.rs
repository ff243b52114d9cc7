//! Acting in somebody's stead: who stands in for whom today, and what that lets them do (R0.7, R0.10).
//!
//! A stand-in has what the absent person has, where the absent person or their team has a part, and only in roles
//! that they could hold themselves: standing in widens whose handoffs somebody reaches, never what they may be. What
//! they do is recorded as theirs, with in whose stead. Rights beside handoffs are not lent.

use std::collections::BTreeSet;

use jiff::civil::Date;
use throughline_domain::{
    Actor, OrgId, PersonId, Role,
    absence::Absence,
    access::{self, Action, Grant, Relation, Scope},
    handoff::Handoff,
};
use throughline_store::{Org, Person};

use crate::{App, AppError, Caller, letters::zone_of, named::stands_in_as};

/// How many steps a chain of stand-ins is followed.
const MOST_STEPS: usize = 5;

/// Somebody away, for whom the caller stands in.
#[derive(Debug, Clone)]
pub struct Stead {
    /// Who is away.
    pub person: PersonId,
    /// The last day.
    pub until: Date,
    /// What they may do, as far as the caller could.
    grants: Vec<Grant>,
    /// Whom their team scope reaches.
    team: BTreeSet<PersonId>,
}

/// Who reads a letter.
#[derive(Debug, Clone)]
pub(crate) struct Reader {
    /// Who.
    pub person: Person,
    /// For whom they read it, where they stand in.
    pub instead_of: Option<Absent>,
}

/// Somebody away, as a letter to their stand-in names them.
#[derive(Debug, Clone)]
pub(crate) struct Absent {
    /// Who.
    pub id: PersonId,
    /// Their name.
    pub name: String,
    /// The last day.
    pub until: Date,
}

impl Stead {
    /// Whether the absent person may do it on a handoff that is theirs or their team's.
    pub(crate) fn can(&self, action: Action, handoff: &Handoff) -> bool {
        let parts = access::parts(handoff);
        let team = parts.iter().any(|person| self.team.contains(person));
        access::allowed(&self.grants, action, Relation { own: parts.contains(&self.person), team })
    }

    /// Whose handoffs lists show of theirs.
    pub(crate) fn reach(&self, action: Action) -> Vec<PersonId> {
        match access::widest(&self.grants, action) {
            None => Vec::new(),
            Some(Scope::Own) => vec![self.person],
            Some(Scope::Team | Scope::Organisation) => {
                self.team.iter().copied().chain([self.person]).collect()
            }
        }
    }
}

impl Caller {
    /// Whether something that is somebody's is the caller's to do: as that person, or in their stead.
    pub fn acts_for(&self, person: PersonId) -> bool {
        self.person() == Some(person) || self.steads.iter().any(|stead| stead.person == person)
    }

    /// In whose names a command on a handoff may be tried, one after the other. Who has no part of their own acts for
    /// whom they stand in; who has one acts for themselves first.
    pub(crate) fn ways(&self, action: Action, handoff: &Handoff) -> Vec<Caller> {
        let own = self.can_alone(action, handoff).then(|| Caller { steads: Vec::new(), ..self.clone() });
        let lent = self.steads.iter().filter(|stead| stead.can(action, handoff));
        let lent = lent.filter_map(|stead| self.in_stead(stead));
        if self.has_part(handoff) { own.into_iter().chain(lent).collect() } else { lent.chain(own).collect() }
    }

    /// Whether the caller may do something on a handoff in roles that fit: their own, or those lent to them. Where a
    /// decision asks in which role somebody acts, pages ask by this.
    pub fn acts_as(&self, action: Action, handoff: &Handoff, fits: impl Fn(&BTreeSet<Role>) -> bool) -> bool {
        self.ways(action, handoff).iter().any(|way| fits(&way.roles()))
    }

    /// Whether the caller may say who sits in a role's seat.
    pub fn gives_seat(&self, handoff: &Handoff, seat: Role) -> bool {
        self.acts_as(Action::SetSeat, handoff, |roles| access::gives_seat(roles, seat))
    }

    /// The caller in the stead of somebody.
    fn in_stead(&self, stead: &Stead) -> Option<Caller> {
        Some(Caller {
            actor: Actor::StandIn { id: self.person()?, of: stead.person },
            grants: stead.grants.clone(),
            team: stead.team.clone(),
            steads: Vec::new(),
            ..self.clone()
        })
    }
}

impl App {
    /// The absence somebody is on now, by the days where they are.
    pub fn absence_now<'a>(&self, org: &Org, person: &'a Person) -> Option<&'a Absence> {
        person.away.on(self.day_of(org, person))
    }

    /// The absence somebody is on or goes on.
    pub fn absence_ahead<'a>(&self, org: &Org, person: &'a Person) -> Option<&'a Absence> {
        person.away.from(self.day_of(org, person))
    }

    /// The day it is where somebody is.
    pub(crate) fn day_of(&self, org: &Org, person: &Person) -> Date {
        zone_of(org, person).to_datetime(self.now()).date()
    }

    /// Who does now what somebody away cannot: their stand-in; the stand-in's own, where that one is away too; their
    /// manager, where the chain leads to nobody who is here. None: they are here, or there is nobody.
    pub(crate) async fn stand_in(&self, org: &Org, absent: &Person) -> Result<Option<Person>, AppError> {
        let mut passed = BTreeSet::from([absent.id]);
        let mut at = absent.clone();
        for _ in 0..MOST_STEPS {
            let Some(absence) = self.absence_now(org, &at) else {
                return Ok((at.id != absent.id).then_some(at));
            };
            let next = self.store.person(org.id, absence.stand_in).await?;
            match next.filter(|next| next.status.signs_in() && passed.insert(next.id)) {
                Some(next) => at = next,
                None => break,
            }
        }
        let Some(manager) = self.manager_of(org.id, absent).await? else { return Ok(None) };
        let here = manager.status.signs_in() && self.absence_now(org, &manager).is_none();
        Ok(Some(manager).filter(|_| here))
    }

    /// Who leads somebody's team. Who leads it themselves has no manager in it.
    pub(crate) async fn manager_of(&self, org: OrgId, person: &Person) -> Result<Option<Person>, AppError> {
        let team = match person.team {
            Some(team) => self.store.team(org, team).await?,
            None => None,
        };
        match team.and_then(|team| team.manager).filter(|manager| *manager != person.id) {
            Some(manager) => Ok(self.store.person(org, manager).await?),
            None => Ok(None),
        }
    }

    /// People who are told something, with those who stand in for whoever of them is away. Nobody is told twice.
    pub(crate) async fn with_stand_ins(
        &self,
        org: &Org,
        people: Vec<Person>,
    ) -> Result<Vec<Reader>, AppError> {
        let mut told: BTreeSet<PersonId> = people.iter().map(|person| person.id).collect();
        let mut readers = Vec::with_capacity(people.len());
        for person in people {
            let absence = self.absence_now(org, &person).cloned();
            let stand_in = if absence.is_some() { self.stand_in(org, &person).await? } else { None };
            let absent = absence.map(|absence| Absent {
                id: person.id,
                name: person.name.clone(),
                until: absence.until,
            });
            readers.push(Reader { person, instead_of: None });
            if let Some(stand_in) = stand_in.filter(|stand_in| told.insert(stand_in.id)) {
                readers.push(Reader { person: stand_in, instead_of: absent });
            }
        }
        Ok(readers)
    }

    /// For whom somebody stands in now: those who named them, and those for whom these would have stood in.
    pub(crate) async fn steads_of(&self, org: OrgId, person: &Person) -> Result<Vec<Stead>, AppError> {
        if person.away.stands_in_for.is_empty() {
            return Ok(Vec::new());
        }
        let org = self.organisation(org).await?;
        let mut steads = Vec::new();
        // Who is away does not act for others, but for themselves they still may.
        if self.absence_now(&org, person).is_some() {
            return Ok(steads);
        }
        let mut seen = BTreeSet::from([person.id]);
        let mut ahead = vec![person.clone()];
        for _ in 0..MOST_STEPS {
            let mut next = Vec::new();
            for stand_in in std::mem::take(&mut ahead) {
                for id in &stand_in.away.stands_in_for {
                    let absent = self.store.person(org.id, *id).await?;
                    let Some(absent) = absent.filter(|absent| absent.status.signs_in()) else { continue };
                    let named = self.absence_now(&org, &absent);
                    let Some(until) = named.filter(|named| named.stand_in == stand_in.id) else { continue };
                    let until = until.until;
                    if seen.insert(absent.id) {
                        steads.push(self.stead(org.id, person, &absent, until).await?);
                        next.push(absent);
                    }
                }
            }
            ahead = next;
            if ahead.is_empty() {
                break;
            }
        }
        Ok(steads)
    }

    async fn stead(
        &self,
        org: OrgId,
        stand_in: &Person,
        absent: &Person,
        until: Date,
    ) -> Result<Stead, AppError> {
        let lent = absent.grants.iter().filter(|grant| stands_in_as(stand_in, grant.role));
        // Never the whole organisation: where nobody of theirs has a part, nothing of theirs waits.
        let grants = lent.map(|grant| Grant { scope: grant.scope.min(Scope::Team), ..*grant }).collect();
        Ok(Stead { person: absent.id, until, grants, team: self.team_of(org, absent).await? })
    }
}
