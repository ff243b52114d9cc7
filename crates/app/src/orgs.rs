//! Organisations and their settings; the first set-up.

use std::collections::BTreeSet;

use jiff::civil::Date;
use throughline_domain::{
    OrgId, PersonId, Role,
    access::{Action, Grant, Scope},
    calendar::Calendar,
    gate::Mode,
};
use throughline_store::{Change, Link, Org, Person, PersonStatus};

use crate::{App, AppError, Caller, people::mail_address, secrets};

/// How long a set-up link lives, in hours.
const SETUP_HOURS: i64 = 24;

/// Settings a person can change; what is `None` stays.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// Only at this version (If-Match).
    pub if_version: Option<u64>,
    /// The name.
    pub name: Option<String>,
    /// How far gates enforce.
    pub mode: Option<Mode>,
    /// The calendar.
    pub calendar: Option<Calendar>,
    /// The go-live date.
    pub go_live_on: Option<Date>,
    /// The playbook new handoffs start with.
    pub playbook: Option<String>,
    /// The process owner.
    pub process_owner: Option<PersonId>,
}

impl App {
    /// One organisation.
    pub async fn organisation(&self, id: OrgId) -> Result<Org, AppError> {
        self.store.org(id).await?.ok_or(AppError::NotFound("organisation"))
    }

    /// An organisation by its slug.
    pub async fn org_by_slug(&self, slug: &str) -> Result<Org, AppError> {
        self.store
            .orgs()
            .await?
            .into_iter()
            .find(|org| org.slug == slug)
            .ok_or(AppError::NotFound("organisation"))
    }

    /// Makes an organisation with the shipped playbooks, live from today on: what closed before is history (R0.9).
    /// Nobody can sign in yet.
    pub async fn create_org(&self, slug: &str, name: &str, calendar: Calendar) -> Result<Org, AppError> {
        let shaped = (1..=60).contains(&slug.len())
            && slug.starts_with(|c: char| c.is_ascii_lowercase())
            && slug.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
        if !shaped {
            return Err(AppError::invalid(
                "slug",
                "is lower-case letters, digits and -, starting with a letter, at most 60",
            ));
        }
        let name = line("name", name, 200)?;
        let org = self.new_org(slug.to_owned(), name, calendar);
        let mut changes = vec![Change::PutOrg(org.clone())];
        changes.extend(self.shipped_playbooks());
        let caller = Caller::system(org.id);
        let audit = self.audit(&caller, "create-org", slug, serde_json::Value::Null);
        self.store.apply(org.id, changes, audit).await?;
        Ok(org)
    }

    /// An organisation as it is made.
    pub(crate) fn new_org(&self, slug: String, name: String, calendar: Calendar) -> Org {
        Org {
            id: OrgId(self.fresh_id()),
            version: 1,
            slug,
            name,
            mode: Mode::default(),
            go_live_on: Some(calendar.local_date(self.now())),
            calendar,
            event_sources: Default::default(),
            team_calendars: None,
            playbook: "default".to_owned(),
            process_owner: None,
            sample_of: None,
            created_at: self.now(),
        }
    }

    /// Changes settings: those of one version, or whatever they are by now.
    ///
    /// # Errors
    /// [`AppError::Stale`] when a version was named and is not the one that is there.
    pub async fn change_settings(&self, caller: &Caller, settings: Settings) -> Result<Org, AppError> {
        match settings.if_version {
            Some(_) => self.put_settings(caller, settings).await,
            None => self.anew(|| self.put_settings(caller, settings.clone())).await,
        }
    }

    async fn put_settings(&self, caller: &Caller, settings: Settings) -> Result<Org, AppError> {
        caller.may(Action::ManageSettings)?;
        let mut org = self.organisation(caller.org).await?;
        if settings.if_version.is_some_and(|wanted| wanted != org.version) {
            return Err(AppError::Stale { current: org.version });
        }
        if let Some(playbook) = settings.playbook {
            self.newest_playbook(org.id, &playbook).await?;
            org.playbook = playbook;
        }
        if let Some(id) = settings.process_owner {
            let person = self.store.person(org.id, id).await?.ok_or(AppError::NotFound("person"))?;
            if !person.status.signs_in() {
                return Err(AppError::invalid("process_owner", "must be somebody who can sign in"));
            }
            org.process_owner = Some(id);
        }
        if let Some(name) = settings.name {
            org.name = line("name", &name, 200)?;
        }
        org.mode = settings.mode.unwrap_or(org.mode);
        let calendar = settings.calendar.filter(|calendar| *calendar != org.calendar);
        let recalendared = calendar.is_some();
        org.calendar = calendar.unwrap_or(org.calendar);
        self.mark_anew(&mut org);
        org.go_live_on = settings.go_live_on.or(org.go_live_on);
        let detail =
            serde_json::json!({ "mode": org.mode, "playbook": org.playbook, "go_live_on": org.go_live_on });
        let audit = self.audit(caller, "change-settings", &org.slug, detail);
        let mut changes = vec![Change::PutOrg(org.clone())];
        if recalendared {
            changes.push(Change::LookAgain);
        }
        self.apply(caller, changes, audit).await?;
        Ok(org)
    }

    /// On a database without anybody who can sign in: a one-time link to set the first person up. Returns the
    /// path; none when somebody can sign in already.
    pub async fn setup_link(&self) -> Result<Option<String>, AppError> {
        let mut orgs = self.store.orgs().await?.into_iter();
        let org = match orgs.find(|org| org.sample_of.is_none()) {
            Some(org) => org,
            None => self.create_org("main", "My company", default_calendar()?).await?,
        };
        let somebody = self.store.people(org.id, None, None, 200).await?.rows;
        if somebody.iter().any(|person| person.status == PersonStatus::Active) {
            return Ok(None);
        }
        let secret = secrets::secret("");
        let link = Link {
            secret: secrets::hash(&secret),
            person: None,
            expires_at: self.now() + jiff::SignedDuration::from_hours(SETUP_HOURS),
        };
        let audit =
            self.audit(&Caller::system(org.id), "make-setup-link", &org.slug, serde_json::Value::Null);
        self.store.apply(org.id, vec![Change::PutLink(link)], audit).await?;
        Ok(Some(format!("/setup?key={secret}")))
    }

    /// Uses a set-up link: names the organisation and makes its first person, who runs everything at first.
    pub async fn set_up(
        &self,
        secret: &str,
        company: &str,
        zone: &str,
        name: &str,
        email: &str,
        password: String,
    ) -> Result<(OrgId, PersonId), AppError> {
        let secret = secrets::hash(secret);
        let (org, link) = self.store.link(&secret).await?.ok_or(AppError::NotFound("link"))?;
        if link.person.is_some() || link.expires_at <= self.now() {
            return Err(AppError::NotFound("link"));
        }
        let mut org = self.organisation(org).await?;
        let all = |role| Grant { role, scope: Scope::Organisation };
        let person = Person {
            id: PersonId(self.fresh_id()),
            name: line("name", name, 200)?,
            email: Some(mail_address(email)?),
            grants: BTreeSet::from([all(Role::Admin), all(Role::RevOps)]),
            team: None,
            status: PersonStatus::Active,
            zone: None,
            password: Some(secrets::hash_password(password).await?),
            aliases: BTreeSet::new(),
            mapped_to: None,
            notify: Default::default(),
            away: Default::default(),
            created_at: self.now(),
        };
        org.name = line("company", company, 200)?;
        let (calendar, now) = (calendar_in(zone)?, self.now());
        // The day it was made with, unless somebody chose another meanwhile, was the day somewhere else.
        if org.go_live_on.is_none_or(|day| day == org.calendar.local_date(org.created_at)) {
            org.go_live_on = Some(calendar.local_date(now));
        }
        org.calendar = calendar;
        self.mark_anew(&mut org);
        org.process_owner = Some(person.id);
        let (id, of) = (person.id, org.id);
        let audit = self.audit(&Caller::system(of), "set-up", &id.to_string(), serde_json::Value::Null);
        let changes = vec![Change::UseLink(secret), Change::PutPerson(person), Change::PutOrg(org)];
        self.store.apply(of, changes, audit).await?;
        Ok((of, id))
    }
}

/// Monday to Friday, nine to five, in UTC: what an organisation starts with until it says otherwise.
pub fn default_calendar() -> Result<Calendar, AppError> {
    calendar_in("UTC")
}

/// Monday to Friday, nine to five, in a zone.
pub fn calendar_in(zone: &str) -> Result<Calendar, AppError> {
    let raw = serde_json::json!({
        "zone": zone, "weekend": [6, 7], "holidays": [], "hours": { "start": "09:00", "end": "17:00" },
    });
    serde_json::from_value(raw).map_err(|why| AppError::invalid("zone", why.to_string()))
}

/// A single line of text: trimmed, not blank, no controls, bounded.
pub fn line(field: &str, text: &str, most: usize) -> Result<String, AppError> {
    let text = text.trim();
    if text.is_empty() {
        return Err(AppError::invalid(field, "must not be blank"));
    }
    if text.chars().count() > most {
        return Err(AppError::invalid(field, format!("is longer than {most} characters")));
    }
    if text.chars().any(char::is_control) {
        return Err(AppError::invalid(field, "contains a control character"));
    }
    Ok(text.to_owned())
}
