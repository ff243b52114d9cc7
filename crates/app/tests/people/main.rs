//! Who stands in for whom, who works along, and what somebody holds shared out among others.
#![expect(clippy::unwrap_used, reason = "a test's own plumbing")]

mod absence;
#[path = "../app/company.rs"]
mod company;
mod moving;
