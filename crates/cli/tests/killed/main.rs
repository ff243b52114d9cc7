//! The built binary, killed without warning while it is written to: what it acknowledged is there, once, and nothing
//! else is (reliability Q1, Q2, Q4, Q5, Q7, Q12, Q13).
//!
//! The clients do not judge. They keep a history of calls with their begin, end and outcome, "unknown" where the
//! connection broke; a checker holds it against everything read back in the end. `THROUGHLINE_KILLS` sets how often
//! the server is killed, `THROUGHLINE_SEED` where chance begins; the figures are printed (`--no-capture`).
//!
//! Absent on purpose: a power cut, which no killed process can show; that a commit is synced before its answer is
//! read from the system calls instead (`durable`).
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]
#![expect(clippy::print_stdout, reason = "figures are printed for whoever asks for them")]

#[path = "../cli/bench.rs"]
#[expect(dead_code, reason = "shared with the tests of each command, which use the rest")]
mod bench;
mod checker;
mod client;
mod company;
mod cuts;
mod dice;
mod durable;
mod edits;
mod fleet;
mod history;
mod jumps;
mod kills;
mod mailbox;
mod node;
mod postgres;
mod repeats;
mod seen;
mod timers;
mod trace;
mod writers;
