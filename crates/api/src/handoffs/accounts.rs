//! `GET /api/v1/accounts/{id}/handoffs`: the history of a customer.

use axum::{extract::State, routing::get};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use throughline_domain::{AccountId, access::Action};
use throughline_http::{ApiCaller, Web, extract::Path};
use throughline_store::HandoffRow;

use crate::{
    answer::{Answered, json},
    spec::{Verb, Verbs},
};

/// Which account.
#[derive(Debug, Deserialize, JsonSchema)]
struct AccountPath {
    /// Which account.
    id: AccountId,
}

/// Handoffs of one account.
#[derive(Debug, Serialize, JsonSchema)]
struct History {
    /// Newest first, at most 100.
    rows: Vec<HandoffRow>,
}

pub(super) fn add(verbs: &mut Verbs) {
    verbs.add(
        Verb::get("/api/v1/accounts/{id}/handoffs", "listAccountHandoffs")
            .about("handoffs", "The handoffs of one account within your reach.")
            .right(Action::Read)
            .parts::<AccountPath>()
            .answers::<History>(200),
        get(list),
    );
}

async fn list(
    State(web): State<Web>,
    ApiCaller(caller): ApiCaller,
    Path(AccountPath { id }): Path<AccountPath>,
) -> Answered {
    let rows = web.app.account_handoffs(&caller, id).await?;
    // No right to the account itself exists: an account nobody may see any handoff of is not there.
    if rows.is_empty() {
        return Err(throughline_app::AppError::NotFound("account").into());
    }
    json(History { rows })
}
