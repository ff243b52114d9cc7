//! Everything a change has to pass, in one command: for a contributor's laptop and for the build machine alike.
//!
//! A phase that fails does not stop the ones after it, so that one run tells the whole story; only without the
//! tools there is no point in going on. Absent on purpose: any setting that makes a phase pass more easily.

pub mod browser;
mod debian;
pub mod programs;
mod server;
pub mod suites;
mod tally;
mod tools;
mod watcher;

use std::io::Write;
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

use crate::{Failure, rooms, run, workspace::Workspace};
use tally::{Ended, Tally};

/// Whether the browser tests are part of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Browser {
    /// They run, and a missing browser is a failure.
    Wanted,
    /// The person asked to leave them out: they count as skipped.
    LeftOut,
}

/// Runs all phases; the last line printed is the sum.
pub fn run(browser: Browser) -> ExitCode {
    let mut phases = Phases { ran: Vec::new(), begun: now() };
    let mut all =
        vec!["tools", "formatting", "lints", "rooms", "tests", "documentation tests", "browser tests"];
    let nextest = suites::nextest_is_there();
    if !nextest {
        // `cargo test` runs the examples in the documentation by itself.
        all.retain(|phase| *phase != "documentation tests");
    }
    let of = all.len();

    phases.begin(of, "tools");
    let tools = tools::look();
    phases.end("tools", one(tools.map(|found| println!("{found}"))));
    if phases.sum().failed > 0 {
        return phases.close();
    }
    if browser == Browser::Wanted {
        // Its phase comes last; whoever has to install something should not wait for that to hear of it.
        browser::chromium().map_or_else(|missing| println!("{missing}"), drop);
    }
    if server::left_out() {
        println!("tests that need PostgreSQL are left out by {}", server::LEFT_OUT);
    } else {
        server::look().map_or_else(|missing| println!("{missing}"), drop);
    }
    if watcher::left_out() {
        println!("tests that watch system calls are left out");
    } else {
        watcher::look().map_or_else(|missing| println!("{missing}"), drop);
    }
    phases.begin(of, "formatting: cargo fmt --check");
    phases.end("formatting", plain(run::cargo().args(["fmt", "--all", "--check"])));
    phases.begin(of, "lints: cargo clippy");
    phases.end(
        "lints",
        plain(run::cargo().args(["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"])),
    );
    phases.begin(of, "rooms");
    phases.end("rooms", one(rooms::run()));
    phases.begin(of, if nextest { "tests: cargo nextest" } else { "tests: cargo test" });
    phases.end("tests", suites::run(nextest));
    if nextest {
        phases.begin(of, "documentation tests: cargo test --doc");
        phases.end("documentation tests", suites::documentation());
    }
    phases.begin(of, "browser tests");
    phases.end(
        "browser tests",
        match browser {
            Browser::Wanted => Workspace::read().and_then(|workspace| browser::run(&workspace)),
            Browser::LeftOut => Ok(Ended::skipped("left out by --no-browser")),
        },
    );
    phases.close()
}

/// A check that holds or not counts as one.
fn one(result: Result<(), Failure>) -> Result<Ended, Failure> {
    result.map(|()| Ended::of(Tally { passed: 1, ..Tally::default() }, true))
}

fn plain(command: &mut Command) -> Result<Ended, Failure> {
    let fine = run::streamed(command)?;
    Ok(Ended::of(Tally { passed: u64::from(fine), ..Tally::default() }, fine))
}

#[expect(clippy::disallowed_methods, reason = "only to say how long a phase took")]
fn now() -> Instant {
    Instant::now()
}

/// The phases that ran so far.
struct Phases {
    ran: Vec<Ran>,
    begun: Instant,
}

struct Ran {
    name: &'static str,
    tally: Tally,
    note: String,
    took: Duration,
}

impl Phases {
    fn begin(&mut self, of: usize, what: &str) {
        println!("[{}/{of}] {what}", self.ran.len() + 1);
        // What a phase prints goes past our buffer.
        let _ = std::io::stdout().flush();
        self.begun = now();
    }

    fn end(&mut self, name: &'static str, result: Result<Ended, Failure>) {
        let (tally, note) = match result {
            Ok(ended) => (ended.tally, ended.note),
            Err(why) => {
                println!("{why}");
                (Tally { failed: 1, ..Tally::default() }, String::new())
            }
        };
        self.ran.push(Ran { name, tally, note, took: now().duration_since(self.begun) });
    }

    fn sum(&self) -> Tally {
        self.ran.iter().fold(Tally::default(), |sum, ran| sum.and(ran.tally))
    }

    /// The sum is the very last line, whatever happened.
    fn close(&self) -> ExitCode {
        println!();
        for Ran { name, tally, note, took } in &self.ran {
            let note = if note.is_empty() { String::new() } else { format!("  {note}") };
            println!("{name:<20} {:>4} s  {tally}{note}", took.as_secs());
        }
        let sum = self.sum();
        println!("\n{sum}");
        let _ = std::io::stdout().flush();
        if sum.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }
}
