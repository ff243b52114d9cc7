//! The verbs as an OpenAPI 3.1 document.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};
use throughline_http::problem::KINDS;

use super::{
    Verb,
    schemas::{ROOT, Schemas, settle},
};

const ABOUT: &str = "Everything the pages do, for programs. Errors are problems (RFC 9457), each type explained at \
its address. Lists are paged: follow `next` until it is null. Times are RFC 3339 in UTC. A text somebody wrote is \
null in answers once its person asked to be forgotten. Send `Idempotency-Key` with whatever changes something, and \
sending it again is safe.";

/// The schema of every refusal. What is wrong with a gap is called a problem too, and is another thing.
const PROBLEM: &str = "ProblemDetails";

/// Makes the document.
pub fn document(verbs: &[Verb]) -> Value {
    let mut schemas = Schemas::new();
    let mut paths: BTreeMap<&str, Map<String, Value>> = BTreeMap::new();
    let mut tags: Vec<&str> = Vec::new();
    for verb in verbs {
        if !tags.contains(&verb.tag) {
            tags.push(verb.tag);
        }
        let operation = operation(verb, &mut schemas);
        paths.entry(verb.path.as_str()).or_default().insert(verb.method.to_owned(), operation);
    }
    let (mut components, apart) = schemas.finish();
    components.insert(PROBLEM.to_owned(), problem());
    let document = json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Throughline",
            "version": "1",
            "summary": "From sold to owned: deals, records, gates, handoffs.",
            "description": ABOUT,
            "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" },
        },
        "servers": [{ "url": "/" }],
        "security": [{ "token": [] }, { "session": [] }],
        "tags": tags.into_iter().map(|tag| json!({ "name": tag })).collect::<Vec<_>>(),
        "paths": paths,
        "components": {
            "securitySchemes": {
                "token": { "type": "http", "scheme": "bearer", "description": "An API token, `tl_…`: a role, narrowable to actions." },
                "session": { "type": "apiKey", "in": "cookie", "name": "__Host-throughline", "description": "The cookie of somebody signed in; over plain http it is called `throughline`." },
            },
            "schemas": components,
        },
    });
    pruned(settle(document, &apart))
}

/// Without the schemas nothing refers to: those that only gave parameters their names.
fn pruned(mut document: Value) -> Value {
    let mut used = BTreeSet::new();
    let mut fresh = BTreeSet::new();
    references(&document["paths"], &mut fresh);
    while let Some(name) = fresh.pop_first() {
        if used.insert(name.clone()) {
            references(&document["components"]["schemas"][&name], &mut fresh);
        }
    }
    if let Some(schemas) = document["components"]["schemas"].as_object_mut() {
        schemas.retain(|name, _| used.contains(name));
    }
    document
}

fn references(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(map) => {
            let to = map.get("$ref").and_then(Value::as_str);
            found.extend(to.and_then(|to| to.strip_prefix(ROOT)).map(str::to_owned));
            map.values().for_each(|held| references(held, found));
        }
        Value::Array(list) => list.iter().for_each(|held| references(held, found)),
        _ => {}
    }
}

fn operation(verb: &Verb, schemas: &mut Schemas) -> Value {
    let mut operation = Map::new();
    operation.insert("operationId".to_owned(), json!(verb.id));
    operation.insert("tags".to_owned(), json!([verb.tag]));
    let summary = if verb.summary.is_empty() { said_of_body(verb, schemas) } else { verb.summary.to_owned() };
    operation.insert("summary".to_owned(), json!(summary));
    if !verb.notes.is_empty() {
        operation.insert("description".to_owned(), json!(verb.notes));
    }
    if verb.open {
        operation.insert("security".to_owned(), json!([]));
    }
    if let Some(right) = verb.right {
        // For people: which right a role or a narrowed token needs. The access table says which roles have it.
        operation.insert("x-right".to_owned(), json!(right.name()));
    }
    let parameters = parameters(verb, schemas);
    if !parameters.is_empty() {
        operation.insert("parameters".to_owned(), Value::Array(parameters));
    }
    if let Some(body) = verb.body {
        let schema = schemas.input(body);
        let content = json!({ "application/json": { "schema": schema } });
        operation.insert("requestBody".to_owned(), json!({ "required": true, "content": content }));
    }
    if let Some(media) = verb.raw {
        let content = json!({ media: {} });
        operation.insert("requestBody".to_owned(), json!({ "required": true, "content": content }));
    }
    operation.insert("responses".to_owned(), responses(verb, schemas));
    Value::Object(operation)
}

/// What the body's type says of itself.
fn said_of_body(verb: &Verb, schemas: &mut Schemas) -> String {
    verb.body.map(|body| schemas.said_of(body)).unwrap_or_default()
}

fn parameters(verb: &Verb, schemas: &mut Schemas) -> Vec<Value> {
    let mut parameters = Vec::new();
    for (place, make) in [("path", verb.parts), ("query", verb.query), ("header", verb.headers)] {
        for (name, mut schema, required) in make.map(|make| schemas.properties(make)).unwrap_or_default() {
            let description =
                schema.as_object_mut().and_then(|schema| schema.remove("description")).unwrap_or_default();
            let mut parameter = json!({
                "name": name, "in": place, "required": required || place == "path",
                "description": description, "schema": schema,
            });
            if parameter["schema"]["type"] == "array" {
                parameter["style"] = json!("form");
                parameter["explode"] = json!(false);
            }
            parameters.push(parameter);
        }
    }
    let header = |name: &str, description: &str, schema: Value| json!({ "name": name, "in": "header", "required": false, "description": description, "schema": schema });
    if verb.keeps_answers() {
        let about = "Any text of your own, new for each request. The same request under the same key is done once within seven days, and its first answer given again.";
        let schema = json!({ "type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$" });
        parameters.push(header("Idempotency-Key", about, schema));
    }
    if verb.if_match {
        let about = "The `ETag` you read. It is done only if nothing has changed since.";
        let schema = json!({ "type": "string", "pattern": "^(\\*|\"[0-9]{1,18}\")$" });
        let mut parameter = header("If-Match", about, schema);
        parameter["required"] = json!(verb.must_match);
        parameters.push(parameter);
    }
    parameters
}

fn responses(verb: &Verb, schemas: &mut Schemas) -> Value {
    let mut responses = Map::new();
    for good in &verb.good {
        let description = if good.status == 204 { "Done." } else { "As asked." };
        let mut response = json!({ "description": description });
        if !good.media.is_empty() {
            let schema = good.schema.map_or(json!({ "type": "string" }), |make| schemas.output(make));
            response["content"] = json!({ good.media: { "schema": schema } });
        }
        if verb.etag {
            response["headers"] = json!({ "ETag": {
                "description": "The version, quoted.", "schema": { "type": "string", "pattern": "^\"[0-9]+\"$" },
            } });
        }
        responses.insert(good.status.to_string(), response);
    }
    let mut by_status: BTreeMap<u16, Vec<(&str, &str)>> = BTreeMap::new();
    for kind in verb.kinds() {
        if let Some((name, status, title, _)) = KINDS.iter().find(|(name, ..)| *name == kind) {
            by_status.entry(*status).or_default().push((name, title));
        }
    }
    for (status, kinds) in by_status {
        let told: Vec<String> = kinds.iter().map(|(name, title)| format!("`{name}`: {title}.")).collect();
        let mut response = json!({
            "description": told.join(" "),
            "content": { "application/problem+json": { "schema": { "$ref": format!("{ROOT}{PROBLEM}") } } },
        });
        if matches!(status, 429 | 503) {
            response["headers"] =
                json!({ "Retry-After": { "description": "Seconds.", "schema": { "type": "integer" } } });
        }
        responses.insert(status.to_string(), response);
    }
    Value::Object(responses)
}

fn problem() -> Value {
    let types: Vec<String> = KINDS.iter().map(|(name, ..)| format!("/problems/{name}")).collect();
    json!({
        "type": "object",
        "description": "What went wrong (RFC 9457). Further members depend on the type.",
        "required": ["type", "title", "status", "detail"],
        "properties": {
            "type": { "type": "string", "enum": types, "description": "Its address explains it." },
            "title": { "type": "string" },
            "status": { "type": "integer" },
            "detail": { "type": "string", "description": "What happened here, in a sentence." },
            "field": { "type": "string", "description": "Where an input does not fit: its path in the body." },
            "gaps": { "type": "array", "description": "At a shut gate: everything missing.", "items": { "$ref": "#/components/schemas/GapAnswer" } },
        },
    })
}
