//! Work goes over to somebody else; who leaves names a successor (R0.7).

use axum::{extract::State, routing::post};
use schemars::JsonSchema;
use serde::Deserialize;
use throughline_domain::{PersonId, access::Action};
use throughline_http::{
    ApiCaller, Web,
    extract::{Body, Path},
};

use super::{Moved, PersonPath};
use crate::{
    answer::{Answered, json},
    spec::{Verb, Verbs},
};

/// Who takes over, and why.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Reassignment {
    /// Who takes over.
    to: PersonId,
    /// Why.
    #[schemars(length(min = 1, max = 8000))]
    reason: String,
    /// Only count the live handoffs it would touch, at most 200.
    #[serde(default)]
    dry_run: bool,
}

/// Who takes over, where there is anything to.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Leaving {
    /// Who takes over their handoffs.
    #[serde(default)]
    successor: Option<PersonId>,
    /// Only count the handoffs that would move.
    #[serde(default)]
    dry_run: bool,
}

pub(super) fn add(verbs: &mut Verbs) {
    verbs.add(
        Verb::post("/api/v1/people/{id}/reassign", "reassignPerson")
            .about("people", "Give every seat somebody holds on a running handoff to somebody else.")
            .right(Action::ManagePeople)
            .parts::<PersonPath>()
            .body::<Reassignment>()
            .answers::<Moved>(200),
        post(reassign),
    );
    verbs.add(
        Verb::post("/api/v1/people/{id}/deactivate", "deactivatePerson")
            .about("people", "End somebody's access. Whoever has open duties leaves only with a successor.")
            .right(Action::ManagePeople)
            .parts::<PersonPath>()
            .body::<Leaving>()
            .answers::<Moved>(200),
        post(deactivate),
    );
}

async fn reassign(
    State(web): State<Web>,
    ApiCaller(caller): ApiCaller,
    Path(PersonPath { id }): Path<PersonPath>,
    Body(body): Body<Reassignment>,
) -> Answered {
    caller.may(Action::ManagePeople)?;
    // An unknown person has nothing to give; that is a wrong address, not a job well done.
    web.app.person(&caller, id).await?;
    let handoffs = if body.dry_run {
        web.app.check_successor(&caller, id, body.to).await?;
        u32::try_from(web.app.duties(&caller, id, crate::page::MOST).await?.len()).unwrap_or(u32::MAX)
    } else {
        web.app.reassign(&caller, id, body.to, &body.reason).await?
    };
    json(Moved { handoffs, dry_run: body.dry_run })
}

async fn deactivate(
    State(web): State<Web>,
    ApiCaller(caller): ApiCaller,
    Path(PersonPath { id }): Path<PersonPath>,
    Body(Leaving { successor, dry_run }): Body<Leaving>,
) -> Answered {
    let handoffs = if dry_run {
        let plan = web.app.plan_leaving(&caller, id, successor).await?;
        u32::try_from(plan.len()).unwrap_or(u32::MAX)
    } else {
        web.app.deactivate(&caller, id, successor).await?
    };
    json(Moved { handoffs, dry_run })
}
