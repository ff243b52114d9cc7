//! The same mails before a server and a calendar reader written by others, in another language. It installs them from
//! the package index, so it is part of the long run only.

use std::{
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, ChildStdout, Command, Stdio},
};

use serde_json::Value;
use throughline_connect_email::{Password, Settings, Smtp};
use throughline_messages::{Mail, Mailbox, Method, Post, PostError};

use crate::mails::{invite, plain, with_invite};

/// Versions that were looked at; newer ones are tried by raising these.
const PACKAGES: [&str; 2] = ["aiosmtpd==1.4.6", "icalendar==7.3.0"];

struct Theirs {
    child: Child,
    said: BufReader<ChildStdout>,
    port: u16,
}

impl Theirs {
    fn start() -> Self {
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/smtp/independent.py");
        let mut child = Command::new(python())
            .arg(script)
            .arg(port.to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let said = BufReader::new(child.stdout.take().unwrap());
        let mut theirs = Self { child, said, port };
        assert_eq!(theirs.line(), "ready");
        theirs
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.said.read_line(&mut line).unwrap();
        line.trim_end().to_owned()
    }

    fn found(&mut self) -> Value {
        serde_json::from_str(&self.line()).unwrap()
    }

    fn smtp(&self, password: &str) -> Smtp {
        let settings: Settings = format!("smtp://dana@127.0.0.1:{}", self.port).parse().unwrap();
        Smtp::new(settings.with(Some(Password::new(password))).unwrap()).unwrap()
    }
}

impl Drop for Theirs {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A Python that has the packages: made once, in the build's own folder.
fn python() -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("independent-mail");
    let python = folder.join("bin/python");
    let run = |command: &mut Command| {
        let done = command.output().expect("python3 with its venv module has to be installed");
        assert!(done.status.success(), "{command:?}: {}", String::from_utf8_lossy(&done.stderr));
    };
    if !python.is_file() {
        run(Command::new("python3").args(["-m", "venv"]).arg(&folder));
    }
    run(Command::new(&python)
        .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"])
        .args(PACKAGES));
    python
}

#[tokio::test]
#[ignore = "installs Python packages; part of the long run"]
async fn a_server_of_others_takes_our_mail_and_a_calendar_of_others_reads_our_meeting() {
    let mut theirs = Theirs::start();
    let smtp = theirs.smtp("hüsch");
    smtp.probe().await.unwrap();

    smtp.send(&plain()).await.unwrap();
    let found = theirs.found();
    assert_eq!(found["rcpt"], serde_json::json!(["ines@customer.example"]));
    assert_eq!(found["user"], "dana");
    assert_eq!(found["subject"], "Würth & Söhne: „der Kickoff“ findet statt");
    assert_eq!(found["from"], "Northwind Übergaben <handoffs@handoffs.example>");
    assert_eq!(found["id"], "<00000000-0000-0000-0000-000000000007@handoffs.example>");
    assert_eq!(found["references"].as_array().map(Vec::len), Some(2));
    assert_eq!(
        (found["auto"].as_str(), found["type"].as_str()),
        (Some("auto-generated"), Some("text/plain"))
    );
    assert_eq!(
        found["text"].as_str().map(|text| text.replace("\r\n", "\n").trim_end().to_owned()).as_deref(),
        Some(plain().text.trim_end())
    );
    assert_eq!(found["defects"], serde_json::json!([]));

    let first = invite();
    for (sent, method, status) in
        [(first.clone(), "REQUEST", "CONFIRMED"), (first.cancelled(), "CANCEL", "CANCELLED")]
    {
        smtp.send(&with_invite(&sent)).await.unwrap();
        let found = theirs.found();
        assert_eq!(found["type"], "multipart/alternative");
        assert_eq!(found["defects"], serde_json::json!([]));
        let calendar = &found["calendar"];
        assert_eq!((calendar["header"].as_str(), calendar["method"].as_str()), (Some(method), Some(method)));
        assert_eq!(calendar["status"], status);
        assert_eq!(calendar["uid"], first.uid.as_str());
        assert_eq!(calendar["sequence"], sent.sequence);
        assert_eq!(calendar["start"], "2026-11-24T15:00:00+00:00");
        assert_eq!(calendar["stamp"], "2026-11-24T16:00:00+00:00");
        assert_eq!(calendar["summary"], first.summary.as_str());
        assert_eq!(calendar["description"], first.description.as_str());
        assert_eq!(calendar["organizer"], "mailto:dana@handoffs.example");
        assert_eq!(
            (calendar["guest"].as_str(), calendar["name"].as_str()),
            (Some("mailto:ines@customer.example"), Some("Calloway, Ines"))
        );
        assert_eq!(calendar["answer"], if sent.method == Method::Request { "TRUE" } else { "" });
        assert_eq!(calendar["errors"], serde_json::json!([]));
    }

    let to = |address: &str| Mail {
        to: Mailbox::from(address.parse::<throughline_messages::Address>().unwrap()),
        ..plain()
    };
    assert!(matches!(smtp.send(&to("nobody@customer.example")).await, Err(PostError::Never { .. })));
    assert!(matches!(smtp.send(&to("later@customer.example")).await, Err(PostError::Later { .. })));
    let stranger = theirs.smtp("wrong").send(&plain()).await;
    let Err(PostError::Later { reason }) = stranger else { unreachable!("{stranger:?}") };
    assert!(reason.contains("does not let dana in") && reason.contains("535"), "{reason}");
}
