//! What clients asked and what they were told, with begin and end: all a checker may rely on.

use std::{
    fmt,
    sync::{Mutex, PoisonError},
    time::Instant,
};

use crate::node::now;

/// What was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// `PUT` of a deal that opens its record.
    Deal,
    /// An item for a list.
    Item,
    /// A question to the AE.
    Question,
    /// An answer to an ask, over whatever was answered before.
    Answer,
    /// A question on the condition of a version that is nearly always gone.
    Stale,
    /// An offer of a record that is not complete: the gate is shut.
    Offer,
    /// Another system asks a shut gate.
    Gate,
    /// A team.
    Team,
    /// The handoff, read.
    Read,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It was done, or read, at this version.
    Done(Option<u64>),
    /// A gate was shut: nothing but the attempt is there.
    Shut,
    /// It was refused: status and problem.
    Refused(String),
    /// Nobody knows.
    Unknown,
    /// A gate let it pass that no record here can pass.
    Passed,
}

/// One call, with all tries under its key.
#[derive(Debug, Clone)]
pub struct Call {
    pub kind: Kind,
    /// A word that stands in what it writes and nowhere else.
    pub tag: String,
    /// On which handoff; for a deal, the one it was told.
    pub handoff: Option<String>,
    /// Microseconds from the history's begin to its first try.
    pub began: u64,
    /// To the end of its last.
    pub ended: u64,
    /// How often it was sent.
    pub tries: u32,
    pub outcome: Outcome,
}

impl fmt::Display for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { kind, tag, handoff, began, ended, tries, outcome } = self;
        let handoff = handoff.as_deref().unwrap_or("-");
        write!(f, "{began:>10}..{ended:<10} {kind:?} {tag} on {handoff}, sent {tries}x: {outcome:?}")
    }
}

pub struct History {
    begun: Instant,
    calls: Mutex<Vec<Call>>,
}

impl Default for History {
    fn default() -> Self {
        Self { begun: now(), calls: Mutex::default() }
    }
}

impl History {
    /// Microseconds since its begin.
    pub fn time(&self) -> u64 {
        u64::try_from(self.begun.elapsed().as_micros()).unwrap()
    }

    pub fn keep(&self, call: Call) {
        self.calls.lock().unwrap_or_else(PoisonError::into_inner).push(call);
    }

    pub fn told(self) -> Vec<Call> {
        self.calls.into_inner().unwrap_or_else(PoisonError::into_inner)
    }
}
