use crate::bench::{Bench, Server, run};

const READY: &str = "Ctrl-c stops it";

/// Mail address and password of somebody, as printed.
fn login(server: &Server, name: &str) -> (String, String) {
    let line = server.told.lines().find(|line| line.contains(name)).unwrap();
    let mut words = line.split_whitespace().rev();
    let password = words.next().unwrap().to_owned();
    (words.next().unwrap().to_owned(), password)
}

fn sign_in(server: &Server, (email, password): &(String, String)) -> u16 {
    server.post("/sign-in", &[("email", email), ("password", password)]).0
}

#[test]
fn the_company_opens_with_log_ins_that_work_and_a_deal_refused_for_three_reasons() {
    let bench = Bench::bare();
    let data = bench.path("demo");
    let server = Server::start(&["demo", "--listen", "127.0.0.1:0", "--data", &data], READY);
    assert_eq!(server.get("/healthz").0, 200);
    let amara = login(&server, "Amara Osei");
    assert_eq!(sign_in(&server, &amara), 303);
    assert!(server.told.contains("/crm/D-1041") && server.told.contains("/mailbox"), "{}", server.told);

    let database = format!("sqlite://{data}/demo.db");
    let gate = ["gate", "check", "handoff", "--deal", "crm:D-1041", "--database", &database, "--json"];
    let told = run(&gate).code(1).json();
    assert_eq!(told["enforced"], true);
    let missing: Vec<&str> =
        told["gaps"].as_array().unwrap().iter().map(|gap| gap["about"]["ask"].as_str().unwrap()).collect();
    assert_eq!(missing, ["executive_sponsor", "risks", "why_us"]);
    run(&["journal", "verify", "--database", &database]).code(0);
    run(&["journal", "replay", "--database", &database]).code(0);
    assert!(server.stop().success());

    // Gone on with: everything is there still, and the log-ins are new.
    let server = Server::start(&["demo", "--listen", "127.0.0.1:0", "--data", &data], READY);
    assert_ne!(sign_in(&server, &amara), 303);
    assert_eq!(sign_in(&server, &login(&server, "Amara Osei")), 303);
    assert_eq!(run(&gate).code(1).json()["gaps"].as_array().unwrap().len(), 3);
}

#[test]
fn a_demo_leaves_nothing_behind_unless_told_to() {
    let server = Server::start(&["demo", "--listen", "127.0.0.1:0", "--deals", "40"], READY);
    let folder = server.told.split("Data: ").nth(1).unwrap().split(" (").next().unwrap().to_owned();
    assert!(std::path::Path::new(&folder).exists());
    assert!(server.stop().success());
    assert!(!std::path::Path::new(&folder).exists());
}

#[test]
fn a_demo_is_for_this_machine_only_and_touches_no_other_database() {
    assert!(run(&["demo", "--listen", "0.0.0.0:0"]).code(2).err.contains("passwords"));
    run(&["demo", "--deals", "10001"]).code(2);
    run(&["demo", "--deals", "0"]).code(2);
    let bench = Bench::bare();
    let database = format!("sqlite://{}", bench.path("demo.db"));
    run(&["org", "create", "acme", "--database", &database]).code(0);
    let refused = run(&["demo", "--listen", "127.0.0.1:0", "--data", &bench.path("")]).code(1);
    assert!(refused.err.contains("--data"), "{}", refused.err);
}
