//! Programs of others that only the long run needs: a mailbox server and mail programs that answer our mail, a clock
//! that can be set for one process, and a reader of PDF. Looked for, and installed where that needs nobody's leave.

use std::path::PathBuf;

use super::debian;
use crate::Failure;

/// Each program with the package that brings it.
const PROGRAMS: [(&str, &str); 5] = [
    ("dovecot", "dovecot-imapd"),
    ("s-nail", "s-nail"),
    ("mutt", "mutt"),
    ("faketime", "faketime"),
    ("pdftotext", "poppler-utils"),
];

/// Sees to it that they are there. The error is one line about what to install; their tests say it, too.
pub fn look() -> Result<(), Failure> {
    for (program, package) in PROGRAMS {
        if !is_there(program) {
            debian::install(package, package)?;
        }
    }
    let missing: Vec<&str> =
        PROGRAMS.iter().filter(|(program, _)| !is_there(program)).map(|(_, package)| *package).collect();
    if missing.is_empty() {
        return Ok(());
    }
    Err(format!(
        "missing: programs that the longer tests work with (`sudo apt-get install --no-install-recommends {}`)",
        missing.join(" ")
    ))
}

/// On the PATH, or where servers are, which is not on everybody's.
fn is_there(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut folders = std::env::split_paths(&path).chain([PathBuf::from("/usr/sbin")]);
    folders.any(|folder| folder.join(program).is_file())
}
