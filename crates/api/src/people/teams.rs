//! Teams: who manages whom.

use axum::{
    extract::State,
    routing::{get, put},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use throughline_domain::{PersonId, TeamId, access::Action};
use throughline_http::{
    ApiCaller, Web,
    extract::{Body, Path},
};
use throughline_store::Team;

use crate::{
    answer::{Answered, created, json},
    spec::{Verb, Verbs},
};

/// Which team.
#[derive(Debug, Deserialize, JsonSchema)]
struct TeamPath {
    /// Which team.
    id: TeamId,
}

/// A team.
#[derive(Debug, Serialize, JsonSchema)]
struct TeamView {
    /// Which.
    id: TeamId,
    /// Its name.
    name: String,
    /// Who leads it.
    manager: Option<PersonId>,
}

impl From<Team> for TeamView {
    fn from(team: Team) -> Self {
        Self { id: team.id, name: team.name, manager: team.manager }
    }
}

/// All teams.
#[derive(Debug, Serialize, JsonSchema)]
struct Teams {
    /// By name.
    rows: Vec<TeamView>,
}

/// A team as it is to be.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct TeamBody {
    /// Its name.
    #[schemars(length(min = 1, max = 100))]
    name: String,
    /// Who leads it.
    #[serde(default)]
    manager: Option<PersonId>,
}

pub(super) fn add(verbs: &mut Verbs) {
    verbs.add(
        Verb::get("/api/v1/teams", "listTeams")
            .about("people", "All teams.")
            .right(Action::ReadPeople)
            .answers::<Teams>(200),
        get(list).post(make),
    );
    verbs.list.push(
        Verb::post("/api/v1/teams", "createTeam")
            .about("people", "Make a team.")
            .right(Action::ManagePeople)
            .body::<TeamBody>()
            .answers::<TeamView>(201)
            .refuses(&["not-found"]),
    );
    verbs.add(
        Verb::put("/api/v1/teams/{id}", "changeTeam")
            .about("people", "Change a team.")
            .right(Action::ManagePeople)
            .parts::<TeamPath>()
            .body::<TeamBody>()
            .answers::<TeamView>(200),
        put(change),
    );
}

async fn list(State(web): State<Web>, ApiCaller(caller): ApiCaller) -> Answered {
    let rows = web.app.list_teams(&caller).await?.into_iter().map(TeamView::from).collect();
    json(Teams { rows })
}

async fn make(State(web): State<Web>, ApiCaller(caller): ApiCaller, Body(body): Body<TeamBody>) -> Answered {
    created(TeamView::from(web.app.put_team(&caller, None, &body.name, body.manager).await?))
}

async fn change(
    State(web): State<Web>,
    ApiCaller(caller): ApiCaller,
    Path(TeamPath { id }): Path<TeamPath>,
    Body(body): Body<TeamBody>,
) -> Answered {
    json(TeamView::from(web.app.put_team(&caller, Some(id), &body.name, body.manager).await?))
}
