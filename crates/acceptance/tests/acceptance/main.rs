//! Whole stories over HTTP: a real server on a loopback port, a real SQLite file, a clock set by hand.
//! `on_postgres` beside this folder tells the same stories on a server.
//!
//! `story` is how a test speaks: a company with people of every role, deals from its CRM, handoffs. A company is
//! founded and a CRM export imported in process; from then on everything goes through `/api/v1/…` and the pages.
//! Absent on purpose: sleeping, the machine's clock, and any look behind the API.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod account_truth;
mod clocks;
mod default;
mod enterprise_protocol;
mod four_domains;
mod full_context;
mod governed_gate;
mod keeping;
mod limits;
mod modes;
mod news;
mod numbers;
mod portal;
mod refusals;
mod requests;
mod routes;
mod story;
mod waivers;

/// Of every so many cases of a table one is held each day; here all are.
const ONE_OF: usize = 1;
