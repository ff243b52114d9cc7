//! The PostgreSQL that is installed, and as whom it may run.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

/// What a test run needs of it.
const PROGRAMS: [&str; 6] = ["postgres", "initdb", "createdb", "dropdb", "psql", "pg_isready"];

/// The folder with its programs: beside the `initdb` on the PATH, or where distributions put it, newest first.
pub(super) fn programs() -> Result<PathBuf, String> {
    let on_path = std::env::var_os("PATH").unwrap_or_default();
    // A link leads to the folder where all the others are.
    let linked = std::env::split_paths(&on_path)
        .filter_map(|folder| folder.join("initdb").canonicalize().ok()?.parent().map(Path::to_owned));
    let mut installed: Vec<(u32, PathBuf)> =
        ["/usr/lib/postgresql", "/usr/local/lib/postgresql", "/opt/homebrew/opt"]
            .into_iter()
            .filter_map(|place| std::fs::read_dir(place).ok())
            .flatten()
            .filter_map(|entry| Some(entry.ok()?.path()))
            .filter_map(|path| {
                let name = path.file_name()?.to_str()?;
                Some((name.trim_start_matches("postgresql@").parse().ok()?, path.join("bin")))
            })
            .collect();
    installed.sort_unstable_by(|one, other| other.cmp(one));
    let whole = |folder: &PathBuf| PROGRAMS.iter().all(|program| folder.join(program).is_file());
    linked.chain(installed.into_iter().map(|(_, folder)| folder)).find(whole).ok_or_else(|| {
        "missing: a PostgreSQL server for the tests of its store (on Debian: `apt-get install postgresql`)".to_owned()
    })
}

/// Who runs the server.
#[derive(Clone)]
pub(super) enum User {
    /// We ourselves.
    Us,
    /// Somebody with fewer rights: the server refuses to be run by root.
    Other(String),
}

impl User {
    /// Whoever fits.
    pub fn fitting() -> Self {
        if said("id", &["-u"]).as_deref() != Some("0") {
            return Self::Us;
        }
        let there = |name: &&str| said("id", &["-u", name]).is_some();
        Self::Other(["postgres", "nobody"].iter().find(|name| there(name)).unwrap_or(&"nobody").to_string())
    }

    /// A command as this user.
    pub fn command(&self, program: &Path) -> Vec<String> {
        let program = program.to_string_lossy().into_owned();
        match self {
            Self::Us => vec![program],
            Self::Other(name) => {
                let group = said("id", &["-g", name]).unwrap_or_else(|| "65534".to_owned());
                let words = [
                    "setpriv",
                    &format!("--reuid={name}"),
                    &format!("--regid={group}"),
                    "--clear-groups",
                    "--",
                ];
                words.into_iter().map(str::to_owned).chain([program]).collect()
            }
        }
    }

    /// Gives this user a folder.
    pub fn owns(&self, folder: &Path) -> Result<(), String> {
        let Self::Other(name) = self else { return Ok(()) };
        match said("chown", &[name, &folder.to_string_lossy()]) {
            Some(_) => Ok(()),
            None => Err(format!("{} cannot be given to {name}", folder.display())),
        }
    }
}

/// What a small program says, if it succeeds.
pub(super) fn said(program: &str, words: &[&str]) -> Option<String> {
    let output = Command::new(program).args(words).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}
