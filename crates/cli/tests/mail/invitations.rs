//! A meeting in the calendars of everybody who takes part, as readers written by others understand it.

use std::process::Command;

use serde_json::{Value, json};

use crate::{
    bench::Bench,
    node::Node,
    office::{AVA, Case, MAYA, Office},
    post::{Mail, Post},
    programs::{makes, node_modules, python, script},
    until,
};

/// What two readers, in two languages, find in a calendar file: the same.
struct Readers {
    python: std::path::PathBuf,
    modules: std::path::PathBuf,
}

impl Readers {
    #[track_caller]
    fn read(&self, file: &str) -> Value {
        let one = makes(Command::new(&self.python).arg(script("reads.py")), file.as_bytes());
        let other = makes(Command::new("node").arg(script("reads.cjs")).arg(&self.modules), file.as_bytes());
        let [one, other]: [Value; 2] = [one, other].map(|said| serde_json::from_slice(&said).unwrap());
        assert_eq!(one, other, "two readers, one file: {file}");
        one
    }
}

/// A version of the company's words.
const WORDS: &str = "Subject: Save the date with {{ account }}: {{ meeting.title }}\n\n\
                     Dear {{ reader }},\n\nThe people of {{ company }} meet you: {{ meeting.start }}.\n";

fn said_anew(case: &Case<'_>) {
    let body = json!({ "text": WORDS });
    let put = case.desk.ask("PUT /api/v1/templates/meeting", &[("if-match", "\"0\"")], Some(&body));
    assert!((200..300).contains(&put.status), "{}", put.text);
}

/// The mails of one turn, each to one of those who take part.
#[track_caller]
fn turn(post: &Post, to: &[&str], sequence: usize) -> Vec<Mail> {
    until(&format!("what calendars are told, {sequence}"), || {
        let taken = post.taken();
        let of = |address: &&str| {
            let theirs: Vec<&Mail> =
                taken.iter().filter(|mail| mail.is_to(address) && mail.calendar.is_some()).collect();
            assert!(theirs.len() <= sequence + 1, "{address} is told too often: {theirs:#?}");
            theirs.get(sequence).map(|mail| (*mail).clone())
        };
        to.iter().map(of).collect()
    })
}

#[test]
#[ignore = "installs programs of others: part of the long run"]
fn a_meeting_is_planned_moved_and_called_off_in_the_calendars_of_everybody_who_takes_part() {
    let readers = Readers { python: python(), modules: node_modules() };
    let (post, office) = (Post::open(), Office::on(Bench::founded()));
    let node = Node::with(&office.bench, &post.words());
    let desk = office.at(&node.address);
    let case = desk.sells("alpha");
    said_anew(&case);
    let (clara, file) =
        (case.clara.clone(), format!("GET /api/v1/handoffs/{}/meetings/bridge_call.ics", case.id));
    let everybody = [AVA, MAYA, &clara];
    let plan = |starts_at: &str| {
        let body = json!({ "step": "warm_intro", "starts_at": starts_at, "place": "https://meet.example/7" });
        case.does("plan-meeting", body);
    };

    let (mut uid, times) = (None, ["2031-12-15T10:00:00Z", "2031-12-16T14:30:00Z", "2031-12-16T14:30:00Z"]);
    for (sequence, start) in times.into_iter().enumerate() {
        let cancelled = sequence == 2;
        if cancelled {
            case.does("call-off-meeting", json!({ "step": "warm_intro" }));
        } else {
            plan(start);
        }
        let (method, status) = if cancelled { ("CANCEL", "CANCELLED") } else { ("REQUEST", "CONFIRMED") };
        let mails = turn(&post, &everybody, sequence);
        for mail in &mails {
            let found = readers.read(mail.calendar.as_deref().unwrap());
            assert_eq!(mail.method.as_deref(), Some(method), "{mail:#?}");
            assert_eq!((&found["method"], &found["status"]), (&json!(method), &json!(status)));
            assert_eq!(found["sequence"], sequence);
            assert_eq!(found["start"], start);
            assert_eq!(found["organizer"], "mailto:handoffs@acme.example");
            let guests = found["guests"].as_array().unwrap();
            assert!(guests.contains(&json!(format!("mailto:{}", mail.to[0]))), "{found}");
            if !cancelled {
                assert_eq!(guests.len(), 3, "{found}");
            }
            let first = uid.get_or_insert_with(|| found["uid"].clone());
            assert_eq!(&found["uid"], first, "one meeting in every calendar");
            assert_eq!(mail.defects, Vec::<String>::new());
            assert!(mail.from.contains("<handoffs@acme.example>"), "{}", mail.from);
            if !cancelled {
                assert!(mail.subject.starts_with("Save the date with alpha GmbH: "), "{}", mail.subject);
                assert!(mail.text.contains("The people of Acme GmbH meet you: "), "{}", mail.text);
            }
        }
        // The customer reads nothing that is ours alone.
        let theirs = mails.iter().find(|mail| mail.is_to(&clara)).unwrap();
        assert!(!theirs.calendar.as_deref().unwrap().contains("/handoffs/"), "{theirs:#?}");
        let downloaded = desk.ask(&file, &[], None);
        if cancelled {
            assert_eq!(downloaded.status, 404, "{}", downloaded.text);
        } else {
            assert_eq!(downloaded.status, 200, "{}", downloaded.text);
            assert_eq!(
                downloaded.header("content-type").map(|kind| kind.starts_with("text/calendar")),
                Some(true)
            );
            let found = readers.read(&downloaded.text);
            assert_eq!(Some(&found["uid"]), uid.as_ref());
            assert_eq!(
                (found["start"].as_str(), found["sequence"].as_u64()),
                (Some(start), Some(sequence as u64))
            );
        }
    }
    // Nobody heard of it once more than there was to hear.
    std::thread::sleep(std::time::Duration::from_secs(5));
    assert_eq!(post.taken().iter().filter(|mail| mail.calendar.is_some()).count(), 9);
}
