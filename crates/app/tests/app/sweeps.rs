//! Clocks strike and messages go out, whoever sweeps and however late (R3.13, R2.10, R0.5).

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex},
};

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use throughline_app::{App, orgs::calendar_in, sweep::Outgoing};
use throughline_domain::{HandoffId, PersonId, Role, handoff::command};
use throughline_messages::{Mail, Mailbox, Post, PostError};
use throughline_store::Letter;

use crate::company::{Company, deal, staffed};

/// The record of a deal that closes on Sunday 2026-12-20 is due with the end of Tuesday the 15th. People are told at
/// nine in Berlin: on that Tuesday before, and on the three days after.
const REMINDED: &str = "2026-12-15T08:00:00Z";
const LATE: &str = "2026-12-16T08:00:00Z";
const LATER: &str = "2026-12-17T08:00:00Z";
const LATEST: &str = "2026-12-18T08:00:00Z";

pub async fn sold() -> (Company, PersonId, HandoffId) {
    let company = staffed().await;
    let dana = company.join("dana", &[Role::Ae], None).await;
    let id = company.opened(deal("1", Some("dana"))).await.id;
    (company, dana, id)
}

impl Company {
    /// It is now this time, and somebody sweeps until there is nothing left to do.
    async fn sweeps_at(&self, when: &str) {
        self.clock.set(when.parse().unwrap());
        self.sweeps().await;
    }

    pub async fn sweeps(&self) {
        while self.app.sweep_clocks().await.unwrap().taken > 0 {}
        while self.app.sweep_outbox().await.unwrap().taken > 0 {}
    }

    /// Writes a person as they are here, past every use case.
    pub async fn puts(&self, person: throughline_store::Person) {
        self.writes(throughline_store::Change::PutPerson(person)).await;
    }

    /// Makes a change past every use case.
    pub async fn writes(&self, change: throughline_store::Change) {
        let audit = throughline_store::Audit {
            at: self.app.now(),
            by: throughline_domain::Actor::System,
            action: "put".to_owned(),
            subject: String::new(),
            detail: serde_json::Value::Null,
        };
        self.app.store().apply(self.org, vec![change], audit).await.unwrap();
    }

    /// Letters to somebody about the record's clock, oldest first: `subject` and when they were written.
    async fn told(&self, person: PersonId) -> Vec<(String, Timestamp)> {
        let mut letters = self.app.store().letters(self.org, Some(person), None, 200).await.unwrap();
        letters.reverse();
        let about = |letter: &Letter| letter.subject.contains("Record complete");
        let told = letters.into_iter().filter(about).map(|letter| (letter.subject, letter.at));
        told.filter(|(subject, _)| subject.contains(" due ") || subject.contains("is late")).collect()
    }
}

#[tokio::test]
async fn whoever_owes_it_is_reminded_and_then_it_climbs_each_at_its_time() {
    let (company, dana, _) = sold().await;
    let ravi = company.app.organisation(company.org).await.unwrap().process_owner.unwrap();
    company.sweeps_at("2026-12-15T07:59:00Z").await;
    assert_eq!(company.told(dana).await, []);
    company.sweeps_at(REMINDED).await;
    company.sweeps().await;
    let told = company.told(dana).await;
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].0.contains("is due"), "{told:?}");
    company.sweeps_at(LATE).await;
    let told = company.told(dana).await;
    assert!(told.len() == 2 && told[1].0.contains("is late"), "{told:?}");
    // Dana has no manager: what would reach nobody reaches the process owner, who is next anyway.
    assert_eq!(company.told(ravi).await.len(), 0);
    company.sweeps_at(LATER).await;
    assert_eq!(company.told(ravi).await.len(), 1);
    company.sweeps_at(LATEST).await;
    assert_eq!(company.told(ravi).await.len(), 2);
    company.sweeps_at("2026-12-19T12:00:00Z").await;
    assert_eq!((company.told(dana).await.len(), company.told(ravi).await.len()), (2, 2));
}

#[tokio::test]
async fn nodes_that_sweep_at_once_tell_everything_once() {
    let (company, dana, id) = sold().await;
    for number in 2..=20 {
        company.opened(deal(&number.to_string(), Some("dana"))).await;
    }
    let nodes: Vec<App> =
        (0..4).map(|_| App::new(Arc::clone(company.app.store()), company.clock.clone())).collect();
    for when in [REMINDED, LATE, LATER, LATEST] {
        company.clock.set(when.parse().unwrap());
        let sweeps = nodes.iter().cloned().map(|app| {
            tokio::spawn(async move {
                while app.sweep_clocks().await.unwrap().taken > 0 {}
                while app.sweep_outbox().await.unwrap().taken > 0 {}
            })
        });
        for sweep in sweeps.collect::<Vec<_>>() {
            sweep.await.unwrap();
        }
    }
    assert_eq!(company.told(dana).await.len(), 40);
    let letters = company.app.store().letters(company.org, None, None, 200).await.unwrap();
    let different: BTreeSet<_> = letters.iter().map(|letter| letter.id).collect();
    assert_eq!(different.len(), letters.len());
    let journal = company.app.store().journal(company.org, id, 0, 1_000).await.unwrap();
    let told: Vec<_> =
        journal.iter().filter(|row| ["reminded", "escalated"].contains(&row.kind.as_str())).collect();
    let different: BTreeSet<_> = told.iter().map(|row| &row.body).collect();
    assert!(told.len() >= 4 && different.len() == told.len(), "{told:?}");
}

#[tokio::test]
async fn a_node_that_dies_with_its_claim_holds_nothing_up_for_long() {
    let (company, dana, _) = sold().await;
    company.clock.set(REMINDED.parse().unwrap());
    let now = company.app.now();
    let claim = throughline_store::Claim { now, until: now + SignedDuration::from_secs(15), limit: 100 };
    assert_eq!(company.app.store().claim_looks(claim).await.unwrap().len(), 1);
    company.sweeps().await;
    assert_eq!(company.told(dana).await, [], "it is somebody else's for a while");
    company.clock.advance(SignedDuration::from_secs(15));
    company.sweeps().await;
    assert_eq!(company.told(dana).await.len(), 1);
}

#[tokio::test]
async fn after_a_time_in_which_nobody_swept_each_owner_is_reminded_once_and_nobody_else_yet() {
    let (company, dana, _) = sold().await;
    let mut earlier = deal("2", Some("dana"));
    earlier.close_on = Some("2026-12-10".parse().unwrap());
    company.opened(earlier).await;
    company.sweeps_at("2026-12-18T10:00:00Z").await;
    let told: BTreeSet<String> = company.told(dana).await.into_iter().map(|(subject, _)| subject).collect();
    assert_eq!(told.len(), 2, "a reminder each, and nothing more yet: {told:?}");
}

#[tokio::test]
async fn a_reminder_moves_no_list_and_a_look_puts_rows_right() {
    let (company, _, id) = sold().await;
    let row = |company: &Company| {
        let (store, org) = (Arc::clone(company.app.store()), company.org);
        async move { store.row(org, id).await.unwrap().unwrap() }
    };
    let before = row(&company).await;
    company.sweeps_at(REMINDED).await;
    let after = row(&company).await;
    assert_eq!(before.updated_at, after.updated_at);
    assert!(before.version < after.version, "reminders are facts");
    // Another zone, and so another end of the day.
    let settings = throughline_app::orgs::Settings {
        calendar: Some(calendar_in("America/New_York").unwrap()),
        ..Default::default()
    };
    company.app.change_settings(&company.system(), settings).await.unwrap();
    company.sweeps().await;
    assert_eq!(row(&company).await.updated_at, before.updated_at);
    let dues = company.app.store().dues(company.org, id).await.unwrap();
    let record = dues.iter().find(|due| due.step.as_str() == "record").unwrap();
    assert_eq!(record.due_at, "2026-12-16T05:00:00Z".parse().unwrap());
}

#[tokio::test]
async fn a_record_opens_when_its_time_comes_without_any_news() {
    let company = staffed().await;
    company.join("dana", &[Role::Ae], None).await;
    let answer = company.put(deal("9", Some("dana"))).await;
    assert_eq!(answer.handoff, None, "its signature is far away");
    let key = deal("9", None).key;
    let opened = |company: &Company| {
        let (store, org, key) = (Arc::clone(company.app.store()), company.org, key.clone());
        async move { store.deal(org, &key).await.unwrap().unwrap().handoff.is_some() }
    };
    company.clock.set("2026-11-19T10:00:00Z".parse().unwrap());
    assert_eq!(company.app.sweep_openings(company.org).await.unwrap().taken, 0);
    assert!(!opened(&company).await);
    company.clock.set("2026-11-20T10:00:00Z".parse().unwrap());
    assert_eq!(company.app.sweep_openings(company.org).await.unwrap().taken, 1);
    assert!(opened(&company).await);
    assert_eq!(company.app.sweep_openings(company.org).await.unwrap().taken, 0);
}

/// A mail server as a test has it: what it is handed, and how it answers.
#[derive(Debug, Default)]
pub struct Server {
    pub taken: Mutex<Vec<Mail>>,
    pub answers: Mutex<Vec<PostError>>,
}

#[async_trait]
impl Post for Server {
    async fn send(&self, mail: &Mail) -> Result<(), PostError> {
        if let Some(refused) = self.answers.lock().unwrap().pop() {
            return Err(refused);
        }
        self.taken.lock().unwrap().push(mail.clone());
        Ok(())
    }
}

impl Server {
    pub fn answers(&self, refused: PostError) {
        self.answers.lock().unwrap().push(refused);
    }

    pub fn texts(&self) -> Vec<String> {
        self.taken.lock().unwrap().iter().map(|mail| mail.text.clone()).collect()
    }

    pub fn subjects(&self) -> Vec<(String, String)> {
        let taken = self.taken.lock().unwrap();
        taken.iter().map(|mail| (mail.to.address.to_string(), mail.subject.as_str().to_owned())).collect()
    }
}

/// The company with a way for mail to leave, and the server that takes it.
pub fn with_mail(company: &mut Company) -> Arc<Server> {
    let server = Arc::new(Server::default());
    let from = Mailbox::new("Handoffs", "handoffs@acme.example".parse().unwrap());
    let outgoing =
        Outgoing { post: server.clone(), from, public_url: "https://handoffs.acme.example".to_owned() };
    company.app = company.app.clone().with_mail(outgoing);
    server
}

#[tokio::test]
async fn a_person_gets_one_mail_in_a_pass_when_they_want_it() {
    let (mut company, _, id) = sold().await;
    let server = with_mail(&mut company);
    company.opened(deal("2", Some("dana"))).await;
    let lee = company.join("lee", &[Role::CsLeader], None).await;
    let maya = company.join("maya", &[Role::Csm], None).await;
    let mut person = company.app.store().person(company.org, maya).await.unwrap().unwrap();
    person.notify.digest = Some("07:30".parse().unwrap());
    company.puts(person).await;
    let leader = company.caller(lee).await;
    company.app.handle(&leader, id, command::Nominate { csm: maya }, Default::default()).await.unwrap();
    company.sweeps().await;
    while company.app.sweep_post().await.unwrap().taken > 0 {}
    let subjects = server.subjects();
    assert_eq!(subjects.len(), 1, "{subjects:?}");
    assert_eq!(subjects[0].0, "dana@acme.example");
    assert!(subjects[0].1.contains("2 messages"), "{subjects:?}");
    {
        let taken = server.taken.lock().unwrap();
        assert!(
            taken[0].text.contains("Customer 1") && taken[0].text.contains("Customer 2"),
            "{}",
            taken[0].text
        );
        assert!(taken[0].text.contains("https://handoffs.acme.example/handoffs/"), "{}", taken[0].text);
    }
    // Half past seven in Berlin.
    company.clock.set("2026-03-03T06:30:00Z".parse().unwrap());
    while company.app.sweep_post().await.unwrap().taken > 0 {}
    let subjects = server.subjects();
    assert!(subjects.len() == 2 && subjects[1].0 == "maya@acme.example", "{subjects:?}");
    assert!(subjects[1].1.contains("nominated"), "{subjects:?}");
}

#[tokio::test]
async fn a_mail_the_server_puts_off_is_tried_again_and_one_it_refuses_is_given_up() {
    let (mut company, _, _) = sold().await;
    let server = with_mail(&mut company);
    company.sweeps().await;
    server.answers.lock().unwrap().extend([PostError::later("busy"), PostError::later("away")]);
    for minutes in [0, 1, 5] {
        company.clock.advance(SignedDuration::from_mins(minutes));
        assert_eq!(server.subjects().len(), 0);
        assert_eq!(company.app.sweep_post().await.unwrap().taken, 1, "after {minutes} more minutes");
        assert_eq!(company.app.sweep_post().await.unwrap().taken, 0, "not before its time");
    }
    assert_eq!(server.subjects().len(), 1);
    company.opened(deal("3", Some("dana"))).await;
    company.sweeps().await;
    server.answers.lock().unwrap().push(PostError::never("no such user"));
    assert_eq!(company.app.sweep_post().await.unwrap().taken, 1);
    company.clock.advance(SignedDuration::from_hours(48));
    assert_eq!(company.app.sweep_post().await.unwrap().taken, 0, "it is given up");
    assert_eq!(server.subjects().len(), 1);
    let audit = company.app.store().audit(company.org, None, 50).await.unwrap();
    assert!(audit.iter().any(|(_, row)| row.detail.to_string().contains("no such user")));
}

#[tokio::test]
async fn where_no_mail_leaves_none_waits() {
    let (company, _, _) = sold().await;
    company.sweeps().await;
    let now = company.app.now();
    let claim = throughline_store::Claim { now, until: now + SignedDuration::from_secs(15), limit: 100 };
    assert_eq!(company.app.store().claim_post(claim).await.unwrap(), []);
}
