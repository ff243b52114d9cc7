//! Playbooks: listed, shown, checked, compared, drafted, published.

mod drafts;
mod read;
mod summary;
mod write;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use throughline_domain::playbook::{Finding, load::MAX_FILE};

use crate::spec::Verbs;

/// Which playbook.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct PlaybookPath {
    /// Its name, such as `default`.
    #[schemars(length(min = 1, max = 64))]
    pub name: String,
}

/// A playbook file.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// The file's text: YAML.
    #[schemars(length(max = MAX_FILE))]
    pub source: String,
}

/// Something wrong in a file, and where.
#[derive(Debug, Serialize, JsonSchema)]
pub struct FindingView {
    /// Line, from 1.
    pub line: u64,
    /// Column, from 1.
    pub column: u64,
    /// What is wrong.
    pub reason: String,
    /// What to write instead.
    pub hint: Option<String>,
}

impl From<Finding> for FindingView {
    fn from(finding: Finding) -> Self {
        Self { line: finding.line, column: finding.column, reason: finding.reason, hint: finding.hint }
    }
}

/// The verbs of playbooks.
pub fn add(verbs: &mut Verbs) {
    read::add(verbs);
    write::add(verbs);
    drafts::add(verbs);
}
