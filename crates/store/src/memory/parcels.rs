//! Parcels, in memory.

use async_trait::async_trait;
use throughline_domain::{HandoffId, Key, OrgId};
use uuid::Uuid;

use super::{
    MemoryStore, Tables,
    apply::conflict,
    sweeps::{Waiting, take},
};
use crate::{commit::*, parcels::*, ports::ApplyError, query::*, sweeps::Claim};

/// A parcel and what became of it.
#[derive(Clone)]
pub(super) struct Parcel {
    row: ParcelRow,
    due: i64,
    state: ParcelState,
    note: Option<String>,
}

impl Parcel {
    fn seen(&self) -> ParcelSeen {
        let ParcelRow { id, what, at, tries, to, subject, .. } = self.row.clone();
        ParcelSeen { id, what, at, tries, to, subject, state: self.state, note: self.note.clone() }
    }

    fn settle(&mut self, state: ParcelState, note: Option<String>) {
        (self.state, self.note) = (state, note);
        self.row.mail.clear();
    }

    fn forget(&mut self) {
        if self.state == ParcelState::Waiting {
            self.settle(ParcelState::GivenUp, Some(FORGOTTEN.to_owned()));
        }
        // A mail server names whom it refuses.
        self.note = self.note.take().map(|_| FORGOTTEN.to_owned());
        (self.row.to, self.row.subject) = (FORGOTTEN.to_owned(), FORGOTTEN.to_owned());
    }
}

#[async_trait]
impl Parcels for MemoryStore {
    async fn claim_parcels(&self, claim: Claim) -> Result<Vec<(OrgId, ParcelRow)>, StoreError> {
        let (mut all, now) = (self.all(), claim.now.as_millisecond());
        let parcels = all.iter_mut().flat_map(|(org, tables)| {
            let waiting = tables.parcels.iter_mut();
            let due = waiting
                .filter(move |(_, parcel)| parcel.row.state == ParcelState::Waiting && parcel.row.due <= now);
            due.map(move |(id, parcel)| {
                let row = parcel.row.row.clone();
                ((parcel.row.due, *org, *id), &mut parcel.claimed, (*org, row))
            })
        });
        Ok(take(claim, parcels).collect())
    }

    async fn parcels(
        &self,
        org: OrgId,
        handoff: HandoffId,
        before: Option<Uuid>,
        limit: u32,
    ) -> Result<Vec<ParcelSeen>, StoreError> {
        Ok(self.read(org, |tables| {
            let newest = tables.parcels.values().rev().map(|parcel| &parcel.row);
            let theirs = newest.filter(|parcel| parcel.row.handoff == handoff);
            let next = theirs.filter(|parcel| before.is_none_or(|before| parcel.row.id < before));
            next.take(bounded(limit, PAGE)).map(Parcel::seen).collect()
        }))
    }

    async fn invites(&self, org: OrgId, handoff: HandoffId) -> Result<Vec<InviteRow>, StoreError> {
        Ok(self.read(org, |tables| {
            tables.invites.values().filter(|row| row.handoff == handoff).cloned().collect()
        }))
    }
}

impl Tables {
    pub fn parcel(&mut self, change: ParcelChange) -> Result<(), ApplyError> {
        match change {
            ParcelChange::Send(row) => {
                let due = row.at.as_millisecond();
                let parcel = Parcel { row, due, state: ParcelState::Waiting, note: None };
                self.parcels.entry(parcel.row.id).or_insert_with(|| Waiting::of(parcel));
            }
            ParcelChange::Sent { id } => self.waiting_parcel(id)?.row.settle(ParcelState::Sent, None),
            ParcelChange::GivenUp { id, note } => {
                self.waiting_parcel(id)?.row.settle(ParcelState::GivenUp, Some(note));
            }
            ParcelChange::Later { id, at, note } => {
                let parcel = self.waiting_parcel(id)?;
                (parcel.claimed, parcel.row.due, parcel.row.note) = (0, at.as_millisecond(), Some(note));
                parcel.row.row.tries += 1;
            }
            ParcelChange::Invite { row, after } => self.invite(row, after)?,
            ParcelChange::Forget { handoff } => {
                let parcels = self.parcels.values_mut().map(|parcel| &mut parcel.row);
                parcels.filter(|parcel| parcel.row.handoff == handoff).for_each(Parcel::forget);
                let invites = self.invites.values_mut().filter(|row| row.handoff == handoff);
                invites.for_each(|row| row.told.clear());
            }
            ParcelChange::ForgetTo { handoff, address } => {
                let parcels = self.parcels.values_mut().map(|parcel| &mut parcel.row);
                let theirs = |parcel: &&mut Parcel| {
                    parcel.row.handoff == handoff && parcel.row.to.eq_ignore_ascii_case(&address)
                };
                parcels.filter(theirs).for_each(Parcel::forget);
            }
        }
        Ok(())
    }

    fn waiting_parcel(&mut self, id: Uuid) -> Result<&mut Waiting<Parcel>, ApplyError> {
        let parcel = self.parcels.get_mut(&id);
        match parcel.filter(|parcel| parcel.row.state == ParcelState::Waiting) {
            Some(parcel) => Ok(parcel),
            None => conflict(PARCEL_IS_OVER),
        }
    }

    fn invite(&mut self, row: InviteRow, after: Option<u32>) -> Result<(), ApplyError> {
        let key: (HandoffId, Key) = (row.handoff, row.step.clone());
        if self.invites.get(&key).map(|held| held.sequence) != after {
            return conflict(INVITE_MOVED_ON);
        }
        self.invites.insert(key, row);
        Ok(())
    }
}
