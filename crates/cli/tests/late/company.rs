//! A company two weeks ago, on a database that nobody serves.

use std::{collections::BTreeSet, sync::Arc};

use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use throughline_app::{App, Caller, ManualClock, deals::DealOptions, orgs::Settings, people::NewPerson};
use throughline_domain::{
    HandoffId, OrgId, Role,
    access::{Grant, Scope},
    calendar::Calendar,
    deal::Deal,
};
use throughline_store::Store;
use throughline_store_postgres::PostgresStore;
use throughline_store_sqlite::SqliteStore;
use tokio::{runtime::Runtime, task::JoinSet};

use crate::{bench::Bench, node::wall};

/// How long nothing ran.
const DOWN: SignedDuration = SignedDuration::from_hours(14 * 24);
/// Within so long before that, deals closed.
const SPREAD: SignedDuration = SignedDuration::from_hours(20);
/// Who sold them.
const SELLERS: u32 = 20;
/// Deals on their way at once.
const IN_FLIGHT: usize = 64;

/// A handoff that was sold.
pub struct Sold {
    pub id: HandoffId,
    /// When its deal closed: everything counts from there.
    pub closed: Timestamp,
}

pub struct Company {
    pub app: App,
    clock: Arc<ManualClock>,
    pub org: OrgId,
    pub runtime: Runtime,
    /// When everything stopped.
    stopped: Timestamp,
}

impl Company {
    /// Works every day around the clock, so that a business day is a day and people are told at any hour.
    pub fn found(bench: &Bench) -> Self {
        let runtime = Runtime::new().unwrap();
        let url = bench.url();
        let store: Arc<dyn Store> = match url.strip_prefix("sqlite://") {
            Some(path) => Arc::new(SqliteStore::open(path).unwrap()),
            None => Arc::new(runtime.block_on(PostgresStore::open(&url)).unwrap()),
        };
        let stopped = wall() - DOWN;
        let clock = Arc::new(ManualClock::at(stopped));
        let app = App::new(store, clock.clone());
        let org = runtime.block_on(async {
            let org = app.create_org("acme", "Acme", calendar("UTC")).await.unwrap().id;
            let go_live_on = Some("2020-01-01".parse().unwrap());
            let settings = Settings { go_live_on, ..Settings::default() };
            app.change_settings(&Caller::system(org), settings).await.unwrap();
            invite(&app, org, "rita", Role::RevOps).await;
            for seller in 0..SELLERS {
                invite(&app, org, &format!("ae{seller}"), Role::Ae).await;
            }
            org
        });
        Self { app, clock, org, runtime, stopped }
    }

    /// Deals that closed one after the other, told of in another order. Then the calendar changes: all clocks want to be
    /// read anew, and nobody is there to do it.
    pub fn sell(&self, many: u32) -> Vec<Sold> {
        self.runtime.block_on(async {
            let mut running: JoinSet<Sold> = JoinSet::new();
            let mut sold = Vec::new();
            for number in 0..many {
                if running.len() >= IN_FLIGHT {
                    sold.push(running.join_next().await.unwrap().unwrap());
                }
                // A prime that divides no such number leads once through all places.
                let place = u64::from(number) * 1_000_003 % u64::from(many);
                let before = SPREAD.as_millis() * i128::from(place) / i128::from(many);
                let closed = self.stopped - SignedDuration::from_millis(i64::try_from(before).unwrap());
                let (app, org, deal) = (self.app.clone(), self.org, deal(number, closed, self.stopped));
                running.spawn(async move {
                    let taken = app.put_deal(&Caller::system(org), deal, DealOptions::default()).await;
                    Sold { id: taken.unwrap().handoff.unwrap(), closed }
                });
            }
            while let Some(done) = running.join_next().await {
                sold.push(done.unwrap());
            }
            while self.app.sweep_outbox().await.unwrap().taken > 0 {}
            let settings = Settings { calendar: Some(calendar("Etc/UTC")), ..Settings::default() };
            self.app.change_settings(&Caller::system(self.org), settings).await.unwrap();
            sold
        })
    }

    /// A deal that closed then is told of now.
    pub fn sells(&self, number: u32, closed: Timestamp, now: Timestamp) -> Sold {
        self.clock.set(now);
        let (caller, deal) = (Caller::system(self.org), deal(number, closed, now));
        let taken = self.app.put_deal(&caller, deal, DealOptions::default());
        Sold { id: self.runtime.block_on(taken).unwrap().handoff.unwrap(), closed }
    }

    /// How many facts there are.
    pub fn facts(&self) -> u64 {
        self.runtime.block_on(self.app.store().tally(self.org)).unwrap().facts
    }

    pub fn outbox_is_empty(&self) -> bool {
        self.runtime.block_on(self.app.store().outbox(self.org, 1)).unwrap().is_empty()
    }
}

fn calendar(zone: &str) -> Calendar {
    serde_json::from_value(json!({ "zone": zone, "weekend": [], "holidays": [] })).unwrap()
}

async fn invite(app: &App, org: OrgId, name: &str, role: Role) {
    let email = format!("{name}@acme.example");
    let grants = BTreeSet::from([Grant { role, scope: Scope::Organisation }]);
    let new = NewPerson { name: name.to_owned(), email, grants, team: None };
    app.invite(&Caller::system(org), new).await.unwrap();
}

fn deal(number: u32, closed: Timestamp, told: Timestamp) -> Deal {
    let owner = format!("ae{}", number % SELLERS);
    serde_json::from_value(json!({
        "source": "crm", "external_id": number.to_string(), "name": format!("Rollout {number}"),
        "account": format!("Customer {number}"), "stage": "Closed Won", "standing": "won", "probability": 100,
        "owner": { "email": format!("{owner}@acme.example"), "name": owner },
        "arr": { "minor": 900_000, "currency": "EUR" }, "closed_at": closed, "source_time": told,
    }))
    .unwrap()
}
