//! The built binary from outside: every command as it should go, and wrong on purpose.

mod bench;
mod calendars;
mod demo;
mod gates;
mod importing;
mod journals;
mod organisations;
mod people;
mod playbooks;
mod serving;
mod tokens;
