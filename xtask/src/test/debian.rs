//! Packages installed where that needs nobody's leave: by root, on Debian and what descends from it.

use std::process::Command;

use crate::{Failure, run};

/// Installs a package; false where that is not ours to do, or did not work.
pub fn install(package: &str, shown: &str) -> Result<bool, Failure> {
    let root = run::output(Command::new("id").arg("-u")).is_ok_and(|id| id == "0");
    if !root || Command::new("apt-get").arg("--version").output().is_err() {
        return Ok(false);
    }
    println!("installing {shown} with apt-get");
    let apt = |words: &[&str]| {
        run::streamed(Command::new("apt-get").args(words).env("DEBIAN_FRONTEND", "noninteractive"))
    };
    Ok(apt(&["-qq", "update"])? && apt(&["-qq", "install", "--yes", "--no-install-recommends", package])?)
}
