//! Looking behind: the audit log, and whether the journal is as it was written.

use throughline_domain::{HandoffId, access::Action};
use throughline_store::{Audit, JournalRow, chain::Broken, chain::verify};

use crate::{App, AppError, Caller};

/// Journal rows read at once.
const STRETCH: u32 = 1_000;

/// How far a check of the journal came, and what it found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// Handoffs checked in this stretch.
    pub handoffs: u64,
    /// Facts checked in this stretch.
    pub facts: u64,
    /// Where chains are broken: the first break of each.
    pub broken: Vec<Broken>,
    /// Where to go on; none: that was all.
    pub next: Option<HandoffId>,
}

impl App {
    /// A page of the audit log, newest first; `before` is the number of the last row seen.
    pub async fn audit_log(&self, caller: &Caller, before: Option<i64>, limit: u32) -> Result<Vec<(i64, Audit)>, AppError> {
        caller.may(Action::Audit)?;
        Ok(self.store.audit(caller.org, before, limit.clamp(1, 200)).await?)
    }

    /// Checks the hash chains of at most `most` handoffs after one: bounded, so that a page can ask for it.
    pub async fn verify_journals(&self, caller: &Caller, after: Option<HandoffId>, most: u32) -> Result<Verified, AppError> {
        caller.may(Action::Audit)?;
        let most = most.clamp(1, STRETCH);
        let ids = self.store.ids(caller.org, after, most).await?;
        let next = (ids.len() as u64 >= u64::from(most)).then(|| ids.last().copied()).flatten();
        let mut found = Verified { handoffs: 0, facts: 0, broken: Vec::new(), next };
        for id in ids {
            found.handoffs += 1;
            let (facts, broken) = self.verify_journal(caller, id).await?;
            found.facts += facts;
            found.broken.extend(broken);
        }
        Ok(found)
    }

    async fn verify_journal(&self, caller: &Caller, id: HandoffId) -> Result<(u64, Option<Broken>), AppError> {
        let (mut facts, mut last): (u64, Option<JournalRow>) = (0, None);
        loop {
            let after = last.as_ref().map_or(0, |row| row.seq);
            let rows = self.store.journal(caller.org, id, after, STRETCH).await?;
            if rows.is_empty() {
                break;
            }
            for row in rows {
                let before = last.as_ref().map(|row| (row.seq, row.hash.as_str()));
                if let Err(broken) = verify(&row, before) {
                    return Ok((facts, Some(broken)));
                }
                facts += 1;
                last = Some(row);
            }
        }
        // Rows cut off at the end leave a chain that is whole; the snapshot still knows how long it was.
        let stored = self.store.load(caller.org, id).await?.ok_or(AppError::NotFound("handoff"))?;
        let (seq, hash) = last.map_or((0, String::new()), |row| (row.seq, row.hash));
        let cut = (stored.head != hash).then(|| Broken {
            handoff: id,
            seq: seq + 1,
            reason: "the journal does not reach as far as the handoff it tells".to_owned(),
        });
        Ok((facts, cut))
    }
}
