//! Which sign parts the cells and which row names the columns, found by looking at the beginning of the text.

use serde::Serialize;

use crate::{
    limits::{PREAMBLE_ROWS, SAMPLE_BYTES, SAMPLE_ROWS, cut},
    text::scan::{Dialect, Record, Scanner},
};

/// The sign between cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(into = "char")]
pub enum Delimiter {
    /// `,`
    Comma,
    /// `;`, where the comma is needed for decimals.
    Semicolon,
    /// A tab.
    Tab,
    /// `|`
    Pipe,
}

impl Delimiter {
    /// All, the likelier first.
    pub const ALL: [Delimiter; 4] = [Delimiter::Comma, Delimiter::Semicolon, Delimiter::Tab, Delimiter::Pipe];

    /// The sign as a byte.
    pub fn byte(self) -> u8 {
        match self {
            Delimiter::Comma => b',',
            Delimiter::Semicolon => b';',
            Delimiter::Tab => b'\t',
            Delimiter::Pipe => b'|',
        }
    }

    /// The sign's name.
    pub fn name(self) -> &'static str {
        match self {
            Delimiter::Comma => "comma",
            Delimiter::Semicolon => "semicolon",
            Delimiter::Tab => "tab",
            Delimiter::Pipe => "pipe",
        }
    }
}

impl From<Delimiter> for char {
    fn from(delimiter: Delimiter) -> char {
        char::from(delimiter.byte())
    }
}

/// What the beginning of a text tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sniffed {
    pub delimiter: Delimiter,
    pub dialect: Dialect,
    /// Whether a `sep=` line says the delimiter.
    pub declared: bool,
    /// Byte and line where the header row begins.
    pub header_at: usize,
    pub header_line: u64,
    /// What stands before the header row, row by row.
    pub preamble: Vec<String>,
}

/// Looks at the beginning of a text; `known` says whether a cell is a column name that some CRM writes.
pub(crate) fn sniff(text: &str, known: &dyn Fn(&str) -> bool) -> Sniffed {
    let (start, declared) = declared_delimiter(text);
    let candidates: &[Delimiter] = declared.as_slice();
    let candidates = if candidates.is_empty() { &Delimiter::ALL } else { candidates };
    let line = if declared.is_some() { 2 } else { 1 };
    let mut best: Option<(Score, Sniffed)> = None;
    for delimiter in candidates {
        let padded = is_padded(&text[start..], delimiter.byte());
        let dialect = Dialect { delimiter: delimiter.byte(), padded };
        let sample = Sample::take(text, start, line, dialect);
        let (header, names) = sample.header(known);
        let score = Score { names: if names > 1 { names } else { 0 }, steadiness: sample.steadiness() };
        if best.as_ref().is_none_or(|(top, _)| score.beats(top)) {
            let row = sample.rows.get(header);
            let preamble = sample.rows[..header].iter().filter(|row| !row.filled.is_empty());
            let sniffed = Sniffed {
                delimiter: *delimiter,
                dialect,
                declared: declared.is_some(),
                header_at: row.map_or(start, |row| row.at),
                header_line: row.map_or(line, |row| row.line),
                preamble: preamble.map(|row| row.filled.join(" ")).collect(),
            };
            best = Some((score, sniffed));
        }
    }
    // There is always a candidate; a text without any reads as one column.
    best.map(|(_, sniffed)| sniffed).unwrap_or(Sniffed {
        delimiter: Delimiter::Comma,
        dialect: Dialect { delimiter: b',', padded: false },
        declared: false,
        header_at: start,
        header_line: line,
        preamble: Vec::new(),
    })
}

/// A first line such as `sep=;`, which Excel reads and writes.
fn declared_delimiter(text: &str) -> (usize, Option<Delimiter>) {
    let end = text.find(['\n', '\r']).unwrap_or(text.len());
    let line = text[..end].trim_matches('"');
    let sign = line.get(..4).filter(|start| start.eq_ignore_ascii_case("sep=")).and(line.get(4..));
    // A declared comma may be followed by the commas of a spreadsheet's empty cells.
    let sign = sign.and_then(|signs| signs.bytes().next());
    let Some(delimiter) = sign.and_then(|sign| Delimiter::ALL.into_iter().find(|known| known.byte() == sign))
    else {
        return (0, None);
    };
    let rest = &text[end..];
    let skipped = if rest.starts_with("\r\n") { 2 } else { rest.len().min(1) };
    (end + skipped, Some(delimiter))
}

/// Whether the first line that quotes anything puts blanks before its quotes.
fn is_padded(text: &str, delimiter: u8) -> bool {
    let line = text.lines().take(PREAMBLE_ROWS).find(|line| line.contains('"')).unwrap_or_default();
    let mut opened = line.as_bytes().windows(3).filter(|three| three[0] == delimiter && three[1] == b' ');
    opened.any(|three| three[2] == b'"')
}

struct SampleRow {
    at: usize,
    line: u64,
    width: usize,
    cells: Vec<String>,
    filled: Vec<String>,
}

struct Sample {
    rows: Vec<SampleRow>,
}

/// How well a delimiter fits.
#[derive(Clone, Copy)]
struct Score {
    names: usize,
    steadiness: f64,
}

impl Score {
    fn beats(self, other: &Score) -> bool {
        (self.names, self.steadiness) > (other.names, other.steadiness)
    }
}

impl Sample {
    fn take(text: &str, start: usize, line: u64, dialect: Dialect) -> Self {
        let mut scanner = Scanner::new(cut(text, start + SAMPLE_BYTES), start, line, dialect);
        let (mut rows, mut record) = (Vec::new(), Record::default());
        loop {
            let at = scanner.position();
            // A quote without an end is no matter here: the reading proper reports it.
            match scanner.advance(&mut record) {
                Ok(true) if rows.len() < SAMPLE_ROWS => rows.push(SampleRow {
                    at,
                    line: record.line,
                    width: record.width,
                    cells: record.cells.iter().take(200).map(|cell| cut(cell, 200).to_owned()).collect(),
                    filled: record.filled().take(20).map(|(_, cell)| cut(cell, 200).to_owned()).collect(),
                }),
                _ => break,
            }
        }
        Self { rows }
    }

    /// The commonest width of rows that hold something, and how many have it.
    fn usual_width(&self) -> (usize, usize) {
        let mut counts: Vec<(usize, usize)> = Vec::new();
        for row in self.rows.iter().filter(|row| !row.filled.is_empty()) {
            match counts.iter_mut().find(|(width, _)| *width == row.width) {
                Some((_, count)) => *count += 1,
                None => counts.push((row.width, 1)),
            }
        }
        counts.into_iter().max_by_key(|(width, count)| (*count, *width)).unwrap_or((1, 0))
    }

    /// High where most rows have the same, more than one, number of cells.
    fn steadiness(&self) -> f64 {
        let filled = self.rows.iter().filter(|row| !row.filled.is_empty()).count().max(1);
        let (width, count) = self.usual_width();
        if width < 2 {
            return 0.0;
        }
        let share = count as f64 / filled as f64;
        share * share * (width as f64).ln_1p()
    }

    /// The header row's number and how many of its cells are known names.
    fn header(&self, known: &dyn Fn(&str) -> bool) -> (usize, usize) {
        let filled: Vec<usize> =
            (0..self.rows.len()).filter(|at| !self.rows[*at].filled.is_empty()).collect();
        let names = |at: &usize| self.rows[*at].cells.iter().filter(|cell| known(cell)).count();
        let mut best = (0, 0);
        for at in filled.iter().take(PREAMBLE_ROWS) {
            let count = names(at);
            if count > best.1 {
                best = (*at, count);
            }
        }
        if best.1 > 1 {
            return best;
        }
        let (width, _) = self.usual_width();
        let usual =
            filled.iter().find(|at| self.rows[**at].width == width && self.rows[**at].filled.len() > 1);
        let at = usual.or(filled.first()).copied().unwrap_or(0);
        (at, self.rows.get(at).map_or(0, |_| names(&at)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::header::key;

    fn find(text: &str) -> Sniffed {
        let known = |cell: &str| ["id", "name", "stage", "amount", "closedate"].contains(&key(cell).as_str());
        sniff(text, &known)
    }

    #[test]
    fn decimals_do_not_pass_for_delimiters() {
        let found = find("Id;Name;Amount\n1;A, B & C;1,50\n2;D, E;2,50\n3;F, G;9,99\n");
        assert_eq!((found.delimiter, found.header_line), (Delimiter::Semicolon, 1));
        let found = find("colour;size\nred, dark;1,5\ngreen, pale;2,5\n");
        assert_eq!(found.delimiter, Delimiter::Semicolon);
    }

    #[test]
    fn quoted_cells_count_as_one() {
        let found = find("x|y\n\"a,b,c\"|1\n\"d,e,f\"|2\n");
        assert_eq!(found.delimiter, Delimiter::Pipe);
    }

    #[test]
    fn a_declared_delimiter_is_believed() {
        let found = find("sep=;\r\nId;Name\r\n1;a,b\r\n");
        assert_eq!((found.delimiter, found.declared, found.header_line), (Delimiter::Semicolon, true, 2));
        assert_eq!(found.header_at, 7);
    }

    #[test]
    fn lines_before_the_header_are_told_apart_from_it() {
        let found = find(
            "Won deals, all regions\n\n\"As of 1/2/2024\"\nId,Name,Stage,Amount\n1,A,Won,5\n2,B,Won,6\n",
        );
        assert_eq!((found.header_line, found.delimiter), (4, Delimiter::Comma));
        assert_eq!(found.preamble, ["Won deals all regions", "As of 1/2/2024"]);
    }

    #[test]
    fn an_unknown_header_is_the_first_row_as_wide_as_the_rest() {
        let found = find("a report\n\ncolour,size,shape\nred,1,round\ngreen,2,round\n");
        assert_eq!((found.header_line, found.preamble.len()), (3, 1));
        assert_eq!(find("one\ntwo\n").header_line, 1);
    }
}
