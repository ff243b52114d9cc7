//! A whole server over a store in memory, with two organisations, people of every role and a handoff each.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on has failed"
)]
#![allow(dead_code, clippy::allow_attributes, reason = "each test file uses its part")]

pub mod sample;

use std::{collections::BTreeSet, sync::Arc};

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{HeaderMap, Request, StatusCode},
};
use serde_json::{Value, json};
use throughline_app::{
    App, Caller, ManualClock, deals::DealOptions, orgs::default_calendar, sources::ServerKey,
};
use throughline_domain::{
    AccountId, HandoffId, PersonId, Role,
    access::{Action, Grant, Scope},
    deal::Deal,
};
use throughline_http::{ServerSettings, Web, limit::Rates};
use throughline_store::{Change, Org, Person, PersonStatus, memory::MemoryStore};
use tower::ServiceExt;

/// What stands in the other organisation's texts.
pub const CANARY: &str = "canary-7f3a91";

/// A server with what its tests need to know.
pub struct World {
    pub web: Web,
    pub clock: Arc<ManualClock>,
    pub router: Router,
    pub ours: Place,
    pub theirs: Place,
}

/// One organisation.
pub struct Place {
    pub org: Org,
    pub handoff: HandoffId,
    pub account: AccountId,
    /// By role.
    pub people: Vec<(Role, PersonId)>,
    /// An owner known from the CRM only.
    pub stub: PersonId,
    /// By role, reaching the whole organisation.
    pub tokens: Vec<(Role, String)>,
}

impl Place {
    pub fn token(&self, role: Role) -> &str {
        &self.tokens.iter().find(|(of, _)| *of == role).unwrap().1
    }

    pub fn person(&self, role: Role) -> PersonId {
        self.people.iter().find(|(of, _)| *of == role).unwrap().1
    }
}

/// An answer, read.
#[derive(Debug)]
pub struct Got {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
}

impl Got {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("no JSON: {}", self.text))
    }

    /// The last part of the problem's type.
    pub fn kind(&self) -> String {
        self.json()["type"].as_str().unwrap_or_default().trim_start_matches("/problems/").to_owned()
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

impl World {
    pub async fn new() -> Self {
        let clock = Arc::new(ManualClock::at("2026-03-02T09:00:00Z".parse().unwrap()));
        let app = App::new(Arc::new(MemoryStore::new()), clock.clone())
            .with_key(ServerKey::read(&[b'k'; 32]).unwrap());
        let settings =
            ServerSettings { public_url: "https://handoffs.example".to_owned(), secure: true, demo: false };
        let web = Web::new(app, settings).with_limits(Rates::NONE, Vec::new());
        let ours = place(&web.app, "ours", "Northwind").await;
        let theirs = place(&web.app, "theirs", CANARY).await;
        let router = throughline_http::layers(throughline_api::router(web.clone()), &web);
        Self { web, clock, router, ours, theirs }
    }

    /// Another server on the same store: it knows nothing of what is under way at others.
    pub fn node(&self) -> Router {
        throughline_http::layers(throughline_api::router(self.web.clone()), &self.web)
    }

    pub async fn send(&self, request: Request<Body>) -> Got {
        Self::send_to(&self.router, request).await
    }

    async fn send_to(node: &Router, request: Request<Body>) -> Got {
        let response = node.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, usize::MAX).await.unwrap();
        Got {
            status: parts.status,
            headers: parts.headers,
            text: String::from_utf8_lossy(&bytes).into_owned(),
        }
    }

    /// Asks as JSON, with a token.
    pub async fn ask(&self, token: &str, method: &str, path: &str, body: Option<Value>) -> Got {
        self.ask_with(token, method, path, body, &[]).await
    }

    pub async fn ask_with(
        &self,
        token: &str,
        method: &str,
        path: &str,
        body: Option<Value>,
        headers: &[(&str, &str)],
    ) -> Got {
        self.ask_at(&self.router, token, method, path, body, headers).await
    }

    pub async fn ask_at(
        &self,
        node: &Router,
        token: &str,
        method: &str,
        path: &str,
        body: Option<Value>,
        headers: &[(&str, &str)],
    ) -> Got {
        let mut request = Request::builder().method(method.to_uppercase().as_str()).uri(path);
        if !token.is_empty() {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let body = match body {
            Some(body) => {
                request = request.header("content-type", "application/json");
                Body::from(body.to_string())
            }
            None => Body::empty(),
        };
        Self::send_to(node, request.body(body).expect("a request")).await
    }

    /// A session of somebody, as the cookie header.
    pub async fn session(&self, person: PersonId) -> String {
        let secret = self.web.app.open_session(self.ours.org.id, person, "test").await.unwrap();
        format!("__Host-throughline={secret}")
    }

    /// A token narrowed to some actions.
    pub async fn narrowed(&self, role: Role, actions: &[Action]) -> String {
        let system = Caller::system(self.ours.org.id);
        let grant = Grant { role, scope: Scope::Organisation };
        let actions = Some(actions.iter().copied().collect());
        self.web.app.create_token(&system, "narrowed", grant, actions).await.unwrap().1
    }
}

async fn place(app: &App, slug: &str, name: &str) -> Place {
    let org = app.create_org(slug, name, default_calendar().unwrap()).await.unwrap();
    let system = Caller::system(org.id);
    let mut people = Vec::new();
    let mut changes = Vec::new();
    for role in Role::ALL {
        let id = PersonId(app.fresh_id());
        people.push((role, id));
        changes.push(Change::PutPerson(Person {
            id,
            name: format!("{name} {}", role.title()),
            email: Some(format!("{}@{slug}.example", role.name())),
            grants: BTreeSet::from([Grant { role, scope: Scope::Organisation }]),
            team: None,
            status: PersonStatus::Active,
            zone: None,
            password: None,
            aliases: BTreeSet::from([format!("crm:{}", role.name())]),
            mapped_to: None,
            notify: Default::default(),
            away: Default::default(),
            created_at: app.now(),
        }));
    }
    let owner = people.iter().find(|(role, _)| *role == Role::RevOps).unwrap().1;
    changes.push(Change::PutOrg(Org { version: org.version + 1, process_owner: Some(owner), ..org.clone() }));
    let audit = throughline_store::Audit {
        at: app.now(),
        by: throughline_domain::Actor::System,
        action: "set-up".to_owned(),
        subject: slug.to_owned(),
        detail: Value::Null,
    };
    app.store().apply(org.id, changes, audit).await.unwrap();
    let mut tokens = Vec::new();
    for role in Role::ALL {
        let grant = Grant { role, scope: Scope::Organisation };
        tokens.push((role, app.create_token(&system, role.name(), grant, None).await.unwrap().1));
    }
    let options = DealOptions { open_now: true, ..DealOptions::default() };
    let opened = app.put_deal(&system, deal("D-1", name, "ae"), options).await.unwrap();
    app.put_deal(&system, deal("D-2", name, "somebody-unknown"), options).await.unwrap();
    // Early in its sale: known, no record yet.
    let early = Deal { close_on: "2026-12-20".parse().ok(), ..deal("D-3", name, "ae") };
    app.put_deal(&system, early, DealOptions::default()).await.unwrap();
    let handoff = opened.handoff.unwrap();
    let account = app.load(org.id, handoff).await.unwrap().handoff.account;
    let stub = app.store().person_by_alias(org.id, "crm:somebody-unknown").await.unwrap().unwrap().id;
    Place { org, handoff, account, people, stub, tokens }
}

pub fn deal(id: &str, account: &str, owner: &str) -> Deal {
    serde_json::from_value(json!({
        "source": "crm", "external_id": id, "source_time": "2026-03-02T08:00:00Z",
        "name": format!("{account} platform"), "account": account, "stage": "Proposal",
        "amount": { "minor": 12_000_000, "currency": "EUR" }, "close_on": "2026-03-20",
        "owner": { "external_id": owner, "name": format!("{account} owner") },
        "extra": { "Next step": format!("call {account}") },
    }))
    .unwrap()
}
