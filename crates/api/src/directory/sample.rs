//! The sample: a made-up company beside one's own, to try things out with.

use axum::{extract::State, routing::get};
use schemars::JsonSchema;
use serde::Serialize;
use throughline_app::{AppError, sample::Sample};
use throughline_domain::{OrgId, access::Action};
use throughline_http::{ApiCaller, Web};

use crate::{
    answer::{Answered, created, json},
    spec::{Verb, Verbs},
};

/// A made-up company.
#[derive(Debug, Serialize, JsonSchema)]
struct SampleView {
    /// The organisation it is. No token opens it.
    id: OrgId,
    /// What it is called.
    name: String,
    /// How many handoffs it has.
    handoffs: u64,
    /// How many facts their journals hold.
    facts: u64,
    /// How many people work there.
    people: usize,
}

impl From<Sample> for SampleView {
    fn from(sample: Sample) -> Self {
        Self {
            id: sample.id,
            name: sample.name,
            handoffs: sample.tally.handoffs,
            facts: sample.tally.facts,
            people: sample.people.len(),
        }
    }
}

pub(super) fn add(verbs: &mut Verbs) {
    let path = "/api/v1/sample";
    verbs.add(
        Verb::get(path, "showSample")
            .about("settings", "The sample company, while there is one.")
            .right(Action::ManageSettings)
            .answers::<SampleView>(200)
            .refuses(&["not-found"]),
        get(show),
    );
    verbs.add(
        Verb::put(path, "addSample")
            .about("settings", "Add the sample company, unless it is there. It is no part of your data.")
            .right(Action::ManageSettings)
            .answers::<SampleView>(200)
            .answers::<SampleView>(201),
        axum::routing::put(add_sample),
    );
    verbs.add(
        Verb::delete(path, "removeSample")
            .about("settings", "Take the sample company away, with everything that was done in it.")
            .right(Action::ManageSettings)
            .answers::<SampleView>(200)
            .refuses(&["not-found"]),
        axum::routing::delete(remove),
    );
}

async fn show(State(web): State<Web>, ApiCaller(caller): ApiCaller) -> Answered {
    caller.may(Action::ManageSettings)?;
    let sample = web.app.sample(&caller).await?.ok_or(AppError::NotFound("sample"))?;
    json(SampleView::from(sample))
}

async fn add_sample(State(web): State<Web>, ApiCaller(caller): ApiCaller) -> Answered {
    caller.may(Action::ManageSettings)?;
    if let Some(sample) = web.app.sample(&caller).await? {
        return json(SampleView::from(sample));
    }
    match throughline_sample::give(&web.app, &caller).await {
        Ok(sample) => created(SampleView::from(sample)),
        // Somebody else added it in the same moment.
        Err(AppError::Conflict(why)) => match web.app.sample(&caller).await? {
            Some(sample) => json(SampleView::from(sample)),
            None => Err(AppError::Conflict(why).into()),
        },
        Err(why) => Err(why.into()),
    }
}

async fn remove(State(web): State<Web>, ApiCaller(caller): ApiCaller) -> Answered {
    let gone = web.app.take_sample_away(&caller).await?;
    json(SampleView::from(gone))
}
