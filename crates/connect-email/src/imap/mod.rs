//! The mailbox that answers arrive in, looked at from time to time.
//!
//! Each look is a conversation of its own: nothing is kept between two, so any node may look, and a connection that died
//! unseen is nobody's trouble. Fetching changes nothing in the mailbox; saying that mails are done marks them as read.

pub mod client;

use std::{collections::BTreeMap, time::Duration};

use async_trait::async_trait;
use futures_util::TryStreamExt;
use throughline_messages::{Arrivals, Arrived, Inbound, PostError, Ticket};
use tokio::time::timeout;

pub use client::Imap;
use client::Session;

/// Most mails one look brings.
const AT_ONCE: usize = 50;
/// Most bytes of mails one look brings; the next look brings the rest.
const BYTES: u64 = 32 * 1024 * 1024;

impl Imap {
    async fn look(&self, most: usize) -> Result<Vec<Arrived>, PostError> {
        let (mut session, count) = self.open().await?;
        let unread = session.uid_search("UNSEEN UNDELETED").await.map_err(|why| self.trouble(&why))?;
        let mut unread: Vec<u32> = unread.into_iter().collect();
        unread.sort_unstable();
        unread.truncate(most.min(AT_ONCE));
        let mut arrived = Vec::new();
        let mut bytes = 0;
        for (number, size) in self.sizes(&mut session, &unread).await? {
            let fits = usize::try_from(size).is_ok_and(|size| size <= Inbound::LARGEST);
            bytes += if fits { u64::from(size) } else { 0 };
            if bytes > BYTES && !arrived.is_empty() {
                break;
            }
            let raw = if fits { self.mail(&mut session, number).await? } else { None };
            // One that fits and is not there was taken away since.
            if raw.is_some() || !fits {
                arrived.push(Arrived { ticket: Ticket { count, number }, size, raw });
            }
        }
        close(session).await;
        Ok(arrived)
    }

    /// The sizes of mails, by their numbers.
    async fn sizes(&self, session: &mut Session, numbers: &[u32]) -> Result<BTreeMap<u32, u32>, PostError> {
        if numbers.is_empty() {
            return Ok(BTreeMap::new());
        }
        let said =
            session.uid_fetch(set(numbers), "(UID RFC822.SIZE)").await.map_err(|why| self.trouble(&why))?;
        let said: Vec<_> = said.try_collect().await.map_err(|why| self.trouble(&why))?;
        let asked = |number: &u32| numbers.contains(number);
        Ok(said.iter().filter_map(|mail| Some((mail.uid.filter(asked)?, mail.size?))).collect())
    }

    async fn mail(&self, session: &mut Session, number: u32) -> Result<Option<Vec<u8>>, PostError> {
        let said = session.uid_fetch(number.to_string(), "(UID BODY.PEEK[])").await;
        let said: Vec<_> =
            said.map_err(|why| self.trouble(&why))?.try_collect().await.map_err(|why| self.trouble(&why))?;
        let found = said.iter().find(|mail| mail.uid == Some(number)).and_then(|mail| mail.body());
        Ok(found.map(<[u8]>::to_vec))
    }

    async fn mark(&self, tickets: &[Ticket]) -> Result<(), PostError> {
        let (mut session, count) = self.open().await?;
        // Tickets of an older counting name mails that cannot be found again; what is there has new ones.
        let numbers: Vec<u32> =
            tickets.iter().filter(|ticket| ticket.count == count).map(|ticket| ticket.number).collect();
        for some in numbers.chunks(AT_ONCE) {
            let said = session.uid_store(set(some), "+FLAGS.SILENT (\\Seen)").await;
            let said = said.map_err(|why| self.trouble(&why))?;
            let _: Vec<_> = said.try_collect().await.map_err(|why| self.trouble(&why))?;
        }
        close(session).await;
        Ok(())
    }

    async fn in_time<T>(&self, what: impl Future<Output = Result<T, PostError>>) -> Result<T, PostError> {
        let patience = self.settings.patience;
        timeout(patience, what).await.unwrap_or_else(|_| {
            let host = &self.settings.host;
            Err(PostError::later(format!("{host} did not answer within {} s", patience.as_secs())))
        })
    }
}

#[async_trait]
impl Arrivals for Imap {
    async fn waiting(&self, most: usize) -> Result<Vec<Arrived>, PostError> {
        self.in_time(self.look(most)).await
    }

    async fn done(&self, tickets: &[Ticket]) -> Result<(), PostError> {
        if tickets.is_empty() { Ok(()) } else { self.in_time(self.mark(tickets)).await }
    }

    fn patience(&self) -> Duration {
        self.settings.patience
    }
}

/// Numbers as a set of IMAP.
fn set(numbers: &[u32]) -> String {
    numbers.iter().map(ToString::to_string).collect::<Vec<_>>().join(",")
}

/// What was asked is answered; whether the goodbye is heard makes no difference.
async fn close(mut session: Session) {
    let _ = session.logout().await;
}
