//! Clocks strike: calls that are due become facts. Nobody asks for it; whoever keeps the clocks looks.

use super::*;
use crate::clock::{self, Tells};

/// Reminders and escalations that are due, in the order of their times (R3.13). Looking again at once finds nothing:
/// what was told is in the state.
#[must_use]
pub fn strike(handoff: &Handoff, context: &Context<'_>) -> Outcome {
    let Some(playbook) = context.playbook else { return Outcome::AlreadySo };
    let due = clock::calls(handoff, playbook, context.calendars, context.now).into_iter();
    let facts = due.take_while(|call| call.at <= context.now).map(|call| match call.tells {
        Tells::Reminder { nth } => Fact::Reminded { matter: call.matter, due_at: call.due_at, nth },
        Tells::Rung { whom } => Fact::Escalated { matter: call.matter, due_at: call.due_at, whom },
    });
    consequences::complete(Some(handoff), context, facts.collect())
}
