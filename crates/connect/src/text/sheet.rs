//! A file as a sheet: named columns and rows of cells, wherever they came from. Rows are walked over, never held.

use std::borrow::Cow;

use serde::Serialize;

use crate::{
    limits::COLUMNS,
    neutral,
    text::{
        decode::{DecodeError, Encoding, LineEnding, decode},
        header::key,
        scan::{Record, Scanner, Unclosed},
        sniff::{Delimiter, Sniffed, sniff},
        tree::{Tree, TreeError, looks_like},
    },
};

/// The columns a rejects file adds, in the form of [`key`].
pub(crate) const REJECT_COLUMNS: [&str; 4] = ["reject_line", "reject_column", "reject_reason", "reject_hint"];

/// What kind of file it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(tag = "format", rename_all = "lowercase")]
pub enum Format {
    /// Rows of cells.
    Csv {
        /// The sign between cells.
        delimiter: Delimiter,
        /// How lines end.
        line_ending: LineEnding,
    },
    /// A list of records.
    Json,
}

/// A column as the file names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Column {
    /// Its place, counted from 1.
    pub number: usize,
    /// Its name: as in the file, told apart where a name repeats (`Amount (2)`), `Column 7` where there is none.
    pub name: String,
    /// Whether the file names it.
    pub named: bool,
    #[serde(skip)]
    pub(crate) key: String,
    /// The name as it stands in the file.
    #[serde(skip)]
    pub(crate) written: String,
}

/// Why a file has no rows to read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SheetError {
    /// It is no text.
    #[error(transparent)]
    Decode(#[from] DecodeError),
    /// It is no usable JSON.
    #[error(transparent)]
    Tree(#[from] TreeError),
    /// A quote opens a cell and is never closed, so that nobody can say where the cell ends.
    #[error("line {line}: the quote that opens cell {cell} is never closed")]
    UnclosedQuote {
        /// Line of the quote, counted from 1.
        line: u64,
        /// Which cell of its row, counted from 1.
        cell: usize,
    },
    /// More columns than any export has.
    #[error("line {line} names {found} columns; at most {COLUMNS} are read")]
    TooManyColumns {
        /// Line of the header row.
        line: u64,
        /// How many there are.
        found: usize,
    },
}

impl SheetError {
    /// What the reader can do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            SheetError::Decode(error) => error.hint(),
            SheetError::Tree(error) => error.hint(),
            SheetError::UnclosedQuote { .. } => {
                "Look at that line in an editor: close the quote, or write each quote inside a quoted cell twice."
            }
            SheetError::TooManyColumns { .. } => "Export fewer columns.",
        }
    }

    /// The line it is about.
    pub fn line(&self) -> Option<u64> {
        match self {
            SheetError::Decode(error) => error.line(),
            SheetError::Tree(error) => error.line(),
            SheetError::UnclosedQuote { line, .. } | SheetError::TooManyColumns { line, .. } => Some(*line),
        }
    }
}

impl From<Unclosed> for SheetError {
    fn from(Unclosed { line, cell }: Unclosed) -> Self {
        SheetError::UnclosedQuote { line, cell }
    }
}

/// A file with its columns found.
#[derive(Debug, Clone)]
pub(crate) struct Sheet<'a> {
    text: Cow<'a, str>,
    pub encoding: Encoding,
    pub had_bom: bool,
    pub guessed: bool,
    pub line_ending: LineEnding,
    pub columns: Vec<Column>,
    /// Line of the header row; of the first record in JSON.
    pub header_line: u64,
    /// Whether the file is one of our own rejects files, come back.
    pub mended: bool,
    body: Body,
    /// Places of the columns a rejects file added, last first.
    dropped: Vec<usize>,
}

#[derive(Debug, Clone)]
enum Body {
    Rows { sniffed: Sniffed, start: usize, line: u64 },
    Records(Tree),
}

impl<'a> Sheet<'a> {
    /// Reads the header of a file; `known` says whether a cell is a column name that some CRM writes.
    pub fn open(bytes: &'a [u8], known: &dyn Fn(&str) -> bool) -> Result<Self, SheetError> {
        let decoded = decode(bytes)?;
        let mut sheet = Sheet {
            text: decoded.text,
            encoding: decoded.encoding,
            had_bom: decoded.had_bom,
            guessed: decoded.guessed,
            line_ending: decoded.line_ending,
            columns: Vec::new(),
            header_line: 1,
            mended: false,
            body: Body::Records(Tree::default()),
            dropped: Vec::new(),
        };
        if looks_like(&sheet.text) {
            let tree = Tree::find(&sheet.text)?;
            sheet.header_line = tree.line;
            sheet.columns = columns(tree.columns.iter().map(String::as_str));
            sheet.body = Body::Records(tree);
            return Ok(sheet);
        }
        let sniffed = sniff(&sheet.text, known);
        let mut scanner = Scanner::new(&sheet.text, sniffed.header_at, sniffed.header_line, sniffed.dialect);
        let mut header = Record::default();
        scanner.advance(&mut header)?;
        if header.width > COLUMNS {
            return Err(SheetError::TooManyColumns { line: header.line, found: header.width });
        }
        let (start, line) = (scanner.position(), scanner.line());
        let ours = |cell: &str| REJECT_COLUMNS.iter().position(|name| *name == cell.trim());
        sheet.mended = REJECT_COLUMNS.iter().all(|name| header.cells.iter().any(|cell| cell.trim() == *name));
        if sheet.mended {
            sheet.dropped =
                (0..header.cells.len()).rev().filter(|at| ours(&header.cells[*at]).is_some()).collect();
            mend(&mut header, &sheet.dropped);
        }
        let columns = columns(header.cells.iter().map(|cell| &**cell));
        sheet.columns = columns;
        sheet.header_line = header.line;
        sheet.body = Body::Rows { sniffed, start, line };
        Ok(sheet)
    }

    pub fn format(&self) -> Format {
        match &self.body {
            Body::Rows { sniffed, .. } => {
                Format::Csv { delimiter: sniffed.delimiter, line_ending: self.line_ending }
            }
            Body::Records(_) => Format::Json,
        }
    }

    /// What stands before the header row.
    pub fn preamble(&self) -> &[String] {
        match &self.body {
            Body::Rows { sniffed, .. } => &sniffed.preamble,
            Body::Records(_) => &[],
        }
    }

    /// Whether the file declares its delimiter in a line of its own.
    pub fn declares_delimiter(&self) -> bool {
        matches!(&self.body, Body::Rows { sniffed, .. } if sniffed.declared)
    }

    /// How many columns stand before the nameless ones at the end.
    pub fn named_width(&self) -> usize {
        self.columns.iter().rposition(|column| column.named).map_or(0, |at| at + 1)
    }

    /// Starts at the first row after the header.
    pub fn walk(&self) -> Walk<'_> {
        let (place, dropped) = match &self.body {
            Body::Rows { sniffed, start, line } => {
                (Place::Row(Scanner::new(&self.text, *start, *line, sniffed.dialect)), &self.dropped)
            }
            Body::Records(tree) => (Place::Record(tree, 0), &self.dropped),
        };
        Walk { text: &self.text, place, dropped, mended: self.mended, number: 0 }
    }
}

/// A place between two rows.
#[derive(Debug, Clone)]
pub(crate) struct Walk<'s> {
    text: &'s str,
    place: Place<'s>,
    dropped: &'s [usize],
    mended: bool,
    number: u64,
}

#[derive(Debug, Clone)]
enum Place<'s> {
    Row(Scanner<'s>),
    Record(&'s Tree, usize),
}

impl<'s> Walk<'s> {
    /// Reads the next row into `row`; false at the end.
    pub fn advance(&mut self, row: &mut Record<'s>) -> Result<bool, Unclosed> {
        let more = match &mut self.place {
            Place::Row(scanner) => scanner.advance(row)?,
            Place::Record(tree, number) => {
                let more = tree.read(self.text, *number, row);
                *number += 1;
                more
            }
        };
        self.number += 1;
        row.number = self.number;
        if more && self.mended {
            mend(row, self.dropped);
        }
        Ok(more)
    }
}

/// Takes off what a rejects file added: its columns and its apostrophes.
fn mend(row: &mut Record<'_>, dropped: &[usize]) {
    for at in dropped {
        if *at < row.cells.len() {
            row.cells.remove(*at);
            row.width -= 1;
        }
    }
    for cell in &mut row.cells {
        neutral::restore(cell);
    }
}

fn columns<'n>(names: impl Iterator<Item = &'n str>) -> Vec<Column> {
    let mut columns: Vec<Column> = Vec::new();
    let mut seen = std::collections::HashMap::<String, usize>::new();
    for (at, written) in names.enumerate() {
        let trimmed = written.trim_matches(|sign: char| sign.is_whitespace() || sign == '\u{FEFF}');
        let number = at + 1;
        let named = !trimmed.is_empty();
        let base = if named {
            trimmed.split_whitespace().collect::<Vec<_>>().join(" ")
        } else {
            format!("Column {number}")
        };
        let base = crate::limits::cut(&base, 255).to_owned();
        let turn = seen.entry(base.clone()).or_insert(0);
        *turn += 1;
        let name = if *turn > 1 { format!("{base} ({turn})") } else { base };
        columns.push(Column { number, name, named, key: key(trimmed), written: written.to_owned() });
    }
    columns
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open(text: &str) -> Result<Sheet<'_>, SheetError> {
        Sheet::open(text.as_bytes(), &|cell| ["Id", "Name"].contains(&cell))
    }

    fn names(sheet: &Sheet<'_>) -> Vec<String> {
        sheet.columns.iter().map(|column| column.name.clone()).collect()
    }

    #[test]
    fn columns_without_a_name_or_with_a_used_one_are_told_apart() {
        let sheet = open("Id,Name,,Name,\"two\nlines\",\n").unwrap();
        assert_eq!(names(&sheet), ["Id", "Name", "Column 3", "Name (2)", "two lines", "Column 6"]);
        assert_eq!(sheet.named_width(), 5);
    }

    #[test]
    fn a_mended_rejects_file_loses_what_the_rejects_file_added() {
        let sheet =
            open("Id,Name,reject_line,reject_column,reject_reason,reject_hint\n1,'=A1,3,Name,why,how\n")
                .unwrap();
        assert_eq!(names(&sheet), ["Id", "Name"]);
        let (mut walk, mut row) = (sheet.walk(), Record::default());
        assert_eq!(walk.advance(&mut row), Ok(true));
        assert_eq!((row.cells.as_slice(), row.width), (&["1".into(), "=A1".into()][..], 2));
    }

    #[test]
    fn a_thousand_columns_are_enough() {
        let wide = format!("Id,Name{}\n", ",x".repeat(COLUMNS));
        assert!(matches!(open(&wide), Err(SheetError::TooManyColumns { line: 1, .. })));
    }
}
