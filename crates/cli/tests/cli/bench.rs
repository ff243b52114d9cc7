//! What the tests share: a folder with a database, the binary, a server of its own.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    sync::mpsc,
    time::Duration,
};

use serde_json::Value;
use tempfile::TempDir;
use throughline_testkit::postgres::Database;

/// How a run of the binary ended.
pub struct Ran {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Ran {
    /// It ended with this code.
    #[track_caller]
    pub fn code(self, code: i32) -> Self {
        assert_eq!(self.code, code, "stdout:\n{}\nstderr:\n{}", self.out, self.err);
        self
    }

    /// Standard output as JSON.
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|why| panic!("{why}: {}", self.out))
    }

    /// Standard error as JSON.
    #[track_caller]
    pub fn error(&self) -> Value {
        serde_json::from_str(&self.err).unwrap_or_else(|why| panic!("{why}: {}", self.err))
    }
}

/// The binary, without anything from the environment that would change what it does.
pub fn binary() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_throughline"));
    for name in [
        "THROUGHLINE_DATABASE",
        "THROUGHLINE_ORG",
        "THROUGHLINE_KEY_FILE",
        "THROUGHLINE_PUBLIC_URL",
        "RUST_LOG",
    ] {
        command.env_remove(name);
    }
    command
}

/// Runs the binary.
pub fn run(args: &[&str]) -> Ran {
    ran(binary().args(args))
}

fn ran(command: &mut Command) -> Ran {
    let done = command.stdin(Stdio::null()).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Ran { code: done.status.code().unwrap(), out: text(done.stdout), err: text(done.stderr) }
}

/// A folder with a database of its own.
pub struct Bench {
    pub folder: TempDir,
    /// Where the database is on a server instead of in the folder.
    server: Option<Database>,
}

impl Bench {
    /// Nothing there yet.
    pub fn bare() -> Self {
        Self { folder: TempDir::new().unwrap(), server: None }
    }

    /// Nothing there yet, on a server.
    pub fn bare_on_postgres() -> Self {
        Self { server: Some(Database::new()), ..Self::bare() }
    }

    /// An organisation `acme` with somebody who owns the process.
    pub fn founded() -> Self {
        Self::bare().found()
    }

    /// The same on a server.
    pub fn founded_on_postgres() -> Self {
        Self::bare_on_postgres().found()
    }

    fn found(self) -> Self {
        let bench = self;
        bench.run(&["org", "create", "acme", "--name", "Acme GmbH", "--zone", "Europe/Berlin"]).code(0);
        bench
            .run(&["people", "invite", "rita@acme.example", "--name", "Rita Owner", "--role", "rev_ops"])
            .code(0);
        bench
    }

    pub fn file(&self) -> PathBuf {
        self.folder.path().join("data.db")
    }

    pub fn url(&self) -> String {
        match &self.server {
            Some(server) => server.url(),
            None => format!("sqlite://{}", self.file().display()),
        }
    }

    /// The database's server.
    #[track_caller]
    pub fn server(&self) -> &Database {
        self.server.as_ref().unwrap()
    }

    /// A path in the folder.
    pub fn path(&self, name: &str) -> String {
        self.folder.path().join(name).display().to_string()
    }

    /// Writes a file into the folder.
    pub fn write(&self, name: &str, text: impl AsRef<[u8]>) -> String {
        std::fs::write(self.folder.path().join(name), text).unwrap();
        self.path(name)
    }

    /// Runs the binary on the database.
    pub fn run(&self, args: &[&str]) -> Ran {
        ran(binary().env("THROUGHLINE_DATABASE", self.url()).args(args))
    }
}

/// A fixture that the reader of exports is tested with.
pub fn export(name: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    root.join("connect/tests/fixtures/crm/own").join(name).display().to_string()
}

/// A server that runs; killed when dropped.
pub struct Server {
    child: Child,
    /// What it printed until it was ready.
    pub told: String,
    /// `127.0.0.1:PORT`
    pub address: String,
}

impl Server {
    /// Starts and waits until `ready` stands in a printed line.
    #[track_caller]
    pub fn start(args: &[&str], ready: &str) -> Self {
        let mut child = binary()
            .args(args)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let out = BufReader::new(child.stdout.take().unwrap());
        let (lines, printed) = mpsc::channel();
        std::thread::spawn(move || {
            for line in out.lines().map_while(Result::ok) {
                if lines.send(line).is_err() {
                    break;
                }
            }
        });
        let mut told = String::new();
        // Generous: it is there so that a hung server fails the test instead of stopping it.
        while !told.contains(ready) {
            match printed.recv_timeout(Duration::from_secs(60)) {
                Ok(line) => told = format!("{told}{line}\n"),
                Err(_) => {
                    drop(child.kill());
                    let mut err = String::new();
                    drop(child.stderr.take().unwrap().read_to_string(&mut err));
                    panic!("not ready: {told}{err}");
                }
            }
        }
        let address = told
            .split("http://")
            .nth(1)
            .unwrap()
            .split(|c: char| !c.is_ascii_digit() && c != '.' && c != ':');
        let address = address.into_iter().next().unwrap().to_owned();
        Self { child, told, address }
    }

    /// Kills it as a power cut would, as far as a process can tell.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Asks it to stop and waits.
    pub fn stop(mut self) -> ExitStatus {
        let asked = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().unwrap();
        assert!(asked.success());
        self.child.wait().unwrap()
    }

    /// One request on a connection of its own: status, head, body.
    pub fn ask(&self, request: &str, headers: &[(&str, &str)], body: &str) -> (u16, String, String) {
        let mut wire = TcpStream::connect(&self.address).unwrap();
        wire.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
        let mut head = format!("{request} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n", self.address);
        for (name, value) in headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        head.push_str(&format!("content-length: {}\r\n\r\n{body}", body.len()));
        wire.write_all(head.as_bytes()).unwrap();
        let mut answer = String::new();
        wire.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        (status, head.to_owned(), body.to_owned())
    }

    pub fn get(&self, path: &str) -> (u16, String) {
        let (status, _, body) = self.ask(&format!("GET {path}"), &[], "");
        (status, body)
    }

    /// Posts a form as the server's own page would.
    pub fn post(&self, path: &str, fields: &[(&str, &str)]) -> (u16, String) {
        let escaped = |text: &str| throughline_app::gates::escaped(text);
        let body: Vec<String> =
            fields.iter().map(|(name, value)| format!("{name}={}", escaped(value))).collect();
        let headers =
            [("content-type", "application/x-www-form-urlencoded"), ("sec-fetch-site", "same-origin")];
        let (status, head, _) = self.ask(&format!("POST {path}"), &headers, &body.join("&"));
        (status, head)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Already gone where the test stopped or killed it.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
