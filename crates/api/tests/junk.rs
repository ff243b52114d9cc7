//! Bad input everywhere gets a clear answer, and never a failure of ours.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod common;

use std::sync::OnceLock;

use axum::{body::Body, http::Request};
use common::{
    World,
    sample::{Operation, operations},
};
use proptest::prelude::*;
use serde_json::{Map, Value, json};
use throughline_domain::Role;

struct Bench {
    runtime: tokio::runtime::Runtime,
    world: World,
    document: Value,
    operations: Vec<Operation>,
}

fn bench() -> &'static Bench {
    static BENCH: OnceLock<Bench> = OnceLock::new();
    BENCH.get_or_init(|| {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let world = runtime.block_on(World::new());
        let document = throughline_api::openapi();
        let operations = operations(&document);
        Bench { runtime, world, document, operations }
    })
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,20}".prop_map(Value::from),
        Just(json!("9999-12-31T23:59:59Z")),
        Just(json!("-009999-01-01")),
        Just(json!("2026-13-45")),
        Just(json!("00000000-0000-0000-0000-000000000000")),
        Just(json!("x".repeat(9_000))),
        Just(json!("\u{0}\u{202e}<script>")),
        Just(json!(1e308)),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec(("[a-z_]{0,8}", inner), 0..4)
                .prop_map(|pairs| Value::Object(pairs.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

/// A fitting body with one of its values, at any depth, replaced.
fn spoiled(mut body: Value, place: usize, junk: Value) -> Value {
    let mut left = place % count(&body).max(1);
    replace(&mut body, &mut left, &junk);
    body
}

fn count(value: &Value) -> usize {
    1 + match value {
        Value::Object(map) => map.values().map(count).sum(),
        Value::Array(list) => list.iter().map(count).sum(),
        _ => 0,
    }
}

fn replace(value: &mut Value, left: &mut usize, junk: &Value) -> bool {
    if *left == 0 {
        *value = junk.clone();
        return true;
    }
    *left -= 1;
    match value {
        Value::Object(map) => map.values_mut().any(|held| replace(held, left, junk)),
        Value::Array(list) => list.iter_mut().any(|held| replace(held, left, junk)),
        _ => false,
    }
}

fn judge(operation: &Operation, got: &common::Got, sent: &str) -> Result<(), TestCaseError> {
    let status = got.status.as_u16();
    let at = format!("{} {} {sent}: {status} {}", operation.method, operation.path, got.text);
    prop_assert!(status < 500, "{at}");
    prop_assert!(operation.declares(status), "not in the document: {at}");
    if status >= 400 {
        prop_assert_eq!(got.header("content-type"), "application/problem+json", "{}", at);
        prop_assert!(got.json()["detail"].as_str().is_some_and(|told| !told.is_empty()), "{at}");
    }
    Ok(())
}

/// More cases than proptest's own number: each is one request. `PROPTEST_CASES` says otherwise.
fn config() -> ProptestConfig {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(600);
    ProptestConfig { cases, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn a_body_that_does_not_fit_is_refused_with_a_reason(
        which in any::<prop::sample::Index>(),
        place in any::<usize>(),
        junk in any_json(),
        whole in any::<bool>(),
        admin in any::<bool>(),
    ) {
        let bench = bench();
        let with_body: Vec<&Operation> = bench.operations.iter().filter(|operation| operation.body().is_some()).collect();
        let operation = with_body[which.index(with_body.len())];
        let fitting = operation.fitting(&bench.document, &bench.world.ours).unwrap();
        let body = if whole { junk } else { spoiled(fitting, place, junk) };
        let token = bench.world.ours.token(if admin { Role::Admin } else { Role::RevOps });
        let got = bench.runtime.block_on(bench.world.ask(token, &operation.method, &operation.at(&bench.world.ours), Some(body.clone())));
        judge(operation, &got, &body.to_string())?;
    }

    #[test]
    fn an_address_that_leads_nowhere_is_told_so(
        which in any::<prop::sample::Index>(),
        part in "[ -~]{0,30}|\\PC{0,10}",
        query in "[a-z]{0,6}=[ -~]{0,20}",
    ) {
        let bench = bench();
        let operation = &bench.operations[which.index(bench.operations.len())];
        let part = throughline_app::gates::escaped(&part);
        let path: String = operation.path.split('/').map(|one| if one.starts_with('{') { part.as_str() } else { one }).collect::<Vec<_>>().join("/");
        let query: String = query.split('=').map(throughline_app::gates::escaped).collect::<Vec<_>>().join("=");
        let path = format!("{path}?{query}");
        let token = bench.world.ours.token(Role::RevOps);
        let got = bench.runtime.block_on(bench.world.ask(token, &operation.method, &path, None));
        // A part left out makes another address.
        if got.status.as_u16() != 405 && got.status.as_u16() != 404 {
            judge(operation, &got, &path)?;
        }
        prop_assert!(got.status.as_u16() < 500, "{path}: {}", got.text);
    }

    #[test]
    fn bytes_that_are_no_json_are_refused(
        which in any::<prop::sample::Index>(),
        bytes in prop::collection::vec(any::<u8>(), 1..200),
        media in prop::sample::select(vec!["application/json", "text/plain", "application/x-www-form-urlencoded", ""]),
    ) {
        let bench = bench();
        let with_body: Vec<&Operation> = bench.operations.iter().filter(|operation| operation.body().is_some()).collect();
        let operation = with_body[which.index(with_body.len())];
        let mut request = Request::builder()
            .method(operation.method.to_uppercase().as_str())
            .uri(operation.at(&bench.world.ours))
            .header("authorization", format!("Bearer {}", bench.world.ours.token(Role::RevOps)));
        if !media.is_empty() {
            request = request.header("content-type", media);
        }
        let got = bench.runtime.block_on(bench.world.send(request.body(Body::from(bytes)).unwrap()));
        judge(operation, &got, media)?;
        prop_assert!(got.status.is_client_error());
    }
}

#[tokio::test]
async fn a_body_too_large_is_told_so_on_every_address() {
    let world = World::new().await;
    let document = throughline_api::openapi();
    let large = json!({ "filler": "x".repeat(1024 * 1024) });
    for operation in operations(&document).into_iter().filter(|operation| operation.body().is_some()) {
        for key in [None, Some(("idempotency-key", "large"))] {
            let headers: Vec<(&str, &str)> = key.into_iter().collect();
            let got = world
                .ask_with(
                    world.ours.token(Role::RevOps),
                    &operation.method,
                    &operation.at(&world.ours),
                    Some(large.clone()),
                    &headers,
                )
                .await;
            assert_eq!((got.status.as_u16(), got.kind().as_str()), (413, "too-large"), "{}", operation.id);
        }
    }
}
