//! The playbook: a company's whole handoff process as one versioned document.
//!
//! A file is read ([`mod@load`]), checked against the deal schema and itself ([`check`]), its rules compiled
//! ([`rule`]) and then held in memory. Versions are immutable; a running handoff keeps the one it was opened
//! with. Absent on purpose: any rule of a particular company; those are data.

pub mod asks;
pub mod check;
pub mod diff;
pub mod edit;
pub mod load;
pub mod model;
pub mod process;
pub mod rule;
pub mod schema;
pub mod shipped;

pub use asks::{Ask, AskKind, Section};
pub use load::{Finding, load};
pub use model::{Playbook, PlaybookRef, TransferOn};
pub use process::*;
pub use rule::Rule;
