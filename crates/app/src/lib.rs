//! Use cases: what people and programs can do, each checked for rights in one place and done in one transaction.
//!
//! The only code that reads the clock, makes ids and secrets, and joins domain and store. Absent on purpose: HTTP,
//! HTML, SQL, and any rule of the process.

pub mod board;
mod calendars;
pub mod caller;
pub mod chance;
pub mod clock;
pub mod contributors;
pub mod deals;
pub mod drafts;
pub mod erase;
pub mod error;
pub mod events;
pub mod gates;
pub mod handle;
pub mod handover;
pub mod held;
pub mod holidays;
pub mod importing;
pub mod inbox;
pub mod inspect;
pub mod letters;
pub mod me;
pub mod meetings;
pub mod meter;
mod named;
pub mod orgs;
pub mod people;
pub mod playbooks;
pub mod portal;
pub mod project;
pub mod read;
pub mod remember;
pub mod sample;
pub mod search;
pub mod secrets;
pub mod sources;
pub mod start;
mod stead;
pub mod sweep;
pub mod templates;
pub mod tokens;
mod unit;
pub mod upkeep;
pub mod views;
pub mod week;
pub mod wishes;
pub mod workload;

use std::sync::Arc;

pub use caller::Caller;
pub use chance::{Chance, SystemChance};
pub use clock::{Clock, ManualClock, SystemClock};
pub use error::AppError;
pub use handle::{HandleOptions, Handled};
pub use playbooks::Playbooks;
use throughline_store::Store;

/// The application: everything a front end needs.
#[derive(Clone)]
pub struct App {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    chance: Arc<dyn Chance>,
    playbooks: Arc<Playbooks>,
    calendars: Arc<calendars::Known>,
    meter: Arc<meter::Meter>,
    templates: Arc<templates::Known>,
    outgoing: Option<Arc<sweep::Outgoing>>,
    answers: Option<Arc<throughline_messages::ReplyAddress>>,
    key: Option<Arc<sources::ServerKey>>,
}

impl App {
    /// An application over a store.
    pub fn new(store: Arc<dyn Store>, clock: Arc<dyn Clock>) -> Self {
        Self {
            store,
            clock,
            chance: Arc::new(SystemChance),
            playbooks: Arc::default(),
            calendars: Arc::default(),
            meter: Arc::default(),
            templates: Arc::default(),
            outgoing: None,
            answers: None,
            key: None,
        }
    }

    /// With another chance than the machine's, for simulations that repeat themselves.
    #[must_use]
    pub fn with_chance(self, chance: Arc<dyn Chance>) -> Self {
        Self { chance, ..self }
    }

    /// With the server's key: without one there are no event sources.
    #[must_use]
    pub fn with_key(self, key: sources::ServerKey) -> Self {
        Self { key: Some(Arc::new(key)), ..self }
    }

    /// Under another clock: for making things that are to have happened in the past.
    #[must_use]
    pub fn with_clock(self, clock: Arc<dyn Clock>) -> Self {
        Self { clock, ..self }
    }

    /// The present.
    pub fn now(&self) -> jiff::Timestamp {
        self.clock.now()
    }

    /// The store, for commands that work on it as a whole (verify, export).
    pub fn store(&self) -> &Arc<dyn Store> {
        &self.store
    }

    /// What is counted.
    pub fn meter(&self) -> &meter::Meter {
        &self.meter
    }

    /// A new id: UUIDv7 at the application's time, so that ids sort by birth under any clock.
    pub fn fresh_id(&self) -> uuid::Uuid {
        secrets::id_by(&*self.chance, self.now())
    }
}
