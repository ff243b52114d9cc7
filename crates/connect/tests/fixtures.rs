//! What is found in real and imitated exports: against what an independent reader found, and as a person would see it.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod common;

use std::fmt::Write as _;

use common::{every_fixture, fixture, options};
use throughline_connect::{DealRow, Export, Format, LineEnding, ReadError, Reject, RejectsWriter, inspect};

#[derive(serde::Deserialize)]
struct Found {
    file: String,
    encoding: Option<String>,
    delimiter: Option<char>,
    line_ending: Option<String>,
    columns: Option<usize>,
    data_rows: Option<u64>,
    blank_rows: Option<u64>,
    records: Option<u64>,
}

#[test]
fn every_file_has_the_shape_an_independent_reader_found() {
    let manifest: Vec<Found> = serde_json::from_slice(&fixture("MANIFEST.json")).unwrap();
    assert_eq!(manifest.len(), 52);
    for found in manifest {
        let summary = inspect(&fixture(&found.file), &options()).unwrap();
        let Format::Csv { delimiter, line_ending } = summary.format else {
            assert_eq!(Some(summary.data_rows), found.records, "{}", found.file);
            continue;
        };
        let ending = match line_ending {
            LineEnding::Lf => "lf",
            LineEnding::Crlf => "crlf",
            LineEnding::Cr => "cr",
        };
        let encoding = match (summary.encoding.name(), summary.had_bom) {
            ("UTF-8", true) => "utf-8-sig",
            ("UTF-8", false) => "utf-8",
            ("UTF-16 (little-endian)", true) => "utf-16",
            (other, _) => other,
        };
        let ours = (
            Some(encoding.to_owned()),
            Some(char::from(delimiter)),
            Some(ending.to_owned()),
            Some(summary.columns.len()),
            Some(summary.data_rows),
            Some(summary.blank_rows),
        );
        let theirs = (
            found.encoding,
            found.delimiter,
            found.line_ending,
            found.columns,
            found.data_rows,
            found.blank_rows,
        );
        assert_eq!(ours, theirs, "{}", found.file);
    }
}

#[test]
fn what_is_no_list_of_deals_is_refused_with_a_reason_and_a_way_out() {
    let mut table = String::new();
    for (name, bytes) in every_fixture() {
        match Export::open(&bytes, &options()) {
            Ok(_) => continue,
            Err(ReadError::Refused { refusal, summary }) => {
                let recognised = &summary.recognised;
                let why = recognised.why.join(", ");
                let what =
                    format!("{:?} {:?} ({:?})", recognised.system, recognised.object, recognised.confidence);
                writeln!(table, "{name}\n    {what}: {refusal} [{why}]").unwrap();
            }
            Err(error) => {
                writeln!(table, "{name}\n    line {:?}: {error}. {}", error.line(), error.hint()).unwrap()
            }
        }
    }
    insta::assert_snapshot!(table);
}

#[test]
fn what_is_a_list_of_deals_is_read_as_a_person_would_read_it() {
    for (name, bytes) in every_fixture() {
        if let Ok(export) = Export::open(&bytes, &options()) {
            insta::assert_snapshot!(name.replace(['/', '.'], "-"), told(&export));
        }
    }
}

#[test]
fn rejected_rows_are_written_as_they_were_with_what_is_wrong_beside_them() {
    for name in
        ["bad-cells.csv", "notes-of-many-lines.csv", "saved-by-a-spreadsheet.csv", "query-result.json"]
    {
        let bytes = fixture(&format!("own/{name}"));
        let export = Export::open(&bytes, &options()).unwrap();
        let rejects: Vec<Reject> = export.rows().filter_map(Result::err).collect();
        let mut writer = RejectsWriter::new(&export, Vec::new()).unwrap();
        for reject in &rejects {
            writer.write(reject).unwrap();
        }
        let file = writer.finish().unwrap();
        insta::assert_snapshot!(
            format!("rejects-{}", name.replace('.', "-")),
            String::from_utf8(file.clone()).unwrap()
        );
        // Come back unmended, the same rows are refused for the same reasons.
        let again = Export::open(&file, &options()).unwrap();
        let second: Vec<Reject> = again.rows().filter_map(Result::err).collect();
        let reasons = |rejects: &[Reject]| -> Vec<Vec<String>> {
            let of =
                |reject: &Reject| reject.faults.iter().map(|fault| fault.reason.code().to_owned()).collect();
            rejects.iter().map(of).collect()
        };
        let expected: Vec<Vec<String>> = reasons(&rejects)
            .into_iter()
            // A loose quote is gone once the row is written properly.
            .filter(|codes| codes.iter().any(|code| code != "loose-quote"))
            .collect();
        assert_eq!(reasons(&second), expected, "{name}");
    }
}

/// An export as text: what was found, the first deals, every reject.
fn told(export: &Export<'_>) -> String {
    let summary = export.summary();
    let mut text = String::new();
    let recognised = &summary.recognised;
    writeln!(
        text,
        "{:?} {:?} ({:?}): {}",
        recognised.system,
        recognised.object,
        recognised.confidence,
        recognised.why.join(", ")
    )
    .unwrap();
    writeln!(
        text,
        "{:?}, {}, header on line {}",
        summary.format,
        summary.encoding.name(),
        summary.header_line
    )
    .unwrap();
    writeln!(text, "{} rows, {} blank", summary.data_rows, summary.blank_rows).unwrap();
    for column in &summary.columns {
        if let Some(field) = column.field {
            writeln!(text, "  {field} <- {}", column.column.name).unwrap();
        }
    }
    for note in &summary.notes {
        writeln!(text, "- {note}").unwrap();
    }
    let (mut deals, mut rejects) = (Vec::<DealRow>::new(), Vec::new());
    for row in export.rows() {
        match row {
            Ok(deal) => deals.push(deal),
            Err(reject) => rejects.push(reject),
        }
    }
    writeln!(text, "{} deals, {} rejects", deals.len(), rejects.len()).unwrap();
    for deal in deals.iter().take(6) {
        writeln!(text, "{}", one_line(deal)).unwrap();
    }
    for reject in &rejects {
        for fault in &reject.faults {
            writeln!(text, "! {fault} -- {}", fault.hint()).unwrap();
        }
    }
    text
}

/// A deal as JSON without what is null.
fn one_line(deal: &DealRow) -> String {
    let mut value = serde_json::to_value(deal).unwrap();
    if let Some(map) = value.as_object_mut() {
        map.retain(|_, value| !value.is_null() && *value != serde_json::json!({}));
    }
    value.to_string()
}
