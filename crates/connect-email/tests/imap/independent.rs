//! The same before a mailbox written by others, in another language, into which their client put an answer. It is
//! installed from the package index, so it is part of the long run only.

use std::{
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use throughline_connect_email::{Imap, ImapSettings, Password};
use throughline_messages::{Arrivals, Envelope, Inbound, ReplyAddress, TokenFound};

/// The version that was looked at.
const PACKAGE: &str = "pymap==0.36.7";
const TOKEN: &str = "k3v9q2m8w5x7t4r6z1y0p3n8b2";

/// Waits for the server, then leaves an answer in its mailbox as a mail program would.
const LEAVE: &str = r#"
import email.message, email.policy, imaplib, sys, time
for _ in range(100):
    try:
        mailbox = imaplib.IMAP4("127.0.0.1", int(sys.argv[1]))
        break
    except OSError:
        time.sleep(0.1)
mailbox.login("demouser", "demopass")
answer = email.message.EmailMessage(policy=email.policy.SMTP)
answer["From"] = "Ines Çalloway <ines@customer.example>"
answer["To"] = "reply+%s@handoffs.example" % sys.argv[2]
answer["Message-ID"] = "<answer-1@customer.example>"
answer["Subject"] = "Re: Plan für Würth"
answer.set_content("Größe passt.\n\nOn Tue, 24 Nov 2026 at 16:00, Northwind wrote:\n> passt es?\n")
print(mailbox.append("INBOX", None, None, answer.as_bytes()))
"#;

struct Theirs(Child);

impl Drop for Theirs {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A Python that has the package: made once, in the build's own folder.
fn python() -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("independent-mailbox");
    let python = folder.join("bin/python");
    let run = |command: &mut Command| {
        let done = command.output().expect("python3 with its venv module has to be installed");
        assert!(done.status.success(), "{command:?}: {}", String::from_utf8_lossy(&done.stderr));
    };
    if !python.is_file() {
        run(Command::new("python3").args(["-m", "venv"]).arg(&folder));
    }
    run(Command::new(&python).args([
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        PACKAGE,
    ]));
    python
}

#[tokio::test]
#[ignore = "installs a Python package; part of the long run"]
async fn an_answer_left_by_others_in_a_mailbox_of_others_is_understood() {
    let python = python();
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let mut server = Command::new(python.with_file_name("pymap"));
    server.args(["--host", "127.0.0.1", "--port", &port.to_string(), "--no-tls", "dict", "--demo-data"]);
    let _theirs = Theirs(server.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap());
    let mut left = Command::new(&python);
    left.args(["-c", LEAVE, &port.to_string(), TOKEN]).stdout(Stdio::piped());
    let mut left = left.spawn().unwrap();
    let mut said = String::new();
    BufReader::new(left.stdout.take().unwrap()).read_line(&mut said).unwrap();
    assert!(left.wait().unwrap().success() && said.contains("OK"), "{said}");

    let settings: ImapSettings = format!("imap://demouser@127.0.0.1:{port}").parse().unwrap();
    let imap = Imap::new(settings, Password::new("demopass"), &[]).unwrap();
    let ours = ReplyAddress::new(&"reply@handoffs.example".parse().unwrap()).unwrap();
    let arrived = imap.waiting(50).await.unwrap();
    let answers: Vec<_> = arrived
        .iter()
        .filter_map(|one| {
            Some((one.ticket, Inbound::read(one.raw.as_deref()?, &Envelope::default(), &ours).ok()?))
        })
        .filter(|(_, mail)| mail.token != TokenFound::Missing)
        .collect();
    assert_eq!(answers.len(), 1, "{arrived:?}");
    let (ticket, answer) = &answers[0];
    assert_eq!((answer.text.as_str(), answer.subject.as_str()), ("Größe passt.", "Re: Plan für Würth"));
    assert_eq!(answer.token, TokenFound::One(TOKEN.parse().unwrap()));
    assert!(answer.is_from_a_person());

    imap.done(&[*ticket]).await.unwrap();
    let left = imap.waiting(50).await.unwrap();
    assert_eq!(left.len(), arrived.len() - 1);
    assert!(left.iter().all(|one| one.ticket != *ticket));
    let stranger: ImapSettings = format!("imap://demouser@127.0.0.1:{port}").parse().unwrap();
    let stranger = Imap::new(stranger, Password::new("wrong"), &[]).unwrap().waiting(1).await;
    assert!(stranger.is_err_and(|why| why.to_string().contains("does not let demouser in")));
}
