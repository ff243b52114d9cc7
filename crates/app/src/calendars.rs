//! Whose calendar counts for whom (R0.12): the organisation's, and those of teams that keep one of their own.
//!
//! Who works by which is found out once and remembered for as long as the organisation bears the same mark; whatever
//! changes a team's calendar or somebody's team changes the mark in the same transaction, so that every node sees it.
//! An organisation without such teams bears none and costs nothing.

use std::{
    collections::{BTreeSet, HashMap},
    sync::{Arc, PoisonError, RwLock},
};

use throughline_domain::{
    OrgId, TeamId,
    access::Action,
    calendar::{Calendar, Calendars, OwnCalendars},
};
use throughline_store::{Change, Org, Team};
use uuid::Uuid;

use crate::{App, AppError, Caller};

/// Who works by which calendar, by organisation, with the mark it was found out under.
#[derive(Default)]
pub(crate) struct Known(RwLock<HashMap<OrgId, (Uuid, Arc<OwnCalendars>)>>);

impl Known {
    fn get(&self, org: OrgId, mark: Uuid) -> Option<Arc<OwnCalendars>> {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        known.get(&org).filter(|(under, _)| *under == mark).map(|(_, own)| own.clone())
    }

    fn keep(&self, org: OrgId, mark: Uuid, own: Arc<OwnCalendars>) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).insert(org, (mark, own));
    }
}

impl App {
    /// The calendars of an organisation: its own, and those of people whose team has another.
    pub async fn calendars(&self, org: &Org) -> Result<Calendars, AppError> {
        let Some(mark) = org.team_calendars else { return Ok(org.calendar.clone().into()) };
        let own = match self.calendars.get(org.id, mark) {
            Some(own) => own,
            None => {
                let own = Arc::new(self.own_calendars(org.id).await?);
                self.calendars.keep(org.id, mark, own.clone());
                own
            }
        };
        Ok(Calendars::new(org.calendar.clone(), own))
    }

    async fn own_calendars(&self, org: OrgId) -> Result<OwnCalendars, AppError> {
        let mut own = OwnCalendars::new();
        for team in self.store.teams(org).await? {
            let Some(calendar) = team.calendar.map(Arc::new) else { continue };
            let people = self.store.team_people(org, &BTreeSet::from([team.id])).await?;
            own.extend(people.into_iter().map(|person| (person, calendar.clone())));
        }
        Ok(own)
    }

    /// Gives a team a calendar of its own, or the organisation's again. Open clocks of its people are read by it
    /// from then on.
    pub async fn set_team_calendar(
        &self,
        caller: &Caller,
        id: TeamId,
        calendar: Option<Calendar>,
    ) -> Result<Team, AppError> {
        self.anew(|| self.put_team_calendar(caller, id, calendar.clone())).await
    }

    async fn put_team_calendar(
        &self,
        caller: &Caller,
        id: TeamId,
        calendar: Option<Calendar>,
    ) -> Result<Team, AppError> {
        caller.may(Action::ManageSettings)?;
        let mut team = self.store.team(caller.org, id).await?.ok_or(AppError::NotFound("team"))?;
        if team.calendar == calendar {
            return Ok(team);
        }
        team.calendar = calendar;
        let others = self.store.teams(caller.org).await?;
        let others = others.iter().any(|other| other.id != id && other.calendar.is_some());
        let mut org = self.organisation(caller.org).await?;
        org.version += 1;
        org.team_calendars = (others || team.calendar.is_some()).then(|| self.fresh_id());
        let detail = team.calendar.as_ref().map_or(serde_json::Value::Null, summary);
        let audit = self.audit(caller, "set-team-calendar", &id.to_string(), detail);
        // Readings follow by themselves; lists and the next reminder are worked out anew by the sweep.
        let changes = vec![Change::PutTeam(team.clone()), Change::PutOrg(org), Change::LookAgain];
        self.apply(caller, changes, audit).await?;
        Ok(team)
    }

    /// Makes an organisation that was read the next version of itself. Where its teams have calendars it gets a new
    /// mark: what was remembered under the old one is found out anew. Whoever writes an organisation does this, lest
    /// an older mark come back.
    pub(crate) fn mark_anew(&self, org: &mut Org) {
        org.version += 1;
        org.team_calendars = org.team_calendars.map(|_| self.fresh_id());
    }

    /// What goes along with somebody's change of team; nothing where no team has a calendar of its own.
    pub(crate) async fn team_changed(&self, org: OrgId) -> Result<Vec<Change>, AppError> {
        let mut org = self.organisation(org).await?;
        if org.team_calendars.is_none() {
            return Ok(Vec::new());
        }
        self.mark_anew(&mut org);
        Ok(vec![Change::PutOrg(org), Change::LookAgain])
    }
}

/// What the audit log says of a calendar.
pub(crate) fn summary(calendar: &Calendar) -> serde_json::Value {
    serde_json::json!({ "zone": calendar.zone().name(), "holidays": calendar.holidays().len() })
}
