//! What holds for any bytes and any rows.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod common;

use common::{every_fixture, options};
use proptest::prelude::*;
use throughline_connect::{DealRow, Export, Reject, RejectsWriter, inspect};

fn drain(bytes: &[u8]) {
    let Ok(summary) = inspect(bytes, &options()) else { return };
    let Ok(export) = Export::open(bytes, &options()) else {
        assert!(summary.refusal.is_some());
        return;
    };
    for row in export.rows() {
        let line = row.as_ref().map_or_else(|reject| reject.line, |deal| deal.line);
        assert!(line >= summary.header_line);
        if let Err(reject) = row {
            assert!(!reject.faults.is_empty());
        }
    }
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        drain(&bytes);
    }

    #[test]
    fn any_text_below_a_header_is_read_or_refused(text in r#"([ -~äé€\n\r\t;,|"'/.:-]|Won|006bm00000LKJNNAA5|31/12/2024|1,5)*"#) {
        for header in ["Id,Name,StageName,CloseDate,Amount,Probability,LastModifiedDate\n", "Record ID;Deal Name;Deal Stage;Close Date;Deal owner\n"] {
            drain(format!("{header}{text}").as_bytes());
        }
    }

    #[test]
    fn any_json_is_read_or_refused(text in r#"[\[\]{}:, "a0e.+-]*"#) {
        drain(format!("{{\"records\":[{text}]}}").as_bytes());
        drain(format!("[{{{text}").as_bytes());
    }

    #[test]
    fn fixtures_with_bytes_knocked_out_are_read_or_refused(which in any::<prop::sample::Index>(), cuts in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8)) {
        let fixtures = every_fixture();
        let mut bytes = fixtures[which.index(fixtures.len())].1.clone();
        for (at, byte) in cuts {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        drain(&bytes);
        bytes.truncate(bytes.len() / 2);
        drain(&bytes);
    }

    #[test]
    fn well_formed_rows_come_back_from_the_rejects_file_as_they_went(
        rows in prop::collection::vec(any_row(), 1..12),
        delimiter in prop::sample::select(vec![b',', b';', b'\t', b'|']),
        marked in any::<bool>(),
    ) {
        let bytes = file(&rows, delimiter, marked);
        let export = Export::open(&bytes, &options()).unwrap();
        let deals: Vec<DealRow> = export.rows().map(|row| row.unwrap()).collect();
        prop_assert_eq!(deals.len(), rows.len());
        let mut writer = RejectsWriter::new(&export, Vec::new()).unwrap();
        for row in &rows {
            writer.write(&Reject { line: 1, faults: Vec::new(), cells: row.clone() }).unwrap();
        }
        let file = writer.finish().unwrap();
        prop_assert_eq!(file.starts_with("\u{FEFF}".as_bytes()), marked);
        let again = Export::open(&file, &options()).unwrap();
        let returned: Vec<DealRow> = again.rows().map(|row| row.unwrap()).collect();
        let without_line = |deals: Vec<DealRow>| deals.into_iter().map(|deal| DealRow { line: 0, ..deal }).collect::<Vec<_>>();
        prop_assert_eq!(without_line(returned), without_line(deals));
    }
}

const HEADER: [&str; 7] = ["Id", "Name", "StageName", "CloseDate", "Amount", "Description", "=Odd"];

fn any_row() -> impl Strategy<Value = Vec<String>> {
    let text = r#"['=+@\-]{0,3}[a-zé][a-zé ,;|"'\n\t=+-]{0,12}[a-z]"#;
    (
        "[A-Za-z0-9]{12}",
        text,
        prop::sample::select(vec!["Closed Won", "Prospecting", "=Won"]),
        prop::sample::select(vec!["", "2024-03-15", "2023-12-31T10:00:00Z"]),
        prop::sample::select(vec!["", "-5.00", "48000", "+12.50", "(3.00)"]),
        prop::option::of(text),
        prop::option::of(text),
    )
        .prop_map(|(id, name, stage, date, amount, description, odd)| {
            vec![
                format!("006{id}"),
                name,
                stage.to_owned(),
                date.to_owned(),
                amount.to_owned(),
                description.unwrap_or_default(),
                odd.unwrap_or_default(),
            ]
        })
}

/// The rows as a file.
fn file(rows: &[Vec<String>], delimiter: u8, marked: bool) -> Vec<u8> {
    let mut writer = csv::WriterBuilder::new().delimiter(delimiter).from_writer(Vec::new());
    writer.write_record(HEADER).unwrap();
    for row in rows {
        writer.write_record(row).unwrap();
    }
    let mut bytes = if marked { "\u{FEFF}".as_bytes().to_vec() } else { Vec::new() };
    bytes.extend(writer.into_inner().unwrap());
    bytes
}
