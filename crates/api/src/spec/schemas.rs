//! Schemas of what is sent and of what is answered, under one roof.
//!
//! The two differ: unknown fields are refused on the way in; erased texts are null and the process's own fields
//! are there on the way out. Where a type's two schemas differ, the one on the way in is called `…Input`.

use std::collections::BTreeSet;

use schemars::{Schema, SchemaGenerator, generate::SchemaSettings};
use serde_json::{Map, Value};

/// Where schemas are referred to.
pub(super) const ROOT: &str = "#/components/schemas/";
const INPUT: &str = "Input";

/// Two generators: for the way in and the way out.
pub(super) struct Schemas {
    input: SchemaGenerator,
    output: SchemaGenerator,
}

impl Schemas {
    pub(super) fn new() -> Self {
        let settings = || {
            SchemaSettings::draft2020_12().with(|settings| {
                settings.definitions_path = "/components/schemas".into();
                settings.meta_schema = None;
            })
        };
        Self {
            input: settings().for_deserialize().into_generator(),
            output: settings().for_serialize().into_generator(),
        }
    }

    pub(super) fn input(&mut self, make: fn(&mut SchemaGenerator) -> Schema) -> Value {
        marked(make(&mut self.input).to_value())
    }

    pub(super) fn output(&mut self, make: fn(&mut SchemaGenerator) -> Schema) -> Value {
        make(&mut self.output).to_value()
    }

    /// A type's sentence about itself.
    pub(super) fn said_of(&mut self, make: fn(&mut SchemaGenerator) -> Schema) -> String {
        self.resolved(make)["description"].as_str().unwrap_or_default().to_owned()
    }

    fn resolved(&mut self, make: fn(&mut SchemaGenerator) -> Schema) -> Value {
        let schema = make(&mut self.input).to_value();
        match schema.get("$ref").and_then(Value::as_str).and_then(|name| name.strip_prefix(ROOT)) {
            Some(name) => self.input.definitions().get(name).cloned().unwrap_or_default(),
            None => schema,
        }
    }

    /// An object's properties on the way in, with whether each is required: parameters are made of them.
    pub(super) fn properties(
        &mut self,
        make: fn(&mut SchemaGenerator) -> Schema,
    ) -> Vec<(String, Value, bool)> {
        let schema = self.resolved(make);
        let required: BTreeSet<&str> =
            schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let properties = schema["properties"].as_object().into_iter().flatten();
        properties
            .map(|(name, schema)| (name.clone(), marked(schema.clone()), required.contains(name.as_str())))
            .collect()
    }

    /// All definitions, and which of those marked as input are to be told apart; see [`settle`].
    pub(super) fn finish(mut self) -> (Map<String, Value>, BTreeSet<String>) {
        let input = self.input.take_definitions(true);
        let mut all = self.output.take_definitions(true);
        let mut apart: BTreeSet<String> = input
            .iter()
            .filter(|(name, schema)| all.get(*name).is_some_and(|other| other != *schema))
            .map(|(name, _)| name.clone())
            .collect();
        // What points to such a schema differs too.
        loop {
            let more: Vec<String> = input
                .iter()
                .filter(|(name, schema)| {
                    !apart.contains(*name) && all.contains_key(*name) && points_to(schema, &apart)
                })
                .map(|(name, _)| name.clone())
                .collect();
            if more.is_empty() {
                break;
            }
            apart.extend(more);
        }
        for (name, schema) in input {
            let name = if apart.contains(&name) { format!("{name}{INPUT}") } else { name };
            all.insert(name, settle(marked(schema), &apart));
        }
        all.sort_keys();
        (all, apart)
    }
}

fn points_to(schema: &Value, names: &BTreeSet<String>) -> bool {
    match schema {
        Value::Object(map) => map.iter().any(|(key, held)| match (key.as_str(), held.as_str()) {
            ("$ref", Some(to)) => to.strip_prefix(ROOT).is_some_and(|name| names.contains(name)),
            _ => points_to(held, names),
        }),
        Value::Array(list) => list.iter().any(|held| points_to(held, names)),
        _ => false,
    }
}

/// Marks references as being on the way in.
fn marked(schema: Value) -> Value {
    references(schema, &|to| format!("<{to}"))
}

/// Resolves the marks: to the schema of its own where there is one, else to the shared one.
pub(super) fn settle(schema: Value, apart: &BTreeSet<String>) -> Value {
    references(schema, &|to| match to.strip_prefix('<') {
        Some(plain) => match plain.strip_prefix(ROOT).filter(|name| apart.contains(*name)) {
            Some(_) => format!("{plain}{INPUT}"),
            None => plain.to_owned(),
        },
        None => to.to_owned(),
    })
}

fn references(schema: Value, change: &dyn Fn(&str) -> String) -> Value {
    match schema {
        Value::Object(map) => map
            .into_iter()
            .map(|(key, held)| match (key.as_str(), &held) {
                ("$ref", Value::String(to)) => (key, Value::String(change(to))),
                _ => (key, references(held, change)),
            })
            .collect(),
        Value::Array(list) => list.into_iter().map(|held| references(held, change)).collect(),
        other => other,
    }
}
