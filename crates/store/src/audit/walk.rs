//! Every fact of an organisation, one after another: for exports of any size.

use std::collections::VecDeque;

use throughline_domain::{HandoffId, OrgId};

use crate::{chain::JournalRow, commit::StoreError, ports::Handoffs, query::STRETCH};

/// How many ids are asked for at once.
const IDS: u32 = STRETCH;

/// A walk over all journals, handoff by handoff in order of their ids, fact by fact.
///
/// Holds one stretch of one journal at a time. Facts written while it walks are given when their place is still ahead.
pub struct Walk<'a> {
    store: &'a dyn Handoffs,
    org: OrgId,
    ids: VecDeque<HandoffId>,
    last_id: Option<HandoffId>,
    rows: VecDeque<JournalRow>,
    /// Where the journal that is being read goes on.
    open: Option<(HandoffId, u64)>,
}

impl<'a> Walk<'a> {
    /// From the first fact of the first handoff.
    pub fn new(store: &'a dyn Handoffs, org: OrgId) -> Self {
        Self { store, org, ids: VecDeque::new(), last_id: None, rows: VecDeque::new(), open: None }
    }

    /// The next fact; none: that was all.
    ///
    /// # Errors
    /// When the store cannot answer or holds something unreadable.
    pub async fn next(&mut self) -> Result<Option<JournalRow>, StoreError> {
        loop {
            if let Some(row) = self.rows.pop_front() {
                self.open = Some((row.handoff, row.seq));
                return Ok(Some(row));
            }
            if let Some((id, seq)) = self.open.take() {
                self.rows = self.store.journal(self.org, id, seq, STRETCH).await?.into();
                continue;
            }
            if self.ids.is_empty() {
                self.ids = self.store.ids(self.org, self.last_id, IDS).await?.into();
            }
            let Some(id) = self.ids.pop_front() else { return Ok(None) };
            self.last_id = Some(id);
            self.open = Some((id, 0));
        }
    }
}
