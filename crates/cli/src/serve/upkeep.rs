//! What runs beside the server: clocks are looked at and messages made whenever work may be waiting, at least each
//! second; each hour deals are opened whose time has come, and what has had its time is forgotten. Any number of nodes
//! do the same. It takes no hints, so nothing is lost when it is stopped at any moment.

use std::time::Duration;

use throughline_app::{App, AppError, events::BATCH, sweep::Swept};
use tokio::{sync::watch, time::Instant};

/// How long nobody looks while nothing nudges.
const EACH: Duration = Duration::from_secs(1);
/// How often what has had its time is forgotten, and deals are looked through.
const HOURLY: Duration = Duration::from_secs(3_600);
/// The longest wait after failures.
const LONGEST_WAIT: Duration = Duration::from_secs(60);

/// Runs until `stopped` says so.
pub async fn run(app: App, mut stopped: watch::Receiver<bool>) {
    let mut wait = EACH;
    let mut hourly: Option<Instant> = None;
    loop {
        let due = hourly.is_none_or(|at| at.elapsed() >= HOURLY);
        wait = match round(&app, due).await {
            Ok(()) => EACH,
            Err(why) => {
                let longer = (wait * 2).min(LONGEST_WAIT);
                tracing::warn!(%why, wait = ?longer, "clocks and messages wait");
                longer
            }
        };
        if due && wait == EACH {
            hourly = Some(Instant::now());
        }
        let store = app.store();
        tokio::select! {
            // After a failure nothing nudges: whoever is in trouble is left alone for a while.
            () = store.nudged(wait), if wait == EACH => {}
            () = tokio::time::sleep(wait), if wait > EACH => {}
            _ = stopped.changed() => return,
        }
    }
}

async fn round(app: &App, hourly: bool) -> Result<(), AppError> {
    // News first: what follows from it is seen in the same round.
    while app.sweep_events().await? >= BATCH as usize {}
    while more(app.sweep_mails().await?) {}
    // Then clocks: what they tell is made into messages at once.
    while full(app.sweep_clocks().await?) {}
    while full(app.sweep_outbox().await?) {}
    if hourly {
        for org in app.store().orgs().await? {
            // An organisation that is not set up yet has no process owner to open records for.
            if let Err(why) = app.sweep_openings(org.id).await {
                tracing::warn!(org = org.slug, %why, "deals cannot be looked through");
            }
            app.tidy(org.id).await?;
        }
    }
    Ok(())
}

/// Whether a batch of any size led on.
fn more(swept: Swept) -> bool {
    swept.failed < swept.taken
}

/// Whether more waits that this node can do something about.
fn full(swept: Swept) -> bool {
    swept.is_full() && swept.failed < swept.taken
}
