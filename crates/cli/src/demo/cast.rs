//! The people: who works at the demo company, as what, and how they sign in.

use serde::Serialize;
use throughline_app::{
    App, AppError, Caller,
    orgs::{Settings, calendar_in},
    people::NewPerson,
};
use throughline_domain::{OrgId, PersonId, Role, TeamId, access::Grant, gate::Mode};
use throughline_sample::{COMPANY, Cast, PARTS, ZONE, email_of};

use super::SLUG;
use crate::failure::Failure;

/// What passwords are made of: nothing that looks like something else.
const LETTERS: &[u8] = b"abcdefghjkmnpqrstuvwxyz23456789";

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
    let people: Vec<PersonId> = keys.iter().map(|(id, _)| *id).collect();
    let cast = Cast::of(app, org.id, &people).await?;
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
