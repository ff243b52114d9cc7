//! How somebody comes in for the first time, or again: invited, reset, and the link that sets a password once.
//!
//! The link's secret is told to whoever asked for it and kept nowhere but as a hash. The letter that says so holds no
//! secret either: whoever may read all letters must not come in as somebody else.

use std::collections::BTreeSet;

use jiff::SignedDuration;
use throughline_domain::{OrgId, PersonId, Role, access::Action};
use throughline_messages::{Kind, Written};
use throughline_store::{Change, Letter, Link, Person, PersonStatus};

use super::{NewPerson, mail_address};
use crate::{App, AppError, Caller, orgs::line, secrets};

/// How long an invitation or a reset link lives, in hours.
const LINK_HOURS: i64 = 72;

impl App {
    /// Invites a person; the answer holds the path of the one-time link. Inviting again makes a fresh link.
    pub async fn invite(&self, caller: &Caller, new: NewPerson) -> Result<(Person, String), AppError> {
        self.anew(|| self.invite_once(caller, new.clone())).await
    }

    async fn invite_once(&self, caller: &Caller, new: NewPerson) -> Result<(Person, String), AppError> {
        caller.may(Action::ManagePeople)?;
        let email = mail_address(&new.email)?;
        if new.grants.is_empty() {
            return Err(AppError::invalid("roles", "give at least one role"));
        }
        let known = self.store.people_by_email(&email).await?.into_iter().find(|(org, _)| *org == caller.org);
        let mut person = match known {
            Some((_, person)) if person.status == PersonStatus::Active => {
                return Err(AppError::Conflict(format!("{email} signs in already")));
            }
            Some((_, person)) => person,
            None => self.somebody(email.clone()),
        };
        person.name = line("name", &new.name, 200)?;
        person.grants = new.grants;
        person.team = new.team;
        person.status = PersonStatus::Invited;
        let (link, path) = self.link_for(person.id);
        let mut org = self.organisation(caller.org).await?;
        let (words, noted) = self.plain(Kind::Invitation, &org, &person.name).await?;
        let letter = self.entrance_letter(words, person.id);
        let mut changes =
            vec![Change::PutPerson(person.clone()), Change::PutLink(link), Change::Deliver(letter)];
        changes.extend(noted);
        // The first person who owns the process answers for everybody not yet mapped.
        if org.process_owner.is_none() && person.grants.iter().any(|grant| grant.role == Role::RevOps) {
            org.process_owner = Some(person.id);
            self.mark_anew(&mut org);
            changes.push(Change::PutOrg(org));
        } else if person.team.is_some() {
            changes.extend(self.team_changed(caller.org).await?);
        }
        let audit = self.audit(caller, "invite-person", &person.id.to_string(), serde_json::Value::Null);
        self.apply(caller, changes, audit).await?;
        Ok((person, path))
    }

    /// Somebody nobody here knows yet, by their address.
    pub(super) fn somebody(&self, email: String) -> Person {
        Person {
            id: PersonId(self.fresh_id()),
            name: String::new(),
            email: Some(email),
            grants: BTreeSet::new(),
            team: None,
            status: PersonStatus::Invited,
            zone: None,
            password: None,
            aliases: BTreeSet::new(),
            mapped_to: None,
            notify: Default::default(),
            away: Default::default(),
            created_at: self.now(),
        }
    }

    /// A fresh link for somebody who forgot their password. Their sessions end.
    pub async fn reset_password(&self, caller: &Caller, id: PersonId) -> Result<String, AppError> {
        caller.may(Action::ManagePeople)?;
        let mut person = self.person(caller, id).await?;
        if !person.status.signs_in() {
            return Err(AppError::Conflict(format!("{} cannot sign in; invite them first", person.name)));
        }
        person.password = None;
        person.status = PersonStatus::Invited;
        let (link, path) = self.link_for(id);
        let org = self.organisation(caller.org).await?;
        let (words, noted) = self.plain(Kind::Reset, &org, &person.name).await?;
        let letter = self.entrance_letter(words, id);
        let mut changes = vec![
            Change::PutPerson(person),
            Change::PutLink(link),
            Change::EndSessionsOf(id),
            Change::Deliver(letter),
        ];
        changes.extend(noted);
        let audit = self.audit(caller, "reset-password", &id.to_string(), serde_json::Value::Null);
        self.apply(caller, changes, audit).await?;
        Ok(path)
    }

    pub(super) fn link_for(&self, person: PersonId) -> (Link, String) {
        let secret = secrets::secret("");
        let expires_at = self.now() + SignedDuration::from_hours(LINK_HOURS);
        let link = Link { secret: secrets::hash(&secret), person: Some(person), expires_at };
        (link, format!("/welcome?key={secret}"))
    }

    pub(super) fn entrance_letter(&self, words: Written, to: PersonId) -> Letter {
        Letter {
            id: self.fresh_id(),
            outbox: None,
            to: Some(to),
            handoff: None,
            follows: None,
            subject: words.subject.as_str().to_owned(),
            body: words.text,
            topic: None,
            link: Some("/sign-in".to_owned()),
            at: self.now(),
            read_at: None,
        }
    }

    /// Who a welcome link is for, while it is good.
    pub async fn welcomed(&self, secret: &str) -> Result<Person, AppError> {
        let (org, link) = self.store.link(&secrets::hash(secret)).await?.ok_or(AppError::NotFound("link"))?;
        let id = link.person.filter(|_| link.expires_at > self.now()).ok_or(AppError::NotFound("link"))?;
        self.store.person(org, id).await?.ok_or(AppError::NotFound("link"))
    }

    /// Uses a welcome link: sets the password, once.
    pub async fn welcome(&self, secret: &str, password: String) -> Result<(OrgId, PersonId), AppError> {
        let hashed = secrets::hash(secret);
        let (org, link) = self.store.link(&hashed).await?.ok_or(AppError::NotFound("link"))?;
        let mut person = self.welcomed(secret).await?;
        if person.status == PersonStatus::Deactivated {
            return Err(AppError::NotFound("link"));
        }
        person.password = Some(secrets::hash_password(password).await?);
        person.status = PersonStatus::Active;
        let id = person.id;
        debug_assert_eq!(link.person, Some(id));
        let audit =
            self.audit(&Caller::system(org), "set-password", &id.to_string(), serde_json::Value::Null);
        let changes = vec![Change::UseLink(hashed), Change::PutPerson(person), Change::EndSessionsOf(id)];
        self.store.apply(org, changes, audit).await?;
        Ok((org, id))
    }
}
