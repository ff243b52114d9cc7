//! What the build and the tests need, looked for before anything is compiled.

use std::process::Command;

use crate::{Failure, run};

/// The oldest Node.js that builds the pages.
const NODE: u32 = 18;
/// The oldest Rust: as in the workspace's `rust-version`, which Cargo itself insists on.
const RUST: &str = env!("CARGO_PKG_RUST_VERSION");

/// One line about what is there; the error is one line about what is missing and what to install.
pub fn look() -> Result<String, Failure> {
    let rustc = run::output(Command::new("rustc").arg("--version")).ok();
    let cargo = run::output(run::cargo().arg("--version")).ok();
    let fmt = run::output(run::cargo().args(["fmt", "--version"])).is_ok();
    let clippy = run::output(run::cargo().args(["clippy", "--version"])).is_ok();
    let node = run::output(Command::new("node").arg("--version")).ok();
    let npm = run::output(Command::new(NPM).arg("--version")).ok();
    let missing = missing(&Found { rustc: &rustc, cargo: &cargo, fmt, clippy, node: &node, npm: &npm });
    if !missing.is_empty() {
        return Err(format!("missing: {}", missing.join("; ")));
    }
    let said = |said: Option<String>| said.unwrap_or_default();
    Ok(format!("{}, {}, node {}, npm {}", said(rustc), said(cargo), said(node), said(npm)))
}

/// npm's name on this system.
pub const NPM: &str = if cfg!(windows) { "npm.cmd" } else { "npm" };

struct Found<'a> {
    rustc: &'a Option<String>,
    cargo: &'a Option<String>,
    fmt: bool,
    clippy: bool,
    node: &'a Option<String>,
    npm: &'a Option<String>,
}

fn missing(found: &Found<'_>) -> Vec<String> {
    let mut missing = Vec::new();
    match found.rustc.as_deref().and_then(rust_version) {
        Some(version) if version >= rust_version(RUST).unwrap_or_default() => {}
        _ => missing.push(format!("Rust {RUST} or newer (https://rustup.rs)")),
    }
    if found.cargo.is_none() {
        missing.push("cargo (comes with Rust)".to_owned());
    }
    for (there, name) in [(found.fmt, "rustfmt"), (found.clippy, "clippy")] {
        if !there {
            missing.push(format!("{name} (`rustup component add {name}`)"));
        }
    }
    match found.node.as_deref() {
        None => {
            missing.push(format!("Node.js {NODE} or newer (https://nodejs.org, or your system's `nodejs`)"))
        }
        Some(version) if major(version).is_none_or(|major| major < NODE) => {
            missing.push(format!("Node.js {NODE} or newer (the one on the PATH is {version})"));
        }
        Some(_) => {}
    }
    if found.npm.is_none() {
        missing.push("npm (comes with Node.js; on Debian a package of its own)".to_owned());
    }
    missing
}

/// `rustc 1.95.0 (5980…)` or `1.94` as numbers.
fn rust_version(said: &str) -> Option<(u32, u32)> {
    let number =
        said.split_whitespace().find(|word| word.starts_with(|letter: char| letter.is_ascii_digit()))?;
    let mut parts = number.split(['.', '-']);
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

/// `v20.11.1` as 20.
pub fn major(version: &str) -> Option<u32> {
    version.trim().trim_start_matches('v').split('.').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn some(text: &str) -> Option<String> {
        Some(text.to_owned())
    }

    #[test]
    fn nothing_is_missing_where_everything_is_young_enough() {
        let (rustc, cargo, node, npm) =
            (some("rustc 1.95.0 (abc)"), some("cargo 1.95.0"), some("v18.0.0"), some("9"));
        let found = Found { rustc: &rustc, cargo: &cargo, fmt: true, clippy: true, node: &node, npm: &npm };
        assert_eq!(missing(&found), Vec::<String>::new());
    }

    #[test]
    fn each_missing_tool_is_named_with_what_to_install() {
        let (rustc, node) = (some("rustc 1.80.1 (abc)"), some("v16.20.0"));
        let found = Found { rustc: &rustc, cargo: &None, fmt: false, clippy: false, node: &node, npm: &None };
        let said = missing(&found).join("; ");
        for part in
            ["Rust 1.94", "cargo", "component add rustfmt", "component add clippy", "is v16.20.0", "npm"]
        {
            assert!(said.contains(part), "{part} is not in: {said}");
        }
        assert!(!said.contains('\n'));
    }

    #[test]
    fn versions_are_read_as_the_tools_print_them() {
        assert_eq!(rust_version("rustc 1.91.0-nightly (abc 2025-09-01)"), Some((1, 91)));
        assert_eq!(rust_version(RUST), Some((1, 94)));
        assert_eq!(major("v22.1.0\n"), Some(22));
        assert_eq!(major("unknown"), None);
    }
}
