//! What is set on paper, read back with a program of others.

#![expect(clippy::unwrap_used, reason = "a helper that cannot go on has failed its test")]

mod reading;
mod sample;
mod sheets;
