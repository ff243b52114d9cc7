//! The JSON Schema of a playbook, for editors that complete and underline while somebody writes one.
//!
//! Generated from the types that read the file, so it cannot lag behind. Absent on purpose: what must hold across
//! the document; a schema cannot say it, the check does.

use serde_json::Value;

use super::Playbook;

/// The schema's name for programs.
pub const ID: &str = "urn:throughline:playbook";

/// The schema of a playbook file.
pub fn json_schema() -> Value {
    let mut schema = schemars::schema_for!(Playbook);
    schema.insert("$id".to_owned(), ID.into());
    schema.insert("title".to_owned(), "Throughline playbook".into());
    schema.insert(
        "description".to_owned(),
        "A company's whole handoff process from sales to customer success as one document.".into(),
    );
    schema.to_value()
}
