//! What tests are written with: a company of people, deals, a clock set by hand, and a handoff played step by step.
//!
//! Everything here fails the test that uses it loudly and at once. Absent on purpose: anything the product itself
//! needs, and expectations; a test says what it expects.
#![expect(clippy::expect_used, clippy::panic, reason = "a helper of tests fails the test that uses it")]

mod answers;
mod given;
mod moves;
pub mod people;
mod play;
mod playbooks;
pub mod postgres;
mod team;
mod time;

pub use answers::{answer_for, body_for, evidence, good_item, text, whole};
pub use given::{Given, deal, given};
pub use play::{Play, kind_of};
pub use playbooks::{default_playbook, four_domains, playbook_from, shipped_playbook};
pub use team::{Stuck, Team};
pub use time::{ManualClock, berlin, date, instant};
