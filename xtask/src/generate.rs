//! Generated files that are checked in, such as `playbooks/schema.json` and the OpenAPI document.
//!
//! What they should hold is known to the code, so a test beside it compares. Such a test is called
//! `…_is_up_to_date`, and with `UPDATE=1` it writes the file instead of failing. This chore runs those tests and
//! nothing else; it holds no list that could go stale itself.

use crate::{Failure, run, test::suites};

/// What to do about a stale file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Write it anew.
    Rewrite,
    /// Say so, and fail.
    Check,
}

/// By this part of their names the tests are found.
const TESTS: &str = "is_up_to_date";

/// Rewrites or checks every generated file.
pub fn run(mode: Mode) -> Result<(), Failure> {
    let mut command = run::cargo();
    command.args([
        "test",
        "--workspace",
        "--lib",
        "--bins",
        "--tests",
        "--no-fail-fast",
        "--quiet",
        "--",
        TESTS,
    ]);
    match mode {
        Mode::Rewrite => command.env("UPDATE", "1"),
        Mode::Check => command.env_remove("UPDATE"),
    };
    let tally = suites::with_libtest(&mut command)?.tally;
    match (mode, tally.passed, tally.failed) {
        (_, 0, 0) => {
            Err(format!("no test is called `…_{TESTS}`: nothing knows what the generated files should hold"))
        }
        (Mode::Rewrite, passed, 0) => {
            println!("generate: {passed} files are as the code says; `git diff` shows what changed");
            Ok(())
        }
        (Mode::Check, passed, 0) => {
            println!("generate: {passed} files are up to date");
            Ok(())
        }
        (Mode::Rewrite, _, failed) => Err(format!("generate: {failed} could not be written")),
        (Mode::Check, _, failed) => {
            Err(format!("generate: {failed} stale; `cargo xtask generate` rewrites them"))
        }
    }
}
