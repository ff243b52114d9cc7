//! A template is tried on samples before it is saved, so that what fails, fails in front of its author.

use serde::Serialize;

use super::{Written, engine, fault::TemplateError};
use crate::{Kind, samples};

/// A sample and what the template makes of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Checked {
    /// Which sample: one has everything, one as little as can be.
    pub sample: &'static str,
    /// What came out.
    pub written: Written,
}

/// Reads a template and writes every sample of its kind with it. Nothing is saved or sent.
pub fn check(kind: Kind, source: &str) -> Result<Vec<Checked>, TemplateError> {
    let mut engine = engine::empty()?;
    engine::add(&mut engine, kind, source)?;
    let mut all = Vec::new();
    for (sample, view) in samples::of(kind) {
        let written = engine::render(&engine, kind, &view)
            .unwrap_or_else(|| Err(TemplateError::at(1, "there is no such template")))
            .map_err(|fault| TemplateError { sample: Some(sample), ..fault })?;
        all.push(Checked { sample, written });
    }
    Ok(all)
}

/// The values a template of this kind can name, with an example of each: `("matter.due", "Tue 24 Nov 2026, …")`.
/// Lists are shown by their first element, as `brief.people[].name`.
pub fn variables(kind: Kind) -> Vec<(String, String)> {
    let mut found = Vec::new();
    if let Some((_, full)) = samples::of(kind).into_iter().next() {
        walk(String::new(), &minijinja::Value::from_serialize(&full), &mut found);
    }
    found
}

fn walk(path: String, value: &minijinja::Value, found: &mut Vec<(String, String)>) {
    use minijinja::value::ValueKind;
    match value.kind() {
        ValueKind::Map => {
            for key in value.try_iter().into_iter().flatten() {
                let name = if path.is_empty() { key.to_string() } else { format!("{path}.{key}") };
                if let Ok(inner) = value.get_item(&key) {
                    walk(name, &inner, found);
                }
            }
        }
        ValueKind::Seq => {
            if let Ok(first) = value.get_item_by_index(0)
                && !first.is_undefined()
            {
                walk(format!("{path}[]"), &first, found);
            }
        }
        _ => found.push((path, value.to_string().chars().take(80).collect())),
    }
}
