//! The way in, as a port: a mailbox that answers arrive in.

use std::{fmt, time::Duration};

use async_trait::async_trait;

use crate::PostError;

/// A mailbox of ours. A mail stays in it until it is [`done`](Arrivals::done), so that one that was fetched and lost
/// comes again; whoever fetches takes each [`Ticket`] once.
#[async_trait]
pub trait Arrivals: Send + Sync + fmt::Debug {
    /// Mails that are not done, at most `most`, the oldest first.
    async fn waiting(&self, most: usize) -> Result<Vec<Arrived>, PostError>;

    /// Marks mails as done. Doing so again is harmless.
    async fn done(&self, tickets: &[Ticket]) -> Result<(), PostError>;

    /// The longest that either of the two takes: a mailbox that has not answered by then did not answer.
    fn patience(&self) -> Duration {
        Duration::from_secs(60)
    }
}

/// A mail in a mailbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrived {
    /// Its name there.
    pub ticket: Ticket,
    /// Its size in bytes, as the mailbox says.
    pub size: u32,
    /// The mail; none when it is larger than [`Inbound::LARGEST`](crate::Inbound::LARGEST).
    pub raw: Option<Vec<u8>>,
}

/// The name of a mail in its mailbox. It names no other mail, ever: a mailbox that counts anew changes `count`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ticket {
    /// Which counting of the mailbox (`UIDVALIDITY`).
    pub count: u32,
    /// Its number in it (`UID`).
    pub number: u32,
}

impl fmt::Display for Ticket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.count, self.number)
    }
}
