//! Two organisations on one server. In ours, for each role and each scope, a person with a handoff of their own and a
//! program with a token; a colleague of all of them with a handoff, and a stranger with one. In theirs one of each.

use std::{net::SocketAddr, sync::Arc};

use serde_json::{Value, json};
use throughline_app::{
    App, Caller, ManualClock,
    deals::DealOptions,
    orgs::{Settings, default_calendar},
    sources::ServerKey,
};
use throughline_domain::{
    AccountId, Actor, HandoffId, PersonId, Role,
    access::{Grant, Relation, Scope},
    deal::Deal,
};
use throughline_http::{Patience, ServerSettings, Web, limit::Rates};
use throughline_store::{Audit, Change, Org};
use tokio::{net::TcpListener, runtime::Runtime};

use crate::{
    keeping::{Keeping, begun},
    wire::{Proof, Wire},
};

const SCOPES: [Scope; 3] = [Scope::Own, Scope::Team, Scope::Organisation];

/// What a person may have to do with a handoff.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tie {
    /// They sell it.
    Own,
    /// A colleague of theirs sells it.
    Team,
    /// Neither.
    None,
    /// It is another organisation's.
    Theirs,
}

impl Tie {
    pub const ALL: [Tie; 4] = [Tie::Own, Tie::Team, Tie::None, Tie::Theirs];

    /// As the table of rights sees it.
    pub fn relation(self) -> Relation {
        Relation { own: self == Tie::Own, team: matches!(self, Tie::Own | Tie::Team) }
    }

    /// A word that stands in its deal's and its customer's name.
    fn canary(self) -> &'static str {
        match self {
            Tie::Own => "Ownbird",
            Tie::Team => "Teambird",
            Tie::None => "Farbird",
            Tie::Theirs => "Theirbird",
        }
    }
}

/// Where a request leads to: a handoff with what stands around it.
pub struct Place {
    pub org: Org,
    pub handoff: HandoffId,
    pub account: AccountId,
    /// Its deal's id in the CRM.
    pub deal: String,
    /// An owner known from the CRM only.
    pub stub: PersonId,
    /// Somebody whom nothing that is asked for changes much.
    pub bystander: PersonId,
}

impl Place {
    pub fn person(&self, _: Role) -> PersonId {
        self.bystander
    }
}

/// Somebody who asks.
pub struct Asker {
    pub name: String,
    pub grants: Vec<Grant>,
    pub proof: Proof,
    /// Nothing where it is a program, which has no handoff of its own.
    pub own: Option<Place>,
}

impl Asker {
    /// Whether a right reaches a handoff they are tied to like this.
    pub fn may(&self, action: throughline_domain::access::Action, tie: Tie) -> bool {
        tie != Tie::Theirs && throughline_domain::access::allowed(&self.grants, action, self.relation(tie))
    }

    /// A program is nobody's colleague.
    fn relation(&self, tie: Tie) -> Relation {
        if self.own.is_some() { tie.relation() } else { Relation { own: false, team: false } }
    }

    /// Words that nothing told to them may hold, as they may not even read of these handoffs.
    pub fn unheard(&self) -> Vec<&'static str> {
        let read = throughline_domain::access::Action::Read;
        Tie::ALL
            .into_iter()
            .filter(|tie| *tie != Tie::Own && !self.may(read, *tie))
            .map(Tie::canary)
            .collect()
    }
}

pub struct World {
    pub app: App,
    pub clock: Arc<ManualClock>,
    pub askers: Vec<Asker>,
    pub runtime: Runtime,
    pub ours: Org,
    team: Place,
    none: Place,
    theirs: Place,
    address: SocketAddr,
    _keeping: Keeping,
}

impl World {
    pub fn new() -> Self {
        let clock = Arc::new(ManualClock::at("2026-03-02T09:00:00Z".parse().unwrap()));
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let (store, keeping) = runtime.block_on(begun());
        let app = App::new(store, clock.clone()).with_key(ServerKey::read(&[b'k'; 32]).unwrap());
        let address = serve(&runtime, &app);
        let made = runtime.block_on(async {
            let ours = House::found(&app, "ours").await;
            let team = app.fresh_id();
            let sales = json!({ "id": team, "name": "Sales", "manager": null });
            ours.keep(&app, Change::PutTeam(serde_json::from_value(sales).unwrap())).await;
            let mut askers = Vec::new();
            for role in Role::ALL {
                for scope in SCOPES {
                    let (name, grant) =
                        (format!("{}-{scope:?}", role.name()).to_lowercase(), Grant { role, scope });
                    let person = ours.person(&app, &name, Some(grant), json!(team)).await;
                    let own = ours.place(&app, &name, Tie::Own).await;
                    let session = app.open_session(ours.org.id, person, "test").await.unwrap();
                    let proof = Proof::Session(session);
                    askers.push(Asker {
                        name: format!("{name} in person"),
                        grants: vec![grant],
                        proof,
                        own: Some(own),
                    });
                    let system = Caller::system(ours.org.id);
                    let token = app.create_token(&system, &name, grant, None).await.unwrap().1;
                    let proof = Proof::Token(token);
                    askers.push(Asker {
                        name: format!("{name} by token"),
                        grants: vec![grant],
                        proof,
                        own: None,
                    });
                }
            }
            ours.person(&app, "colleague", None, json!(team)).await;
            let team = ours.place(&app, "colleague", Tie::Team).await;
            ours.person(&app, "stranger", None, Value::Null).await;
            let none = ours.place(&app, "stranger", Tie::None).await;
            let house = House::found(&app, "theirs").await;
            house.person(&app, "seller", None, Value::Null).await;
            let theirs = house.place(&app, "seller", Tie::Theirs).await;
            (askers, ours.org, team, none, theirs)
        });
        let (askers, ours, team, none, theirs) = made;
        Self { app, clock, askers, runtime, ours, team, none, theirs, address, _keeping: keeping }
    }

    /// A connection to the server.
    pub fn wire(&self) -> Wire {
        Wire::to(self.address)
    }

    /// The handoff somebody is tied to like this.
    pub fn place<'w>(&'w self, asker: &'w Asker, tie: Tie) -> Option<&'w Place> {
        match tie {
            Tie::Own => asker.own.as_ref(),
            Tie::Team => Some(&self.team),
            Tie::None => Some(&self.none),
            Tie::Theirs => Some(&self.theirs),
        }
    }

    /// Everything there is of the other organisation's handoff.
    pub fn of_theirs(&self) -> impl PartialEq + std::fmt::Debug + use<> {
        let (org, id) = (self.theirs.org.id, self.theirs.handoff);
        let store = self.app.store();
        self.runtime.block_on(async { (store.load(org, id).await.unwrap(), store.org(org).await.unwrap()) })
    }
}

/// An organisation being made.
struct House {
    org: Org,
    bystander: PersonId,
}

impl House {
    async fn found(app: &App, slug: &str) -> Self {
        let org = app.create_org(slug, slug, default_calendar().unwrap()).await.unwrap();
        let mut house = Self { org, bystander: PersonId(app.fresh_id()) };
        let system = Caller::system(house.org.id);
        let leads = Grant { role: Role::RevOps, scope: Scope::Organisation };
        let owner = house.person(app, "process-owner", Some(leads), Value::Null).await;
        let settings = Settings { process_owner: Some(owner), ..Settings::default() };
        house.org = app.change_settings(&system, settings).await.unwrap();
        let csm = Grant { role: Role::Csm, scope: Scope::Own };
        house.bystander = house.person(app, "bystander", Some(csm), Value::Null).await;
        house
    }

    async fn person(&self, app: &App, name: &str, grant: Option<Grant>, team: Value) -> PersonId {
        let id = PersonId(app.fresh_id());
        // In the form in which it is kept: what is new there has a default.
        let person = json!({
            "id": id, "name": format!("{} {name}", self.org.slug), "email": format!("{name}@{}.example", self.org.slug),
            "grants": grant.into_iter().collect::<Vec<_>>(), "team": team, "status": "active", "zone": null,
            "password": null, "aliases": [format!("crm:{name}")], "mapped_to": null, "created_at": app.now(),
        });
        self.keep(app, Change::PutPerson(serde_json::from_value(person).unwrap())).await;
        id
    }

    async fn keep(&self, app: &App, change: Change) {
        let audit = Audit {
            at: app.now(),
            by: Actor::System,
            action: "set-up".to_owned(),
            subject: String::new(),
            detail: Value::Null,
        };
        app.store().apply(self.org.id, vec![change], audit).await.unwrap();
    }

    /// A handoff that somebody sells.
    async fn place(&self, app: &App, seller: &str, tie: Tie) -> Place {
        let system = Caller::system(self.org.id);
        let (deal, canary) = (format!("D-{seller}"), tie.canary());
        let options = DealOptions { open_now: true, ..DealOptions::default() };
        let opened = app.put_deal(&system, told(&deal, canary, seller), options).await.unwrap();
        let handoff = opened.handoff.unwrap();
        let account = app.load(self.org.id, handoff).await.unwrap().handoff.account;
        app.put_deal(&system, told("D-stub", "Stub", "nobody-known"), DealOptions::default()).await.unwrap();
        let store = app.store();
        let stub = store.person_by_alias(self.org.id, "crm:nobody-known").await.unwrap().unwrap().id;
        Place { org: self.org.clone(), handoff, account, deal, stub, bystander: self.bystander }
    }
}

fn told(id: &str, canary: &str, seller: &str) -> Deal {
    let deal = json!({
        "source": "crm", "external_id": id, "source_time": "2026-03-02T08:00:00Z", "name": format!("{canary} {id}"),
        "account": format!("{canary} {id}"), "stage": "Proposal", "amount": { "minor": 12_000_000, "currency": "EUR" },
        "close_on": "2026-03-20", "owner": { "external_id": seller },
    });
    serde_json::from_value(deal).unwrap()
}

fn serve(runtime: &Runtime, app: &App) -> SocketAddr {
    let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
    let address = listener.local_addr().unwrap();
    let settings = ServerSettings { public_url: format!("http://{address}"), secure: false, demo: false };
    let web = Web::new(app.clone(), settings).with_limits(Rates::NONE, Vec::new());
    let routes = throughline_web::router(web.clone()).merge(throughline_api::router(web.clone()));
    let routes = throughline_http::layers(routes, &web);
    runtime.spawn(async move {
        throughline_http::serve(listener, routes, web, Patience::default(), std::future::pending()).await
    });
    address
}
