//! What is done beside requests: clocks are looked at, messages made, deals opened when their time comes.
//!
//! Any number of nodes may do it at once. A node claims what it works on for a short while; what it does is one commit
//! with an expected version, or one batch that conflicts when somebody did it already, so an effect happens once
//! whoever dies when. Absent on purpose: hints. A sweep looks at the whole state, and what was missed while nobody
//! served is found by the next, in the order in which it was due.

mod clocks;
mod openings;
mod outbox;
mod parcels;
mod post;
mod together;

use jiff::SignedDuration;
use throughline_store::Claim;

pub use parcels::Parcel;
pub use post::Outgoing;

use crate::App;

/// How long a claim holds: a node that dies holds its work up for no longer. Short enough that what five nodes took on
/// one after the other, and died, is told within half a minute of its time all the same.
const LEASE: SignedDuration = SignedDuration::from_secs(5);
/// How much one sweep claims: done within the lease, also on a slow disk. Where it is not, another node does it too, and
/// one of them comes too late with it.
const BATCH: u32 = 250;
/// How much of it is on its way at a time: enough that many share one sync of the disk, few enough that requests find
/// a connection to a server all the same.
const ABREAST: usize = 12;

/// What one sweep did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Swept {
    /// How much it took on; a full batch means that more waits.
    pub taken: usize,
    /// How much of it came to nothing, to be tried again.
    pub failed: usize,
}

impl Swept {
    /// Whether more may be waiting.
    pub fn is_full(self) -> bool {
        self.taken >= BATCH as usize
    }

    fn of(taken: usize) -> Self {
        Self { taken, failed: 0 }
    }
}

impl App {
    fn claim(&self) -> Claim {
        let now = self.now();
        Claim { now, until: now + LEASE, limit: BATCH }
    }
}
