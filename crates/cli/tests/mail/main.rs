//! Real mail and real calendars, end to end: the built binary sends to a mail server written by others, calendar readers
//! written by others read what came, mail programs written by others answer it, and the answer comes back through a
//! mailbox kept by a server written by others (R2.8, R3.5, R3.9, R3.13).
//!
//! Python's and npm's packages are installed into the build's own folder; Dovecot, s-nail and mutt are Debian's, which
//! `cargo xtask long` installs where it may. So all of it is part of the long run only; what it found is held by tests of
//! every day, below.
//!
//! Absent on purpose: the internet. Every server listens on this machine, on a port of its own, and ends with its test.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]
#![expect(clippy::disallowed_methods, reason = "waits for processes outside, which no manual clock reaches")]

mod answers;
#[path = "../cli/bench.rs"]
#[expect(dead_code, reason = "shared with the tests of each command, which use the rest")]
mod bench;
#[path = "../killed/client.rs"]
#[expect(dead_code, reason = "shared with the tests that kill servers, which use the rest")]
mod client;
mod digests;
mod invitations;
mod mailbox;
#[path = "../killed/node.rs"]
#[expect(dead_code, reason = "shared with the tests that kill servers, which use the rest")]
mod node;
mod office;
mod post;
mod programs;
mod writers;

use std::time::{Duration, Instant};

/// Waits until something is there; for so long that only what hangs fails.
#[track_caller]
fn until<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_secs(180) {
        if let Some(found) = look() {
            return found;
        }
        std::thread::sleep(Duration::from_millis(200));
    }
    panic!("waited in vain for {what}");
}
