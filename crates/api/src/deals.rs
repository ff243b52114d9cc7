//! Deals as a CRM tells them: sent, read, opened by hand.

use axum::{
    extract::State,
    routing::{post, put},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use throughline_app::deals::{DealAnswer, DealBody, DealOptions};
use throughline_domain::{
    HandoffId,
    access::Action,
    deal::{Deal, DealKey},
};
use throughline_http::{
    ApiCaller, Web,
    extract::{Body, Path},
};

use crate::{
    answer::{Answered, json, shown},
    spec::{Verb, Verbs},
};

/// Which deal.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct DealPath {
    /// The system, such as `salesforce`.
    #[schemars(length(min = 1, max = 40), regex(pattern = "^[a-z0-9_-]+$"))]
    pub source: String,
    /// The id in that system.
    #[schemars(length(min = 1, max = 200))]
    pub external_id: String,
}

impl From<DealPath> for DealKey {
    fn from(path: DealPath) -> Self {
        Self { source: path.source, external_id: path.external_id }
    }
}

/// A deal as last read.
#[derive(Debug, Serialize, JsonSchema)]
struct Known {
    /// Its newest reading.
    deal: Deal,
    /// Its handoff, when it has one.
    handoff: Option<HandoffId>,
}

/// The verbs of deals.
pub fn add(verbs: &mut Verbs) {
    let path = "/api/v1/deals/{source}/{external_id}";
    verbs.add(
        Verb::put(path, "putDeal")
            .about("deals", "Tell how a deal stands.")
            .notes(
                "Idempotent: the same again changes nothing, and the newest `source_time` wins, whatever the order of \
                 arrival. A deal that arrives past an enforced gate without a pass is recorded as bypassed, unless it \
                 closed before the go-live date: then it is history.",
            )
            .right(Action::SendDeals)
            .parts::<DealPath>()
            .body::<DealBody>()
            .answers::<DealAnswer>(200),
        put(send).get(show),
    );
    verbs.list.push(
        Verb::get(path, "getDeal")
            .about("deals", "The newest reading of a deal.")
            .right(Action::Read)
            .parts::<DealPath>()
            .answers::<Known>(200),
    );
    verbs.add(
        Verb::post("/api/v1/deals/{source}/{external_id}/open", "openDeal")
            .about("deals", "Open the record of a deal that is known, but does not open by itself yet.")
            .right(Action::Open)
            .parts::<DealPath>()
            .answers::<DealAnswer>(200),
        post(open),
    );
}

async fn send(
    State(web): State<Web>,
    ApiCaller(caller): ApiCaller,
    Path(path): Path<DealPath>,
    Body(body): Body<DealBody>,
) -> Answered {
    let deal = body.into_deal(path.into(), web.app.now());
    json(web.app.put_deal(&caller, deal, DealOptions::default()).await?)
}

async fn show(State(web): State<Web>, ApiCaller(caller): ApiCaller, Path(path): Path<DealPath>) -> Answered {
    let (deal, handoff) = web.app.known_deal(&caller, &path.into()).await?;
    shown(Known { deal, handoff })
}

async fn open(State(web): State<Web>, ApiCaller(caller): ApiCaller, Path(path): Path<DealPath>) -> Answered {
    json(web.app.open_deal(&caller, &path.into()).await?)
}
