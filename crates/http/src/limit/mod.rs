//! Limits per caller and address: requests, tries to sign in, mails asked for, and whose address it is.
//!
//! Kept in memory, bounded, forgotten on restart. Absent on purpose: anything a person typed; keys are hashes.

mod bucket;
mod client;
mod sign_in;
mod window;

pub use bucket::{Allowance, Rate, Rates, Requests};
pub use client::{Cidr, NotACidr, Peer, client_of};
pub use sign_in::{Attempt, SignIns};
pub use window::Hourly;
