//! Events understood and acted on: each once, by whichever node claims it, in any order.

use jiff::SignedDuration;
use throughline_domain::{
    HandoffId, OrgId,
    deal::{Deal, DealKey, Standing},
};
use throughline_store::{Change, Claim, DealRow, EventRow, ports::ApplyError};

use super::{
    subject,
    translate::{Told, translate},
};
use crate::{
    App, AppError, Caller,
    deals::{DealAnswer, DealOptions, Taken},
};

/// How long a claim holds: a node that dies holds its work up for no longer.
const LEASE: SignedDuration = SignedDuration::from_secs(15);
/// How many events one sweep claims.
pub const BATCH: u32 = 100;
/// How often an event is tried before it is given up.
pub(crate) const TRIES: u32 = 20;
/// The longest wait between two tries: with it, twenty take about nine hours.
const LONGEST_WAIT: SignedDuration = SignedDuration::from_hours(1);

/// What came of an event.
#[derive(Debug)]
enum Fate {
    Done(String),
    Refused(String),
    Later(String),
}

impl App {
    /// Acts on events that wait, of all organisations, at most [`BATCH`]. Says how many it took on; a full batch means
    /// that more may wait.
    ///
    /// What is done twice, by a node that was slow or died in between, is the same news told twice: it changes nothing.
    pub async fn sweep_events(&self) -> Result<usize, AppError> {
        let now = self.now();
        let claimed = self.store.claim_events(Claim { now, until: now + LEASE, limit: BATCH }).await?;
        let taken = claimed.len();
        let (mut failed, mut last) = (0, None);
        for (org, row) in claimed {
            let event = subject(&row);
            // One that cannot be written about holds no other up; it is free again when its claim ends.
            if let Err(why) = self.understand(org, row).await {
                tracing::warn!(%event, %why, "an event cannot be acted on");
                (failed, last) = (failed + 1, Some(why));
            }
        }
        match last {
            Some(why) if failed == taken => Err(why),
            _ => Ok(taken),
        }
    }

    async fn understand(&self, org: OrgId, row: EventRow) -> Result<(), AppError> {
        let (caller, fate) = self.act_on(org, &row).await?;
        self.close(&caller, row, fate).await
    }

    async fn act_on(&self, org: OrgId, row: &EventRow) -> Result<(Caller, Fate), AppError> {
        let house = self.organisation(org).await?;
        let Some(source) = house.event_sources.get(&row.source) else {
            return Ok((Caller::system(org), Fate::Refused("its source was removed".to_owned())));
        };
        let caller = Caller::source(org, source);
        let fate = match translate(row) {
            Err(why) => Fate::Refused(why),
            Ok(Told::Nothing { kind }) => Fate::Done(format!("not understood: type {kind}")),
            Ok(Told::Deal(deal)) => fate(self.put_deal(&caller, *deal, DealOptions::default()).await),
            Ok(Told::Gone { key, at }) => match self.as_known(org, &key).await {
                Ok(Some(known)) => {
                    let gone = Deal { standing: Standing::Deleted, source_time: at, ..known };
                    fate(self.put_deal(&caller, gone, DealOptions::default()).await)
                }
                // Its own news may be under way still.
                Ok(None) => Fate::Later("nobody has told of this deal yet".to_owned()),
                Err(why) => fate(Err(why)),
            },
        };
        Ok((caller, fate))
    }

    /// The newest reading of a deal.
    async fn as_known(&self, org: OrgId, key: &DealKey) -> Result<Option<Deal>, AppError> {
        match self.store.deal(org, key).await? {
            Some(DealRow { handoff: Some(id), .. }) => Ok(Some(self.deal_of(org, id).await?)),
            Some(DealRow { body, .. }) => Ok(serde_json::from_str(&body).ok()),
            None => Ok(None),
        }
    }

    async fn deal_of(&self, org: OrgId, id: HandoffId) -> Result<Deal, AppError> {
        Ok(self.load(org, id).await?.handoff.deal)
    }

    /// Writes down what came of an event. That another node has done so already is as good.
    async fn close(&self, caller: &Caller, row: EventRow, fate: Fate) -> Result<(), AppError> {
        let named = subject(&row);
        let EventRow { source, id, tries, .. } = row;
        let fate = match fate {
            Fate::Later(why) if tries + 1 >= TRIES => {
                Fate::Refused(format!("given up after {TRIES} tries: {why}"))
            }
            fate => fate,
        };
        let at = self.now() + wait_after(tries);
        let (action, change) = match fate {
            Fate::Done(note) => ("act-on-event", Change::EventDone { source, id, note }),
            Fate::Refused(note) => ("refuse-event", Change::EventRefused { source, id, note }),
            Fate::Later(note) => ("put-off-event", Change::EventLater { source, id, at, note }),
        };
        // The note stays with the event: it may quote what somebody wrote, and the log is for ever.
        let audit = self.audit(caller, action, &named, serde_json::Value::Null);
        match self.store.apply(caller.org, vec![change], audit).await {
            Ok(()) | Err(ApplyError::Conflict(_)) => Ok(()),
            Err(other) => Err(other.into()),
        }
    }
}

/// A second, doubled with each try.
pub(crate) fn wait_after(tries: u32) -> SignedDuration {
    let seconds = 1_i64.checked_shl(tries.min(30)).unwrap_or(i64::MAX);
    SignedDuration::from_secs(seconds).min(LONGEST_WAIT)
}

/// What an answer means for the event: what will never fit is refused, what may pass is tried again.
fn fate(answer: Result<DealAnswer, AppError>) -> Fate {
    match answer {
        Ok(answer) => Fate::Done(said(answer.taken).to_owned()),
        Err(why @ (AppError::Invalid { .. } | AppError::Refused(_))) => Fate::Refused(why.to_string()),
        Err(AppError::Broken(why)) => {
            tracing::error!(%why, "an event cannot be acted on");
            Fate::Later(AppError::Broken(why).to_string())
        }
        Err(
            why @ (AppError::NotSignedIn
            | AppError::NotFound(_)
            | AppError::Forbidden(_)
            | AppError::Stale { .. }
            | AppError::Conflict(_)
            | AppError::KeyReused
            | AppError::TooMany { .. }
            | AppError::Unavailable(_)),
        ) => Fate::Later(why.to_string()),
    }
}

fn said(taken: Taken) -> &'static str {
    match taken {
        Taken::Opened => "a record was opened",
        Taken::Changed => "its record took the news",
        Taken::Unchanged => "nothing new",
        Taken::Kept => "kept; its record does not open yet",
        Taken::History => "closed before the go-live date: history",
        Taken::OutOfScope => "its route leads to no process",
        Taken::Older => "older than what is known",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_an_hour_and_all_tries_take_most_of_a_day_shift() {
        let waits: Vec<i64> = (0..TRIES - 1).map(|tries| wait_after(tries).as_secs()).collect();
        assert_eq!(waits[..5], [1, 2, 4, 8, 16]);
        assert_eq!(waits[11..14], [2_048, 3_600, 3_600]);
        assert!((8 * 3_600..10 * 3_600).contains(&waits.iter().sum::<i64>()));
        assert_eq!(wait_after(u32::MAX).as_secs(), 3_600);
    }
}
