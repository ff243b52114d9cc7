//! What the table of rights says to a request.

use throughline_domain::access::{Action, allowed_somewhere};

use crate::{
    wire::Answer,
    world::{Asker, Tie},
};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expected {
    /// Let in, whatever becomes of it then.
    In,
    /// Told that this is not theirs to do.
    Forbidden,
    /// Told that there is nothing.
    NotThere,
}

impl Expected {
    /// What a right on one handoff comes to: what one may not even read is not there.
    pub fn on_one(asker: &Asker, right: Action, tie: Tie) -> Self {
        if asker.may(right, tie) {
            Self::In
        } else if asker.may(Action::Read, tie) {
            Self::Forbidden
        } else {
            Self::NotThere
        }
    }

    /// What a right that concerns no single handoff comes to.
    pub fn anywhere(asker: &Asker, right: Action) -> Self {
        if allowed_somewhere(&asker.grants, right) { Self::In } else { Self::Forbidden }
    }

    /// As an answer says it.
    pub fn told(answer: &Answer) -> Self {
        match answer.status {
            // It is theirs to do, but not this once: somebody else has to.
            403 if matches!(answer.problem().as_str(), "not-yours" | "waiver-authority") => Self::In,
            403 => Self::Forbidden,
            404 => Self::NotThere,
            _ => Self::In,
        }
    }
}
