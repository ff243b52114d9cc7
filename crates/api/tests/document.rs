//! The document says what the server does, and the server nothing else.

mod common;

use std::collections::BTreeSet;

use common::{
    World,
    sample::{operations, resolved},
};
use serde_json::Value;
use throughline_domain::handoff::Command;
use throughline_http::problem::KINDS;

const SNAPSHOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/openapi.json");

#[test]
fn the_document_checked_in_is_up_to_date() {
    let made = format!("{:#}\n", throughline_api::openapi());
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(SNAPSHOT, &made).unwrap();
    }
    let kept = std::fs::read_to_string(SNAPSHOT).unwrap_or_default();
    assert!(
        kept == made,
        "crates/api/openapi.json is not what the code says; run with UPDATE=1 and look at the difference"
    );
}

#[test]
fn every_command_but_those_of_deals_has_an_address() {
    let document = throughline_api::openapi();
    let mut routed: BTreeSet<String> = operations(&document)
        .into_iter()
        .filter(|operation| operation.method == "post")
        .filter_map(|operation| operation.path.strip_prefix("/api/v1/handoffs/{id}/").map(str::to_owned))
        .collect();
    // Erasing is no step of the process, so it is no command; neither is asking by mail. Who works along is a part of
    // a seat.
    for other in [
        "erasures",
        "plan/ask-by-mail",
        "plan/ask-by-mail/{mail}/take-back",
        "add-contributor",
        "remove-contributor",
    ] {
        assert!(routed.remove(other), "{other}");
    }
    let mut verbs: BTreeSet<String> = Command::VERBS.iter().map(|verb| (*verb).to_owned()).collect();
    assert!(verbs.remove("open") && verbs.remove("take-news"));
    // In the portal alone.
    verbs.retain(|verb| !throughline_domain::access::customers_alone(verb));
    assert_eq!(routed, verbs);
}

#[tokio::test]
async fn every_operation_is_routed_and_every_other_method_refused() {
    let world = World::new().await;
    let document = throughline_api::openapi();
    let all = operations(&document);
    for operation in &all {
        let path = operation.at(&world.ours);
        for method in ["get", "post", "put", "patch", "delete"] {
            let documented = all.iter().any(|one| one.path == operation.path && one.method == method);
            let got = world.ask("", method, &path, None).await;
            assert_eq!(got.status.as_u16() == 405, !documented, "{method} {path}: {}", got.status);
            if got.status.as_u16() == 405 {
                assert_eq!(got.kind(), "method-not-allowed");
                assert!(!got.header("allow").is_empty(), "{method} {path} names no allowed method");
            }
        }
    }
}

#[test]
fn operation_ids_are_unique_and_everything_is_told_of() {
    let document = throughline_api::openapi();
    let all = operations(&document);
    let ids: BTreeSet<&str> = all.iter().map(|operation| operation.id.as_str()).collect();
    assert_eq!(ids.len(), all.len());
    for operation in &all {
        let at = format!("{} {}", operation.method, operation.path);
        assert!(
            operation.spec["summary"].as_str().is_some_and(|told| told.ends_with(['.', ')'])),
            "{at} says nothing of itself"
        );
        for parameter in operation.spec["parameters"].as_array().into_iter().flatten() {
            assert!(
                parameter["description"].as_str().is_some_and(|told| !told.is_empty()),
                "{at}: {}",
                parameter["name"]
            );
        }
        let named: BTreeSet<&str> = operation.path.split(['{', '}']).skip(1).step_by(2).collect();
        let declared: BTreeSet<&str> = operation.spec["parameters"]
            .as_array()
            .into_iter()
            .flatten()
            .filter(|parameter| parameter["in"] == "path")
            .filter_map(|parameter| parameter["name"].as_str())
            .collect();
        assert_eq!(named, declared, "{at}");
    }
}

#[test]
fn every_reference_leads_somewhere_and_nothing_is_left_over() {
    let document = throughline_api::openapi();
    let mut used = BTreeSet::new();
    references(&document, &mut used);
    for to in &used {
        let found = document.pointer(to.trim_start_matches('#'));
        assert!(found.is_some(), "{to} leads nowhere");
        resolved(&document, found.unwrap());
    }
    for name in document["components"]["schemas"].as_object().unwrap().keys() {
        assert!(used.contains(&format!("#/components/schemas/{name}")), "{name} is used by nothing");
    }
}

#[test]
fn a_refusal_and_what_is_wrong_with_a_gap_are_two_schemas() {
    let document = throughline_api::openapi();
    let gap = &document["components"]["schemas"]["GapAnswer"]["properties"]["problem"];
    assert!(resolved(&document, gap)["oneOf"].is_array(), "{gap}");
    for operation in operations(&document) {
        let refusal = &operation.spec["responses"]["429"]["content"]["application/problem+json"]["schema"];
        assert!(resolved(&document, refusal)["properties"]["type"]["enum"].is_array(), "{}", operation.id);
    }
}

fn references(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(map) => {
            if let Some(to) = map.get("$ref").and_then(Value::as_str) {
                found.insert(to.to_owned());
            }
            map.values().for_each(|held| references(held, found));
        }
        Value::Array(list) => list.iter().for_each(|held| references(held, found)),
        _ => {}
    }
}

#[test]
fn the_page_of_every_problem_type_is_up_to_date() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/problems");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::create_dir_all(folder).unwrap();
        for (name, ..) in KINDS {
            std::fs::write(format!("{folder}/{name}.md"), throughline_http::problem::page(name).unwrap())
                .unwrap();
        }
    }
    let pages: BTreeSet<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap().file_name().to_string_lossy().trim_end_matches(".md").to_owned())
        .collect();
    let kinds: BTreeSet<String> = KINDS.iter().map(|(name, ..)| (*name).to_owned()).collect();
    assert_eq!(pages, kinds);
    for name in kinds {
        let kept = std::fs::read_to_string(format!("{folder}/{name}.md")).unwrap();
        assert_eq!(Some(kept), throughline_http::problem::page(&name), "run with UPDATE=1");
    }
}
