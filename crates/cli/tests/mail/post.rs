//! The mail server that takes what the product sends.

use std::{
    io::{BufRead, BufReader},
    path::PathBuf,
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use serde::Deserialize;
use tempfile::TempDir;

use crate::{
    programs::{python, script},
    until,
};

/// A mail, as the server found it.
#[derive(Debug, Clone, Deserialize)]
pub struct Mail {
    /// Its bytes.
    pub file: PathBuf,
    pub to: Vec<String>,
    pub from: String,
    pub reply_to: Option<String>,
    pub subject: String,
    pub text: String,
    pub defects: Vec<String>,
    /// Of the part with the calendar file.
    pub method: Option<String>,
    pub calendar: Option<String>,
}

impl Mail {
    pub fn is_to(&self, address: &str) -> bool {
        self.to == [address]
    }

    pub fn raw(&self) -> Vec<u8> {
        std::fs::read(&self.file).unwrap()
    }
}

pub struct Post {
    child: Child,
    port: u16,
    taken: Arc<Mutex<Vec<Mail>>>,
    _folder: TempDir,
}

/// A port that nobody listens at now.
pub fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// What a server is told to send its mail to a port.
pub fn words(port: u16) -> Vec<String> {
    let url = format!("smtp://127.0.0.1:{port}");
    let words = ["--smtp", &url, "--mail-from", "handoffs@acme.example", "--mail-name", "Acme"];
    words.map(str::to_owned).to_vec()
}

impl Post {
    pub fn open() -> Self {
        Self::at(free_port())
    }

    pub fn at(port: u16) -> Self {
        let folder = TempDir::new().unwrap();
        let mut child = Command::new(python())
            .arg(script("server.py"))
            .arg(port.to_string())
            .arg(folder.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut said = BufReader::new(child.stdout.take().unwrap()).lines();
        assert_eq!(said.next().unwrap().unwrap(), "ready");
        let taken = Arc::new(Mutex::new(Vec::new()));
        let ours = taken.clone();
        std::thread::spawn(move || {
            for line in said.map_while(Result::ok) {
                let mail: Mail = serde_json::from_str(&line).unwrap_or_else(|why| panic!("{why}: {line}"));
                ours.lock().unwrap_or_else(PoisonError::into_inner).push(mail);
            }
        });
        Self { child, port, taken, _folder: folder }
    }

    pub fn words(&self) -> Vec<String> {
        words(self.port)
    }

    pub fn taken(&self) -> MutexGuard<'_, Vec<Mail>> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The first mail that is meant, once it is there.
    #[track_caller]
    pub fn waits_for(&self, what: &str, meant: impl Fn(&Mail) -> bool) -> Mail {
        until(what, || self.taken().iter().find(|mail| meant(mail)).cloned())
    }
}

impl Drop for Post {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
