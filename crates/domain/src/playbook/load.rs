//! A playbook file is read: every complaint has its line and column, unknown keys are refused, hostile input is
//! bounded.
//!
//! What is no YAML or does not have the shape of a playbook is told alone, because nothing after it can be
//! trusted; what contradicts itself is told all at once. Absent on purpose: files; the caller brings the text.

mod errors;
pub mod place;

use super::{check, model::Playbook};
pub(super) use errors::meant;
use place::{Place, Tree};

/// Largest file read, in bytes.
pub const MAX_FILE: usize = 512 * 1024;
/// Most findings told of one file; the rest are counted.
pub const MAX_FINDINGS: usize = 100;
/// How deep lists and groups may nest; a playbook needs eight.
const MAX_DEPTH: usize = 24;
/// How many values a file may hold; the shipped ones hold under two thousand.
const MAX_NODES: usize = 40_000;

/// Something wrong in a playbook file, and where.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
pub struct Finding {
    /// Line, from 1.
    pub line: u64,
    /// Column, from 1, in characters.
    pub column: u64,
    /// What is wrong.
    pub reason: String,
    /// What to write instead.
    pub hint: Option<String>,
}

impl std::fmt::Display for Finding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}: {}", self.line, self.column, self.reason)?;
        match &self.hint {
            Some(hint) => write!(f, " ({hint})"),
            None => Ok(()),
        }
    }
}

impl Finding {
    /// On one line, whatever of the file the reason repeats.
    fn at(place: Place, reason: impl Into<String>) -> Self {
        let reason = reason.into().chars().take(400).map(|c| if c.is_control() { ' ' } else { c }).collect();
        Self { line: place.line, column: place.column, reason, hint: None }
    }

    /// Something wrong at a place, told on one line.
    pub(super) fn said(place: Place, reason: &str) -> Self {
        Self::at(place, reason)
    }

    fn hint(self, hint: impl Into<String>) -> Self {
        Self { hint: Some(hint.into()), ..self }
    }
}

/// Reads and checks a playbook.
///
/// # Errors
/// Everything that keeps the text from being a playbook, in the order of the file: a syntax error comes alone,
/// findings of the check come together.
pub fn load(source: &str) -> Result<Playbook, Vec<Finding>> {
    let playbook = read(source).map_err(|finding| vec![finding])?;
    let faults = check::check(&playbook);
    if faults.is_empty() {
        return Ok(playbook);
    }
    // Only a file with faults pays for being read twice.
    let tree = Tree::of(source);
    let mut findings: Vec<Finding> = faults
        .into_iter()
        .map(|fault| {
            let place = tree.place(&fault.path, fault.inside.as_ref());
            Finding { line: place.line, column: place.column, reason: fault.reason, hint: fault.hint }
        })
        .collect();
    findings.sort();
    findings.dedup();
    if findings.len() > MAX_FINDINGS {
        let more = findings.len() - MAX_FINDINGS;
        findings.truncate(MAX_FINDINGS);
        let end = findings.last().map_or(Place::START, |last| Place { line: last.line, column: last.column });
        findings.push(Finding::at(end, format!("and {more} more below")).hint("mend these and check again"));
    }
    Err(findings)
}

/// Reads the document without checking what holds across it.
pub(super) fn read(source: &str) -> Result<Playbook, Finding> {
    if source.len() > MAX_FILE {
        let reason = format!("the file has {} bytes; a playbook has at most {MAX_FILE}", source.len());
        return Err(Finding::at(Place::START, reason));
    }
    if let Some((at, found)) = invisible(source) {
        let reason = format!("an invisible control character (U+{:04X}) stands here", u32::from(found));
        return Err(
            Finding::at(Place::of(source, at), reason).hint("delete it; a playbook is plain text in UTF-8")
        );
    }
    serde_saphyr::from_str_with_options(source, options()).map_err(|error| errors::finding(source, &error))
}

/// The first character no text editor shows. Told here because parsers differ in where they notice one; a lone
/// carriage return would count as a line for some.
fn invisible(source: &str) -> Option<(usize, char)> {
    let bytes = source.as_bytes();
    source.char_indices().find(|(at, c)| match c {
        '\n' | '\t' => false,
        '\r' => bytes.get(at + 1) != Some(&b'\n'),
        other => other.is_control(),
    })
}

fn options() -> serde_saphyr::Options {
    serde_saphyr::options! {
        duplicate_keys: serde_saphyr::options::DuplicateKeyPolicy::Error,
        merge_keys: serde_saphyr::options::MergeKeyPolicy::Error,
        strict_booleans: true,
        reject_unsupported_tags: true,
        with_snippet: false,
        budget: serde_saphyr::budget! {
            max_depth: MAX_DEPTH,
            flow_nesting_limit: MAX_DEPTH,
            max_nodes: MAX_NODES,
            max_events: 3 * MAX_NODES,
            max_total_scalar_bytes: MAX_FILE,
            max_aliases: 0,
            max_anchors: 0,
            max_merge_keys: 0,
        },
    }
}
