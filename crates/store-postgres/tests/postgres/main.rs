//! The store on a real server: what the contract says, and what only a server and several nodes can get wrong.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on has failed"
)]

mod claims;
mod connections;
mod contract;
mod erasure;
mod kept;
mod lost_answers;
mod nodes;
mod opening;
mod tampering;
