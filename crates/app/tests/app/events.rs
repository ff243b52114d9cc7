//! Events of other systems: believed, kept, acted on once.

mod stream;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use throughline_app::{
    App, AppError,
    events::{Arrival, Claims, NotBelieved, Received},
    sources::ServerKey,
};
use throughline_connect::signature::{Key, sign};
use throughline_domain::{OrgId, deal::Deal};
use throughline_store::{EventSeen, EventState};

use crate::company::{Company, company, staffed};

/// A company whose server has a key.
fn keyed(company: Company) -> Company {
    let key = ServerKey::read(b"0123456789abcdef0123456789abcdef").unwrap();
    Company { app: company.app.clone().with_key(key), ..company }
}

/// A system that signs what it sends.
struct Sender {
    app: App,
    source: &'static str,
    key: Key,
}

impl Sender {
    async fn added(company: &Company, source: &'static str) -> Self {
        let keyed = company.app.add_event_source(&company.system(), source, None).await.unwrap();
        Self { app: company.app.clone(), source, key: Key::parse(&keyed.secret.unwrap()).unwrap() }
    }

    /// Sends as if it had been signed at a time.
    async fn send_as_of(&self, at: Timestamp, id: &str, body: &str) -> Result<Received, NotBelieved> {
        let signature = sign(&self.key, id, at, body.as_bytes()).unwrap();
        let time = at.as_second().to_string();
        let claims = Claims { id: Some(id), timestamp: Some(&time), signatures: Some(&signature) };
        let arrival = Arrival { org: None, source: self.source, claims };
        let event = self.app.believe_event(arrival, body.as_bytes()).await?;
        Ok(self.app.receive_event(event).await?)
    }

    async fn send(&self, id: &str, body: &Value) -> Result<Received, NotBelieved> {
        self.send_as_of(self.app.now(), id, &body.to_string()).await
    }
}

fn upserted(deal: Value) -> Value {
    json!({ "type": "deal.upserted", "timestamp": "2026-03-02T07:00:00Z", "data": deal })
}

fn rollout(id: &str) -> Value {
    json!({ "external_id": id, "name": format!("Rollout {id}"), "account": "Initech", "close_on": "2026-12-20" })
}

async fn known(app: &App, org: OrgId, id: &str) -> Option<Deal> {
    let key = throughline_domain::deal::DealKey { source: "crm".to_owned(), external_id: id.to_owned() };
    let row = app.store().deal(org, &key).await.unwrap()?;
    Some(serde_json::from_str(&row.body).unwrap())
}

/// What became of an event.
async fn seen(company: &Company, id: &str) -> EventSeen {
    let all = company.app.events(&company.system(), None, 200).await.unwrap();
    all.into_iter().find(|event| event.id == id).unwrap()
}

#[tokio::test]
async fn an_event_that_comes_twice_is_kept_and_acted_on_once() {
    let company = keyed(staffed().await);
    let crm = Sender::added(&company, "crm").await;
    assert_eq!(crm.send("e1", &upserted(rollout("D-1"))).await.unwrap(), Received::New);
    assert_eq!(crm.send("e1", &upserted(rollout("D-2"))).await.unwrap(), Received::Again);
    assert_eq!(known(&company.app, company.org, "D-1").await, None, "nothing is done before the sweep");
    assert_eq!(company.app.sweep_events().await.unwrap(), 1);
    assert_eq!(company.app.sweep_events().await.unwrap(), 0);
    assert_eq!(crm.send("e1", &upserted(rollout("D-1"))).await.unwrap(), Received::Again);
    assert_eq!(company.app.sweep_events().await.unwrap(), 0);
    let deal = known(&company.app, company.org, "D-1").await.unwrap();
    assert_eq!(
        (deal.name.as_str(), deal.source_time.to_string().as_str()),
        ("Rollout D-1", "2026-03-02T07:00:00Z")
    );
    assert_eq!(known(&company.app, company.org, "D-2").await, None);
    let event = seen(&company, "e1").await;
    assert_eq!(
        (event.state, event.note.as_deref()),
        (EventState::Done, Some("kept; its record does not open yet"))
    );
}

#[tokio::test]
async fn the_same_id_of_two_sources_is_two_events() {
    let company = keyed(staffed().await);
    for source in ["crm", "billing"] {
        let sender = Sender::added(&company, source).await;
        assert_eq!(sender.send("e1", &upserted(rollout("D-1"))).await.unwrap(), Received::New);
    }
    assert_eq!(company.app.sweep_events().await.unwrap(), 2);
}

#[tokio::test]
async fn what_means_nothing_is_done_and_what_does_not_fit_is_refused_with_its_place() {
    let company = keyed(staffed().await);
    let crm = Sender::added(&company, "crm").await;
    crm.send("strange", &json!({ "type": "contact.created", "data": 7 })).await.unwrap();
    crm.send_as_of(company.app.now(), "torn", r#"{"type":"deal.ups"#).await.unwrap();
    let mut odd = rollout("D-1");
    odd["amount"] = json!({ "minor": 1, "currency": "euros" });
    crm.send("odd", &upserted(odd)).await.unwrap();
    let blank = json!({ "external_id": "D-1", "name": " ", "account": "A" });
    crm.send("blank", &upserted(blank)).await.unwrap();
    company.app.sweep_events().await.unwrap();
    let told = async |id| {
        let event = seen(&company, id).await;
        (event.state, event.note.unwrap())
    };
    assert_eq!(told("strange").await, (EventState::Done, "not understood: type contact.created".to_owned()));
    let (state, note) = told("torn").await;
    assert!(state == EventState::Refused && note.contains("line 1 column 17"), "{note}");
    let (state, note) = told("odd").await;
    assert!(state == EventState::Refused && note.starts_with("data.amount.currency: "), "{note}");
    assert_eq!(told("blank").await, (EventState::Refused, "name: must not be blank".to_owned()));
    assert_eq!(company.app.sweep_events().await.unwrap(), 0);
}

#[tokio::test]
async fn a_deletion_waits_for_the_deal_it_deletes_and_then_stands_before_older_news() {
    let company = keyed(staffed().await);
    let crm = Sender::added(&company, "crm").await;
    let gone = json!({ "type": "deal.deleted", "timestamp": "2026-03-02T07:30:00Z", "data": { "external_id": "D-1" } });
    crm.send("gone", &gone).await.unwrap();
    company.app.sweep_events().await.unwrap();
    let event = seen(&company, "gone").await;
    assert_eq!((event.state, event.tries), (EventState::New, 1));
    assert_eq!(event.note.as_deref(), Some("nobody has told of this deal yet"));
    assert_eq!(company.app.sweep_events().await.unwrap(), 0, "it waits a second");
    crm.send("e1", &upserted(rollout("D-1"))).await.unwrap();
    company.clock.advance(SignedDuration::from_secs(1));
    while company.app.sweep_events().await.unwrap() > 0 {
        company.clock.advance(SignedDuration::from_secs(2));
    }
    let deal = known(&company.app, company.org, "D-1").await.unwrap();
    assert!(deal.standing.is_gone() && deal.name == "Rollout D-1");
    crm.send("e0", &upserted(rollout("D-1"))).await.unwrap();
    company.app.sweep_events().await.unwrap();
    assert!(known(&company.app, company.org, "D-1").await.unwrap().standing.is_gone());
}

#[tokio::test]
async fn an_event_that_never_comes_right_is_given_up_after_twenty_tries() {
    let company = keyed(staffed().await);
    let crm = Sender::added(&company, "crm").await;
    crm.send("gone", &json!({ "type": "deal.deleted", "data": { "external_id": "D-1" } })).await.unwrap();
    let mut tries = 0;
    for _ in 0..40 {
        tries += company.app.sweep_events().await.unwrap();
        company.clock.advance(SignedDuration::from_hours(1));
    }
    assert_eq!(tries, 20);
    let event = seen(&company, "gone").await;
    assert_eq!(event.state, EventState::Refused);
    assert_eq!(event.note.as_deref(), Some("given up after 20 tries: nobody has told of this deal yet"));
}

#[tokio::test]
async fn what_cannot_be_done_yet_is_tried_again() {
    // Nobody owns the process: a record has nobody to fall back on.
    let company = keyed(company().await);
    let crm = Sender::added(&company, "crm").await;
    let mut soon = rollout("D-1");
    soon["close_on"] = json!("2026-03-06");
    crm.send("e1", &upserted(soon)).await.unwrap();
    company.app.sweep_events().await.unwrap();
    let event = seen(&company, "e1").await;
    assert!(event.state == EventState::New && event.note.unwrap().contains("process owner"));
    company.join("ravi", &[throughline_domain::Role::RevOps], None).await;
    company.clock.advance(SignedDuration::from_secs(1));
    assert_eq!(company.app.sweep_events().await.unwrap(), 1);
    let event = seen(&company, "e1").await;
    assert_eq!((event.state, event.note.as_deref()), (EventState::Done, Some("a record was opened")));
}

#[tokio::test]
async fn a_removed_source_is_believed_no_longer_and_what_it_sent_is_not_acted_on() {
    let company = keyed(staffed().await);
    let crm = Sender::added(&company, "crm").await;
    crm.send("e1", &upserted(rollout("D-1"))).await.unwrap();
    company.app.remove_event_source(&company.system(), "crm").await.unwrap();
    company.app.sweep_events().await.unwrap();
    let event = seen(&company, "e1").await;
    assert_eq!((event.state, event.note.as_deref()), (EventState::Refused, Some("its source was removed")));
    assert!(matches!(crm.send("e2", &upserted(rollout("D-1"))).await, Err(NotBelieved::Signature)));
    // Another of the same name has another secret.
    let new = Sender::added(&company, "crm").await;
    assert!(matches!(crm.send("e2", &upserted(rollout("D-1"))).await, Err(NotBelieved::Signature)));
    assert_eq!(new.send("e2", &upserted(rollout("D-1"))).await.unwrap(), Received::New);
}

#[tokio::test]
async fn a_key_changed_stays_good_for_a_day_and_the_one_before_it_does_not() {
    let company = keyed(staffed().await);
    let first = Sender::added(&company, "crm").await;
    let rotated = async || {
        let keyed = company.app.rotate_event_source(&company.system(), "crm", None).await.unwrap();
        Sender { app: company.app.clone(), source: "crm", key: Key::parse(&keyed.secret.unwrap()).unwrap() }
    };
    let second = rotated().await;
    assert!(first.send("a", &upserted(rollout("D-1"))).await.is_ok());
    assert!(second.send("b", &upserted(rollout("D-1"))).await.is_ok());
    company.clock.advance(SignedDuration::from_hours(24));
    assert!(matches!(first.send("c", &upserted(rollout("D-1"))).await, Err(NotBelieved::Signature)));
    assert!(second.send("c", &upserted(rollout("D-1"))).await.is_ok());
    let third = rotated().await;
    let fourth = rotated().await;
    assert!(matches!(second.send("d", &upserted(rollout("D-1"))).await, Err(NotBelieved::Signature)));
    assert!(third.send("d", &upserted(rollout("D-1"))).await.is_ok());
    assert!(fourth.send("e", &upserted(rollout("D-1"))).await.is_ok());
}

#[tokio::test]
async fn a_source_with_a_key_of_its_own_is_believed_by_that_alone() {
    let company = keyed(staffed().await);
    let (app, system) = (&company.app, company.system());
    // Signed by Python's `cryptography` 50.0.2 at the company's time.
    let public = "whpk_/RckOFqgx1tk+3jNYC+h2ZH96/drE8WO1wLqyDXp9hg=";
    let body = r#"{"type":"deal.deleted","data":{"external_id":"D-9"}}"#;
    let keyed = app.add_event_source(&system, "crm", Some(public)).await.unwrap();
    assert_eq!(keyed.secret, None);
    let time = company.app.now().as_second().to_string();
    let send = async |signature: &str| {
        let claims = Claims { id: Some("e1"), timestamp: Some(&time), signatures: Some(signature) };
        app.believe_event(Arrival { org: None, source: "crm", claims }, body.as_bytes()).await
    };
    assert!(
        send("v1a,4l020FasBbCRirlwSRxwjkAKZF2QEgwjykYltoZUCzGm0gY8yMiiGaAhSzIukfemDAYO8+jQRlb720MeG33zDA==")
            .await
            .is_ok()
    );
    let by_secret = Key::parse(&public.replace("whpk_", "whsec_")).unwrap();
    let forged = sign(&by_secret, "e1", company.app.now(), body.as_bytes()).unwrap();
    assert!(matches!(send(&forged).await, Err(NotBelieved::Signature)));
    let again = app.rotate_event_source(&system, "crm", Some(public)).await.unwrap_err();
    assert!(matches!(again, AppError::Invalid { field, .. } if field == "public_key"));
    let keyed = app.rotate_event_source(&system, "crm", None).await.unwrap();
    assert!(
        keyed.secret.is_some()
            && send(
                "v1a,4l020FasBbCRirlwSRxwjkAKZF2QEgwjykYltoZUCzGm0gY8yMiiGaAhSzIukfemDAYO8+jQRlb720MeG33zDA=="
            )
            .await
            .is_ok()
    );
}

#[tokio::test]
async fn without_a_key_there_are_no_sources_and_nothing_is_believed() {
    let company = staffed().await;
    let (app, system) = (&company.app, company.system());
    let why = app.add_event_source(&system, "crm", None).await.unwrap_err();
    assert!(why.to_string().contains("--key-file"), "{why}");
    assert!(!app.takes_events());
    // One that was added while there was a key.
    let keyed = keyed(staffed().await);
    let crm = Sender::added(&keyed, "crm").await;
    let lost = App::new(keyed.app.store().clone(), keyed.clock.clone());
    let sender = Sender { app: lost, ..crm };
    assert!(matches!(sender.send("e1", &upserted(rollout("D-1"))).await, Err(NotBelieved::Signature)));
}

#[tokio::test]
async fn names_and_keys_that_do_not_fit_are_told() {
    let company = keyed(staffed().await);
    let (app, system) = (&company.app, company.system());
    for name in ["", "Sales Force", "crm/1", "x".repeat(41).as_str()] {
        let why = app.add_event_source(&system, name, None).await.unwrap_err();
        assert!(matches!(why, AppError::Invalid { field, .. } if field == "name"), "{name}");
    }
    for key in ["", "whpk_AAAA", "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX"] {
        let why = app.add_event_source(&system, "crm", Some(key)).await.unwrap_err();
        assert!(matches!(why, AppError::Invalid { field, .. } if field == "public_key"), "{key}");
    }
    app.add_event_source(&system, "crm", None).await.unwrap();
    assert!(matches!(app.add_event_source(&system, "crm", None).await, Err(AppError::Conflict(_))));
    assert!(matches!(app.rotate_event_source(&system, "erp", None).await, Err(AppError::NotFound(_))));
    assert!(matches!(app.remove_event_source(&system, "erp").await, Err(AppError::NotFound(_))));
    for number in 1..50 {
        app.add_event_source(&system, &format!("s{number}"), None).await.unwrap();
    }
    assert!(matches!(app.add_event_source(&system, "one-more", None).await, Err(AppError::Conflict(_))));
}

#[tokio::test]
async fn no_secret_is_kept_and_every_change_of_a_source_leaves_a_trace() {
    let company = keyed(staffed().await);
    let (app, system) = (&company.app, company.system());
    let made = app.add_event_source(&system, "crm", None).await.unwrap().secret.unwrap();
    let shown = app.show_event_source(&system, "crm").await.unwrap().secret.unwrap();
    assert_eq!(made, shown);
    let next = app.rotate_event_source(&system, "crm", None).await.unwrap().secret.unwrap();
    let kept = serde_json::to_string(&app.organisation(company.org).await.unwrap()).unwrap();
    app.remove_event_source(&system, "crm").await.unwrap();
    let log = app.audit_log(&system, None, 10).await.unwrap();
    let log: Vec<_> = log.into_iter().map(|(_, row)| row).collect();
    let told = format!("{kept}{}", serde_json::to_string(&log).unwrap());
    for secret in [&made, &next] {
        assert!(!told.contains(secret.trim_start_matches("whsec_")));
    }
    let actions: Vec<&str> = log.iter().take(4).map(|row| row.action.as_str()).collect();
    assert_eq!(
        actions,
        ["remove-event-source", "rotate-event-source", "show-event-source", "add-event-source"]
    );
}
