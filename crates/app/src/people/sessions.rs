//! Signing in and out.

use jiff::{SignedDuration, Timestamp};
use throughline_domain::{OrgId, PersonId};
use throughline_store::{Change, Person, PersonStatus, Session};

use crate::{App, AppError, Caller, secrets};

/// Sessions end after this long without use (reliability §5, 7.3.1).
pub const IDLE_HOURS: i64 = 8;
/// And after this long in any case.
pub const SESSION_HOURS: i64 = 24;

impl App {
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
            looking_as: None,
        };
        let caller =
            Caller { actor: throughline_domain::Actor::Person { id: person }, ..Caller::system(org) };
        let audit = self.audit(&caller, "sign-in", &person.to_string(), serde_json::Value::Null);
        self.store.apply(org, vec![Change::PutSession(session)], audit).await?;
        Ok(secret)
    }

    /// The caller behind a session cookie, with the person.
    pub async fn session_caller(&self, secret: &str) -> Result<(Caller, Person), AppError> {
        let (org, session, caller, person) = self.session_of(secret).await?;
        let now = self.now();
        // Noting the use of a session on every request would turn each read into a write.
        if now.duration_since(session.seen_at) > SignedDuration::from_mins(5) {
            let whose = Caller {
                actor: throughline_domain::Actor::Person { id: session.person },
                ..Caller::system(org)
            };
            let audit =
                self.audit(&whose, "use-session", &session.person.to_string(), serde_json::Value::Null);
            let sees = Change::SeeSession { secret: session.secret, at: now };
            self.store.apply(org, vec![sees], audit).await?;
        }
        Ok((caller, person))
    }

    /// The same for what goes on by itself, such as a stream: it keeps no session in use.
    pub async fn session_watcher(&self, secret: &str) -> Result<(Caller, Person), AppError> {
        let (.., caller, person) = self.session_of(secret).await?;
        Ok((caller, person))
    }

    /// A session that stands, of which organisation it is, and who asks by it: its person, or whom of the sample they
    /// look as.
    async fn session_of(&self, secret: &str) -> Result<(OrgId, Session, Caller, Person), AppError> {
        let (org, session) = self.session_standing(secret).await?;
        if let Some(looking) = session.looking_as
            && let Some((caller, person)) = self.looking(org, looking).await?
        {
            return Ok((org, session, caller, person));
        }
        let caller = self.caller(org, session.person).await?;
        let person = self.store.person(org, session.person).await?.ok_or(AppError::NotSignedIn)?;
        Ok((org, session, caller, person))
    }

    /// A session that has not ended, with its organisation.
    pub(crate) async fn session_standing(&self, secret: &str) -> Result<(OrgId, Session), AppError> {
        if secret.len() > 200 {
            return Err(AppError::NotSignedIn);
        }
        let (org, session) =
            self.store.session(&secrets::hash(secret)).await?.ok_or(AppError::NotSignedIn)?;
        let now = self.now();
        let over = |since: Timestamp, hours| now.duration_since(since) > SignedDuration::from_hours(hours);
        if over(session.created_at, SESSION_HOURS) || over(session.seen_at, IDLE_HOURS) {
            return Err(AppError::NotSignedIn);
        }
        Ok((org, session))
    }

    /// Ends a session: where it was begun, also for who looks as somebody of the sample.
    pub async fn sign_out(&self, caller: &Caller, secret: &str) -> Result<(), AppError> {
        let hashed = secrets::hash(secret);
        let held = self.store.session(&hashed).await?;
        let (org, by) = match held {
            Some((org, session)) if org != caller.org => (
                org,
                Caller {
                    actor: throughline_domain::Actor::Person { id: session.person },
                    ..Caller::system(org)
                },
            ),
            _ => (caller.org, caller.clone()),
        };
        let subject = by.person().map(|id| id.to_string()).unwrap_or_default();
        let audit = self.audit(&by, "sign-out", &subject, serde_json::Value::Null);
        Ok(self.store.apply(org, vec![Change::EndSession(hashed)], audit).await?)
    }
}
