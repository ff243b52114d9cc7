//! What stands around forms.

/// Somebody else changed the answer while it was being typed: both, side by side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    /// The field's label.
    pub label: String,
    /// What was typed here.
    pub mine: String,
    /// What the other has saved.
    pub theirs: String,
    /// Who that was, and when: `Jonas Weber, 14:02`.
    pub by: String,
    /// The version that holds theirs; saving mine over it names this one.
    pub version: u64,
    /// The page with theirs.
    pub href: String,
}
