//! The pages of a handoff over the router: the whole way from refused to done, who may see what, what autosave
//! answers, and strangers' text that stays text.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a page that does not answer as it must ends the test"
)]

mod away;
mod brief;
mod gates;
mod large;
mod opening;
#[cfg(feature = "pdf")]
mod paper;
mod people;
mod plan_mail;
mod record;
mod refused;
mod views;
mod whole_way;
mod windows;
mod world;
