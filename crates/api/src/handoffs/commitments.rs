//! `GET /api/v1/commitments`: promises waiting for deal desk and product (R2.6).

use axum::{extract::State, http::Uri, routing::get};
use jiff::{Timestamp, civil::Date};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};
use throughline_domain::{HandoffId, ItemId, Money, PersonId, Role, access::Action, clock::Reading};
use throughline_http::{ApiCaller, Web, extract::Query};
use throughline_store::PromiseRow;

use super::list::among;
use crate::{
    answer::{Answered, json},
    page::{self, Listed, decode},
    spec::{Verb, Verbs},
};

const STATES: [&str; 11] = [
    "captured",
    "awaiting_decision",
    "approved",
    "countered",
    "declined",
    "to_be_corrected",
    "transferred",
    "kept",
    "late",
    "broken",
    "released",
];

/// Which promises.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Wanted {
    /// In one of these states, with commas between; `awaiting_decision` when left out.
    #[schemars(schema_with = "states")]
    state: Option<String>,
    /// How many rows at most; 50 when left out.
    #[schemars(range(min = 1, max = 200))]
    limit: Option<u32>,
    /// Where the page begins: as found in `next`.
    #[schemars(length(max = 1000))]
    after: Option<String>,
}

fn states(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "type": "array", "items": { "type": "string", "enum": STATES } })
}

/// A promise in a list.
#[derive(Debug, Serialize, JsonSchema)]
struct Commitment {
    /// Whose handoff.
    handoff: HandoffId,
    /// Which item of its record.
    item: ItemId,
    /// The customer's name.
    account: String,
    /// What was promised.
    what: String,
    /// What sort.
    kind: String,
    /// promised, implied or soft.
    strength: Option<String>,
    /// Where it stands.
    state: String,
    /// Who decides.
    routed_to: Option<Role>,
    /// Since when they have it.
    routed_at: Option<Timestamp>,
    /// When it is due to be decided.
    decide_by: Option<Timestamp>,
    /// How that stands: running or overdue, while it waits for a decision.
    reading: Option<Reading>,
    /// By when it was promised.
    due_on: Option<Date>,
    /// Whether it stands in the contract.
    in_contract: Option<bool>,
    /// What it is worth.
    amount: Option<Money>,
    /// The AE.
    ae: PersonId,
}

impl Commitment {
    fn of(row: PromiseRow, now: Timestamp) -> Self {
        let waits = row.decide_by.filter(|_| row.state == "awaiting_decision");
        Self {
            reading: waits.map(|due| if now <= due { Reading::Running } else { Reading::Overdue }),
            handoff: row.handoff,
            item: row.item,
            account: row.account,
            what: row.what,
            kind: row.kind,
            strength: row.strength,
            state: row.state,
            routed_to: row.routed_to,
            routed_at: row.routed_at,
            decide_by: row.decide_by,
            due_on: row.due_on,
            in_contract: row.in_contract,
            amount: row.amount,
            ae: row.ae,
        }
    }
}

pub(super) fn add(verbs: &mut Verbs) {
    verbs.add(
        Verb::get("/api/v1/commitments", "listCommitments")
            .about("handoffs", "Promises for your roles to decide, soonest due first.")
            .right(Action::DecidePromise)
            .query::<Wanted>()
            .answers::<Listed<Commitment>>(200),
        get(list),
    );
}

async fn list(
    State(web): State<Web>,
    ApiCaller(caller): ApiCaller,
    uri: Uri,
    Query(wanted): Query<Wanted>,
) -> Answered {
    let states = among("state", &STATES, wanted.state.as_deref().or(Some("awaiting_decision")))?;
    let after: Option<(i64, ItemId)> = decode(wanted.after.as_deref())?;
    let found = web.app.commitments(&caller, states, after, page::limit(wanted.limit)?).await?;
    let now = web.app.now();
    let rows = found.rows.into_iter().map(|row| Commitment::of(row, now)).collect();
    json(Listed::new(rows, found.next, &uri))
}
