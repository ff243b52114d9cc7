//! Q2: what is acknowledged was synced before. A killed process leaves the page cache behind and proves nothing of
//! this; the system calls do.

use std::{fs::File, io::BufReader, process::Command};

use serde_json::json;

use crate::{
    bench::Bench,
    client::{Client, text},
    company::{Company, answer, deal, deal_path},
    dice::wanted,
    node::Node,
    trace,
};

/// Enough of each text to hold a page of the log.
const WATCHED: &[&str] =
    &["-f", "-y", "-xx", "-s", "4200", "-e", "trace=fdatasync,fsync,write,writev,sendto,recvfrom,pwrite64"];

/// Set where system calls cannot be watched.
const LEFT_OUT: &str = "THROUGHLINE_NO_STRACE";

#[test]
#[cfg_attr(not(target_os = "linux"), ignore = "strace is for Linux")]
fn a_hundred_writes_are_synced_before_they_are_acknowledged() {
    every_write_is_synced(wanted("THROUGHLINE_WRITES", 100));
}

#[test]
#[ignore = "writes a long record: part of the long run"]
fn a_thousand_writes_are_synced_before_they_are_acknowledged() {
    every_write_is_synced(wanted("THROUGHLINE_WRITES", 1_000));
}

fn every_write_is_synced(many: u64) {
    if std::env::var_os(LEFT_OUT).is_some_and(|value| !value.is_empty()) {
        println!("left out by {LEFT_OUT}");
        return;
    }
    let tried = Command::new("strace").args(["-f", "-o", "/dev/null", "true"]).output();
    assert!(
        tried.is_ok_and(|tried| tried.status.success()),
        "system calls cannot be watched here (on Debian: `apt-get install strace`, and leave to trace processes; \
         {LEFT_OUT}=1 leaves these tests out)"
    );
    let company = Company::on(Bench::founded());
    let record = company.bench.path("calls");
    let watcher = [&["strace", "-o", &record], WATCHED].concat();
    let node = Node::under(&company.bench, &watcher);
    let mut client = Client::new(&company.token);
    let (mut tags, mut handoff) = (Vec::new(), String::new());
    for count in 0..many {
        let tag = format!("w0n{count}");
        let on = |verb: &str| format!("POST /api/v1/handoffs/{handoff}/{verb}");
        let (request, body) = match count % 10 {
            0 => (format!("PUT {}", deal_path(&tag)), deal(&tag)),
            // Nothing that is told to anybody: a letter that quotes it is another commit, and may come before the answer.
            1..7 => (on("answer"), answer(&tag)),
            7..9 => {
                let risk = json!({ "list": "risk", "what": tag, "kind": "technical" });
                (on("add-item"), json!({ "body": risk, "evidence": {} }))
            }
            _ => ("POST /api/v1/teams".to_owned(), json!({ "name": tag })),
        };
        let told = client.ask(&node.address, &request, &[("idempotency-key", &tag)], Some(&body));
        assert!((200..300).contains(&told.status), "{request}: {}", told.text);
        if count % 10 == 0 {
            handoff = text(&told.json()["handoff"]);
        }
        tags.push(tag);
    }
    node.end_watched();
    let shown = trace::follow(BufReader::new(File::open(&record).unwrap()), &tags);
    println!(
        "{} of {many} writes synced before their answer, {} syncs of the log",
        shown.durable, shown.syncs
    );
    assert_eq!(shown.early, Vec::<String>::new());
    assert_eq!(shown.durable as u64, many);
}
