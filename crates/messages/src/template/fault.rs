//! Why a template is not taken: where, what, and what to do.

use serde::Serialize;

/// A fault of a template, located.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[error("line {line}{}: {reason}", column.map(|column| format!(", column {column}")).unwrap_or_default())]
pub struct TemplateError {
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1, where it is known.
    pub column: Option<usize>,
    /// What is wrong.
    pub reason: String,
    /// What to do about it.
    pub hint: Option<String>,
    /// The sample it failed on, when it can be read but not written.
    pub sample: Option<&'static str>,
}

impl TemplateError {
    pub(crate) fn at(line: usize, reason: impl Into<String>) -> Self {
        Self { line, column: None, reason: reason.into(), hint: None, sample: None }
    }

    pub(crate) fn column(mut self, column: usize) -> Self {
        self.column = Some(column);
        self
    }

    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}
