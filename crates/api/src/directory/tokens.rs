//! API tokens: made, listed, revoked (R0.15).

use std::collections::BTreeSet;

use axum::{
    extract::State,
    routing::{delete, get},
};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use throughline_domain::{
    Role, TokenId,
    access::{Action, Grant, Scope},
};
use throughline_http::{
    ApiCaller, Web,
    extract::{Body, Path},
};
use throughline_store::Token;

use crate::{
    answer::{Answered, created, done, json},
    idempotency::HoldsSecret,
    spec::{Verb, Verbs},
};

/// Which token.
#[derive(Debug, Deserialize, JsonSchema)]
struct TokenPath {
    /// Which token.
    id: TokenId,
}

/// A token without its secret.
#[derive(Debug, Serialize, JsonSchema)]
struct TokenView {
    /// Which.
    id: TokenId,
    /// What it is for.
    name: String,
    /// Its role.
    role: Role,
    /// How far it reaches.
    scope: Scope,
    /// Narrowed to these actions; all of the role's when null.
    actions: Option<BTreeSet<Action>>,
    /// When it was made.
    created_at: Timestamp,
    /// When it was revoked.
    revoked_at: Option<Timestamp>,
}

impl From<Token> for TokenView {
    fn from(token: Token) -> Self {
        Self {
            id: token.id,
            name: token.name,
            role: token.grant.role,
            scope: token.grant.scope,
            actions: token.actions,
            created_at: token.created_at,
            revoked_at: token.revoked_at,
        }
    }
}

/// All tokens.
#[derive(Debug, Serialize, JsonSchema)]
struct Tokens {
    /// Newest first, at most 1,000.
    rows: Vec<TokenView>,
}

/// A token as it is to be.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct TokenBody {
    /// What it is for.
    #[schemars(length(min = 1, max = 100))]
    name: String,
    /// Its role.
    role: Role,
    /// Narrowed to these actions; all of the role's when left out.
    #[serde(default)]
    actions: Option<BTreeSet<Action>>,
}

/// A token just made.
#[derive(Debug, Serialize, JsonSchema)]
struct Made {
    /// The token.
    token: TokenView,
    /// What to send as `Authorization: Bearer …`. Shown only here.
    secret: String,
}

pub(super) fn add(verbs: &mut Verbs) {
    verbs.add(
        Verb::get("/api/v1/tokens", "listTokens")
            .about("tokens", "All tokens, without their secrets.")
            .right(Action::ManageTokens)
            .answers::<Tokens>(200),
        get(list).post(make),
    );
    verbs.list.push(
        Verb::post("/api/v1/tokens", "createToken")
            .about("tokens", "Make a token. It reaches the whole organisation, as far as its role does.")
            .right(Action::ManageTokens)
            .body::<TokenBody>()
            .answers::<Made>(201),
    );
    verbs.add(
        Verb::delete("/api/v1/tokens/{id}", "revokeToken")
            .about("tokens", "Revoke a token at once.")
            .right(Action::ManageTokens)
            .parts::<TokenPath>()
            .answers_nothing(),
        delete(revoke),
    );
}

async fn list(State(web): State<Web>, ApiCaller(caller): ApiCaller) -> Answered {
    let rows = web.app.tokens(&caller).await?.into_iter().map(TokenView::from).collect();
    json(Tokens { rows })
}

async fn make(State(web): State<Web>, ApiCaller(caller): ApiCaller, Body(body): Body<TokenBody>) -> Answered {
    // A token is nobody: only the whole organisation can be in its reach.
    let grant = Grant { role: body.role, scope: Scope::Organisation };
    let (token, secret) = web.app.create_token(&caller, &body.name, grant, body.actions).await?;
    let mut response = created(Made { token: token.into(), secret })?;
    response.extensions_mut().insert(HoldsSecret);
    Ok(response)
}

async fn revoke(
    State(web): State<Web>,
    ApiCaller(caller): ApiCaller,
    Path(TokenPath { id }): Path<TokenPath>,
) -> Answered {
    web.app.revoke_token(&caller, id).await?;
    done()
}
