//! One server process.

use std::{
    fs::File,
    io::{BufRead, BufReader},
    process::{Child, ChildStdout, Command, Stdio},
    time::{Duration, Instant},
};

use jiff::Timestamp;

use crate::bench::{Bench, binary};

const READY: &str = "ctrl-c stops it";

pub struct Node {
    child: Child,
    /// `127.0.0.1:PORT`
    pub address: String,
    /// From its start until it said that it serves.
    pub started_in: Duration,
    _out: BufReader<ChildStdout>,
}

impl Node {
    /// Starts a server on a bench's database.
    #[track_caller]
    pub fn start(bench: &Bench) -> Self {
        Self::started(bench, &[], &[])
    }

    /// The same, with more said on its command line.
    #[track_caller]
    pub fn with(bench: &Bench, words: &[String]) -> Self {
        Self::started(bench, &[], words)
    }

    /// The same, run by a program that watches it.
    #[track_caller]
    pub fn under(bench: &Bench, watcher: &[&str]) -> Self {
        Self::started(bench, watcher, &[])
    }

    #[track_caller]
    fn started(bench: &Bench, watcher: &[&str], words: &[String]) -> Self {
        let plain = binary();
        let mut command = match watcher {
            [] => plain,
            [program, words @ ..] => {
                let mut command = Command::new(program);
                command.args(words).arg(plain.get_program());
                for (name, _) in plain.get_envs() {
                    command.env_remove(name);
                }
                command
            }
        };
        let log = bench.folder.path().join("server.log");
        let err = File::options().create(true).append(true).open(&log).unwrap();
        let begun = now();
        command.args(["serve", "--listen", "127.0.0.1:0"]).args(words);
        if !words.iter().any(|word| word == "--database") {
            command.args(["--database", &bench.url()]);
        }
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(err).spawn().unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let mut told = String::new();
        while !told.contains(READY) {
            if out.read_line(&mut told).unwrap() == 0 {
                panic!("not ready: {told}{}", std::fs::read_to_string(&log).unwrap_or_default());
            }
        }
        let started_in = begun.elapsed();
        let (_, address) = told.split_once("listening on ").unwrap();
        let address = address.split(';').next().unwrap().to_owned();
        Self { child, address, started_in, _out: out }
    }

    /// Kills it as a power cut would, as far as a process can tell.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Asks the watched server to end, and waits for its watcher, whose record is then whole.
    pub fn end_watched(mut self) {
        for child in self.children() {
            assert!(Command::new("kill").args(["-TERM", &child]).status().unwrap().success());
        }
        self.child.wait().unwrap();
    }

    /// What it started itself: the server, where this is its watcher.
    fn children(&self) -> Vec<String> {
        let watcher = self.child.id();
        let list = std::fs::read_to_string(format!("/proc/{watcher}/task/{watcher}/children"));
        list.unwrap_or_default().split_whitespace().map(str::to_owned).collect()
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        // A watcher's end would let the server go on.
        for child in self.children() {
            drop(Command::new("kill").args(["-KILL", &child]).status());
        }
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "durations of processes outside, which no manual clock reaches"
)]
pub fn now() -> Instant {
    Instant::now()
}

/// By the clock that the servers read, too.
#[expect(clippy::disallowed_methods, reason = "held against times that processes outside wrote down")]
pub fn wall() -> Timestamp {
    Timestamp::now()
}
