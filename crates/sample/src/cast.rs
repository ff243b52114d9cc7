//! The people: who works at the company, and as what. How they are let in is for whoever founds it.

use throughline_app::Caller;
use throughline_domain::{OrgId, PersonId, Role, access::Scope};

use crate::PlayError;

/// The company.
pub const COMPANY: &str = "Larkfield Software";
/// Where its mail addresses end; nobody has this domain.
const DOMAIN: &str = "larkfield.example";

/// Somebody of the cast.
#[derive(Debug, Clone, Copy)]
pub struct Part {
    /// Their name.
    pub name: &'static str,
    /// What they are there, and how far it reaches.
    pub roles: &'static [(Role, Scope)],
    /// Their team.
    pub team: Option<&'static str>,
    /// Whether they lead it.
    pub leads: bool,
}

/// Everybody. The first owns the process, and answers for whoever is not mapped yet.
pub const PARTS: [Part; 11] = [
    Part {
        name: "Elena Varga",
        roles: &[(Role::RevOps, Scope::Organisation), (Role::Admin, Scope::Organisation)],
        team: None,
        leads: false,
    },
    Part {
        name: "Sofia Lindqvist",
        roles: &[(Role::AeManager, Scope::Team)],
        team: Some("Mid-market sales"),
        leads: true,
    },
    Part {
        name: "Amara Osei",
        roles: &[(Role::Ae, Scope::Own)],
        team: Some("Mid-market sales"),
        leads: false,
    },
    Part {
        name: "Jonas Brandt",
        roles: &[(Role::Ae, Scope::Own)],
        team: Some("Mid-market sales"),
        leads: false,
    },
    Part {
        name: "Tom Reyes",
        roles: &[(Role::Se, Scope::Own)],
        team: Some("Mid-market sales"),
        leads: false,
    },
    Part {
        name: "Ruth Adeyemi",
        roles: &[(Role::CsLeader, Scope::Organisation)],
        team: Some("Customer success"),
        leads: true,
    },
    Part {
        name: "Mei Tanaka",
        roles: &[(Role::Csm, Scope::Own)],
        team: Some("Customer success"),
        leads: false,
    },
    Part {
        name: "Luca Moretti",
        roles: &[(Role::Csm, Scope::Own)],
        team: Some("Customer success"),
        leads: false,
    },
    Part {
        name: "Dana Whitfield",
        roles: &[(Role::DealDesk, Scope::Organisation)],
        team: None,
        leads: false,
    },
    Part { name: "Piotr Nowak", roles: &[(Role::Product, Scope::Organisation)], team: None, leads: false },
    Part {
        name: "Grace Okafor",
        roles: &[(Role::SalesLeader, Scope::Organisation)],
        team: None,
        leads: false,
    },
];

/// The people the story needs, as callers.
pub struct Cast {
    /// The company.
    pub org: OrgId,
    pub(crate) amara: Caller,
    pub(crate) jonas: Caller,
    pub(crate) ruth: Caller,
    pub(crate) mei: Caller,
    pub(crate) luca: Caller,
    pub(crate) piotr: Caller,
    pub(crate) sofia: Caller,
    pub(crate) tom: PersonId,
}

impl Cast {
    /// The cast of a company, from its people in the order of [`PARTS`].
    ///
    /// # Errors
    /// [`PlayError::Script`] when somebody is missing; [`PlayError::App`] when somebody may not act.
    pub async fn of(app: &throughline_app::App, org: OrgId, people: &[PersonId]) -> Result<Self, PlayError> {
        let id = |name: &str| {
            let place = PARTS.iter().position(|part| part.name == name);
            let found = place.and_then(|at| people.get(at)).copied();
            found.ok_or_else(|| PlayError::script(format!("{name} is not of the cast")))
        };
        Ok(Self {
            org,
            amara: app.caller(org, id("Amara Osei")?).await?,
            jonas: app.caller(org, id("Jonas Brandt")?).await?,
            ruth: app.caller(org, id("Ruth Adeyemi")?).await?,
            mei: app.caller(org, id("Mei Tanaka")?).await?,
            luca: app.caller(org, id("Luca Moretti")?).await?,
            piotr: app.caller(org, id("Piotr Nowak")?).await?,
            sofia: app.caller(org, id("Sofia Lindqvist")?).await?,
            tom: id("Tom Reyes")?,
        })
    }

    /// Who reads everything together in the morning, a CSM and a manager.
    pub fn read_in_the_morning(&self) -> (&Caller, &Caller) {
        (&self.mei, &self.sofia)
    }

    /// Who wants his evenings to himself, an AE.
    pub fn wants_quiet_evenings(&self) -> &Caller {
        &self.jonas
    }
}

/// A mail address at the company.
pub fn email_of(name: &str) -> String {
    let first = name.split(' ').next().unwrap_or_default().to_lowercase();
    format!("{first}@{DOMAIN}")
}
