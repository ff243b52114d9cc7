//! Requests made from the document alone: the least a schema takes, and addresses that lead somewhere.

use serde_json::{Map, Value, json};

use super::Place;

/// An operation of the document.
pub struct Operation {
    pub method: String,
    pub path: String,
    pub id: String,
    pub right: Option<String>,
    pub open: bool,
    pub spec: Value,
}

/// Every operation.
pub fn operations(document: &Value) -> Vec<Operation> {
    let mut found = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, spec) in methods.as_object().unwrap() {
            found.push(Operation {
                method: method.clone(),
                path: path.clone(),
                id: spec["operationId"].as_str().unwrap().to_owned(),
                right: spec["x-right"].as_str().map(str::to_owned),
                open: spec["security"].as_array().is_some_and(Vec::is_empty),
                spec: spec.clone(),
            });
        }
    }
    found
}

impl Operation {
    /// The schema of its body.
    pub fn body(&self) -> Option<&Value> {
        self.spec["requestBody"]["content"]["application/json"].get("schema")
    }

    /// Whether what it leads to may not be there, however much may be done: a token, a session to end, a meeting.
    pub fn is_vague(&self, path: &str) -> bool {
        matches!(
            self.id.as_str(),
            "getMeetingFile"
                | "getPlaybookDraft"
                | "previewPlaybookDraft"
                | "publishPlaybookDraft"
                | "showSample"
                | "removeSample"
        ) || path.contains(&uuid::Uuid::nil().to_string())
    }

    pub fn declares(&self, status: u16) -> bool {
        self.spec["responses"].get(status.to_string()).is_some()
    }

    /// Its address at a place.
    pub fn at(&self, place: &Place) -> String {
        let id = if self.path.contains("/handoffs/{id}") {
            place.handoff.to_string()
        } else if self.path.contains("/accounts/") {
            place.account.to_string()
        } else if self.id == "mapPerson" {
            place.stub.to_string()
        } else if self.path.contains("/people/") {
            place.person(throughline_domain::Role::Finance).to_string()
        } else {
            uuid::Uuid::nil().to_string()
        };
        let query = match self.id.as_str() {
            "diffPlaybook" => "?from=1".to_owned(),
            "findHolidays" => "?country=DE".to_owned(),
            "search" => "?q=customer".to_owned(),
            "getRecapDraft" => "?call=kickoff".to_owned(),
            "receiveEvent" => format!("?org={}", place.org.slug),
            _ => String::new(),
        };
        // A source that is not there, so that who may remove one does not take it from the next.
        let name = if self.path.contains("/event-sources/") { id.as_str() } else { "default" };
        let external = if self.id == "openDeal" { "D-3" } else { "D-1" };
        let filled = self
            .path
            .replace("{id}", &id)
            .replace("{gate}", "handoff")
            .replace("{kind}", "offered")
            .replace("{name}", name)
            .replace("{source}", "crm")
            .replace("{mail}", &uuid::Uuid::nil().to_string())
            .replace("{person}", &uuid::Uuid::nil().to_string())
            .replace("{file}", "kickoff.ics")
            .replace("{external_id}", external);
        format!("{filled}{query}")
    }

    /// A body that fits, at a place.
    pub fn fitting(&self, document: &Value, place: &Place) -> Option<Value> {
        let mut body = least(document, self.body()?);
        // What no schema can say: who exists, and which of two fields is meant.
        let csm = place.person(throughline_domain::Role::Csm).to_string();
        let fill = match self.id.as_str() {
            "checkGate" => json!({ "handoff_id": place.handoff, "intent": "preview" }),
            "nominate" => json!({ "csm": csm }),
            "offer" | "mapPerson" | "reassign" => json!({ "to": csm }),
            "reassignPerson" => json!({ "to": csm, "dry_run": true }),
            "takeOver" => json!({ "by": csm }),
            "invitePerson" | "changePerson" => json!({ "email": "new@ours.example" }),
            "grantPortal" => json!({ "email": "ines@customer.example" }),
            "invitePeople" => json!({ "lines": "Nora Falk, nora@ours.example, AE", "dry_run": true }),
            "setTeamCalendar" => json!({ "zone": "UTC" }),
            "saveView" => json!({ "query": "stage=offered" }),
            "setSeat" => json!({ "person": csm, "role": "se" }),
            _ => json!({}),
        };
        for (name, value) in fill.as_object().unwrap() {
            body[name] = value.clone();
        }
        Some(body)
    }
}

/// The schema a reference leads to.
pub fn resolved<'d>(document: &'d Value, schema: &'d Value) -> &'d Value {
    match schema["$ref"].as_str() {
        Some(to) => resolved(document, document.pointer(to.trim_start_matches('#')).unwrap()),
        None => schema,
    }
}

/// The least value a schema takes.
pub fn least(document: &Value, schema: &Value) -> Value {
    let schema = resolved(document, schema);
    if let Some(value) = schema.get("const") {
        return value.clone();
    }
    if let Some(values) = schema["enum"].as_array() {
        return values[0].clone();
    }
    for key in ["oneOf", "anyOf", "allOf"] {
        if let Some(first) = schema[key].as_array().and_then(|all| all.first()) {
            let mut value = least(document, first);
            merge(document, schema, &mut value);
            return value;
        }
    }
    let kind = match &schema["type"] {
        Value::Array(kinds) => kinds[0].as_str().unwrap_or("null"),
        kind => kind.as_str().unwrap_or("object"),
    };
    match kind {
        "object" => {
            let mut value = json!({});
            merge(document, schema, &mut value);
            value
        }
        "array" => {
            let wanted =
                schema["minItems"].as_u64().unwrap_or(if schema["uniqueItems"] == true { 1 } else { 0 });
            Value::Array((0..wanted).map(|_| least(document, &schema["items"])).collect())
        }
        "integer" | "number" => {
            schema["minimum"].as_f64().map_or(json!(1), |least| json!(least.max(1.0) as u64))
        }
        "boolean" => json!(true),
        "null" => Value::Null,
        _ => json!(text(schema)),
    }
}

fn merge(document: &Value, schema: &Value, value: &mut Value) {
    let required: Vec<&str> =
        schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let properties = schema["properties"].as_object().cloned().unwrap_or_else(Map::new);
    if let Some(map) = value.as_object_mut() {
        for (name, schema) in &properties {
            if required.contains(&name.as_str()) && !map.contains_key(name) {
                map.insert(name.clone(), least(document, schema));
            }
        }
    }
}

fn text(schema: &Value) -> String {
    match (schema["format"].as_str(), schema["pattern"].as_str()) {
        (Some("uuid"), _) => uuid::Uuid::nil().to_string(),
        (Some("date-time"), _) => "2026-03-01T10:00:00Z".to_owned(),
        (Some("date"), _) => "2026-03-01".to_owned(),
        (_, Some("^[A-Za-z]{3}$")) => "EUR".to_owned(),
        _ => "x".repeat(schema["minLength"].as_u64().unwrap_or(1).max(1) as usize),
    }
}
