//! A company that mails, two of its customers with a plan each, and browsers that keep their cookies.

use std::{
    collections::BTreeMap,
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::Duration,
};

use async_trait::async_trait;
use jiff::SignedDuration;
use serde_json::{Value, json};
use throughline_app::{
    App, Caller, ManualClock,
    deals::DealOptions,
    gates::escaped,
    orgs::{Settings, default_calendar},
    sweep::Outgoing,
};
use throughline_domain::{
    AccountId, Actor, HandoffId, OrgId, PersonId, Role,
    access::{Grant, Scope},
    handoff::{Command, Handoff, command},
    playbook::shipped,
    record::{Answer, Evidence, List},
};
use throughline_http::{Patience, ServerSettings, Web, limit::Rates};
use throughline_messages::{Mail, Mailbox, Post, PostError};
use throughline_store::{Audit, Change};
use throughline_testkit::{body_for, evidence, text};
use tokio::{net::TcpListener, runtime::Runtime};

use crate::{
    keeping::{Keeping, begun},
    story::{self, send},
};

pub const INES: &str = "ines@customer.example";

/// Takes every mail.
#[derive(Debug, Default)]
struct Out(Mutex<Vec<Mail>>);

#[async_trait]
impl Post for Out {
    async fn send(&self, mail: &Mail) -> Result<(), PostError> {
        self.0.lock().unwrap().push(mail.clone());
        Ok(())
    }
}

/// A customer with a plan.
#[derive(Clone)]
pub struct Customer {
    pub id: HandoffId,
    pub account: AccountId,
}

pub struct Office {
    pub app: App,
    pub org: OrgId,
    pub first: Customer,
    pub second: Customer,
    clock: Arc<ManualClock>,
    out: Arc<Out>,
    maya: PersonId,
    runtime: Runtime,
    address: SocketAddr,
    _keeping: Keeping,
}

/// Who goes through the portal's pages, with the cookies they were given.
pub struct Browser {
    to: SocketAddr,
    pub cookies: BTreeMap<String, String>,
    pub headers: Vec<(&'static str, String)>,
}

impl Office {
    /// One whose server is reached over plain HTTP.
    pub fn open() -> Self {
        Self::at(false)
    }

    /// The same, or one that is reached over HTTPS, as its cookies tell.
    pub fn at(secure: bool) -> Self {
        let clock = Arc::new(ManualClock::at("2026-03-02T09:00:00Z".parse().unwrap()));
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let (store, keeping) = runtime.block_on(begun());
        let out = Arc::new(Out::default());
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
        let address = listener.local_addr().unwrap();
        let public_url = format!("{}://{address}", if secure { "https" } else { "http" });
        let from = Mailbox::new("Northwind", "handoffs@northwind.example".parse().unwrap());
        let outgoing = Outgoing { post: out.clone(), from, public_url: public_url.clone() };
        let app = App::new(store, clock.clone()).with_mail(outgoing);
        serve(&runtime, &app, listener, ServerSettings { public_url, secure, demo: false });
        let (org, maya, first, second) = runtime.block_on(async {
            let org = app.create_org("northwind", "Northwind", default_calendar().unwrap()).await.unwrap().id;
            let rita = joins(&app, org, "rita", Role::RevOps).await;
            let maya = joins(&app, org, "maya", Role::Csm).await;
            joins(&app, org, "ava", Role::Ae).await;
            let system = Caller::system(org);
            let settings = Settings { process_owner: Some(rita), ..Settings::default() };
            app.change_settings(&system, settings).await.unwrap();
            // The plan is to be opened without all that comes before it.
            let (before, gates) =
                shipped::source("default").unwrap().split_once("  - gate: handoff").unwrap();
            let (_, after) = gates.split_once("  - gate: kickoff").unwrap();
            app.publish_playbook(&system, &format!("{before}  - gate: kickoff{after}")).await.unwrap();
            let first = customer(&app, org, "Lindner", maya).await;
            let second = customer(&app, org, "Brandt", maya).await;
            (org, maya, first, second)
        });
        Self { app, org, first, second, clock, out, maya, runtime, address, _keeping: keeping }
    }

    /// A browser that was never here.
    pub fn browser(&self) -> Browser {
        Browser { to: self.address, cookies: BTreeMap::new(), headers: Vec::new() }
    }

    /// Maya's browser, signed in.
    pub fn maya(&self) -> Browser {
        let session = self.wait(self.app.open_session(self.org, self.maya, "a browser")).unwrap();
        let mut browser = self.browser();
        browser.cookies.insert("throughline".to_owned(), session);
        browser
    }

    pub fn wait<T>(&self, of: impl Future<Output = T>) -> T {
        self.runtime.block_on(of)
    }

    pub fn later(&self, minutes: i64) {
        self.clock.advance(SignedDuration::from_mins(minutes));
    }

    /// Maya lets somebody in, on the page for it.
    pub fn lets_in(&self, customer: &Customer, email: &str, signs: bool) {
        let path = format!("/handoffs/{}/plan/customers", customer.id);
        let mut fields = vec![("name", "Ines Calloway"), ("email", email)];
        fields.extend(signs.then_some(("may_sign", "on")));
        self.maya().post(&path, &fields).sent_to(&path);
    }

    /// Everything that can leaves; the mails to somebody, oldest first.
    pub fn mails_to(&self, address: &str) -> Vec<Mail> {
        self.wait(async {
            while self.app.sweep_outbox().await.unwrap().taken > 0 {}
            while self.app.sweep_parcels().await.unwrap().taken > 0 {}
        });
        let all = self.out.0.lock().unwrap();
        all.iter().filter(|mail| mail.to.address.as_str() == address).cloned().collect()
    }

    /// The next mail to somebody after so many. What is mailed is asked for behind the answer.
    #[track_caller]
    fn mail_after(&self, address: &str, before: usize) -> Mail {
        for _ in 0..500 {
            if let Some(mail) = self.mails_to(address).get(before) {
                return mail.clone();
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        panic!("no mail came to {address}")
    }

    /// Where the link leads that somebody asks for with a browser.
    #[track_caller]
    pub fn link(&self, browser: &mut Browser, email: &str, customer: &Customer) -> String {
        let before = self.mails_to(email).len();
        let at = customer.account.to_string();
        browser.get(&format!("/portal?at={at}")).is(200);
        browser.post("/portal", &[("email", email), ("at", &at)]).sent_to(&format!("/portal/sent?at={at}"));
        let mail = self.mail_after(email, before);
        let link = mail.text.split_whitespace().find(|word| word.contains("/portal/enter?key=")).unwrap();
        link[link.find("/portal/enter").unwrap()..].to_owned()
    }

    /// The digits of the newest mail to somebody.
    #[track_caller]
    pub fn digits(&self, email: &str) -> String {
        let mails = self.mails_to(email);
        let digits = |word: &&str| word.len() == 6 && word.bytes().all(|c| c.is_ascii_digit());
        mails.last().unwrap().text.split_whitespace().find(digits).unwrap().to_owned()
    }

    /// A browser somebody is in with.
    #[track_caller]
    pub fn inside(&self, email: &str, customer: &Customer) -> Browser {
        let mut browser = self.browser();
        let link = self.link(&mut browser, email, customer);
        browser.enters(&link).sent_to("/portal/plan");
        browser
    }

    pub fn handoff(&self, customer: &Customer) -> Handoff {
        self.wait(self.app.load(self.org, customer.id)).unwrap().handoff
    }

    /// How often both customers' handoffs have changed.
    pub fn versions(&self) -> [u64; 2] {
        [&self.first, &self.second].map(|one| self.wait(self.app.load(self.org, one.id)).unwrap().version)
    }

    /// Something is done in the company.
    pub fn does(&self, as_: &str, customer: &Customer, command: impl Into<Command>) -> Handoff {
        self.wait(async {
            let alias = format!("crm:{as_}");
            let person = self.app.store().person_by_alias(self.org, &alias).await.unwrap().unwrap();
            let caller = self.app.caller(self.org, person.id).await.unwrap();
            let done = self.app.handle(&caller, customer.id, command, Default::default()).await.unwrap();
            done.loaded.handoff
        })
    }
}

fn as_mail(name: &str) -> String {
    format!("{name}@northwind.example")
}

async fn joins(app: &App, org: OrgId, name: &str, role: Role) -> PersonId {
    let id = PersonId(app.fresh_id());
    let grants = [Grant { role, scope: Scope::Organisation }];
    // Whoever customers have nothing to do with is known by the word that no page of theirs holds.
    let kept_from_them = if role == Role::RevOps { "Canary " } else { "" };
    let called = format!("{kept_from_them}{}{}", name[..1].to_uppercase(), &name[1..]);
    let person = json!({
        "id": id, "name": called, "email": as_mail(name), "grants": grants, "team": null,
        "status": "active", "zone": null, "password": null, "aliases": [format!("crm:{name}")], "mapped_to": null,
        "created_at": app.now(),
    });
    let change = Change::PutPerson(serde_json::from_value(person).unwrap());
    let audit = Audit {
        at: app.now(),
        by: Actor::System,
        action: "set-up".to_owned(),
        subject: String::new(),
        detail: Value::Null,
    };
    app.store().apply(org, vec![change], audit).await.unwrap();
    id
}

/// A customer whose deal Ava sold and Maya has accepted, with a goal and an open plan.
async fn customer(app: &App, org: OrgId, name: &str, maya: PersonId) -> Customer {
    let system = Caller::system(org);
    let deal = json!({
        "source": "crm", "external_id": format!("D-{name}"), "source_time": "2026-03-02T08:00:00Z",
        "name": format!("Canary-deal {name}"), "account": format!("{name} GmbH"), "stage": "Canary-stage",
        "amount": { "minor": 98_765_400, "currency": "EUR" }, "arr": { "minor": 98_765_400, "currency": "EUR" },
        "segment": "Canary-segment", "plan": "Canary-package", "close_on": "2026-03-20",
        "owner": { "external_id": "ava" },
    });
    let options = DealOptions { open_now: true, ..DealOptions::default() };
    let put = app.put_deal(&system, serde_json::from_value(deal).unwrap(), options).await.unwrap();
    let id = put.handoff.unwrap();
    let csm = app.caller(org, maya).await.unwrap();
    let does = async |caller: &Caller, command: Command| {
        let done = app.handle(caller, id, command, Default::default()).await.unwrap();
        assert!(done.shut.is_none(), "{:?}", done.shut);
    };
    let goal = body_for(List::Criteria, &format!("{name} closes the month in three days"));
    does(&system, command::AddItem { body: goal, evidence: ours("goal"), reason: None }.into()).await;
    // A word of its own in every field that holds what we know, noted or promised.
    for list in [List::Risks, List::Stakeholders, List::Integrations, List::DataMoves, List::Promises] {
        let (body, evidence) = (body_for(list, &format!("Canary-{}", list.name())), ours(list.name()));
        does(&system, command::AddItem { body, evidence, reason: None }.into()).await;
    }
    let answer = Answer::Text { text: text("Canary-expansion") };
    let ask = "expansion".parse().unwrap();
    does(&system, command::GiveAnswer { ask, answer, reason: None }.into()).await;
    does(&system, command::Offer { to: maya }.into()).await;
    does(&csm, command::Accept {}.into()).await;
    does(&csm, command::OpenPlan {}.into()).await;
    let account = app.load(org, id).await.unwrap().handoff.account;
    Customer { id, account }
}

/// Where something was said, in words that are ours.
fn ours(place: &str) -> Evidence {
    Evidence {
        reference: Some(text(&format!("Canary-reference-{place}"))),
        speaker: Some(text(&format!("Canary-speaker-{place}"))),
        quote: Some(text(&format!("Canary-quote-{place}"))),
        ..evidence()
    }
}

fn serve(runtime: &Runtime, app: &App, listener: TcpListener, settings: ServerSettings) {
    let web = Web::new(app.clone(), settings).with_limits(Rates::NONE, Vec::new());
    let routes = throughline_web::router(web.clone()).merge(throughline_api::router(web.clone()));
    let routes = throughline_http::layers(routes, &web);
    runtime.spawn(async move {
        throughline_http::serve(listener, routes, web, Patience::default(), std::future::pending()).await
    });
}

/// What came back.
pub struct Page(pub story::Answer);

impl Page {
    #[track_caller]
    pub fn is(self, status: u16) -> String {
        assert_eq!(self.0.status, status, "{}", self.0);
        self.0.text
    }

    #[track_caller]
    pub fn sent_to(self, path: &str) -> Self {
        assert_eq!((self.0.status, self.0.header("location")), (303, Some(path)), "{}", self.0);
        self
    }

    /// The cookies it sets, as they are written.
    pub fn cookies(&self) -> Vec<&str> {
        let set = self.0.headers.iter().filter(|(name, _)| name == "set-cookie");
        set.map(|(_, value)| value.as_str()).collect()
    }
}

impl Browser {
    pub fn get(&mut self, path: &str) -> Page {
        self.ask("GET", path, None)
    }

    pub fn ask(&mut self, method: &str, path: &str, body: Option<&str>) -> Page {
        let cookies: Vec<_> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let cookies = cookies.join("; ");
        let mut headers = vec![("cookie", cookies.as_str())];
        // As browsers do, unless a test says what it sends instead.
        if self.headers.is_empty() {
            headers.push(("sec-fetch-site", "same-origin"));
        }
        headers.extend(self.headers.iter().map(|(name, value)| (*name, value.as_str())));
        let body = body.map(|body| ("application/x-www-form-urlencoded", body));
        let page = Page(send(self.to, method, path, &headers, body));
        for cookie in page.cookies() {
            let (name, value) = cookie.split(';').next().unwrap().split_once('=').unwrap();
            if value.is_empty() {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        page
    }

    pub fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Page {
        let pair = |(name, value): &(&str, &str)| format!("{name}={}", escaped(value));
        let body = fields.iter().map(pair).collect::<Vec<_>>().join("&");
        self.ask("POST", path, Some(&body))
    }

    /// Presses the button of a link.
    pub fn enters(&mut self, link: &str) -> Page {
        let (path, key) = link.split_once("?key=").unwrap();
        self.post(path, &[("key", key)])
    }

    /// Whether it is in.
    pub fn is_in(&mut self) -> bool {
        let got = self.get("/portal/plan").0;
        got.status == 303 && got.header("location").is_some_and(|to| to.starts_with("/portal/plans/"))
    }
}
