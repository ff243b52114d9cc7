//! Why a command was refused. One enum; the web and the API translate it in one place.

use super::state::Covers;
use crate::{gate::Gap, ids::*, people::Role, playbook::Gate};

/// Why a command was refused.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Refusal {
    /// A gate is shut; every gap is named (R0.13).
    #[error("the gate {} is shut: {}", gate.name(), count(gaps.len()))]
    GateShut {
        /// Which.
        gate: Gate,
        /// What is missing, and who owes it.
        gaps: Vec<Gap>,
    },
    /// It cannot be done at this stage.
    #[error("cannot {command} while the handoff is {stage}: {because}")]
    OutOfTurn {
        /// What was asked.
        command: &'static str,
        /// Where the handoff stands.
        stage: &'static str,
        /// What would have to be so.
        because: &'static str,
    },
    /// Somebody else must do it.
    #[error("{0}")]
    NotYours(&'static str),
    /// Nothing of that name.
    #[error("there is no {what} `{name}` here")]
    Unknown {
        /// What sort of thing.
        what: &'static str,
        /// The name given.
        name: String,
    },
    /// A field does not fit.
    #[error("{field}: {reason}")]
    Invalid {
        /// Which field.
        field: &'static str,
        /// Why.
        reason: String,
    },
    /// The record was offered: opening it again needs a reason (R1.12).
    #[error("the record was offered; say why `{0}` changes: reopen it first")]
    NeedsReopening(Key),
    /// A waiver cannot cover this.
    #[error("a waiver cannot cover {0}")]
    NotWaivable(Covers),
    /// Only these may grant a waiver here.
    #[error("a waiver at {} is granted by {}", gate.name(), titles(roles))]
    WaiverAuthority {
        /// At which gate.
        gate: Gate,
        /// By whom.
        roles: Vec<Role>,
    },
}

fn count(gaps: usize) -> String {
    if gaps == 1 { "one thing is missing".to_owned() } else { format!("{gaps} things are missing") }
}

fn titles(roles: &[Role]) -> String {
    roles.iter().map(|role| role.title()).collect::<Vec<_>>().join(" or ")
}
