//! Many people at once: pasted lines of name, mail and roles, each told what came of it.
//!
//! Whoever can be invited is, in one transaction; a line with a fault keeps nobody else waiting, and pasting the same
//! lines again invites nobody twice. Absent on purpose: mail. Each gets a link of their own, told to whoever asked.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use throughline_domain::{
    Role, TeamId,
    access::{self, Action, Grant},
};
use throughline_messages::Kind;
use throughline_store::{Change, Person, PersonStatus, Team};

use super::mail_address;
use crate::{App, AppError, Caller, orgs::line};

/// The most lines that are read at once.
pub const MOST_LINES: usize = 200;
/// The most bytes.
pub const MOST_BYTES: usize = 64 * 1024;

/// What came of one line.
#[derive(Debug, Clone, PartialEq)]
pub struct PastedLine {
    /// Its number in what was pasted, from 1.
    pub number: usize,
    /// The line as it was pasted.
    pub text: String,
    /// What came of it.
    pub became: Became,
}

/// What came of a line.
#[derive(Debug, Clone, PartialEq)]
pub enum Became {
    /// They are invited, and set their password at this path, once; none: it was only asked.
    Invited {
        /// Who.
        person: Box<Person>,
        /// Where they set their password.
        path: Option<String>,
    },
    /// They are here already, invited or signed in; nothing was changed.
    Here(Box<Person>),
    /// It cannot be done.
    Faulty(Fault),
}

/// What is wrong with a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "fault", rename_all = "snake_case")]
pub enum Fault {
    /// It has other parts than name, mail, roles and perhaps a team.
    Parts,
    /// A part does not fit.
    Part {
        /// Which.
        field: String,
        /// Why.
        reason: String,
    },
    /// No role has this name.
    Role {
        /// The name.
        name: String,
    },
    /// An earlier line has the same address.
    Twice {
        /// Which.
        line: usize,
    },
    /// Somebody of this address left; they are invited again on their own page.
    Left,
}

/// A line as it was read.
struct Read {
    name: String,
    email: String,
    grants: BTreeSet<Grant>,
    team: Option<String>,
}

impl App {
    /// Invites everybody whose line can be read, all at once, or with `dry_run` only says what would become of each.
    /// Teams that are named and not there are made.
    ///
    /// # Errors
    /// [`AppError::Invalid`] for more than [`MOST_LINES`] lines or [`MOST_BYTES`] bytes; [`AppError::Forbidden`] for who
    /// may not invite.
    pub async fn invite_pasted(
        &self,
        caller: &Caller,
        text: &str,
        dry_run: bool,
    ) -> Result<Vec<PastedLine>, AppError> {
        self.anew(|| self.invite_pasted_once(caller, text, dry_run)).await
    }

    async fn invite_pasted_once(
        &self,
        caller: &Caller,
        text: &str,
        dry_run: bool,
    ) -> Result<Vec<PastedLine>, AppError> {
        caller.may(Action::ManagePeople)?;
        let mut org = self.organisation(caller.org).await?;
        let mut teams = self.store.teams(caller.org).await?;
        let (mut lines, mut changes) = (Vec::new(), Vec::new());
        let mut met: BTreeMap<String, usize> = BTreeMap::new();
        let (mut teamed, mut owner) = (false, org.process_owner);
        for (number, text) in numbered(text)? {
            let became = match read(text) {
                Err(fault) => Became::Faulty(fault),
                Ok(read) => match met.get(&read.email) {
                    Some(line) => Became::Faulty(Fault::Twice { line: *line }),
                    None => {
                        met.insert(read.email.clone(), number);
                        let team = self.team_named(&mut teams, read.team.as_deref(), &mut changes);
                        self.line_becomes(caller, read, team, dry_run, &mut changes).await?
                    }
                },
            };
            if let Became::Invited { person, .. } = &became {
                teamed |= person.team.is_some();
                // The first person who owns the process answers for everybody not yet mapped.
                if owner.is_none() && person.grants.iter().any(|grant| grant.role == Role::RevOps) {
                    owner = Some(person.id);
                }
            }
            lines.push(PastedLine { number, text: text.to_owned(), became });
        }
        let invited = lines.iter().filter(|line| matches!(line.became, Became::Invited { .. })).count();
        if dry_run || invited == 0 {
            return Ok(lines);
        }
        if owner != org.process_owner {
            org.process_owner = owner;
            self.mark_anew(&mut org);
            changes.push(Change::PutOrg(org));
        } else if teamed {
            changes.extend(self.team_changed(caller.org).await?);
        }
        let audit =
            self.audit(caller, "invite-people", &caller.org.to_string(), serde_json::json!({ "n": invited }));
        self.apply(caller, changes, audit).await?;
        Ok(lines)
    }

    async fn line_becomes(
        &self,
        caller: &Caller,
        read: Read,
        team: Option<TeamId>,
        dry_run: bool,
        changes: &mut Vec<Change>,
    ) -> Result<Became, AppError> {
        let known =
            self.store.people_by_email(&read.email).await?.into_iter().find(|(org, _)| *org == caller.org);
        let mut person = match known {
            Some((_, person)) if person.status.signs_in() => return Ok(Became::Here(Box::new(person))),
            Some((_, person)) if person.status == PersonStatus::Deactivated => {
                return Ok(Became::Faulty(Fault::Left));
            }
            Some((_, person)) => person,
            None => self.somebody(read.email),
        };
        (person.name, person.grants, person.team) = (read.name, read.grants, team.or(person.team));
        person.status = PersonStatus::Invited;
        if dry_run {
            return Ok(Became::Invited { person: Box::new(person), path: None });
        }
        let (link, path) = self.link_for(person.id);
        let org = self.organisation(caller.org).await?;
        let (words, noted) = self.plain(Kind::Invitation, &org, &person.name).await?;
        let letter = self.entrance_letter(words, person.id);
        changes.extend([Change::PutPerson(person.clone()), Change::PutLink(link), Change::Deliver(letter)]);
        changes.extend(noted);
        Ok(Became::Invited { person: Box::new(person), path: Some(path) })
    }

    /// The team of a name, whatever its case; made where there is none.
    fn team_named(
        &self,
        teams: &mut Vec<Team>,
        name: Option<&str>,
        changes: &mut Vec<Change>,
    ) -> Option<TeamId> {
        let name = name?;
        let same = |team: &&Team| team.name.to_lowercase() == name.to_lowercase();
        if let Some(team) = teams.iter().find(same) {
            return Some(team.id);
        }
        let team = Team { id: TeamId(self.fresh_id()), name: name.to_owned(), manager: None, calendar: None };
        changes.push(Change::PutTeam(team.clone()));
        teams.push(team);
        teams.last().map(|team| team.id)
    }
}

/// The lines that say something, with their numbers: neither blank, nor a remark, nor the names of the columns.
fn numbered(text: &str) -> Result<Vec<(usize, &str)>, AppError> {
    if text.len() > MOST_BYTES {
        return Err(AppError::invalid("lines", format!("are more than {MOST_BYTES} bytes")));
    }
    let says = |line: &&str| !line.is_empty() && !line.starts_with('#');
    let mut lines: Vec<(usize, &str)> =
        text.lines().map(str::trim).enumerate().map(|(at, line)| (at + 1, line)).collect();
    lines.retain(|(_, line)| says(line));
    if lines.first().is_some_and(|(_, line)| is_head(line)) {
        lines.remove(0);
    }
    match lines.len() {
        0 => Err(AppError::invalid("lines", "must hold at least one line")),
        many if many > MOST_LINES => {
            Err(AppError::invalid("lines", format!("are more than {MOST_LINES}; paste the rest afterwards")))
        }
        _ => Ok(lines),
    }
}

fn is_head(line: &str) -> bool {
    let second = parts(line).get(1).map(|part| part.to_lowercase());
    second.is_some_and(|part| matches!(part.as_str(), "mail" | "email" | "e-mail" | "mail address"))
}

/// A line's parts: what is copied from a sheet is parted by tabs, what is typed by commas or semicolons.
fn parts(line: &str) -> Vec<&str> {
    let by = ['\t', ';', ','].into_iter().find(|by| line.contains(*by)).unwrap_or(',');
    line.split(by).map(|part| part.trim().trim_matches('"').trim()).collect()
}

fn read(text: &str) -> Result<Read, Fault> {
    let parts = parts(text);
    let (name, email, roles, team) = match parts.as_slice() {
        [name, email, roles] => (name, email, roles, None),
        [name, email, roles, team] => (name, email, roles, Some(*team).filter(|team| !team.is_empty())),
        _ => return Err(Fault::Parts),
    };
    let name = line("name", name, 200).map_err(faulty)?;
    let email = mail_address(email).map_err(faulty)?;
    let team = team.map(|team| line("team", team, 100)).transpose().map_err(faulty)?;
    let mut grants = BTreeSet::new();
    for name in roles.split(['/', '+', '&', '|']).map(str::trim).filter(|name| !name.is_empty()) {
        let role = role(name).ok_or_else(|| Fault::Role { name: name.chars().take(60).collect() })?;
        grants.insert(Grant { role, scope: access::reaches_at_most(role) });
    }
    if grants.is_empty() {
        return Err(Fault::Role { name: String::new() });
    }
    Ok(Read { name, email, grants, team })
}

fn faulty(why: AppError) -> Fault {
    match why {
        AppError::Invalid { field, reason } => Fault::Part { field, reason },
        other => Fault::Part { field: "line".to_owned(), reason: other.to_string() },
    }
}

/// A role by its name in data or in words, however it is written.
fn role(name: &str) -> Option<Role> {
    let plain = |name: &str| name.chars().filter(|c| c.is_alphanumeric()).collect::<String>().to_lowercase();
    let wanted = plain(name);
    let known = |role: &Role| {
        [role.name(), role.title()].into_iter().chain(also(*role)).any(|name| plain(name) == wanted)
    };
    Role::ALL.into_iter().find(known)
}

/// What else people call a role.
fn also(role: Role) -> impl Iterator<Item = &'static str> {
    let names: &[&str] = match role {
        Role::Ae => &["account executive", "sales"],
        Role::AeManager => &["sales manager"],
        Role::Se => &["solutions engineer", "sales engineer"],
        Role::DealDesk => &["deals desk"],
        Role::Csm => &["customer success manager", "customer success"],
        Role::Implementation => &["implementation"],
        Role::CsLeader => &["head of customer success", "cs manager", "cs operations"],
        Role::RevOps => &["revenue operations", "process owner"],
        Role::SalesLeader => &["head of sales", "cro"],
        Role::Admin => &["administrator"],
        Role::Product | Role::Enablement | Role::Finance | Role::Auditor => &[],
    };
    names.iter().copied()
}

#[cfg(test)]
mod tests {
    use throughline_domain::access::Scope;

    use super::*;

    #[test]
    fn what_is_copied_from_a_sheet_and_what_is_typed_are_read_alike() {
        for text in [
            "Maya Lind\tMaya@Acme.example\tAE",
            "Maya Lind, maya@acme.example, ae",
            "\"Maya Lind\"; maya@acme.example; Account Executive",
        ] {
            let read = read(text).unwrap_or_else(|fault| panic!("{text}: {fault:?}"));
            assert_eq!((read.name.as_str(), read.email.as_str()), ("Maya Lind", "maya@acme.example"));
            assert_eq!(read.grants, [Grant { role: Role::Ae, scope: Scope::Own }].into());
        }
    }

    #[test]
    fn somebody_may_have_several_roles_and_a_team() {
        let read =
            read("Ola, ola@acme.example, RevOps / admin, Operations").unwrap_or_else(|_| unreachable!());
        let roles: Vec<Role> = read.grants.iter().map(|grant| grant.role).collect();
        assert_eq!(roles, [Role::RevOps, Role::Admin]);
        assert!(read.grants.iter().all(|grant| grant.scope == Scope::Organisation));
        assert_eq!(read.team.as_deref(), Some("Operations"));
    }

    #[test]
    fn a_fault_says_what_is_wrong_with_its_line() {
        let fault = |text| read(text).err();
        assert_eq!(fault("Maya Lind maya@acme.example AE"), Some(Fault::Parts));
        assert_eq!(fault("Maya, maya@acme.example, king"), Some(Fault::Role { name: "king".to_owned() }));
        assert_eq!(fault("Maya, maya@acme.example, "), Some(Fault::Role { name: String::new() }));
        assert!(matches!(fault("Maya, maya.acme, AE"), Some(Fault::Part { field, .. }) if field == "email"));
        assert!(
            matches!(fault(", maya@acme.example, AE"), Some(Fault::Part { field, .. }) if field == "name")
        );
    }

    #[test]
    fn remarks_blank_lines_and_the_names_of_the_columns_are_passed_over_and_numbers_stay() {
        let text = "name, mail, role\n\n# sales\nMaya, maya@acme.example, AE\n";
        assert_eq!(numbered(text).unwrap_or_default(), [(4, "Maya, maya@acme.example, AE")]);
        assert!(numbered("\n# nobody\n").is_err());
        let many = "a, a@b.example, AE\n".repeat(MOST_LINES + 1);
        assert!(numbered(&many).is_err());
    }

    #[test]
    fn every_role_is_known_by_its_names() {
        for one in Role::ALL {
            assert_eq!(role(one.name()), Some(one));
            assert_eq!(role(one.title()), Some(one));
            for name in also(one) {
                assert_eq!(role(name), Some(one), "{name}");
            }
        }
    }
}
