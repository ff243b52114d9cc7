use std::fs;

use throughline_app::{Clock as _, SystemClock};
use throughline_connect::signature::{Key, sign};

use crate::bench::{Bench, Server};

#[test]
fn a_source_sends_a_signed_event_to_a_server_that_acts_on_it() {
    let bench = Bench::founded();
    let secret = bench.run(&["source", "add", "crm", "--json"]).code(0).json()["secret"].clone();
    let shown = bench.run(&["source", "show", "crm"]).code(0).out;
    assert_eq!(shown.lines().last(), secret.as_str());
    let server =
        Server::start(&["serve", "--database", &bench.url(), "--listen", "127.0.0.1:0"], "ctrl-c stops");
    let body = r#"{"type":"deal.upserted","data":{"external_id":"D-1","name":"N","account":"A"}}"#;
    let key = Key::parse(secret.as_str().unwrap()).unwrap();
    let now = SystemClock.now();
    let (time, signature) = (now.as_second().to_string(), sign(&key, "e1", now, body.as_bytes()).unwrap());
    let send = |id: &str| {
        let headers = [
            ("webhook-id", id),
            ("webhook-timestamp", time.as_str()),
            ("webhook-signature", signature.as_str()),
        ];
        server.ask("POST /api/v1/events/crm", &headers, body).0
    };
    assert_eq!((send("e1"), send("e1"), send("e2")), (202, 202, 401));
    let token = bench.run(&["token", "create", "--role", "rev_ops"]).code(0).out;
    let bearer = format!("Bearer {}", token.lines().last().unwrap());
    // Generous: it is there so that a server that never acts fails the test.
    let acted = (0..300).any(|_| {
        std::thread::sleep(std::time::Duration::from_millis(100));
        let (status, _, body) = server.ask("GET /api/v1/events", &[("authorization", &bearer)], "");
        status == 200 && body.contains(r#""state":"done""#)
    });
    assert!(acted);
    assert!(server.stop().success());
}

#[test]
fn secrets_hang_on_the_key_file_and_are_kept_nowhere() {
    let bench = Bench::founded();
    let secret = |args: &[&str]| bench.run(args).code(0).json()["secret"].as_str().unwrap().to_owned();
    let made = secret(&["source", "add", "crm", "--json"]);
    let other = bench.write("other.key", "0123456789abcdef0123456789abcdef");
    assert_ne!(secret(&["source", "show", "crm", "--key-file", &other, "--json"]), made);
    assert_eq!(secret(&["source", "show", "crm", "--json"]), made);
    assert_ne!(secret(&["source", "rotate", "crm", "--json"]), made);
    let listed = bench.run(&["source", "list"]).code(0).out;
    assert!(listed.contains("crm") && !listed.contains("whsec_"), "{listed}");
    let held = made.trim_start_matches("whsec_").as_bytes();
    for name in ["data.db", "data.db-wal", "data.db.key"] {
        let bytes = fs::read(bench.folder.path().join(name)).unwrap_or_default();
        assert!(!bytes.windows(held.len()).any(|part| part == held), "{name}");
    }
    let short = bench.write("short.key", "short");
    assert!(bench.run(&["source", "list", "--key-file", &short]).code(3).err.contains("32"));
    bench.run(&["source", "remove", "crm"]).code(0);
    bench.run(&["source", "show", "crm"]).code(1);
}

#[test]
fn a_server_of_many_nodes_is_given_its_key() {
    let bench = Bench::founded_on_postgres();
    let why = bench.run(&["source", "add", "crm"]).code(1).err;
    assert!(why.contains("--key-file"), "{why}");
    let key = bench.write("server.key", "0123456789abcdef0123456789abcdef");
    let first = bench.run(&["source", "add", "crm", "--key-file", &key, "--json"]).code(0).json();
    let again = bench.run(&["source", "show", "crm", "--key-file", &key, "--json"]).code(0).json();
    assert_eq!(first["secret"], again["secret"]);
}
