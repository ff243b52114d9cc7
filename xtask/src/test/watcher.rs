//! strace, by which tests see from outside that a write is on disk before it is answered: looked for, and installed
//! where that needs nobody's leave.

use std::process::Command;

use super::debian;
use crate::Failure;

/// Set to leave the tests that watch system calls out; they count as skipped.
pub const LEFT_OUT: &str = "THROUGHLINE_NO_STRACE";

/// Which tests need it, as nextest names them.
pub const NEED_IT: &str = "test(/^durable::/)";

/// Whether the tests that watch system calls are left out, or are for another system than this.
pub fn left_out() -> bool {
    !cfg!(target_os = "linux") || std::env::var_os(LEFT_OUT).is_some_and(|value| !value.is_empty())
}

/// Whether it works here. The error is one line about what to do.
pub fn look() -> Result<(), Failure> {
    if works() || debian::install("strace", "strace")? && works() {
        return Ok(());
    }
    Err(format!(
        "missing: strace for the tests that watch system calls (`sudo apt-get install strace`, and leave to trace \
         processes; {LEFT_OUT}=1 leaves them out)"
    ))
}

/// A container may have it and forbid it.
fn works() -> bool {
    let tried = Command::new("strace").args(["-f", "-o", "/dev/null", "true"]).output();
    tried.is_ok_and(|tried| tried.status.success())
}
