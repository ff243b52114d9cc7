//! The built binary from outside: every command as it should go, and wrong on purpose.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod bench;
mod calendars;
mod demo;
mod erasing;
mod gates;
mod importing;
mod journals;
mod organisations;
mod people;
mod playbooks;
mod postgres;
mod serving;
mod sources;
mod templates;
mod tokens;
