//! A company to write to: a process owner, an AE, a CSM, and a program with a token.

use serde_json::{Value, json};

use crate::bench::Bench;

pub struct Company {
    pub bench: Bench,
    pub token: String,
    /// The CSM's id.
    pub csm: String,
}

impl Company {
    pub fn on(bench: Bench) -> Self {
        bench
            .run(&["people", "invite", "ava@acme.example", "--name", "Ava Lindqvist", "--role", "ae"])
            .code(0);
        let maya =
            ["people", "invite", "maya@acme.example", "--name", "Maya Brandt", "--role", "csm", "--json"];
        let maya = bench.run(&maya).code(0).json();
        let token = bench.run(&["token", "create", "--role", "rev_ops", "--json"]).code(0).json();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        Self { csm: text(&maya["person"]["id"]), token: text(&token["secret"]), bench }
    }
}

/// A deal far enough for its record to open.
pub fn deal(tag: &str) -> Value {
    json!({
        "name": format!("{tag} Platform"), "account": format!("{tag} GmbH"), "stage": "Negotiation", "probability": 60,
        "owner": { "email": "ava@acme.example" }, "arr": { "minor": 900_000, "currency": "EUR" },
        "source_time": "2026-11-02T09:00:00Z",
    })
}

pub fn deal_path(tag: &str) -> String {
    format!("/api/v1/deals/crm/{tag}")
}

/// The body that answers the ask the tests write to.
pub fn answer(text: &str) -> Value {
    json!({ "ask": ASK, "answer": { "type": "text", "text": text } })
}

/// An ask for a text that no rule looks at.
pub const ASK: &str = "customer_work";
