//! What closes a gap: every problem has a way to fill it in place (R2.12).

use super::{Gap, Problem};

/// The verbs that can close a gap, the usual one first. Verbs of [`crate::handoff::Command`]; never empty.
///
/// A waiver stands last where one can cover the gap: it closes the gate's mouth, not the gap.
pub fn remedies(gap: &Gap) -> &'static [&'static str] {
    match gap.problem {
        Problem::Missing | Problem::NoEvidence => &["answer", "ask-waiver"],
        Problem::NothingListed { none_counts: true } => &["add-item", "declare-none", "ask-waiver"],
        Problem::NothingListed { none_counts: false } | Problem::TooFew { .. } => &["add-item", "ask-waiver"],
        Problem::ItemLacks { .. } => &["change-item", "remove-item", "ask-waiver"],
        Problem::Undecided => &["decide-promise"],
        Problem::NotCorrected => &["correct-promise"],
        Problem::NotMarked | Problem::MarkStale => &["mark"],
        Problem::MarkedUnclear => &["answer", "add-item", "change-item", "mark", "ask-waiver"],
        Problem::MarkedPartial => &["answer", "add-item", "change-item", "mark"],
        Problem::NotHappened | Problem::NotInForm { .. } => &["report-step", "ask-waiver"],
        Problem::NotConfirmed => &["confirm-step", "ask-waiver"],
        Problem::Disputed => &["correct-step", "report-step", "confirm-step", "ask-waiver"],
        // It may have happened in time without anybody saying so.
        Problem::Missed => &["ask-waiver", "report-step"],
        Problem::ReturnUnanswered => &["answer-return"],
        Problem::ReopenedUntouched => &["answer", "change-item", "add-item", "declare-none"],
        Problem::NotAccepted => &["accept", "offer"],
        Problem::NotOwned => &["report-step", "confirm-step", "accept", "offer", "take-over"],
        Problem::PlanNotOpened => &["open-plan"],
        Problem::PlanNotConfirmed => &["confirm-plan", "set-milestone"],
        Problem::NotRated => &["rate"],
        Problem::DebtExpired => &[
            "answer",
            "add-item",
            "change-item",
            "declare-none",
            "report-step",
            "confirm-step",
            "mark",
            "ask-waiver",
        ],
        Problem::NotAcknowledged => &["acknowledge-amendments"],
        Problem::NoRecord => &["open"],
        // Only the CRM can say that a deal lives again.
        Problem::NotLive { .. } => &["take-news"],
    }
}
