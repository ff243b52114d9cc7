//! The sample: a made-up company beside one's own, to try the process out with and to be taken away whole.
//!
//! It is an organisation of its own, so that nothing of it is ever in a list, a figure, a comparison with the CRM or a
//! choice of people of the real one, and nothing of the real one can go with it. Its people have no mail address and no
//! password: nobody signs in as them, and nothing is mailed to them. Whoever is signed in may look at it as one of them;
//! what is an organisation's own business (people, settings, playbooks, tokens, imports) is shut there.
//! Absent on purpose: what the company is called and what happens in it; that is played by who founds it.

use std::{collections::BTreeSet, sync::Arc};

use jiff::Timestamp;
use throughline_domain::{
    OrgId, PersonId, TeamId,
    access::{Action, Grant},
    calendar::Calendar,
    gate::Mode,
};
use throughline_store::{ApplyError, Change, LookingAs, Org, Person, PersonStatus, Session, Tally, Team};

use crate::{App, AppError, Caller, ManualClock, orgs::line};

/// What a sample has, as far as it is told before it is taken away.
#[derive(Debug, Clone, PartialEq)]
pub struct Sample {
    /// The organisation it is.
    pub id: OrgId,
    /// What the made-up company is called.
    pub name: String,
    /// Its handoffs, and the facts in their journals.
    pub tally: Tally,
    /// Its people, by name.
    pub people: Vec<Person>,
}

/// A made-up company as it is founded.
#[derive(Debug, Clone)]
pub struct NewSample {
    /// What it is called.
    pub name: String,
    /// Whose days count.
    pub calendar: Calendar,
    /// Who works there; the first owns the process.
    pub people: Vec<SamplePerson>,
    /// When it is to have been founded.
    pub at: Timestamp,
}

/// Somebody of a made-up company.
#[derive(Debug, Clone)]
pub struct SamplePerson {
    /// Their name.
    pub name: String,
    /// What they may do there.
    pub grants: BTreeSet<Grant>,
    /// Their team, by name.
    pub team: Option<String>,
    /// Whether they lead it.
    pub leads: bool,
    /// What its CRM knows them by: `source:mail`.
    pub alias: String,
}

/// What is shut to who looks at a sample as one of its people.
const SHUT: [Action; 6] = [
    Action::ManagePeople,
    Action::ManageSettings,
    Action::ManageTokens,
    Action::ManagePlaybooks,
    Action::SendDeals,
    Action::BringMail,
];

impl App {
    /// The sample of an organisation, by its own people or by who looks at it as one of the sample's.
    ///
    /// # Errors
    /// Only when the store cannot answer.
    pub async fn sample(&self, caller: &Caller) -> Result<Option<Sample>, AppError> {
        let home = self.home_of(caller).await?;
        let Some(org) = self.sample_org(home).await? else { return Ok(None) };
        let people = self.store.people(org.id, None, None, throughline_store::PAGE).await?.rows;
        Ok(Some(Sample { id: org.id, name: org.name, tally: self.store.tally(org.id).await?, people }))
    }

    /// Founds the sample, without deals: its people, in the order they were given, are who plays them.
    ///
    /// # Errors
    /// [`AppError::Conflict`] when there is one already, or the organisation is one itself.
    pub async fn begin_sample(
        &self,
        caller: &Caller,
        new: NewSample,
    ) -> Result<(OrgId, Vec<PersonId>), AppError> {
        caller.may(Action::ManageSettings)?;
        let home = self.organisation(caller.org).await?;
        if home.sample_of.is_some() {
            return Err(AppError::Conflict("this is a sample itself".to_owned()));
        }
        let past = self.clone().with_clock(Arc::new(ManualClock::at(new.at)));
        let mut org = past.new_org(slug_of(home.id), line("name", &new.name, 200)?, new.calendar);
        (org.mode, org.sample_of) = (Mode::BlockClose, Some(home.id));
        let people: Vec<Person> = new.people.iter().map(|person| past.made_up(person)).collect();
        org.process_owner = people.first().map(|person| person.id);
        let teams = past.teams_of(&new.people, &people);
        let ids = people.iter().map(|person| person.id).collect();
        let mut changes = vec![Change::PutOrg(org.clone())];
        changes.extend(self.shipped_playbooks());
        for (person, part) in people.into_iter().zip(&new.people) {
            let team = teams.iter().find(|team| Some(&team.name) == part.team.as_ref());
            changes.push(Change::PutPerson(Person { team: team.map(|team| team.id), ..person }));
        }
        changes.extend(teams.into_iter().map(Change::PutTeam));
        let founded = past.audit(&Caller::system(org.id), "create-org", &org.slug, serde_json::Value::Null);
        match self.store.apply(org.id, changes, founded).await {
            Ok(()) => {}
            Err(ApplyError::Conflict(_)) => {
                return Err(AppError::Conflict("the sample is there already".to_owned()));
            }
            Err(other) => return Err(other.into()),
        }
        let audit = self.audit(caller, "add-sample", &org.id.to_string(), serde_json::Value::Null);
        self.store.apply(home.id, Vec::new(), audit).await?;
        Ok((org.id, ids))
    }

    fn made_up(&self, person: &SamplePerson) -> Person {
        Person {
            id: PersonId(self.fresh_id()),
            name: person.name.clone(),
            email: None,
            grants: person.grants.clone(),
            team: None,
            status: PersonStatus::Active,
            zone: None,
            password: None,
            aliases: [person.alias.clone()].into(),
            mapped_to: None,
            notify: Default::default(),
            away: Default::default(),
            created_at: self.now(),
        }
    }

    fn teams_of(&self, parts: &[SamplePerson], people: &[Person]) -> Vec<Team> {
        let names: BTreeSet<&String> = parts.iter().filter_map(|part| part.team.as_ref()).collect();
        let manager = |name: &String| {
            let mut led = parts.iter().zip(people);
            led.find(|(part, _)| part.leads && part.team.as_ref() == Some(name)).map(|(_, person)| person.id)
        };
        let team = |name: &String| Team {
            id: TeamId(self.fresh_id()),
            name: name.clone(),
            manager: manager(name),
            calendar: None,
        };
        names.into_iter().map(team).collect()
    }

    /// Takes the sample away, with everything that was done in it. What is left of it is a line in the audit log.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when there is none.
    pub async fn take_sample_away(&self, caller: &Caller) -> Result<Sample, AppError> {
        caller.may(Action::ManageSettings)?;
        let sample = self.sample(caller).await?.ok_or(AppError::NotFound("sample"))?;
        let detail = serde_json::json!({
            "handoffs": sample.tally.handoffs, "facts": sample.tally.facts, "people": sample.people.len(),
        });
        let audit = self.audit(caller, "take-sample-away", &sample.id.to_string(), detail);
        self.apply(caller, vec![Change::TakeSampleAway(sample.id)], audit).await?;
        Ok(sample)
    }

    /// Looks at the sample as one of its people from now on, by this session; as oneself again, when nobody is named.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when there is no sample, or nobody of this id in it.
    pub async fn look_as(&self, secret: &str, person: Option<PersonId>) -> Result<(), AppError> {
        let (org, session) = self.session_standing(secret).await?;
        let caller = self.caller(org, session.person).await?;
        let looking_as = match person {
            None => None,
            Some(person) => {
                let sample = self.sample_org(org).await?.ok_or(AppError::NotFound("sample"))?.id;
                self.caller(sample, person).await.map_err(|_| AppError::NotFound("person"))?;
                Some(LookingAs { sample, person })
            }
        };
        let detail = serde_json::json!({ "as": person });
        let audit = self.audit(&caller, "look-at-sample", &session.person.to_string(), detail);
        let session = Session { looking_as, ..session };
        Ok(self.store.apply(org, vec![Change::PutSession(session)], audit).await?)
    }

    /// Who asks, while they look at their organisation's sample as somebody; none when that is not there any more.
    pub(crate) async fn looking(
        &self,
        home: OrgId,
        looking: LookingAs,
    ) -> Result<Option<(Caller, Person)>, AppError> {
        let sample = self.store.org(looking.sample).await?;
        if sample.and_then(|org| org.sample_of) != Some(home) {
            return Ok(None);
        }
        let Some(person) = self.store.person(looking.sample, looking.person).await? else { return Ok(None) };
        let caller = self.caller(looking.sample, looking.person).await?;
        let open = Action::ALL.into_iter().filter(|action| !SHUT.contains(action)).collect();
        Ok(Some((Caller { actions: Some(open), ..caller }, person)))
    }

    /// The organisation somebody is really of.
    async fn home_of(&self, caller: &Caller) -> Result<OrgId, AppError> {
        Ok(self.organisation(caller.org).await?.sample_of.unwrap_or(caller.org))
    }

    async fn sample_org(&self, home: OrgId) -> Result<Option<Org>, AppError> {
        Ok(self.store.orgs().await?.into_iter().find(|org| org.sample_of == Some(home)))
    }
}

/// One name, so that of two who add it at once one is first.
fn slug_of(home: OrgId) -> String {
    format!("sample-{}", home.0.simple())
}
