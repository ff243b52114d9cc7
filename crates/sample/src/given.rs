//! The short play, given to an organisation that tries the product out: in a sample of its own, among real data.

use std::sync::Arc;

use throughline_app::{
    App, AppError, Caller,
    orgs::calendar_in,
    sample::{NewSample, Sample, SamplePerson},
};
use throughline_domain::{OrgId, PersonId, access::Grant};

use crate::{
    COMPANY, Cast, PARTS, Part, PlayError, SOURCE, Script, Stage, StagedClock, email_of, play_short,
};

/// Gives an organisation its sample, played up to now by the days of its zone.
///
/// # Errors
/// [`AppError::Conflict`] when it has one already; [`AppError::Forbidden`] for who may not change settings. Where the
/// play breaks off, nothing of it is left; it goes on where nobody waits for it any more.
pub async fn give(app: &App, caller: &Caller) -> Result<Sample, AppError> {
    let (app, caller) = (app.clone(), caller.clone());
    tokio::spawn(async move { whole_or_nothing(&app, &caller).await }).await.map_err(AppError::broken)?
}

async fn whole_or_nothing(app: &App, caller: &Caller) -> Result<Sample, AppError> {
    let zone = app.organisation(caller.org).await?.calendar.zone().name().to_owned();
    let script = Script::new(app.now(), &zone)?;
    let new = NewSample {
        name: COMPANY.to_owned(),
        calendar: calendar_in(&zone)?,
        people: PARTS.iter().map(person).collect(),
        at: script.founded(),
    };
    let (org, people) = Box::pin(app.begin_sample(caller, new)).await?;
    match Box::pin(played(app, script, org, &people)).await {
        Ok(()) => app.sample(caller).await?.ok_or(AppError::NotFound("sample")),
        Err(why) => {
            if let Err(left) = app.take_sample_away(caller).await {
                return Err(AppError::broken(format!("{why}; and what was begun is there still: {left}")));
            }
            Err(why.into())
        }
    }
}

async fn played(app: &App, script: Script, org: OrgId, people: &[PersonId]) -> Result<(), PlayError> {
    let clock = Arc::new(StagedClock::live());
    clock.set(Some(script.founded()));
    let past = app.clone().with_clock(clock.clone());
    let cast = Cast::of(&past, org, people).await?;
    let stage = Stage::among_others(&past, &clock, script, cast);
    Box::pin(play_short(&stage)).await
}

fn person(part: &Part) -> SamplePerson {
    SamplePerson {
        name: part.name.to_owned(),
        grants: part.roles.iter().map(|(role, scope)| Grant { role: *role, scope: *scope }).collect(),
        team: part.team.map(str::to_owned),
        leads: part.leads,
        alias: format!("{SOURCE}:{}", email_of(part.name)),
    }
}
