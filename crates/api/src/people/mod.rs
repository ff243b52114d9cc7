//! People and teams: invited, changed, mapped, reassigned, leaving with a successor.

mod absence;
mod invite;
mod leave;
mod list;
mod map;
mod moves;
mod pasted;
mod teams;

use std::collections::BTreeSet;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use throughline_app::people::NewPerson;
use throughline_domain::{PersonId, TeamId, access::Grant};
use throughline_store::{Person, PersonStatus};

use crate::spec::Verbs;

/// Which person.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct PersonPath {
    /// Which person.
    pub id: PersonId,
}

/// Whether a person can sign in.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Known from an import; nobody asked them yet.
    NotInvited,
    /// Has not set a password.
    Invited,
    /// Signs in.
    Active,
    /// Left.
    Deactivated,
}

impl From<PersonStatus> for Status {
    fn from(status: PersonStatus) -> Self {
        match status {
            PersonStatus::NotInvited => Self::NotInvited,
            PersonStatus::Invited => Self::Invited,
            PersonStatus::Active => Self::Active,
            PersonStatus::Deactivated => Self::Deactivated,
        }
    }
}

/// Somebody who works here.
#[derive(Debug, Serialize, JsonSchema)]
pub struct PersonView {
    /// Which.
    pub id: PersonId,
    /// Their name.
    pub name: String,
    /// Their mail address.
    pub email: Option<String>,
    /// What they may do.
    pub grants: BTreeSet<Grant>,
    /// Their team.
    pub team: Option<TeamId>,
    /// Whether they can sign in.
    pub status: Status,
    /// The zone they read times in; the organisation's when null.
    pub zone: Option<String>,
    /// Names they have in CRMs.
    pub aliases: BTreeSet<String>,
    /// Who they really are, when they were known from an import first.
    pub mapped_to: Option<PersonId>,
    /// Since when they are known.
    pub created_at: Timestamp,
}

impl From<Person> for PersonView {
    fn from(person: Person) -> Self {
        Self {
            id: person.id,
            name: person.name,
            email: person.email,
            grants: person.grants,
            team: person.team,
            status: person.status.into(),
            zone: person.zone,
            aliases: person.aliases,
            mapped_to: person.mapped_to,
            created_at: person.created_at,
        }
    }
}

/// A person as they are to be.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PersonBody {
    /// Their name.
    #[schemars(length(min = 1, max = 200))]
    pub name: String,
    /// Their mail address: they sign in with it.
    #[schemars(length(min = 5, max = 254))]
    pub email: String,
    /// What they may do.
    #[schemars(length(min = 1, max = 50))]
    pub grants: BTreeSet<Grant>,
    /// Their team.
    #[serde(default)]
    pub team: Option<TeamId>,
}

impl From<PersonBody> for NewPerson {
    fn from(body: PersonBody) -> Self {
        Self { name: body.name, email: body.email, grants: body.grants, team: body.team }
    }
}

/// How many handoffs changed.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Moved {
    /// How many handoffs changed, or would.
    pub handoffs: u32,
    /// Nothing was changed: it was only asked.
    pub dry_run: bool,
}

/// The verbs of people and teams.
pub fn add(verbs: &mut Verbs) {
    list::add(verbs);
    absence::add(verbs);
    invite::add(verbs);
    pasted::add(verbs);
    map::add(verbs);
    leave::add(verbs);
    moves::add(verbs);
    teams::add(verbs);
}
