//! What is kept, and how it is asked for. A unit of work is a value: a backend stores all of it or none.
//!
//! Absent on purpose: SQL, and any decision. A backend that passes the contract suite may be used in place of another.

pub mod audit;
pub mod bell;
pub mod board;
pub mod chain;
pub mod columns;
pub mod commit;
#[cfg(any(test, feature = "contract"))]
pub mod contract;
pub mod directory;
pub mod drafts;
pub mod found;
pub mod mails;
pub mod memory;
pub mod parcels;
pub mod portal;
pub mod ports;
pub mod query;
pub mod saved;
pub mod sort;
pub mod sweeps;
pub mod templates;
pub mod told;
pub mod views;

pub use bell::Bell;
pub use board::{Counting, DealWords, Lateness, Load, SPREAD, Spread, WORDS, summand};
pub use chain::{GENESIS, Hash, JournalRow};
pub use commit::{Commit, CommitError, DealRow, Erase, IdempotencyRow, OutboxRow, StoreError, Version};
pub use directory::*;
pub use drafts::*;
pub use found::{ASKED, Asked, FindPlace, FindQuery, Finding, Found, Sought, WALKED, WORD};
pub use mails::*;
pub use parcels::*;
pub use portal::*;
pub use ports::{ApplyError, Directory, Handoffs, Store, Stored, Tally};
pub use query::*;
pub use saved::{MOST_VIEWS, SavedView, Shared, VIEW_MOVED_ON, ViewChange, ViewChoice, ViewPlace, Viewing};
pub use sort::*;
pub use sweeps::*;
pub use templates::*;
pub use told::*;
pub use views::*;
