//! Answers fetched from mailboxes: one in this process that can be told to misbehave, and one written by others.
#![expect(clippy::expect_used, clippy::unwrap_used, reason = "a helper of tests fails the test that uses it")]

mod fetching;
mod independent;
mod server;
