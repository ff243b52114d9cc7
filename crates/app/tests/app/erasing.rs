//! Erased words do not come back, whoever was at work on them while they were erased.

use std::{
    pin::pin,
    sync::{Arc, Mutex},
    task::{Context, Poll, Waker},
};

use jiff::{SignedDuration, Timestamp};
use throughline_app::{App, AppError, Clock, HandleOptions, ManualClock, erase::Forget};
use throughline_domain::{Actor, HandoffId, OrgId, PersonId, Personal, Role, handoff::command::AskQuestion};
use throughline_store::{
    Audit, AwaitedRow, Change, Claim, Letter, MailChange, MailRead, MailRow, MailState, ParcelChange,
    ParcelRow,
    audit::{Depth, verify},
    ports::Store,
};
use uuid::Uuid;

use crate::company::{Company, deal, staffed};

const WORDS: &str = "Ask Tamsin Oakley before anything moves";
const NAME: &str = "tamsin oakley";

/// A clock that lets something happen the first time it is asked: after a use case has read, before it writes.
pub struct Interrupted {
    clock: Arc<ManualClock>,
    meanwhile: Mutex<Option<Box<dyn FnOnce() + Send>>>,
}

impl Interrupted {
    /// The same application, without a way for mail, in the midst of whose next work something else happens.
    pub fn app(company: &Company, meanwhile: impl FnOnce(App) + Send + 'static) -> App {
        let app = company.app.clone();
        let meanwhile: Box<dyn FnOnce() + Send> = Box::new(move || meanwhile(app));
        let clock = Self { clock: company.clock.clone(), meanwhile: Mutex::new(Some(meanwhile)) };
        App::new(company.app.store().clone(), Arc::new(clock))
    }
}

impl Clock for Interrupted {
    fn now(&self) -> Timestamp {
        let meanwhile = self.meanwhile.lock().unwrap().take();
        if let Some(happens) = meanwhile {
            happens();
        }
        self.clock.now()
    }
}

/// The clock of a node that falls once the handoff tells of an erasure.
struct Falling {
    clock: Arc<ManualClock>,
    store: Arc<dyn Store>,
    of: (OrgId, HandoffId),
}

impl Clock for Falling {
    fn now(&self) -> Timestamp {
        let rows = at_once(self.store.journal(self.of.0, self.of.1, 0, 99)).unwrap();
        assert!(rows.iter().all(|row| row.kind != "texts_erased"), "the node falls here");
        self.clock.now()
    }
}

/// What comes of a use case in the midst of another. The store in memory never makes one wait.
pub fn at_once<T>(work: impl Future<Output = T>) -> T {
    let done = match pin!(work).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(done) => Some(done),
        Poll::Pending => None,
    };
    done.unwrap()
}

/// A handoff with a question that names somebody.
struct Asked {
    company: Company,
    dana: PersonId,
    lee: PersonId,
    id: HandoffId,
}

async fn asked() -> Asked {
    let company = staffed().await;
    let dana = company.join("dana", &[Role::Ae], None).await;
    let lee = company.join("lee", &[Role::CsLeader], None).await;
    let id = company.opened(deal("1", Some("dana"))).await.id;
    let asked = Asked { company, dana, lee, id };
    asked.ask(&asked.company.app, WORDS).await.unwrap();
    asked
}

impl Asked {
    fn interrupted(&self, meanwhile: impl FnOnce(App) + Send + 'static) -> App {
        Interrupted::app(&self.company, meanwhile)
    }

    async fn ask(&self, app: &App, text: &str) -> Result<u64, AppError> {
        let lee = self.company.caller(self.lee).await;
        let question = AskQuestion { text: Personal::parse(text).unwrap() };
        app.handle(&lee, self.id, question, HandleOptions::default()).await.map(|done| done.loaded.version)
    }

    async fn erase(&self, app: &App) -> usize {
        app.erase(&self.company.system(), self.id, &Forget::Mentioning(NAME.to_owned())).await.unwrap()
    }

    /// Everything that is kept, by what it is.
    async fn kept(&self) -> Vec<(&'static str, String)> {
        let (store, org) = (self.company.app.store(), self.company.org);
        // A claim that ends when it begins holds nobody up.
        let late = self.company.clock.now() + SignedDuration::from_hours(30 * 24);
        let waiting = store.claim_parcels(Claim { now: late, until: late, limit: 200 });
        vec![
            ("state", format!("{:?}", store.load(org, self.id).await.unwrap())),
            ("row", format!("{:?}", store.row(org, self.id).await.unwrap())),
            ("texts", format!("{:?}", store.texts(org, self.id).await.unwrap())),
            ("letters", format!("{:?}", store.letters(org, None, None, 200).await.unwrap())),
            ("mail", format!("{:?}", store.mails(org, None, None, 200).await.unwrap())),
            ("parcels", format!("{:?}", store.parcels(org, self.id, None, 200).await.unwrap())),
            ("waiting parcels", format!("{:?}", waiting.await.unwrap())),
        ]
    }

    /// Where the name is found.
    async fn names_them(&self) -> Vec<&'static str> {
        let kept = self.kept().await.into_iter();
        kept.filter(|(_, words)| words.to_lowercase().contains(NAME)).map(|(what, _)| what).collect()
    }

    /// Fails where the name is found anywhere, or the journal does not lead to what is stored.
    async fn is_gone(&self) {
        let (store, org) = (self.company.app.store(), self.company.org);
        assert_eq!(self.names_them().await, [""; 0], "{:?}", self.kept().await);
        let report = verify(store.as_ref(), org, Depth::Replay).await.unwrap();
        assert!(report.is_sound(), "{report:?}");
    }

    /// Mail about the handoff: one came from whom it names, two wait to leave to them, of which one was refused for now,
    /// and their answer is awaited. Gives what it is awaited under.
    async fn mailed(&self) -> Uuid {
        let (app, at) = (&self.company.app, self.company.app.now());
        let from = "Tamsin Oakley <tamsin@customer.example>".to_owned();
        let came = MailRow {
            id: app.fresh_id(),
            key: app.fresh_id().to_string(),
            received_at: at,
            tries: 0,
            sent_by: None,
            sent_to: None,
            raw: from.clone().into_bytes(),
        };
        let read = MailRead {
            from: Some(from.clone()),
            subject: Some("Tamsin Oakley is away".to_owned()),
            handoff: Some(self.id),
            state: MailState::Noted,
            note: "nothing is asked".to_owned(),
        };
        let parcel = |to: &str, mail: &str| ParcelRow {
            id: app.fresh_id(),
            handoff: self.id,
            what: "plan_to_confirm".to_owned(),
            at,
            tries: 0,
            to: to.to_owned(),
            subject: "Rollout 1".to_owned(),
            mail: mail.to_owned(),
        };
        let (waits, refused) = (parcel(&from, &from), parcel("tamsin@customer.example", "Dear customer"));
        let note = format!("550 no such user: {from}");
        let put_off = ParcelChange::Later { id: refused.id, at, note };
        let awaited = AwaitedRow {
            id: waits.id,
            handoff: self.id,
            from,
            until: at + SignedDuration::from_hours(99),
            what: "{}".to_owned(),
        };
        let id = came.id;
        for change in [MailChange::Receive(came), MailChange::Read { id, read }, MailChange::Await(awaited)] {
            self.company.writes(Change::Mail(change)).await;
        }
        let awaited = waits.id;
        for change in [ParcelChange::Send(waits), ParcelChange::Send(refused), put_off] {
            self.company.writes(Change::Parcel(change)).await;
        }
        awaited
    }

    async fn awaits(&self, id: Uuid) -> bool {
        self.company.app.store().awaited(self.company.org, id).await.unwrap().is_some()
    }

    /// Erases on a node that falls as soon as the erasure is a fact.
    async fn falls_erasing(&self) {
        let store = self.company.app.store().clone();
        let clock = Falling {
            clock: self.company.clock.clone(),
            store: store.clone(),
            of: (self.company.org, self.id),
        };
        let app = App::new(store, Arc::new(clock));
        let (system, id) = (self.company.system(), self.id);
        let erased = tokio::spawn(async move { app.erase(&system, id, &Forget::Everything).await.unwrap() });
        assert!(erased.await.unwrap_err().is_panic());
        assert_eq!(self.kinds().await, ["asked", "texts_erased"]);
    }

    /// What the audit log says was erased, newest first.
    async fn noted(&self) -> Vec<serde_json::Value> {
        let log = self.company.app.store().audit(self.company.org, None, 200).await.unwrap();
        log.into_iter().filter(|(_, row)| row.action == "erase-texts").map(|(_, row)| row.detail).collect()
    }

    async fn kinds(&self) -> Vec<String> {
        let rows = self.company.app.store().journal(self.company.org, self.id, 1, 99).await.unwrap();
        rows.into_iter()
            .map(|row| row.kind)
            .filter(|kind| kind == "asked" || kind == "texts_erased")
            .collect()
    }

    async fn letters(&self) -> Vec<Letter> {
        let letters = self.company.app.store().letters(self.company.org, Some(self.dana), None, 200);
        letters.await.unwrap().into_iter().filter(|letter| letter.handoff == Some(self.id)).collect()
    }

    /// The letter that tells the AE of a question in these words.
    fn telling(&self, words: &str, at: Timestamp) -> Letter {
        Letter {
            id: self.company.app.fresh_id(),
            outbox: None,
            to: Some(self.dana),
            handoff: Some(self.id),
            follows: None,
            subject: "Customer 1: you are asked something".to_owned(),
            body: format!("“{words}”"),
            topic: None,
            link: None,
            at,
            read_at: None,
        }
    }
}

#[tokio::test]
async fn what_is_decided_on_the_words_while_they_are_erased_is_decided_anew_without_them() {
    let asked = asked().await;
    let (system, id) = (asked.company.system(), asked.id);
    let app = asked.interrupted(move |app| {
        let gone = at_once(app.erase(&system, id, &Forget::Mentioning(NAME.to_owned())));
        assert_eq!(gone.unwrap(), 1);
    });
    asked.ask(&app, "Which regions come first?").await.unwrap();
    asked.is_gone().await;
    assert_eq!(asked.kinds().await, ["asked", "texts_erased", "asked"]);
    let stored = asked.company.app.load(asked.company.org, id).await.unwrap();
    let questions: Vec<_> = stored.handoff.questions.values().map(|one| one.text.to_string()).collect();
    assert_eq!(questions, ["[erased]", "Which regions come first?"]);
}

#[tokio::test]
async fn an_erasure_that_is_overtaken_takes_what_came_in_between() {
    let asked = asked().await;
    let (lee, id) = (asked.company.caller(asked.lee).await, asked.id);
    let app = asked.interrupted(move |app| {
        let text = Personal::parse("Is Tamsin Oakley back?").unwrap();
        at_once(app.handle(&lee, id, AskQuestion { text }, HandleOptions::default())).unwrap();
    });
    assert_eq!(asked.erase(&app).await, 2);
    asked.is_gone().await;
    assert_eq!(asked.kinds().await, ["asked", "asked", "texts_erased"]);
}

#[tokio::test]
async fn who_holds_the_version_from_before_an_erasure_is_told_so() {
    let asked = asked().await;
    let before = asked.company.app.load(asked.company.org, asked.id).await.unwrap().version;
    assert_eq!(asked.erase(&asked.company.app).await, 1);
    let lee = asked.company.caller(asked.lee).await;
    let question = AskQuestion { text: Personal::parse("Which regions come first?").unwrap() };
    let held = HandleOptions { if_version: Some(before), ..HandleOptions::default() };
    let refused = asked.company.app.handle(&lee, asked.id, question, held).await.err();
    assert!(matches!(refused, Some(AppError::Stale { current }) if current == before + 1), "{refused:?}");
}

#[tokio::test]
async fn an_erasure_is_seen_in_the_list_and_in_the_audit_log() {
    let asked = asked().await;
    asked.company.clock.advance(SignedDuration::from_hours(3));
    assert_eq!(asked.erase(&asked.company.app).await, 1);
    let (store, org) = (asked.company.app.store(), asked.company.org);
    let row = store.row(org, asked.id).await.unwrap().unwrap();
    assert_eq!(row.updated_at, asked.company.clock.now());
    let log = store.audit(org, None, 200).await.unwrap();
    let erased: Vec<_> = log.iter().filter(|(_, row)| row.action == "erase-texts").collect();
    let [(_, row)] = &erased[..] else { panic!("{erased:?}") };
    assert_eq!((row.subject.as_str(), &row.detail["texts"]), (asked.id.to_string().as_str(), &1.into()));
    // Nothing is left to erase, so nothing happens.
    assert_eq!(asked.erase(&asked.company.app).await, 0);
    assert_eq!(store.audit(org, None, 200).await.unwrap(), log);
    assert_eq!(asked.kinds().await, ["asked", "texts_erased"]);
}

#[tokio::test]
async fn a_letter_begun_before_an_erasure_is_written_again_without_the_words() {
    let asked = asked().await;
    let (system, id) = (asked.company.system(), asked.id);
    let app = asked.interrupted(move |app| {
        at_once(app.erase(&system, id, &Forget::Everything)).unwrap();
    });
    while app.sweep_outbox().await.unwrap().taken > 0 {}
    let letters = asked.letters().await;
    assert!(letters.iter().any(|letter| letter.body.contains("“[erased]”")), "{letters:?}");
    asked.is_gone().await;
}

#[tokio::test]
async fn an_erasure_cut_off_before_the_letters_is_finished_by_asking_again() {
    let asked = asked().await;
    let app = &asked.company.app;
    assert_eq!(asked.erase(app).await, 1);
    let left = asked.telling(WORDS, app.now());
    asked.company.clock.advance(SignedDuration::from_hours(1));
    let later = asked.telling("Which regions come first?", app.now());
    let letters = vec![Change::Deliver(left), Change::Deliver(later.clone())];
    let (by, action, subject) = (Actor::System, "deliver".to_owned(), String::new());
    let audit = Audit { at: app.now(), by, action, subject, detail: serde_json::Value::Null };
    app.store().apply(asked.company.org, letters, audit).await.unwrap();
    assert_eq!(asked.erase(app).await, 0);
    asked.is_gone().await;
    assert!(asked.letters().await.contains(&later), "what was sent after it quotes nothing that is gone");
}

#[tokio::test]
async fn mail_to_and_from_whom_the_words_name_goes_with_them() {
    let asked = asked().await;
    let awaited = asked.mailed().await;
    let everywhere = asked.names_them().await;
    for part in ["mail", "parcels", "waiting parcels"] {
        assert!(everywhere.contains(&part), "{everywhere:?}");
    }
    assert!(asked.awaits(awaited).await);
    assert_eq!(asked.erase(&asked.company.app).await, 1);
    asked.is_gone().await;
    assert!(!asked.awaits(awaited).await);
}

#[tokio::test]
async fn an_erasure_cut_off_with_no_letter_left_takes_the_mail_when_it_is_asked_for_again() {
    let asked = asked().await;
    let awaited = asked.mailed().await;
    asked.falls_erasing().await;
    assert_eq!(asked.names_them().await, ["mail", "parcels", "waiting parcels"]);
    asked.company.clock.advance(SignedDuration::from_hours(1));
    assert_eq!(asked.erase(&asked.company.app).await, 0);
    asked.is_gone().await;
    assert!(!asked.awaits(awaited).await);
    let finished = vec![serde_json::json!({ "texts": 0, "letters": 0, "portal_people": 0 })];
    assert_eq!(asked.noted().await, finished);
    // What is finished is not begun again: mail that came since keeps its sender.
    asked.company.clock.advance(SignedDuration::from_hours(1));
    let since = asked.mailed().await;
    assert_eq!(asked.erase(&asked.company.app).await, 0);
    assert_eq!((asked.noted().await, asked.awaits(since).await), (finished, true));
}

#[tokio::test]
async fn mail_left_by_an_erasure_cut_off_is_taken_also_where_others_have_taken_what_was_to_leave() {
    let asked = asked().await;
    asked.mailed().await;
    asked.falls_erasing().await;
    // The sweep that tells meetings anew does this; the letters it writes beside it would be blanked, and all with them.
    asked.company.writes(Change::Parcel(ParcelChange::Forget { handoff: asked.id })).await;
    assert_eq!(asked.names_them().await, ["mail"]);
    assert_eq!(asked.erase(&asked.company.app).await, 0);
    asked.is_gone().await;
}
