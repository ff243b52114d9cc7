//! `GET /api/v1/handoffs`: the handoffs within the caller's reach, filtered, sorted, paged.

use std::collections::BTreeSet;

use axum::{extract::State, http::Uri, routing::get};
use jiff::Timestamp;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;
use throughline_domain::{PersonId, TeamId, access::Action};
use throughline_http::{ApiCaller, Problem, Web, extract::Query};
use throughline_store::{Credit, Cursor, HandoffFilter, HandoffRow, Sort};

use crate::{
    answer::{Answered, json},
    page::{self, Listed, decode, split},
    spec::{Verb, Verbs},
};

const LIVES: [&str; 6] = ["live", "done", "withdrawn", "cancelled", "history", "out_of_scope"];
const STAGES: [&str; 4] = ["preparing", "offered", "assigned", "owned"];

/// Which handoffs, in which order.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    /// One of these lives, with commas between; all when left out.
    #[schemars(schema_with = "lives")]
    life: Option<String>,
    /// One of these stages, with commas between; all when left out.
    #[schemars(schema_with = "stages")]
    stage: Option<String>,
    /// This AE.
    ae: Option<PersonId>,
    /// This CSM.
    csm: Option<PersonId>,
    /// This person has a part.
    part: Option<PersonId>,
    /// This person owes the next missing thing.
    owes: Option<PersonId>,
    /// By any version of the playbook of this name.
    #[schemars(length(max = 200))]
    playbook: Option<String>,
    /// This text in the account's or the deal's name.
    #[schemars(length(max = 200))]
    text: Option<String>,
    /// Only with something missing (true) or with nothing missing (false).
    incomplete: Option<bool>,
    /// Only with a bypassed gate (true) or without (false).
    bypassed: Option<bool>,
    /// Only with a due time before this.
    due_before: Option<Timestamp>,
    /// Only with waivers to decide (true) or without (false).
    open_waivers: Option<bool>,
    /// Only with questions nobody has answered (true) or without (false).
    open_questions: Option<bool>,
    /// Only with a CSM, nominated or more (true), or where nobody is (false).
    nominated: Option<bool>,
    /// Somebody of this team has a part.
    team: Option<TeamId>,
    /// Only with nothing due before this: with the next due time then or later, or without one.
    due_from: Option<Timestamp>,
    /// Of this size class, as the CRM writes it.
    #[schemars(length(max = 200))]
    segment: Option<String>,
    /// From this lead source, as the CRM writes it.
    #[schemars(length(max = 200))]
    lead_source: Option<String>,
    /// Only where some gate was refused and not passed since (true), or not (false).
    refused: Option<bool>,
    /// With the credit in one of these states, with commas between; all when left out.
    #[schemars(schema_with = "credits")]
    credit: Option<String>,
    /// Only where the kickoff was held (true) or not (false).
    kicked_off: Option<bool>,
    /// In which order; `due` when left out.
    #[schemars(schema_with = "sorts")]
    sort: Option<Sort>,
    /// How many rows at most; 50 when left out.
    #[schemars(range(min = 1, max = 200))]
    limit: Option<u32>,
    /// Where the page begins: as found in `next`.
    #[schemars(length(max = 1000))]
    after: Option<String>,
}

fn lives(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "type": "array", "items": { "type": "string", "enum": LIVES } })
}

fn stages(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "type": "array", "items": { "type": "string", "enum": STAGES } })
}

fn credits(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "type": "array", "items": { "type": "string", "enum": Credit::ALL.map(Credit::name) } })
}

fn sorts(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "type": "string", "enum": ["due", "updated", "signature", "account", "missing", "amount"] })
}

pub(super) fn add(verbs: &mut Verbs) {
    verbs.add(
        Verb::get("/api/v1/handoffs", "listHandoffs")
            .about("handoffs", "The handoffs within your reach.")
            .right(Action::Read)
            .query::<Wanted>()
            .answers::<Listed<HandoffRow>>(200),
        get(list),
    );
}

async fn list(
    State(web): State<Web>,
    ApiCaller(caller): ApiCaller,
    uri: Uri,
    Query(wanted): Query<Wanted>,
) -> Answered {
    let sort = wanted.sort.unwrap_or_default();
    let after: Option<Cursor> = decode(wanted.after.as_deref())?;
    if after.as_ref().is_some_and(|cursor| !cursor.fits(sort)) {
        return Err(page::wrong());
    }
    if wanted.text.as_ref().is_some_and(|text| text.chars().count() > 200) {
        return Err(
            Problem::new("bad-request", "text is longer than 200 characters").with("field", "text".into())
        );
    }
    for (field, text) in [("segment", &wanted.segment), ("lead_source", &wanted.lead_source)] {
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
        life: among("life", &LIVES, wanted.life.as_deref())?,
        stage: among("stage", &STAGES, wanted.stage.as_deref())?,
        ae: wanted.ae,
        csm: wanted.csm,
        part: wanted.part,
        owes: wanted.owes,
        playbook: wanted.playbook,
        text: wanted.text,
        incomplete: wanted.incomplete,
        bypassed: wanted.bypassed,
        due_before: wanted.due_before,
        open_waivers: wanted.open_waivers,
        open_questions: wanted.open_questions,
        nominated: wanted.nominated,
        parts,
        due_from: wanted.due_from,
        segment: wanted.segment,
        lead_source: wanted.lead_source,
        refused: wanted.refused,
        credit: among("credit", &Credit::ALL.map(Credit::name), wanted.credit.as_deref())?,
        kicked_off: wanted.kicked_off,
    };
    let found = web.app.handoffs(&caller, filter, sort, after, page::limit(wanted.limit)?).await?;
    json(Listed::new(found.rows, found.next, &uri))
}

/// Names with commas between, each of which must be known.
pub(super) fn among(field: &str, known: &[&str], text: Option<&str>) -> Result<BTreeSet<String>, Problem> {
    let names: BTreeSet<String> = split(text).map(str::to_owned).collect();
    match names.iter().find(|name| !known.contains(&name.as_str())) {
        None => Ok(names),
        Some(name) => {
            let shown: String = name.chars().take(40).collect();
            let detail = format!("{field}: `{shown}` is none of {}", known.join(", "));
            Err(Problem::new("bad-request", detail).with("field", field.into()))
        }
    }
}
