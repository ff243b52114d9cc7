//! Handling a command: load, check the right, decide, evolve, commit. Everything that changes a handoff goes
//! through here.

use std::sync::Arc;

use throughline_domain::{
    HandoffId, OrgId,
    access::Action,
    calendar::Calendars,
    gate::Gap,
    handoff::{self, Command, Context, Fact, Handoff, Outcome, Recorded, Refusal, command},
    playbook::{Gate, Playbook},
};
use throughline_store::{IdempotencyRow, Org};

use crate::{App, AppError, Caller, secrets, unit::Ground};

/// A handoff with what judging it needs.
#[derive(Clone)]
pub struct Loaded {
    /// The organisation.
    pub org: Org,
    /// Whose days and hours count for whom.
    pub calendars: Calendars,
    /// The state.
    pub handoff: Handoff,
    /// Its version.
    pub version: u64,
    /// The hash of its last journal row.
    pub head: String,
    /// Its playbook; none: out of scope.
    pub playbook: Option<Arc<Playbook>>,
}

/// How a command is to be handled.
#[derive(Debug, Clone, Default)]
pub struct HandleOptions {
    /// Only at this version (If-Match).
    pub if_version: Option<u64>,
    /// Remember the answer under this key, for this request.
    pub idempotency: Option<(String, String)>,
    /// Remember it for as long after this as answers are remembered; after now, when none.
    pub kept_until: Option<jiff::Timestamp>,
}

/// What came of a command.
pub struct Handled {
    /// The state after it.
    pub loaded: Loaded,
    /// Whether anything was new.
    pub changed: bool,
    /// The gate that refused, with every gap; its attempt is recorded.
    pub shut: Option<(Gate, Vec<Gap>)>,
    /// The new facts.
    pub facts: Vec<Recorded>,
}

/// What a command is decided on.
pub(crate) enum On {
    /// Nothing yet: it opens a handoff of this organisation, which hears this right after.
    Nothing(Box<(Org, Option<command::TakeNews>)>),
    /// A handoff as loaded.
    Known(Box<Loaded>),
}

/// How often a command that was overtaken is decided anew before the caller hears of it.
pub(crate) const TRIES: usize = 5;

impl App {
    /// Loads a handoff with its organisation and playbook.
    pub async fn load(&self, org: OrgId, id: HandoffId) -> Result<Loaded, AppError> {
        let org = self.organisation(org).await?;
        self.load_in(org, id).await
    }

    /// Loads a handoff of an organisation already read.
    pub(crate) async fn load_in(&self, org: Org, id: HandoffId) -> Result<Loaded, AppError> {
        let calendars = self.calendars(&org).await?;
        self.load_by(org, calendars, id).await
    }

    /// Loads a handoff of an organisation already read, by calendars already found out.
    pub(crate) async fn load_by(
        &self,
        org: Org,
        calendars: Calendars,
        id: HandoffId,
    ) -> Result<Loaded, AppError> {
        let stored = self.store.load(org.id, id).await?.ok_or(AppError::NotFound("handoff"))?;
        let handoff: Handoff = serde_json::from_str(&stored.snapshot).map_err(AppError::broken)?;
        let playbook = self.playbook_of(&org, &handoff).await?;
        Ok(Loaded { org, calendars, handoff, version: stored.version, head: stored.head, playbook })
    }

    async fn playbook_of(&self, org: &Org, handoff: &Handoff) -> Result<Option<Arc<Playbook>>, AppError> {
        match &handoff.route.playbook {
            Some(of) => Ok(Some(self.playbook(org.id, of).await?)),
            None => Ok(None),
        }
    }

    /// Handles a command on a handoff. A shut gate is an answer here, its attempt recorded; the front end makes
    /// it a 422 (R0.13).
    ///
    /// # Errors
    /// [`AppError::KeyReused`] when there is an answer under the key of the options: what was asked may be done.
    pub async fn handle(
        &self,
        caller: &Caller,
        id: HandoffId,
        command: impl Into<Command>,
        options: HandleOptions,
    ) -> Result<Handled, AppError> {
        let key = options.idempotency.as_ref().map(|(key, _)| key.clone());
        let handled = self.attempt(caller, id, command.into(), options, true).await;
        let changed = handled.as_ref().is_ok_and(|handled| handled.changed);
        match key {
            // What stands in the way may be what the same request did a moment ago, at another node.
            Some(key) if !changed && self.remembered(caller, &key).await?.is_some() => {
                Err(AppError::KeyReused)
            }
            _ => handled,
        }
    }

    /// The same for a command that names people as they are found, whatever they may do here.
    pub(crate) async fn handle_named(
        &self,
        caller: &Caller,
        id: HandoffId,
        command: impl Into<Command>,
    ) -> Result<Handled, AppError> {
        self.attempt(caller, id, command.into(), HandleOptions::default(), false).await
    }

    async fn attempt(
        &self,
        caller: &Caller,
        id: HandoffId,
        command: Command,
        options: HandleOptions,
        check_named: bool,
    ) -> Result<Handled, AppError> {
        let action =
            Action::of_verb(command.verb()).ok_or_else(|| AppError::broken("a verb without an action"))?;
        for attempt in 1.. {
            let loaded = self.load(caller.org, id).await?;
            caller.may_on(action, &loaded.handoff)?;
            if check_named {
                self.check_named(caller.org, &command).await?;
            }
            if let Some(wanted) = options.if_version.filter(|wanted| *wanted != loaded.version) {
                tracing::debug!(wanted, current = loaded.version, "stale");
                return Err(AppError::Stale { current: loaded.version });
            }
            match self.run_as(caller, action, loaded, command.clone(), &options).await {
                Err(AppError::Stale { .. }) if options.if_version.is_none() && attempt < TRIES => {}
                // Nobody named a version, so none is stale: it is a crowd, and it passes.
                Err(AppError::Stale { .. }) if options.if_version.is_none() => {
                    return Err(AppError::Unavailable("others are always faster".to_owned()));
                }
                other => return other,
            }
        }
        Err(AppError::broken("unreachable: the loop returns"))
    }

    /// Decides and commits once, for whom the caller may act: what is not one person's to do may be another's.
    async fn run_as(
        &self,
        caller: &Caller,
        action: Action,
        loaded: Loaded,
        command: Command,
        options: &HandleOptions,
    ) -> Result<Handled, AppError> {
        let id = loaded.handoff.id;
        let mut ways = caller.ways(action, &loaded.handoff);
        let last = ways.pop();
        for way in ways {
            let on = On::Known(Box::new(loaded.clone()));
            match self.run(&way, on, id, command.clone(), options).await {
                Err(AppError::Refused(Refusal::NotYours(_))) => {}
                other => return other,
            }
        }
        let last = last.ok_or(AppError::Forbidden(action))?;
        self.run(&last, On::Known(Box::new(loaded)), id, command, options).await
    }

    /// Decides and commits once.
    pub(crate) async fn run(
        &self,
        caller: &Caller,
        on: On,
        id: HandoffId,
        command: Command,
        options: &HandleOptions,
    ) -> Result<Handled, AppError> {
        let now = self.now();
        let (org, calendars, loaded, since) = match on {
            On::Nothing(opening) => {
                let (org, since) = *opening;
                let calendars = self.calendars(&org).await?;
                (org, calendars, None, since)
            }
            On::Known(loaded) => (loaded.org.clone(), loaded.calendars.clone(), Some(*loaded), None),
        };
        let playbook = match (&loaded, &command) {
            (_, Command::Reroute(body)) => self
                .route_playbook(&org, &body.route)
                .await?
                .or(loaded.as_ref().and_then(|loaded| loaded.playbook.clone())),
            (Some(loaded), _) => loaded.playbook.clone(),
            (None, Command::Open(open)) => self.route_playbook(&org, &open.route).await?,
            (None, _) => None,
        };
        let before = loaded.as_ref().map(|loaded| &loaded.handoff);
        // The context ends with the decision: it may not live across an await.
        let decided = {
            let roles = caller.roles();
            let fresh = || secrets::id_by(&*self.chance, now);
            let context = Context {
                playbook: playbook.as_deref(),
                calendars: &calendars,
                mode: org.mode,
                actor: caller.actor,
                roles: &roles,
                now,
                fresh: &fresh,
            };
            match (handoff::decide(before, &context, command)?, since) {
                (Outcome::Happened(facts), Some(since)) => and_then(facts, &context, since)?,
                (decided, _) => decided,
            }
        };
        let (facts, shut) = match decided {
            Outcome::AlreadySo => {
                let loaded = loaded.ok_or_else(|| AppError::broken("nothing was opened"))?;
                return Ok(Handled { loaded, changed: false, shut: None, facts: Vec::new() });
            }
            Outcome::Happened(facts) => (facts, None),
            Outcome::Shut { facts, gate, gaps } => (facts, Some((gate, gaps))),
        };
        let playing = playbook.as_deref();
        let ground = Ground {
            chance: &*self.chance,
            org: org.id,
            id,
            as_of: org.version,
            calendars: &calendars,
            playbook: playing,
            before: loaded,
        };
        let mut unit = ground.add(caller.actor, now, facts)?;
        unit.commit.idempotency = options.idempotency.as_ref().map(|(key, request)| IdempotencyRow {
            key: key.clone(),
            request: request.clone(),
            status: if shut.is_some() { 422 } else { 200 },
            body: unit.version.to_string(),
            at: options.kept_until.unwrap_or(now),
        });
        self.commit(caller, unit.commit).await?;
        let (handoff, version, head) = (unit.state, unit.version, unit.head);
        let loaded = Loaded { org, calendars, handoff, version, head, playbook };
        Ok(Handled { loaded, changed: true, shut, facts: unit.facts })
    }

    async fn route_playbook(
        &self,
        org: &Org,
        route: &handoff::RouteTaken,
    ) -> Result<Option<Arc<Playbook>>, AppError> {
        match &route.playbook {
            Some(of) => Ok(Some(self.playbook(org.id, of).await?)),
            None => Ok(None),
        }
    }

    /// The audit row of a change to a plain table.
    pub(crate) fn audit(
        &self,
        caller: &Caller,
        action: &str,
        subject: &str,
        detail: serde_json::Value,
    ) -> throughline_store::Audit {
        throughline_store::Audit {
            at: self.now(),
            by: caller.actor,
            action: action.to_owned(),
            subject: subject.to_owned(),
            detail,
        }
    }
}

/// What opened a handoff, and what news right after it come to.
fn and_then(
    mut facts: Vec<Fact>,
    context: &Context<'_>,
    since: command::TakeNews,
) -> Result<Outcome, Refusal> {
    let opened = facts.iter().zip(1..).fold(None, |state, (fact, seq)| {
        let (at, by, fact) = (context.now, context.actor, fact.clone());
        handoff::evolve(state, &Recorded { seq, at, by, fact })
    });
    if let Outcome::Happened(more) = handoff::decide(opened.as_ref(), context, since.into())? {
        facts.extend(more);
    }
    Ok(Outcome::Happened(facts))
}

impl Handled {
    /// The state, or the refusal where a gate was shut.
    pub fn passed(self) -> Result<Loaded, AppError> {
        match self.shut {
            Some((gate, gaps)) => Err(AppError::Refused(Refusal::GateShut { gate, gaps })),
            None => Ok(self.loaded),
        }
    }
}
