//! Offers, marks, returns, reopenings, questions and ratings: what passes between the two sides.

use std::collections::BTreeSet;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{ids::*, people::Actor, personal::Personal};

/// An offer, and when it was answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OfferMade {
    /// To whom.
    pub to: PersonId,
    /// When.
    pub at: Timestamp,
    /// When it was accepted, returned or taken back.
    pub answered_at: Option<Timestamp>,
}

/// A mark on the scorecard.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Marked {
    /// Which.
    pub mark: Mark,
    /// By whom.
    pub by: Actor,
    /// When.
    pub at: Timestamp,
    /// What was missing.
    pub note: Option<Personal>,
    /// What it looked at has changed since: it must be marked again.
    pub stale: bool,
}

/// clear / partial / unclear (R6.7).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Mark {
    /// Nothing to ask.
    Clear,
    /// Good enough; something is owed.
    Partial,
    /// Not good enough.
    Unclear,
}

/// A stretch in which the record was complete.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Completed {
    /// From when.
    pub at: Timestamp,
    /// Until when; none: still.
    pub until: Option<Timestamp>,
}

/// The record came back (R2.10).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Return {
    /// The coded reason.
    pub code: Key,
    /// In words.
    pub reason: Personal,
    /// Who sent it back.
    pub by: Actor,
    /// When.
    pub at: Timestamp,
    /// What the AE did about it, and when.
    pub answered: Option<Answered>,
}

/// What was done about something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Answered {
    /// By whom.
    pub by: Actor,
    /// When.
    pub at: Timestamp,
    /// What.
    pub text: Personal,
}

/// Asks open again after they had been complete (R1.12).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Reopened {
    /// Which.
    pub asks: BTreeSet<Key>,
    /// Those not touched since.
    pub untouched: BTreeSet<Key>,
    /// Why.
    pub reason: Personal,
    /// By whom.
    pub by: Actor,
    /// When.
    pub at: Timestamp,
}

/// A change after ownership moved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Amendment {
    /// What changed.
    pub ask: Key,
    /// By whom.
    pub by: Actor,
    /// When.
    pub at: Timestamp,
    /// When the CSM acknowledged it.
    pub acknowledged_at: Option<Timestamp>,
}

/// A question to the AE (R3.11).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Question {
    /// The question.
    pub text: Personal,
    /// By whom.
    pub by: Actor,
    /// When.
    pub at: Timestamp,
    /// The answer.
    pub answer: Option<Answered>,
}

/// A rating (R3.12).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Rated {
    /// 1 to 5.
    pub score: u8,
    /// The coded reason of a low one.
    pub reason: Option<Key>,
    /// In words.
    pub comment: Option<Personal>,
    /// By whom.
    pub by: Actor,
    /// When, the newest score.
    pub at: Timestamp,
    /// When the first score was given: what the clock reads.
    pub first_at: Timestamp,
}
