//! Messages as their readers get them, templates as their authors break them, mail as others write it.

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a helper of tests fails the test that uses it"
)]

mod answers;
mod calendars;
mod shipped;
mod strange;
mod told;
mod wrong;
