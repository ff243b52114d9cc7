//! The server's key: read from the file an operator names, or from the one beside an embedded database.

use std::{
    fs,
    io::{ErrorKind, Read as _, Write as _},
    path::{Path, PathBuf},
};

use throughline_app::sources::{LONGEST_KEY, ServerKey};

use crate::failure::Failure;

/// The key in a file that must be there.
pub fn read(path: &Path) -> Result<ServerKey, Failure> {
    let mut bytes = Vec::new();
    // One byte more than is taken tells that it is too much.
    let most = LONGEST_KEY as u64 + 1;
    fs::File::open(path).and_then(|file| file.take(most).read_to_end(&mut bytes)).map_err(|why| {
        Failure::unreachable(format!("the key file {}: {why}", path.display()))
            .hint("a key is a file of at least 32 random bytes: `openssl rand -base64 48` makes one")
    })?;
    ServerKey::read(&bytes)
        .map_err(|why| Failure::unreachable(format!("the key file {}: {why}", path.display())))
}

/// The key beside an embedded database, made on first use. None where no file can be made there: only events need one.
pub fn beside(database: &Path) -> Result<Option<ServerKey>, Failure> {
    let path = named_after(database);
    if !path.exists()
        && let Err(why) = make(&path)
    {
        tracing::warn!(path = %path.display(), %why, "no key can be kept here, so there are no event sources");
        return Ok(None);
    }
    read(&path).map(Some)
}

/// `data.db.key` beside `data.db`.
fn named_after(database: &Path) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push(".key");
    name.into()
}

/// Makes a key that its owner alone can read. It appears whole, and whoever comes second keeps the first one's.
fn make(path: &Path) -> std::io::Result<()> {
    let mut draft = path.as_os_str().to_owned();
    draft.push(format!(".{}", std::process::id()));
    let draft = PathBuf::from(draft);
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    let mut file = options.open(&draft)?;
    let made = file.write_all(ServerKey::fresh().as_bytes()).and_then(|()| file.sync_all()).and_then(|()| {
        match fs::hard_link(&draft, path) {
            Err(why) if why.kind() == ErrorKind::AlreadyExists => Ok(()),
            other => other,
        }
    });
    fs::remove_file(&draft)?;
    made
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_made_once_for_its_owner_alone_and_stays() {
        let folder = tempfile::TempDir::new().unwrap();
        let database = folder.path().join("data.db");
        assert!(beside(&database).unwrap().is_some());
        let kept = fs::read(folder.path().join("data.db.key")).unwrap();
        assert!(beside(&database).unwrap().is_some());
        assert_eq!(fs::read(folder.path().join("data.db.key")).unwrap(), kept);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "no draft stays");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = fs::metadata(folder.path().join("data.db.key")).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
    }

    #[test]
    fn a_key_that_is_there_and_is_none_is_an_error_and_not_replaced() {
        let folder = tempfile::TempDir::new().unwrap();
        fs::write(folder.path().join("data.db.key"), "short").unwrap();
        assert!(beside(&folder.path().join("data.db")).is_err());
        assert!(read(&folder.path().join("no such file")).is_err());
        assert!(beside(&folder.path().join("no such folder/data.db")).unwrap().is_none());
    }
}
