//! `GET /api/v1/handoffs/{id}`: everything about one handoff.

use axum::{extract::State, response::Response, routing::get};
use throughline_app::{AppError, Caller, handle::Loaded};
use throughline_domain::{access::Action, personal};
use throughline_http::{ApiCaller, Problem, Web, extract::Path};

use super::{HandoffPath, view::View};
use crate::{
    answer::{Answered, json, versioned},
    spec::{Verb, Verbs},
};

pub(super) fn add(verbs: &mut Verbs) {
    verbs.add(
        Verb::get("/api/v1/handoffs/{id}", "getHandoff")
            .about("handoffs", "One handoff: deal, record, gaps, gates, steps, promises, plan and all that happened to them.")
            .right(Action::Read)
            .parts::<HandoffPath>()
            .etag()
            .answers::<View>(200),
        get(show),
    );
}

async fn show(
    State(web): State<Web>,
    ApiCaller(caller): ApiCaller,
    Path(HandoffPath { id }): Path<HandoffPath>,
) -> Answered {
    let view = web.app.view(&caller, id).await?;
    let version = view.loaded.version;
    Ok(versioned(answer(View::of(&web, &caller, view))?, version))
}

/// The view after a command, without loading it again.
pub(super) async fn after(web: &Web, caller: &Caller, loaded: Loaded) -> Result<Response, Problem> {
    let version = loaded.version;
    let view = web.app.view_of(caller, loaded).await?;
    Ok(versioned(answer(View::of(web, caller, view))?, version))
}

fn answer(view: View) -> Answered {
    json(personal::plain(serde_json::to_value(view).map_err(AppError::broken)?))
}
