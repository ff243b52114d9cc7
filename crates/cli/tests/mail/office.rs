//! A company whose mail is real: people, deals, and a program with a token that acts for them.

use std::sync::Mutex;

use serde_json::{Value, json};

use crate::{
    bench::Bench,
    client::{Answer, Client, text},
};

pub const AVA: &str = "ava@acme.example";
pub const MAYA: &str = "maya@acme.example";

pub struct Office {
    pub bench: Bench,
    token: String,
    csm: String,
}

impl Office {
    pub fn on(bench: Bench) -> Self {
        let invite = |address: &str, name: &str, role: &str| {
            let words = ["people", "invite", address, "--name", name, "--role", role, "--json"];
            text(&bench.run(&words).code(0).json()["person"]["id"])
        };
        invite(AVA, "Ava Lindqvist", "ae");
        let csm = invite(MAYA, "Maya Brandt", "csm");
        // The plan is to be opened without all that comes before it.
        let shipped = bench.run(&["playbook", "show", "default"]).code(0).out;
        let (before, gate) = shipped.split_once("  - gate: cs_access").unwrap();
        let (_, after) = gate.split_once("  - gate: ").unwrap();
        let open = bench.write("open.yaml", format!("{before}  - gate: {after}"));
        bench.run(&["playbook", "publish", &open]).code(0);
        let token = bench.run(&["token", "create", "--role", "rev_ops", "--json"]).code(0).json();
        Self { token: text(&token["secret"]), csm, bench }
    }

    /// At one of its servers.
    pub fn at(&self, address: &str) -> Desk<'_> {
        Desk { office: self, address: address.to_owned(), client: Mutex::new(Client::new(&self.token)) }
    }
}

/// The company at a server.
pub struct Desk<'o> {
    office: &'o Office,
    address: String,
    client: Mutex<Client>,
}

impl Desk<'_> {
    #[track_caller]
    pub fn ask(&self, request: &str, headers: &[(&str, &str)], body: Option<&Value>) -> Answer {
        self.client.lock().unwrap().ask(&self.address, request, headers, body)
    }

    #[track_caller]
    pub fn get(&self, path: &str) -> Value {
        self.ask(&format!("GET /api/v1{path}"), &[], None).expect(200)
    }

    #[track_caller]
    pub fn does(&self, handoff: &str, verb: &str, body: Value) -> Value {
        self.ask(&format!("POST /api/v1/handoffs/{handoff}/{verb}"), &[], Some(&body)).expect(200)
    }

    /// A deal with an AE, a CSM and a person of the customer, by name; gives its handoff and its account.
    #[track_caller]
    pub fn sells(&self, tag: &str) -> Case<'_> {
        let deal = json!({
            "name": format!("{tag} Platform"), "account": format!("{tag} GmbH"), "stage": "Negotiation", "probability": 60,
            "owner": { "email": AVA }, "arr": { "minor": 900_000, "currency": "EUR" },
            "source_time": "2026-11-02T09:00:00Z",
        });
        let told = self.ask(&format!("PUT /api/v1/deals/crm/{tag}"), &[], Some(&deal)).expect(200);
        let case = Case { desk: self, id: text(&told["handoff"]), clara: format!("{tag}@customer.example") };
        self.does(&case.id, "nominate", json!({ "csm": self.office.csm }));
        let body = json!({
            "list": "stakeholder", "name": "Clara Whitmore", "parts": ["executive_sponsor", "champion"],
            "contact": case.clara,
        });
        self.does(&case.id, "add-item", json!({ "body": body }));
        case
    }
}

/// A handoff.
pub struct Case<'d> {
    pub desk: &'d Desk<'d>,
    pub id: String,
    /// The address of the customer's person.
    pub clara: String,
}

impl Case<'_> {
    #[track_caller]
    pub fn does(&self, verb: &str, body: Value) -> Value {
        self.desk.does(&self.id, verb, body)
    }

    #[track_caller]
    pub fn now(&self) -> Value {
        self.desk.get(&format!("/handoffs/{}", self.id))
    }

    /// Opens the plan and asks the customer to confirm it by mail.
    #[track_caller]
    pub fn asks_for_the_plan(&self) {
        let handoff = self.does("open-plan", json!({}));
        let items = handoff["record"]["items"].as_array().unwrap();
        let clara = items.iter().find(|item| item["body"]["list"] == "stakeholder").unwrap();
        let path = format!("POST /api/v1/handoffs/{}/plan/ask-by-mail", self.id);
        let asked = self.desk.ask(&path, &[], Some(&json!({ "stakeholder": clara["id"] })));
        assert!((200..300).contains(&asked.status), "{}", asked.text);
    }

    /// The confirmation of the plan, once there is one.
    pub fn confirmed(&self) -> Option<Value> {
        Some(self.now()["plan"]["confirmed"].clone()).filter(|confirmed| !confirmed.is_null())
    }
}
