//! The people: who works at the demo company, as what, and how they sign in.

use serde::Serialize;
use throughline_app::{
    App, AppError, Caller,
    orgs::{Settings, calendar_in},
    people::NewPerson,
};
use throughline_domain::{
    OrgId, PersonId, Role, TeamId,
    access::{Grant, Scope},
    gate::Mode,
};

use super::{SLUG, script::ZONE};
use crate::failure::Failure;

/// The company.
const COMPANY: &str = "Larkfield Software";
/// Where its mail addresses end; nobody has this domain.
const DOMAIN: &str = "larkfield.example";
/// What passwords are made of: nothing that looks like something else.
const LETTERS: &[u8] = b"abcdefghjkmnpqrstuvwxyz23456789";

/// Somebody of the cast.
struct Part {
    name: &'static str,
    roles: &'static [(Role, Scope)],
    team: Option<&'static str>,
    leads: bool,
}

const PARTS: [Part; 11] = [
    // First, because the first who owns the process answers for everybody not yet mapped.
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

/// How somebody signs in.
#[derive(Debug, Clone, Serialize)]
pub struct Login {
    /// As what.
    pub role: String,
    /// Who.
    pub name: String,
    /// Their mail address.
    pub email: String,
    /// Their password, made anew at every start.
    pub password: String,
}

/// The people the story needs, as callers.
pub struct Cast {
    pub org: OrgId,
    pub amara: Caller,
    pub jonas: Caller,
    pub ruth: Caller,
    pub mei: Caller,
    pub luca: Caller,
    pub piotr: Caller,
    pub sofia: Caller,
    pub tom: PersonId,
}

/// A mail address at the company.
pub fn email_of(name: &str) -> String {
    let first = name.split(' ').next().unwrap_or_default().to_lowercase();
    format!("{first}@{DOMAIN}")
}

/// Founds the company and lets everybody in.
pub async fn found(app: &App) -> Result<(Cast, Vec<Login>), Failure> {
    let org = app.create_org(SLUG, COMPANY, calendar_in(ZONE)?).await?;
    let us = Caller::system(org.id);
    let mut teams: Vec<(&str, TeamId)> = Vec::new();
    let mut keys = Vec::new();
    for part in &PARTS {
        let team = match part.team {
            Some(name) => Some(match teams.iter().find(|(known, _)| *known == name) {
                Some((_, id)) => *id,
                None => {
                    let id = app.put_team(&us, None, name, None).await?.id;
                    teams.push((name, id));
                    id
                }
            }),
            None => None,
        };
        let grants = part.roles.iter().map(|(role, scope)| Grant { role: *role, scope: *scope }).collect();
        let new = NewPerson { name: part.name.to_owned(), email: email_of(part.name), grants, team };
        let (person, path) = app.invite(&us, new).await?;
        if let (true, Some(team), Some(name)) = (part.leads, team, part.team) {
            app.put_team(&us, Some(team), name, Some(person.id)).await?;
        }
        keys.push((person.id, key_of(&path)));
    }
    let settings = Settings { mode: Some(Mode::BlockClose), ..Settings::default() };
    app.change_settings(&us, settings).await?;
    let logins = let_in(app, keys.iter().map(|(_, key)| key.clone()).collect()).await?;
    let id = |name: &str| {
        let place = PARTS.iter().position(|part| part.name == name);
        place
            .and_then(|at| keys.get(at))
            .map(|(id, _)| *id)
            .ok_or_else(|| Failure::refused(format!("{name} is not of the cast")))
    };
    let cast = Cast {
        org: org.id,
        amara: app.caller(org.id, id("Amara Osei")?).await?,
        jonas: app.caller(org.id, id("Jonas Brandt")?).await?,
        ruth: app.caller(org.id, id("Ruth Adeyemi")?).await?,
        mei: app.caller(org.id, id("Mei Tanaka")?).await?,
        luca: app.caller(org.id, id("Luca Moretti")?).await?,
        piotr: app.caller(org.id, id("Piotr Nowak")?).await?,
        sofia: app.caller(org.id, id("Sofia Lindqvist")?).await?,
        tom: id("Tom Reyes")?,
    };
    Ok((cast, logins))
}

/// New passwords for the cast of a company that is there already; their sessions end.
pub async fn let_in_again(app: &App, org: OrgId) -> Result<Vec<Login>, Failure> {
    let us = Caller::system(org);
    let mut keys = Vec::new();
    for part in &PARTS {
        let known = app.store().people_by_email(&email_of(part.name)).await?;
        let person = known.into_iter().find(|(of, _)| *of == org).map(|(_, person)| person);
        // Whoever was deactivated in the demo stays out.
        let Some(person) = person.filter(|person| person.status.signs_in()) else { continue };
        keys.push(key_of(&app.reset_password(&us, person.id).await?));
    }
    let_in(app, keys).await
}

/// Sets a random password by each welcome key. Hashing one takes a core and 19 MB for a while on purpose, so there are
/// two at a time.
async fn let_in(app: &App, keys: Vec<String>) -> Result<Vec<Login>, Failure> {
    let mut logins = Vec::new();
    for pair in keys.chunks(2) {
        let welcomes: Vec<_> =
            pair.iter().map(|key| tokio::spawn(welcome(app.clone(), key.clone()))).collect();
        for welcome in welcomes {
            logins.push(welcome.await.map_err(|why| Failure::unreachable(why.to_string()))??);
        }
    }
    Ok(logins)
}

async fn welcome(app: App, key: String) -> Result<Login, AppError> {
    let person = app.welcomed(&key).await?;
    let password = password();
    app.welcome(&key, password.clone()).await?;
    let mut roles: Vec<Role> = person.grants.iter().map(|grant| grant.role).collect();
    roles.sort_by_key(|role| *role == Role::Admin);
    let role = roles.iter().map(|role| role.title()).collect::<Vec<_>>().join(", ");
    Ok(Login { role, name: person.name, email: person.email.unwrap_or_default(), password })
}

fn key_of(path: &str) -> String {
    path.split_once("key=").map(|(_, key)| key.to_owned()).unwrap_or_default()
}

/// Sixteen letters in groups of four: 79 bits.
fn password() -> String {
    let mut text = String::new();
    let mut drawn = 0;
    while drawn < 16 {
        let byte = usize::from(rand::random::<u8>());
        // Bytes past the last whole round would make the first letters likelier.
        if byte >= 256 / LETTERS.len() * LETTERS.len() {
            continue;
        }
        if drawn > 0 && drawn % 4 == 0 {
            text.push('-');
        }
        text.push(char::from(LETTERS[byte % LETTERS.len()]));
        drawn += 1;
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_long_readable_and_never_the_same() {
        let (one, other) = (password(), password());
        assert_ne!(one, other);
        assert_eq!(one.len(), 19);
        assert!(one.split('-').all(|group| group.len() == 4), "{one}");
    }
}
