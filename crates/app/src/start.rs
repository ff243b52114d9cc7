//! What is left between a new installation and its first real handoff, worked out from what is there.
//!
//! Nothing is ticked off by hand: a step is settled when the data say so, and open again when they do not any more.
//! Absent on purpose: what a step is called and where it is done.

use std::collections::BTreeSet;

use throughline_domain::{
    Role,
    access::Action,
    gate::Mode,
    playbook::{Playbook, Way},
};
use throughline_store::{HandoffFilter, Org, Reach};

use crate::{App, AppError, Caller, sample::Sample};

/// How many deals are counted; more are as many.
const COUNTED: u32 = 1_000;

/// A step of setting up, in the order they are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StartStep {
    /// Name, zone and calendar.
    Organisation,
    /// Somebody who sells, somebody who receives.
    People,
    /// Which process.
    Playbook,
    /// Somebody for every job the process gives.
    Routes,
    /// Mail that leaves.
    Mail,
    /// The first deals.
    Deals,
    /// From when on, and how far gates enforce.
    GoLive,
}

/// How a step stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stands {
    /// Nothing is left to do.
    Settled,
    /// It works as it is; somebody should look whether it is meant so.
    ToCheck,
    /// Without it no handoff comes about, or its people do not learn of it.
    Open,
}

/// What setting up is judged by.
#[derive(Debug, Clone, PartialEq)]
pub struct Start {
    /// The organisation.
    pub org: Org,
    /// The process new deals take, in its newest version.
    pub playbook: StartPlaybook,
    /// Who can be given a job, by role.
    pub roles: BTreeSet<Role>,
    /// How many people can sign in, or are invited.
    pub people: u32,
    /// How many teams there are.
    pub teams: u32,
    /// Whether the server sends mail.
    pub mails: bool,
    /// How many deals have a record, up to [`COUNTED`].
    pub handoffs: u32,
    /// Whether deals are known that have no record yet.
    pub deals_kept: bool,
    /// The sample, where there is one.
    pub sample: Option<Sample>,
}

/// The process new deals take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StartPlaybook {
    /// Its name.
    pub name: String,
    /// Its title.
    pub title: String,
    /// Its version.
    pub version: u32,
    /// How many ways there are for deals, and how many of them lead to no process.
    pub ways: (usize, usize),
    /// To whom it gives work.
    pub jobs: BTreeSet<Role>,
}

impl StartPlaybook {
    fn of(name: String, version: u32, playbook: &Playbook) -> Self {
        let steps = playbook.steps.iter().map(|step| step.owner);
        let promises = playbook.promises.routing.iter().map(|route| route.to);
        let others = [playbook.promises.escalate_to, playbook.process_owner];
        let out = playbook.routes.iter().filter(|route| route.take == Way::None).count();
        Self {
            title: playbook.title.clone(),
            ways: (playbook.routes.len(), out),
            jobs: steps.chain(promises).chain(others).collect(),
            name,
            version,
        }
    }
}

impl StartStep {
    /// Every step, in the order they are taken.
    pub const ALL: [StartStep; 7] = [
        StartStep::Organisation,
        StartStep::People,
        StartStep::Playbook,
        StartStep::Routes,
        StartStep::Mail,
        StartStep::Deals,
        StartStep::GoLive,
    ];
}

impl Start {
    /// How a step stands.
    pub fn stands(&self, step: StartStep) -> Stands {
        let settled_or = |settled: bool, other| if settled { Stands::Settled } else { other };
        match step {
            StartStep::Organisation => {
                let calendar = &self.org.calendar;
                settled_or(!calendar.holidays().is_empty(), Stands::ToCheck)
            }
            StartStep::People => settled_or(
                self.somebody(Role::Ae, Role::AeManager) && self.somebody(Role::Csm, Role::CsLeader),
                Stands::Open,
            ),
            // Six come published; whether this is the one is for a person to say.
            StartStep::Playbook => {
                settled_or(self.playbook.version > 1 || self.playbook.name != "default", Stands::ToCheck)
            }
            StartStep::Routes => settled_or(self.jobs_of_nobody().next().is_none(), Stands::Open),
            StartStep::Mail => settled_or(self.mails, Stands::Open),
            StartStep::Deals => settled_or(self.handoffs > 0 || self.deals_kept, Stands::Open),
            // A new organisation blocks from its first day; that this is meant is said by keeping the settings once.
            StartStep::GoLive => settled_or(
                self.org.version > 1 && self.org.go_live_on.is_some() && self.org.mode != Mode::Observe,
                Stands::ToCheck,
            ),
        }
    }

    /// The first step that is not settled; the open ones first.
    pub fn next(&self) -> Option<StartStep> {
        let first = |wanted| StartStep::ALL.into_iter().find(|step| self.stands(*step) == wanted);
        first(Stands::Open).or_else(|| first(Stands::ToCheck))
    }

    /// How many steps are settled.
    pub fn settled(&self) -> usize {
        StartStep::ALL.into_iter().filter(|step| self.stands(*step) == Stands::Settled).count()
    }

    /// Jobs of the process that nobody has.
    pub fn jobs_of_nobody(&self) -> impl Iterator<Item = Role> {
        let led = |role: &Role| match role {
            Role::Ae => self.roles.contains(&Role::AeManager),
            Role::Csm => self.roles.contains(&Role::CsLeader),
            _ => false,
        };
        let nobody = move |role: &Role| !self.roles.contains(role) && !led(role);
        self.playbook.jobs.iter().copied().filter(nobody)
    }

    fn somebody(&self, role: Role, leads: Role) -> bool {
        self.roles.contains(&role) || self.roles.contains(&leads)
    }
}

impl App {
    /// What is left to set up.
    ///
    /// # Errors
    /// [`AppError::Forbidden`] for who may not change settings.
    pub async fn start(&self, caller: &Caller) -> Result<Start, AppError> {
        caller.may(Action::ManageSettings)?;
        let org = self.organisation(caller.org).await?;
        let (of, playbook) = self.newest_playbook(org.id, &org.playbook).await?;
        let mut roles = BTreeSet::new();
        for role in Role::ALL {
            let holders = self.store.role_people(org.id, role).await?;
            if holders.iter().any(|person| person.status.signs_in()) {
                roles.insert(role);
            }
        }
        let everybody = self.store.people(org.id, None, None, throughline_store::PAGE).await?.rows;
        let people = everybody.iter().filter(|person| person.status.signs_in()).count();
        let teams = self.store.teams(org.id).await?.len();
        let filter = HandoffFilter::default();
        let handoffs = self.store.count(org.id, &Reach::Organisation, &filter, COUNTED).await?;
        let deals_kept = !self.store.deals_without(org.id, None, 1).await?.is_empty();
        Ok(Start {
            playbook: StartPlaybook::of(of.name, of.version, &playbook),
            roles,
            people: u32::try_from(people).unwrap_or(u32::MAX),
            teams: u32::try_from(teams).unwrap_or(u32::MAX),
            mails: self.mails(),
            handoffs,
            deals_kept,
            sample: self.sample(caller).await?,
            org,
        })
    }

    /// Whether nothing is here yet: no deal has a record, or is known. What lists say then leads to setting up.
    ///
    /// # Errors
    /// Only when the store cannot answer.
    pub async fn is_new(&self, caller: &Caller) -> Result<bool, AppError> {
        let filter = HandoffFilter::default();
        let none = self.store.count(caller.org, &Reach::Organisation, &filter, 1).await? == 0;
        Ok(none && self.store.deals_without(caller.org, None, 1).await?.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::orgs::default_calendar;

    fn new() -> Start {
        let app = App::new(
            std::sync::Arc::new(throughline_store::memory::MemoryStore::new()),
            std::sync::Arc::new(crate::SystemClock),
        );
        Start {
            org: app.new_org("acme".to_owned(), "Acme".to_owned(), default_calendar().unwrap()),
            playbook: StartPlaybook {
                name: "default".to_owned(),
                title: "Default".to_owned(),
                version: 1,
                ways: (4, 1),
                jobs: [Role::Ae, Role::Csm, Role::Product].into(),
            },
            roles: [Role::Admin, Role::RevOps].into(),
            people: 1,
            teams: 0,
            mails: false,
            handoffs: 0,
            deals_kept: false,
            sample: None,
        }
    }

    #[test]
    fn a_new_organisation_begins_with_its_people() {
        let start = new();
        assert_eq!(start.settled(), 0);
        assert_eq!(start.next(), Some(StartStep::People));
        assert_eq!(start.jobs_of_nobody().collect::<Vec<_>>(), [Role::Ae, Role::Product, Role::Csm]);
    }

    #[test]
    fn who_leads_those_whose_job_it_is_will_do() {
        let roles = [Role::AeManager, Role::CsLeader, Role::Product].into();
        let start = Start { roles, ..new() };
        assert_eq!(start.stands(StartStep::People), Stands::Settled);
        assert_eq!(start.stands(StartStep::Routes), Stands::Settled);
    }

    #[test]
    fn what_works_as_it_is_comes_after_what_is_open() {
        let roles = [Role::Ae, Role::Csm, Role::Product].into();
        let mut start = Start { roles, mails: true, handoffs: 3, ..new() };
        assert_eq!(start.next(), Some(StartStep::Organisation));
        assert_eq!(start.stands(StartStep::GoLive), Stands::ToCheck);
        start.org.version = 2;
        assert_eq!(start.stands(StartStep::GoLive), Stands::Settled);
        start.playbook.version = 2;
        assert_eq!(start.stands(StartStep::Playbook), Stands::Settled);
        assert_eq!(start.settled(), 6);
    }
}
