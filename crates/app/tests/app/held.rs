//! What a node had in its hands when it died: held up for a while, and nothing else with it.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use jiff::SignedDuration;
use throughline_app::{
    App, ManualClock,
    inbox::{Looked, Mailbox as Folder},
    sweep::{Outgoing, Parcel},
};
use throughline_domain::{Role, handoff::command};
use throughline_messages::{Arrivals, Arrived, Mail, Mailbox, Post, PostError, ReplyAddress, Ticket};
use throughline_store::{Change, ParcelChange, ParcelRow};

use crate::{company::Company, sweeps::sold};

/// Answers at once, or, with a line that is dead, never.
#[derive(Debug, Default)]
struct Line {
    dead: AtomicBool,
    begun: Mutex<Vec<Mail>>,
}

impl Line {
    async fn is_up(&self) {
        if self.dead.load(Ordering::Relaxed) {
            std::future::pending::<()>().await;
        }
    }

    /// The names of the mails that were begun to be handed over, and to whom.
    fn names(&self) -> Vec<(String, String)> {
        let begun = self.begun.lock().unwrap();
        begun.iter().map(|mail| (mail.id.to_string(), mail.to.address.to_string())).collect()
    }
}

#[async_trait]
impl Post for Line {
    async fn send(&self, mail: &Mail) -> Result<(), PostError> {
        self.begun.lock().unwrap().push(mail.clone());
        self.is_up().await;
        Ok(())
    }

    fn patience(&self) -> Duration {
        Duration::from_secs(20)
    }
}

fn mailing(company: &Company, post: Arc<dyn Post>) -> App {
    let from = Mailbox::new("Handoffs", "handoffs@acme.example".parse().unwrap());
    let public_url = "https://handoffs.acme.example".to_owned();
    company.app.clone().with_mail(Outgoing { post, from, public_url })
}

/// Lets a node work until it cannot go on, and ends it there.
async fn falls(work: impl Future) {
    tokio::select! {
        biased;
        _ = work => unreachable!("it was to hang"),
        () = std::future::ready(()) => {}
    }
}

#[tokio::test]
async fn a_node_that_dies_with_a_mail_in_its_hands_holds_up_that_mail_and_for_no_longer_than_it_may_take() {
    let (mut company, _, id) = sold().await;
    let line = Arc::new(Line::default());
    company.app = mailing(&company, line.clone());
    let lee = company.join("lee", &[Role::CsLeader], None).await;
    let maya = company.join("maya", &[Role::Csm], None).await;
    let leader = company.caller(lee).await;
    company.app.handle(&leader, id, command::Nominate { csm: maya }, Default::default()).await.unwrap();
    company.sweeps().await;
    let app = &company.app;
    line.dead.store(true, Ordering::Relaxed);
    falls(app.sweep_post()).await;
    line.dead.store(false, Ordering::Relaxed);
    let in_hand = line.names();
    assert_eq!(in_hand.len(), 1);
    // Another node goes on with everything else.
    while app.sweep_post().await.unwrap().taken > 0 {}
    let others = line.names().split_off(1);
    assert!(!others.is_empty() && !others.contains(&in_hand[0]), "{others:?}");
    company.clock.advance(SignedDuration::from_secs(24));
    assert_eq!(app.sweep_post().await.unwrap().taken, 0, "a slow node is not taken for a dead one");
    company.clock.advance(SignedDuration::from_secs(1));
    assert_eq!(app.sweep_post().await.unwrap().taken, 1);
    assert_eq!(line.names().last(), in_hand.first(), "the same mail, under the same name");
    assert_eq!(app.sweep_post().await.unwrap().taken, 0);
}

/// Takes every mail, so many minutes after it is handed over.
#[derive(Debug)]
struct Late(Arc<ManualClock>, i64);

#[async_trait]
impl Post for Late {
    async fn send(&self, _: &Mail) -> Result<(), PostError> {
        self.0.advance(SignedDuration::from_mins(self.1));
        Ok(())
    }
}

#[tokio::test]
async fn a_pass_of_letters_ends_when_its_time_is_over_and_the_next_goes_on() {
    let (mut company, _, id) = sold().await;
    let late = Late(company.clock.clone(), 10);
    company.app = mailing(&company, Arc::new(late));
    let lee = company.join("lee", &[Role::CsLeader], None).await;
    let maya = company.join("maya", &[Role::Csm], None).await;
    let leader = company.caller(lee).await;
    company.app.handle(&leader, id, command::Nominate { csm: maya }, Default::default()).await.unwrap();
    company.sweeps().await;
    assert_eq!(company.app.sweep_post().await.unwrap().taken, 1);
    assert_eq!(company.app.sweep_post().await.unwrap().taken, 1, "more was due when the first began");
}

#[tokio::test]
async fn a_pass_of_mail_to_anybody_ends_when_its_time_is_over_and_the_next_goes_on() {
    let (mut company, _, handoff) = sold().await;
    let late = Late(company.clock.clone(), 6);
    company.app = mailing(&company, Arc::new(late));
    for _ in 0..3 {
        let to = Mailbox::new("Ines", "ines@customer.example".parse().unwrap());
        let (subject, text) = ("Kickoff".to_owned(), "Dear Ines".to_owned());
        let row = ParcelRow {
            id: company.app.fresh_id(),
            handoff,
            what: "meeting".to_owned(),
            at: company.app.now(),
            tries: 0,
            to: to.address.to_string(),
            subject: subject.clone(),
            mail: serde_json::to_string(&Parcel {
                to,
                in_name_of: None,
                reply_to: None,
                subject,
                text,
                calendar: None,
                with_key: false,
            })
            .unwrap(),
        };
        company.writes(Change::Parcel(ParcelChange::Send(row))).await;
    }
    let mut passes = Vec::new();
    for _ in 0..3 {
        let swept = company.app.sweep_parcels().await.unwrap();
        passes.push((swept.taken, swept.failed));
    }
    assert_eq!(passes, [(2, 0), (1, 0), (0, 0)]);
}

#[derive(Debug)]
struct Slow(Arc<Line>);

#[async_trait]
impl Arrivals for Slow {
    async fn waiting(&self, _: usize) -> Result<Vec<Arrived>, PostError> {
        self.0.is_up().await;
        Ok(Vec::new())
    }

    async fn done(&self, _: &[Ticket]) -> Result<(), PostError> {
        self.0.is_up().await;
        Ok(())
    }

    fn patience(&self) -> Duration {
        Duration::from_secs(20)
    }
}

#[tokio::test]
async fn a_node_that_dies_while_it_looks_into_a_mailbox_leaves_the_turn_to_the_next_when_its_wait_is_over() {
    let (company, _, _) = sold().await;
    let app =
        company.app.clone().with_answers(ReplyAddress::new(&"reply@acme.example".parse().unwrap()).unwrap());
    let line = Arc::new(Line::default());
    let folder =
        Folder { name: "imaps://reply@mail.example".to_owned(), arrivals: Box::new(Slow(line.clone())) };
    line.dead.store(true, Ordering::Relaxed);
    falls(app.look_into(&folder)).await;
    line.dead.store(false, Ordering::Relaxed);
    company.clock.advance(SignedDuration::from_secs(29));
    assert_eq!(app.look_into(&folder).await.unwrap(), Looked::NotNow);
    company.clock.advance(SignedDuration::from_secs(1));
    assert_eq!(app.look_into(&folder).await.unwrap(), Looked::Took(0));
}
