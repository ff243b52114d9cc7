//! Upkeep: what has had its time is forgotten. Run now and then by whoever serves.

use jiff::SignedDuration;
use throughline_domain::OrgId;
use throughline_store::{Change, MailChange, PortalChange};

use crate::{App, AppError, Caller, people::SESSION_HOURS};

/// How long answers are remembered under their idempotency keys, in hours: a week (reliability Q12).
pub const ANSWERS_HOURS: i64 = 7 * 24;

/// How long it is remembered which events came and what became of them, in hours: a week.
pub const EVENTS_HOURS: i64 = 7 * 24;

/// How long it is remembered which mail came and what became of it, in hours: a week, as for events.
pub const MAIL_HOURS: i64 = EVENTS_HOURS;

impl App {
    /// Forgets answers, events and mail older than a week, what was awaited until then, links that have expired and
    /// sessions that have ended, the portal's too.
    pub async fn tidy(&self, org: OrgId) -> Result<(), AppError> {
        let now = self.now();
        let before = |hours| now - SignedDuration::from_hours(hours);
        let change = Change::Tidy {
            // To the instant: whose time is over just now must not keep their key from being used again.
            answers_before: before(ANSWERS_HOURS) + SignedDuration::from_millis(1),
            links_before: now,
            sessions_before: before(SESSION_HOURS),
            events_before: before(EVENTS_HOURS),
        };
        let mail =
            MailChange::Tidy { received_before: before(MAIL_HOURS), awaited_before: before(MAIL_HOURS) };
        // As long as it counts how often somebody asked, and a little longer.
        let portal = PortalChange::Tidy { asked_before: before(2), seen_before: before(SESSION_HOURS) };
        let audit = self.audit(&Caller::system(org), "tidy", "", serde_json::Value::Null);
        Ok(self.store.apply(org, vec![change, Change::Mail(mail), Change::Portal(portal)], audit).await?)
    }
}
