//! The worked cases, and what becomes of lines that are none.

use serde_json::{Value, json};
use throughline_domain::calendar::case::{CaseError, check_line};

const CASES: &str = include_str!("fixtures/calendar/cases.jsonl");

fn a_case() -> Value {
    json!({
        "id": 7, "op": "business_hours", "direction": "after", "n": 2, "zone": "Europe/Berlin",
        "anchor": "2026-03-27T16:00:00+01:00", "anchor_utc": "2026-03-27T15:00:00Z",
        "weekend": [6, 7], "holidays": ["2026-04-03"], "window": {"start": "09:00", "end": "17:00"},
        "due_utc": "2026-03-30T08:00:00Z", "tags": ["crosses_change"],
    })
}

fn check(case: &Value) -> Result<Option<String>, CaseError> {
    check_line(3, &case.to_string()).map(|difference| difference.map(|difference| difference.to_string()))
}

#[test]
fn every_worked_case_comes_out_as_worked() {
    let differences: Vec<_> = (1..)
        .zip(CASES.lines())
        .filter_map(|(line, text)| check_line(line, text).unwrap())
        .map(|difference| difference.to_string())
        .collect();
    assert_eq!(differences, [] as [String; 0]);
    assert_eq!(CASES.lines().count(), 40);
}

#[test]
fn a_case_that_comes_out_otherwise_is_told_with_its_line_and_both_answers() {
    let mut case = a_case();
    assert_eq!(check(&case), Ok(None));
    case["due_utc"] = json!("2026-03-30T09:00:00Z");
    assert_eq!(
        check(&case).unwrap().unwrap(),
        "line 3 (id 7): due 2026-03-30T08:00:00Z, expected 2026-03-30T09:00:00Z",
    );
}

#[test]
fn every_wrong_field_is_named_with_its_line() {
    let wrong = [
        ("op", json!("weeks"), "op"),
        ("op", json!(null), "op"),
        ("op", json!(3), "op"),
        ("direction", json!("since"), "direction"),
        ("n", json!(-1), "n"),
        ("n", json!(1e300), "n"),
        ("n", json!(1_000_001), "n"),
        ("n", json!("2"), "n"),
        ("zone", json!("Mars/Olympus"), "zone"),
        ("anchor", json!("2026-02-30T16:00:00+01:00"), "anchor"),
        ("anchor", json!("tomorrow"), "anchor"),
        ("anchor", json!("2026-03-27"), "anchor_utc"),
        ("anchor_utc", json!("2026-03-27T15:00:01Z"), "anchor_utc"),
        ("anchor_utc", json!("2026-03-27T15:00:01"), "anchor_utc"),
        ("weekend", json!([6, 0]), "weekend[1]"),
        ("weekend", json!([6.5]), "weekend[0]"),
        ("weekend", json!("6"), "weekend"),
        ("weekend", json!([1, 2, 3, 4, 5, 6, 7]), "weekend"),
        ("holidays", json!(["2026-04-03", "2026-13-01"]), "holidays[1]"),
        ("holidays", json!([20_260_403]), "holidays[0]"),
        ("window", json!(null), "window"),
        ("window", json!([9, 17]), "window"),
        ("window", json!({"start": "09:00"}), "window.end"),
        ("window", json!({"start": 9, "end": "17:00"}), "window.start"),
        ("window", json!({"start": "09:00", "end": "24:01"}), "window.end"),
        ("window", json!({"start": "24:00", "end": "24:00"}), "window"),
        ("window", json!({"start": "17:00", "end": "09:00"}), "window"),
        ("window", json!({"start": "09:00", "end": "09:00"}), "window"),
        ("due_utc", json!(null), "due_utc"),
        ("due_utc", json!("soon"), "due_utc"),
    ];
    for (field, value, named) in wrong {
        let mut case = a_case();
        case[field] = value;
        let error = check(&case).unwrap_err();
        assert_eq!((error.line, error.field.as_str()), (3, named), "{error}");
        assert!(error.to_string().starts_with(&format!("line 3, {named}: ")), "{error}");
    }
}

#[test]
fn a_due_time_beyond_the_last_year_is_an_error_of_n() {
    for (op, n, anchor) in [
        ("hours", 1_000_000, "9990-01-01T00:00:00Z"),
        ("calendar_days", 1_000_000, "9000-01-01T00:00:00Z"),
        ("business_days", 1_000_000, "9000-01-01T00:00:00Z"),
        ("business_hours", 100_000, "9990-01-01T00:00:00Z"),
    ] {
        let mut case = a_case();
        (case["op"], case["n"], case["anchor"]) = (json!(op), json!(n), json!(anchor));
        case["anchor_utc"] = Value::Null;
        let error = check(&case).unwrap_err();
        assert_eq!(error.to_string(), "line 3, n: the date is out of range; years run from -9999 to 9999");
    }
}

#[test]
fn a_line_that_is_no_object_is_refused_as_a_whole() {
    for (text, said) in [
        ("", "not JSON at column 0"),
        ("{\"op\": }", "not JSON at column 8"),
        ("[]", "\"[]\" is not a JSON object"),
        (&"[".repeat(100_000), "not JSON at column 128"),
        (&" ".repeat(2 << 20), "longer than 1048576 bytes"),
    ] {
        let error = check_line(1, text).unwrap_err();
        assert_eq!(error.to_string(), format!("line 1, case: {said}"));
    }
}

#[test]
fn a_case_needs_no_more_than_its_question() {
    let case = json!({
        "op": "hours", "direction": "before", "n": 0.5, "zone": "UTC", "anchor": "2026-01-01T00:00:00Z",
        "due_utc": "2025-12-31T23:30:00Z",
    });
    assert_eq!(check(&case), Ok(None));
    let mut broken_day = case.clone();
    broken_day["op"] = json!("calendar_days");
    assert_eq!(check(&broken_day).unwrap_err().field, "n");
    let mut no_offset = case;
    no_offset["anchor"] = json!("2026-01-01T00:00:00");
    assert_eq!(check(&no_offset).unwrap_err().field, "anchor");
    no_offset["anchor_utc"] = json!("2026-01-01T00:00:00Z");
    assert_eq!(check(&no_offset), Ok(None));
}
