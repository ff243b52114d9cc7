//! The tests of all crates: with nextest where it is installed, else with `cargo test`.
//!
//! Both take the same profile and features as the other phases, so what is compiled once is used by all.

use std::process::Command;

use super::{
    server,
    tally::{self, Ended, Tally},
    watcher,
};
use crate::{
    Failure,
    run::{self, Stream},
};

/// Where the properties' questions begin.
const SEED: &str = "PROPTEST_RNG_SEED";

/// Whether `cargo nextest` can be called.
pub fn nextest_is_there() -> bool {
    run::output(run::cargo().args(["nextest", "--version"])).is_ok()
}

/// Unit and integration tests of the whole workspace.
pub fn run(nextest: bool) -> Result<Ended, Failure> {
    let mut command = run::cargo();
    if nextest {
        command.args(["nextest", "run", "--workspace", "--no-fail-fast", "--no-tests", "fail"]);
        if let Some(left_out) = left_out() {
            command.arg("--filterset").arg(format!("not ({left_out})"));
        }
        with_nextest(writing_nothing(&mut command))
    } else {
        command.args(["test", "--workspace", "--no-fail-fast"]);
        with_libtest(writing_nothing(&mut command))
    }
}

/// The tests for whose tools nobody asks here.
fn left_out() -> Option<String> {
    let all = [(server::left_out(), server::NEED_IT), (watcher::left_out(), watcher::NEED_IT)];
    let out: Vec<&str> = all.into_iter().filter(|(out, _)| *out).map(|(_, tests)| tests).collect();
    (!out.is_empty()).then(|| out.join(" | "))
}

/// Examples in the documentation, which nextest does not run.
pub fn documentation() -> Result<Ended, Failure> {
    with_libtest(writing_nothing(run::cargo().args(["test", "--workspace", "--doc", "--no-fail-fast"])))
}

/// A nextest command, counted by its summary.
pub fn with_nextest(command: &mut Command) -> Result<Ended, Failure> {
    let mut sum = Tally::default();
    // A second summary would be of the same run, repeated.
    let fine = run::watched(command, Stream::Err, &mut |line| sum = tally::nextest(line).unwrap_or(sum))?;
    Ok(Ended::of(sum, fine))
}

/// A `cargo test` command, counted by the result of each test program.
pub fn with_libtest(command: &mut Command) -> Result<Ended, Failure> {
    let mut sum = Tally::default();
    let fine = run::watched(command, Stream::Out, &mut |line| {
        sum = sum.and(tally::libtest(line).unwrap_or_default());
    })?;
    Ok(Ended::of(sum, fine))
}

/// Testing changes no file: a snapshot that differs is a failure, not a file waiting for review. And it asks each
/// property the same questions every time, so that no change fails for what it did not touch; new questions are
/// for `cargo xtask long`.
fn writing_nothing(command: &mut Command) -> &mut Command {
    if std::env::var_os(SEED).is_none() {
        command.env(SEED, "1");
    }
    command.env("INSTA_UPDATE", "no").env_remove("UPDATE")
}
