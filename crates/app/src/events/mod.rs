//! What other systems tell by themselves: checked, kept as it came, answered, and only then understood.
//!
//! An event is believed when its source signed it; it is kept under the id the source gave it, once, before anybody
//! reads it, so that what we cannot do now or do not understand yet is not lost. A sweep makes of it what a request
//! would have made. Absent on purpose: any order. Events come twice, late and mixed up; what they tell bears its time.

mod sweep;
mod translate;

use throughline_connect::signature;
use throughline_domain::{OrgId, access::Action};
use throughline_store::{Change, EventPlace, EventRow, EventSeen, Org, ports::ApplyError};

pub use sweep::BATCH;
pub(crate) use sweep::{TRIES, wait_after};
pub use throughline_connect::signature::Claims;
pub use translate::{EventBody, EventData};

/// The headers an event is signed with.
pub mod header {
    pub use throughline_connect::signature::{ID, SIGNATURE, TIMESTAMP};
}

use crate::{App, AppError, Caller};

/// The largest event taken, in bytes.
pub const LARGEST_EVENT: usize = 256 * 1024;

/// An event as it arrives: whose it says it is.
#[derive(Debug, Clone, Copy)]
pub struct Arrival<'a> {
    /// The organisation it is for, by slug; may be left out where there is only one.
    pub org: Option<&'a str>,
    /// The source it says it is from.
    pub source: &'a str,
    /// What it says of itself.
    pub claims: Claims<'a>,
}

/// An event whose signature is good.
#[derive(Debug)]
pub struct Believed {
    caller: Caller,
    row: EventRow,
}

/// Whether an event is new.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Received {
    /// It was kept.
    New,
    /// It was here already.
    Again,
}

/// Why an event was not believed.
#[derive(Debug, thiserror::Error)]
pub enum NotBelieved {
    /// There is no such source, or it did not sign this, or not lately. Which of them is for the log.
    #[error("the signature is not good")]
    Signature,
    /// Nobody says for which organisation it is.
    #[error("this server holds several organisations: add ?org= with the slug of one")]
    WhichOrganisation,
    /// It could not be checked.
    #[error(transparent)]
    App(#[from] AppError),
}

impl Believed {
    /// What counts its source's events, for limits.
    pub fn counted_as(&self) -> (OrgId, &str) {
        (self.caller.org, &self.row.source)
    }
}

impl App {
    /// Checks who signed an event.
    ///
    /// # Errors
    /// [`NotBelieved::Signature`] for every reason that concerns the sender; the log tells them apart.
    pub async fn believe_event(&self, arrival: Arrival<'_>, body: &[u8]) -> Result<Believed, NotBelieved> {
        let Arrival { org, source: name, claims } = arrival;
        let org = self.organisation_of(org).await?;
        let source = org.as_ref().and_then(|org| org.event_sources.get(name));
        let of = org.as_ref().map_or(OrgId(uuid::Uuid::nil()), |org| org.id);
        let now = self.now();
        let checked = signature::verify(&self.good_keys(of, name, source), claims, body, now);
        let refused = |why: &dyn std::fmt::Display| {
            let known = source.is_some();
            tracing::warn!(source = ?shortened(name, 40), known, %why, "an event was not believed");
            NotBelieved::Signature
        };
        match (source, checked) {
            (Some(source), Ok(id)) => Ok(Believed {
                caller: Caller::source(of, source),
                row: EventRow {
                    source: name.to_owned(),
                    id: id.to_owned(),
                    received_at: now,
                    tries: 0,
                    body: body.to_owned(),
                },
            }),
            (Some(_), Err(_)) if !self.takes_events() => {
                Err(refused(&"this server has no key; see --key-file"))
            }
            (Some(_), Err(why)) => Err(refused(&why)),
            (None, _) => Err(refused(&"there is no such source")),
        }
    }

    async fn organisation_of(&self, slug: Option<&str>) -> Result<Option<Org>, NotBelieved> {
        let orgs = self.store.orgs().await.map_err(AppError::from)?;
        let mut orgs: Vec<Org> = orgs.into_iter().filter(|org| org.sample_of.is_none()).collect();
        match slug {
            Some(slug) => Ok(orgs.into_iter().find(|org| org.slug == slug)),
            None if orgs.len() > 1 => Err(NotBelieved::WhichOrganisation),
            None => Ok(orgs.pop()),
        }
    }

    /// Keeps an event. Once this is answered it is not lost, and it is acted on once however often it comes.
    pub async fn receive_event(&self, event: Believed) -> Result<Received, AppError> {
        let Believed { caller, row } = event;
        let audit = self.audit(&caller, "receive-event", &subject(&row), serde_json::Value::Null);
        match self.store.apply(caller.org, vec![Change::Receive(row)], audit).await {
            Ok(()) => Ok(Received::New),
            Err(ApplyError::Conflict(_)) => Ok(Received::Again),
            Err(other) => Err(other.into()),
        }
    }

    /// A page of the events received, newest first; `before` is the place of the last one seen.
    pub async fn events(
        &self,
        caller: &Caller,
        before: Option<EventPlace>,
        limit: u32,
    ) -> Result<Vec<EventSeen>, AppError> {
        caller.may(Action::ManageSettings)?;
        Ok(self.store.events(caller.org, before, limit.clamp(1, 200)).await?)
    }
}

/// How the audit log names an event.
fn subject(row: &EventRow) -> String {
    format!("{}:{}", row.source, row.id)
}

/// A text of somebody else's, safe to show and not too long.
fn shortened(text: &str, most: usize) -> String {
    let mut short: String = text.chars().filter(|c| !c.is_control()).take(most).collect();
    if text.chars().nth(most).is_some() {
        short.push('…');
    }
    short
}
