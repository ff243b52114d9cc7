//! Clocks strike: handoffs whose clocks want a look are looked at, and what is due is told (R3.13).

use jiff::Timestamp;
use throughline_domain::{
    Actor, HandoffId, OrgId,
    handoff::{self, Context, Outcome},
};
use throughline_store::{CommitError, Look};

use super::Swept;
use crate::{
    App, AppError,
    project::{When, project},
    unit::Ground,
};

impl App {
    /// Looks at handoffs whose time has come, of all organisations, the one that was due first first.
    pub async fn sweep_clocks(&self) -> Result<Swept, AppError> {
        let claim = self.claim();
        let claimed = self.store.claim_looks(claim).await?;
        let mut swept = Swept::of(claimed.len());
        for (org, id) in claimed {
            if let Err(why) = self.look(org, id, claim.until).await {
                // Its claim runs out, and it is looked at again.
                tracing::warn!(handoff = %id, %why, "clocks cannot be looked at");
                swept.failed += 1;
            }
        }
        Ok(swept)
    }

    /// Looks at the clocks of one handoff, claimed until then. When it moves on meanwhile, its commit says when it
    /// wants to be looked at next, and another claim sees to that.
    async fn look(&self, org: OrgId, id: HandoffId, until: Timestamp) -> Result<(), AppError> {
        let loaded = self.load(org, id).await?;
        // A reminder is no step of the process: lists keep the time the handoff last changed.
        let shown = self.store.row(org, id).await?.ok_or(AppError::NotFound("handoff"))?;
        let now = self.now();
        let outcome = {
            let roles = Default::default();
            let fresh = || crate::secrets::id_by(&*self.chance, now);
            let context = Context {
                playbook: loaded.playbook.as_deref(),
                calendars: &loaded.calendars,
                mode: loaded.org.mode,
                actor: Actor::System,
                roles: &roles,
                now,
                fresh: &fresh,
            };
            handoff::strike(&loaded.handoff, &context)
        };
        let (Outcome::Happened(facts) | Outcome::Shut { facts, .. }) = outcome else {
            let when = When { changed: shown.updated_at, seen: now };
            let playbook = loaded.playbook.as_deref();
            let rows = project(&loaded.handoff, playbook, &loaded.calendars, loaded.version, when);
            let look = Look {
                org,
                id,
                version: loaded.version,
                until,
                row: rows.row,
                dues: rows.dues,
                look_at: rows.look_at,
            };
            self.store.looked(look).await?;
            return Ok(());
        };
        let (calendars, playbook) = (loaded.calendars.clone(), loaded.playbook.clone());
        let ground = Ground {
            chance: &*self.chance,
            org,
            id,
            as_of: loaded.org.version,
            calendars: &calendars,
            playbook: playbook.as_deref(),
            before: Some(loaded),
        };
        let mut unit = ground.add(Actor::System, now, facts)?;
        if unit.facts.iter().all(|recorded| recorded.fact.is_notice()) {
            unit.commit.row.updated_at = shown.updated_at;
        }
        match self.store.commit(unit.commit).await {
            Ok(_) => self.meter.committed(unit.facts.len()),
            Err(CommitError::Stale { .. }) => {}
            Err(other) => return Err(other.into()),
        }
        Ok(())
    }
}
