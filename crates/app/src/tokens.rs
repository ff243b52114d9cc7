//! API tokens: a role, narrowable to actions, the secret shown once (R0.15).

use std::collections::BTreeSet;

use throughline_domain::{
    TokenId,
    access::{Action, Grant},
};
use throughline_store::{Change, Token};

use crate::{App, AppError, Caller, orgs::line, secrets};

/// What every token begins with, so that leaked ones are found.
pub const PREFIX: &str = "tl_";

impl App {
    /// Makes a token; the secret is in the answer and nowhere else.
    pub async fn create_token(
        &self,
        caller: &Caller,
        name: &str,
        grant: Grant,
        actions: Option<BTreeSet<Action>>,
    ) -> Result<(Token, String), AppError> {
        caller.may(Action::ManageTokens)?;
        let secret = secrets::secret(PREFIX);
        let token = Token {
            id: TokenId(self.fresh_id()),
            name: line("name", name, 100)?,
            secret: secrets::hash(&secret),
            grant,
            actions,
            created_at: self.now(),
            revoked_at: None,
        };
        let detail =
            serde_json::json!({ "role": grant.role, "scope": grant.scope, "actions": token.actions });
        let audit = self.audit(caller, "create-token", &token.id.to_string(), detail);
        self.apply(caller, vec![Change::PutToken(token.clone())], audit).await?;
        Ok((token, secret))
    }

    /// Revokes a token at once.
    pub async fn revoke_token(&self, caller: &Caller, id: TokenId) -> Result<(), AppError> {
        caller.may(Action::ManageTokens)?;
        let mut token = self.store.token_by_id(caller.org, id).await?.ok_or(AppError::NotFound("token"))?;
        if token.revoked_at.is_some() {
            return Ok(());
        }
        token.revoked_at = Some(self.now());
        let audit = self.audit(caller, "revoke-token", &id.to_string(), serde_json::Value::Null);
        self.apply(caller, vec![Change::PutToken(token)], audit).await
    }

    /// All tokens, without secrets.
    pub async fn tokens(&self, caller: &Caller) -> Result<Vec<Token>, AppError> {
        caller.may(Action::ManageTokens)?;
        Ok(self.store.tokens(caller.org).await?)
    }

    /// The caller behind a token's secret.
    pub async fn token_caller(&self, secret: &str) -> Result<Caller, AppError> {
        if !secret.starts_with(PREFIX) || secret.len() > 200 {
            return Err(AppError::NotSignedIn);
        }
        let (org, token) = self.store.token(&secrets::hash(secret)).await?.ok_or(AppError::NotSignedIn)?;
        if token.revoked_at.is_some() {
            return Err(AppError::NotSignedIn);
        }
        Ok(Caller::token(org, &token))
    }
}
