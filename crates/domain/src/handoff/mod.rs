//! The handoff: one deal's way from sold to owned, told as facts.
//!
//! [`decide()`] answers a command with facts or a refusal, [`evolve()`] folds a fact into the state, [`react()`] says
//! what the world should be told. Absent on purpose: storage, people's names, message texts.

pub mod command;
mod conversation;
pub mod decide;
pub mod evolve;
pub mod fact;
pub mod meeting;
pub mod react;
pub mod refusal;
mod route;
pub mod state;

pub use command::Command;
pub use decide::{Context, Outcome, decide, strike};
pub use evolve::{evolve, replay};
pub use fact::{Fact, Recorded};
pub use react::{CustomerAct, Intent, Message, Recipient, owner_of, react};
pub use refusal::Refusal;
pub use state::*;
