//! A mailbox of a few lines that does what a test tells it to.

use std::sync::{Arc, Mutex};

use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
};

/// What the mailbox does wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    None,
    RefusesTheUser,
    HangsUpWhileFetching,
    SaysNothing,
    SpeaksNonsense,
    NeverEnds,
}

/// A mail in the mailbox.
#[derive(Debug, Clone)]
pub struct Kept {
    pub uid: u32,
    pub raw: Vec<u8>,
    /// The size it tells; none: the true one.
    pub claims: Option<u32>,
    pub seen: bool,
}

#[derive(Debug)]
pub struct State {
    pub count: u32,
    pub mails: Vec<Kept>,
    pub fault: Fault,
}

/// A running mailbox.
#[derive(Clone)]
pub struct Mailbox {
    pub port: u16,
    pub state: Arc<Mutex<State>>,
}

impl Mailbox {
    pub async fn with(mails: &[(u32, &[u8])]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let mails = mails
            .iter()
            .map(|(uid, raw)| Kept { uid: *uid, raw: raw.to_vec(), claims: None, seen: false })
            .collect();
        let state = Arc::new(Mutex::new(State { count: 7, mails, fault: Fault::None }));
        let shared = state.clone();
        tokio::spawn(async move {
            loop {
                let (socket, _) = listener.accept().await.unwrap();
                let state = shared.clone();
                tokio::spawn(async move { talk(socket, state).await });
            }
        });
        Self { port, state }
    }

    pub fn change(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.state.lock().unwrap());
    }

    pub fn unread(&self) -> Vec<u32> {
        self.state.lock().unwrap().mails.iter().filter(|mail| !mail.seen).map(|mail| mail.uid).collect()
    }
}

async fn talk(socket: TcpStream, state: Arc<Mutex<State>>) -> Option<()> {
    let mut stream = BufReader::new(socket);
    let fault = state.lock().unwrap().fault;
    match fault {
        Fault::SaysNothing => {
            let mut line = String::new();
            stream.read_line(&mut line).await.ok()?;
            return None;
        }
        Fault::SpeaksNonsense => {
            stream.write_all(b"* )( what\r\n\xff\xfe\r\n").await.ok()?;
            return None;
        }
        _ => stream.write_all(b"* OK ready\r\n").await.ok()?,
    }
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await.ok()? == 0 {
            return None;
        }
        let (tag, command) = line.trim_end().split_once(' ')?;
        let (out, last) = answer(tag, command, &state);
        stream.write_all(&out).await.ok()?;
        if fault == Fault::NeverEnds && command.contains("BODY.PEEK") {
            let more = vec![b'x'; 1024 * 1024];
            loop {
                stream.write_all(&more).await.ok()?;
            }
        }
        if last {
            return None;
        }
    }
}

fn answer(tag: &str, command: &str, state: &Mutex<State>) -> (Vec<u8>, bool) {
    let mut state = state.lock().unwrap();
    let done = |mut out: Vec<u8>| {
        out.extend_from_slice(format!("{tag} OK done\r\n").as_bytes());
        (out, false)
    };
    let words: Vec<&str> = command.split(' ').collect();
    match words.as_slice() {
        ["LOGIN", ..] if state.fault == Fault::RefusesTheUser => {
            (format!("{tag} NO [AUTHENTICATIONFAILED] go away\r\n").into_bytes(), false)
        }
        ["SELECT", folder] if folder.trim_matches('"') == "Answers" => {
            let out =
                format!("* {} EXISTS\r\n* OK [UIDVALIDITY {}] fine\r\n", state.mails.len(), state.count);
            done(out.into_bytes())
        }
        ["SELECT", _] => (format!("{tag} NO there is no such folder\r\n").into_bytes(), false),
        ["UID", "SEARCH", ..] => {
            // Newest first, and with one that is gone when it is asked for: the order is not the client's to expect.
            let all: Vec<String> =
                state.mails.iter().rev().filter(|mail| !mail.seen).map(|mail| mail.uid.to_string()).collect();
            done(format!("* SEARCH {}\r\n", all.join(" ")).into_bytes())
        }
        ["UID", "FETCH", set, what @ ..] => {
            let body = what.concat().contains("BODY.PEEK[]");
            if body && state.fault == Fault::HangsUpWhileFetching {
                return (b"* 1 FETCH (UID 1 BODY[] {500}\r\nhalf a mail".to_vec(), true);
            }
            if body && state.fault == Fault::NeverEnds {
                return (b"* 1 FETCH (UID 1 BODY[] {4000000000}\r\n".to_vec(), false);
            }
            let mut out = Vec::new();
            for (place, mail) in state.mails.iter().enumerate().filter(|(_, mail)| is_in(set, mail.uid)) {
                let head = format!("* {} FETCH (UID {}", place + 1, mail.uid);
                out.extend_from_slice(head.as_bytes());
                if body {
                    out.extend_from_slice(format!(" BODY[] {{{}}}\r\n", mail.raw.len()).as_bytes());
                    out.extend_from_slice(&mail.raw);
                } else {
                    let size = mail.claims.unwrap_or(mail.raw.len().try_into().unwrap());
                    out.extend_from_slice(format!(" RFC822.SIZE {size}").as_bytes());
                }
                out.extend_from_slice(b")\r\n");
            }
            done(out)
        }
        ["UID", "STORE", set, ..] => {
            for mail in state.mails.iter_mut().filter(|mail| is_in(set, mail.uid)) {
                mail.seen = true;
            }
            done(Vec::new())
        }
        ["LOGOUT"] => (format!("* BYE\r\n{tag} OK bye\r\n").into_bytes(), true),
        _ => done(Vec::new()),
    }
}

fn is_in(set: &str, uid: u32) -> bool {
    set.split(',').any(|number| number.parse() == Ok(uid))
}
