//! Which database, and how it is opened.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use throughline_app::{App, Clock, SystemClock, sources::ServerKey};
use throughline_store_postgres::PostgresStore;
use throughline_store_sqlite::{OpenError, SqliteStore};

use crate::{args::Global, failure::Failure, keyfile};

/// Whether a database that is not there is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Absent {
    /// It is made.
    Make,
    /// It is an error: a typing mistake must not look like an empty company.
    Refuse,
}

/// Where a database is.
pub enum Place {
    /// In a file.
    File(PathBuf),
    /// On a server, by its URL; never shown, as it may hold a password.
    Server(String),
}

/// What a database URL names.
pub fn place(global: &Global) -> Result<Place, Failure> {
    let Some(url) = global.database.as_deref().map(str::trim).filter(|url| !url.is_empty()) else {
        return Err(Failure::usage("which database?").hint(
            "give --database sqlite:///path/to/file or postgres://host/name, or set THROUGHLINE_DATABASE",
        ));
    };
    let scheme = url.split(':').next().unwrap_or_default();
    if matches!(scheme, "postgres" | "postgresql") {
        return Ok(Place::Server(url.to_owned()));
    }
    let path = url.strip_prefix("sqlite://").or_else(|| url.strip_prefix("sqlite:"));
    match path {
        Some(path) if !path.is_empty() && !path.contains(['?', '#']) => Ok(Place::File(PathBuf::from(path))),
        // The address is not repeated: it may hold a password.
        _ => Err(Failure::usage("the database address is not understood")
            .hint("write it as sqlite:///path/to/file or postgres://user@host/name")),
    }
}

/// The application over the database of the command line.
pub async fn open(global: &Global, absent: Absent) -> Result<App, Failure> {
    match place(global)? {
        Place::File(path) => {
            let key = global.key_file.as_deref().map(keyfile::read).transpose()?;
            open_at(&path, absent, Arc::new(SystemClock), key)
        }
        Place::Server(url) => {
            if absent == Absent::Refuse && !PostgresStore::exists(&url).await.map_err(not_reached)? {
                return Err(Failure::unreachable("there is nothing of Throughline in this database")
                    .hint("`throughline serve` and `throughline org create` make its tables"));
            }
            let store = PostgresStore::open(&url).await.map_err(not_reached)?;
            // Several nodes share what is signed: a key made on one of them would not do.
            let key = global.key_file.as_deref().map(keyfile::read).transpose()?;
            Ok(with(App::new(Arc::new(store), Arc::new(SystemClock)), key))
        }
    }
}

fn with(app: App, key: Option<ServerKey>) -> App {
    match key {
        Some(key) => app.with_key(key),
        None => app,
    }
}

/// The application over a file, with a key or the one beside the file.
pub fn open_at(
    path: &Path,
    absent: Absent,
    clock: Arc<dyn Clock>,
    key: Option<ServerKey>,
) -> Result<App, Failure> {
    if absent == Absent::Refuse && !path.exists() {
        return Err(Failure::unreachable(format!("there is no database at {}", path.display()))
            .hint("`throughline serve` and `throughline org create` make one"));
    }
    keep_to_ourselves(path);
    let store = SqliteStore::open(path).map_err(|why| not_opened(path, &why))?;
    let key = match key {
        Some(key) => Some(key),
        None => keyfile::beside(path)?,
    };
    Ok(with(App::new(Arc::new(store), clock), key))
}

/// Makes a file that is not there readable by its owner only: it will hold what customers said. The engine gives the
/// files beside it the same rights. Where this fails, opening fails too and says why.
pub fn keep_to_ourselves(path: &Path) {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    drop(options.open(path));
}

/// Why a file was not opened, for people.
pub fn not_opened(path: &Path, why: &OpenError) -> Failure {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty() && !folder.exists());
    let failure = Failure::unreachable(format!("{}: {why}", path.display()));
    match folder {
        Some(folder) => {
            failure.hint(format!("the folder {} does not exist; make it first", folder.display()))
        }
        None => failure,
    }
}

/// Why a database on a server was not opened, for people.
pub fn not_reached(why: throughline_store_postgres::OpenError) -> Failure {
    match why {
        throughline_store_postgres::OpenError::Address(_) => {
            Failure::usage(why.to_string()).hint("write it as postgres://user:password@host:5432/name")
        }
        why => Failure::unreachable(why.to_string()),
    }
}
