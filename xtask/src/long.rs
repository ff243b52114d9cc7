//! What takes longer than a change should wait for. It prints what it finds and keeps nothing.

use std::process::Command;

mod pages;

use crate::{
    Failure, run,
    test::{programs, suites},
    workspace::Workspace,
};

/// Cases of each property; the everyday run has proptest's 256, or what suits a property better.
const CASES: &str = "5000";
const BENCHES: &str = "benches/run.sh";

/// Runs the scripts that measure the pages, all of them or those that are named.
pub fn pages(named: &[&str]) -> Result<(), Failure> {
    pages::run(&Workspace::read()?, named)
}

/// Runs all of it, whatever fails on the way.
pub fn run() -> Result<(), Failure> {
    let workspace = Workspace::read()?;
    let cases = std::env::var("PROPTEST_CASES").unwrap_or_else(|_| CASES.to_owned());
    let mut failed = Vec::new();

    // Without them their tests fail, which say so too.
    programs::look().map_or_else(|missing| println!("{missing}"), drop);
    println!("tests, ignored ones too, with {cases} cases of each property");
    let mut tests = run::cargo();
    tests.env("PROPTEST_CASES", &cases).env("INSTA_UPDATE", "no").env_remove("UPDATE");
    let ended = if suites::nextest_is_there() {
        tests.args([
            "nextest",
            "run",
            "--workspace",
            "--no-fail-fast",
            "--run-ignored",
            "all",
            "--profile",
            "long",
            "--cargo-profile",
            "long",
        ]);
        suites::with_nextest(&mut tests)?
    } else {
        tests.args(["test", "--workspace", "--no-fail-fast", "--profile", "long", "--", "--include-ignored"]);
        suites::with_libtest(&mut tests)?
    };
    println!("{}", ended.tally);
    if ended.tally.failed > 0 {
        failed.push("tests");
    }

    println!("documentation, with every link followed");
    let mut docs = run::cargo();
    docs.args(["doc", "--workspace", "--no-deps", "--document-private-items"])
        .env("RUSTDOCFLAGS", "-D warnings");
    if !run::streamed(&mut docs)? {
        failed.push("documentation");
    }

    println!("figures of the pages");
    if let Err(why) = pages::run(&workspace, &[]) {
        println!("{why}");
        failed.push("pages");
    }

    let benches = workspace.root.join(BENCHES);
    if benches.is_file() {
        println!("benches");
        if !run::streamed(Command::new("bash").arg(&benches).current_dir(&workspace.root))? {
            failed.push("benches");
        }
    } else {
        println!("benches: there is no {BENCHES}");
    }
    if failed.is_empty() { Ok(()) } else { Err(format!("failed: {}", failed.join(", "))) }
}
