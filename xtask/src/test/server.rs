//! The PostgreSQL that the tests of its store start for themselves: looked for, and installed where that needs nobody's
//! leave.

use std::fs;
use std::path::PathBuf;

use super::debian;
use crate::Failure;

/// Set to leave the tests that need a server out; they count as skipped.
pub const LEFT_OUT: &str = "THROUGHLINE_NO_POSTGRES";
/// Where distributions put it, a folder for each version.
const PLACES: &[&str] = &["/usr/lib/postgresql", "/usr/local/lib/postgresql", "/opt/homebrew/opt"];

/// Which tests need one, as nextest names them.
pub const NEED_IT: &str =
    "package(throughline-store-postgres) | binary(/on_postgres$/) | test(/^(postgres|fleet|cuts)::/)";

/// Whether the tests that need a server are left out.
pub fn left_out() -> bool {
    std::env::var_os(LEFT_OUT).is_some_and(|value| !value.is_empty())
}

/// Where it is. The error is one line about what to install.
pub fn look() -> Result<PathBuf, Failure> {
    if let Some(found) = find() {
        return Ok(found);
    }
    let installed = debian::install("postgresql", "PostgreSQL")?;
    if let Some(found) = find().filter(|_| installed) {
        return Ok(found);
    }
    Err(format!(
        "missing: a PostgreSQL server for the tests of its store (`sudo apt-get install postgresql`; {LEFT_OUT}=1 leaves \
         them out)"
    ))
}

/// The folder with `initdb`: on the PATH, or where distributions put it.
fn find() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let on_path = std::env::split_paths(&path);
    let versions = PLACES.iter().filter_map(|place| fs::read_dir(place).ok()).flatten();
    let installed = versions.filter_map(|entry| Some(entry.ok()?.path().join("bin")));
    on_path.chain(installed).find(|folder| folder.join("initdb").is_file())
}
