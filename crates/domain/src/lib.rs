//! The handoff process itself: what is asked, what was promised, which gates stand where, who is answerable.
//!
//! Everything here is a function of its arguments. Absent on purpose: async, files, SQL, HTTP, randomness and
//! the clock. Whoever calls passes the time in; whoever stores takes facts out.

pub mod absence;
pub mod access;
pub mod calendar;
pub mod clock;
pub mod deal;
pub mod facts;
pub mod gate;
pub mod handoff;
pub mod ids;
pub mod money;
pub mod notify;
pub mod people;
pub mod personal;
pub mod playbook;
pub mod record;
mod view;

pub use ids::*;
pub use money::{Currency, Money};
pub use people::{Actor, Role};
pub use personal::Personal;
