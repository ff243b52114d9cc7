//! `throughline token`

use std::collections::BTreeSet;

use clap::Subcommand;
use serde_json::{Value, json};
use throughline_domain::{
    Role, TokenId,
    access::{Action, Grant, Scope, reach},
};
use throughline_store::Token;

use crate::{
    args::{Global, OrgArg},
    command::people::{scope, scope_name},
    desk::Desk,
    failure::{Exit, Failure},
    output::Out,
};

#[derive(Debug, Subcommand)]
pub enum TokenCommand {
    /// Make an API token; its secret is shown once
    #[command(after_help = "\
Examples:
  throughline token create --org acme --role rev_ops --name crm-sync --action send_deals
  throughline token create --org acme --role ae --scope organisation --action preview_gate --action attempt_gate")]
    Create {
        /// The role whose rights it has
        #[arg(long)]
        role: Role,
        /// What it is for
        #[arg(long, default_value = "made on the command line")]
        name: String,
        /// How far it reaches at most: own, team or organisation
        #[arg(long, value_parser = scope, default_value = "organisation")]
        scope: Scope,
        /// Narrow it to these actions; may be given several times
        #[arg(long = "action", value_name = "ACTION", value_parser = action)]
        actions: Vec<Action>,
        #[command(flatten)]
        org: OrgArg,
    },
    /// List tokens, without their secrets
    #[command(after_help = "\
Examples:
  throughline token list --org acme")]
    List {
        #[command(flatten)]
        org: OrgArg,
    },
    /// Revoke a token at once
    #[command(after_help = "\
Examples:
  throughline token revoke 0199f1c2-7d1e-7000-8000-000000000000 --org acme")]
    Revoke {
        /// The token's id, as `list` shows it
        id: TokenId,
        #[command(flatten)]
        org: OrgArg,
    },
}

fn action(text: &str) -> Result<Action, String> {
    Action::ALL.into_iter().find(|action| action.name() == text).ok_or_else(|| {
        let names: Vec<String> = Action::ALL.iter().map(|action| action.name()).collect();
        format!("no such action; one of {}", names.join(", "))
    })
}

pub async fn run(global: &Global, what: TokenCommand, out: Out) -> Result<Exit, Failure> {
    match what {
        TokenCommand::Create { role, name, scope, actions, org } => {
            let desk = Desk::open(global, &org).await?;
            if let Some(odd) = actions.iter().find(|action| reach(role, **action).is_none()) {
                return Err(
                    Failure::refused(format!("{role} may not {}", odd.name())).hint("choose a role that may")
                );
            }
            let actions: BTreeSet<Action> = actions.into_iter().collect();
            let actions = (!actions.is_empty()).then_some(actions);
            let (token, secret) =
                desk.app.create_token(&desk.caller, &name, Grant { role, scope }, actions).await?;
            let mut told = value(&token);
            told["secret"] = json!(secret);
            out.value(&told)?;
            out.line(format_args!(
                "token {} for {role}: this is the only time its secret is shown",
                token.id
            ))?;
            out.line(secret)?;
        }
        TokenCommand::List { org } => {
            let desk = Desk::open(global, &org).await?;
            let tokens = desk.app.tokens(&desk.caller).await?;
            out.value(&tokens.iter().map(value).collect::<Vec<_>>())?;
            let row = |token: &Token| {
                let state = if token.revoked_at.is_some() { "revoked" } else { "good" };
                let grant = format!("{}:{}", token.grant.role.name(), scope_name(token.grant.scope));
                vec![token.id.to_string(), state.to_owned(), grant, token.name.clone()]
            };
            out.table(&tokens.iter().map(row).collect::<Vec<_>>())?;
        }
        TokenCommand::Revoke { id, org } => {
            let desk = Desk::open(global, &org).await?;
            desk.app.revoke_token(&desk.caller, id).await?;
            out.value(&json!({ "revoked": id }))?;
            out.line(format_args!("token {id} is revoked"))?;
        }
    }
    Ok(Exit::Done)
}

/// A token without what is kept of its secret.
fn value(token: &Token) -> Value {
    json!({
        "id": token.id, "name": token.name, "role": token.grant.role, "scope": token.grant.scope,
        "actions": token.actions, "created_at": token.created_at, "revoked_at": token.revoked_at,
    })
}
