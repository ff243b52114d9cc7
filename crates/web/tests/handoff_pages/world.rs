//! An organisation with everybody the process needs, a browser for each of them, and what every page keeps to.

use std::{collections::BTreeMap, sync::Arc};

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Request, StatusCode, header},
};
use jiff::Timestamp;
use throughline_app::{App, Caller, ManualClock, deals::DealOptions, read::HandoffView};
use throughline_domain::{
    HandoffId, OrgId, PersonId, Role, TeamId,
    access::{Grant, Scope},
    deal::Deal,
    handoff::Covers,
    playbook::AskKind,
    record::List,
};
use throughline_http::{Web, state::ServerSettings};
use throughline_store::{Audit, Change, Person, PersonStatus, Team, memory::MemoryStore};
use tower::ServiceExt;

pub const HOSTILE: &str = "<script>alert(1)</script>\"'{{ 7*7 }}";

pub struct World {
    pub app: App,
    router: Router,
    pub clock: Arc<ManualClock>,
    pub org: OrgId,
    pub people: BTreeMap<&'static str, (PersonId, String)>,
    pub id: HandoffId,
}

pub struct Page {
    pub status: StatusCode,
    pub location: String,
    pub etag: String,
    pub body: String,
}

impl World {
    /// An organisation with everybody the process needs, and one deal worth `arr` whose AE is Ada.
    pub async fn new(arr: i64, name: &str) -> Self {
        Self::by(arr, name, |app| app, None).await
    }

    /// The same on an application of a test's own, by a playbook of its own.
    pub async fn by(arr: i64, name: &str, with: impl Fn(App) -> App, playbook: Option<&str>) -> Self {
        let clock = Arc::new(ManualClock::at("2026-11-23T09:00:00Z".parse::<Timestamp>().unwrap()));
        let app = with(App::new(Arc::new(MemoryStore::new()), clock.clone()));
        let calendar = throughline_app::orgs::calendar_in("Europe/Berlin").unwrap();
        let mut org = app.create_org("acme", "Acme", calendar).await.unwrap();
        let mut people = BTreeMap::new();
        let sales = TeamId(app.fresh_id());
        let cast = [
            ("ada", Role::Ae),
            ("carl", Role::Csm),
            ("nell", Role::Csm),
            ("lea", Role::CsLeader),
            ("rob", Role::RevOps),
            ("dot", Role::DealDesk),
            ("max", Role::AeManager),
            ("aud", Role::Auditor),
            ("fin", Role::Finance),
            ("otto", Role::Ae),
        ];
        for (called, role) in cast {
            let id = PersonId(app.fresh_id());
            let person = Person {
                id,
                name: format!("{called} {HOSTILE}"),
                email: Some(format!("{called}@acme.example")),
                grants: [Grant { role, scope: Scope::Organisation }].into(),
                team: matches!(called, "ada" | "max").then_some(sales),
                status: PersonStatus::Active,
                zone: None,
                password: None,
                aliases: Default::default(),
                mapped_to: None,
                notify: Default::default(),
                away: Default::default(),
                created_at: app.now(),
            };
            let audit = Audit {
                at: app.now(),
                by: throughline_domain::Actor::System,
                action: "test".into(),
                subject: called.into(),
                detail: serde_json::Value::Null,
            };
            app.store().apply(org.id, vec![Change::PutPerson(person)], audit.clone()).await.unwrap();
            if role == Role::RevOps {
                org.process_owner = Some(id);
                org.version += 1;
                app.store().apply(org.id, vec![Change::PutOrg(org.clone())], audit).await.unwrap();
            }
            let secret = app.open_session(org.id, id, "test").await.unwrap();
            people.insert(called, (id, secret));
        }
        let team = Team { id: sales, name: "Sales".into(), manager: Some(people["max"].0), calendar: None };
        let audit = Audit {
            at: app.now(),
            by: throughline_domain::Actor::System,
            action: "test".into(),
            subject: "sales".into(),
            detail: serde_json::Value::Null,
        };
        app.store().apply(org.id, vec![Change::PutTeam(team)], audit).await.unwrap();
        if let Some(playbook) = playbook {
            app.publish_playbook(&Caller::system(org.id), playbook).await.unwrap();
        }
        let deal: Deal = serde_json::from_value(serde_json::json!({
            "source": "crm", "external_id": "006A", "source_time": "2026-11-20T08:00:00Z",
            "name": name, "account": format!("Brauhaus {HOSTILE}"), "stage": HOSTILE, "standing": "won",
            "closed_at": "2026-11-23T08:00:00Z", "close_on": "2026-11-23",
            "amount": { "minor": arr, "currency": "EUR" }, "arr": { "minor": arr, "currency": "EUR" },
            "owner": { "email": "ada@acme.example" },
        }))
        .unwrap();
        let answer = app.put_deal(&Caller::system(org.id), deal, DealOptions::default()).await.unwrap();
        let settings = ServerSettings { public_url: "http://localhost".into(), secure: false, demo: true };
        let router = throughline_web::router(Web::new(app.clone(), settings));
        Self { app, router, clock, org: org.id, people, id: answer.handoff.unwrap() }
    }

    pub async fn ask(&self, who: &str, request: axum::http::request::Builder, body: String) -> Page {
        let cookie = format!("throughline={}", self.people[who].1);
        let request = request.header(header::COOKIE, cookie).body(Body::from(body)).unwrap();
        let response = self.router.clone().oneshot(request).await.unwrap();
        let text = |name: header::HeaderName| {
            response.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned()
        };
        let (status, location, etag) = (response.status(), text(header::LOCATION), text(header::ETAG));
        let body = to_bytes(response.into_body(), 8 << 20).await.unwrap();
        Page { status, location, etag, body: String::from_utf8(body.to_vec()).unwrap() }
    }

    /// A file, as it is: its status, its media type, its bytes.
    pub async fn file(&self, who: &str, path: &str) -> (StatusCode, String, Vec<u8>) {
        let cookie = format!("throughline={}", self.people[who].1);
        let request = Request::get(path).header(header::COOKIE, cookie).body(Body::empty()).unwrap();
        let response = self.router.clone().oneshot(request).await.unwrap();
        let media = response.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let (status, media) = (response.status(), media.unwrap_or_default().to_owned());
        (status, media, to_bytes(response.into_body(), 8 << 20).await.unwrap().to_vec())
    }

    pub async fn get(&self, who: &str, path: &str) -> Page {
        self.ask(who, Request::get(path), String::new()).await
    }

    pub async fn post(&self, who: &str, part: &str, fields: &[(&str, &str)]) -> Page {
        let path =
            if part.starts_with('/') { part.to_owned() } else { format!("/handoffs/{}/{part}", self.id) };
        let form = Request::post(path).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.ask(who, form, encoded(fields)).await
    }

    /// Posts and expects to be sent back with a message.
    pub async fn does(&self, who: &str, part: &str, fields: &[(&str, &str)]) {
        let page = self.post(who, part, fields).await;
        assert_eq!(page.status, StatusCode::SEE_OTHER, "{who} {part} {fields:?}: {}", words(&page.body));
    }

    pub async fn view(&self, who: &str) -> HandoffView {
        let caller = self.app.caller(self.org, self.people[who].0).await.unwrap();
        self.app.view(&caller, self.id).await.unwrap()
    }

    /// Sessions end after a day; the story takes longer.
    pub async fn signed_in_again(mut self) -> Self {
        for (id, secret) in self.people.values_mut() {
            *secret = self.app.open_session(self.org, *id, "test").await.unwrap();
        }
        self
    }

    /// The present as a date-and-time field holds it, in the organisation's zone.
    pub fn clock_input(&self) -> String {
        let zone = jiff::tz::TimeZone::get("Europe/Berlin").unwrap();
        self.app.now().to_zoned(zone).strftime("%Y-%m-%dT%H:%M").to_string()
    }

    pub fn person(&self, who: &str) -> String {
        self.people[who].0.to_string()
    }

    /// Fills every gap of the record through its own form, until there is none.
    pub async fn fill(&self, who: &str) {
        for _ in 0..60 {
            let view = self.view(who).await;
            let Some(gap) = view.gaps.first() else { return };
            let Covers::Ask { ask } = &gap.gap.about else { panic!("{:?}", gap.gap.about) };
            let playbook = view.loaded.playbook.clone().unwrap();
            let ask = playbook.ask(ask).unwrap();
            assert!(gap.url.ends_with(&format!("#ask-{}", ask.id.value)), "{}", gap.url);
            let page = self.get(who, &gap.url).await;
            assert!(
                page.body.contains(&format!("id=\"ask-{}\"", ask.id.value)),
                "no place to fill {}",
                gap.url
            );
            let option = ask.options.first().map(|option| option.id.to_string()).unwrap_or_default();
            let role = ask.role.map(|role| role.name()).unwrap_or("operator");
            let evidence =
                [("source", "call"), ("speaker", HOSTILE), ("reference", HOSTILE), ("quote", HOSTILE)];
            let single: &[(&str, &str)] = match ask.kind {
                AskKind::Text => &[("text", HOSTILE)],
                AskKind::Words => &[("said", HOSTILE)],
                AskKind::Choice => &[("chosen", &option)],
                AskKind::Date => &[("on", "2026-12-24")],
                AskKind::Money => &[("amount", "12,500"), ("amount_currency", "EUR")],
                AskKind::Number => &[("number", "12.5")],
                AskKind::YesNo => &[("yes", "yes")],
                AskKind::Person => &[("name", HOSTILE)],
                AskKind::Criteria => &[("words", HOSTILE), ("measure", HOSTILE)],
                AskKind::Promises => &[
                    ("what", HOSTILE),
                    ("kind", "price"),
                    ("strength", "implied"),
                    ("owed_by", "us"),
                    ("in_contract", "no"),
                    ("due_on", "2027-01-15"),
                ],
                AskKind::Stakeholders => &[
                    ("name", HOSTILE),
                    ("parts", role),
                    ("title", HOSTILE),
                    ("contact", HOSTILE),
                    ("influence", "high"),
                    ("stance", "for"),
                    ("goals", HOSTILE),
                    ("said", HOSTILE),
                ],
                AskKind::Risks => {
                    &[("what", HOSTILE), ("kind", "timeline"), ("owner", HOSTILE), ("mitigation", HOSTILE)]
                }
                AskKind::Integrations => &[("tool", HOSTILE), ("owner", HOSTILE)],
                AskKind::DataMoves => {
                    &[("what", HOSTILE), ("from", HOSTILE), ("format", HOSTILE), ("owner", HOSTILE)]
                }
            };
            let fields: Vec<(&str, &str)> = single.iter().copied().chain(evidence).collect();
            let part = match List::of(ask.kind) {
                Some(list) => format!("items/new?list={}&ask={}", list.name(), ask.id.value),
                None => format!("answers/{}", ask.id.value),
            };
            self.does(who, &part, &fields).await;
        }
        panic!("the record does not become complete");
    }

    pub fn all_pages(&self) -> Vec<String> {
        let parts = [
            "",
            "/brief",
            "/map",
            "/call-sheet",
            "/agenda",
            "/signs",
            "/promises",
            "/review",
            "/steps",
            "/gates",
            "/plan",
            "/questions",
            "/timeline",
        ];
        parts.iter().map(|part| format!("/handoffs/{}{part}", self.id)).collect()
    }

    pub async fn check_pages(&self, who: &str) {
        let mut pages = self.all_pages();
        pages.extend([
            "/queue".to_owned(),
            "/deals".to_owned(),
            "/deals?life=all&sort=account&q=brau".to_owned(),
            "/board".to_owned(),
            "/board?as=table".to_owned(),
        ]);
        for path in pages {
            let page = self.get(who, &path).await;
            assert_eq!(page.status, StatusCode::OK, "{who} {path}: {}", words(&page.body));
            sound(&path, &page.body);
        }
    }
}

pub fn encoded(fields: &[(&str, &str)]) -> String {
    let pair = |(name, value): &(&str, &str)| format!("{name}={}", throughline_app::gates::escaped(value));
    fields.iter().map(pair).collect::<Vec<_>>().join("&")
}

/// What stands on a page between its tags, shortened for messages.
pub fn words(body: &str) -> String {
    text_of(body).chars().take(900).collect()
}

/// All that stands on a page between its tags, with single spaces.
pub fn text_of(body: &str) -> String {
    let main = body.split_once("<main").map_or(body, |(_, main)| main);
    let bare: String = main
        .split('<')
        .filter_map(|part| part.split_once('>'))
        .map(|(_, text)| text.trim())
        .collect::<Vec<_>>()
        .join(" ");
    bare.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Nothing of a stranger's text is markup, nothing of the page is refused by its policy, no id stands twice.
pub fn sound(path: &str, body: &str) {
    assert!(!body.contains("<script>alert"), "{path} lets a script through");
    for refused in [" style=", "<style", "javascript:", " onclick=", " onload=", "hx-on"] {
        assert!(!body.contains(refused), "{path} has `{refused}`");
    }
    let mut ids = std::collections::BTreeSet::new();
    for id in body.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()) {
        assert!(ids.insert(id), "{path} has the id `{id}` twice");
    }
}
