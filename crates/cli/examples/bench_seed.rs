//! Fills an empty file with the handoffs that `benches/run.sh` measures: opened, answered and nominated by the same
//! decisions as in daily use, but one commit for a whole handoff, so that 100,000 take minutes instead of an hour.
//!
//! `bench_seed DATABASE PLAYBOOK.yaml ROWS.jsonl` prints what the load needs as JSON: tokens, sessions, people.
//! What it writes holds against `throughline journal verify` and `journal replay`.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a loader for measurements, run by hand"
)]
#![expect(clippy::disallowed_methods, reason = "it is the clock of what it writes")]

use std::{
    collections::{BTreeMap, BTreeSet},
    io::BufRead,
    sync::Arc,
};

use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use throughline_app::{
    App, Caller, SystemClock,
    orgs::Settings,
    project::{When, project},
    secrets::id_at,
};
use throughline_domain::{
    AccountId, Actor, HandoffId, Key, PersonId, Role,
    access::{Grant, Scope},
    deal::Deal,
    gate::Mode,
    handoff::{self, Command, Context, Handoff, Life, Outcome, Recorded, RouteTaken, Seat, command},
    playbook::{Playbook, PlaybookRef},
    record::Answer,
};
use throughline_store::{Account, Change, Commit, DealRow, GENESIS, Org, Person, PersonStatus, chain::chain};
use throughline_store_sqlite::SqliteStore;

const AES: usize = 100;
const CSMS: usize = 60;
/// A token or session may ask 500 times a second: the load takes turns with many, as many systems and people would.
const CREDENTIALS: usize = 64;
/// How many commits wait for the writer together.
const AT_ONCE: usize = 128;

#[derive(Deserialize)]
struct Row {
    deal: Deal,
    answers: BTreeMap<Key, Answer>,
    ae: usize,
    csm: usize,
}

struct Company {
    org: Org,
    of: PlaybookRef,
    playbook: Arc<Playbook>,
    owner: PersonId,
    aes: Vec<PersonId>,
    csms: Vec<PersonId>,
}

#[tokio::main]
async fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [database, playbook, rows] = args.as_slice() else { panic!("DATABASE PLAYBOOK.yaml ROWS.jsonl") };
    let app = App::new(Arc::new(SqliteStore::open(database).unwrap()), Arc::new(SystemClock));
    let company = Arc::new(found(&app, &std::fs::read_to_string(playbook).unwrap()).await);

    let lines = std::io::BufReader::new(std::fs::File::open(rows).unwrap()).lines();
    let mut lines = lines.map(Result::unwrap).enumerate().peekable();
    let mut handoffs = 0;
    while lines.peek().is_some() {
        let some: Vec<(usize, String)> = lines.by_ref().take(AT_ONCE).collect();
        handoffs += some.len();
        open_all(&app, &company, some).await;
    }

    let caller = Caller::system(company.org.id);
    let grant = Grant { role: Role::RevOps, scope: Scope::Organisation };
    let (mut tokens, mut sessions) = (Vec::new(), Vec::new());
    for number in 0..CREDENTIALS {
        tokens.push(app.create_token(&caller, &format!("load {number}"), grant, None).await.unwrap().1);
        let ae = company.aes[number % AES];
        sessions.push(app.open_session(company.org.id, ae, "load").await.unwrap());
    }
    let seeded = serde_json::json!({ "handoffs": handoffs, "tokens": tokens, "sessions": sessions, "csms": company.csms });
    println!("{seeded}");
}

/// The company: its playbook, its people, its gates shut where the record is not complete.
async fn found(app: &App, source: &str) -> Company {
    let calendar = throughline_app::orgs::default_calendar().unwrap();
    let org = app.create_org("bench", "Bench", calendar).await.unwrap();
    let caller = Caller::system(org.id);
    let of = app.publish_playbook(&caller, source).await.unwrap();
    let owner = person("Process owner", BTreeSet::new(), Role::RevOps, Scope::Organisation);
    let aes: Vec<Person> = (1..=AES)
        .map(|number| {
            person(
                &format!("AE {number}"),
                BTreeSet::from([format!("bench:ae-{number}")]),
                Role::Ae,
                Scope::Own,
            )
        })
        .collect();
    let csms: Vec<Person> = (1..=CSMS)
        .map(|number| person(&format!("CSM {number}"), BTreeSet::new(), Role::Csm, Scope::Own))
        .collect();
    let ids = |people: &[Person]| people.iter().map(|person| person.id).collect();
    let (owner_id, ae_ids, csm_ids) = (owner.id, ids(&aes), ids(&csms));
    let people = [owner].into_iter().chain(aes).chain(csms).map(Change::PutPerson).collect();
    put(app, &org, people).await;
    let settings = Settings {
        mode: Some(Mode::BlockClose),
        playbook: Some(of.name.clone()),
        process_owner: Some(owner_id),
        ..Settings::default()
    };
    let org = app.change_settings(&caller, settings).await.unwrap();
    let playbook = app.playbook(org.id, &of).await.unwrap();
    Company { org, of, playbook, owner: owner_id, aes: ae_ids, csms: csm_ids }
}

fn person(name: &str, aliases: BTreeSet<String>, role: Role, scope: Scope) -> Person {
    let now = Timestamp::now();
    Person {
        id: PersonId(id_at(now)),
        name: name.to_owned(),
        email: Some(format!("{}@bench.example", name.to_lowercase().replace(' ', "-"))),
        grants: BTreeSet::from([Grant { role, scope }]),
        team: None,
        status: PersonStatus::Active,
        zone: None,
        password: None,
        aliases,
        mapped_to: None,
        notify: Default::default(),
        away: Default::default(),
        created_at: now,
    }
}

async fn put(app: &App, org: &Org, changes: Vec<Change>) {
    let audit = throughline_store::Audit {
        at: Timestamp::now(),
        by: Actor::System,
        action: "seed".to_owned(),
        subject: org.slug.clone(),
        detail: serde_json::Value::Null,
    };
    app.store().apply(org.id, changes, audit).await.unwrap();
}

/// A stretch of rows: their accounts at once, their handoffs side by side.
async fn open_all(app: &App, company: &Arc<Company>, lines: Vec<(usize, String)>) {
    let rows: Vec<(usize, Row)> =
        lines.into_iter().map(|(number, line)| (number, serde_json::from_str(&line).unwrap())).collect();
    let account = |row: &Row| Account {
        id: AccountId(app.fresh_id()),
        name: row.deal.account.clone(),
        aliases: BTreeSet::from([format!("name:{}", row.deal.account.to_lowercase())]),
    };
    let accounts: Vec<Account> = rows.iter().map(|(_, row)| account(row)).collect();
    let ids: Vec<AccountId> = accounts.iter().map(|account| account.id).collect();
    put(app, &company.org, accounts.into_iter().map(Change::PutAccount).collect()).await;
    let tasks: Vec<_> = rows
        .into_iter()
        .zip(ids)
        .map(|((number, row), account)| {
            let (store, company) = (app.store().clone(), company.clone());
            tokio::spawn(async move { store.commit(story(&company, account, row, number)).await.unwrap() })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
}

/// A handoff from its opening to its last answer and its nominated CSM, as one unit of work.
fn story(company: &Company, account: AccountId, row: Row, number: usize) -> Commit {
    let Company { org, of, playbook, owner, aes, csms } = company;
    // Spread over thirty days that ended an hour ago, so that lists have something to sort.
    let back = SignedDuration::from_secs(3_600 + (number as i64 * 7_919) % (30 * 86_400));
    let mut told = Telling {
        company,
        at: Timestamp::now() - back,
        ae: aes[(row.ae - 1) % AES],
        state: None,
        facts: Vec::new(),
    };
    let route = RouteTaken::choose(playbook, of, &row.deal, &org.calendar, told.at);
    let id = HandoffId(id_at(told.at));
    told.tell(Command::Open(command::Open {
        id,
        account,
        deal: row.deal,
        route,
        life: Life::Live,
        seller: Seat { person: told.ae, unmapped: false, contributors: BTreeSet::new() },
        process_owner: *owner,
        csm_of_record: None,
        carried: Vec::new(),
    }));
    for (ask, answer) in row.answers {
        told.tell(command::GiveAnswer { ask, answer, reason: None }.into());
    }
    told.tell(command::Nominate { csm: csms[(row.csm - 1) % CSMS] }.into());
    let (state, at) = (told.state.unwrap(), told.at);
    let version = told.facts.len() as u64;
    let (journal, texts) = chain(id, GENESIS, &told.facts, &mut || (id_at(at), rand::random())).unwrap();
    let rows = project(&state, Some(playbook), &org.calendar.clone().into(), version, When::changing(at));
    Commit {
        org: org.id,
        id,
        expected: 0,
        as_of: org.version,
        journal,
        texts,
        erase: None,
        snapshot: serde_json::to_string(&state).unwrap(),
        row: rows.row,
        dues: rows.dues,
        look_at: None,
        promises: Some(rows.promises),
        parts: Some(rows.parts),
        deal: Some(DealRow {
            key: state.deal.key.clone(),
            source_time: state.deal.source_time,
            handoff: Some(id),
            body: serde_json::to_string(&state.deal).unwrap(),
        }),
        // Everybody was told long ago.
        outbox: Vec::new(),
        idempotency: None,
    }
}

/// Commands decided one after the other on the state they led to.
struct Telling<'a> {
    company: &'a Company,
    at: Timestamp,
    ae: PersonId,
    state: Option<Handoff>,
    facts: Vec<Recorded>,
}

impl Telling<'_> {
    fn tell(&mut self, command: Command) {
        let (at, by) = (self.at, Actor::Person { id: self.ae });
        let roles = BTreeSet::from([Role::Ae, Role::RevOps]);
        let fresh = || id_at(at);
        let context = Context {
            playbook: Some(&self.company.playbook),
            calendars: &self.company.org.calendar.clone().into(),
            mode: self.company.org.mode,
            actor: by,
            roles: &roles,
            now: at,
            fresh: &fresh,
        };
        let Outcome::Happened(facts) = handoff::decide(self.state.as_ref(), &context, command).unwrap()
        else {
            panic!("nothing happened")
        };
        for fact in facts {
            let recorded = Recorded { seq: self.facts.len() as u64 + 1, at, by, fact };
            self.state = handoff::evolve(self.state.take(), &recorded);
            self.facts.push(recorded);
        }
    }
}
