//! A company to try use cases on.

use std::{collections::BTreeSet, sync::Arc};

use serde_json::json;
use throughline_app::{
    App, Caller, ManualClock,
    deals::{DealAnswer, DealOptions},
    orgs::calendar_in,
    people::NewPerson,
};
use throughline_domain::{
    OrgId, PersonId, Role, TeamId,
    access::{Grant, Scope},
    deal::Deal,
    handoff::Handoff,
};
use throughline_store::memory::MemoryStore;

/// A Monday morning.
pub const TODAY: &str = "2026-03-02T08:00:00Z";
pub const PASSWORD: &str = "correct horse battery";

pub struct Company {
    pub app: App,
    pub clock: Arc<ManualClock>,
    pub org: OrgId,
}

/// One with the shipped playbooks and nobody in it.
pub async fn company() -> Company {
    let clock = Arc::new(ManualClock::at(TODAY.parse().unwrap()));
    let app = App::new(Arc::new(MemoryStore::new()), clock.clone());
    let org = app.create_org("acme", "Acme", calendar_in("Europe/Berlin").unwrap()).await.unwrap().id;
    Company { app, clock, org }
}

/// One whose process RevOps owns.
pub async fn staffed() -> Company {
    let company = company().await;
    company.join("ravi", &[Role::RevOps], None).await;
    company
}

impl Company {
    pub fn system(&self) -> Caller {
        Caller::system(self.org)
    }

    /// Somebody new who signs in: `NAME@acme.example`.
    pub async fn join(&self, name: &str, roles: &[Role], team: Option<TeamId>) -> PersonId {
        let scope = Scope::Organisation;
        let grants: BTreeSet<Grant> = roles.iter().map(|role| Grant { role: *role, scope }).collect();
        let email = format!("{name}@acme.example");
        let new = NewPerson { name: name.to_owned(), email, grants, team };
        let (person, path) = self.app.invite(&self.system(), new).await.unwrap();
        self.app.welcome(secret_in(&path), PASSWORD.to_owned()).await.unwrap();
        person.id
    }

    pub async fn caller(&self, person: PersonId) -> Caller {
        self.app.caller(self.org, person).await.unwrap()
    }

    pub async fn put(&self, deal: Deal) -> DealAnswer {
        self.app.put_deal(&self.system(), deal, DealOptions::default()).await.unwrap()
    }

    pub async fn opened(&self, deal: Deal) -> Handoff {
        let options = DealOptions { open_now: true, ..DealOptions::default() };
        let id = self.app.put_deal(&self.system(), deal, options).await.unwrap().handoff.unwrap();
        self.app.load(self.org, id).await.unwrap().handoff
    }
}

/// What stands behind `key=` in a link.
pub fn secret_in(path: &str) -> &str {
    path.split_once("key=").unwrap().1
}

/// An open deal far from its signature; the owner is known by mail.
pub fn deal(id: &str, owner: Option<&str>) -> Deal {
    let owner = owner.map(|name| json!({ "email": format!("{name}@acme.example"), "name": name }));
    serde_json::from_value(json!({
        "source": "crm", "external_id": id, "source_time": TODAY, "name": format!("Rollout {id}"),
        "account": format!("Customer {id}"), "stage": "Proposal", "close_on": "2026-12-20", "owner": owner,
    }))
    .unwrap()
}
