//! Use cases on the store in memory: what is decided above the domain and below HTTP.
#![expect(clippy::unwrap_used, reason = "a test's own plumbing")]

mod calendars;
mod company;
mod deals;
mod drafts;
mod erasing;
mod events;
mod held;
mod inbox;
mod inspect;
mod meetings;
mod orders;
mod pasted;
mod people;
mod portal;
mod repeats;
mod search;
mod set_up;
mod sweeps;
mod templates;
mod views;
mod wishes;
mod workload;
