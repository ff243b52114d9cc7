//! What is erased is nowhere in the file: not in what waits to be mailed, was mailed, came by mail or was answered.

use std::{collections::BTreeSet, path::Path, sync::Arc};

use jiff::SignedDuration;
use serde_json::{Value, json};
use throughline_app::{
    App, Caller, HandleOptions, ManualClock, deals::DealOptions, erase::Forget, orgs::calendar_in,
    people::NewPerson,
};
use throughline_domain::{
    Actor, HandoffId, OrgId, PersonId, Personal, Role,
    access::{Grant, Scope},
    handoff::command::AskQuestion,
};
use throughline_store::{
    Audit, AwaitedRow, Change, IdempotencyRow, InviteRow, Letter, MailChange, MailRead, MailRow, MailState,
    ParcelChange, ParcelRow,
};
use throughline_store_sqlite::SqliteStore;

use crate::bench::Bench;

const WORDS: &str = "Zinnia Quartermain leaves in spring";
/// Rows of each kind, enough that pages of the file were full and divided.
const ROWS: u32 = 120;

struct Company {
    app: App,
    org: OrgId,
    clock: Arc<ManualClock>,
}

impl Company {
    async fn on(file: &Path) -> Self {
        let clock = Arc::new(ManualClock::at("2026-03-02T08:00:00Z".parse().unwrap()));
        let app = App::new(Arc::new(SqliteStore::open(file).unwrap()), clock.clone());
        let org = app.create_org("acme", "Acme", calendar_in("Europe/Berlin").unwrap()).await.unwrap().id;
        Self { app, org, clock }
    }

    async fn joins(&self, name: &str, role: Role) -> PersonId {
        let grants = BTreeSet::from([Grant { role, scope: Scope::Organisation }]);
        let new =
            NewPerson { name: name.to_owned(), email: format!("{name}@acme.example"), grants, team: None };
        let (person, path) = self.app.invite(&Caller::system(self.org), new).await.unwrap();
        let key = path.split_once("key=").unwrap().1;
        self.app.welcome(key, "correct horse battery".to_owned()).await.unwrap();
        person.id
    }

    async fn opens(&self, id: &str) -> HandoffId {
        let deal: Value = json!({
            "source": "crm", "external_id": id, "source_time": self.app.now(), "name": format!("Rollout {id}"),
            "account": format!("Customer {id}"), "stage": "Proposal", "close_on": "2026-12-20",
            "owner": { "email": "dana@acme.example", "name": "dana" },
        });
        let options = DealOptions { open_now: true, ..DealOptions::default() };
        let system = Caller::system(self.org);
        let opened = self.app.put_deal(&system, serde_json::from_value(deal).unwrap(), options).await;
        opened.unwrap().handoff.unwrap()
    }

    async fn writes(&self, changes: Vec<Change>) {
        let (by, action, subject) = (Actor::System, "plant".to_owned(), String::new());
        let audit = Audit { at: self.app.now(), by, action, subject, detail: Value::Null };
        self.app.store().apply(self.org, changes, audit).await.unwrap();
    }

    /// One row of everything that may hold words about a handoff.
    async fn plants(&self, handoff: HandoffId, to: PersonId, words: &str) {
        self.clock.advance(SignedDuration::from_secs(1));
        let (at, until) = (self.app.now(), self.app.now() + SignedDuration::from_hours(99));
        let (address, text) = (format!("{words}@customer.example"), format!("They said: “{words}”."));
        let parcel = |mail: &str| {
            Change::Parcel(ParcelChange::Send(ParcelRow {
                id: self.app.fresh_id(),
                handoff,
                what: "plan_to_confirm".to_owned(),
                at,
                tries: 0,
                to: address.clone(),
                subject: words.to_owned(),
                mail: mail.to_owned(),
            }))
        };
        let letter = Letter {
            id: self.app.fresh_id(),
            outbox: None,
            to: Some(to),
            handoff: Some(handoff),
            follows: None,
            subject: words.to_owned(),
            body: text.clone(),
            topic: None,
            link: None,
            at,
            read_at: None,
        };
        let mail = MailRow {
            id: self.app.fresh_id(),
            key: self.app.fresh_id().to_string(),
            received_at: at,
            tries: 0,
            sent_by: Some(address.clone()),
            sent_to: None,
            raw: text.clone().into_bytes(),
        };
        let read = MailRead {
            from: Some(address.clone()),
            subject: Some(words.to_owned()),
            handoff: Some(handoff),
            state: MailState::Used,
            note: String::new(),
        };
        let answer = IdempotencyRow {
            key: format!("token:{}", self.app.fresh_id()),
            request: "0f".repeat(32),
            status: 200,
            body: json!({ "handoff": handoff, "said": text }).to_string(),
            at,
        };
        let read = MailChange::Read { id: mail.id, read };
        let awaited =
            AwaitedRow { id: self.app.fresh_id(), handoff, from: address.clone(), until, what: text.clone() };
        self.writes(vec![
            parcel(&text),
            Change::Deliver(letter),
            Change::Mail(MailChange::Receive(mail)),
            Change::Mail(read),
            Change::Mail(MailChange::Await(awaited)),
            Change::PutAnswer(answer),
        ])
        .await;
    }

    async fn is_asked(&self, by: PersonId, handoff: HandoffId, text: &str) {
        let caller = self.app.caller(self.org, by).await.unwrap();
        let question = AskQuestion { text: Personal::parse(text).unwrap() };
        self.app.handle(&caller, handoff, question, HandleOptions::default()).await.unwrap();
    }

    async fn sweeps(&self) {
        while self.app.sweep_outbox().await.unwrap().taken > 0 {}
    }
}

/// Files of a folder in which words stand.
fn holding(folder: &Path, words: &str) -> Vec<String> {
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let holds = |path: &std::path::PathBuf| {
        std::fs::read(path).unwrap().windows(words.len()).any(|window| window == words.as_bytes())
    };
    files.filter(holds).map(|path| path.file_name().unwrap().to_string_lossy().into_owned()).collect()
}

#[tokio::test]
async fn erased_words_are_in_no_byte_of_the_file_whatever_they_waited_in() {
    let bench = Bench::bare();
    let company = Company::on(&bench.file()).await;
    company.joins("rita", Role::RevOps).await;
    let (dana, lee) = (company.joins("dana", Role::Ae).await, company.joins("lee", Role::CsLeader).await);
    let (erased, other) = (company.opens("1").await, company.opens("2").await);
    let step: throughline_domain::Key = "kickoff".parse().unwrap();
    let told = InviteRow { handoff: erased, step, sequence: 0, told: WORDS.to_owned() };
    company.writes(vec![Change::Parcel(ParcelChange::Invite { row: told, after: None })]).await;
    for number in 0..ROWS {
        company.plants(erased, dana, WORDS).await;
        company.plants(other, dana, &format!("Nothing of that sort, for the {number}. time")).await;
        company.is_asked(lee, erased, &format!("{number}: {WORDS}, is that so?")).await;
    }
    company.sweeps().await;
    assert!(!holding(bench.folder.path(), WORDS).is_empty());

    let texts = company.app.erase(&Caller::system(company.org), erased, &Forget::Everything).await.unwrap();
    assert!(texts >= ROWS as usize, "{texts}");
    company.sweeps().await;
    for _ in 0..100 {
        if holding(bench.folder.path(), WORDS).is_empty() {
            break;
        }
        // A reader in the way delays it for a moment.
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    assert_eq!(holding(bench.folder.path(), WORDS), [""; 0]);
    // What was said of others is there still.
    assert!(!holding(bench.folder.path(), "Nothing of that sort, for the 7. time").is_empty());
}
