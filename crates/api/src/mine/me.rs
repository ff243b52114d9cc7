//! `GET /api/v1/me`: who asks, and what they may do.

use std::collections::BTreeSet;

use axum::{extract::State, routing::get};
use schemars::JsonSchema;
use serde::Serialize;
use throughline_domain::{
    Actor, OrgId,
    access::{Action, Grant},
};
use throughline_http::{ApiCaller, Web};

use crate::{
    answer::{Answered, json},
    people::PersonView,
    spec::{Verb, Verbs},
};

/// Who asks.
#[derive(Debug, Serialize, JsonSchema)]
struct Me {
    /// Who.
    actor: Actor,
    /// Themselves, when it is a person.
    person: Option<PersonView>,
    /// In which organisation.
    organisation: OrgId,
    /// Its name.
    organisation_name: String,
    /// Roles with their reach.
    grants: Vec<Grant>,
    /// What may be done somewhere.
    actions: BTreeSet<Action>,
}

pub(super) fn add(verbs: &mut Verbs) {
    verbs.add(
        Verb::get("/api/v1/me", "getMe")
            .about("me", "Who you are here, and what you may do.")
            .answers::<Me>(200),
        get(me),
    );
}

async fn me(State(web): State<Web>, ApiCaller(caller): ApiCaller) -> Answered {
    let org = web.app.organisation(caller.org).await?;
    let person = match caller.person() {
        Some(id) => web.app.named(caller.org, [id]).await?.remove(&id),
        None => None,
    };
    json(Me {
        actor: caller.actor,
        person: person.map(PersonView::from),
        organisation: org.id,
        organisation_name: org.name,
        actions: Action::ALL.into_iter().filter(|action| caller.may(*action).is_ok()).collect(),
        grants: caller.grants,
    })
}
