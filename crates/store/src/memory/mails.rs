//! Mail that arrived, in memory.

use async_trait::async_trait;
use jiff::Timestamp;
use throughline_domain::OrgId;
use uuid::Uuid;

use super::{
    MemoryStore, Tables,
    apply::conflict,
    sweeps::{Waiting, is_free, take},
};
use crate::{commit::*, mails::*, parcels::FORGOTTEN, ports::ApplyError, query::*, sweeps::Claim};

/// A mail and what became of it.
#[derive(Clone)]
pub(super) struct Mail {
    row: MailRow,
    due: i64,
    read: MailRead,
}

impl Mail {
    fn of(row: MailRow) -> Self {
        let read = MailRead {
            from: None,
            subject: None,
            handoff: None,
            state: MailState::Waiting,
            note: String::new(),
        };
        Self { due: row.received_at.as_millisecond(), row, read }
    }

    fn seen(&self) -> MailSeen {
        let MailRead { from, subject, handoff, state, note } = self.read.clone();
        let (id, received_at, tries) = (self.row.id, self.row.received_at, self.row.tries);
        let note = Some(note).filter(|note| !note.is_empty());
        MailSeen { id, received_at, tries, from, subject, handoff, state, note }
    }

    fn waits(&self) -> bool {
        self.read.state == MailState::Waiting
    }
}

#[async_trait]
impl Mails for MemoryStore {
    async fn claim_mails(&self, claim: Claim) -> Result<Vec<(OrgId, MailRow)>, StoreError> {
        let (mut all, now) = (self.all(), claim.now.as_millisecond());
        let mails = all.iter_mut().flat_map(|(org, tables)| {
            let due =
                tables.mails.iter_mut().filter(move |(_, mail)| mail.row.waits() && mail.row.due <= now);
            due.map(move |(id, mail)| {
                let row = mail.row.row.clone();
                ((*id, *org), &mut mail.claimed, (*org, row))
            })
        });
        Ok(take(claim, mails).collect())
    }

    async fn mails(
        &self,
        org: OrgId,
        state: Option<MailState>,
        before: Option<Uuid>,
        limit: u32,
    ) -> Result<Vec<MailSeen>, StoreError> {
        Ok(self.read(org, |tables| {
            let newest = tables.mails.values().rev().map(|mail| &mail.row);
            let next = newest.filter(|mail| before.is_none_or(|before| mail.row.id < before));
            let next = next.filter(|mail| state.is_none_or(|state| mail.read.state == state));
            next.take(bounded(limit, PAGE)).map(Mail::seen).collect()
        }))
    }

    async fn awaited(&self, org: OrgId, id: Uuid) -> Result<Option<AwaitedRow>, StoreError> {
        Ok(self.read(org, |tables| tables.awaited.get(&id).cloned()))
    }

    async fn awaited_at(&self, secret: &str) -> Result<Option<(OrgId, AwaitedRow)>, StoreError> {
        let all = self.all();
        Ok(all.iter().find_map(|(org, tables)| {
            let awaited = tables.awaited.get(tables.awaited_at.get(secret)?)?;
            Some((*org, awaited.clone()))
        }))
    }

    async fn take_turn(
        &self,
        what: &str,
        held: Option<Timestamp>,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<bool, StoreError> {
        let mut turns = self.turns();
        let taken = turns.get(what).copied();
        let ours = match held {
            Some(held) => taken == Some(held.as_millisecond()),
            None => taken.is_none_or(|taken| is_free(taken, now.as_millisecond())),
        };
        if ours {
            turns.insert(what.to_owned(), until.as_millisecond());
        }
        Ok(ours)
    }
}

impl Tables {
    /// `others` are the tables of the other organisations.
    pub fn mail(&mut self, change: MailChange, others: &[&Tables]) -> Result<(), ApplyError> {
        match change {
            MailChange::Receive(row) => {
                if self.mails.values().any(|mail| mail.row.row.key == row.key) {
                    return conflict(MAIL_IS_HERE);
                }
                self.mails.insert(row.id, Waiting::of(Mail::of(row)));
            }
            MailChange::Read { id, read } => {
                let mail = self.waiting_mail(id)?;
                mail.row.read = read;
                mail.row.row.raw.clear();
                (mail.row.row.sent_by, mail.row.row.sent_to) = (None, None);
            }
            MailChange::Later { id, at, note } => {
                let mail = self.waiting_mail(id)?;
                (mail.claimed, mail.row.due, mail.row.read.note) = (0, at.as_millisecond(), note);
                mail.row.row.tries += 1;
            }
            MailChange::Await(row) => {
                self.awaited.entry(row.id).or_insert(row);
            }
            MailChange::Address { awaited, secret } => {
                let taken = |tables: &Tables| tables.awaited_at.contains_key(&secret);
                if !self.awaited.contains_key(&awaited) || taken(self) || others.iter().any(|one| taken(one))
                {
                    return conflict(NOT_AWAITED);
                }
                self.awaited_at.insert(secret, awaited);
            }
            MailChange::Forget { handoff } => {
                let about = self.mails.values_mut().map(|mail| &mut mail.row.read);
                for read in about.filter(|read| read.handoff == Some(handoff)) {
                    (read.from, read.subject) = (Some(FORGOTTEN.to_owned()), Some(FORGOTTEN.to_owned()));
                }
                self.awaited.retain(|_, row| row.handoff != handoff);
                self.drop_addresses();
            }
            MailChange::Tidy { received_before, awaited_before } => {
                let old = |at: Timestamp, before: Timestamp| at.as_millisecond() < before.as_millisecond();
                self.mails
                    .retain(|_, mail| mail.row.waits() || !old(mail.row.row.received_at, received_before));
                self.awaited.retain(|_, row| !old(row.until, awaited_before));
                self.drop_addresses();
            }
        }
        Ok(())
    }

    fn drop_addresses(&mut self) {
        let awaited = &self.awaited;
        self.awaited_at.retain(|_, of| awaited.contains_key(of));
    }

    fn waiting_mail(&mut self, id: Uuid) -> Result<&mut Waiting<Mail>, ApplyError> {
        match self.mails.get_mut(&id).filter(|mail| mail.row.waits()) {
            Some(mail) => Ok(mail),
            None => conflict(MAIL_IS_OVER),
        }
    }
}
