//! The customer's portal over HTTP: how somebody comes in, what is tried by those who should not, and what those who
//! are in do and see. Absent on purpose: a browser; `crates/web/browser` has one.

mod entrance;
mod leaks;
mod office;
mod reach;
mod story;
