//! A mail server that takes everything and remembers the names of the mails.

use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader, Write},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
    time::Duration,
};

use crate::writers::lock;

/// How long a mail is held up by a node that died with it: what it may take by the address below, and a little beside.
pub const HELD: Duration = Duration::from_secs(10);

/// How often a mail of each name was taken.
type Taken = Arc<Mutex<BTreeMap<String, u32>>>;

pub struct Mailbox {
    port: u16,
    taken: Taken,
}

impl Mailbox {
    /// Listens until the test is over.
    pub fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let mailbox = Self { port: listener.local_addr().unwrap().port(), taken: Taken::default() };
        let taken = mailbox.taken.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let taken = taken.clone();
                std::thread::spawn(move || talk(stream, &taken));
            }
        });
        mailbox
    }

    /// What a server is told to send its mail here.
    pub fn words(&self) -> Vec<String> {
        let url = format!("smtp://127.0.0.1:{}?timeout=5", self.port);
        ["--smtp", &url, "--mail-from", "handoffs@acme.example"].map(str::to_owned).to_vec()
    }

    /// How often each mail came, by its `Message-ID`.
    pub fn taken(&self) -> BTreeMap<String, u32> {
        lock(&self.taken).clone()
    }
}

/// Until the other side leaves, or is killed in the middle of a word.
fn talk(stream: TcpStream, taken: &Taken) -> Option<()> {
    let mut said = BufReader::new(stream);
    say(&mut said, "220 here")?;
    loop {
        let verb = line(&mut said)?.to_uppercase();
        match verb.get(..4)? {
            "DATA" => {
                say(&mut said, "354 go on")?;
                let mut name = String::new();
                loop {
                    let line = line(&mut said)?;
                    if line == "." {
                        break;
                    }
                    if let Some(told) = line.strip_prefix("Message-ID: ") {
                        name = told.to_owned();
                    }
                }
                // Taken before it is said so: who is killed before they hear of it sends it again.
                *lock(taken).entry(name).or_default() += 1;
                say(&mut said, "250 taken")?;
            }
            "QUIT" => {
                say(&mut said, "221 bye")?;
                return None;
            }
            _ => say(&mut said, "250 fine")?,
        }
    }
}

fn line(said: &mut BufReader<TcpStream>) -> Option<String> {
    let mut line = String::new();
    said.read_line(&mut line).ok().filter(|read| *read > 0)?;
    Some(line.trim_end_matches(['\r', '\n']).to_owned())
}

fn say(said: &mut BufReader<TcpStream>, words: &str) -> Option<()> {
    said.get_mut().write_all(format!("{words}\r\n").as_bytes()).ok()
}
