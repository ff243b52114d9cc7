//! A company's week (R3.1, R3.13): what is late and on whom it waits, what comes due, what was done in time or late,
//! and who was told of which clock and why.
//!
//! Nothing of it is kept: readings are worked out when somebody looks, what was told are facts. Every list is a page
//! within the reader's reach, and a page costs a few statements however long it is. Absent on purpose: figures over
//! many weeks; those are measurement.

mod clocked;
mod told;

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp, civil::Date};
use schemars::JsonSchema;
use serde::Serialize;
use throughline_domain::{
    HandoffId, OrgId, PersonId, TeamId,
    access::{self, Action, Scope},
    handoff::Handoff,
};
use throughline_store::{HandoffFilter, HandoffRow, Person, Reach, Team};

pub use clocked::{Clocked, Rule, Show, Why};
pub use told::{Sent, ToldOf};

use crate::{App, AppError, Caller, handle::Loaded};

/// How far the week looks either way.
pub const DAYS: SignedDuration = SignedDuration::from_hours(7 * 24);

/// Whose week, as far as the reader's reach goes; all given must hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Narrow {
    /// Handoffs this person has a part in.
    pub person: Option<PersonId>,
    /// Handoffs somebody of this team has a part in.
    pub team: Option<TeamId>,
    /// By any version of the playbook of this name.
    pub playbook: Option<String>,
}

/// Somebody, by id and name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Somebody {
    /// Who.
    pub id: PersonId,
    /// Their name.
    pub name: String,
}

/// Somebody a clock waits for is away.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct AwayNow {
    /// The last day.
    pub until: Date,
    /// Who does it instead; none: nobody who should is here.
    pub stand_in: Option<Somebody>,
}

/// Which handoff a row is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Subject {
    /// Which.
    pub id: HandoffId,
    /// The customer.
    pub account: String,
    /// The deal.
    pub deal: String,
    /// Playbook and version, as `default@3`.
    pub playbook: Option<String>,
}

impl Subject {
    fn of(handoff: &Handoff) -> Self {
        Self {
            id: handoff.id,
            account: handoff.deal.account.clone(),
            deal: handoff.deal.name.clone(),
            playbook: handoff.route.playbook.as_ref().map(ToString::to_string),
        }
    }
}

/// What a reader may narrow their week by.
#[derive(Debug, Default)]
pub struct Choices {
    /// Teams; none for who sees only their own.
    pub teams: Vec<Team>,
    /// People; none for who sees only their own.
    pub people: Vec<Person>,
    /// Playbooks, by name.
    pub playbooks: Vec<String>,
}

impl App {
    /// What the caller may narrow their week by. Who sees only their own handoffs chooses nobody.
    pub async fn week_choices(&self, caller: &Caller) -> Result<Choices, AppError> {
        caller.may(Action::Read)?;
        let scope = access::widest(&caller.grants, Action::Read);
        let (teams, mut people) = match scope {
            Some(Scope::Organisation) => {
                let people = self.store.people(caller.org, None, None, throughline_store::PAGE).await?.rows;
                (self.store.teams(caller.org).await?, people)
            }
            Some(Scope::Team) => {
                let theirs = self.named(caller.org, caller.team.iter().copied()).await?;
                (Vec::new(), theirs.into_values().collect())
            }
            Some(Scope::Own) | None => (Vec::new(), Vec::new()),
        };
        people.retain(|person| person.mapped_to.is_none());
        people.sort_by(|one, other| (&one.name, one.id).cmp(&(&other.name, other.id)));
        let published = self.store.playbooks(caller.org).await?;
        let playbooks: BTreeSet<String> = published.into_iter().map(|playbook| playbook.name).collect();
        Ok(Choices { teams, people, playbooks: playbooks.into_iter().collect() })
    }

    /// Whose handoffs the caller's week shows: never more than they may read.
    async fn week_reach(&self, caller: &Caller, narrow: &Narrow) -> Result<Reach, AppError> {
        let mut reach = caller.reach(Action::Read)?;
        if let Some(team) = narrow.team {
            let people = self.store.team_people(caller.org, &BTreeSet::from([team])).await?;
            reach = within(reach, people);
        }
        if let Some(person) = narrow.person {
            reach = within(reach, BTreeSet::from([person]));
        }
        Ok(reach)
    }

    /// Who of these people is away now, and who stands in: read once for each who is.
    async fn away_of(
        &self,
        org: OrgId,
        people: &BTreeMap<PersonId, Person>,
    ) -> Result<BTreeMap<PersonId, AwayNow>, AppError> {
        let org = self.organisation(org).await?;
        let mut away = BTreeMap::new();
        for (id, person) in people {
            let Some(until) = self.absence_now(&org, person).map(|absence| absence.until) else { continue };
            let stand_in = self.stand_in(&org, person).await?;
            let stand_in = stand_in.map(|one| Somebody { id: one.id, name: one.name });
            away.insert(*id, AwayNow { until, stand_in });
        }
        Ok(away)
    }

    /// Handoffs of rows with what judging them needs, in the order of the rows, in one read.
    async fn load_rows(&self, caller: &Caller, rows: &[HandoffRow]) -> Result<Vec<Loaded>, AppError> {
        let ids: BTreeSet<HandoffId> = rows.iter().map(|row| row.id).collect();
        let mut found = self.load_several(caller, &ids).await?;
        Ok(rows.iter().filter_map(|row| found.remove(&row.id)).collect())
    }

    /// Several handoffs with what judging them needs, in one read.
    pub(crate) async fn load_several(
        &self,
        caller: &Caller,
        ids: &BTreeSet<HandoffId>,
    ) -> Result<BTreeMap<HandoffId, Loaded>, AppError> {
        let org = self.organisation(caller.org).await?;
        let calendars = self.calendars(&org).await?;
        let mut found = BTreeMap::new();
        for (id, stored) in self.store.load_many(caller.org, ids).await? {
            let handoff: Handoff = serde_json::from_str(&stored.snapshot).map_err(AppError::broken)?;
            let playbook = match &handoff.route.playbook {
                Some(of) => Some(self.playbook(org.id, of).await?),
                None => None,
            };
            let (org, calendars) = (org.clone(), calendars.clone());
            let (version, head) = (stored.version, stored.head);
            found.insert(id, Loaded { org, calendars, handoff, version, head, playbook });
        }
        Ok(found)
    }
}

/// The part of a reach that these people make.
fn within(reach: Reach, people: BTreeSet<PersonId>) -> Reach {
    match reach {
        Reach::Organisation => Reach::People(people),
        Reach::People(own) => Reach::People(own.intersection(&people).copied().collect()),
    }
}

/// Living handoffs by a playbook.
fn live(narrow: &Narrow, due_before: Option<Timestamp>) -> HandoffFilter {
    HandoffFilter {
        life: BTreeSet::from(["live".to_owned()]),
        playbook: narrow.playbook.clone(),
        due_before,
        ..HandoffFilter::default()
    }
}

/// Names to ids, where they are known.
struct Names(BTreeMap<PersonId, Person>);

impl Names {
    fn somebody(&self, id: PersonId) -> Somebody {
        let name = self.0.get(&id).map_or_else(|| "somebody".to_owned(), |person| person.name.clone());
        Somebody { id, name }
    }
}
