//! The same commands on a server, and what only a server can do: several of ours on one database.

use crate::bench::{Bench, Server, export, run};

const READY: &str = "ctrl-c stops it";

fn served(bench: &Bench) -> Server {
    Server::start(&["serve", "--database", &bench.url(), "--listen", "127.0.0.1:0"], READY)
}

#[test]
fn every_command_works_on_a_server() {
    let bench = Bench::bare_on_postgres();
    bench.run(&["migrate"]).code(0);
    assert!(bench.run(&["migrate"]).code(0).out.contains("already"));
    let bench = Bench::founded_on_postgres();
    bench.run(&["org", "show", "acme"]).code(0);
    let report = export("hubspot-deals-page.csv");
    bench.run(&["import", "deals", &report, "--as-of-go-live", "2020-01-01"]).code(0);
    let whole = bench.run(&["journal", "verify", "--json"]).code(0).json();
    assert!(whole["facts"].as_u64().unwrap() > 0);
    assert_eq!(whole["wrong"], serde_json::json!([]));
    assert!(bench.run(&["journal", "replay"]).code(0).out.contains("equal"));
    let exported = bench.run(&["journal", "export"]).code(0).out;
    assert_eq!(exported.lines().count() as u64, whole["facts"].as_u64().unwrap());
    let playbooks = bench.run(&["playbook", "list", "--json"]).code(0).json();
    assert!(playbooks.as_array().unwrap().iter().any(|one| one["name"] == "default"), "{playbooks}");
    let made = bench.run(&["token", "create", "--role", "rev_ops", "--json"]).code(0).json();
    bench.run(&["token", "revoke", made["id"].as_str().unwrap()]).code(0);
    assert!(bench.run(&["people", "list"]).code(0).out.contains("Rita Owner"));
    bench.run(&["gate", "check", "handoff", "--deal", "salesforce:nobody"]).code(1);
    assert!(!bench.file().exists(), "nothing is kept beside the server");
}

#[test]
fn a_file_and_a_server_tell_the_same_of_one_import() {
    let report = export("salesforce-report-details.csv");
    let told = [Bench::founded(), Bench::founded_on_postgres()].map(|bench| {
        let words = ["import", "deals", &report, "--as-of-go-live", "2020-01-01", "--json"];
        let counts = bench.run(&words).code(0).json()["report"]["counts"].clone();
        let verified = bench.run(&["journal", "verify", "--json"]).code(0).json();
        (counts, verified["facts"].clone(), verified["handoffs"].clone())
    });
    assert_eq!(told[0], told[1]);
}

#[test]
fn two_servers_share_a_database_and_one_killed_is_not_missed() {
    let bench = Bench::bare_on_postgres();
    let (one, other) = (served(&bench), served(&bench));
    let link = one.told.split("/setup?key=").nth(1).unwrap().split_whitespace().next().unwrap();
    let set_up = other.post(
        "/setup",
        &[
            ("key", link),
            ("company", "Acme GmbH"),
            ("zone", "Europe/Berlin"),
            ("name", "Rita Owner"),
            ("email", "rita@acme.example"),
            ("password", "a passphrase of rita's"),
        ],
    );
    // The second server printed a link of its own; the first one's stays good.
    assert_eq!(set_up.0, 303, "{}", set_up.1);
    other.kill();
    assert_eq!(one.get("/readyz").0, 200);
    let signed_in =
        one.post("/sign-in", &[("email", "rita@acme.example"), ("password", "a passphrase of rita's")]);
    assert_eq!(signed_in.0, 303, "{}", signed_in.1);
    bench.run(&["journal", "verify"]).code(0);
    assert!(one.stop().success());
}

#[test]
fn a_server_that_is_not_there_and_an_empty_one_are_told_apart() {
    let nobody = ["org", "list", "--database", "postgres://u:geheim@127.0.0.1:1/throughline"];
    let refused = run(&nobody).code(3);
    assert!(!refused.err.contains("geheim"), "{}", refused.err);
    let bench = Bench::bare_on_postgres();
    let empty = bench.run(&["org", "list"]).code(3);
    assert!(empty.err.contains("nothing of Throughline"), "{}", empty.err);
    let lost = bench.run(&["people", "list"]).code(3);
    assert!(lost.err.contains("org create"), "{}", lost.err);
}

#[test]
fn a_database_that_takes_nobody_is_told_by_503_and_served_again_without_a_restart() {
    let bench = Bench::bare_on_postgres();
    bench.run(&["migrate"]).code(0);
    let database = bench.server();
    let url = database.visitors_url();
    let server = Server::start(&["serve", "--database", &url, "--listen", "127.0.0.1:0"], READY);
    assert_eq!(server.get("/readyz").0, 200);
    database.lets_visitors_in(false);
    assert_eq!(server.get("/readyz").0, 503);
    let ask = || server.ask("GET /api/v1/handoffs", &[("authorization", "Bearer tl_nobodys")], "");
    let (status, head, body) = ask();
    assert_eq!(status, 503, "{body}");
    assert!(head.to_lowercase().contains("retry-after:"), "{head}");
    assert_eq!(server.get("/healthz").0, 200, "the server itself is well");
    database.lets_visitors_in(true);
    assert_eq!(server.get("/readyz").0, 200);
    assert_eq!(ask().0, 401);
}
