//! People: invited, signed in, reset, mapped from a CRM's owners, moved, and leaving only with a successor.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use throughline_domain::{
    HandoffId, OrgId, PersonId, Personal, Role, TeamId,
    access::{Action, Grant},
    handoff::{Life, command},
};
use throughline_store::{
    Change, HandoffFilter, HandoffQuery, HandoffRow, Link, Person, PersonStatus, Reach, Session, Sort, Team,
};

use crate::{App, AppError, Caller, HandleOptions, orgs::line, secrets};

/// How long an invitation or a reset link lives, in hours.
const LINK_HOURS: i64 = 72;
/// Sessions end after this long without use (reliability §5, 7.3.1).
pub const IDLE_HOURS: i64 = 8;
/// And after this long in any case.
pub const SESSION_HOURS: i64 = 24;

/// A person as asked for.
#[derive(Debug, Clone)]
pub struct NewPerson {
    /// Their name.
    pub name: String,
    /// Their mail address.
    pub email: String,
    /// What they may do.
    pub grants: BTreeSet<Grant>,
    /// Their team.
    pub team: Option<TeamId>,
}

impl App {
    /// Invites a person; the answer holds the path of the one-time link. Inviting again makes a fresh link.
    pub async fn invite(&self, caller: &Caller, new: NewPerson) -> Result<(Person, String), AppError> {
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
            None => Person {
                id: PersonId(self.fresh_id()),
                name: String::new(),
                email: Some(email.clone()),
                grants: BTreeSet::new(),
                team: None,
                status: PersonStatus::Invited,
                zone: None,
                password: None,
                aliases: BTreeSet::new(),
                mapped_to: None,
                created_at: self.now(),
            },
        };
        person.name = line("name", &new.name, 200)?;
        person.grants = new.grants;
        person.team = new.team;
        person.status = PersonStatus::Invited;
        let (link, path) = self.link_for(person.id);
        let mut changes = vec![Change::PutPerson(person.clone()), Change::PutLink(link)];
        // The first person who owns the process answers for everybody not yet mapped.
        let mut org = self.organisation(caller.org).await?;
        if org.process_owner.is_none() && person.grants.iter().any(|grant| grant.role == Role::RevOps) {
            org.process_owner = Some(person.id);
            changes.push(Change::PutOrg(org));
        }
        let audit = self.audit(caller, "invite-person", &person.id.to_string(), serde_json::Value::Null);
        self.store.apply(caller.org, changes, audit).await?;
        Ok((person, path))
    }

    /// A fresh link for somebody who forgot their password. Their sessions end.
    pub async fn reset_password(&self, caller: &Caller, id: PersonId) -> Result<String, AppError> {
        caller.may(Action::ManagePeople)?;
        let mut person = self.person(caller, id).await?;
        if matches!(person.status, PersonStatus::Deactivated | PersonStatus::NotInvited) {
            return Err(AppError::Conflict(format!("{} cannot sign in; invite them first", person.name)));
        }
        person.password = None;
        person.status = PersonStatus::Invited;
        let (link, path) = self.link_for(id);
        let changes = vec![Change::PutPerson(person), Change::PutLink(link), Change::EndSessionsOf(id)];
        let audit = self.audit(caller, "reset-password", &id.to_string(), serde_json::Value::Null);
        self.store.apply(caller.org, changes, audit).await?;
        Ok(path)
    }

    fn link_for(&self, person: PersonId) -> (Link, String) {
        let secret = secrets::secret("");
        let expires_at = self.now() + SignedDuration::from_hours(LINK_HOURS);
        let link = Link { secret: secrets::hash(&secret), person: Some(person), expires_at };
        (link, format!("/welcome?key={secret}"))
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

    /// Signs somebody in: the secret of a new session, or the same refusal for unknown mail and wrong password.
    pub async fn sign_in(
        &self,
        email: &str,
        password: String,
        agent: &str,
    ) -> Result<(OrgId, PersonId, String), AppError> {
        let email = email.trim().to_lowercase();
        let found = self.store.people_by_email(&email).await?;
        let (org, person) = match found.into_iter().find(|(_, person)| person.status == PersonStatus::Active)
        {
            Some((org, person)) => (Some(org), Some(person)),
            None => (None, None),
        };
        let kept = person.as_ref().and_then(|person| person.password.clone());
        let fits = secrets::check_password(password, kept).await?;
        match (org, person) {
            (Some(org), Some(person)) if fits => {
                let secret = self.open_session(org, person.id, agent).await?;
                Ok((org, person.id, secret))
            }
            _ => Err(AppError::NotSignedIn),
        }
    }

    /// Opens a session; the answer is the cookie's secret.
    pub async fn open_session(&self, org: OrgId, person: PersonId, agent: &str) -> Result<String, AppError> {
        let secret = secrets::secret("");
        let now = self.now();
        let session = Session {
            secret: secrets::hash(&secret),
            person,
            created_at: now,
            seen_at: now,
            agent: agent.chars().filter(|c| !c.is_control()).take(120).collect(),
        };
        let caller =
            Caller { actor: throughline_domain::Actor::Person { id: person }, ..Caller::system(org) };
        let audit = self.audit(&caller, "sign-in", &person.to_string(), serde_json::Value::Null);
        self.store.apply(org, vec![Change::PutSession(session)], audit).await?;
        Ok(secret)
    }

    /// The caller behind a session cookie, with the person.
    pub async fn session_caller(&self, secret: &str) -> Result<(Caller, Person), AppError> {
        if secret.len() > 200 {
            return Err(AppError::NotSignedIn);
        }
        let (org, mut session) =
            self.store.session(&secrets::hash(secret)).await?.ok_or(AppError::NotSignedIn)?;
        let now = self.now();
        let over = |since: Timestamp, hours| now.duration_since(since) > SignedDuration::from_hours(hours);
        if over(session.created_at, SESSION_HOURS) || over(session.seen_at, IDLE_HOURS) {
            return Err(AppError::NotSignedIn);
        }
        let caller = self.caller(org, session.person).await?;
        let person = self.store.person(org, session.person).await?.ok_or(AppError::NotSignedIn)?;
        // Noting the use of a session on every request would turn each read into a write.
        if now.duration_since(session.seen_at) > SignedDuration::from_mins(5) {
            session.seen_at = now;
            let audit =
                self.audit(&caller, "use-session", &session.person.to_string(), serde_json::Value::Null);
            self.store.apply(org, vec![Change::PutSession(session)], audit).await?;
        }
        Ok((caller, person))
    }

    /// Ends a session.
    pub async fn sign_out(&self, caller: &Caller, secret: &str) -> Result<(), AppError> {
        let subject = caller.person().map(|id| id.to_string()).unwrap_or_default();
        let audit = self.audit(caller, "sign-out", &subject, serde_json::Value::Null);
        Ok(self.store.apply(caller.org, vec![Change::EndSession(secrets::hash(secret))], audit).await?)
    }

    /// One person.
    pub async fn person(&self, caller: &Caller, id: PersonId) -> Result<Person, AppError> {
        caller.may(Action::ReadPeople)?;
        self.store.person(caller.org, id).await?.ok_or(AppError::NotFound("person"))
    }

    /// Changes name, roles and team of a person.
    pub async fn change_person(
        &self,
        caller: &Caller,
        id: PersonId,
        new: NewPerson,
    ) -> Result<Person, AppError> {
        caller.may(Action::ManagePeople)?;
        let mut person = self.person(caller, id).await?;
        person.name = line("name", &new.name, 200)?;
        person.email =
            if new.email.trim().is_empty() { person.email } else { Some(mail_address(&new.email)?) };
        if person.status != PersonStatus::NotInvited && new.grants.is_empty() {
            return Err(AppError::invalid("roles", "give at least one role, or deactivate them"));
        }
        person.grants = new.grants;
        person.team = new.team;
        let detail = serde_json::json!({ "grants": person.grants, "team": person.team });
        let audit = self.audit(caller, "change-person", &id.to_string(), detail);
        self.store.apply(caller.org, vec![Change::PutPerson(person.clone())], audit).await?;
        Ok(person)
    }

    /// Makes or changes a team.
    pub async fn put_team(
        &self,
        caller: &Caller,
        id: Option<TeamId>,
        name: &str,
        manager: Option<PersonId>,
    ) -> Result<Team, AppError> {
        caller.may(Action::ManagePeople)?;
        let name = line("name", name, 100)?;
        if let Some(id) = id {
            self.store.team(caller.org, id).await?.ok_or(AppError::NotFound("team"))?;
        }
        if let Some(manager) = manager {
            self.person(caller, manager).await?;
        }
        let team = Team { id: id.unwrap_or_else(|| TeamId(self.fresh_id())), name, manager };
        let audit = self.audit(caller, "put-team", &team.id.to_string(), serde_json::Value::Null);
        self.store.apply(caller.org, vec![Change::PutTeam(team.clone())], audit).await?;
        Ok(team)
    }

    /// Says who an imported owner really is: aliases and seats go over (R0.7, import).
    pub async fn map_person(&self, caller: &Caller, from: PersonId, to: PersonId) -> Result<u32, AppError> {
        caller.may(Action::ManagePeople)?;
        let mut stub = self.person(caller, from).await?;
        let mut real = self.person(caller, to).await?;
        if stub.status != PersonStatus::NotInvited {
            return Err(AppError::Conflict(format!("{} is no owner from an import", stub.name)));
        }
        if from == to || matches!(real.status, PersonStatus::NotInvited | PersonStatus::Deactivated) {
            return Err(AppError::invalid("to", "must be somebody who can sign in"));
        }
        real.aliases.append(&mut stub.aliases);
        stub.mapped_to = Some(to);
        let audit = self.audit(caller, "map-person", &from.to_string(), serde_json::json!({ "to": to }));
        self.store.apply(caller.org, vec![Change::PutPerson(stub), Change::PutPerson(real)], audit).await?;
        self.move_seats(caller, from, to, "mapped to the person behind the CRM owner", false).await
    }

    /// Handoffs on which somebody has open duties.
    pub async fn duties(
        &self,
        caller: &Caller,
        id: PersonId,
        limit: u32,
    ) -> Result<Vec<HandoffRow>, AppError> {
        caller.may(Action::ReadPeople)?;
        let filter = HandoffFilter {
            part: Some(id),
            life: BTreeSet::from(["live".to_owned()]),
            ..HandoffFilter::default()
        };
        let query = HandoffQuery { reach: Reach::Organisation, filter, sort: Sort::Due, after: None, limit };
        Ok(self.store.list(caller.org, &query).await?.rows)
    }

    /// Moves every live seat of one person to another. Returns how many handoffs changed.
    pub async fn reassign(
        &self,
        caller: &Caller,
        from: PersonId,
        to: PersonId,
        reason: &str,
    ) -> Result<u32, AppError> {
        caller.may(Action::ManagePeople)?;
        let successor = self.person(caller, to).await?;
        if successor.status != PersonStatus::Active && successor.status != PersonStatus::Invited {
            return Err(AppError::invalid("to", "must be somebody who can sign in"));
        }
        Personal::parse(reason).map_err(|why| AppError::invalid("reason", why.to_string()))?;
        self.move_seats(caller, from, to, reason, true).await
    }

    async fn move_seats(
        &self,
        caller: &Caller,
        from: PersonId,
        to: PersonId,
        reason: &str,
        csm_too: bool,
    ) -> Result<u32, AppError> {
        let trusted = Caller::system_for(caller);
        let mut moved = 0;
        let mut after = None;
        loop {
            let filter = HandoffFilter { part: Some(from), ..HandoffFilter::default() };
            let query =
                HandoffQuery { reach: Reach::Organisation, filter, sort: Sort::Account, after, limit: 200 };
            let page = self.store.list(caller.org, &query).await?;
            for row in page.rows {
                moved += u32::from(self.move_seat(&trusted, row.id, from, to, reason, csm_too).await?);
            }
            after = page.next;
            if after.is_none() {
                return Ok(moved);
            }
        }
    }

    async fn move_seat(
        &self,
        trusted: &Caller,
        id: HandoffId,
        from: PersonId,
        to: PersonId,
        reason: &str,
        csm_too: bool,
    ) -> Result<bool, AppError> {
        let loaded = self.load(trusted.org, id).await?;
        if !loaded.handoff.life.takes_reports() {
            return Ok(false);
        }
        let reason = Personal::parse(reason).ok();
        let mut changed = false;
        for (role, seat) in loaded.handoff.seats.clone() {
            let holds = seat.person == from || seat.contributors.contains(&from);
            if !holds {
                continue;
            }
            let person = if seat.person == from { to } else { seat.person };
            let contributors =
                seat.contributors.into_iter().map(|one| if one == from { to } else { one }).collect();
            let command = command::SetSeat { role, person, contributors, reason: reason.clone() };
            changed |= self.handle(trusted, id, command, HandleOptions::default()).await?.changed;
        }
        let nominated = loaded.handoff.nominated.as_ref().is_some_and(|nominated| nominated.csm == from);
        if csm_too
            && nominated
            && loaded.handoff.life == Life::Live
            && loaded.handoff.stage == throughline_domain::handoff::Stage::Preparing
        {
            changed |= self
                .handle(trusted, id, command::Nominate { csm: to }, HandleOptions::default())
                .await?
                .changed;
        }
        Ok(changed)
    }

    /// Deactivates somebody. Whoever has open duties leaves only with a successor (R0.7).
    pub async fn deactivate(
        &self,
        caller: &Caller,
        id: PersonId,
        successor: Option<PersonId>,
    ) -> Result<u32, AppError> {
        caller.may(Action::ManagePeople)?;
        let mut person = self.person(caller, id).await?;
        if caller.person() == Some(id) {
            return Err(AppError::Conflict("nobody deactivates themselves".into()));
        }
        let org = self.organisation(caller.org).await?;
        let mut moved = 0;
        match successor {
            Some(to) if to != id => {
                moved = self.reassign(caller, id, to, &format!("{} left", person.name)).await?
            }
            _ => {}
        }
        let left = self.open_duties(caller, id).await?;
        if let Some(first) = left.first() {
            let which = format!("{} ({} open, first: {})", person.name, left.len(), first);
            return Err(AppError::Conflict(format!(
                "{which} has duties nobody has taken over; name a successor, or let their offers be answered first"
            )));
        }
        if org.process_owner == Some(id) {
            return Err(AppError::Conflict(
                "they own the process; choose another process owner first".into(),
            ));
        }
        person.status = PersonStatus::Deactivated;
        person.password = None;
        let audit = self.audit(
            caller,
            "deactivate-person",
            &id.to_string(),
            serde_json::json!({ "successor": successor }),
        );
        self.store
            .apply(caller.org, vec![Change::PutPerson(person), Change::EndSessionsOf(id)], audit)
            .await?;
        Ok(moved)
    }

    async fn open_duties(&self, caller: &Caller, id: PersonId) -> Result<Vec<String>, AppError> {
        let mut open = Vec::new();
        for row in self.duties(caller, id, 200).await? {
            let handoff = self.load(caller.org, row.id).await?.handoff;
            let seated = handoff.seats.values().any(|seat| seat.person == id && !seat.unmapped);
            if seated || handoff.csm() == Some(id) || handoff.answerable() == id {
                open.push(row.account);
            }
        }
        Ok(open)
    }
}

/// A mail address, lower-case, shaped enough to send to.
pub fn mail_address(text: &str) -> Result<String, AppError> {
    let email = text.trim().to_lowercase();
    let shaped = email.len() <= 254
        && email.split_once('@').is_some_and(|(local, domain)| {
            !local.is_empty() && domain.contains('.') && !domain.starts_with('.') && !domain.ends_with('.')
        })
        && !email.contains(|c: char| {
            c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | ',' | ';' | '"')
        });
    if shaped {
        Ok(email)
    } else {
        Err(AppError::invalid(
            "email",
            format!("`{}` is no mail address", email.chars().take(60).collect::<String>()),
        ))
    }
}
