//! Sharing out what somebody holds: to one or several people, looked at before it is done, row by row (R0.7).
//!
//! A plan says for each handoff what would go to whom, or why it cannot. Carrying a plan out is the same plan made
//! again and done in stretches: what has moved is not found again, so that going on means asking once more.

use std::collections::{BTreeMap, BTreeSet};

use throughline_domain::{
    HandoffId, PersonId, Personal, Role,
    access::Action,
    handoff::{Handoff, Stage, command},
};
use throughline_store::{HandoffFilter, HandoffRow, Person, Reach};

use super::leaving::is_nominated;
use crate::{App, AppError, Caller, HandleOptions, named::Needs};

/// The most handoffs one plan looks at.
pub const MOST_PLANNED: usize = 1_000;

/// The most people a plan shares out to.
pub const MOST_TAKERS: usize = 50;

/// Live handoffs counted at most, to find who has the fewest.
const COUNTED: u32 = 10_000;

/// How handoffs are shared out among several.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Share {
    /// One after the other.
    #[default]
    InTurn,
    /// Always to who has the fewest live handoffs by then.
    LeastLoad,
}

/// What is to move, to whom.
#[derive(Debug, Clone, Default)]
pub struct Moving {
    /// Among whom it is shared out.
    pub to: Vec<PersonId>,
    /// How.
    pub share: Share,
    /// Who gets which handoff, whatever the rule says.
    pub chosen: BTreeMap<HandoffId, PersonId>,
    /// Only jobs of these roles; all when empty.
    pub roles: BTreeSet<Role>,
    /// Only deals of these segments; all when empty.
    pub segments: BTreeSet<String>,
    /// Only handoffs at these stages; all when empty.
    pub stages: BTreeSet<String>,
}

/// What somebody is on a handoff.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Job {
    /// They are accountable in a role.
    Accountable(Role),
    /// They work along in a role.
    Contributor(Role),
    /// They are to receive the account.
    Nominated,
    /// They are its CSM: who follows is named, and has to accept.
    Csm,
}

impl Job {
    /// The role it is about.
    pub fn role(self) -> Role {
        match self {
            Job::Accountable(role) | Job::Contributor(role) => role,
            Job::Nominated | Job::Csm => Role::Csm,
        }
    }

    fn needs(self) -> Needs {
        match self {
            Job::Accountable(role) => Needs::Role(role),
            Job::Contributor(_) => Needs::SignIn,
            Job::Nominated | Job::Csm => Needs::Offers,
        }
    }
}

/// What would become of one handoff.
#[derive(Debug, Clone)]
pub struct PlannedMove {
    /// The handoff, as lists show it.
    pub row: HandoffRow,
    /// What they are on it.
    pub jobs: Vec<Job>,
    /// Who would take over.
    pub to: Option<PersonId>,
    /// Why nothing can move.
    pub refused: Option<String>,
    /// Who of those it is to go to is named to follow already: refused, since only their acceptance is missing.
    pub named: Option<PersonId>,
}

/// What became of one handoff.
#[derive(Debug, Clone)]
pub struct Moved {
    /// What was planned.
    pub planned: PlannedMove,
    /// Whether it moved.
    pub done: bool,
    /// Why not.
    pub failed: Option<String>,
}

/// What became of a stretch of a plan.
#[derive(Debug, Clone)]
pub struct Stretch {
    /// What was tried, and what cannot move.
    pub rows: Vec<Moved>,
    /// How many more can move: ask again.
    pub left: usize,
}

/// Who takes over, with how much they have by now.
struct Takers {
    people: Vec<(Person, u32)>,
    share: Share,
    next: usize,
}

impl Takers {
    /// Who gets what takes these jobs; or why nobody does.
    fn take(&mut self, jobs: &[Job]) -> Result<PersonId, String> {
        let fits = |person: &Person| jobs.iter().all(|job| job.needs().met_by(person));
        let turn = |place: usize| {
            (place + self.people.len() - self.next % self.people.len().max(1)) % self.people.len().max(1)
        };
        let fitting = self.people.iter().enumerate().filter(|(_, (person, _))| fits(person));
        let found = match self.share {
            Share::InTurn => fitting.map(|(place, _)| place).min_by_key(|place| turn(*place)),
            Share::LeastLoad => {
                fitting.min_by_key(|(place, (_, load))| (*load, *place)).map(|(place, _)| place)
            }
        };
        let Some(place) = found else { return Err(none_fits(jobs, &self.people)) };
        self.next = place + 1;
        self.people[place].1 += 1;
        Ok(self.people[place].0.id)
    }
}

fn none_fits(jobs: &[Job], people: &[(Person, u32)]) -> String {
    if people.is_empty() {
        return "nobody is chosen to take it over".to_owned();
    }
    let lacks = |job: &&Job| !people.iter().any(|(person, _)| job.needs().met_by(person));
    let role = jobs.iter().find(lacks).or(jobs.first()).map_or("", |job| job.needs().title());
    format!("nobody chosen has the role {role}")
}

impl App {
    /// Those of some people who could take over any of the jobs somebody holds, whatever roles the giver has: deals
    /// without an owner, say, are held by who owns the process. Where nothing is held, all who can sign in.
    ///
    /// # Errors
    /// The caller may not manage people.
    pub async fn could_take(
        &self,
        caller: &Caller,
        from: PersonId,
        among: Vec<Person>,
    ) -> Result<Vec<Person>, AppError> {
        caller.may(Action::ManagePeople)?;
        let held = self.needs_held(caller, from).await?;
        let fits = |one: &Person| held.is_empty() || held.iter().any(|needs| needs.met_by(one));
        let takes = |one: &Person| one.id != from && one.status.signs_in() && fits(one);
        Ok(among.into_iter().filter(takes).collect())
    }

    /// What the jobs ask for that a plan would find somebody in.
    async fn needs_held(&self, caller: &Caller, id: PersonId) -> Result<BTreeSet<Needs>, AppError> {
        let (mut needs, mut seen, mut after) = (BTreeSet::new(), 0, None);
        loop {
            let page = self.parts_of(caller, id, after).await?;
            for row in page.rows {
                let handoff = self.load(caller.org, row.id).await?.handoff;
                let held = jobs(&handoff, id, &Moving::default());
                if held.is_empty() || !handoff.life.takes_reports() {
                    continue;
                }
                needs.extend(held.into_iter().map(Job::needs));
                seen += 1;
                // Nothing more can be learnt where everybody fits, nor past what a plan looks at.
                if needs.contains(&Needs::SignIn) || seen >= MOST_PLANNED {
                    return Ok(needs);
                }
            }
            after = page.next;
            if after.is_none() {
                return Ok(needs);
            }
        }
    }

    /// What would go from somebody to whom, handoff by handoff. Nothing is changed.
    ///
    /// # Errors
    /// People who are not here, cannot sign in, or are the one who gives.
    pub async fn plan_moves(
        &self,
        caller: &Caller,
        from: PersonId,
        moving: &Moving,
    ) -> Result<Vec<PlannedMove>, AppError> {
        caller.may(Action::ManagePeople)?;
        self.person(caller, from).await?;
        let mut takers = self.takers(caller, from, moving).await?;
        let chosen = self.chosen(caller, from, moving).await?;
        let mut plan = Vec::new();
        let mut after = None;
        loop {
            let page = self.parts_of(caller, from, after).await?;
            for row in page.rows {
                let handoff = self.load(caller.org, row.id).await?.handoff;
                let jobs = jobs(&handoff, from, moving);
                if jobs.is_empty() || !handoff.life.takes_reports() || !wanted(&handoff, moving) {
                    continue;
                }
                plan.push(planned(row, jobs, &handoff, from, &chosen, &mut takers));
                if plan.len() >= MOST_PLANNED {
                    return Ok(plan);
                }
            }
            after = page.next;
            if after.is_none() {
                return Ok(plan);
            }
        }
    }

    /// Carries a plan out, at most `most` handoffs of it, each by itself: what fails is told and keeps nobody else.
    pub async fn move_some(
        &self,
        caller: &Caller,
        from: PersonId,
        moving: &Moving,
        reason: &str,
        most: usize,
    ) -> Result<Stretch, AppError> {
        let reason = Personal::parse(reason).map_err(|why| AppError::invalid("reason", why.to_string()))?;
        let plan = self.plan_moves(caller, from, moving).await?;
        let trusted = Caller::system_for(caller);
        let mut stretch = Stretch { rows: Vec::new(), left: 0 };
        let mut tried = 0;
        for planned in plan {
            let Some(to) = planned.to else {
                let failed = planned.refused.clone();
                stretch.rows.push(Moved { planned, done: false, failed });
                continue;
            };
            if tried >= most {
                stretch.left += 1;
                continue;
            }
            tried += 1;
            let failed = match self.move_one(&trusted, from, to, &planned, &reason).await {
                Ok(()) => None,
                Err(why @ (AppError::Broken(_) | AppError::Unavailable(_))) => return Err(why),
                Err(why) => Some(why.to_string()),
            };
            stretch.rows.push(Moved { planned, done: failed.is_none(), failed });
        }
        Ok(stretch)
    }

    async fn move_one(
        &self,
        trusted: &Caller,
        from: PersonId,
        to: PersonId,
        planned: &PlannedMove,
        reason: &Personal,
    ) -> Result<(), AppError> {
        let id = planned.row.id;
        let roles: BTreeSet<Role> = planned
            .jobs
            .iter()
            .filter(|job| matches!(job, Job::Accountable(_) | Job::Contributor(_)))
            .map(|job| job.role())
            .collect();
        for role in roles {
            let handoff = self.load(trusted.org, id).await?.handoff;
            let Some(seat) = handoff.seats.get(&role).cloned() else { continue };
            let person = if seat.person == from { to } else { seat.person };
            let along = seat.contributors.into_iter().map(|one| if one == from { to } else { one });
            // Who is accountable does not work along beside themselves.
            let contributors = along.filter(|one| *one != person).collect();
            let command = command::SetSeat { role, person, contributors, reason: Some(reason.clone()) };
            self.handle_named(trusted, id, command).await?;
        }
        if planned.jobs.contains(&Job::Nominated) {
            self.handle(trusted, id, command::Nominate { csm: to }, HandleOptions::default()).await?;
        }
        if planned.jobs.contains(&Job::Csm) {
            let command = command::Reassign { to, reason: reason.clone() };
            self.handle(trusted, id, command, HandleOptions::default()).await?;
        }
        Ok(())
    }

    async fn taker(
        &self,
        caller: &Caller,
        from: PersonId,
        field: &str,
        id: PersonId,
    ) -> Result<Person, AppError> {
        let Some(person) = self.store.person(caller.org, id).await? else {
            return Err(AppError::invalid(field, "names nobody here"));
        };
        if id == from {
            return Err(AppError::invalid(field, "must be somebody else"));
        }
        if !person.status.signs_in() {
            return Err(AppError::invalid(field, format!("names {}, who cannot sign in", person.name)));
        }
        Ok(person)
    }

    async fn takers(&self, caller: &Caller, from: PersonId, moving: &Moving) -> Result<Takers, AppError> {
        if moving.to.len() > MOST_TAKERS {
            return Err(AppError::invalid("to", format!("names more than {MOST_TAKERS} people")));
        }
        let mut people: Vec<(Person, u32)> = Vec::new();
        for id in &moving.to {
            if people.iter().any(|(person, _)| person.id == *id) {
                continue;
            }
            let person = self.taker(caller, from, "to", *id).await?;
            let filter = HandoffFilter {
                part: Some(*id),
                life: BTreeSet::from(["live".to_owned()]),
                ..HandoffFilter::default()
            };
            let load = self.store.count(caller.org, &Reach::Organisation, &filter, COUNTED).await?;
            people.push((person, load));
        }
        Ok(Takers { people, share: moving.share, next: 0 })
    }

    async fn chosen(
        &self,
        caller: &Caller,
        from: PersonId,
        moving: &Moving,
    ) -> Result<BTreeMap<HandoffId, Person>, AppError> {
        if moving.chosen.len() > MOST_PLANNED {
            return Err(AppError::invalid("chosen", format!("names more than {MOST_PLANNED} handoffs")));
        }
        let mut known: BTreeMap<PersonId, Person> = BTreeMap::new();
        let mut chosen = BTreeMap::new();
        for (handoff, id) in &moving.chosen {
            let person = match known.get(id) {
                Some(person) => person.clone(),
                None => self.taker(caller, from, "chosen", *id).await?,
            };
            known.insert(*id, person.clone());
            chosen.insert(*handoff, person);
        }
        Ok(chosen)
    }
}

/// What somebody is on a handoff, of the roles that are to move.
fn jobs(handoff: &Handoff, id: PersonId, moving: &Moving) -> Vec<Job> {
    let mut jobs = Vec::new();
    for (role, seat) in &handoff.seats {
        if seat.person == id {
            jobs.push(Job::Accountable(*role));
        } else if seat.contributors.contains(&id) {
            jobs.push(Job::Contributor(*role));
        }
    }
    if is_nominated(handoff, id) {
        jobs.push(Job::Nominated);
    } else if handoff.stage.csm() == Some(id) {
        jobs.push(Job::Csm);
    }
    jobs.retain(|job| moving.roles.is_empty() || moving.roles.contains(&job.role()));
    jobs
}

fn wanted(handoff: &Handoff, moving: &Moving) -> bool {
    let segment = handoff.deal.segment.as_deref();
    let of_segment = moving.segments.is_empty()
        || segment.is_some_and(|segment| moving.segments.iter().any(|one| one.as_str() == segment));
    of_segment && (moving.stages.is_empty() || moving.stages.contains(handoff.stage.name()))
}

fn planned(
    row: HandoffRow,
    jobs: Vec<Job>,
    handoff: &Handoff,
    from: PersonId,
    chosen: &BTreeMap<HandoffId, Person>,
    takers: &mut Takers,
) -> PlannedMove {
    let refuse =
        |row, jobs, why: String| PlannedMove { row, jobs, to: None, refused: Some(why), named: None };
    if jobs.contains(&Job::Csm) {
        if let Stage::Offered { to, .. } = handoff.stage
            && to == from
        {
            let why = "it is offered to them: let the offer be answered or taken back first".to_owned();
            return refuse(row, jobs, why);
        }
        // Once named, who follows has to accept; naming them again would change nothing.
        if let Some(successor) = &handoff.successor
            && jobs == [Job::Csm]
        {
            let is_chosen = match chosen.get(&row.id) {
                Some(person) => person.id == successor.to,
                None => takers.people.iter().any(|(person, _)| person.id == successor.to),
            };
            let why = "somebody is named to follow already and has to accept".to_owned();
            return PlannedMove { named: is_chosen.then_some(successor.to), ..refuse(row, jobs, why) };
        }
    }
    let taker = match chosen.get(&row.id) {
        Some(person) => {
            let lacks = jobs.iter().find(|job| !job.needs().met_by(person));
            match lacks {
                Some(job) => Err(format!("{} does not have the role {}", person.name, job.needs().title())),
                None => Ok(person.id),
            }
        }
        None => takers.take(&jobs),
    };
    match taker {
        Ok(to) => PlannedMove { row, jobs, to: Some(to), refused: None, named: None },
        Err(why) => refuse(row, jobs, why),
    }
}
