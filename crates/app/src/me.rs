//! What people settle for themselves: where they are signed in, and the zone they read times in.

use jiff::tz::TimeZone;
use throughline_store::{Change, Session};

use crate::{App, AppError, Caller, secrets};

impl App {
    /// The caller's sessions, newest first, with whether each is the one of `secret`.
    pub async fn my_sessions(&self, caller: &Caller, secret: &str) -> Result<Vec<(Session, bool)>, AppError> {
        let me = caller.person().ok_or(AppError::NotSignedIn)?;
        let here = secrets::hash(secret);
        let sessions = self.store.sessions_of(caller.org, me).await?;
        Ok(sessions
            .into_iter()
            .map(|session| (session.secret == here, session))
            .map(|(here, session)| (session, here))
            .collect())
    }

    /// Ends one of the caller's own sessions, told by its hash.
    pub async fn end_session(&self, caller: &Caller, hash: &str) -> Result<(), AppError> {
        let me = caller.person().ok_or(AppError::NotSignedIn)?;
        let own = self.store.sessions_of(caller.org, me).await?;
        if !own.iter().any(|session| session.secret == hash) {
            return Err(AppError::NotFound("session"));
        }
        let audit = self.audit(caller, "end-session", &me.to_string(), serde_json::Value::Null);
        self.apply(caller, vec![Change::EndSession(hash.to_owned())], audit).await
    }

    /// Sets the zone the caller reads times in; none: the organisation's.
    pub async fn set_my_zone(&self, caller: &Caller, zone: Option<&str>) -> Result<(), AppError> {
        let me = caller.person().ok_or(AppError::NotSignedIn)?;
        let mut person = self.store.person(caller.org, me).await?.ok_or(AppError::NotSignedIn)?;
        if let Some(name) = zone {
            let known = name.len() <= 60 && TimeZone::get(name).is_ok();
            if !known {
                let shown: String = name.chars().take(40).collect();
                return Err(AppError::invalid(
                    "zone",
                    format!("no time zone is called `{shown}`; names look like Europe/Berlin"),
                ));
            }
        }
        person.zone = zone.map(str::to_owned);
        let anew = self.post_anew(caller.org, &person).await?;
        let audit = self.audit(caller, "set-zone", &me.to_string(), serde_json::Value::Null);
        let changes = std::iter::once(Change::PutPerson(person)).chain(anew.map(|(_, change)| change));
        self.apply(caller, changes.collect(), audit).await
    }
}
