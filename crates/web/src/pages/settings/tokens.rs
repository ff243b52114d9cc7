//! API tokens: for a CRM, an import job, a warehouse. A role, narrowed to actions where less will do; the secret is
//! shown once.

use askama::Template;
use jiff::Timestamp;
use std::collections::BTreeSet;
use throughline_app::AppError;
use throughline_domain::{
    Role, TokenId,
    access::{self, Action, Grant, Scope},
};

use super::{Part, tabs, token_words::action_key};
use crate::{
    answer::{html, html_with},
    chrome::{Chrome, Place, role_key},
    form::Posted,
    i18n::Text,
    key,
    pages::{
        parts::{self, Wrong},
        people::{grant_words, scope_words},
        words::data_name,
    },
    ui::{Choice, Field, Tab, Tone},
    visit::{Answer, Visit},
};

struct TokenRow {
    id: String,
    name: String,
    grant: String,
    actions: String,
    made: Timestamp,
    revoked: Option<Timestamp>,
}

struct TokenForm {
    open: bool,
    name: Field,
    role: Field,
    roles: Vec<Choice>,
    scope: Field,
    scopes: Vec<Choice>,
    actions: Field,
    all_actions: Vec<Choice>,
    refused: Option<String>,
}

#[derive(Template)]
#[template(path = "pages/settings/tokens.html")]
struct TokensPage {
    t: Text,
    chrome: Chrome,
    tabs: Vec<Tab>,
    rows: Vec<TokenRow>,
    form: TokenForm,
    /// A token just made: its name and its secret, shown this once.
    made: Option<(String, String)>,
}

pub async fn page(visit: Visit) -> Answer {
    Ok(html(&made(&visit, None, None).await?))
}

async fn made(
    visit: &Visit,
    typed: Option<(&Posted, &Wrong)>,
    fresh: Option<(String, String)>,
) -> Result<TokensPage, AppError> {
    let t = visit.t.clone();
    let tokens = visit.web.app.tokens(&visit.caller).await?;
    let rows = tokens
        .into_iter()
        .map(|token| TokenRow {
            id: token.id.to_string(),
            grant: grant_words(&t, token.grant),
            actions: match &token.actions {
                None => t.get(key!("settings-token-all")).into_owned(),
                Some(only) => {
                    only.iter().map(|action| t.get(action_key(*action))).collect::<Vec<_>>().join(", ")
                }
            },
            name: token.name,
            made: token.created_at,
            revoked: token.revoked_at,
        })
        .collect();
    Ok(TokensPage {
        tabs: tabs(visit, Part::Tokens),
        chrome: visit.chrome(Some(Place::Settings)),
        form: form(&t, typed),
        rows,
        made: fresh,
        t,
    })
}

fn form(t: &Text, typed: Option<(&Posted, &Wrong)>) -> TokenForm {
    let wrong = typed.map(|(_, wrong)| wrong);
    let value = |field: &str| typed.map_or("", |(posted, _)| posted.typed(field));
    let ticked: BTreeSet<&str> = typed.map(|(posted, _)| posted.all("actions").collect()).unwrap_or_default();
    TokenForm {
        open: typed.is_some(),
        name: Field::new("name", t.get(key!("settings-token-name")))
            .value(value("name"))
            .hint(t.get(key!("settings-token-name-hint")))
            .required()
            .error(parts::at(wrong, "name")),
        role: Field::new("role", t.get(key!("settings-token-role")))
            .required()
            .error(parts::at(wrong, "role")),
        roles: Role::ALL
            .into_iter()
            .map(|role| Choice::new(role.name(), t.get(role_key(role))).chosen(role.name() == value("role")))
            .collect(),
        scope: Field::new("scope", t.get(key!("settings-token-scope")))
            .hint(t.get(key!("settings-token-scope-hint")))
            .error(parts::at(wrong, "scope")),
        scopes: [Scope::Organisation, Scope::Team, Scope::Own]
            .into_iter()
            .map(|scope| {
                let name = data_name(scope);
                let chosen =
                    name == value("scope") || (value("scope").is_empty() && scope == Scope::Organisation);
                Choice::new(name, scope_words(t, scope)).chosen(chosen)
            })
            .collect(),
        actions: Field::new("actions", t.get(key!("settings-token-actions")))
            .hint(t.get(key!("settings-token-actions-hint")))
            .error(parts::at(wrong, "actions")),
        all_actions: Action::ALL
            .into_iter()
            .map(|action| {
                let name = action.name();
                let chosen = ticked.contains(name.as_str());
                Choice::new(name, t.get(action_key(action))).chosen(chosen)
            })
            .collect(),
        refused: parts::beside(wrong, &["name", "role", "scope", "actions"]),
    }
}

/// Makes a token. The answer is the page itself, so that the secret is never part of an address or a cookie.
pub async fn make(visit: Visit, posted: Posted) -> Answer {
    let done = async {
        let role: Role = posted.parse("role")?;
        let scope = posted.opt_one_of("scope")?.unwrap_or(Scope::Organisation);
        let only: Vec<Action> = posted.some_of("actions")?;
        let beyond: Vec<String> = only
            .iter()
            .filter(|action| access::reach(role, **action).is_none())
            .map(|action| visit.t.get(action_key(*action)).into_owned())
            .collect();
        if !beyond.is_empty() {
            let text = visit.t.with(
                key!("settings-token-beyond"),
                (("role", visit.t.get(role_key(role))), ("actions", visit.t.list(&beyond))),
            );
            return Err(AppError::invalid("actions", text));
        }
        let only = (!only.is_empty()).then(|| only.into_iter().collect());
        visit.web.app.create_token(&visit.caller, posted.typed("name"), Grant { role, scope }, only).await
    };
    match done.await {
        Ok((token, secret)) => Ok(html(&made(&visit, None, Some((token.name, secret))).await?)),
        Err(why) => {
            let wrong = Wrong::of(&visit.t, why)?;
            Ok(html_with(wrong.status, &made(&visit, Some((&posted, &wrong)), None).await?))
        }
    }
}

/// Revokes a token.
pub async fn revoke(visit: Visit, posted: Posted) -> Answer {
    let id: Result<TokenId, AppError> = posted.parse("id");
    visit.web.app.revoke_token(&visit.caller, id?).await?;
    Ok(visit.back("/settings/tokens", Tone::Good, &visit.t.get(key!("settings-token-revoked"))))
}
