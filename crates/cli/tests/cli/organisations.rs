use crate::bench::{Bench, run};

#[test]
fn an_organisation_is_made_shown_and_changed() {
    let bench = Bench::founded();
    let made = bench.run(&["org", "list", "--json"]).code(0).json();
    assert_eq!(made[0]["slug"], "acme");
    assert_eq!(made[0]["calendar"]["zone"], "Europe/Berlin");
    let set = [
        "org",
        "set",
        "acme",
        "--mode",
        "block-close",
        "--go-live-on",
        "2026-01-01",
        "--zone",
        "Asia/Tokyo",
        "--holiday",
        "2026-12-25",
    ];
    let shown = bench.run(&set).code(0).out;
    for part in ["block_close", "2026-01-01", "Asia/Tokyo", "2026-12-25", "Rita Owner"] {
        assert!(shown.contains(part), "{part} in {shown}");
    }
    assert_eq!(bench.run(&["org", "show", "--json"]).code(0).json()["mode"], "block_close");
}

#[test]
fn wrong_settings_are_refused_with_their_place() {
    let bench = Bench::founded();
    assert!(bench.run(&["org", "set", "--zone", "Mars/Base"]).code(1).err.contains("zone"));
    assert!(bench.run(&["org", "set", "--weekend", "1,2,3,4,5,6,7"]).code(1).err.contains("seven"));
    assert!(bench.run(&["org", "set", "--hours", "nine to five"]).code(2).err.contains("09:00-17:30"));
    assert!(bench.run(&["org", "set", "--playbook", "nobodys"]).code(1).err.contains("playbook"));
    assert!(bench.run(&["org", "set", "--go-live-on", "soon"]).code(2).err.contains("--go-live-on"));
    assert!(bench.run(&["org", "create", "Acme"]).code(1).err.contains("lower-case"));
    assert!(bench.run(&["org", "create", "acme"]).code(1).err.contains("acme"));
    assert!(bench.run(&["org", "show", "nobody"]).code(1).err.contains("acme"));
}

#[test]
fn two_organisations_must_be_told_apart() {
    let bench = Bench::founded();
    bench.run(&["org", "create", "other"]).code(0);
    let asked = bench.run(&["people", "list"]).code(2);
    assert!(
        asked.err.contains("--org") && asked.err.contains("acme") && asked.err.contains("other"),
        "{}",
        asked.err
    );
    assert_eq!(
        bench.run(&["people", "list", "--org", "other", "--json"]).code(0).json(),
        serde_json::json!([])
    );
}

#[test]
fn a_database_that_is_not_there_is_not_made_by_looking() {
    let bench = Bench::bare();
    let looked = bench.run(&["org", "list"]).code(3);
    assert!(looked.err.contains("no database"), "{}", looked.err);
    assert!(!bench.file().exists());
}

#[test]
fn database_addresses_that_cannot_be_served_say_so_without_repeating_a_password() {
    let asked = run(&["org", "list"]).code(2);
    assert!(asked.err.contains("THROUGHLINE_DATABASE"), "{}", asked.err);
    for (address, said) in [
        ("postgres://u:geheim@db:port/x", "postgres://"),
        ("mysql://u:geheim@db/x", "sqlite:///"),
        ("sqlite://", "sqlite:///"),
    ] {
        let asked = run(&["org", "list", "--database", address]).code(2);
        assert!(asked.err.contains(said), "{}", asked.err);
        assert!(!asked.err.contains("geheim"), "{}", asked.err);
    }
    let bench = Bench::bare();
    let folder = format!("sqlite://{}", bench.path("not/there/data.db"));
    assert!(run(&["migrate", "--database", &folder]).code(3).err.contains("does not exist"));
}

#[test]
fn a_file_that_is_no_database_of_ours_is_left_alone() {
    let bench = Bench::bare();
    bench.write("data.db", "Dear diary,\n".repeat(500));
    bench.run(&["org", "list"]).code(3);
    bench.run(&["migrate"]).code(3);
    assert!(std::fs::read_to_string(bench.file()).unwrap().starts_with("Dear diary"));
}

#[test]
fn migrating_makes_the_schema_and_again_changes_nothing() {
    let bench = Bench::bare();
    let first = bench.run(&["migrate", "--json"]).code(0).json();
    assert_eq!(first["from"], 0);
    assert_eq!(bench.run(&["migrate", "--json"]).code(0).json()["from"], first["to"]);
    assert!(bench.run(&["migrate"]).code(0).out.contains("already"));
}

#[test]
fn errors_are_json_where_answers_are() {
    let told = Bench::bare().run(&["org", "list", "--json"]).code(3);
    assert_eq!(told.error()["exit"], 3);
    assert_eq!(told.out, "");
}

#[test]
fn wrong_usage_and_help_end_as_scripts_expect() {
    run(&["frobnicate"]).code(2);
    run(&[]).code(2);
    assert!(run(&["--help"]).code(0).out.contains("Exit codes"));
    assert!(run(&["import", "deals", "--help"]).code(0).out.contains("--as-of-go-live"));
    assert!(run(&["--version"]).code(0).out.starts_with("throughline "));
}

#[cfg(unix)]
#[test]
fn a_new_database_is_its_owners_alone() {
    use std::os::unix::fs::PermissionsExt;
    for command in [&["migrate"][..], &["org", "create", "acme"]] {
        let bench = Bench::bare();
        bench.run(command).code(0);
        let mode = std::fs::metadata(bench.file()).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{mode:o}");
    }
}
