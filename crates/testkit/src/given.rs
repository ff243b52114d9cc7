//! Where a test begins: a playbook and a deal.

use std::{collections::BTreeSet, sync::Arc};

use jiff::Timestamp;
use throughline_domain::{
    AccountId, HandoffId, Money, PersonId,
    calendar::{Calendar, Calendars, OwnCalendars},
    deal::{CrmPerson, Deal, DealKey, Standing},
    gate::Mode,
    handoff::{Life, RouteTaken, Seat, command},
    playbook::{Playbook, PlaybookRef},
    record::Carried,
};
use uuid::Uuid;

use crate::{
    people::{DANA, OWEN, RAVI},
    play::Play,
    text,
    time::{berlin, date, instant},
};

/// A deal that opens its record under any shipped playbook and takes the whole way: 40,000 EUR a year, to be
/// signed on Friday 2026-03-27, still being sold.
pub fn deal() -> Deal {
    let eur = "EUR".parse().expect("a currency");
    let worth = Some(Money { minor: 4_000_000, currency: eur });
    Deal {
        key: DealKey { source: "salesforce".to_owned(), external_id: "0061".to_owned() },
        source_time: instant("2026-03-02T07:00:00Z"),
        name: "Acme rollout".to_owned(),
        account: "Acme".to_owned(),
        account_external_id: Some("0011".to_owned()),
        stage: "Negotiation".to_owned(),
        standing: Standing::Open,
        amount: worth,
        arr: worth,
        term_months: Some(24),
        discount_percent: Some(10),
        probability: Some(60),
        close_on: Some(date("2026-03-27")),
        signed_at: None,
        closed_at: None,
        deal_type: Some("New Business".to_owned()),
        segment: Some("mid".to_owned()),
        lead_source: Some("Referral".to_owned()),
        partner: None,
        plan: Some("Team".to_owned()),
        renews_on: Some(date("2028-03-31")),
        competitor: None,
        se_involved: Some(false),
        existing_account: Some(false),
        owner: Some(CrmPerson {
            external_id: Some("0051".to_owned()),
            name: Some(text("Dana")),
            email: None,
        }),
        csm: None,
        extra: Default::default(),
    }
}

/// What a handoff is opened with.
pub struct Given {
    playbook: Arc<Playbook>,
    calendar: Calendar,
    own: OwnCalendars,
    mode: Mode,
    now: Timestamp,
    deal: Deal,
    route: Option<RouteTaken>,
    life: Option<Life>,
    seller: Seat,
    csm_of_record: Option<PersonId>,
    carried: Vec<Carried>,
}

/// Begins with a playbook, on Monday 2026-03-02 at nine in Berlin, with Dana as AE.
pub fn given(playbook: Arc<Playbook>) -> Given {
    Given {
        playbook,
        calendar: berlin(),
        own: OwnCalendars::new(),
        mode: Mode::BlockOwnership,
        now: instant("2026-03-02 09:00"),
        deal: deal(),
        route: None,
        life: None,
        seller: Seat { person: DANA, unmapped: false, contributors: BTreeSet::new() },
        csm_of_record: None,
        carried: Vec::new(),
    }
}

impl Given {
    /// Changes the deal.
    #[must_use]
    pub fn deal(mut self, change: impl FnOnce(&mut Deal)) -> Self {
        change(&mut self.deal);
        self
    }

    /// A deal worth so much a year, in euros.
    #[must_use]
    pub fn arr(self, euros: i64) -> Self {
        self.deal(|deal| {
            deal.arr = deal.arr.map(|arr| Money { minor: euros * 100, ..arr });
            deal.amount = deal.arr;
        })
    }

    /// How far the organisation enforces.
    #[must_use]
    pub fn mode(mut self, mode: Mode) -> Self {
        self.mode = mode;
        self
    }

    /// Whose days and hours count.
    #[must_use]
    pub fn calendar(mut self, calendar: Calendar) -> Self {
        self.calendar = calendar;
        self
    }

    /// Somebody's team has a calendar of its own.
    #[must_use]
    pub fn calendar_of(mut self, person: PersonId, calendar: Calendar) -> Self {
        self.own.insert(person, Arc::new(calendar));
        self
    }

    /// When it begins.
    #[must_use]
    pub fn at(mut self, when: &str) -> Self {
        self.now = instant(when);
        self
    }

    /// The AE is somebody only the CRM knows.
    #[must_use]
    pub fn unmapped_seller(mut self) -> Self {
        self.seller = Seat { person: OWEN, unmapped: true, contributors: BTreeSet::new() };
        self
    }

    /// Another way than the playbook's own routes choose.
    #[must_use]
    pub fn route(mut self, change: impl FnOnce(&mut RouteTaken)) -> Self {
        let mut route = self.chosen();
        change(&mut route);
        self.route = Some(route);
        self
    }

    /// History, for example.
    #[must_use]
    pub fn life(mut self, life: Life) -> Self {
        self.life = Some(life);
        self
    }

    /// The customer has a CSM already.
    #[must_use]
    pub fn csm_of_record(mut self, csm: PersonId) -> Self {
        self.csm_of_record = Some(csm);
        self
    }

    /// What the account's last handoff left.
    #[must_use]
    pub fn carried(mut self, carried: Vec<Carried>) -> Self {
        self.carried = carried;
        self
    }

    /// Opens the record.
    #[must_use]
    pub fn opened(self) -> Play {
        let route = self.chosen();
        let life = self.life.clone().unwrap_or(match route.playbook {
            Some(_) => Life::Live,
            None => Life::OutOfScope,
        });
        let open = command::Open {
            id: HandoffId(Uuid::from_u128(0x0192_0000_0000_7000_8000_0000_0000_0001)),
            account: AccountId(Uuid::from_u128(0x0192_0000_0000_7000_8000_0000_0000_0002)),
            deal: self.deal,
            route,
            life,
            seller: self.seller,
            process_owner: RAVI,
            csm_of_record: self.csm_of_record,
            carried: self.carried,
        };
        let calendars = Calendars::new(self.calendar, self.own);
        let mut play = Play::new(self.playbook, calendars, self.mode, self.now);
        play.as_system().does(open);
        play
    }

    fn chosen(&self) -> RouteTaken {
        let name = self.playbook.playbook.value.clone();
        let of = PlaybookRef { name, version: 1 };
        let chosen = || RouteTaken::choose(&self.playbook, &of, &self.deal, &self.calendar, self.now);
        self.route.clone().unwrap_or_else(chosen)
    }
}
