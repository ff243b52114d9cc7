//! How some of the cast want to be told: most at once, a few otherwise.

use throughline_app::App;
use throughline_domain::{
    calendar::TimeOfDay,
    notify::{Notify, Quiet},
};

use throughline_sample::Cast;

use crate::failure::Failure;

/// A CSM and a manager read everything together in the morning; an AE wants his evenings to himself.
pub async fn set(app: &App, cast: &Cast) -> Result<(), Failure> {
    let daily = |at| Ok::<_, Failure>(Notify { digest: Some(time(at)?), ..Notify::default() });
    let (csm, manager) = cast.read_in_the_morning();
    app.set_my_wishes(csm, daily("08:00")?, None).await?;
    app.set_my_wishes(manager, daily("07:30")?, None).await?;
    let quiet = Quiet { from: time("18:30")?, until: time("08:30")? };
    let evenings = Notify { quiet: Some(quiet), ..Notify::default() };
    app.set_my_wishes(cast.wants_quiet_evenings(), evenings, None).await?;
    Ok(())
}

fn time(at: &str) -> Result<TimeOfDay, Failure> {
    at.parse().map_err(|why| Failure::refused(format!("the demo's {at}: {why}")))
}
