//! Answers remembered under idempotency keys: the same request again is answered again, not done again.
//!
//! A command's key is kept in its own commit, with the version it led to; the answer is told anew from the journal
//! as far as that version. Other changes are held back until their answer is known, and kept with its text ([`crate::held`]).

use throughline_domain::{
    Actor, HandoffId,
    access::Action,
    gate::{self, Gap},
    handoff::{self, Fact, Handoff, Recorded},
    playbook::Gate,
};
use throughline_store::IdempotencyRow;

use crate::{
    App, AppError, Caller,
    handle::{Handled, Loaded},
    upkeep::ANSWERS_HOURS,
};

/// Journal rows read at once.
const STRETCH: u32 = 1_000;

/// A key as it is kept: one caller's keys are no other's.
pub fn scoped(caller: &Caller, key: &str) -> String {
    match caller.actor {
        Actor::Person { id } | Actor::StandIn { id, .. } => format!("person:{id}:{key}"),
        Actor::Token { id } => format!("token:{id}:{key}"),
        Actor::Customer { id } => format!("customer:{id}:{key}"),
        Actor::System => format!("system:{key}"),
    }
}

impl App {
    /// What was answered under a scoped key, within the time answers are remembered.
    pub async fn remembered(&self, caller: &Caller, key: &str) -> Result<Option<IdempotencyRow>, AppError> {
        let Some(row) = self.store.remembered(caller.org, key).await? else { return Ok(None) };
        if self.now().duration_since(row.at) < jiff::SignedDuration::from_hours(ANSWERS_HOURS) {
            return Ok(Some(row));
        }
        // Its time is over, and nothing has swept it away yet: the key is free again.
        self.tidy(caller.org).await?;
        Ok(None)
    }

    /// What came of a command handled before, as it was then.
    pub async fn handled_before(
        &self,
        caller: &Caller,
        id: HandoffId,
        row: &IdempotencyRow,
    ) -> Result<Handled, AppError> {
        let now = self.load(caller.org, id).await?;
        caller.may_on(Action::Read, &now.handoff)?;
        let version: u64 = row.body.parse().map_err(AppError::broken)?;
        let facts = self.facts_until(caller, id, version).await?;
        let handoff: Handoff =
            handoff::replay(&facts).ok_or_else(|| AppError::broken("a remembered handoff without facts"))?;
        let playbook = match &handoff.route.playbook {
            Some(of) => Some(self.playbook(caller.org, of).await?),
            None => None,
        };
        let loaded = Loaded { handoff, version, playbook, ..now };
        let shut = if row.status == 422 { self.shut_then(&loaded, &facts, row.at) } else { None };
        Ok(Handled { loaded, changed: true, shut, facts: Vec::new() })
    }

    fn shut_then(
        &self,
        loaded: &Loaded,
        facts: &[Recorded],
        at: jiff::Timestamp,
    ) -> Option<(Gate, Vec<Gap>)> {
        let gate = facts.iter().rev().find_map(|recorded| match &recorded.fact {
            Fact::GateRefused { gate, .. } | Fact::GateRefusedAgain { gate } => Some(*gate),
            _ => None,
        })?;
        let playbook = loaded.playbook.as_ref()?;
        Some((gate, gate::judge(&loaded.handoff, playbook, &loaded.calendars, at, gate).gaps))
    }

    async fn facts_until(
        &self,
        caller: &Caller,
        id: HandoffId,
        version: u64,
    ) -> Result<Vec<Recorded>, AppError> {
        let texts = self.store.texts(caller.org, id).await?;
        let text_of = |text| texts.get(&text).map(|(_, text)| text.clone());
        let mut facts: Vec<Recorded> = Vec::new();
        while (facts.len() as u64) < version {
            let rows = self.store.journal(caller.org, id, facts.len() as u64, STRETCH).await?;
            if rows.is_empty() {
                return Err(AppError::broken("the journal is shorter than a remembered answer"));
            }
            for row in rows.into_iter().take_while(|row| row.seq <= version) {
                facts.push(row.open(&text_of).map_err(AppError::broken)?);
            }
        }
        Ok(facts)
    }
}
