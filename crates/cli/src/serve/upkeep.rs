//! What runs beside the server: messages are made from the outbox each second, what has had its time is forgotten
//! each hour. It looks at the whole state and takes no hints, so nothing is lost when it is stopped at any moment.

use std::{collections::HashMap, time::Duration};

use throughline_app::{App, AppError};
use throughline_domain::OrgId;
use tokio::{
    sync::watch,
    time::{Instant, interval},
};

/// How often the outbox is looked at.
const EACH: Duration = Duration::from_secs(1);
/// How often what has had its time is forgotten.
const TIDY: Duration = Duration::from_secs(3_600);
/// The longest wait after failures.
const LONGEST_WAIT: Duration = Duration::from_secs(60);

/// Runs until `stopped` says so.
pub async fn run(app: App, mut stopped: watch::Receiver<bool>) {
    let mut ticks = interval(EACH);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut troubles = HashMap::<OrgId, Trouble>::new();
    let mut tidied: Option<Instant> = None;
    loop {
        tokio::select! {
            _ = ticks.tick() => {}
            _ = stopped.changed() => return,
        }
        let tidy = tidied.is_none_or(|at| at.elapsed() >= TIDY);
        let orgs = match app.store().orgs().await {
            Ok(orgs) => orgs,
            Err(why) => {
                tracing::warn!(%why, "organisations cannot be listed");
                continue;
            }
        };
        for org in orgs {
            if troubles.get(&org.id).is_some_and(|trouble| trouble.until > Instant::now()) {
                continue;
            }
            match sweep(&app, org.id, tidy).await {
                Ok(()) => drop(troubles.remove(&org.id)),
                Err(why) => {
                    let trouble = troubles.entry(org.id).or_default();
                    trouble.again();
                    tracing::warn!(org = org.slug, %why, wait = ?trouble.wait, "messages cannot be made");
                }
            }
        }
        if tidy {
            tidied = Some(Instant::now());
        }
    }
}

async fn sweep(app: &App, org: OrgId, tidy: bool) -> Result<(), AppError> {
    // A full batch means that more waits.
    while app.sweep_outbox(org).await? >= 200 {}
    if tidy { app.tidy(org).await } else { Ok(()) }
}

/// Failures in a row, each waiting twice as long as the one before.
struct Trouble {
    wait: Duration,
    until: Instant,
}

impl Default for Trouble {
    fn default() -> Self {
        Self { wait: EACH, until: Instant::now() }
    }
}

impl Trouble {
    fn again(&mut self) {
        self.wait = (self.wait * 2).min(LONGEST_WAIT);
        self.until = Instant::now() + self.wait;
    }
}
