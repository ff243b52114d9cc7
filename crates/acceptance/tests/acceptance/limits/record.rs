//! What the record asks: each thing taken out of a complete one, alone, and each thing an entry must say.

use serde_json::{Value, json};
use throughline_domain::playbook::AskKind;

use super::Share;
use crate::story::*;

/// One thing a record is asked.
pub struct Asked {
    /// Which.
    pub ask: &'static str,
    /// Whether "there is none" is an answer.
    pub none: bool,
    /// What each entry must say; of words, where they were said.
    pub says: &'static [&'static str],
}

/// Must be answered.
pub const fn asks(ask: &'static str) -> Asked {
    Asked { ask, none: false, says: &[] }
}

/// Must be answered, and each entry must say this much.
pub const fn each(ask: &'static str, says: &'static [&'static str]) -> Asked {
    Asked { ask, none: false, says }
}

/// The same; that there is none is an answer, too.
pub const fn any(ask: &'static str, says: &'static [&'static str]) -> Asked {
    Asked { ask, none: true, says }
}

/// Takes each thing out of a complete record, alone: the gates named refuse, with it as the only gap of the record,
/// owed by the AE; whether "none" would do; and each thing an entry must say, left out of it.
#[track_caller]
pub fn each_is_asked_for(share: Share, playbook: &str, worth: i64, asked: &[Asked], gates: &[&str]) {
    let company = Company::with(playbook);
    company.at("2026-03-10 10:00");
    // What the CRM knows is no gap: where the value is asked for, the CRM does not know it.
    let news = company.deal("asked").worth(worth);
    let case = if worth == 0 { news.with("arr", Value::Null) } else { news }.case();
    let names: Vec<_> = asked.iter().map(|one| format!("ask:{}", one.ask)).collect();
    assert_eq!(case.view().missing(), names, "{playbook}: what is asked of an empty record");
    case.fills_the_record();
    let offer = json!({ "to": company.id(MAYA) });
    for (_, one) in asked.iter().enumerate().filter(|(nth, _)| share.takes(*nth)) {
        let about = format!("ask:{}", one.ask);
        let shown = format!("{playbook}, without {}", one.ask);
        taken_out(&case, one.ask);
        for gate in ["handoff", "csm_assignment", "cs_access", "kickoff", "credit", "done"] {
            let check = case.gate(gate);
            let of_record: Vec<_> =
                check.gaps().into_iter().filter(|gap| gap.about().starts_with("ask:")).collect();
            let named: Vec<_> = of_record.iter().map(Gap::about).collect();
            let wanted: &[String] = if gates.contains(&gate) { std::slice::from_ref(&about) } else { &[] };
            assert_eq!(named, wanted, "{shown}: {gate}");
            for gap in of_record {
                assert!(
                    ["missing", "nothing_listed"].contains(&gap.problem().as_str()),
                    "{shown}: {:#}",
                    gap.0
                );
                assert_eq!((gap.owed_by(), gap.owner()), ("ae".into(), AVA.name.into()), "{shown}");
            }
        }
        assert!(case.shut(AVA, "offer", offer.clone()).missing().contains(&about), "{shown}");

        let none =
            case.tries(AVA, "declare-none", json!({ "ask": one.ask, "note": "We asked all of them." }));
        assert_eq!(none.status == 200, one.none, "{shown}: {none}");
        assert_eq!(case.view().missing().is_empty(), one.none, "{shown}: whether none is an answer");
        for needed in one.says {
            let problem = half_said(&case, one.ask, needed);
            let gap = case.gate("handoff").gaps().into_iter().find(|gap| gap.about() == about);
            let gap = gap.unwrap_or_else(|| panic!("{shown}: does not say {needed}, and that is enough"));
            assert_eq!(gap.problem(), problem, "{shown}, {needed}");
            if problem == "item_lacks" {
                assert_eq!(gap.0["problem"]["needs"], json!([needed]), "{shown}");
            }
            taken_out(&case, one.ask);
        }
        if entries(&case, one.ask).is_empty() {
            case.answers(AVA, one.ask);
        }
        assert!(case.view().missing().is_empty(), "{shown}: given again");
    }
}

fn kind(case: &Case<'_>, ask: &str) -> AskKind {
    case.company.playbook.ask(&ask.parse().unwrap()).unwrap().kind
}

/// The entries an ask looks at: of people, those in its part.
fn entries(case: &Case<'_>, ask: &str) -> Vec<Value> {
    let (_, body) = answer_to(&case.company.playbook, ask);
    let Some(list) = body["body"]["list"].as_str() else { return Vec::new() };
    let items = case.view().items(list);
    items.into_iter().filter(|item| item["body"]["parts"] == body["body"]["parts"]).collect()
}

fn taken_out(case: &Case<'_>, ask: &str) {
    let (verb, _) = answer_to(&case.company.playbook, ask);
    if verb == "answer" {
        case.does(AVA, "clear", json!({ "ask": ask }));
    }
    for item in entries(case, ask) {
        case.does(AVA, "remove-item", json!({ "item": item["id"] }));
    }
}

/// Answers without one thing: the kind of gap that leaves.
fn half_said(case: &Case<'_>, ask: &str, needed: &str) -> &'static str {
    let (verb, mut body) = answer_to(&case.company.playbook, ask);
    if kind(case, ask) == AskKind::Words {
        assert_eq!(needed, "evidence");
        taken(&mut body["answer"], "evidence");
        case.does(AVA, verb, body);
        return "no_evidence";
    }
    match needed {
        "evidence" => taken(&mut body, "evidence"),
        "owner" => taken(&mut body["body"], "owed_by"),
        "due" => taken(&mut body["body"], "due_on"),
        field => taken(&mut body["body"], field),
    }
    case.does(AVA, verb, body);
    "item_lacks"
}

#[track_caller]
fn taken(from: &mut Value, field: &str) {
    let gone = from.as_object_mut().unwrap().remove(field);
    assert!(gone.is_some(), "there is no {field} to leave out of {from:#}");
}
