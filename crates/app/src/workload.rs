//! What each CSM has on their hands, for whoever nominates one or offers an account (R2.10): accounts by how far they
//! are, the late ones, the revenue they stand for, and whether somebody is away. One question for all of them.

use std::collections::BTreeMap;

use throughline_domain::{Money, PersonId, Role, absence::Absence, access::Action};
use throughline_store::{Load, Person};

use crate::{App, AppError, Caller};

/// How much somebody holds beside the other candidates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Room {
    /// Clearly less than the others.
    Much,
    /// About as much as the others, or nobody can tell.
    Some,
    /// Clearly more than the others.
    Little,
}

impl Room {
    /// The name used in data.
    pub fn name(self) -> &'static str {
        match self {
            Self::Much => "much",
            Self::Some => "some",
            Self::Little => "little",
        }
    }
}

/// What a CSM has on their hands.
#[derive(Debug, Clone)]
pub struct Workload {
    /// Who.
    pub person: Person,
    /// The absence they are on today.
    pub away_now: Option<Absence>,
    /// The absence they go on later.
    pub away_later: Option<Absence>,
    /// Who does their part while they are away.
    pub stood_in_by: Option<Person>,
    /// Live handoffs they are nominated for.
    pub nominated: u32,
    /// Offered to them and not answered.
    pub offered: u32,
    /// Accepted, the kickoff ahead.
    pub before_kickoff: u32,
    /// The kickoff held: the customer is at work on the plan.
    pub in_plan: u32,
    /// How many of all these are past their next due time.
    pub late: u32,
    /// The annual recurring revenue of all these: a sum for each currency, never one of two.
    pub arr: Vec<Money>,
    /// How that compares with the other candidates.
    pub room: Room,
}

impl Workload {
    /// How many live handoffs, however far.
    pub fn all(&self) -> u32 {
        self.nominated + self.offered + self.before_kickoff + self.in_plan
    }

    fn take(&mut self, load: &Load) {
        let at = match (load.stage.as_str(), load.kicked_off) {
            (_, true) => &mut self.in_plan,
            ("preparing", _) => &mut self.nominated,
            ("offered", _) => &mut self.offered,
            _ => &mut self.before_kickoff,
        };
        *at += load.all;
        self.late += load.late;
        let Some(arr) = load.arr else { return };
        match self.arr.iter_mut().find(|sum| sum.currency == arr.currency) {
            Some(sum) => sum.minor = sum.minor.saturating_add(arr.minor),
            None => self.arr.push(arr),
        }
    }
}

impl App {
    /// Everybody who may receive an account with what they hold: who is here before who is away, then who holds least,
    /// then who is least behind.
    ///
    /// # Errors
    /// [`AppError::Forbidden`] for who may nominate nobody.
    pub async fn workloads(&self, caller: &Caller) -> Result<Vec<Workload>, AppError> {
        if caller.may(Action::Nominate).is_err() {
            caller.may(Action::Reassign).map_err(|_| AppError::Forbidden(Action::Nominate))?;
        }
        let org = self.organisation(caller.org).await?;
        let mut found = BTreeMap::new();
        for person in self.store.role_people(caller.org, Role::Csm).await? {
            if !person.status.signs_in() {
                continue;
            }
            let away_now = self.absence_now(&org, &person).cloned();
            let away_later = self.absence_ahead(&org, &person).cloned().filter(|_| away_now.is_none());
            let stood_in_by = if away_now.is_some() { self.stand_in(&org, &person).await? } else { None };
            let workload = Workload {
                away_now,
                away_later,
                stood_in_by,
                nominated: 0,
                offered: 0,
                before_kickoff: 0,
                in_plan: 0,
                late: 0,
                arr: Vec::new(),
                room: Room::Some,
                person,
            };
            found.insert(workload.person.id, workload);
        }
        let ids = found.keys().copied().collect();
        for load in self.store.loads(caller.org, &ids, self.now()).await? {
            if let Some(workload) = found.get_mut(&load.csm) {
                workload.take(&load);
            }
        }
        Ok(in_order(found))
    }
}

fn in_order(found: BTreeMap<PersonId, Workload>) -> Vec<Workload> {
    let mut all: Vec<Workload> = found.into_values().collect();
    let held: u32 = all.iter().map(Workload::all).sum();
    let many = u32::try_from(all.len()).unwrap_or(u32::MAX);
    for workload in &mut all {
        workload.room = room(workload.all(), held, many);
    }
    all.sort_by_cached_key(|one| {
        (one.away_now.is_some(), one.all(), one.late, one.person.name.to_lowercase(), one.person.id)
    });
    all
}

/// Compared with the average: half as much again is more, two thirds of it less; of few accounts nobody can tell.
fn room(mine: u32, held: u32, many: u32) -> Room {
    let (mine, held, many) = (u64::from(mine), u64::from(held), u64::from(many));
    if many < 2 || held < 2 * many {
        return Room::Some;
    }
    match () {
        () if 2 * mine * many >= 3 * held => Room::Little,
        () if 3 * mine * many <= 2 * held => Room::Much,
        () => Room::Some,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_holds_half_as_much_again_has_little_room_and_who_holds_two_thirds_has_much() {
        // Ten each on average.
        assert_eq!(
            [15, 14, 10, 7, 6, 0].map(|mine| room(mine, 30, 3)),
            [Room::Little, Room::Some, Room::Some, Room::Some, Room::Much, Room::Much]
        );
        assert_eq!(room(5, 5, 1), Room::Some, "alone there is nothing to compare with");
        assert_eq!(room(3, 3, 2), Room::Some, "three accounts say nothing");
    }
}
