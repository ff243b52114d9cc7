//! `GET /api/v1/board`: the handoffs within the caller's reach by stage, the late ones first. `GET /api/v1/workloads`:
//! what each CSM has on their hands.

use std::collections::BTreeSet;

use axum::{extract::State, routing::get};
use jiff::{Timestamp, civil::Date};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};
use throughline_app::{board, workload::Workload};
use throughline_domain::{Money, PersonId, TeamId, access::Action};
use throughline_http::{ApiCaller, Problem, Web, extract::Query};
use throughline_store::{HandoffFilter, HandoffRow};

use super::list::among;
use crate::{
    answer::{Answered, json},
    page,
    spec::{Verb, Verbs},
};

/// Which handoffs of the board.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Wanted {
    /// Only these stages, with commas between; all when left out.
    #[schemars(schema_with = "stages")]
    stage: Option<String>,
    /// This AE.
    ae: Option<PersonId>,
    /// This CSM.
    csm: Option<PersonId>,
    /// Somebody of this team has a part.
    team: Option<TeamId>,
    /// This text in the account's or the deal's name.
    #[schemars(length(max = 200))]
    text: Option<String>,
    /// Of this size class, as the CRM writes it.
    #[schemars(length(max = 200))]
    segment: Option<String>,
    /// From this lead source, as the CRM writes it.
    #[schemars(length(max = 200))]
    lead_source: Option<String>,
    /// How many handoffs of each stage at most; 15 when left out.
    #[schemars(range(min = 1, max = 200))]
    limit: Option<u32>,
}

fn stages(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "type": "array", "items": { "type": "string", "enum": board::STAGES } })
}

/// The board.
#[derive(Debug, Serialize, JsonSchema)]
struct Board {
    /// What was due before this is late.
    late_before: Timestamp,
    /// What is due before this, and not late, is due soon.
    soon_before: Timestamp,
    /// Each stage, in the order handoffs go through them.
    columns: Vec<Column>,
}

/// A stage.
#[derive(Debug, Serialize, JsonSchema)]
struct Column {
    /// Which.
    stage: String,
    /// How many live handoffs are there.
    all: u32,
    /// How many of them are past their next due time.
    late: u32,
    /// How many are due soon.
    soon: u32,
    /// The first of them by due time; `GET /api/v1/handoffs?life=live&stage=…` has all.
    rows: Vec<HandoffRow>,
}

/// What CSMs have on their hands.
#[derive(Debug, Serialize, JsonSchema)]
struct Workloads {
    /// Who is here and holds least first.
    rows: Vec<WorkloadView>,
}

/// What a CSM has on their hands.
#[derive(Debug, Serialize, JsonSchema)]
struct WorkloadView {
    /// Who.
    person: PersonId,
    /// Their name.
    name: String,
    /// Away today.
    away: bool,
    /// The first and last day of the absence they are on or go on.
    absence: Option<Days>,
    /// Who stands in today.
    stood_in_by: Option<PersonId>,
    /// Live handoffs they are nominated for.
    nominated: u32,
    /// Offered to them and not answered.
    offered: u32,
    /// Accepted, the kickoff ahead.
    before_kickoff: u32,
    /// The kickoff held.
    in_plan: u32,
    /// How many of all these are past their next due time.
    late: u32,
    /// Annual recurring revenue: a sum for each currency.
    arr: Vec<Money>,
    /// Beside the other candidates: `much`, `some` or `little` room.
    room: &'static str,
}

/// Days of an absence.
#[derive(Debug, Serialize, JsonSchema)]
struct Days {
    /// The first.
    from: Date,
    /// The last.
    until: Date,
}

impl From<Workload> for WorkloadView {
    fn from(one: Workload) -> Self {
        let absence = one.away_now.as_ref().or(one.away_later.as_ref());
        Self {
            person: one.person.id,
            away: one.away_now.is_some(),
            absence: absence.map(|absence| Days { from: absence.from, until: absence.until }),
            stood_in_by: one.stood_in_by.as_ref().map(|person| person.id),
            nominated: one.nominated,
            offered: one.offered,
            before_kickoff: one.before_kickoff,
            in_plan: one.in_plan,
            late: one.late,
            room: one.room.name(),
            name: one.person.name,
            arr: one.arr,
        }
    }
}

pub(super) fn add(verbs: &mut Verbs) {
    verbs.add(
        Verb::get("/api/v1/board", "getBoard")
            .about(
                "handoffs",
                "The live handoffs within your reach by stage, the late ones first, with counts.",
            )
            .right(Action::Read)
            .query::<Wanted>()
            .answers::<Board>(200),
        get(show),
    );
    verbs.add(
        Verb::get("/api/v1/workloads", "listWorkloads")
            .about(
                "handoffs",
                "What each CSM has on their hands, for whoever nominates one or offers an account.",
            )
            .right(Action::Nominate)
            .answers::<Workloads>(200),
        get(workloads),
    );
}

async fn show(
    State(web): State<Web>,
    ApiCaller(caller): ApiCaller,
    Query(wanted): Query<Wanted>,
) -> Answered {
    for (field, text) in
        [("text", &wanted.text), ("segment", &wanted.segment), ("lead_source", &wanted.lead_source)]
    {
        if text.as_ref().is_some_and(|text| text.chars().count() > 200) {
            let why = format!("{field} is longer than 200 characters");
            return Err(Problem::new("bad-request", why).with("field", field.into()));
        }
    }
    let parts = match wanted.team {
        Some(team) => Some(web.app.people_of_team(&caller, team).await?),
        None => None,
    };
    let filter = HandoffFilter {
        life: BTreeSet::from(["live".to_owned()]),
        stage: among("stage", &board::STAGES, wanted.stage.as_deref())?,
        ae: wanted.ae,
        csm: wanted.csm,
        parts,
        text: wanted.text,
        segment: wanted.segment,
        lead_source: wanted.lead_source,
        ..HandoffFilter::default()
    };
    let limit = match wanted.limit {
        None => 15,
        limit => page::limit(limit)?,
    };
    let lateness = web.app.lateness();
    let columns = web.app.board(&caller, &filter, |_| limit).await?;
    let columns = columns.into_iter().map(|column| {
        let spread = column.spread;
        Column {
            stage: spread.stage,
            all: spread.all,
            late: spread.late,
            soon: spread.soon,
            rows: column.rows,
        }
    });
    json(Board { late_before: lateness.now, soon_before: lateness.soon, columns: columns.collect() })
}

async fn workloads(State(web): State<Web>, ApiCaller(caller): ApiCaller) -> Answered {
    caller.may(Action::Nominate)?;
    json(Workloads { rows: web.app.workloads(&caller).await?.into_iter().map(WorkloadView::from).collect() })
}
