//! Handoffs to try promises on: real facts, folded by the domain itself.

use std::sync::atomic::{AtomicU64, Ordering};

use jiff::{Timestamp, ToSpan};
use throughline_domain::{
    AccountId, Actor, HandoffId, Key, OrgId, PersonId, Personal, Role,
    clock::{Matter, Whom},
    deal::{Deal, DealKey, Standing},
    handoff::{Fact, Handoff, Intent, Life, Message, Recipient, Recorded, RouteTaken, Seat, evolve},
    playbook::CsmChoice,
};
use uuid::Uuid;

use crate::{chain::*, commit::*, directory::Audit, ports::Store, views::*};

/// An id nobody has had before; ids sort in the order they were made.
pub fn fresh<T: From<Uuid>>() -> T {
    static MADE: AtomicU64 = AtomicU64::new(1);
    let number = MADE.fetch_add(1, Ordering::Relaxed);
    T::from(Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0000 + u128::from(number)))
}

/// An organisation nobody has had before.
pub fn org() -> OrgId {
    fresh()
}

/// Somebody new.
pub fn person() -> PersonId {
    fresh()
}

/// A moment: so many seconds after a fixed one, with nanoseconds.
pub fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_780_000_000 + second).unwrap() + 123_456_789.nanoseconds()
}

/// An audit row.
pub fn audit(action: &str) -> Audit {
    Audit {
        at: at(0),
        by: Actor::System,
        action: action.to_owned(),
        subject: "somebody".to_owned(),
        detail: serde_json::json!({ "why": "to see" }),
    }
}

/// A handoff as it is told, fact by fact.
#[derive(Clone)]
pub struct Story {
    pub org: OrgId,
    pub id: HandoffId,
    pub ae: PersonId,
    pub deal: Deal,
    pub account: AccountId,
    pub version: Version,
    pub head: Hash,
    pub state: Option<Handoff>,
}

/// What can be told next.
pub enum Told {
    /// The record was opened.
    Opened,
    /// Something personal was written.
    Wrote(&'static str),
    /// The deal was lost.
    Lost,
    /// It came back.
    Resumed,
    /// Texts were erased, so many.
    Erased(u32),
    /// Whoever owes this step was reminded.
    Reminded(&'static str),
    /// Their manager was told of it.
    Escalated(&'static str),
}

impl Story {
    pub fn new(org: OrgId) -> Self {
        let id: HandoffId = fresh();
        let deal = Deal {
            key: DealKey { source: "salesforce".to_owned(), external_id: id.to_string() },
            source_time: at(0),
            name: "Rollout".to_owned(),
            account: "Acme".to_owned(),
            account_external_id: None,
            stage: "Negotiation".to_owned(),
            standing: Standing::Open,
            amount: None,
            arr: None,
            term_months: None,
            discount_percent: None,
            probability: None,
            close_on: None,
            signed_at: None,
            closed_at: None,
            deal_type: None,
            segment: None,
            lead_source: None,
            partner: None,
            plan: None,
            renews_on: None,
            competitor: None,
            se_involved: None,
            existing_account: None,
            owner: None,
            csm: None,
            extra: Default::default(),
        };
        let (ae, account) = (person(), fresh());
        Self { org, id, ae, deal, account, version: 0, head: GENESIS.to_owned(), state: None }
    }

    /// The next commit; the story goes on from it.
    pub fn tell(&mut self, told: &[Told]) -> Commit {
        let expected = self.version;
        let mut facts = Vec::new();
        for told in told {
            self.version += 1;
            let (seq, at) = (self.version, at(self.version.cast_signed()));
            let recorded = Recorded { seq, at, by: Actor::Person { id: self.ae }, fact: self.fact(told) };
            self.state = evolve(self.state.take(), &recorded);
            facts.push(recorded);
        }
        let mut salt = || (fresh(), *fresh::<Uuid>().as_bytes());
        let (journal, texts) = chain(self.id, &self.head, &facts, &mut salt).unwrap();
        self.head = journal.last().map_or(self.head.clone(), |row| row.hash.clone());
        Commit {
            org: self.org,
            id: self.id,
            expected,
            as_of: 0,
            journal,
            texts,
            erase: None,
            snapshot: serde_json::to_string(&self.state).unwrap(),
            row: self.row(),
            dues: Vec::new(),
            look_at: None,
            promises: None,
            parts: None,
            deal: None,
            outbox: Vec::new(),
            idempotency: None,
        }
    }

    /// Opens the record and stores it.
    pub async fn open(&mut self, store: &dyn Store) {
        let commit = self.tell(&[Told::Opened]);
        store.commit(commit).await.unwrap();
    }

    /// Opens the record and stores it, as changed.
    pub async fn open_as(&mut self, store: &dyn Store, change: impl FnOnce(&mut Commit)) {
        let mut commit = self.tell(&[Told::Opened]);
        change(&mut commit);
        store.commit(commit).await.unwrap();
    }

    fn fact(&self, told: &Told) -> Fact {
        let key = |text: &str| text.parse::<Key>().unwrap();
        match told {
            Told::Opened => Fact::Opened {
                id: self.id,
                account: self.account,
                deal: self.deal.clone(),
                route: RouteTaken {
                    rule: None,
                    playbook: None,
                    variant: None,
                    csm: CsmChoice::Named,
                    because: "a person chose".to_owned(),
                },
                life: Life::Live,
                seller: Seat { person: self.ae, unmapped: false, contributors: Default::default() },
                process_owner: self.ae,
            },
            Told::Wrote(text) => Fact::NoneDeclared {
                ask: key(&format!("ask_{}", self.version)),
                note: Some(Personal::parse(text).unwrap()),
            },
            Told::Lost => Fact::Withdrawn { reason: "lost".to_owned() },
            Told::Resumed => Fact::Resumed,
            Told::Erased(texts) => Fact::TextsErased { texts: *texts },
            Told::Reminded(step) => {
                Fact::Reminded { matter: Matter::Step { step: key(step) }, due_at: at(0), nth: 1 }
            }
            Told::Escalated(step) => {
                let matter = Matter::Step { step: key(step) };
                Fact::Escalated { matter, due_at: at(0), whom: Whom::Manager }
            }
        }
    }

    fn row(&self) -> HandoffRow {
        let life = self.state.as_ref().map_or("live", |state| state.life.name());
        HandoffRow {
            id: self.id,
            account_id: self.account,
            account: self.deal.account.clone(),
            deal_name: self.deal.name.clone(),
            deal: self.deal.key.clone(),
            amount: None,
            arr: None,
            segment: None,
            lead_source: None,
            life: life.to_owned(),
            stage: "preparing".to_owned(),
            playbook: None,
            ae: self.ae,
            csm: None,
            answerable: self.ae,
            required: 3,
            missing: 3,
            next_gap: Some("Why they bought".to_owned()),
            next_about: None,
            next_owed_by: Some(Role::Ae),
            next_person: Some(self.ae),
            next_due_at: None,
            next_step: None,
            next_step_id: None,
            signature_on: None,
            closed_at: None,
            open_questions: 0,
            open_commitments: 0,
            open_waivers: 0,
            bypassed: false,
            waived: false,
            refused: false,
            credit: None,
            kicked_off: false,
            opened_at: at(1),
            updated_at: at(self.version.cast_signed()),
            as_of: at(self.version.cast_signed()),
            version: self.version,
        }
    }

    /// Its deal's newest reading.
    pub fn reading(&self) -> DealRow {
        let body = serde_json::to_string(&self.deal).unwrap();
        DealRow {
            key: self.deal.key.clone(),
            source_time: self.deal.source_time,
            handoff: Some(self.id),
            body,
        }
    }

    /// A message about it.
    pub fn message(&self) -> OutboxRow {
        let intent = Intent { to: Recipient::Person { id: self.ae }, message: Message::RecordOpened };
        OutboxRow { id: fresh(), handoff: self.id, at: at(7), seq: self.version, intent }
    }

    /// A promise made in it.
    pub fn promise(&self, decide_by: Option<Timestamp>) -> PromiseRow {
        PromiseRow {
            handoff: self.id,
            item: fresh(),
            account: self.deal.account.clone(),
            what: "the connector by autumn".to_owned(),
            kind: "feature".to_owned(),
            strength: Some("promised".to_owned()),
            state: "routed".to_owned(),
            routed_to: Some(Role::Product),
            routed_at: Some(at(3)),
            decide_by,
            due_on: None,
            in_contract: Some(false),
            amount: None,
            ae: self.ae,
        }
    }

    /// A clock of it.
    pub fn due(&self, step: &str, due_at: Timestamp) -> DueRow {
        DueRow {
            step: step.parse().unwrap(),
            title: "Kickoff".to_owned(),
            owner: Role::Csm,
            person: None,
            opens_at: None,
            due_at,
            done_at: None,
        }
    }

    /// An answer remembered under a key.
    pub fn answer(&self, key: &str) -> IdempotencyRow {
        let (key, request, body) = (key.to_owned(), "0f".repeat(32), "{\"ok\":true}".to_owned());
        IdempotencyRow { key, request, status: 201, body, at: at(9) }
    }
}
