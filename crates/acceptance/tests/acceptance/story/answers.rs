//! Answers that fit: for every kind of ask one that carries all it needs, as the API takes it.

use serde_json::{Value, json};
use throughline_domain::{
    Key,
    playbook::{Ask, AskKind, Playbook},
};

/// Where something was said.
pub fn evidence() -> Value {
    json!({
        "source": "call", "reference": "Discovery call", "speaker": "Tom Ebner", "on": "2026-02-24",
        "quote": "We lose a day on this every month.",
    })
}

/// The verb and the body that answer an ask of a playbook.
#[track_caller]
pub fn answer_to(playbook: &Playbook, ask: &str) -> (&'static str, Value) {
    let key: Key = ask.parse().unwrap();
    let ask = playbook.ask(&key).unwrap_or_else(|| panic!("the playbook does not ask {key}"));
    match body(ask) {
        Some(body) => ("add-item", json!({ "body": body, "evidence": evidence() })),
        None => ("answer", json!({ "ask": key.as_str(), "answer": single(ask) })),
    }
}

fn single(ask: &Ask) -> Value {
    match ask.kind {
        AskKind::Text => json!({ "type": "text", "text": "Finance wants it before the audit." }),
        AskKind::Words => {
            json!({ "type": "words", "said": "Month end must not take a week.", "evidence": evidence() })
        }
        AskKind::Choice => json!({ "type": "choice", "chosen": [ask.options[0].id.as_str()] }),
        AskKind::Date => json!({ "type": "date", "on": "2027-04-09" }),
        AskKind::Money => json!({ "type": "money", "amount": { "minor": 6_000_000, "currency": "EUR" } }),
        AskKind::Number => json!({ "type": "number", "number": 24 }),
        AskKind::YesNo => json!({ "type": "yes_no", "yes": true }),
        AskKind::Person => {
            json!({ "type": "person", "name": "Tom Ebner", "contact": "tom@brightwater.example" })
        }
        _ => panic!("{} is answered by items", ask.id.value),
    }
}

fn body(ask: &Ask) -> Option<Value> {
    Some(match ask.kind {
        AskKind::Criteria => json!({
            "list": "criterion", "words": "Close the month in two days instead of five",
            "measure": "Days from month end to the closed books",
        }),
        AskKind::Stakeholders => {
            let part = ask.role.map_or("operator", |role| role.name());
            json!({
                "list": "stakeholder", "name": format!("Person in part {part}"), "parts": [part],
                "title": "Head of Finance", "contact": format!("{part}@brightwater.example"), "influence": "high",
                "stance": "enthusiastic", "goals": "No more night shifts", "said": "I want this live by summer",
            })
        }
        AskKind::Promises => promise(ask.kinds.first().map_or("support", |kind| kind.name()), true, true),
        AskKind::Risks => {
            json!({ "list": "risk", "what": "Their data are in three systems", "kind": "technical" })
        }
        AskKind::Integrations => json!({ "list": "integration", "tool": "Datev", "what": "Bookings" }),
        AskKind::DataMoves => {
            json!({ "list": "data_move", "what": "Open items", "from": "An old ledger", "format": "CSV" })
        }
        _ => return None,
    })
}

/// A promise of a kind; in the contract or not, standard or not.
pub fn promise(kind: &str, in_contract: bool, standard: bool) -> Value {
    json!({
        "list": "promise", "what": format!("A promise of kind {kind}"), "kind": kind, "strength": "promised",
        "owed_by": "us", "due_on": "2026-09-30", "in_contract": in_contract, "standard": standard,
    })
}
