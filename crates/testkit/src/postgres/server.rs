//! The one server of all tests that run at a time.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Duration,
};

use super::install::{self, User, said};

/// The server's owner.
const OWNER: &str = "throughline";
/// What a run's databases need at most, in KiB.
const ROOM: u64 = 2 << 20;
/// Stays with the server and ends it.
const KEEPER: &str = include_str!("keeper.sh");

/// A server that runs.
pub(super) struct Server {
    programs: PathBuf,
    folder: PathBuf,
}

impl Server {
    /// The one that runs, or a new one. It stays at least as long as this process.
    pub fn running() -> Result<Self, String> {
        let programs = install::programs()?;
        let folder = place().join(format!("throughline-tests-{}", said("id", &["-u"]).unwrap_or_default()));
        let server = Self { programs, folder };
        let lock = server.folder.with_extension("lock");
        let file = File::create(&lock).map_err(|why| format!("{}: {why}", lock.display()))?;
        // One at a time: the others find a server that runs. Freed with the file.
        file.lock().map_err(|why| format!("{}: {why}", lock.display()))?;
        if !server.answers() {
            server.start(&lock)?;
        }
        let us = server.folder.join("users").join(std::process::id().to_string());
        fs::write(&us, "").map_err(|why| format!("{}: {why}", us.display()))?;
        Ok(server)
    }

    /// The address of a database.
    pub fn url(&self, database: &str) -> String {
        format!("postgres:///{database}?host={}&user={OWNER}", self.folder.display())
    }

    /// The socket it listens on.
    pub fn socket(&self) -> PathBuf {
        self.folder.join(".s.PGSQL.5432")
    }

    /// Runs one of its client programs; gives what it prints.
    pub fn run(&self, program: &str, words: &[&str]) -> Result<String, String> {
        let mut command = Command::new(self.programs.join(program));
        command.arg("-h").arg(&self.folder).args(["-p", "5432", "-U", OWNER]).args(words);
        output(&mut command)
    }

    fn answers(&self) -> bool {
        self.folder.join("users").is_dir() && self.run("pg_isready", &["-q", "-d", "postgres"]).is_ok()
    }

    fn start(&self, lock: &Path) -> Result<(), String> {
        let failed = |why: std::io::Error| format!("{}: {why}", self.folder.display());
        if self.folder.exists() {
            fs::remove_dir_all(&self.folder).map_err(failed)?;
        }
        fs::create_dir_all(self.folder.join("users")).map_err(failed)?;
        let user = User::fitting();
        user.owns(&self.folder)?;
        self.make_cluster(&user)?;

        let mut server = user.command(&self.programs.join("postgres"));
        server.extend(["-D", "data", "-p", "5432"].map(str::to_owned));
        let settings = [
            "listen_addresses=".to_owned(),
            format!("unix_socket_directories={}", self.folder.display()),
            "max_connections=400".to_owned(),
            "shared_buffers=64MB".to_owned(),
            "max_wal_size=256MB".to_owned(),
        ];
        server.extend(settings.into_iter().flat_map(|setting| ["-c".to_owned(), setting]));
        let mut keeper = Command::new("sh");
        keeper.args(["-c", KEEPER, "keeper"]).arg(&self.folder).arg(lock).args(server);
        keeper.current_dir(&self.folder).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        // Not ended with the test that started it.
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut keeper, 0);
        keeper.spawn().map_err(|why| format!("`sh` cannot be started: {why}"))?;
        for _ in 0..600 {
            if self.answers() {
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        let log = fs::read_to_string(self.folder.join("log")).unwrap_or_default();
        Err(format!("the PostgreSQL server for tests does not start:\n{log}"))
    }

    /// Its own language orders text unlike bytes do, where it can: what relies on that shows.
    fn make_cluster(&self, user: &User) -> Result<(), String> {
        let attempt = |more: &[&str]| {
            let command = user.command(&self.programs.join("initdb"));
            let mut initdb = Command::new(&command[0]);
            initdb.args(&command[1..]).args(["-D", "data", "-U", OWNER, "-E", "UTF8", "--auth=trust"]);
            output(initdb.args(["--no-sync", "--locale=C"]).args(more).current_dir(&self.folder))
        };
        attempt(&["--locale-provider=icu", "--icu-locale=en-US"]).or_else(|_| {
            drop(fs::remove_dir_all(self.folder.join("data")));
            attempt(&[]).map(drop).map(|()| String::new())
        })?;
        Ok(())
    }
}

/// Memory that is a file system, if it has room; else the folder for what passes.
fn place() -> PathBuf {
    let memory = PathBuf::from("/dev/shm");
    let free = said("df", &["-Pk", "/dev/shm"])
        .and_then(|table| table.lines().nth(1)?.split_whitespace().nth(3)?.parse::<u64>().ok());
    if free.is_some_and(|free| free > ROOM) { memory } else { std::env::temp_dir() }
}

fn output(command: &mut Command) -> Result<String, String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let output = command.output().map_err(|why| format!("{name} cannot be started: {why}"))?;
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    } else {
        Err(format!("{name}: {}", String::from_utf8_lossy(&output.stderr).trim()))
    }
}
