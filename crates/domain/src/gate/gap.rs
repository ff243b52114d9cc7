//! Gaps: what a gate misses, why it is asked here, and whose it is.

use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    handoff::Covers,
    ids::{ItemId, PersonId},
    people::Role,
    playbook::asks::Need,
};

/// One thing a gate misses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Gap {
    /// What it is about.
    pub about: Covers,
    /// How it is shown.
    pub title: String,
    /// What is wrong with it.
    pub problem: Problem,
    /// Why it is asked here.
    pub why: Why,
    /// Whose job it is.
    pub owed_by: Role,
    /// Who that is here; none: nobody holds the job yet.
    pub person: Option<PersonId>,
    /// For whom they answer, while that person is not mapped and cannot sign in.
    pub instead_of: Option<PersonId>,
    /// A waiver can cover it.
    pub waivable: bool,
    /// It can no longer happen: only a waiver closes it, as lost (R2.8).
    pub lost: bool,
}

/// What is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(tag = "problem", rename_all = "snake_case")]
pub enum Problem {
    /// No answer.
    Missing,
    /// A list without an item that counts.
    NothingListed {
        /// "There are none" would be an answer.
        none_counts: bool,
    },
    /// Fewer items than wanted.
    TooFew {
        /// How many there are.
        have: u8,
        /// How many are wanted.
        want: u8,
    },
    /// An item lacks something.
    ItemLacks {
        /// Which item.
        item: ItemId,
        /// What.
        needs: Vec<Need>,
    },
    /// The customer's words lack their source.
    NoEvidence,
    /// Nobody has decided.
    Undecided,
    /// The customer does not know yet.
    NotCorrected,
    /// Nobody has marked it.
    NotMarked,
    /// It changed since it was marked.
    MarkStale,
    /// Marked unclear.
    MarkedUnclear,
    /// Marked partial: good enough to go on, and something is owed.
    MarkedPartial,
    /// It has not happened.
    NotHappened,
    /// It was reported; the receiving side has not confirmed it.
    NotConfirmed,
    /// It must happen in this form.
    NotInForm {
        /// Which.
        form: String,
    },
    /// It was disputed.
    Disputed,
    /// It can no longer happen.
    Missed,
    /// The record came back and nobody answered.
    ReturnUnanswered,
    /// It was opened again and not touched since.
    ReopenedUntouched,
    /// No CSM has accepted.
    NotAccepted,
    /// Ownership has not moved.
    NotOwned,
    /// The plan is not open.
    PlanNotOpened,
    /// The plan is not confirmed.
    PlanNotConfirmed,
    /// The rating is not given.
    NotRated,
    /// It changed after the transfer and the CSM has not said that they saw it.
    NotAcknowledged,
    /// A waiver ran out unpaid.
    DebtExpired,
    /// No record was opened for the deal.
    NoRecord,
    /// The handoff does not live any more.
    NotLive {
        /// How it ended.
        life: String,
    },
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Problem::Missing => f.write_str("not answered"),
            Problem::NothingListed { none_counts: false } => f.write_str("nothing given"),
            Problem::NothingListed { none_counts: true } => {
                f.write_str("nothing given; if there are none, say so")
            }
            Problem::TooFew { have, want } => write!(f, "{have} of {want} given"),
            Problem::ItemLacks { needs, .. } => {
                let needs: Vec<_> = needs.iter().map(|need| need.name().replace('_', " ")).collect();
                write!(f, "one lacks {}", needs.join(", "))
            }
            Problem::NoEvidence => f.write_str("says nothing of where the customer said it"),
            Problem::Undecided => f.write_str("waits for a decision"),
            Problem::NotCorrected => f.write_str("the customer has not been told"),
            Problem::NotMarked => f.write_str("not reviewed"),
            Problem::MarkStale => f.write_str("changed since it was reviewed"),
            Problem::MarkedUnclear => f.write_str("marked unclear"),
            Problem::MarkedPartial => f.write_str("marked partial"),
            Problem::NotHappened => f.write_str("has not happened"),
            Problem::NotConfirmed => f.write_str("reported, not yet confirmed by the receiving side"),
            Problem::NotInForm { form } => write!(f, "must happen as: {form}"),
            Problem::Disputed => f.write_str("is disputed"),
            Problem::Missed => f.write_str("can no longer happen"),
            Problem::ReturnUnanswered => f.write_str("the record came back and waits for an answer"),
            Problem::ReopenedUntouched => f.write_str("reopened and not yet changed"),
            Problem::NotAccepted => f.write_str("no CSM has accepted"),
            Problem::NotOwned => f.write_str("customer success does not own the account yet"),
            Problem::PlanNotOpened => f.write_str("not opened"),
            Problem::PlanNotConfirmed => f.write_str("not confirmed by the customer"),
            Problem::NotRated => f.write_str("not rated"),
            Problem::NotAcknowledged => f.write_str("changed after the transfer, not yet acknowledged"),
            Problem::DebtExpired => f.write_str("was waived, and the waiver has run out"),
            Problem::NoRecord => f.write_str("no record is open for this deal"),
            Problem::NotLive { life } => write!(f, "the handoff is {life}"),
        }
    }
}

/// Why something is asked here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(tag = "why", rename_all = "snake_case")]
pub enum Why {
    /// Always.
    Always,
    /// Because a rule holds.
    Because {
        /// The rule.
        rule: String,
    },
    /// Because its rule could not run: it is asked to be safe.
    RuleFailed {
        /// The rule.
        rule: String,
        /// Why it could not.
        error: String,
    },
    /// Because of what happened.
    Process,
}
