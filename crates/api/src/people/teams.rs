//! Teams: who manages whom.

use axum::{
    extract::State,
    routing::{get, put},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use throughline_domain::{PersonId, TeamId, access::Action, calendar::Calendar};
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
    /// Its calendar, where it is not the organisation's.
    calendar: Option<Calendar>,
}

impl From<Team> for TeamView {
    fn from(team: Team) -> Self {
        Self { id: team.id, name: team.name, manager: team.manager, calendar: team.calendar }
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
    let calendar = "/api/v1/teams/{id}/calendar";
    verbs.add(
        Verb::put(calendar, "setTeamCalendar")
            .about("people", "Give a team a calendar of its own: what its people owe is counted by it.")
            .right(Action::ManageSettings)
            .parts::<TeamPath>()
            .body::<Calendar>()
            .answers::<TeamView>(200),
        put(set_calendar).delete(end_calendar),
    );
    verbs.list.push(
        Verb::delete(calendar, "endTeamCalendar")
            .about("people", "Count what a team's people owe by the organisation's calendar again.")
            .right(Action::ManageSettings)
            .parts::<TeamPath>()
            .answers::<TeamView>(200),
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

async fn set_calendar(
    State(web): State<Web>,
    ApiCaller(caller): ApiCaller,
    Path(TeamPath { id }): Path<TeamPath>,
    Body(calendar): Body<Calendar>,
) -> Answered {
    json(TeamView::from(web.app.set_team_calendar(&caller, id, Some(calendar)).await?))
}

async fn end_calendar(
    State(web): State<Web>,
    ApiCaller(caller): ApiCaller,
    Path(TeamPath { id }): Path<TeamPath>,
) -> Answered {
    json(TeamView::from(web.app.set_team_calendar(&caller, id, None).await?))
}
