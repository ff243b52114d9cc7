//! Answers on standard output: for people, or as JSON.

use std::io::Write as _;

use serde::Serialize;

use crate::failure::Failure;

/// How a command answers.
#[derive(Debug, Clone, Copy)]
pub struct Out {
    /// As JSON.
    pub json: bool,
}

impl Out {
    /// One line for people; nothing in JSON.
    pub fn line(self, text: impl std::fmt::Display) -> Result<(), Failure> {
        if self.json { Ok(()) } else { self.raw(format_args!("{text}\n")) }
    }

    /// One line for people that is about the answer and no part of it, on standard error; nothing in JSON.
    pub fn note(self, text: impl std::fmt::Display) -> Result<(), Failure> {
        if self.json { Ok(()) } else { Ok(writeln!(std::io::stderr().lock(), "{text}")?) }
    }

    /// A value for programs; nothing for people.
    pub fn value(self, value: &impl Serialize) -> Result<(), Failure> {
        if !self.json {
            return Ok(());
        }
        let text =
            serde_json::to_string_pretty(value).map_err(|why| Failure::unreachable(why.to_string()))?;
        self.raw(format_args!("{text}\n"))
    }

    /// Text as it is, in either form.
    pub fn raw(self, text: impl std::fmt::Display) -> Result<(), Failure> {
        let mut out = std::io::stdout().lock();
        write!(out, "{text}")?;
        Ok(out.flush()?)
    }

    /// Rows in columns, aligned; the last column is not padded.
    pub fn table(self, rows: &[Vec<String>]) -> Result<(), Failure> {
        let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
        let width =
            |at: usize| rows.iter().filter_map(|row| row.get(at)).map(|cell| cell.chars().count()).max();
        let widths: Vec<usize> = (0..columns).map(|at| width(at).unwrap_or(0)).collect();
        for row in rows {
            let mut line = String::new();
            for (at, cell) in row.iter().enumerate() {
                line.push_str(cell);
                if at + 1 < row.len() {
                    let gap = widths[at] - cell.chars().count() + 2;
                    line.extend(std::iter::repeat_n(' ', gap));
                }
            }
            self.line(line.trim_end())?;
        }
        Ok(())
    }
}
