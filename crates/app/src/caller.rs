//! Who asks, and the one place where rights are checked (R0.15).

use std::collections::BTreeSet;

use throughline_domain::{
    Actor, OrgId, PersonId, Role,
    access::{self, Action, Grant, Relation, Scope},
    handoff::Handoff,
};
use throughline_store::{Person, Reach, Token};

use crate::{App, AppError, held::Held, stead::Stead};

/// Somebody or something that asks, as far as the front end has made sure.
#[derive(Debug, Clone)]
pub struct Caller {
    /// In which organisation.
    pub org: OrgId,
    /// Who.
    pub actor: Actor,
    /// What they may do.
    pub grants: Vec<Grant>,
    /// Narrowed to these; all when none (tokens).
    pub actions: Option<BTreeSet<Action>>,
    /// Who is in the reach of a team scope: the people of the caller's teams. Loaded with the caller.
    pub team: BTreeSet<PersonId>,
    /// For whom they stand in today (R0.7). Loaded with the caller.
    pub steads: Vec<Stead>,
    /// Where its change waits for its answer, when its request has an idempotency key.
    pub held: Option<Held>,
}

impl Caller {
    /// The product itself, in an organisation: imports and sweeps. Passes every check.
    pub fn system(org: OrgId) -> Self {
        Self {
            org,
            actor: Actor::System,
            grants: Vec::new(),
            actions: None,
            team: BTreeSet::new(),
            steads: Vec::new(),
            held: None,
        }
    }

    /// The program behind a token.
    pub fn token(org: OrgId, token: &Token) -> Self {
        Self {
            org,
            actor: Actor::Token { id: token.id },
            grants: vec![token.grant],
            actions: token.actions.clone(),
            team: BTreeSet::new(),
            steads: Vec::new(),
            held: None,
        }
    }

    /// Their roles.
    pub fn roles(&self) -> BTreeSet<Role> {
        self.grants.iter().map(|grant| grant.role).collect()
    }

    /// The person, when it is one.
    pub fn person(&self) -> Option<PersonId> {
        self.actor.person()
    }

    fn narrowed(&self, action: Action) -> bool {
        self.actions.as_ref().is_none_or(|only| only.contains(&action))
    }

    /// Checks a right that concerns no single handoff.
    pub fn may(&self, action: Action) -> Result<(), AppError> {
        let allowed = self.actor == Actor::System
            || (self.narrowed(action) && access::allowed_somewhere(&self.grants, action));
        if allowed { Ok(()) } else { Err(AppError::Forbidden(action)) }
    }

    /// Whether a right reaches a handoff, their own or that of somebody they stand in for.
    pub fn can(&self, action: Action, handoff: &Handoff) -> bool {
        self.can_alone(action, handoff) || self.steads.iter().any(|stead| stead.can(action, handoff))
    }

    /// The same by their own rights.
    pub(crate) fn can_alone(&self, action: Action, handoff: &Handoff) -> bool {
        self.actor == Actor::System
            || (self.narrowed(action) && access::allowed(&self.grants, action, self.relation(handoff)))
    }

    /// Whether they have a part in a handoff themselves.
    pub(crate) fn has_part(&self, handoff: &Handoff) -> bool {
        self.relation(handoff).own
    }

    /// Whether a right would reach a handoff that is not there yet, with this AE.
    pub(crate) fn would_reach(&self, action: Action, ae: Option<PersonId>) -> bool {
        let own = ae.is_some() && self.person() == ae;
        let relation = Relation { own, team: ae.is_some_and(|ae| self.team.contains(&ae)) };
        self.actor == Actor::System
            || (self.narrowed(action) && access::allowed(&self.grants, action, relation))
    }

    /// Checks a right on a handoff. What one may not even read is not there.
    pub fn may_on(&self, action: Action, handoff: &Handoff) -> Result<(), AppError> {
        if self.can(action, handoff) {
            return Ok(());
        }
        Err(if self.can(Action::Read, handoff) {
            AppError::Forbidden(action)
        } else {
            AppError::NotFound("handoff")
        })
    }

    /// Everything the caller may do on a handoff: pages show only that.
    pub fn rights(&self, handoff: &Handoff) -> BTreeSet<Action> {
        Action::ALL.into_iter().filter(|action| self.can(*action, handoff)).collect()
    }

    /// Whether ratings of a handoff are theirs to see: the AE, their manager, whoever may read scores, and whoever rates
    /// (R3.12).
    pub fn sees_ratings(&self, handoff: &Handoff) -> bool {
        self.can(Action::ReadScores, handoff)
            || self.can(Action::Rate, handoff)
            || self.person() == Some(handoff.seller())
    }

    /// Whose handoffs lists may show.
    pub fn reach(&self, action: Action) -> Result<Reach, AppError> {
        if self.actor == Actor::System {
            return Ok(Reach::Organisation);
        }
        self.may(action)?;
        let me = self.person();
        let stood_for = self.steads.iter().flat_map(|stead| stead.reach(action));
        Ok(match access::widest(&self.grants, action) {
            Some(Scope::Organisation) => Reach::Organisation,
            Some(Scope::Team) => {
                Reach::People(self.team.iter().copied().chain(me).chain(stood_for).collect())
            }
            Some(Scope::Own) | None => Reach::People(me.into_iter().chain(stood_for).collect()),
        })
    }

    fn relation(&self, handoff: &Handoff) -> Relation {
        let parts = access::parts(handoff);
        let own = self.person().is_some_and(|me| parts.contains(&me));
        Relation { own, team: parts.iter().any(|person| self.team.contains(person)) }
    }
}

impl App {
    /// A person as caller, with the people of their teams. Only active people act.
    pub async fn caller(&self, org: OrgId, id: PersonId) -> Result<Caller, AppError> {
        let person = self.store.person(org, id).await?.ok_or(AppError::NotSignedIn)?;
        if person.status != throughline_store::PersonStatus::Active {
            return Err(AppError::NotSignedIn);
        }
        let grants: Vec<Grant> = person.grants.iter().copied().collect();
        let team = self.team_of(org, &person).await?;
        let steads = self.steads_of(org, &person).await?;
        Ok(Caller { org, actor: Actor::Person { id }, grants, actions: None, team, steads, held: None })
    }

    /// Who is in the reach of somebody's team scope: the teams they lead and the one they are in.
    pub(crate) async fn team_of(&self, org: OrgId, person: &Person) -> Result<BTreeSet<PersonId>, AppError> {
        if person.grants.iter().all(|grant| grant.scope < Scope::Team) {
            return Ok(BTreeSet::new());
        }
        let managed = self.store.teams(org).await?.into_iter().filter(|team| team.manager == Some(person.id));
        let teams: BTreeSet<_> = managed.map(|team| team.id).chain(person.team).collect();
        if teams.is_empty() {
            return Ok(BTreeSet::new());
        }
        Ok(self.store.team_people(org, &teams).await?)
    }
}
