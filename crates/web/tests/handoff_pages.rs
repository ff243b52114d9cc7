//! The pages of a handoff over the router: the whole way from refused to done, who may see what, what autosave
//! answers, and strangers' text that stays text.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a page that does not answer as it must ends the test"
)]

use std::{collections::BTreeMap, sync::Arc};

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Request, StatusCode, header},
};
use jiff::{SignedDuration, Timestamp};
use throughline_app::{App, Caller, ManualClock, deals::DealOptions, read::HandoffView};
use throughline_domain::{
    HandoffId, OrgId, PersonId, Role, TeamId,
    access::{Grant, Scope},
    deal::Deal,
    handoff::{Covers, Stage},
    playbook::AskKind,
    record::List,
};
use throughline_http::{Web, state::ServerSettings};
use throughline_store::{Audit, Change, Person, PersonStatus, Team, memory::MemoryStore};
use tower::ServiceExt;

const HOSTILE: &str = "<script>alert(1)</script>\"'{{ 7*7 }}";

struct World {
    app: App,
    router: Router,
    clock: Arc<ManualClock>,
    org: OrgId,
    people: BTreeMap<&'static str, (PersonId, String)>,
    id: HandoffId,
}

struct Page {
    status: StatusCode,
    location: String,
    etag: String,
    body: String,
}

impl World {
    /// An organisation with everybody the process needs, and one deal worth `arr` whose AE is Ada.
    async fn new(arr: i64, name: &str) -> Self {
        let clock = Arc::new(ManualClock::at("2026-11-23T09:00:00Z".parse::<Timestamp>().unwrap()));
        let app = App::new(Arc::new(MemoryStore::new()), clock.clone());
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
                app.store().apply(org.id, vec![Change::PutOrg(org.clone())], audit).await.unwrap();
            }
            let secret = app.open_session(org.id, id, "test").await.unwrap();
            people.insert(called, (id, secret));
        }
        let team = Team { id: sales, name: "Sales".into(), manager: Some(people["max"].0) };
        let audit = Audit {
            at: app.now(),
            by: throughline_domain::Actor::System,
            action: "test".into(),
            subject: "sales".into(),
            detail: serde_json::Value::Null,
        };
        app.store().apply(org.id, vec![Change::PutTeam(team)], audit).await.unwrap();
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

    async fn ask(&self, who: &str, request: axum::http::request::Builder, body: String) -> Page {
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

    async fn get(&self, who: &str, path: &str) -> Page {
        self.ask(who, Request::get(path), String::new()).await
    }

    async fn post(&self, who: &str, part: &str, fields: &[(&str, &str)]) -> Page {
        let path =
            if part.starts_with('/') { part.to_owned() } else { format!("/handoffs/{}/{part}", self.id) };
        let form = Request::post(path).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.ask(who, form, encoded(fields)).await
    }

    /// Posts and expects to be sent back with a message.
    async fn does(&self, who: &str, part: &str, fields: &[(&str, &str)]) {
        let page = self.post(who, part, fields).await;
        assert_eq!(page.status, StatusCode::SEE_OTHER, "{who} {part} {fields:?}: {}", words(&page.body));
    }

    async fn view(&self, who: &str) -> HandoffView {
        let caller = self.app.caller(self.org, self.people[who].0).await.unwrap();
        self.app.view(&caller, self.id).await.unwrap()
    }

    /// Sessions end after a day; the story takes longer.
    async fn signed_in_again(mut self) -> Self {
        for (id, secret) in self.people.values_mut() {
            *secret = self.app.open_session(self.org, *id, "test").await.unwrap();
        }
        self
    }

    /// The present as a date-and-time field holds it, in the organisation's zone.
    fn clock_input(&self) -> String {
        let zone = jiff::tz::TimeZone::get("Europe/Berlin").unwrap();
        self.app.now().to_zoned(zone).strftime("%Y-%m-%dT%H:%M").to_string()
    }

    fn person(&self, who: &str) -> String {
        self.people[who].0.to_string()
    }

    /// Fills every gap of the record through its own form, until there is none.
    async fn fill(&self, who: &str) {
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

    fn all_pages(&self) -> Vec<String> {
        let parts = ["", "/promises", "/review", "/steps", "/gates", "/plan", "/questions", "/timeline"];
        parts.iter().map(|part| format!("/handoffs/{}{part}", self.id)).collect()
    }

    async fn check_pages(&self, who: &str) {
        let mut pages = self.all_pages();
        pages.extend([
            "/queue".to_owned(),
            "/deals".to_owned(),
            "/deals?life=all&sort=account&q=brau".to_owned(),
        ]);
        for path in pages {
            let page = self.get(who, &path).await;
            assert_eq!(page.status, StatusCode::OK, "{who} {path}: {}", words(&page.body));
            sound(&path, &page.body);
        }
    }
}

fn encoded(fields: &[(&str, &str)]) -> String {
    let pair = |(name, value): &(&str, &str)| format!("{name}={}", throughline_app::gates::escaped(value));
    fields.iter().map(pair).collect::<Vec<_>>().join("&")
}

/// What stands on a page between its tags, shortened for messages.
fn words(body: &str) -> String {
    text_of(body).chars().take(900).collect()
}

/// All that stands on a page between its tags, with single spaces.
fn text_of(body: &str) -> String {
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
fn sound(path: &str, body: &str) {
    assert!(!body.contains("<script>alert"), "{path} lets a script through");
    for refused in [" style=", "<style", "javascript:", " onclick=", " onload=", "hx-on"] {
        assert!(!body.contains(refused), "{path} has `{refused}`");
    }
    let mut ids = std::collections::BTreeSet::new();
    for id in body.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()) {
        assert!(ids.insert(id), "{path} has the id `{id}` twice");
    }
}

#[tokio::test]
async fn a_small_deal_goes_from_refused_to_done_through_its_pages_alone() {
    let world = World::new(800_000, HOSTILE).await;
    let carl = world.person("carl");

    let refused = world.post("ada", "offer", &[("csm", &carl)]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let gaps = world.view("ada").await.gaps;
    assert!(
        gaps.len() > 3 && gaps.iter().all(|gap| refused.body.contains(&gap.url)),
        "every gap links to its place"
    );

    world.fill("ada").await;
    let view = world.view("dot").await;
    let (item, promise) = view.loaded.handoff.record.promises().next().unwrap();
    assert!(promise.life.routed.is_some(), "a price outside of the contract is routed");
    let decide = format!("promises/{}/decide", item.id);
    world.does("dot", &decide, &[("verdict", "declined"), ("reason", HOSTILE)]).await;

    world.does("ada", "nominate", &[("csm", &carl)]).await;
    world.does("ada", "offer", &[("csm", &carl)]).await;
    let early = world.post("carl", "accept", &[]).await;
    assert_eq!(early.status, StatusCode::UNPROCESSABLE_ENTITY, "not reviewed yet");
    let categories = view.loaded.playbook.as_ref().unwrap().scorecard.categories.clone();
    for category in
        categories.iter().filter(|one| one.when == throughline_domain::playbook::MarkedWhen::Review)
    {
        let part = format!("marks/{}", category.id.value);
        world.does("carl", &part, &[("mark", "clear"), ("note", HOSTILE)]).await;
    }
    let crm = text_of(&world.get("ada", "/crm/006A").await.body);
    assert!(crm.contains("CSM Nobody yet"), "nobody has accepted: {crm}");
    world.does("carl", "accept", &[]).await;
    let crm = text_of(&world.get("ada", "/crm/006A").await.body);
    assert!(crm.contains("CSM carl "), "who accepted stands in the CRM: {crm}");
    world.does("carl", "questions", &[("text", HOSTILE)]).await;
    let question = *world.view("ada").await.loaded.handoff.questions.keys().next().unwrap();
    world.does("ada", &format!("questions/{question}"), &[("text", HOSTILE)]).await;

    let now = || world.clock_input();
    let told = |form: &'static str| {
        vec![
            ("happened_at", now()),
            ("form", form.to_owned()),
            ("known_by", "attested".to_owned()),
            ("note", HOSTILE.to_owned()),
        ]
    };
    let report = async |who: &str, step: &str, fields: Vec<(&'static str, String)>| {
        let fields: Vec<(&str, &str)> = fields
            .iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        world.does(who, &format!("steps/{step}/report"), &fields).await;
    };
    report("ada", "warm_intro", told("mail")).await;
    world.does("carl", "steps/warm_intro/0/confirm", &[]).await;
    assert!(matches!(world.view("carl").await.loaded.handoff.stage, Stage::Owned { .. }));
    report("carl", "first_contact", told("")).await;
    let mut booked = told("");
    booked.push(("booked_for", "2026-12-03T10:00".to_owned()));
    report("carl", "kickoff_booked", booked).await;
    report("ada", "internal_call", told("async")).await;
    world.does("carl", "steps/internal_call/0/confirm", &[]).await;

    let shut = world.post("carl", "confirm-kickoff", &[]).await;
    assert_eq!(
        shut.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "the customer does not know that a promise does not stand"
    );
    assert!(shut.body.contains(&format!("/promises#promise-{}", item.id)));
    let evidence = [("source", "mail"), ("speaker", HOSTILE), ("quote", HOSTILE), ("said_on", "2026-11-23")];
    world.does("ada", &format!("promises/{}/correct", item.id), &evidence).await;
    world.does("carl", "confirm-kickoff", &[]).await;

    world.does("carl", "plan/open", &[]).await;
    world
        .does("carl", "plan/milestones", &[("title", HOSTILE), ("side", "customer"), ("owner", HOSTILE)])
        .await;
    world.does("carl", "plan/prerequisites/owner_named", &evidence).await;
    let criterion = world.view("carl").await.loaded.handoff.record.list(List::Criteria).next().unwrap().id;
    let mut said = vec![("still_accurate", "no"), ("words", HOSTILE), ("at", "2026-11-23T08:00")];
    said.extend(evidence);
    world.does("carl", &format!("criteria/{criterion}"), &said).await;

    world.clock.advance(SignedDuration::from_hours(24 * 10 + 3));
    let world = world.signed_in_again().await;
    let happened = world.clock_input();
    let held = [("happened_at", happened.as_str()), ("ended_at", &happened), ("known_by", "calendar")];
    world.does("carl", "steps/kickoff/report", &held).await;
    let mut confirmed = vec![("form", "signed"), ("at", happened.as_str())];
    confirmed.extend(evidence);
    world.does("carl", "plan/confirm", &confirmed).await;
    let low = world.post("carl", "ratings/kickoff", &[("score", "1"), ("comment", HOSTILE)]).await;
    assert_eq!(low.status, StatusCode::UNPROCESSABLE_ENTITY, "a low rating asks for a reason");
    assert!(
        low.body.contains("&#60;script&#62;") || low.body.contains("&lt;script&gt;"),
        "what was typed is kept"
    );
    world
        .does("carl", "ratings/kickoff", &[("score", "1"), ("reason", "cold_start"), ("comment", HOSTILE)])
        .await;
    world.does("carl", "finish", &[]).await;
    assert_eq!(world.view("carl").await.loaded.handoff.life.name(), "done");
    for who in ["ada", "carl", "lea", "rob", "dot", "max", "aud", "fin"] {
        world.check_pages(who).await;
    }
}

#[tokio::test]
async fn every_view_shows_for_everybody_in_it_and_is_not_there_for_others() {
    let world = World::new(9_000_000, HOSTILE).await;
    world.does("rob", "nominate", &[("csm", &world.person("carl"))]).await;
    for who in ["ada", "carl", "lea", "rob", "dot", "max", "aud", "fin"] {
        world.check_pages(who).await;
    }
    for path in world.all_pages() {
        assert_eq!(world.get("otto", &path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    for path in ["/handoffs/nonsense", "/handoffs/0197a000-0000-7000-8000-000000000001/steps"] {
        assert_eq!(world.get("ada", path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    let edit = format!("/handoffs/{}/items/new?list=stakeholders&ask=champion", world.id);
    let form = world.get("ada", &edit).await;
    assert_eq!(form.status, StatusCode::OK);
    sound(&edit, &form.body);
    assert_eq!(world.get("fin", &edit).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn two_people_hinder_each_other_only_on_the_same_answer() {
    let world = World::new(9_000_000, "Planning").await;
    let save = async |who: &str, ask: &str, version: u64, text: &str| {
        let path = format!("/handoffs/{}/answers/{ask}", world.id);
        let request = Request::post(path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("hx-request", "true")
            .header(header::IF_MATCH, format!("\"{version}\""));
        world.ask(who, request, encoded(&[("text", text)])).await
    };
    let seen = world.view("ada").await.loaded.version;
    let first = save("ada", "quick_win", seen, "reports on Monday").await;
    assert_eq!(first.status, StatusCode::OK);
    assert_eq!(first.etag, format!("\"{}\"", world.view("ada").await.loaded.version));
    assert!(first.body.contains("hx-swap-oob") && first.body.contains("id=\"record-summary\""));

    let other = save("rob", "scope", seen, "four sites").await;
    assert_eq!(other.status, StatusCode::OK, "another answer is no conflict");
    let same = save("rob", "quick_win", seen, "<b>mine</b>").await;
    assert_eq!(same.status, StatusCode::PRECONDITION_FAILED);
    assert!(same.body.contains("reports on Monday") && same.body.contains("mine"), "both answers are shown");
    assert!(!same.body.contains("<b>mine"));
    let current = world.view("rob").await.loaded.version;
    assert_eq!(
        save("rob", "quick_win", current, "mine").await.status,
        StatusCode::OK,
        "having seen theirs, mine stands"
    );

    let long = "x".repeat(8_001);
    assert_eq!(save("ada", "quick_win", current + 9, &long).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let gone = save("ada", "quick_win", world.view("ada").await.loaded.version, "  ").await;
    assert_eq!(gone.status, StatusCode::OK, "an emptied field takes the answer back");
    let record = world.view("ada").await.loaded.handoff.record;
    assert!(!record.answers.contains_key(&"quick_win".parse().unwrap()));
}

#[tokio::test]
async fn what_was_offered_changes_only_with_a_reason_that_everybody_sees() {
    let world = World::new(800_000, "Planning").await;
    world.fill("ada").await;
    let view = world.view("dot").await;
    let (item, _) = view.loaded.handoff.record.promises().next().unwrap();
    world
        .does("dot", &format!("promises/{}/decide", item.id), &[("verdict", "approved"), ("reason", "fine")])
        .await;
    world.does("ada", "offer", &[("csm", &world.person("carl"))]).await;
    let edit = format!("items/{}?ask=promises", item.id);
    let changed =
        [("what", "two sites at this price"), ("kind", "price"), ("strength", "implied"), ("source", "call")];
    let refused = world.post("ada", &edit, &changed).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert!(refused.body.contains("two sites at this price"), "what was typed is kept");
    world.does("ada", "reopen", &[("asks", "promises"), ("reason", "the last call changed it")]).await;
    let record = world.get("carl", &format!("/handoffs/{}", world.id)).await;
    assert!(record.body.contains("the last call changed it"));
    let fields: Vec<_> = changed
        .iter()
        .copied()
        .chain([("owed_by", "us"), ("in_contract", "yes"), ("speaker", "Kim")])
        .collect();
    world.does("ada", &edit, &fields).await;
    world.does("carl", "return", &[("code", "incomplete"), ("reason", "who is the champion?")]).await;
    world.does("ada", "answer-return", &[("text", "named her")]).await;
}

#[tokio::test]
async fn a_refused_form_comes_back_as_it_was_with_the_field_that_is_wrong_in_words() {
    let world = World::new(9_000_000, "Planning").await;
    let page = world.post("ada", "seats", &[("role", "ae"), ("person", ""), ("reason", "Tom is away")]).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    let text = words(&page.body);
    assert!(text.contains("Must be filled in") && text.contains("nothing is lost"), "{text}");
    assert!(page.body.contains(r#"value="Tom is away""#), "what was typed is kept");
    assert!(page.body.contains(r#"<option value="ae" selected>"#), "what was chosen stays chosen");
    assert!(
        page.body.contains(&format!("<option value=\"{}\"", world.person("otto"))),
        "the missing one can be chosen"
    );
    assert!(
        page.body.contains(r##"href="#mend-person""##) && page.body.contains(r#"id="mend-person""#),
        "{text}"
    );

    // Nothing was ticked: the choices are there again, not the names of fields.
    let page = world.post("ada", "steps/internal_call/report", &[("happened_at", "2026-11-24T10:00")]).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    let text = words(&page.body);
    assert!(
        !text.contains("happened_at") && !text.contains("known_by") && !text.contains("Known by must"),
        "{text}"
    );
    assert!(page.body.contains(r#"value="2026-11-24T10:00""#), "what was typed is kept");
    assert!(page.body.contains(r#"name="known_by""#), "what is missing can be filled right there");

    // A button alone that was refused has nothing to fill: back is the way.
    let page = world.post("carl", "accept", &[]).await;
    assert!(page.status.is_client_error() && !page.body.contains("<textarea"), "{}", words(&page.body));
}

#[tokio::test]
async fn the_crm_shows_the_gate_passed_once_the_record_is_complete() {
    let world = World::new(800_000, "Planning").await;
    let carl = world.person("carl");
    let refused = world.post("ada", "/crm/006A/csm", &[("csm", &carl)]).await;
    assert_eq!(refused.location, "/crm/006A?refused=csm_assignment");
    let page = world.get("ada", &refused.location).await;
    assert!(page.body.contains("crm-alert") && !page.body.contains("Passed"), "{}", words(&page.body));
    world.fill("ada").await;
    let view = world.view("dot").await;
    let (promise, _) = view.loaded.handoff.record.promises().next().unwrap();
    let decided = [("verdict", "approved"), ("reason", "It is in the margin")];
    world.does("dot", &format!("promises/{}/decide", promise.id), &decided).await;
    world.does("ada", "gates/handoff/attempt", &[]).await;
    let page = world.get("ada", "/crm/006A").await;
    sound("/crm/006A", &page.body);
    assert!(page.body.contains("Passed") && !page.body.contains("crm-alert"), "{}", words(&page.body));
}

#[tokio::test]
async fn the_cs_leader_takes_over_with_a_reason_and_is_answered_for_by_the_one_named() {
    let world = World::new(800_000, "Planning").await;
    let carl = world.person("carl");
    let without = world.post("lea", "take-over", &[("by", &carl)]).await;
    assert_eq!(without.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        without.body.contains(&format!("<option value=\"{carl}\" selected>")),
        "what was chosen stays chosen"
    );
    world.does("lea", "take-over", &[("by", &carl), ("reason", "The customer waits")]).await;
    let view = world.view("lea").await;
    assert_eq!(view.loaded.handoff.answerable().to_string(), carl);
    let steps = world.get("lea", &format!("/handoffs/{}/steps", world.id)).await;
    assert!(words(&steps.body).contains("carl"), "{}", words(&steps.body));
    world.check_pages("carl").await;
}

#[tokio::test]
async fn an_early_introduction_keeps_the_name_of_the_csm_who_gave_it() {
    let world = World::new(800_000, "Planning").await;
    world.does("rob", "nominate", &[("csm", &world.person("carl"))]).await;
    let met = [("happened_at", "2026-11-20T10:00"), ("known_by", "attested")];
    world.does("carl", "steps/early_intro/report", &met).await;
    world.does("rob", "nominate", &[("csm", &world.person("nell"))]).await;
    let steps = text_of(&world.get("rob", &format!("/handoffs/{}/steps", world.id)).await.body);
    let (_, early) = steps.split_once("Early introduction").unwrap();
    let early = &early[..early.find("Record complete").unwrap()];
    assert!(early.contains("carl ") && !early.contains("somebody"), "{early}");
}

#[tokio::test]
async fn every_view_says_who_answers_for_what_how_long_the_record_took_and_by_which_process() {
    let world = World::new(800_000, "Planning").await;
    world.clock.advance(SignedDuration::from_hours(5));
    let page = world.get("rob", &format!("/handoffs/{}", world.id)).await.body;
    let text = text_of(&page);
    assert!(text.contains("Open for 5 h"), "{text}");
    assert!(page.contains(r#"href="/playbooks/default?version=1""#), "{text}");
    for path in world.all_pages() {
        let text = text_of(&world.get("rob", &path).await.body);
        let (_, duties) = text.split_once("Who answers for what").unwrap_or_else(|| panic!("{path}: {text}"));
        let accuracy = duties.find("Accuracy until the transition: sales answerable now");
        assert!(accuracy.is_some() && duties.contains("Nobody yet"), "{path}: {duties}");
    }
    world.fill("ada").await;
    world.does("rob", "nominate", &[("csm", &world.person("carl"))]).await;
    let text = text_of(&world.get("rob", &format!("/handoffs/{}", world.id)).await.body);
    assert!(text.contains("Complete after 5 h") && text.contains("CSM, nominated"), "{text}");
    world.does("lea", "take-over", &[("by", &world.person("carl")), ("reason", "The customer waits")]).await;
    let text = text_of(&world.get("rob", &format!("/handoffs/{}", world.id)).await.body);
    assert!(text.contains("Continuity after it: CS answerable now"), "{text}");
}

#[tokio::test]
async fn a_seat_offers_only_whom_the_application_takes_for_it() {
    let world = World::new(800_000, "Planning").await;
    let page = world.get("rob", &format!("/handoffs/{}/steps", world.id)).await.body;
    let (_, seats) = page.split_once("aria-labelledby=\"seats\"").unwrap();
    for (who, offered) in [("ada", true), ("otto", true), ("max", true), ("carl", false), ("fin", false)] {
        let option = format!("<option value=\"{}\"", world.person(who));
        assert_eq!(seats.contains(&option), offered, "{who}");
    }
    assert!(text_of(seats).contains("Nobody here has this role"), "there is no SE");
    let seat = [("role", "ae"), ("person", &*world.person("otto")), ("reason", "Ada is away")];
    world.does("rob", "seats", &seat).await;
    assert_eq!(world.view("rob").await.loaded.handoff.seller().to_string(), world.person("otto"));
}

#[tokio::test]
async fn a_waiver_is_asked_for_by_one_and_granted_by_another() {
    let world = World::new(800_000, "Planning").await;
    let gap = serde_json::to_string(&world.view("ada").await.gaps[0].gap.about).unwrap();
    let nothing = world.post("ada", "gates/handoff/waivers", &[("reason", "signing today")]).await;
    assert_eq!(nothing.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(nothing.body.contains("signing today"), "what was typed is kept");
    world.does("ada", "gates/handoff/waivers", &[("covers", &gap), ("reason", "signing today")]).await;
    let waiver = *world.view("ada").await.loaded.handoff.waivers.keys().next().unwrap();
    let grant = format!("waivers/{waiver}/grant");
    let own = world.post("ada", &grant, &[("expires_at", "2026-11-27T12:00")]).await;
    assert_eq!(own.status, StatusCode::FORBIDDEN);
    world.does("max", &grant, &[("expires_at", "2026-11-27T12:00")]).await;
    world.check_pages("max").await;
}

#[tokio::test]
async fn bad_input_is_answered_with_a_reason_and_never_with_a_failure_of_ours() {
    let world = World::new(9_000_000, "Planning").await;
    let parts = [
        "answers/renews_on",
        "answers/nobody_asks_this",
        "answers/champion",
        "items/new?list=promises",
        "items/new?list=nonsense",
        "items/0197a000-0000-7000-8000-000000000001",
        "reopen",
        "promises/0197a000-0000-7000-8000-000000000001/decide",
        "promises/0197a000-0000-7000-8000-000000000001/settle",
        "nominate",
        "offer",
        "withdraw-offer",
        "return",
        "marks/customer_intent",
        "criteria/0197a000-0000-7000-8000-000000000001",
        "ratings/kickoff",
        "steps/warm_intro/report",
        "steps/warm_intro/7/confirm",
        "steps/warm_intro/7/dispute",
        "steps/warm_intro/7/correct",
        "take-over",
        "seats",
        "gates/handoff/waivers",
        "gates/nonsense/attempt",
        "waivers/0197a000-0000-7000-8000-000000000001/grant",
        "route",
        "plan/milestones",
        "plan/confirm",
        "plan/prerequisites/owner_named",
        "questions",
        "/deals/open",
    ];
    for part in parts {
        for who in ["rob", "ada", "carl", "fin"] {
            let page = world.post(who, part, &[("on", "not a date"), ("text", " "), ("name", "")]).await;
            assert!(page.status.is_client_error(), "{who} {part}: {} {}", page.status, page.location);
        }
    }
}

#[tokio::test]
async fn a_deal_nobody_told_of_is_opened_by_hand_and_a_known_one_with_a_button() {
    let world = World::new(9_000_000, "Planning").await;
    let unknown = world.get("ada", "/deals/open?source=salesforce&external_id=00X").await;
    assert_eq!(unknown.status, StatusCode::OK);
    let fields = [
        ("source", "salesforce"),
        ("external_id", "00X"),
        ("name", HOSTILE),
        ("account", "Tallis"),
        ("amount", "12 500,50"),
        ("amount_currency", "eur"),
        ("standing", "won"),
    ];
    let wrong: Vec<_> = fields.iter().copied().filter(|(name, _)| *name != "account").collect();
    let refused = world.post("ada", "/deals/open", &wrong).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    sound("/deals/open", &refused.body);
    let opened = world.post("ada", "/deals/open", &fields).await;
    assert_eq!(opened.status, StatusCode::SEE_OTHER, "{}", words(&opened.body));
    assert_eq!(world.get("ada", &opened.location).await.status, StatusCode::OK);
    let again = world.get("ada", "/deals/open?source=salesforce&external_id=00X").await;
    assert_eq!((again.status, again.location), (StatusCode::SEE_OTHER, opened.location));

    let later: Deal = serde_json::from_value(serde_json::json!({
        "source": "hubspot", "external_id": "9", "source_time": "2026-11-20T08:00:00Z",
        "name": "Later", "account": "Later AG", "close_on": "2027-11-20",
    }))
    .unwrap();
    let kept = world.app.put_deal(&Caller::system(world.org), later, DealOptions::default()).await.unwrap();
    assert_eq!(kept.handoff, None);
    let known = world.get("rob", "/deals/open?source=hubspot&external_id=9").await;
    assert!(known.body.contains("Later AG"));
    let opened = world.post("rob", "/deals/open", &[("source", "hubspot"), ("external_id", "9")]).await;
    assert!(opened.location.starts_with("/handoffs/"), "{}", words(&opened.body));
}
