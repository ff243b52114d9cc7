//! Chores of the workspace: `cargo xtask test`, `rooms`, `generate`, `long`.
//!
//! Plain Rust that calls the tools a contributor would call by hand, so that a laptop and the build machine run
//! the same thing. Absent on purpose: anything the product needs at run time, and everything that publishes.
#![expect(clippy::print_stdout, reason = "a chore talks to the person or the build machine that runs it")]

use std::process::ExitCode;

mod generate;
mod long;
mod rooms;
mod run;
mod test;
mod workspace;

/// What a chore says when it cannot go on.
type Failure = String;

const HELP: &str = "\
Chores of the workspace:

  cargo xtask test [--no-browser]  everything a change has to pass: tools, formatting, lints, rooms, tests, browser
  cargo xtask rooms                only the borders between the crates, as ARCHITECTURE.md draws them
  cargo xtask generate [--check]   rewrite the generated files that are checked in, or say which are stale
  cargo xtask long                 what takes longer: property tests with many cases, ignored tests, docs, the pages'
                                   figures, benches
  cargo xtask long pages [NAME…]   only the pages' figures, all of them or the scripts of these names
";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        ["test"] => return test::run(test::Browser::Wanted),
        ["test", "--no-browser"] => return test::run(test::Browser::LeftOut),
        ["rooms"] => rooms::run(),
        ["generate"] => generate::run(generate::Mode::Rewrite),
        ["generate", "--check"] => generate::run(generate::Mode::Check),
        ["long"] => long::run(),
        ["long", "pages", named @ ..] => long::pages(named),
        [] | ["help" | "--help" | "-h"] => {
            print!("{HELP}");
            return ExitCode::SUCCESS;
        }
        other => {
            eprintln!("there is no chore `{}`\n\n{HELP}", other.join(" "));
            return ExitCode::from(2);
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("{why}");
            ExitCode::FAILURE
        }
    }
}
