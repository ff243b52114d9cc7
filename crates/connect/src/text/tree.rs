//! JSON exports: a list of records, or an object that holds one, each record flattened into columns named by path
//! (`Account.Name`). Records are cut out of the text and read one at a time.

use std::{borrow::Cow, collections::HashMap, fmt};

use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, Visitor},
};
use serde_json::value::RawValue;

use crate::{
    limits::COLUMNS,
    text::{decode::count_lines, scan::Record},
};

/// Objects inside objects that become columns; deeper ones are kept as text.
const DEPTH: usize = 6;
/// Under which names exports keep their list of records.
const LISTS: &[&str] = &["records", "results", "data", "items", "value"];
/// Under which names exports keep the object that keeps the list.
const WRAPPERS: &[&str] = &["result", "response", "data"];

/// Where a record stands in the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Span {
    start: usize,
    end: usize,
    line: u64,
}

/// The records of a JSON text and the columns they have together, in order of appearance.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Tree {
    spans: Vec<Span>,
    pub columns: Vec<String>,
    index: HashMap<String, usize>,
    pub line: u64,
}

/// Why a JSON text cannot be read as records.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TreeError {
    /// The text is no valid JSON.
    #[error("line {line}, character {column}: this is not valid JSON ({what})")]
    Syntax {
        /// Counted from 1.
        line: u64,
        /// Counted from 1.
        column: u64,
        /// What the parser says.
        what: String,
    },
    /// Valid JSON without a list of records.
    #[error("this JSON holds no list of records")]
    NoRecords,
    /// Something in the list is no record.
    #[error("line {line}: this entry of the list is not an object")]
    NotARecord {
        /// Counted from 1.
        line: u64,
    },
    /// More columns than any export has.
    #[error("the records have more than {COLUMNS} different columns")]
    TooManyColumns,
}

impl TreeError {
    /// What the reader can do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            TreeError::Syntax { .. } => "Export again; a file that was cut off while saving ends like this.",
            TreeError::NoRecords | TreeError::NotARecord { .. } => {
                "Expected is {\"records\": [{…}, {…}]}, as data tree exports and API answers have it."
            }
            TreeError::TooManyColumns => "Export fewer fields.",
        }
    }

    /// The line it is about.
    pub fn line(&self) -> Option<u64> {
        match self {
            TreeError::Syntax { line, .. } | TreeError::NotARecord { line } => Some(*line),
            TreeError::NoRecords | TreeError::TooManyColumns => None,
        }
    }
}

/// Whether a text is JSON rather than rows: it begins with a bracket that opens an object or a list of them.
pub(crate) fn looks_like(text: &str) -> bool {
    let mut signs = text.bytes().filter(|byte| !byte.is_ascii_whitespace());
    matches!((signs.next(), signs.next()), (Some(b'{'), Some(b'"' | b'}')) | (Some(b'['), Some(b'{' | b']')))
}

impl Tree {
    /// Finds the records of a text.
    ///
    /// # Errors
    /// [`TreeError`] where it is no JSON or holds no records.
    pub fn find(text: &str) -> Result<Self, TreeError> {
        let root: &RawValue = serde_json::from_str(text).map_err(syntax)?;
        let records = records(root, 0)?.ok_or(TreeError::NoRecords)?;
        let mut tree = Tree {
            spans: Vec::with_capacity(records.len()),
            columns: Vec::new(),
            index: HashMap::new(),
            line: 1,
        };
        let (mut line, mut counted) = (1, 0);
        for raw in records {
            // The raw value borrows from `text`, so its place is the distance between the two.
            let start = (raw.get().as_ptr() as usize).saturating_sub(text.as_ptr() as usize);
            line += text.get(counted..start).map_or(0, count_lines);
            counted = start;
            let span = Span { start, end: start + raw.get().len(), line };
            if !raw.get().starts_with('{') {
                return Err(TreeError::NotARecord { line });
            }
            tree.learn(raw)?;
            tree.spans.push(span);
        }
        tree.line = tree.spans.first().map_or(1, |span| span.line);
        Ok(tree)
    }

    fn learn(&mut self, raw: &RawValue) -> Result<(), TreeError> {
        let mut fault = Ok(());
        flatten(raw.get(), String::new(), 0, &mut |path, _| {
            if !self.index.contains_key(&path) {
                if self.columns.len() == COLUMNS {
                    fault = Err(TreeError::TooManyColumns);
                    return;
                }
                self.index.insert(path.clone(), self.columns.len());
                self.columns.push(path);
            }
        });
        fault
    }

    /// Reads record number `number` into `record`; false when there is none.
    pub fn read<'a>(&self, text: &'a str, number: usize, record: &mut Record<'a>) -> bool {
        let Some(span) = self.spans.get(number) else { return false };
        *record = Record { line: span.line, ..Record::default() };
        record.cells.resize(self.columns.len(), Cow::Borrowed(""));
        record.width = self.columns.len();
        if let Some(part) = text.get(span.start..span.end) {
            flatten(part, String::new(), 0, &mut |path, value| {
                if let Some(cell) = self.index.get(&path).and_then(|at| record.cells.get_mut(*at)) {
                    *cell = value;
                }
            });
        }
        true
    }
}

fn syntax(error: serde_json::Error) -> TreeError {
    let said = error.to_string();
    let what = said.rsplit_once(" at line ").map_or(said.clone(), |(what, _)| what.to_owned());
    TreeError::Syntax { line: error.line() as u64, column: error.column() as u64, what }
}

fn records(raw: &RawValue, depth: usize) -> Result<Option<Vec<&RawValue>>, TreeError> {
    if raw.get().starts_with('[') {
        return serde_json::from_str(raw.get()).map(Some).map_err(syntax);
    }
    let Ok(Pairs(pairs)) = serde_json::from_str(raw.get()) else { return Ok(None) };
    for name in LISTS {
        if let Some((_, list)) = pairs.iter().find(|(key, list)| key == name && list.get().starts_with('[')) {
            return records(list, depth);
        }
    }
    for name in WRAPPERS {
        if let Some((_, inner)) =
            pairs.iter().find(|(key, inner)| key == name && inner.get().starts_with('{'))
            && depth < 3
        {
            return records(inner, depth + 1);
        }
    }
    Ok(None)
}

/// Calls `leaf` with path and text of everything in an object that is no object itself.
fn flatten<'a>(object: &'a str, prefix: String, depth: usize, leaf: &mut dyn FnMut(String, Cow<'a, str>)) {
    let Ok(Pairs(pairs)) = serde_json::from_str::<Pairs<'a>>(object) else { return };
    for (key, value) in pairs {
        let path = if prefix.is_empty() { key } else { format!("{prefix}.{key}") };
        let value = value.get();
        match value.as_bytes().first() {
            Some(b'{') if depth < DEPTH => flatten(value, path, depth + 1, leaf),
            Some(b'"') => leaf(path, serde_json::from_str(value).map_or(Cow::Borrowed(value), Cow::Owned)),
            Some(b'n') => leaf(path, Cow::Borrowed("")),
            Some(b'-' | b'0'..=b'9') if value.contains(['e', 'E']) => leaf(path, written_out(value)),
            _ => leaf(path, Cow::Borrowed(value)),
        }
    }
}

/// `1e6` in JSON is a number like any other, not one that a spreadsheet has shortened.
fn written_out(number: &str) -> Cow<'_, str> {
    match number.parse::<f64>() {
        Ok(value) if value.abs() < 1e18 => Cow::Owned(value.to_string()),
        _ => Cow::Borrowed(number),
    }
}

/// The members of an object in the order written.
struct Pairs<'a>(Vec<(String, &'a RawValue)>);

impl<'de> Deserialize<'de> for Pairs<'de> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct InOrder;
        impl<'de> Visitor<'de> for InOrder {
            type Value = Pairs<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut pairs = Vec::new();
                while let Some(pair) = map.next_entry()? {
                    pairs.push(pair);
                }
                Ok(Pairs(pairs))
            }
        }
        from.deserialize_map(InOrder)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(text: &str) -> Vec<(u64, Vec<String>)> {
        let tree = Tree::find(text).unwrap();
        let mut record = Record::default();
        (0..)
            .take_while(|number| tree.read(text, *number, &mut record).then_some(()).is_some())
            .map(|number| {
                let mut record = Record::default();
                tree.read(text, number, &mut record);
                (record.line, record.cells.iter().map(|cell| cell.to_string()).collect())
            })
            .collect()
    }

    #[test]
    fn records_become_rows_whose_columns_are_paths() {
        let text = "{\n \"records\": [\n  {\"attributes\": {\"type\": \"Opportunity\"}, \"Amount\": 12.50},\n\n  {\"Name\": \"B\\u00fccher\", \"Amount\": null, \"Tags\": [1, 2]}\n ]\n}";
        let tree = Tree::find(text).unwrap();
        assert_eq!(tree.columns, ["attributes.type", "Amount", "Name", "Tags"]);
        assert_eq!(
            cells(text),
            [
                (3, vec!["Opportunity".into(), "12.50".into(), String::new(), String::new()]),
                (5, vec![String::new(), String::new(), "Bücher".into(), "[1, 2]".into()]),
            ]
        );
    }

    #[test]
    fn a_list_alone_and_a_wrapped_list_are_found() {
        for text in
            [r#"[{"Id": "1"}]"#, r#"{"status": 0, "result": {"totalSize": 1, "records": [{"Id": "1"}]}}"#]
        {
            assert_eq!(cells(text), [(1, vec!["1".to_owned()])], "{text}");
        }
    }

    #[test]
    fn what_holds_no_records_says_so_with_its_place() {
        assert!(matches!(Tree::find("{\"a\": 1}"), Err(TreeError::NoRecords)));
        assert!(matches!(Tree::find("[{},\n3]"), Err(TreeError::NotARecord { line: 2 })));
        assert!(matches!(Tree::find("{\"records\": [\n{\"Id\": "), Err(TreeError::Syntax { line: 2, .. })));
    }

    #[test]
    fn deep_nesting_ends_somewhere() {
        let deep = format!("[{}1{}]", "{\"a\":".repeat(5_000), "}".repeat(5_000));
        assert!(Tree::find(&deep).is_ok_and(|tree| tree.columns.len() == 1) || Tree::find(&deep).is_err());
    }
}
