use throughline_domain::personal;

use crate::bench::{Bench, export};

fn filled() -> Bench {
    let bench = Bench::founded();
    bench
        .run(&["import", "deals", &export("hubspot-deals-page.csv"), "--as-of-go-live", "2020-01-01"])
        .code(0);
    bench
}

/// Changes bytes in the database file behind the product's back.
fn tamper(bench: &Bench, from: &str, to: &str) {
    assert_eq!(from.len(), to.len());
    // What the writer left in its log goes into the file first.
    let file = bench.file();
    let mut bytes = std::fs::read(&file).unwrap();
    let mut hits = 0;
    let mut at = 0;
    while let Some(found) = bytes[at..].windows(from.len()).position(|window| window == from.as_bytes()) {
        bytes[at + found..at + found + from.len()].copy_from_slice(to.as_bytes());
        at += found + from.len();
        hits += 1;
    }
    assert!(hits > 0, "`{from}` does not stand in the file");
    std::fs::write(&file, bytes).unwrap();
}

#[test]
fn a_whole_journal_verifies_and_replays() {
    let bench = filled();
    let whole = bench.run(&["journal", "verify", "--json"]).code(0).json();
    assert!(whole["facts"].as_u64().unwrap() > 0);
    assert_eq!(whole["wrong"], serde_json::json!([]));
    assert!(bench.run(&["journal", "replay"]).code(0).out.contains("equal"));
    bench.run(&["journal", "verify", "--org", "nobody"]).code(1);
}

#[test]
fn a_changed_fact_is_found() {
    let bench = filled();
    tamper(&bench, "Nordlys AS", "Nordlys AG");
    let told = bench.run(&["journal", "verify", "--json"]).code(1).json();
    let reasons: Vec<&str> =
        told["wrong"].as_array().unwrap().iter().map(|one| one["reason"].as_str().unwrap()).collect();
    assert!(reasons.iter().any(|reason| reason.contains("content was changed")), "{reasons:?}");
}

#[test]
fn a_changed_personal_text_is_found() {
    let bench = filled();
    // An owner's name stands beside the journal, never in it.
    let exported = bench.run(&["journal", "export"]).code(0).out;
    for line in exported.lines() {
        let line: serde_json::Value = serde_json::from_str(line).unwrap();
        assert!(!line["body"].as_str().unwrap().contains("Ines Calloway"), "{line}");
    }
    tamper(&bench, "Ines Calloway", "Inez Calloway");
    let told = bench.run(&["journal", "verify"]).code(1).out;
    assert!(told.contains("a personal text was changed"), "{told}");
}

#[test]
fn an_exported_journal_can_be_checked_by_anybody() {
    use throughline_store::{GENESIS, JournalRow};
    let bench = filled();
    let file = bench.path("journal.ndjson");
    let told = bench.run(&["journal", "export", "--out", &file, "--json"]).code(0).json();
    let text = std::fs::read_to_string(&file).unwrap();
    assert_eq!(text.lines().count() as u64, told["facts"].as_u64().unwrap());
    assert_eq!(text, bench.run(&["journal", "export"]).code(0).out);
    let mut first = 0;
    for line in text.lines() {
        let value: serde_json::Value = serde_json::from_str(line).unwrap();
        let row: JournalRow = serde_json::from_value(value.clone()).unwrap();
        assert_eq!(row.hash, row.expected_hash());
        first += u64::from(row.prev == GENESIS);
        let sealed: serde_json::Value = serde_json::from_str(&row.body).unwrap();
        if !personal::pointers(&sealed).is_empty() {
            assert!(!value["fact"].to_string().contains("$personal"), "{line}");
        }
    }
    assert_eq!(first, bench.run(&["journal", "verify", "--json"]).json()["handoffs"].as_u64().unwrap());
    bench.run(&["journal", "export", "--handoff", "01999999-0000-7000-8000-000000000000"]).code(1);
    bench.run(&["journal", "export", "--out", "not/there/file"]).code(3);
}

#[test]
fn an_erased_name_is_nowhere_in_the_file_and_the_chain_still_verifies() {
    let bench = filled();
    let exported = bench.run(&["journal", "export"]).code(0).out;
    let handoff = exported
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap())
        .find(|line| line["fact"].to_string().contains("Ines Calloway"))
        .unwrap()["handoff"]
        .as_str()
        .unwrap()
        .to_owned();
    bench.run(&["journal", "erase", &handoff]).code(2);
    bench.run(&["journal", "erase", &handoff, "--mentioning", "In"]).code(1);
    let erased = bench.run(&["journal", "erase", &handoff, "--mentioning", "ines calloway", "--json"]);
    assert!(erased.code(0).json()["texts"].as_u64().unwrap() > 0);
    let exported = bench.run(&["journal", "export", "--handoff", &handoff]).code(0).out;
    assert!(!exported.contains("Ines Calloway"), "{exported}");
    bench.run(&["journal", "verify"]).code(0);
    bench.run(&["journal", "replay"]).code(0);
    let again = bench.run(&["journal", "erase", &handoff, "--mentioning", "ines calloway", "--json"]);
    assert_eq!(again.code(0).json()["texts"], 0);
    bench.run(&["journal", "erase", "0199f1c2-7d1e-7000-8000-000000000000", "--everything"]).code(1);
}
