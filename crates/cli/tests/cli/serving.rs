use crate::bench::{Bench, Server, run};

const READY: &str = "ctrl-c stops it";

fn served(bench: &Bench) -> Server {
    Server::start(&["serve", "--database", &bench.url(), "--listen", "127.0.0.1:0"], READY)
}

/// The key of the printed set-up link.
fn key(server: &Server) -> Option<String> {
    let key = server.told.split("/setup?key=").nth(1)?;
    Some(key.split_whitespace().next().unwrap().to_owned())
}

fn set_up(server: &Server, key: &str) -> (u16, String) {
    server.post(
        "/setup",
        &[
            ("key", key),
            ("company", "Acme GmbH"),
            ("zone", "Europe/Berlin"),
            ("name", "Rita Owner"),
            ("email", "rita@acme.example"),
            ("password", "a passphrase of rita's"),
        ],
    )
}

#[test]
fn an_empty_database_is_set_up_by_a_link_that_works_once_and_survives_a_kill() {
    let bench = Bench::bare();
    let server = served(&bench);
    let link = key(&server).unwrap();
    assert_eq!(server.get(&format!("/setup?key={link}")).0, 200);
    let (status, head) = set_up(&server, &link);
    assert_eq!(status, 303, "{head}");
    assert!(head.to_lowercase().contains("set-cookie"), "{head}");
    assert_ne!(set_up(&server, &link).0, 303);
    server.kill();

    let server = served(&bench);
    assert_eq!(key(&server), None, "somebody can sign in now: {}", server.told);
    let signed_in =
        server.post("/sign-in", &[("email", "rita@acme.example"), ("password", "a passphrase of rita's")]);
    assert_eq!(signed_in.0, 303, "{}", signed_in.1);
    server.kill();
    let people = bench.run(&["people", "list", "--json"]).code(0).json();
    assert_eq!((&people[0]["name"], &people[0]["status"]), (&"Rita Owner".into(), &"active".into()));
    bench.run(&["journal", "verify"]).code(0);
}

#[test]
fn health_is_told_and_a_termination_ends_well() {
    let bench = Bench::bare();
    let server = served(&bench);
    assert_eq!(server.get("/healthz").0, 200);
    assert_eq!(server.get("/readyz").0, 200);
    assert_eq!(server.get("/no/such/page").0, 404);
    assert!(server.stop().success());
}

#[test]
fn the_command_line_works_beside_a_running_server() {
    let bench = Bench::founded();
    let server = served(&bench);
    bench.run(&["people", "invite", "maya@acme.example", "--name", "Maya", "--role", "csm"]).code(0);
    bench.run(&["journal", "verify"]).code(0);
    assert_eq!(server.get("/readyz").0, 200);
}

#[test]
fn other_machines_are_not_served_without_https() {
    let bench = Bench::bare();
    let refused = bench.run(&["serve", "--listen", "0.0.0.0:0"]).code(2);
    assert!(refused.err.contains("https"), "{}", refused.err);
    bench.run(&["serve", "--listen", "0.0.0.0:0", "--public-url", "http://handoff.acme.example"]).code(2);
    assert!(!bench.file().exists());
    bench.run(&["serve", "--listen", "nowhere"]).code(2);
    bench.run(&["serve", "--public-url", "handoff"]).code(2);
    bench.run(&["serve", "--trusted-proxy", "10.0.0.0/99"]).code(2);
    run(&["serve"]).code(2);
}

#[test]
fn a_taken_address_is_said_so() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let bench = Bench::bare();
    let refused = bench.run(&["serve", "--listen", &taken.local_addr().unwrap().to_string()]).code(3);
    assert!(refused.err.contains("--listen"), "{}", refused.err);
}

#[test]
fn the_api_is_described_alike_by_command_and_server() {
    let described = run(&["openapi"]).code(0).json();
    assert_eq!(described["openapi"], "3.1.0");
    let bench = Bench::bare();
    let (status, body) = served(&bench).get("/api/v1/openapi.json");
    assert_eq!(status, 200);
    assert_eq!(serde_json::from_str::<serde_json::Value>(&body).unwrap(), described);
}

#[test]
fn a_token_made_here_asks_a_gate_there() {
    let bench = Bench::founded();
    let made = bench.run(&["token", "create", "--role", "rev_ops", "--json"]).code(0).json();
    let server = served(&bench);
    let bearer = format!("Bearer {}", made["secret"].as_str().unwrap());
    let body = r#"{"deal":{"source":"salesforce","external_id":"nobody"},"intent":"preview"}"#;
    let json = ("content-type", "application/json");
    let ask = |headers: &[(&str, &str)]| server.ask("POST /api/v1/gates/handoff/checks", headers, body);
    assert_eq!(ask(&[json]).0, 401);
    let (status, _, answer) = ask(&[json, ("authorization", &bearer)]);
    assert_eq!(status, 200, "{answer}");
    assert!(answer.contains("no_record"), "{answer}");
}
