//! Messages: intents become letters. Texts are made from the state at the time of sending, in plain words.
//!
//! Absent on purpose: transport. A letter is kept, shown in the mailbox, and later handed to a mail server.

pub(crate) mod text;

use std::collections::BTreeSet;

use throughline_domain::{
    HandoffId, OrgId, PersonId,
    handoff::{Handoff, Message, Recipient},
};
use throughline_store::{ApplyError, Audit, Change, Letter, OutboxRow, Person};
use uuid::Uuid;

use crate::{
    App, AppError, Caller,
    handle::{Loaded, TRIES},
};

/// Most intents one sweep takes.
const BATCH: u32 = 200;

impl App {
    /// Turns waiting intents of an organisation into letters. Returns how many intents it took.
    pub async fn sweep_outbox(&self, org: OrgId) -> Result<usize, AppError> {
        let waiting = self.store.outbox(org, BATCH).await?;
        for row in &waiting {
            self.deliver(org, row).await?;
        }
        Ok(waiting.len())
    }

    async fn deliver(&self, org: OrgId, row: &OutboxRow) -> Result<(), AppError> {
        for round in 0..TRIES {
            let loaded = self.load(org, row.handoff).await?;
            let mut changes = Vec::new();
            for (place, person) in self.addressees(&loaded, row.intent.to).await?.into_iter().enumerate() {
                let letter = self.letter(&loaded, row, place, &person).await?;
                changes.push(Change::Deliver(letter));
            }
            if round == 0 {
                changes.push(Change::Delivered { outbox: row.id, at: self.now() });
            }
            let audit = Audit {
                at: self.now(),
                by: throughline_domain::Actor::System,
                action: "deliver".to_owned(),
                subject: row.id.to_string(),
                detail: serde_json::Value::Null,
            };
            match self.store.apply(org, changes, audit).await {
                Ok(()) => {}
                // Another node was faster with the same message: its letters are the ones that count.
                Err(ApplyError::Conflict(_)) if round == 0 => return Ok(()),
                Err(error) => return Err(error.into()),
            }
            // A letter may quote texts that were erased while it was written: it is written again without them.
            if self.erased_since(org, row.handoff, loaded.version).await?.is_none() {
                return Ok(());
            }
        }
        Err(AppError::broken("texts were erased again and again while a letter was written"))
    }

    async fn addressees(&self, loaded: &Loaded, to: Recipient) -> Result<Vec<Person>, AppError> {
        let org = loaded.org.id;
        let found = match to {
            Recipient::Person { id } => self.store.person(org, id).await?.into_iter().collect(),
            Recipient::Role { role } => self.store.role_people(org, role).await?,
            Recipient::ManagerOf { id } => {
                let person = self.store.person(org, id).await?;
                let team = match person.and_then(|person| person.team) {
                    Some(team) => self.store.team(org, team).await?,
                    None => None,
                };
                match team.and_then(|team| team.manager) {
                    Some(manager) => self.store.person(org, manager).await?.into_iter().collect(),
                    None => Vec::new(),
                }
            }
        };
        let mut seen = BTreeSet::new();
        Ok(found
            .into_iter()
            .filter(|person| person.status.signs_in())
            .filter(|person| seen.insert(person.id))
            .take(100)
            .collect())
    }

    async fn letter(
        &self,
        loaded: &Loaded,
        row: &OutboxRow,
        place: usize,
        to: &Person,
    ) -> Result<Letter, AppError> {
        let names = self.names(loaded).await?;
        let (subject, body) = text::write(loaded, &row.intent.message, to, &names)?;
        Ok(Letter {
            id: letter_id(row.id, place),
            outbox: Some(row.id),
            to: Some(to.id),
            handoff: Some(row.handoff),
            subject,
            body,
            link: Some(link(row.handoff, &row.intent.message)),
            at: self.now(),
            read_at: None,
        })
    }

    async fn names(&self, loaded: &Loaded) -> Result<text::Names, AppError> {
        let handoff: &Handoff = &loaded.handoff;
        let ids: Vec<PersonId> = [Some(handoff.seller()), handoff.csm(), Some(handoff.answerable())]
            .into_iter()
            .flatten()
            .collect();
        let people = self.named(loaded.org.id, ids).await?;
        let name = |id: PersonId| {
            people.get(&id).map_or_else(|| "somebody".to_owned(), |person| person.name.clone())
        };
        Ok(text::Names {
            seller: name(handoff.seller()),
            csm: handoff.csm().map(name),
            answerable: name(handoff.answerable()),
        })
    }

    /// The draft of the warm introduction for a handoff (R3.5): subject and text.
    pub async fn introduction_draft(
        &self,
        caller: &Caller,
        id: HandoffId,
    ) -> Result<(String, String), AppError> {
        let loaded = self.load(caller.org, id).await?;
        caller.may_on(throughline_domain::access::Action::Read, &loaded.handoff)?;
        let names = self.names(&loaded).await?;
        text::introduction(&loaded, &names)
    }
}

/// A letter's id follows from its intent and the addressee's place, so that delivering twice writes once.
fn letter_id(outbox: Uuid, place: usize) -> Uuid {
    let mut bytes = *outbox.as_bytes();
    let place = u16::try_from(place).unwrap_or(u16::MAX).to_be_bytes();
    bytes[14] ^= place[0];
    bytes[15] ^= place[1];
    Uuid::from_bytes(bytes)
}

fn link(id: HandoffId, message: &Message) -> String {
    let part = match message {
        Message::Nominated | Message::Offered | Message::Returned { .. } | Message::Rated => "/review",
        Message::PromiseRouted | Message::PromiseDecided { .. } => "/promises",
        Message::Question | Message::QuestionAnswered => "/questions",
        Message::WaiverAsked { .. }
        | Message::WaiverDecided { .. }
        | Message::GateRefused { .. }
        | Message::Bypassed { .. } => "/gates",
        Message::PleaseConfirm | Message::IntroductionDraft | Message::OwnershipMoved => "/steps",
        Message::KickoffConfirmed => "/plan",
        Message::RecordOpened
        | Message::Reopened
        | Message::Amended
        | Message::Stopped
        | Message::RoutedToNone => "",
    };
    format!("/handoffs/{id}{part}")
}
