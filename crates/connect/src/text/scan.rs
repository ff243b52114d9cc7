//! Text into records, one at a time, with the line each began on.
//!
//! Written here rather than taken from a library because a person must find the row again: lines are counted over
//! every kind of line end and inside quoted cells, blank rows stay visible, and a quote that is never closed is an
//! error with a place instead of a cell that eats the rest of the file. The `csv` crate is the oracle in the tests.

use std::borrow::Cow;

use crate::limits::COLUMNS;

/// How cells are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Dialect {
    /// Between cells; ASCII.
    pub delimiter: u8,
    /// Whether blanks between delimiter and opening quote belong to nothing, as in `a, "b"`.
    pub padded: bool,
}

/// One row as it stands in the file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Record<'a> {
    /// Which row of its sheet it is, counted from 1: in JSON many may stand on one line.
    pub number: u64,
    /// The line it begins on, counted from 1.
    pub line: u64,
    /// Its cells, at most one more than [`COLUMNS`].
    pub cells: Vec<Cow<'a, str>>,
    /// How many cells it has in truth.
    pub width: usize,
    /// Whether text follows a closing quote: `"The "Best" Inc"`.
    pub loose_quote: bool,
}

impl<'a> Record<'a> {
    /// Whether every cell is blank.
    pub fn is_blank(&self) -> bool {
        self.cells.iter().all(|cell| cell.trim().is_empty())
    }

    /// The cells that hold something, with their places.
    pub fn filled(&self) -> impl Iterator<Item = (usize, &str)> {
        self.cells.iter().enumerate().map(|(at, cell)| (at, cell.trim())).filter(|(_, cell)| !cell.is_empty())
    }

    fn clear(&mut self, line: u64) {
        self.line = line;
        self.cells.clear();
        self.width = 0;
        self.loose_quote = false;
    }

    fn push(&mut self, cell: Cow<'a, str>) {
        self.width += 1;
        if self.cells.len() <= COLUMNS {
            self.cells.push(cell);
        }
    }
}

/// A quote that opens a cell and is never closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Unclosed {
    /// Line of the opening quote, counted from 1.
    pub line: u64,
    /// Which cell of the row, counted from 1.
    pub cell: usize,
}

/// Walks over the records of a text.
#[derive(Debug, Clone)]
pub(crate) struct Scanner<'a> {
    text: &'a str,
    at: usize,
    line: u64,
    dialect: Dialect,
}

enum End {
    Cell,
    Record,
}

impl<'a> Scanner<'a> {
    /// Starts at byte `at` of `text`, which is on line `line`.
    pub fn new(text: &'a str, at: usize, line: u64, dialect: Dialect) -> Self {
        Self { text, at, line, dialect }
    }

    /// The byte that follows what has been read.
    pub fn position(&self) -> usize {
        self.at
    }

    /// The line of what follows.
    pub fn line(&self) -> u64 {
        self.line
    }

    /// Reads the next record into `record`; false at the end.
    ///
    /// # Errors
    /// [`Unclosed`] where a quote is never closed.
    pub fn advance(&mut self, record: &mut Record<'a>) -> Result<bool, Unclosed> {
        record.clear(self.line);
        if self.at >= self.text.len() {
            return Ok(false);
        }
        while let End::Cell = self.cell(record)? {}
        Ok(true)
    }

    fn cell(&mut self, record: &mut Record<'a>) -> Result<End, Unclosed> {
        let bytes = self.text.as_bytes();
        let mut start = self.at;
        if self.dialect.padded {
            while bytes.get(start) == Some(&b' ') {
                start += 1;
            }
        }
        if bytes.get(start) == Some(&b'"') {
            self.at = start + 1;
            self.quoted(record)?;
        } else {
            let rest = &bytes[self.at..];
            let length = rest.iter().position(|byte| self.ends_cell(*byte)).unwrap_or(rest.len());
            record.push(Cow::Borrowed(&self.text[self.at..self.at + length]));
            self.at += length;
        }
        Ok(self.end_of_cell())
    }

    fn ends_cell(&self, byte: u8) -> bool {
        byte == self.dialect.delimiter || byte == b'\n' || byte == b'\r'
    }

    /// Reads from behind the opening quote to the delimiter or line end that follows the cell.
    fn quoted(&mut self, record: &mut Record<'a>) -> Result<(), Unclosed> {
        let bytes = self.text.as_bytes();
        let unclosed = Unclosed { line: self.line, cell: record.width + 1 };
        let mut owned: Option<String> = None;
        let mut from = self.at;
        loop {
            match bytes.get(self.at) {
                None => return Err(unclosed),
                Some(b'"') if bytes.get(self.at + 1) == Some(&b'"') => {
                    // A doubled quote stands for one.
                    owned.get_or_insert_default().push_str(&self.text[from..=self.at]);
                    self.at += 2;
                    from = self.at;
                }
                Some(b'"') => break,
                Some(b'\n') => {
                    self.line += 1;
                    self.at += 1;
                }
                Some(b'\r') => {
                    self.line += u64::from(bytes.get(self.at + 1) != Some(&b'\n'));
                    self.at += 1;
                }
                Some(_) => self.at += 1,
            }
        }
        let tail = &self.text[from..self.at];
        let mut cell = match owned {
            None => Cow::Borrowed(tail),
            Some(mut text) => {
                text.push_str(tail);
                Cow::Owned(text)
            }
        };
        self.at += 1;
        let rest = &bytes[self.at..];
        let length = rest.iter().position(|byte| self.ends_cell(*byte)).unwrap_or(rest.len());
        let after = &self.text[self.at..self.at + length];
        if !(after.is_empty() || self.dialect.padded && after.bytes().all(|byte| byte == b' ')) {
            record.loose_quote = true;
            cell.to_mut().push_str(after);
        }
        self.at += length;
        record.push(cell);
        Ok(())
    }

    fn end_of_cell(&mut self) -> End {
        let bytes = self.text.as_bytes();
        match bytes.get(self.at) {
            None => End::Record,
            Some(b'\r') if bytes.get(self.at + 1) == Some(&b'\n') => {
                self.at += 2;
                self.line += 1;
                End::Record
            }
            Some(b'\r' | b'\n') => {
                self.at += 1;
                self.line += 1;
                End::Record
            }
            Some(_) => {
                self.at += 1;
                End::Cell
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const COMMAS: Dialect = Dialect { delimiter: b',', padded: false };

    fn read(text: &str, dialect: Dialect) -> Result<Vec<(u64, Vec<String>)>, Unclosed> {
        let (mut scanner, mut record, mut out) =
            (Scanner::new(text, 0, 1, dialect), Record::default(), Vec::new());
        while scanner.advance(&mut record)? {
            out.push((record.line, record.cells.iter().map(|cell| cell.to_string()).collect()));
        }
        Ok(out)
    }

    fn row(line: u64, cells: &[&str]) -> (u64, Vec<String>) {
        (line, cells.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn lines_are_counted_over_cells_of_several_lines() {
        let text = "a,b\r\n\"one\r\ntwo\nthree\",x\r\n\r\n\"y\"\"\",\"z,\"";
        let rows = read(text, COMMAS).unwrap();
        assert_eq!(
            rows,
            [row(1, &["a", "b"]), row(2, &["one\r\ntwo\nthree", "x"]), row(5, &[""]), row(6, &["y\"", "z,"])]
        );
    }

    #[test]
    fn carriage_returns_alone_end_rows() {
        assert_eq!(read("a\rb\r\"c\rd\"\re", COMMAS).unwrap().last(), Some(&row(5, &["e"])));
    }

    #[test]
    fn a_quote_that_never_closes_is_named_by_line_and_cell() {
        assert_eq!(read("a,b\n1,\"two\n3,4\n", COMMAS), Err(Unclosed { line: 2, cell: 2 }));
    }

    #[test]
    fn text_after_a_closing_quote_is_kept_and_marked() {
        let mut record = Record::default();
        let mut scanner = Scanner::new("\"The \"Best\" Inc\",2\n\"fine\",3", 0, 1, COMMAS);
        assert_eq!(scanner.advance(&mut record), Ok(true));
        assert_eq!((record.loose_quote, &*record.cells[0]), (true, "The Best\" Inc\""));
        assert_eq!(scanner.advance(&mut record), Ok(true));
        assert!(!record.loose_quote);
    }

    #[test]
    fn blanks_before_a_quote_count_only_where_the_file_is_not_padded() {
        let text = "a, \"b, c\" , d";
        assert_eq!(read(text, COMMAS).unwrap(), [row(1, &["a", " \"b", " c\" ", " d"])]);
        let padded = Dialect { delimiter: b',', padded: true };
        assert_eq!(read(text, padded).unwrap(), [row(1, &["a", "b, c", " d"])]);
    }

    fn oracle(text: &str, delimiter: u8) -> Vec<Vec<String>> {
        csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(delimiter)
            .from_reader(text.as_bytes())
            .records()
            .map(|record| record.unwrap().iter().map(str::to_owned).collect())
            .collect()
    }

    proptest! {
        #[test]
        fn records_are_those_another_reader_finds(
            text in r#"([ab é",;\r\n\t]|"")*"#,
            delimiter in prop::sample::select(vec![b',', b';', b'\t', b'|']),
        ) {
            let Ok(rows) = read(&text, Dialect { delimiter, padded: false }) else { return Ok(()) };
            // The other reader leaves out lines without any cell.
            let rows: Vec<_> = rows.into_iter().map(|(_, cells)| cells).filter(|cells| cells != &[""]).collect();
            let others: Vec<_> = oracle(&text, delimiter).into_iter().filter(|cells| cells != &[""]).collect();
            prop_assert_eq!(rows, others);
        }

        #[test]
        fn any_row_begins_where_its_line_number_says(text in r#"[ab",\r\n]*"#) {
            let Ok(rows) = read(&text, COMMAS) else { return Ok(()) };
            for (line, cells) in rows {
                let mut start = 0;
                let mut left = line - 1;
                for (at, byte) in text.bytes().enumerate() {
                    if left == 0 { break }
                    if byte == b'\n' || (byte == b'\r' && text.as_bytes().get(at + 1) != Some(&b'\n')) {
                        left -= 1;
                        start = at + 1;
                    }
                }
                let first = cells[0].chars().next();
                let there = text[start..].chars().find(|character| *character != '"');
                prop_assert!(first.is_none() || first == Some('"') || first == there);
            }
        }
    }
}
