//! Whoever answers a mail: mail programs as they are installed, and shapes of those that are not for us to install.

use std::{
    os::unix::fs::PermissionsExt,
    path::Path,
    process::{Command, Stdio},
};

use tempfile::TempDir;

use crate::{
    post::Mail,
    programs::{installed, makes, python, script},
};

/// A program of a person's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Program {
    /// s-nail as it comes: the answer and nothing else.
    Snail,
    /// s-nail, quoting, with the answer below.
    SnailQuoting,
    /// mutt, on a terminal, quoting, with the answer above.
    Mutt,
    /// The shape of another one's answers.
    Shape(&'static str),
}

/// What somebody answers to a mail, as their program writes it.
#[track_caller]
pub fn answer(program: Program, to: &Mail, from: &str, words: &str) -> Vec<u8> {
    let sender = format!("Clara Whitmore <{from}>");
    match program {
        Program::Snail => snail(to, &sender, words, &[]),
        Program::SnailQuoting => snail(to, &sender, words, &["-Squote", "-Sindentprefix=> "]),
        Program::Mutt => mutt(to, &sender, words),
        Program::Shape(name) => {
            makes(Command::new(python()).arg(script("shaped.py")).args([name, &sender, words]), &to.raw())
        }
    }
}

/// A mailbox file with one mail.
fn opened(here: &Path, mail: &Mail) -> String {
    let file = here.join("in.mbox");
    let mut text = b"From handoffs@acme.example Mon Nov 23 02:00:00 2026\n".to_vec();
    text.extend(String::from_utf8(mail.raw()).unwrap().replace("\r\n", "\n").into_bytes());
    text.push(b'\n');
    std::fs::write(&file, text).unwrap();
    file.display().to_string()
}

fn snail(to: &Mail, sender: &str, words: &str, how: &[&str]) -> Vec<u8> {
    let folder = TempDir::new().unwrap();
    let (mailbox, out) = (opened(folder.path(), to), folder.path().join("out.mbox"));
    let mut snail = Command::new(installed("s-nail"));
    snail.args(["-n", "-#", "-Sreply-to-honour=yes", "-Shostname=customer.example", "-Sttycharset=utf-8"]);
    snail.arg(format!("-Smta=test://{}", out.display())).arg(format!("-Sfrom={sender}"));
    snail.args(how).args(["-f", &mailbox]).env("HOME", folder.path()).env("MAILRC", "/dev/null");
    makes(&mut snail, format!("reply 1\n{words}\n~.\nexit\n").as_bytes());
    // It keeps what it sends as a mailbox file does, below a line of its own.
    let sent = std::fs::read_to_string(out).unwrap();
    sent.split_once('\n').unwrap().1.as_bytes().to_vec()
}

fn mutt(to: &Mail, sender: &str, words: &str) -> Vec<u8> {
    let folder = TempDir::new().unwrap();
    let here = folder.path();
    let (mailbox, path) = (opened(here, to), |name: &str| here.join(name).display().to_string());
    let program = |name: &str, text: String| {
        std::fs::write(here.join(name), format!("#!/bin/sh\n{text}\n")).unwrap();
        std::fs::set_permissions(here.join(name), PermissionsExt::from_mode(0o755)).unwrap();
    };
    std::fs::write(here.join("words"), format!("{words}\n\n")).unwrap();
    program("send", format!("cat > {}", path("out.eml")));
    program("edit", format!("cat {} \"$1\" > {new} && cat {new} > \"$1\"", path("words"), new = path("new")));
    let (send, edit) = (path("send"), path("edit"));
    let settings = [
        ("folder", here.to_str().unwrap()),
        ("spoolfile", &mailbox),
        ("record", ""),
        ("copy", "no"),
        ("from", sender),
        ("use_from", "yes"),
        ("hostname", "customer.example"),
        ("sendmail", &send),
        ("editor", &edit),
        ("fast_reply", "yes"),
        ("reply_to", "yes"),
        ("include", "yes"),
        ("abort_unmodified", "no"),
        ("quit", "yes"),
        ("wait_key", "no"),
        ("charset", "utf-8"),
    ];
    let text: String = settings.map(|(name, value)| format!("set {name}=\"{value}\"\n")).concat();
    std::fs::write(here.join("muttrc"), text).unwrap();
    // It works on a terminal and nowhere else; `script` is one.
    let keys = "push <reply><send-message><exit>";
    let line = format!("{} -n -F {} -f {mailbox} -e '{keys}'", installed("mutt").display(), path("muttrc"));
    let done = Command::new("timeout")
        .args(["60", "script", "-qec", &line, "/dev/null"])
        .env("TERM", "xterm")
        .env("HOME", here)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let sent = std::fs::read(here.join("out.eml"));
    sent.unwrap_or_else(|why| panic!("{why}: {}", String::from_utf8_lossy(&done.stdout)))
}
