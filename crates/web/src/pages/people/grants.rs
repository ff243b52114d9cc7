//! Roles as a form gives them: a tick for each role, and how far it reaches where the role leaves a choice.

use std::collections::BTreeSet;

use throughline_app::AppError;
use throughline_domain::{
    Role,
    access::{self, Grant, Scope},
};

use crate::{
    chrome::role_key,
    form::Posted,
    i18n::{Key, Text},
    key,
    pages::words::data_name,
    ui::Choice,
};

/// One role of the form.
pub struct GrantRow {
    /// Its name in data.
    pub role: &'static str,
    /// Its name.
    pub label: String,
    /// What it does here.
    pub about: String,
    /// Whether the person holds it.
    pub ticked: bool,
    /// How far it may reach; a role with one reach has no choice.
    pub scopes: Vec<Choice>,
    /// That reach, in words.
    pub reach: String,
}

impl GrantRow {
    /// How far it may reach.
    pub fn scopes(&self) -> &[Choice] {
        &self.scopes
    }
}

/// A scope in words.
pub fn scope_words(t: &Text, scope: Scope) -> String {
    t.get(match scope {
        Scope::Own => key!("people-scope-own"),
        Scope::Team => key!("people-scope-team"),
        Scope::Organisation => key!("people-scope-organisation"),
    })
    .into_owned()
}

/// A role in words, with how far it reaches.
pub fn grant_words(t: &Text, grant: Grant) -> String {
    let role = t.get(role_key(grant.role));
    let scope = grant.scope.min(access::reaches_at_most(grant.role));
    if scope == access::reaches_at_most(grant.role) {
        return role.into_owned();
    }
    t.with(key!("people-grant"), (("role", role), ("scope", scope_words(t, scope)))).into_owned()
}

/// The rows of the form.
pub fn rows(t: &Text, held: &BTreeSet<Grant>) -> Vec<GrantRow> {
    Role::ALL
        .into_iter()
        .map(|role| {
            let grant = held.iter().filter(|grant| grant.role == role).max_by_key(|grant| grant.scope);
            let widest = access::reaches_at_most(role);
            let chosen = grant.map_or(widest, |grant| grant.scope.min(widest));
            let scopes = [Scope::Own, Scope::Team, Scope::Organisation]
                .into_iter()
                .filter(|scope| *scope <= widest)
                .map(|scope| Choice::new(data_name(scope), scope_words(t, scope)).chosen(scope == chosen))
                .collect();
            GrantRow {
                role: role.name(),
                label: t.get(role_key(role)).into_owned(),
                about: t.get(about(role)).into_owned(),
                ticked: grant.is_some(),
                scopes,
                reach: scope_words(t, widest),
            }
        })
        .collect()
}

/// What a posted form gives.
pub fn posted(posted: &Posted) -> Result<BTreeSet<Grant>, AppError> {
    posted
        .all("roles")
        .map(|name| {
            let role: Role = name.parse().map_err(|why: throughline_domain::people::NotARole| {
                AppError::invalid("roles", why.to_string())
            })?;
            let scope = posted.opt_one_of(&format!("scope_{}", role.name()))?;
            Ok(Grant { role, scope: scope.unwrap_or(access::reaches_at_most(role)) })
        })
        .collect()
}

fn about(role: Role) -> Key {
    match role {
        Role::Ae => key!("people-about-ae"),
        Role::AeManager => key!("people-about-ae-manager"),
        Role::Se => key!("people-about-se"),
        Role::DealDesk => key!("people-about-deal-desk"),
        Role::Product => key!("people-about-product"),
        Role::Enablement => key!("people-about-enablement"),
        Role::Csm => key!("people-about-csm"),
        Role::Implementation => key!("people-about-implementation"),
        Role::CsLeader => key!("people-about-cs-leader"),
        Role::RevOps => key!("people-about-rev-ops"),
        Role::SalesLeader => key!("people-about-sales-leader"),
        Role::Finance => key!("people-about-finance"),
        Role::Auditor => key!("people-about-auditor"),
        Role::Admin => key!("people-about-admin"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_without_a_choice_is_given_as_far_as_it_reaches() {
        let form = |pairs: &[(&str, &str)]| Posted {
            action: String::new(),
            fields: pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
        };
        let given =
            posted(&form(&[("roles", "ae"), ("roles", "cs_leader"), ("scope_cs_leader", "team")])).unwrap();
        let wanted =
            [Grant { role: Role::Ae, scope: Scope::Own }, Grant { role: Role::CsLeader, scope: Scope::Team }];
        assert_eq!(given, BTreeSet::from(wanted));
        assert!(posted(&form(&[("roles", "king")])).is_err());
        assert!(posted(&form(&[("roles", "ae"), ("scope_ae", "galaxy")])).is_err());
    }
}
