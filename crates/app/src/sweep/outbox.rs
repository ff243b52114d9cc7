//! Intents become letters: who is meant is found, the text made from the state, and the mail timed as they wish.

use std::collections::{BTreeSet, HashMap};

use futures_util::stream::{self, StreamExt as _};
use throughline_domain::{
    Actor, OrgId, PersonId,
    handoff::{Message, Recipient},
    notify::Topic,
};
use throughline_store::{Audit, Change, OutboxRow, Person, ports::ApplyError};

use super::{ABREAST, Swept, together::Together};
use crate::{
    App, AppError,
    handle::{Loaded, TRIES},
    letters::zone_of,
    stead::Reader,
};

/// The most people one message goes to.
const CROWD: usize = 100;

impl App {
    /// Turns waiting intents into letters, of all organisations, oldest first.
    pub async fn sweep_outbox(&self) -> Result<Swept, AppError> {
        let claimed = self.store.claim_outbox(self.claim()).await?;
        let mut swept = Swept::of(claimed.len());
        let batch = &self.together(claimed.iter().map(|(org, _)| *org)).await;
        // What one handoff has to tell is told one after the other; handoffs tell beside each other, and many of their
        // letters become durable at once.
        let told = by_handoff(claimed).into_iter().map(|(org, rows)| self.deliver_all(batch, org, rows));
        let mut told = stream::iter(told).buffered(ABREAST);
        while let Some(failed) = told.next().await {
            swept.failed += failed;
        }
        Ok(swept)
    }

    /// Makes messages of one handoff, which is read once for them. How many could not be made.
    async fn deliver_all(&self, batch: &Together, org: OrgId, rows: Vec<OutboxRow>) -> usize {
        let Some(first) = rows.first() else { return 0 };
        let loaded = match self.load_of(batch, org, first.handoff).await {
            Ok(loaded) => loaded,
            Err(why) => {
                tracing::warn!(handoff = %first.handoff, %why, "messages cannot be made");
                return rows.len();
            }
        };
        let mut failed = 0;
        for row in &rows {
            if let Err(why) = self.deliver(loaded.clone(), row).await {
                tracing::warn!(message = %row.id, %why, "a message cannot be made");
                failed += 1;
            }
        }
        failed
    }

    async fn deliver(&self, mut loaded: Loaded, row: &OutboxRow) -> Result<(), AppError> {
        let org = loaded.org.id;
        let mut first = true;
        for _ in 0..TRIES {
            let mut changes = Vec::new();
            if first {
                changes.push(Change::Delivered { outbox: row.id, at: self.now() });
            }
            if row.intent.to == Recipient::Guests {
                changes.extend(self.invitations(&loaded, row, !first).await?);
            }
            if first {
                changes.extend(self.told_customers(&loaded, row).await?);
            }
            for reader in self.addressees(&loaded, row.intent.to).await? {
                changes.extend(self.told(&loaded, row, &reader).await?);
            }
            let audit = Audit {
                at: self.now(),
                by: Actor::System,
                action: "deliver".to_owned(),
                subject: row.id.to_string(),
                detail: serde_json::Value::Null,
            };
            match self.store.apply(org, changes, audit).await {
                Ok(()) => first = false,
                // Another node was faster: its letters are the ones.
                Err(ApplyError::Conflict(_)) if first => return Ok(()),
                Err(other) => return Err(other.into()),
            }
            // A letter may quote texts that were erased while it was written: it is written again without them.
            if self.erased_since(org, row.handoff, loaded.version).await?.is_none() {
                return Ok(());
            }
            loaded = self.load(org, row.handoff).await?;
        }
        Err(AppError::broken("texts were erased again and again while a letter was written"))
    }

    /// The letter to one reader, and when it is mailed to them.
    async fn told(&self, loaded: &Loaded, row: &OutboxRow, reader: &Reader) -> Result<Vec<Change>, AppError> {
        let to = &reader.person;
        let (letter, noted) = self.letter(loaded, row, reader).await?;
        let (topic, zone) = (Topic::of(&row.intent.message), zone_of(&loaded.org, to));
        let mailed = to.notify.mail_at(topic, self.now(), &zone);
        // Where no mail leaves, none waits.
        let mailed = mailed.filter(|_| to.email.is_some() && self.outgoing.is_some());
        let post = mailed.map(|at| Change::Post { letter: letter.id, person: to.id, at });
        // A question may be answered by answering its mail.
        let awaited = match (&row.intent.message, &post) {
            (Message::Question, Some(_)) => {
                self.awaits_answer(letter.id, row.handoff, &loaded.handoff, to)?
            }
            _ => None,
        };
        Ok(std::iter::once(Change::Deliver(letter)).chain(post).chain(noted).chain(awaited).collect())
    }

    /// Who is meant, as far as they sign in. A message that would reach nobody reaches the process owner: what is due
    /// is never told to no one. Who is away is told with their stand-in: it stays theirs, and somebody is there for it.
    async fn addressees(&self, loaded: &Loaded, to: Recipient) -> Result<Vec<Reader>, AppError> {
        let org = loaded.org.id;
        let meant = match to {
            Recipient::Person { id } => self.persons(org, Some(id)).await?,
            Recipient::Role { role } => self.store.role_people(org, role).await?,
            Recipient::ManagerOf { id } => {
                // Who leads a team is their own manager only on paper.
                match self.store.person(org, id).await? {
                    Some(person) => self.manager_of(org, &person).await?.into_iter().collect(),
                    None => Vec::new(),
                }
            }
            // They get no letters; their mail is made by [`App::invitations`] and [`App::told_customers`].
            Recipient::Guests | Recipient::Customer { .. } | Recipient::Customers => return Ok(Vec::new()),
        };
        let mut found = reachable(meant);
        if found.is_empty() {
            found = reachable(self.persons(org, Some(loaded.handoff.process_owner)).await?);
        }
        self.with_stand_ins(&loaded.org, found).await
    }

    async fn persons(&self, org: OrgId, id: Option<PersonId>) -> Result<Vec<Person>, AppError> {
        Ok(match id {
            Some(id) => self.store.person(org, id).await?.into_iter().collect(),
            None => Vec::new(),
        })
    }
}

/// Messages with those of the same handoff, in the order of the first of each.
fn by_handoff(claimed: Vec<(OrgId, OutboxRow)>) -> Vec<(OrgId, Vec<OutboxRow>)> {
    let mut places = HashMap::new();
    let mut found: Vec<(OrgId, Vec<OutboxRow>)> = Vec::new();
    for (org, row) in claimed {
        let place = *places.entry((org, row.handoff)).or_insert(found.len());
        match found.get_mut(place) {
            Some((_, rows)) => rows.push(row),
            None => found.push((org, vec![row])),
        }
    }
    found
}

fn reachable(people: Vec<Person>) -> Vec<Person> {
    let mut seen = BTreeSet::new();
    let fit = people.into_iter().filter(|person| person.status.signs_in());
    fit.filter(|person| seen.insert(person.id)).take(CROWD).collect()
}
