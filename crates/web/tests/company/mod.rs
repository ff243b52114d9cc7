//! A company in memory with somebody in every role, one deal, and a browser for each of them.

#![allow(dead_code, reason = "each test file uses a part of it")]

use std::{collections::BTreeMap, sync::Arc};

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Request, StatusCode, header},
    response::Response,
};
use jiff::Timestamp;
use throughline_app::{App, Caller, ManualClock, deals::DealOptions};
use throughline_domain::{
    HandoffId, OrgId, PersonId, Role,
    access::{Grant, Scope},
    deal::Deal,
    gate::Mode,
};
use throughline_http::{Web, state::ServerSettings};
use throughline_store::{Audit, Change, Person, PersonStatus, memory::MemoryStore};
use tower::ServiceExt;

/// What strangers type into every field.
pub const HOSTILE: &str = "<script>alert(1)</script>\"'{{ 7*7 }}";

pub struct Company {
    pub app: App,
    pub org: OrgId,
    pub people: BTreeMap<Role, (PersonId, String)>,
    pub deal: HandoffId,
    router: Router,
}

pub struct Page {
    pub status: StatusCode,
    pub location: String,
    pub retry_after: String,
    pub body: String,
}

impl Company {
    /// The company; `demo` shows mailbox and stand-in CRM.
    pub async fn new(demo: bool) -> Self {
        let clock = Arc::new(ManualClock::at("2026-11-23T09:00:00Z".parse::<Timestamp>().unwrap()));
        let key = throughline_app::sources::ServerKey::read(&[b'k'; 32]).unwrap();
        let app = App::new(Arc::new(MemoryStore::new()), clock).with_key(key);
        let calendar = throughline_app::orgs::calendar_in("Europe/Berlin").unwrap();
        let mut org = app.create_org("acme", "Acme", calendar).await.unwrap();
        let mut people = BTreeMap::new();
        for role in Role::ALL {
            let id = put_person(&app, org.id, &format!("{} {HOSTILE}", role.name()), Some(role)).await;
            people.insert(role, (id, app.open_session(org.id, id, HOSTILE).await.unwrap()));
        }
        org.process_owner = Some(people[&Role::RevOps].0);
        org.mode = Mode::BlockClose;
        org.version += 1;
        app.store().apply(org.id, vec![Change::PutOrg(org.clone())], audit(&app)).await.unwrap();
        let deal = put_deal(&app, org.id, "crm", "D-1", "ae@acme.example").await;
        let settings = ServerSettings { public_url: "http://localhost".into(), secure: false, demo };
        let router = throughline_web::router(Web::new(app.clone(), settings));
        Self { app, org: org.id, people, deal, router }
    }

    /// The pages themselves, for requests of one's own.
    pub fn router(&self) -> Router {
        self.router.clone()
    }

    /// A program with all rights.
    pub fn system(&self) -> Caller {
        Caller::system(self.org)
    }

    pub async fn caller(&self, role: Role) -> Caller {
        self.app.caller(self.org, self.people[&role].0).await.unwrap()
    }

    /// An answer as it comes, which may have no end.
    pub async fn open(&self, role: Role, path: &str) -> Response {
        self.answer(role, Request::get(path), Vec::new()).await
    }

    async fn answer(&self, role: Role, request: axum::http::request::Builder, body: Vec<u8>) -> Response {
        let cookie = format!("throughline={}", self.people[&role].1);
        let request = request.header(header::COOKIE, cookie).body(Body::from(body)).unwrap();
        self.router.clone().oneshot(request).await.unwrap()
    }

    async fn ask(&self, role: Role, request: axum::http::request::Builder, body: Vec<u8>) -> Page {
        let response = self.answer(role, request, body).await;
        let text = |name: header::HeaderName| {
            response.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned()
        };
        let (location, retry_after) = (text(header::LOCATION), text(header::RETRY_AFTER));
        let status = response.status();
        let body = to_bytes(response.into_body(), 32 << 20).await.unwrap();
        Page { status, location, retry_after, body: String::from_utf8(body.to_vec()).unwrap() }
    }

    pub async fn get(&self, role: Role, path: &str) -> Page {
        self.ask(role, Request::get(path), Vec::new()).await
    }

    pub async fn post(&self, role: Role, path: &str, fields: &[(&str, &str)]) -> Page {
        let form = Request::post(path).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        let escaped = |text: &str| throughline_app::gates::escaped(text);
        let pairs: Vec<_> =
            fields.iter().map(|(name, value)| format!("{}={}", escaped(name), escaped(value))).collect();
        self.ask(role, form, pairs.join("&").into_bytes()).await
    }

    /// Posts a form with files, as browsers do.
    pub async fn upload(&self, role: Role, path: &str, fields: &[(&str, Option<&str>, &[u8])]) -> Page {
        let mut body = Vec::new();
        for (name, file, content) in fields {
            let file = file.map(|file| format!("; filename=\"{file}\"")).unwrap_or_default();
            body.extend(
                format!("--X\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n").bytes(),
            );
            body.extend_from_slice(content);
            body.extend(b"\r\n");
        }
        body.extend(b"--X--\r\n");
        let form = Request::post(path).header(header::CONTENT_TYPE, "multipart/form-data; boundary=X");
        self.ask(role, form, body).await
    }
}

impl Page {
    /// Expects a redirect, and gives its address.
    pub fn sent_to(self) -> String {
        assert_eq!(self.status, StatusCode::SEE_OTHER, "{}", words(&self.body));
        self.location
    }

    /// Expects a page.
    pub fn shown(self) -> String {
        assert_eq!(self.status, StatusCode::OK, "{}", words(&self.body));
        self.body
    }

    /// Expects a refusal that shows the form again.
    pub fn refused(self) -> String {
        assert!(self.status.is_client_error(), "{}: {}", self.status, words(&self.body));
        self.body
    }
}

/// The words of a page, without its markup.
pub fn words(html: &str) -> String {
    let body = html.find("<main").map_or(html, |at| &html[at..]);
    let text: String =
        body.split('<').filter_map(|piece| piece.split_once('>')).map(|(_, text)| text).collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What no page may hold: a stranger's markup, or what the security policy refuses.
pub fn is_clean(path: &str, html: &str) {
    assert!(!html.contains("<script>"), "{path} has a stranger's script");
    assert!(!html.contains("alert(1)</script>"), "{path} has a stranger's script");
    for refused in [" style=", " onclick=", " onload=", " onchange=", "javascript:"] {
        assert!(!html.contains(refused), "{path} has {refused}");
    }
}

pub fn audit(app: &App) -> Audit {
    Audit {
        at: app.now(),
        by: throughline_domain::Actor::System,
        action: "test".into(),
        subject: HOSTILE.into(),
        detail: serde_json::json!({ "text": HOSTILE }),
    }
}

pub async fn put_person(app: &App, org: OrgId, name: &str, role: Option<Role>) -> PersonId {
    let id = PersonId(app.fresh_id());
    let person = Person {
        id,
        name: name.to_owned(),
        email: role.map(|role| format!("{}@acme.example", role.name())),
        grants: role.map(|role| Grant { role, scope: Scope::Organisation }).into_iter().collect(),
        team: None,
        status: if role.is_some() { PersonStatus::Active } else { PersonStatus::NotInvited },
        zone: None,
        password: None,
        aliases: Default::default(),
        mapped_to: None,
        notify: Default::default(),
        away: Default::default(),
        created_at: app.now(),
    };
    app.store().apply(org, vec![Change::PutPerson(person)], audit(app)).await.unwrap();
    id
}

/// A deal about to be won, as a CRM tells it.
pub async fn put_deal(app: &App, org: OrgId, source: &str, id: &str, owner: &str) -> HandoffId {
    let deal: Deal = serde_json::from_value(serde_json::json!({
        "source": source, "external_id": id, "source_time": "2026-11-20T08:00:00Z",
        "name": format!("Deal {id} {HOSTILE}"), "account": format!("Account {id} {HOSTILE}"),
        "stage": "Negotiation", "standing": "open", "probability": 80, "close_on": "2026-11-30",
        "amount": { "minor": 4_800_000, "currency": "EUR" }, "arr": { "minor": 4_800_000, "currency": "EUR" },
        "segment": HOSTILE, "plan": HOSTILE, "owner": { "name": HOSTILE, "email": owner },
    }))
    .unwrap();
    app.put_deal(&Caller::system(org), deal, DealOptions::default()).await.unwrap().handoff.unwrap()
}
