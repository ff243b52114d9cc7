use crate::bench::{Bench, run};

const CASE: &str = r#"{"id":"C1","zone":"Europe/Berlin","weekend":[6,7],"holidays":[],"window":null,"anchor":"2026-11-20T10:00:00+01:00","op":"business_days","n":1,"direction":"after","due_utc":"DUE"}"#;

#[test]
fn cases_that_come_out_as_expected_pass_and_blank_lines_do_not_count() {
    let bench = Bench::bare();
    let odd = bench.write("odd.jsonl", CASE);
    // The first run says what is due; held against itself it must agree.
    let told = run(&["calendar", "check", &odd, "--json"]).code(1).json();
    assert!(told["wrong"][0]["error"].as_str().unwrap().contains("due_utc"), "{told}");
    let wrong = bench.write("wrong.jsonl", CASE.replace("DUE", "2026-11-20T10:00:00Z"));
    let told = run(&["calendar", "check", &wrong, "--json"]).code(1).json();
    let found = told["wrong"][0]["found"].as_str().unwrap().to_owned();
    assert!(found.starts_with("2026-11-23"), "{found}");
    let right = CASE.replace("DUE", &found);
    let file = bench.write("right.jsonl", format!("\u{FEFF}{right}\r\n\n   \n{right}\n"));
    assert_eq!(run(&["calendar", "check", &file, "--json"]).code(0).json()["cases"], 2);
}

#[test]
fn impossible_cases_are_told_with_their_line() {
    let bench = Bench::bare();
    let mut bytes = format!("{}\n", CASE.replace("Europe/Berlin", "Mars/Base")).into_bytes();
    bytes.extend(b"not json\n\xFF\xFE\n");
    bytes.extend(vec![b'x'; 3 << 20]);
    bytes.extend(b"\nnull\n");
    let file = bench.write("cases.jsonl", bytes);
    let told = run(&["calendar", "check", &file]).code(1).out;
    assert_eq!(told.lines().count(), 5, "a line each and no other: {told}");
    for part in [
        "line 1, zone",
        "line 2, case: not JSON",
        "line 3, case: not UTF-8",
        "line 4, case: longer",
        "line 5, case",
    ] {
        assert!(told.contains(part), "{part} in {told}");
    }
    assert!(run(&["calendar", "check", "not/there.jsonl"]).code(3).err.contains("not/there.jsonl"));
}

const DAYS: &str = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:1\r\nSUMMARY:Christmas\r\n\
    DTSTART;VALUE=DATE:20261225\r\nDTEND;VALUE=DATE:20261227\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:2\r\n\
    SUMMARY:Party\r\nDTSTART:20261223T170000Z\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";

#[test]
fn days_off_of_a_file_are_printed_and_what_is_none_is_told() {
    let bench = Bench::bare();
    let file = bench.write("days.ics", DAYS.as_bytes());
    let told = run(&["calendar", "holidays", &file, "--from", "2026", "--years", "1"]).code(0).out;
    assert_eq!(
        told,
        "2026-12-25 Christmas\n2026-12-26 Christmas\nskipped entry 2, Party: it has a time of day\n"
    );
    let told = run(&["calendar", "holidays", &file, "--from", "2030", "--json"]).code(0).json();
    assert_eq!((&told["days"], &told["outside"]), (&serde_json::json!([]), &serde_json::json!(2)));
}

#[test]
fn days_off_of_a_country_are_printed_and_a_bad_source_is_refused_with_its_place() {
    let told =
        run(&["calendar", "holidays", "--country", "us", "--from", "2026", "--years", "1"]).code(0).out;
    assert!(told.contains("2026-07-03 ") && told.contains("2026-11-26 "), "{told}");
    let refused = run(&["calendar", "holidays", "--country", "XX"]).code(1).err;
    assert!(refused.contains("no holidays are known for `XX`"), "{refused}");
    let bench = Bench::bare();
    let file = bench.write("days.ics", DAYS.replace("20261225", "20261325").into_bytes());
    let refused = run(&["calendar", "holidays", &file]).code(1).err;
    assert!(refused.contains("entry 1 (line 3, “Christmas”), DTSTART: `20261325` is no date"), "{refused}");
    assert!(run(&["calendar", "holidays", "not/there.ics"]).code(3).err.contains("not/there.ics"));
}
