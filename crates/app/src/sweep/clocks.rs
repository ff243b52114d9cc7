//! Clocks strike: handoffs whose clocks want a look are looked at, and what is due is told (R3.13).
//!
//! In the order in which it was due, also after days in which nobody swept (reliability Q9). A handoff is looked at when
//! something is to be told, and once a day besides; so when everything is late, the order of looks is not yet the order
//! of what is to be told. Who is found to have something told later than others still wait for a look goes back in line
//! at the time of it.

use futures_util::stream::{self, StreamExt as _};
use jiff::Timestamp;
use throughline_domain::{
    Actor, HandoffId, OrgId,
    clock::calls,
    handoff::{self, Context, Fact, Outcome},
};
use throughline_store::{CommitError, Look};

use super::{ABREAST, Swept, together::Together};
use crate::{
    App, AppError,
    handle::Loaded,
    project::{When, project},
    unit::Ground,
};

/// A handoff as a look found it.
struct Found {
    org: OrgId,
    id: HandoffId,
    loaded: Loaded,
    /// When its row last changed.
    changed: Timestamp,
    /// The first time at which somebody was to be told; none: nobody is by now.
    due: Option<Timestamp>,
    /// The time of the look.
    now: Timestamp,
}

impl App {
    /// Looks at handoffs whose time has come, of all organisations, the one that was due first first.
    pub async fn sweep_clocks(&self) -> Result<Swept, AppError> {
        let claim = self.claim();
        let claimed = self.store.claim_looks(claim).await?;
        let mut swept = Swept::of(claimed.len());
        // Nothing that is not among them was due before the last of them; of a batch that is not full, nothing at all.
        let until = match claimed.last() {
            Some((.., look_at)) if swept.is_full() => *look_at,
            _ => claim.now,
        };
        // Places in line are whole milliseconds.
        let before = |due: Timestamp| due.as_millisecond() <= until.as_millisecond();
        let batch = &self.together(claimed.iter().map(|(org, ..)| *org)).await;
        let looks = claimed.iter().copied();
        let looks = looks.map(|(org, id, _)| async move { (id, self.found(batch, org, id).await) });
        let looks: Vec<_> = stream::iter(looks).buffered(ABREAST).collect().await;
        let mut found = Vec::with_capacity(claimed.len());
        for (id, look) in looks {
            match look {
                Ok(look) => found.push(look),
                Err(why) => swept.fails(id, &why),
            }
        }
        // Those who have nothing to be told of come first, as their rows do no harm.
        found.sort_by_key(|found| found.due);
        // Their writes are asked for in this order, and many become durable at once.
        let ends = found.into_iter().map(|found| async move {
            let id = found.id;
            let done = match found.due {
                Some(due) if before(due) => self.strike(found).await,
                later => self.look(found, later, claim.until).await,
            };
            (id, done)
        });
        let mut ends = stream::iter(ends).buffered(ABREAST);
        while let Some((id, done)) = ends.next().await {
            if let Err(why) = done {
                swept.fails(id, &why);
            }
        }
        Ok(swept)
    }

    async fn found(&self, batch: &Together, org: OrgId, id: HandoffId) -> Result<Found, AppError> {
        let loaded = self.load_of(batch, org, id).await?;
        // A reminder is no step of the process: lists keep the time the handoff last changed.
        let changed = self.store.row(org, id).await?.ok_or(AppError::NotFound("handoff"))?.updated_at;
        let now = self.now();
        // Nobody is late in a sample, which is made while others go by.
        let real = loaded.org.sample_of.is_none();
        let due = loaded.playbook.as_deref().filter(|_| real).and_then(|playbook| {
            let calls = calls(&loaded.handoff, playbook, &loaded.calendars, now);
            calls.first().map(|call| call.at).filter(|at| *at <= now)
        });
        Ok(Found { org, id, loaded, changed, due, now })
    }

    /// Notes that nothing is told of a handoff now, and when it is to be looked at again: by then at the latest, where
    /// that is known. When it moves on meanwhile, its commit says so, and another claim sees to that.
    async fn look(&self, found: Found, again: Option<Timestamp>, until: Timestamp) -> Result<(), AppError> {
        let Found { org, id, loaded, changed, now, .. } = found;
        let when = When { changed, seen: now };
        let playbook = loaded.playbook.as_deref();
        let rows = project(&loaded.handoff, playbook, &loaded.calendars, loaded.version, when);
        let look = Look {
            org,
            id,
            version: loaded.version,
            until,
            row: rows.row,
            dues: rows.dues,
            look_at: again.or(rows.look_at),
        };
        self.store.looked(look).await?;
        Ok(())
    }

    /// Tells what is due. It is told now: in the order in which this is asked for, not in that of the looks.
    async fn strike(&self, found: Found) -> Result<(), AppError> {
        let found = Found { now: self.now(), ..found };
        let facts = self.struck(&found);
        let Found { org, id, loaded, changed, now, .. } = found;
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
            unit.commit.row.updated_at = changed;
        }
        match self.store.commit(unit.commit).await {
            Ok(_) => self.meter.committed(unit.facts.len()),
            Err(CommitError::Stale { .. }) => {}
            Err(other) => return Err(other.into()),
        }
        Ok(())
    }

    fn struck(&self, found: &Found) -> Vec<Fact> {
        let (loaded, roles) = (&found.loaded, Default::default());
        let fresh = || crate::secrets::id_by(&*self.chance, found.now);
        let context = Context {
            playbook: loaded.playbook.as_deref(),
            calendars: &loaded.calendars,
            mode: loaded.org.mode,
            actor: Actor::System,
            roles: &roles,
            now: found.now,
            fresh: &fresh,
        };
        match handoff::strike(&loaded.handoff, &context) {
            Outcome::Happened(facts) | Outcome::Shut { facts, .. } => facts,
            Outcome::AlreadySo => Vec::new(),
        }
    }
}

impl Swept {
    fn fails(&mut self, id: HandoffId, why: &AppError) {
        // Its claim runs out, and it is looked at again.
        tracing::warn!(handoff = %id, %why, "clocks cannot be looked at");
        self.failed += 1;
    }
}
