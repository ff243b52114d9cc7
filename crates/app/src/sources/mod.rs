//! Who may send events: sources by name, with a key each.
//!
//! A source's secret is worked out of the server's key whenever it is needed; nothing that is kept, backed up or logged
//! lets anybody sign. A source with a key pair of its own gives us the public half instead. A key changed stays good
//! for a day, so that nothing is lost on the way.

mod key;

use jiff::SignedDuration;
use throughline_connect::signature::Key;
use throughline_domain::{
    Actor, OrgId, Role, TokenId,
    access::{Action, Grant, Scope},
};
use throughline_store::{Change, EventKey, EventSource, Org};
use uuid::Uuid;

pub use key::{LONGEST_KEY, OddKey, SHORTEST_KEY, ServerKey};

use crate::{App, AppError, Caller};

/// How long the key before stays good after a change, in hours.
pub const GRACE_HOURS: i64 = 24;
/// The most sources of an organisation.
pub const MOST_SOURCES: usize = 50;
/// The longest name of a source: that of the deals it tells of.
const LONGEST_NAME: usize = 40;

/// A source just given a key.
#[derive(Debug)]
pub struct Keyed {
    /// The source.
    pub source: EventSource,
    /// The secret to sign with; none where the source signs with a key of its own.
    pub secret: Option<String>,
}

impl App {
    /// Whether this server can have event sources: it has a key.
    pub fn takes_events(&self) -> bool {
        self.key.is_some()
    }

    /// The sources of an organisation, by name.
    pub async fn event_sources(&self, caller: &Caller) -> Result<Vec<(String, EventSource)>, AppError> {
        caller.may(Action::ManageSettings)?;
        Ok(self.organisation(caller.org).await?.event_sources.into_iter().collect())
    }

    /// Adds a source. With `public_key` (`whpk_…`) it signs with the private half, which only it has.
    pub async fn add_event_source(
        &self,
        caller: &Caller,
        name: &str,
        public_key: Option<&str>,
    ) -> Result<Keyed, AppError> {
        caller.may(Action::ManageSettings)?;
        let name = named(name)?;
        let mut org = self.organisation(caller.org).await?;
        if org.event_sources.contains_key(name) {
            return Err(AppError::Conflict(format!("there is an event source {name} already")));
        }
        if org.event_sources.len() >= MOST_SOURCES {
            return Err(AppError::Conflict(format!("there are {MOST_SOURCES} event sources already")));
        }
        let now = self.now();
        let source = EventSource {
            id: self.fresh_id(),
            key: self.new_key(public_key)?,
            before: None,
            changed_at: now,
            added_at: now,
        };
        org.event_sources.insert(name.to_owned(), source.clone());
        self.keep_sources(caller, &org, "add-event-source", name).await?;
        self.keyed(org.id, name, source)
    }

    /// Gives a source a new key. The one before stays good for [`GRACE_HOURS`]; the one before that ends now.
    pub async fn rotate_event_source(
        &self,
        caller: &Caller,
        name: &str,
        public_key: Option<&str>,
    ) -> Result<Keyed, AppError> {
        caller.may(Action::ManageSettings)?;
        let mut org = self.organisation(caller.org).await?;
        let source = org.event_sources.get_mut(name).ok_or(AppError::NotFound("event source"))?;
        let key = self.new_key(public_key)?;
        if key == source.key {
            return Err(AppError::invalid("public_key", "is the key it has"));
        }
        source.before = Some(std::mem::replace(&mut source.key, key));
        source.changed_at = self.now();
        let source = source.clone();
        self.keep_sources(caller, &org, "rotate-event-source", name).await?;
        self.keyed(org.id, name, source)
    }

    /// The secret of a source, for whoever sets its other end up. Leaves a trace.
    pub async fn show_event_source(&self, caller: &Caller, name: &str) -> Result<Keyed, AppError> {
        caller.may(Action::ManageSettings)?;
        let org = self.organisation(caller.org).await?;
        let source = org.event_sources.get(name).cloned().ok_or(AppError::NotFound("event source"))?;
        let keyed = self.keyed(org.id, name, source)?;
        if keyed.secret.is_some() {
            let audit = self.audit(caller, "show-event-source", name, serde_json::Value::Null);
            self.apply(caller, Vec::new(), audit).await?;
        }
        Ok(keyed)
    }

    /// Removes a source: from now on nobody believes it, and what it sent that is not acted on yet is refused. Another
    /// of the same name later has other secrets.
    pub async fn remove_event_source(&self, caller: &Caller, name: &str) -> Result<(), AppError> {
        caller.may(Action::ManageSettings)?;
        let mut org = self.organisation(caller.org).await?;
        org.event_sources.remove(name).ok_or(AppError::NotFound("event source"))?;
        self.keep_sources(caller, &org, "remove-event-source", name).await
    }

    async fn keep_sources(
        &self,
        caller: &Caller,
        org: &Org,
        action: &str,
        name: &str,
    ) -> Result<(), AppError> {
        let kind = org.event_sources.get(name).map(|source| match source.key {
            EventKey::Secret { .. } => "secret",
            EventKey::Public { .. } => "public_key",
        });
        let audit = self.audit(caller, action, name, serde_json::json!({ "signs_with": kind }));
        let mut org = org.clone();
        self.mark_anew(&mut org);
        self.apply(caller, vec![Change::PutOrg(org)], audit).await
    }

    fn server_key(&self) -> Result<&ServerKey, AppError> {
        self.key.as_deref().ok_or_else(|| {
            AppError::Conflict(
                "this server has no key to work secrets out of; give it one with --key-file, the same on every node"
                    .to_owned(),
            )
        })
    }

    fn new_key(&self, public: Option<&str>) -> Result<EventKey, AppError> {
        // A server without a key takes no events at all, so that one thing alone turns them on.
        self.server_key()?;
        let Some(text) = public.map(str::trim) else { return Ok(EventKey::Secret { of: self.fresh_id() }) };
        match Key::parse(text) {
            Ok(Key::Public(_)) => Ok(EventKey::Public { key: text.to_owned() }),
            Ok(Key::Secret(_)) => {
                Err(AppError::invalid("public_key", "is a secret; give the whpk_ half of a key"))
            }
            Err(why) => Err(AppError::invalid("public_key", why.to_string())),
        }
    }

    fn keyed(&self, org: OrgId, name: &str, source: EventSource) -> Result<Keyed, AppError> {
        let secret = match &source.key {
            EventKey::Public { .. } => None,
            EventKey::Secret { of } => {
                let bytes = self.server_key()?.secret(org, name, *of);
                Some(Key::written(&bytes.ok_or_else(|| AppError::broken("no secret can be worked out"))?))
            }
        };
        Ok(Keyed { source, secret })
    }

    /// The keys that count now for a source; for one that is not there, a key nobody has, so that both take as long.
    pub(crate) fn good_keys(&self, org: OrgId, name: &str, source: Option<&EventSource>) -> Vec<Key> {
        let Some(server) = &self.key else { return Vec::new() };
        let Some(source) = source else { return server.key(org, name, Uuid::nil()).into_iter().collect() };
        let until = source.changed_at + SignedDuration::from_hours(GRACE_HOURS);
        let before = source.before.as_ref().filter(|_| self.now() < until);
        let read = |key: &EventKey| match key {
            EventKey::Secret { of } => server.key(org, name, *of),
            EventKey::Public { key } => Key::parse(key).ok(),
        };
        [Some(&source.key), before].into_iter().flatten().filter_map(read).collect()
    }
}

impl Caller {
    /// An event source: it may tell how deals stand, and nothing else.
    pub(crate) fn source(org: OrgId, source: &EventSource) -> Self {
        Self {
            org,
            // A program with a credential of its own, like one with a token.
            actor: Actor::Token { id: TokenId(source.id) },
            grants: vec![Grant { role: Role::RevOps, scope: Scope::Organisation }],
            actions: Some([Action::SendDeals].into()),
            team: Default::default(),
            steads: Vec::new(),
            held: None,
        }
    }
}

/// A name as the deals of a source have it too.
fn named(name: &str) -> Result<&str, AppError> {
    let name = name.trim();
    let shaped = (1..=LONGEST_NAME).contains(&name.len())
        && name
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-_".contains(&byte));
    if shaped {
        return Ok(name);
    }
    let reason = format!("is lower-case letters, digits, - and _, 1 to {LONGEST_NAME}, such as salesforce");
    Err(AppError::invalid("name", reason))
}
