//! A company: its server, its store, its clock, its people, its CRM.

use std::{cell::RefCell, collections::BTreeMap, net::SocketAddr, sync::Arc};

use jiff::{SignedDuration, Timestamp, civil::DateTime, tz::TimeZone};
use serde_json::{Value, json};
use throughline_app::{
    App, Caller, ManualClock,
    gates::escaped,
    importing::{ImportOptions, ImportReport},
};
use throughline_domain::{
    OrgId, PersonId,
    playbook::{Playbook, load, shipped},
};
use throughline_http::{Patience, ServerSettings, Web, limit::Rates};
use tokio::{net::TcpListener, runtime::Runtime};

use super::{
    ARNE, Answer, Case, Check, EVERYBODY, RITA, Who,
    http::send,
    seen::{Problem, text},
};
use crate::keeping::{Keeping, begun};

const PASSWORD: &str = "a long enough password";

/// A company that uses the product.
pub struct Company {
    /// Its playbook.
    pub playbook: Playbook,
    /// What its CRM signs its calls with.
    pub crm: String,
    app: App,
    org: OrgId,
    clock: Arc<ManualClock>,
    address: SocketAddr,
    zone: TimeZone,
    runtime: Runtime,
    staff: RefCell<BTreeMap<&'static str, Member>>,
    _keeping: Keeping,
}

/// A person's way in.
#[derive(Clone)]
struct Member {
    id: String,
    /// Has set a password.
    welcomed: bool,
    session: Option<String>,
}

impl Company {
    /// A company in Berlin that founded itself on Monday, 2 March 2026, with everybody invited.
    ///
    /// Its holidays: Good Friday, Easter Monday and the first of May; its clocks change on 29 March.
    pub fn with(playbook: &str) -> Self {
        let company = Self::founded(playbook, "Europe/Berlin", "2026-03-02T08:00");
        company.settles(json!({
            "calendar": {
                "zone": "Europe/Berlin", "weekend": [6, 7], "holidays": ["2026-04-03", "2026-04-06", "2026-05-01"],
                "hours": { "start": "09:00", "end": "17:00" },
            },
            "go_live_on": "2026-03-01",
        }));
        company
    }

    fn founded(playbook: &str, zone: &str, on: &str) -> Self {
        let zone = TimeZone::get(zone).unwrap();
        let clock = Arc::new(ManualClock::at(local(&zone, on)));
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let (store, keeping) = runtime.block_on(begun());
        let app = App::new(store, clock.clone());
        let (org, rita) = runtime.block_on(async {
            let path = app.setup_link().await.unwrap().unwrap();
            let key = path.split_once('=').unwrap().1;
            let zone = zone.iana_name().unwrap();
            app.set_up(key, "Northwind", zone, RITA.name, RITA.email, PASSWORD.to_owned()).await.unwrap()
        });
        let address = serve(&runtime, &app);
        let playbook_text = shipped::source(playbook).unwrap();
        let staff =
            BTreeMap::from([(RITA.email, Member { id: rita.to_string(), welcomed: true, session: None })]);
        let mut company = Self {
            playbook: load(playbook_text).unwrap(),
            crm: String::new(),
            app,
            org,
            clock,
            address,
            zone,
            runtime,
            staff: RefCell::new(staff),
            _keeping: keeping,
        };
        company.invites_everybody();
        company.settles(json!({ "playbook": playbook }));
        company.crm = company.token("rev_ops", &["send_deals", "preview_gate", "attempt_gate"]);
        company
    }

    fn invites_everybody(&self) {
        let team = self.by(RITA).post("/api/v1/teams", json!({ "name": "Sales" })).expect(201);
        for who in EVERYBODY.iter().filter(|who| **who != RITA) {
            let grants = json!([{ "role": who.role, "scope": who.scope }]);
            let sells = ["ae", "ae_manager", "se"].contains(&who.role);
            let team = if sells { team["id"].clone() } else { Value::Null };
            let body = json!({ "name": who.name, "email": who.email, "grants": grants, "team": team });
            let made = self.by(RITA).post("/api/v1/people", body).expect(201);
            let member = Member { id: text(&made["person"]["id"]), welcomed: false, session: None };
            self.staff.borrow_mut().insert(who.email, member);
        }
        let led = json!({ "name": "Sales", "manager": self.id(ARNE) });
        self.by(RITA).put(&format!("/api/v1/teams/{}", text(&team["id"])), led).expect(200);
    }

    /// Changes settings.
    #[track_caller]
    pub fn settles(&self, settings: Value) {
        self.by(RITA).with("if-match", "*").patch("/api/v1/settings", settings).expect(200);
    }

    /// Makes an API token.
    pub fn token(&self, role: &str, actions: &[&str]) -> String {
        let actions = if actions.is_empty() { Value::Null } else { json!(actions) };
        let body = json!({ "name": format!("A program as {role}"), "role": role, "actions": actions });
        text(&self.by(RITA).post("/api/v1/tokens", body).expect(201)["secret"])
    }

    // --- time ---------------------------------------------------------------------------------------------

    /// Sets the clock to a local time.
    #[track_caller]
    pub fn at(&self, local_time: &str) -> &Self {
        self.clock.set(self.instant(local_time));
        self
    }

    /// Lets minutes pass.
    pub fn minutes_pass(&self, minutes: i64) -> &Self {
        self.clock.advance(SignedDuration::from_mins(minutes));
        self
    }

    /// The present.
    pub fn now(&self) -> Timestamp {
        self.app.now()
    }

    /// A local time as an instant.
    #[track_caller]
    pub fn instant(&self, local_time: &str) -> Timestamp {
        local(&self.zone, local_time)
    }

    // --- who asks -----------------------------------------------------------------------------------------

    /// Somebody, signed in.
    pub fn by(&self, who: Who) -> Asking<'_> {
        Asking { company: self, as_: As::Person(who), more: Vec::new() }
    }

    /// A program with a token.
    pub fn by_token(&self, secret: &str) -> Asking<'_> {
        Asking { company: self, as_: As::Program(secret.to_owned()), more: Vec::new() }
    }

    /// Nobody known.
    pub fn by_stranger(&self) -> Asking<'_> {
        Asking { company: self, as_: As::Stranger, more: Vec::new() }
    }

    /// Somebody's id.
    #[track_caller]
    pub fn id(&self, who: Who) -> String {
        self.staff.borrow()[who.email].id.clone()
    }

    /// Somebody's session, opened anew when the night has ended it.
    fn session(&self, who: Who) -> String {
        let mut member = self.staff.borrow()[who.email].clone();
        if !member.welcomed {
            // Hashing a password costs on purpose: people set theirs when a test first hears of them.
            let fresh =
                self.by(RITA).post(&format!("/api/v1/people/{}/reset-password", member.id), json!({}));
            let link = text(&fresh.expect(200)["link"]);
            let key = link.split_once("key=").unwrap().1.to_owned();
            self.runtime.block_on(self.app.welcome(&key, PASSWORD.to_owned())).unwrap();
            member.welcomed = true;
        }
        let held = member
            .session
            .clone()
            .filter(|secret| self.runtime.block_on(self.app.session_caller(secret)).is_ok());
        let secret = held.unwrap_or_else(|| {
            let id: PersonId = member.id.parse().unwrap();
            self.runtime.block_on(self.app.open_session(self.org, id, "a browser")).unwrap()
        });
        member.session = Some(secret.clone());
        self.staff.borrow_mut().insert(who.email, member);
        secret
    }

    // --- post ---------------------------------------------------------------------------------------------

    /// Clocks are looked at and what waits to be told is told, as a server does every second.
    pub fn post_goes_out(&self) {
        while self.runtime.block_on(self.app.sweep_clocks()).unwrap().taken > 0 {}
        while self.runtime.block_on(self.app.sweep_outbox()).unwrap().taken > 0 {}
    }

    /// The subjects of somebody's letters, newest first.
    #[track_caller]
    pub fn letters(&self, who: Who) -> Vec<String> {
        let page = self.by(who).get("/api/v1/me/letters?limit=200").expect(200);
        page["rows"].as_array().unwrap().iter().map(|letter| text(&letter["subject"])).collect()
    }

    // --- deals --------------------------------------------------------------------------------------------

    /// Takes a CRM export as the command line does.
    pub fn imports(&self, export: &str, dry_run: bool) -> ImportReport {
        let options = ImportOptions { dry_run, ..ImportOptions::default() };
        let caller = Caller::system(self.org);
        self.runtime.block_on(self.app.import(&caller, export.as_bytes(), options, |_| {})).unwrap()
    }

    /// News of a deal, to be told by the CRM.
    pub fn deal(&self, external_id: &str) -> DealNews<'_> {
        self.deal_of("hubspot", external_id)
    }

    /// News of a deal of a certain CRM.
    pub fn deal_of(&self, source: &str, external_id: &str) -> DealNews<'_> {
        let external_id = external_id.replace(' ', "-");
        let body = deal_body(&external_id);
        DealNews { company: self, source: source.to_owned(), external_id, body }
    }

    /// The handoff of a deal.
    #[track_caller]
    pub fn case(&self, source: &str, external_id: &str) -> Case<'_> {
        let known = self.by(RITA).get(&format!("/api/v1/deals/{source}/{external_id}")).expect(200);
        let id =
            known["handoff"].as_str().unwrap_or_else(|| panic!("{external_id} has no handoff: {known:#}"));
        Case::new(self, id, source, external_id)
    }

    /// What the CRM is told by a gate.
    #[track_caller]
    pub fn crm_asks(&self, gate: &str, source: &str, external_id: &str, intent: &str) -> Check {
        let body = json!({ "deal": { "source": source, "external_id": external_id }, "intent": intent });
        Check(self.by_token(&self.crm).post(&format!("/api/v1/gates/{gate}/checks"), body).expect(200))
    }
}

/// A deal as the CRM tells it.
pub struct DealNews<'c> {
    company: &'c Company,
    source: String,
    external_id: String,
    body: Value,
}

fn deal_body(external_id: &str) -> Value {
    json!({
        "name": format!("{external_id} – Platform"), "account": format!("{external_id} GmbH"), "stage": "Negotiation",
        "probability": 60, "close_on": "2026-04-09", "owner": { "email": "ava@northwind.example" },
        "arr": { "minor": 900_000, "currency": "EUR" },
    })
}

impl<'c> DealNews<'c> {
    /// With a field set, or taken away by null.
    pub fn with(mut self, field: &str, value: Value) -> Self {
        self.body[field] = value;
        if self.body[field].is_null()
            && let Some(map) = self.body.as_object_mut()
        {
            map.remove(field);
        }
        self
    }

    /// Worth so much a year, in euros.
    pub fn worth(self, euros: i64) -> Self {
        self.with("arr", json!({ "minor": euros * 100, "currency": "EUR" }))
    }

    /// Expected to be signed on a day.
    pub fn closing(self, date: &str) -> Self {
        self.with("close_on", json!(date))
    }

    /// Won, and since when by the CRM's own word.
    #[track_caller]
    pub fn won_at(self, local_time: &str) -> Self {
        let at = self.company.instant(local_time).to_string();
        self.with("standing", json!("won")).with("stage", json!("Closed Won")).with("closed_at", json!(at))
    }

    /// As the CRM had it at a local time.
    #[track_caller]
    pub fn known_at(self, local_time: &str) -> Self {
        let at = self.company.instant(local_time).to_string();
        self.with("source_time", json!(at))
    }

    /// The CRM tells it: what became of it.
    #[track_caller]
    pub fn told(&self) -> String {
        text(&self.answer().expect(200)["taken"])
    }

    /// The CRM tells it: the whole answer.
    pub fn answer(&self) -> Answer {
        let path = format!("/api/v1/deals/{}/{}", self.source, self.external_id);
        self.company.by_token(&self.company.crm).put(&path, self.body.clone())
    }

    /// The CRM tells it, and its handoff is looked up.
    #[track_caller]
    pub fn case(&self) -> Case<'c> {
        self.answer().expect(200);
        self.company.case(&self.source, &self.external_id)
    }
}

enum As {
    Person(Who),
    Program(String),
    Stranger,
}

/// Somebody about to ask something.
pub struct Asking<'c> {
    company: &'c Company,
    as_: As,
    more: Vec<(String, String)>,
}

impl Asking<'_> {
    /// With one more header.
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.more.push((name.to_owned(), value.to_owned()));
        self
    }

    pub fn get(&self, path: &str) -> Answer {
        self.send("GET", path, None)
    }

    pub fn post(&self, path: &str, body: Value) -> Answer {
        self.send("POST", path, Some(body))
    }

    pub fn put(&self, path: &str, body: Value) -> Answer {
        self.send("PUT", path, Some(body))
    }

    pub fn patch(&self, path: &str, body: Value) -> Answer {
        self.send("PATCH", path, Some(body))
    }

    /// Sends whatever calls itself JSON.
    pub fn post_text(&self, path: &str, body: &str) -> Answer {
        self.send_text("POST", path, Some(body))
    }

    /// Sends a form, as a page does.
    pub fn post_form(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let pairs: Vec<_> = fields.iter().map(|(name, value)| format!("{name}={}", escaped(value))).collect();
        self.send_as("POST", path, Some(("application/x-www-form-urlencoded", &pairs.join("&"))))
    }

    /// Asks, and is refused with a problem.
    #[track_caller]
    pub fn refused(&self, method: &str, path: &str, body: Value) -> Problem {
        Problem::of(&self.send(method, path, Some(body)))
    }

    fn send(&self, method: &str, path: &str, body: Option<Value>) -> Answer {
        self.send_text(method, path, body.map(|body| body.to_string()).as_deref())
    }

    fn send_text(&self, method: &str, path: &str, body: Option<&str>) -> Answer {
        self.send_as(method, path, body.map(|body| ("application/json", body)))
    }

    fn send_as(&self, method: &str, path: &str, body: Option<(&str, &str)>) -> Answer {
        let mut headers: Vec<(String, String)> = self.more.clone();
        match &self.as_ {
            As::Person(who) => {
                headers.push(("cookie".into(), format!("throughline={}", self.company.session(*who))));
                headers.push(("sec-fetch-site".into(), "same-origin".into()));
            }
            As::Program(secret) => headers.push(("authorization".into(), format!("Bearer {secret}"))),
            As::Stranger => {}
        }
        let headers: Vec<(&str, &str)> =
            headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        send(self.company.address, method, path, &headers, body)
    }
}

fn local(zone: &TimeZone, text: &str) -> Timestamp {
    let time: DateTime = text.replace(' ', "T").parse().unwrap_or_else(|why| panic!("{text}: {why}"));
    zone.to_ambiguous_timestamp(time).compatible().unwrap()
}

fn serve(runtime: &Runtime, app: &App) -> SocketAddr {
    runtime.block_on(async {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let settings = ServerSettings { public_url: format!("http://{address}"), secure: false, demo: false };
        let web = Web::new(app.clone(), settings).with_limits(Rates::NONE, Vec::new());
        let routes = throughline_api::router(web.clone()).merge(throughline_web::router(web.clone()));
        let routes = throughline_http::layers(routes, &web);
        tokio::spawn(throughline_http::serve(
            listener,
            routes,
            web,
            Patience::default(),
            std::future::pending(),
        ));
        address
    })
}
